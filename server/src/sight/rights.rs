//! Rights to properties by role: the document in which admins decide otherwise than the scripts.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use whom_core::{
    model::{LeastRole, PropertyKey, Timestamp},
    store::{DocumentKind, SharedStore, StoreError},
    view::{Rights, Sight},
};

use crate::{
    app::AppState,
    audit::Deed,
    auth::{Permission, Principal, Role},
    documents::{self, Fate, Stored},
};

const ID: &str = "field-rights";

/// The most properties about which admins decide.
const MOST: usize = 500;

/// What admins decided about properties, by key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct FieldRights(pub(crate) BTreeMap<PropertyKey, Rights>);

impl Stored for FieldRights {
    const KIND: DocumentKind = DocumentKind::Setting;
    const FEED: Option<&'static str> = Some("setting");
}

impl FieldRights {
    /// Reads them; where nobody has decided anything the scripts stand.
    pub(crate) async fn load(store: &SharedStore) -> Result<Self, StoreError> {
        Ok(documents::get(store, ID).await?.unwrap_or_default())
    }

    /// What cannot be meant, by property.
    pub(crate) fn check(&self) -> Result<(), (String, &'static str)> {
        if self.0.len() > MOST {
            return Err((String::new(), "this is about more properties than are kept"));
        }
        for (key, rights) in &self.0 {
            if rights.masked_for.is_some_and(|least| least >= rights.sees) {
                let why = "`masked_for` has to be a weaker role than `sees`: it sees a part where that one sees all";
                return Err((key.to_string(), why));
            }
        }
        Ok(())
    }

    /// Keeps them.
    pub(crate) async fn save(
        &self,
        store: &SharedStore,
        by: &Principal,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let deed = Deed::new(by, "field_rights_changed").on("setting", ID);
        documents::change_noting(store, ID, now, Some(&deed), |_| (Fate::Put(self.clone()), ())).await
    }
}

/// The role that decides what somebody sees. A program sees what an agent does, unless it may administer.
pub(crate) fn role_of(by: &Principal) -> LeastRole {
    match by {
        Principal::Local => LeastRole::Owner,
        Principal::Token { .. } if by.may(Permission::Administer) => LeastRole::Admin,
        Principal::Token { .. } => LeastRole::Agent,
        Principal::Person { role, .. } => least(*role),
    }
}

fn least(role: Role) -> LeastRole {
    match role {
        Role::ReadOnly => LeastRole::ReadOnly,
        Role::Agent => LeastRole::Agent,
        Role::Admin => LeastRole::Admin,
        Role::Owner => LeastRole::Owner,
    }
}

/// What somebody sees; nothing where that is everything.
pub(crate) async fn sight_of(state: &AppState, by: &Principal) -> Result<Option<Arc<Sight>>, StoreError> {
    sight_of_least(state, role_of(by)).await
}

/// What people of a role see; nothing where that is everything.
pub(crate) async fn sight_of_role(state: &AppState, role: Role) -> Result<Option<Arc<Sight>>, StoreError> {
    sight_of_least(state, least(role)).await
}

async fn sight_of_least(state: &AppState, role: LeastRole) -> Result<Option<Arc<Sight>>, StoreError> {
    if role == LeastRole::Owner {
        return Ok(None);
    }
    let decided = FieldRights::load(state.store()).await?;
    let sight = Sight::of(state.engine().rules().schema(), &decided.0, role);
    Ok((!sight.is_whole()).then(|| Arc::new(sight)))
}
