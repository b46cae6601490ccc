//! How somebody is shown where they are one of many: a name, a face, and whether they are known.

use serde::Serialize;
use whom_core::{
    model::{ProfileId, ProfileKind},
    search::Hit,
    view::ProfileView,
};

/// A profile as a row of a list shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Face {
    /// The profile.
    pub(crate) profile: ProfileId,
    /// What it is called.
    pub(crate) name: String,
    /// Visitor or customer.
    pub(crate) kind: ProfileKind,
    /// The mark of the photo, where there is one to show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) photo: Option<String>,
}

impl From<&ProfileView> for Face {
    fn from(view: &ProfileView) -> Self {
        Self { profile: view.id, name: view.name.clone(), kind: view.kind, photo: view.photo_mark() }
    }
}

impl From<&Hit> for Face {
    fn from(hit: &Hit) -> Self {
        Self { profile: hit.id, name: hit.name.clone(), kind: hit.kind, photo: hit.photo.clone() }
    }
}
