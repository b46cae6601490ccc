//! Deeds that a route names: written down once the handler has done them.

use axum::{
    extract::{FromRequestParts as _, RawPathParams},
    http::request::Parts,
};
use whom_core::model::ProfileId;

use super::{Deed, record};
use crate::{
    app::AppState,
    auth::{Permission, Principal},
};

/// What becomes of a route in the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Noted {
    /// Nothing, unless it changes something that is for admins.
    AsUsual,
    /// This, when it was done.
    As(&'static str),
    /// The handler's own entry, in the commit that does it.
    Inside,
}

impl Noted {
    /// The word for a request, where it leaves an entry.
    pub(crate) fn word(self, needs: Permission, parts: &Parts) -> Option<&'static str> {
        let is_for_admins = matches!(needs, Permission::Administer | Permission::Erase);
        let only_asks = parts.uri.query().is_some_and(|query| query.contains("dry_run"));
        match self {
            _ if only_asks => None,
            Self::As(word) => Some(word),
            Self::AsUsual if is_for_admins && !parts.method.is_safe() => Some("administered"),
            Self::AsUsual | Self::Inside => None,
        }
    }
}

/// The ids of a path, read before the deed: afterwards there may be nobody of that name any more.
///
/// What stands in a path may be somebody's address; it is written down as the id of whom it means, or not at all.
pub(crate) async fn ids_of(state: &AppState, parts: &mut Parts, route: &str) -> Vec<String> {
    let Ok(named) = RawPathParams::from_request_parts(parts, &()).await else { return Vec::new() };
    let mut ids = vec![format!("route:{} {route}", parts.method)];
    for (name, value) in &named {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if let Ok(profile) = value.parse::<ProfileId>() {
            ids.push(format!("profile:{profile}"));
        } else if name == "handle" {
            ids.extend(state.engine().find(value).await.ok().map(|profile| format!("profile:{profile}")));
        } else if name == "login" {
            ids.push(format!("person:{value}"));
        } else if value.len() <= 80 && value.chars().all(is_plain) {
            ids.push(format!("{name}:{value}"));
        }
    }
    ids
}

/// Writes down what was done.
pub(crate) async fn note(state: &AppState, by: &Principal, word: &'static str, ids: Vec<String>) {
    let deed = Deed::new(by, word).on_all(ids);
    if let Err(error) = record(state.store(), &deed, state.now()).await {
        tracing::error!(%error, word, "what was done could not be written to the audit log");
    }
}
