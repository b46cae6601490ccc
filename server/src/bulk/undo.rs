//! Taking a step back: exactly what it wrote, and only where nobody has written anything newer.

use whom_core::{
    engine::{Edit, EngineError},
    model::{AccountId, Assertion, EntryId, MembershipId, ProfileState, Source, Timestamp},
    store::StoreError,
};

use super::{
    Action,
    job::{Outcome, Says, Step},
    step::{settled, shown},
};
use crate::app::AppState;

/// Somebody has written something newer.
const NEWER: &str = "somebody changed it since";

/// Takes back what a step did at `at`. Doing it again changes nothing.
pub(super) async fn take_back(
    state: &AppState,
    action: &Action,
    step: &Step,
    by: &Source,
    at: Timestamp,
    now: Timestamp,
) -> Result<Outcome, StoreError> {
    let Outcome::Changed(note) = &step.outcome else { return Ok(Outcome::Unchanged) };
    if step.back != Outcome::Waiting {
        return Ok(step.back.clone());
    }
    // What is said later counts for more, also where the clock stood still.
    let now = now.max(Timestamp::from_millis(at.as_millis() + 1));
    settled(match action {
        Action::Merge { .. } => unmerge(state, note.as_deref(), by, now).await,
        Action::Link { account } => unlink(state, step, *account, note.as_deref(), by, now).await,
        Action::Trash => restore(state, step, by, at, now).await,
        Action::Enrich => Ok(Outcome::Unchanged),
        _ => unsay(state, step, by, at, now).await,
    })
}

async fn unmerge(
    state: &AppState,
    change: Option<&str>,
    by: &Source,
    now: Timestamp,
) -> Result<Outcome, EngineError> {
    let Some(change) = change.and_then(|id| id.parse::<MembershipId>().ok()) else {
        return Ok(Outcome::Failed("its merge is not known any more".into()));
    };
    let record = state.store().membership_changes(&[change]).await?.pop().flatten();
    match record {
        None => Ok(Outcome::Failed("its merge is not known any more".into())),
        Some(record) if record.undone.is_some() => Ok(Outcome::Unchanged),
        Some(_) => {
            let undone = state.engine().unmerge(change, by, now).await?;
            Ok(match undone.still_together_by.is_empty() {
                true => Outcome::Changed(None),
                false => Outcome::Failed("something else still says that they are one".into()),
            })
        }
    }
}

async fn unlink(
    state: &AppState,
    step: &Step,
    account: AccountId,
    entry: Option<&str>,
    by: &Source,
    now: Timestamp,
) -> Result<Outcome, EngineError> {
    let view = state.engine().view(step.profile, now).await?;
    if !view.accounts.iter().any(|known| known.id == account) {
        return Ok(Outcome::Failed(NEWER.into()));
    }
    let Some(entry) = entry.and_then(|id| id.parse::<EntryId>().ok()) else {
        return Ok(Outcome::Failed("its linking is not known any more".into()));
    };
    state.engine().undo_account_link(step.profile, entry, by, now).await?;
    Ok(Outcome::Changed(None))
}

async fn restore(
    state: &AppState,
    step: &Step,
    by: &Source,
    at: Timestamp,
    now: Timestamp,
) -> Result<Outcome, EngineError> {
    let row = state.store().profiles(&[step.profile]).await?.pop().flatten();
    match row.map(|row| row.state) {
        Some(ProfileState::Trashed { at: since, by: who }) if since == at && who == *by => {
            state.engine().restore(step.profile, now).await.map(|()| Outcome::Changed(None))
        }
        Some(ProfileState::Trashed { .. }) => Ok(Outcome::Failed(NEWER.into())),
        Some(_) => Ok(Outcome::Unchanged),
        None => Ok(Outcome::Failed("the profile is gone".into())),
    }
}

/// Says the opposite of what was said, in the name of whoever said it.
async fn unsay(
    state: &AppState,
    step: &Step,
    by: &Source,
    at: Timestamp,
    now: Timestamp,
) -> Result<Outcome, EngineError> {
    let view = state.engine().view(step.profile, now).await?;
    let mut edits = Vec::new();
    for says in &step.says {
        let shows = shown(&view, says.property.as_str());
        match &says.assertion {
            Assertion::Is(value) => {
                let field = view.field(says.property.as_str());
                let ours = field.and_then(|field| field.values.iter().find(|shown| shown.value == *value));
                match ours {
                    Some(ours) if ours.source == *by && ours.observed <= at => {
                        edits.push(edit(says, Assertion::IsNot(value.clone())));
                    }
                    _ => return Ok(Outcome::Failed(NEWER.into())),
                }
            }
            Assertion::IsNot(value) => {
                if shows.contains(value) || is_said_later(state, step, says, by, at, now).await? {
                    return Ok(Outcome::Failed(NEWER.into()));
                }
                edits.push(edit(says, Assertion::Is(value.clone())));
            }
            _ => {
                if !shows.is_empty() || is_said_later(state, step, says, by, at, now).await? {
                    return Ok(Outcome::Failed(NEWER.into()));
                }
                edits.extend(step.before.iter().map(|value| edit(says, Assertion::Is(value.clone()))));
            }
        }
    }
    state.engine().edit(step.profile, edits, by, None, now).await?;
    Ok(Outcome::Changed(None))
}

fn edit(says: &Says, assertion: Assertion) -> Edit {
    Edit { property: says.property.clone(), assertion }
}

/// Whether somebody else, or the same one again, has said the same about a property since.
async fn is_said_later(
    state: &AppState,
    step: &Step,
    says: &Says,
    by: &Source,
    at: Timestamp,
    now: Timestamp,
) -> Result<bool, EngineError> {
    let why = match state.engine().why(step.profile, &says.property, now).await {
        Ok(why) => why,
        Err(EngineError::NotFound { .. }) => return Ok(false),
        Err(error) => return Err(error),
    };
    let claims = why.losing.iter().map(|losing| &losing.claim).chain(&why.winning);
    let mut later =
        claims.filter(|claim| claim.last_observed > at || (claim.last_observed == at && claim.source != *by));
    Ok(later.any(|claim| claim.assertion == says.assertion))
}
