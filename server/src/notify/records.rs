//! Records that concern somebody: a task they were given, a message of theirs that did not arrive.

use whom_core::{
    engine::EngineError,
    model::{EntryId, SourceKind, TaskId, TaskState},
    store::StoreError,
};

use super::{Notice, Sort, tell, watch};
use crate::{app::AppState, auth::people, outbound};

/// Tells whoever a record concerns that changed; gives how many.
pub(super) async fn concerns(state: &AppState, kind: &str, id: &str) -> Result<usize, StoreError> {
    match kind {
        "delivery" => delivery(state, id).await,
        "task" => task(state, id).await,
        _ => Ok(0),
    }
}

/// A message that could not be delivered is told to whoever wrote it. Tried again and failed again is news again.
async fn delivery(state: &AppState, key: &str) -> Result<usize, StoreError> {
    let (Some(since), Ok(id)) = (outbound::failed_since(state.store(), key).await?, key.parse::<EntryId>())
    else {
        return Ok(0);
    };
    if !watch::is_news(since, state.now()) {
        return Ok(0);
    }
    let Some(seen) = state.store().seen(&[id]).await?.pop().flatten() else { return Ok(0) };
    let Some(entry) = state.store().entry(seen.contact, seen.at, id).await? else { return Ok(0) };
    if entry.source.kind() != SourceKind::Agent {
        return Ok(0);
    }
    let conversation = match entry.conversation {
        Some(id) => state.store().conversations(&[id]).await?.pop().flatten(),
        None => None,
    };
    let Some(link) = watch::link(state, conversation.as_ref(), &entry).await? else { return Ok(0) };
    let notice = Notice {
        id: format!("{}:{key}:{}", Sort::SendFailed.as_str(), since.as_millis()),
        at: since,
        sort: Sort::SendFailed,
        about: watch::about(conversation.as_ref(), &entry),
        by: None,
        link,
        read: false,
    };
    give(state, entry.source.name(), notice).await
}

/// A task that somebody made for somebody else is told to them, in the days after it was made.
async fn task(state: &AppState, id: &str) -> Result<usize, StoreError> {
    let Ok(id) = id.parse::<TaskId>() else { return Ok(0) };
    let task = match state.engine().task(id, state.now()).await {
        Ok(view) => view.task,
        Err(EngineError::Store(error)) => return Err(error),
        // Erased meanwhile.
        Err(_) => return Ok(0),
    };
    let Some(login) = task.assignee.as_deref() else { return Ok(0) };
    let maker = task.made.by.name();
    let is_open = matches!(task.state, TaskState::Open);
    if !is_open || maker == login || !watch::is_news(task.made.at, state.now()) {
        return Ok(0);
    }
    let notice = Notice {
        id: format!("{}:{id}", Sort::Given.as_str()),
        at: task.made.at,
        sort: Sort::Given,
        about: task.title.clone(),
        by: Some(maker.to_owned()),
        link: format!("/tasks/{id}"),
        read: false,
    };
    give(state, login, notice).await
}

/// Tells somebody, while they work here.
async fn give(state: &AppState, login: &str, notice: Notice) -> Result<usize, StoreError> {
    if people::get(state.store(), login).await?.is_none_or(|person| person.disabled) {
        return Ok(0);
    }
    tell(state, login, notice).await?;
    Ok(1)
}
