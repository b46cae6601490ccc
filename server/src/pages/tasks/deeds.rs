//! What is done with tasks: added, changed, done, opened again, taken away.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use whom_core::{
    engine::{EngineError, TaskDeed, TaskDraft},
    model::{ExternalId, ProfileId, TaskId},
};

use super::{page, page::View, show};
use crate::pages::{
    answer::Html,
    back::Back,
    components::{AskedBy, Stands},
    frame::Frame,
    sent::Sent,
    words,
};
use crate::{
    api::tasks::{due, somebody},
    app::AppState,
    auth::Principal,
    http::ApiPath,
    problem::Problem,
};

/// A new task.
#[derive(Deserialize)]
pub(crate) struct New {
    title: String,
    #[serde(default)]
    due: String,
    #[serde(default)]
    assignee: String,
    #[serde(default)]
    who: String,
    request: String,
}

/// `POST /tasks`: for the customer that is named.
pub(crate) async fn add(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    back: Back,
    Sent(new): Sent<New>,
) -> Result<Response, Problem> {
    let done = match state.engine().find(&new.who).await {
        Ok(profile) => make(&state, &by, profile, new).await,
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(id) => Ok(back.with("/tasks", "task_added", Some(&id.to_string()))),
        Err(problem) if problem.status.is_client_error() => {
            let mut listed = show::listed(&state, &frame, View::Mine, None).await?;
            listed.wrong = Some(words::sentence(&problem.detail));
            Ok(Html(StatusCode::UNPROCESSABLE_ENTITY, page::list(&frame, &listed)).into_response())
        }
        Err(problem) => Err(problem),
    }
}

/// `POST /customers/{id}/tasks`
pub(crate) async fn add_for(
    State(state): State<AppState>,
    by: Principal,
    back: Back,
    ApiPath(profile): ApiPath<ProfileId>,
    Sent(new): Sent<New>,
) -> Result<Response, Problem> {
    let id = make(&state, &by, profile, new).await?;
    Ok(back.with(&format!("/customers/{profile}"), "task_added", Some(&id.to_string())))
}

async fn make(state: &AppState, by: &Principal, profile: ProfileId, new: New) -> Result<TaskId, Problem> {
    let draft = TaskDraft {
        title: new.title,
        due: due(Some(&new.due))?,
        assignee: somebody(state, Some(new.assignee)).await?,
        ..TaskDraft::default()
    };
    let request = ExternalId::new(format!("page:{}", by.scope()), new.request);
    let task = state.engine().add_task(profile, draft, &request, &by.source(), state.now()).await?;
    Ok(task.task.id)
}

/// One field of a task, and the version that was read.
#[derive(Deserialize)]
pub(crate) struct Change {
    version: u64,
    title: Option<String>,
    text: Option<String>,
    due: Option<String>,
    assignee: Option<String>,
}

/// `POST /tasks/{id}`: one field is saved where it stands.
pub(crate) async fn edit(
    State(state): State<AppState>,
    asked_by: AskedBy,
    ApiPath(id): ApiPath<TaskId>,
    Sent(change): Sent<Change>,
) -> Result<Response, Problem> {
    let (engine, now) = (state.engine(), state.now());
    let task = engine.task(id, now).await?.task;
    let stands = |task: &whom_core::model::Task| {
        let value = match () {
            () if change.title.is_some() => task.title.clone(),
            () if change.text.is_some() => task.text.clone(),
            () if change.due.is_some() => task.due.as_ref().map(ToString::to_string).unwrap_or_default(),
            () => task.assignee.clone().unwrap_or_default(),
        };
        Stands { version: task.version.to_string(), value, by: None }
    };
    let draft = TaskDraft {
        title: change.title.clone().unwrap_or_else(|| task.title.clone()),
        text: change.text.clone().unwrap_or_else(|| task.text.clone()),
        due: match &change.due {
            Some(given) => due(Some(given))?,
            None => task.due.clone(),
        },
        assignee: match change.assignee.clone() {
            Some(given) => somebody(&state, Some(given)).await?,
            None => task.assignee.clone(),
        },
        conversation: task.conversation,
    };
    match engine.edit_task(id, draft, Some(change.version), now).await {
        Ok(saved) => Ok(stands(&saved.task).saved(asked_by, &format!("/tasks/{id}?done=task_changed"))),
        Err(EngineError::Changed { .. }) => Ok(stands(&task).conflict()),
        Err(error) => Err(error.into()),
    }
}

/// `POST /tasks/{id}/done`
pub(crate) async fn finish(
    State(state): State<AppState>,
    by: Principal,
    back: Back,
    ApiPath(id): ApiPath<TaskId>,
) -> Result<Response, Problem> {
    set(&state, &by, &back, id, TaskDeed::Finish, "task_done").await
}

/// `POST /tasks/{id}/reopen`
pub(crate) async fn reopen(
    State(state): State<AppState>,
    by: Principal,
    back: Back,
    ApiPath(id): ApiPath<TaskId>,
) -> Result<Response, Problem> {
    set(&state, &by, &back, id, TaskDeed::Reopen, "task_reopened").await
}

/// `POST /tasks/{id}/remove`
pub(crate) async fn remove(
    State(state): State<AppState>,
    by: Principal,
    back: Back,
    ApiPath(id): ApiPath<TaskId>,
) -> Result<Response, Problem> {
    set(&state, &by, &back, id, TaskDeed::Remove, "task_removed").await
}

async fn set(
    state: &AppState,
    by: &Principal,
    back: &Back,
    id: TaskId,
    deed: TaskDeed,
    done: &str,
) -> Result<Response, Problem> {
    state.engine().set_task(id, deed, &by.source(), state.now()).await?;
    Ok(back.with("/tasks", done, Some(&id.to_string())))
}
