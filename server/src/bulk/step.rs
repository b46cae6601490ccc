//! One step of a job: first written down, then done.

use whom_core::{
    engine::EngineError,
    model::{AccountId, Assertion, EntryKind, ProfileId, ProfileState, Source, Timestamp, Value},
    store::StoreError,
    view::ProfileView,
};

use super::{
    Action,
    action::reason,
    job::{Outcome, Says, Step},
};
use crate::app::AppState;

/// How many activities are looked through for what was done before a restart.
const LOOKED_THROUGH: usize = 50;

/// Writes down what is to be done to a profile, and what it shows now.
pub(super) async fn plan(
    state: &AppState,
    action: &Action,
    mut step: Step,
    at: Timestamp,
) -> Result<Step, StoreError> {
    let view = match state.engine().view(step.profile, at).await {
        Ok(view) => view,
        Err(EngineError::Store(error)) => return Err(error),
        Err(error) => {
            step.outcome = Outcome::Failed(reason(&error));
            return Ok(step);
        }
    };
    // Somebody else's deed is not mended here: what is in the trash stays as it is.
    if view.state != ProfileState::Live && !matches!(action, Action::Trash) {
        step.outcome = Outcome::Failed("the profile is in the trash".into());
        return Ok(step);
    }
    // It was merged since it was chosen: what is done, is done to the one that is shown.
    step.profile = view.id;
    if let Some(property) = action.property() {
        step.before = shown(&view, property.as_str());
        step.says = says(action, &step.before);
        if step.says.is_empty() {
            step.outcome = Outcome::Unchanged;
        }
    }
    Ok(step)
}

/// The values that a profile shows of a property.
pub(super) fn shown(view: &ProfileView, property: &str) -> Vec<Value> {
    view.field(property)
        .map_or_else(Vec::new, |field| field.values.iter().map(|shown| shown.value.clone()).collect())
}

/// What has to be said so that an action holds for somebody who shows these values.
fn says(action: &Action, before: &[Value]) -> Vec<Says> {
    let say = |property: &_, assertion| Says { property: Clone::clone(property), assertion };
    match action {
        Action::Add { property, values } => {
            let new = values.iter().filter(|value| !before.contains(value));
            new.map(|value| say(property, Assertion::Is(value.clone()))).collect()
        }
        Action::Remove { property, values } => {
            let there = values.iter().filter(|value| before.contains(value));
            there.map(|value| say(property, Assertion::IsNot(value.clone()))).collect()
        }
        Action::Set { property, value } if before.first() != Some(value) => {
            vec![say(property, Assertion::Is(value.clone()))]
        }
        Action::Clear { property } if !before.is_empty() => vec![say(property, Assertion::Empty)],
        _ => Vec::new(),
    }
}

/// Does what was written down. Doing it again changes nothing and comes to the same.
pub(super) async fn carry_out(
    state: &AppState,
    action: &Action,
    step: &Step,
    by: &Source,
    at: Timestamp,
) -> Result<Outcome, StoreError> {
    if step.outcome != Outcome::Waiting {
        return Ok(step.outcome.clone());
    }
    let engine = state.engine();
    let done = match action {
        Action::Merge { into } => merge(state, step.profile, *into, by, at).await,
        Action::Enrich => match state.enrichment() {
            None => return Ok(Outcome::Failed("no providers run here".into())),
            Some(enrichment) => match enrichment.backfill(step.profile).await? {
                0 => Ok(Outcome::Unchanged),
                _ => Ok(Outcome::Changed(None)),
            },
        },
        Action::Link { account } => link(state, step.profile, *account, by, at).await,
        Action::Trash => trash(state, step.profile, by, at).await,
        _ => {
            let edits = step.says.iter().map(Says::edit).collect();
            engine.edit(step.profile, edits, by, None, at).await.map(|_| Outcome::Changed(None))
        }
    };
    settled(done)
}

/// What the engine refuses is an outcome; what the store cannot do ends the work for now.
pub(super) fn settled(done: Result<Outcome, EngineError>) -> Result<Outcome, StoreError> {
    match done {
        Ok(outcome) => Ok(outcome),
        Err(EngineError::Store(error)) => Err(error),
        Err(error) => Ok(Outcome::Failed(reason(&error))),
    }
}

async fn merge(
    state: &AppState,
    from: ProfileId,
    into: ProfileId,
    by: &Source,
    at: Timestamp,
) -> Result<Outcome, EngineError> {
    if from == into {
        return Ok(Outcome::Unchanged);
    }
    match state.engine().merge(from, into, by, "merged from the list of customers", at).await {
        Ok(change) => Ok(Outcome::Changed(Some(change.id.to_string()))),
        // Done before a restart, which left its trace; or by somebody else.
        Err(EngineError::SameProfile { .. }) => {
            let into = state.engine().resolve(into).await?;
            let history = state.engine().history(into).await?;
            let ours = history.iter().find(|change| {
                change.at == at && change.by == *by && change.from == from && change.undone.is_none()
            });
            Ok(ours.map_or(Outcome::Unchanged, |change| Outcome::Changed(Some(change.id.to_string()))))
        }
        Err(error) => Err(error),
    }
}

async fn link(
    state: &AppState,
    id: ProfileId,
    account: AccountId,
    by: &Source,
    at: Timestamp,
) -> Result<Outcome, EngineError> {
    let view = state.engine().view(id, at).await?;
    if !view.accounts.iter().any(|known| known.id == account) {
        let entry = state.engine().link_account(id, account, by, at).await?;
        return Ok(Outcome::Changed(Some(entry.to_string())));
    }
    // Linked already; perhaps by this very step before a restart, which left its entry.
    let page = state.engine().timeline(id, None, LOOKED_THROUGH, &[EntryKind::Activity]).await?;
    let named = Value::Text(account.to_string());
    let ours = page.entries.iter().find(|entry| {
        entry.at == at && entry.source == *by && entry.properties.get("account") == Some(&named)
    });
    Ok(ours.map_or(Outcome::Unchanged, |entry| Outcome::Changed(Some(entry.id.to_string()))))
}

async fn trash(state: &AppState, id: ProfileId, by: &Source, at: Timestamp) -> Result<Outcome, EngineError> {
    let row = state.store().profiles(&[id]).await?.pop().flatten();
    match row.map(|row| row.state) {
        Some(ProfileState::Trashed { at: since, by: who }) if since == at && who == *by => {
            Ok(Outcome::Changed(None))
        }
        Some(ProfileState::Trashed { .. }) => Ok(Outcome::Unchanged),
        _ => state.engine().trash(id, by, at).await.map(|()| Outcome::Changed(None)),
    }
}
