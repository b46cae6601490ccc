//! Seeing a masked value whole, for a reason that is written down.

use serde::Serialize;
use whom_core::{
    model::{ProfileId, PropertyKey, Value},
    view::Seen,
};

use crate::{
    app::AppState,
    asking::Asking,
    audit::{self, Deed},
    auth::{Permission, Principal},
    problem::Problem,
};

/// The shortest reason, in characters.
const SHORTEST_REASON: usize = 4;

/// The values of one property, whole.
#[derive(Debug, Serialize)]
pub(crate) struct Revealed {
    pub(crate) property: PropertyKey,
    pub(crate) values: Vec<Value>,
}

/// Shows the values of a property that is masked for whoever asks. The log says so before they see them.
pub(crate) async fn reveal(
    state: &AppState,
    by: &Principal,
    profile: ProfileId,
    property: &PropertyKey,
    why: &str,
) -> Result<Revealed, Problem> {
    by.demand(Permission::Write)?;
    let why = why.trim();
    if why.chars().count() < SHORTEST_REASON {
        let words = "say in a few words what it is needed for; the audit log keeps it";
        return Err(Problem::invalid("a reason is missing").at("/why", words));
    }
    let seen = Asking::sight().map_or(Seen::Full, |sight| sight.of_property(property.as_str()));
    let not_found = || Problem::not_found(format!("property `{property}` is not known here"));
    if seen == Seen::Hidden {
        return Err(not_found());
    }
    let view = state.engine().in_full().view(profile, state.now()).await?;
    let field = view.field(property.as_str()).ok_or_else(not_found)?;
    let deed = Deed::new(by, "revealed").on("profile", view.id).on("property", property).because(why);
    audit::record(state.store(), &deed, state.now()).await?;
    let values = field.values.iter().map(|shown| shown.value.clone()).collect();
    Ok(Revealed { property: property.clone(), values })
}
