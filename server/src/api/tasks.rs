//! Tasks: what is to be done for customers, by whom and by when.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use whom_core::{
    engine::{TaskDeed, TaskDraft, TaskList, TaskView},
    model::{ConversationId, Due, Task, TaskId},
};

use crate::{
    app::AppState,
    auth::{Principal, people},
    http::{ApiJson, ApiPath, ApiQuery},
    problem::Problem,
};

use super::{
    list::{Items, PageQuery},
    profiles::{meant, request_id},
    version::{Versioned, demanded_number},
};

/// Which tasks are listed; `cursor` and `limit` stand beside it.
#[derive(Debug, Deserialize)]
pub(crate) struct TasksQuery {
    /// `open` (what is due first coming first), or `done` (the latest first).
    #[serde(default = "open")]
    state: String,
    /// A login name, `me`, or `nobody`; everybody's where it is not said.
    assignee: Option<String>,
    /// Of those that are open, the ones that are due by the end of this day; moments count by their day in UTC.
    due_by: Option<String>,
    cursor: Option<String>,
    limit: Option<usize>,
}

fn open() -> String {
    "open".into()
}

/// A task to be made.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTask {
    title: String,
    #[serde(default)]
    text: String,
    due: Option<String>,
    assignee: Option<String>,
    conversation: Option<ConversationId>,
}

/// What is to change in a task: what is left out stays, and null takes away.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct TaskPatch {
    title: Option<String>,
    text: Option<String>,
    #[serde(deserialize_with = "given")]
    due: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    assignee: Option<Option<String>>,
}

/// Tells null from what was left out.
fn given<'de, D: serde::Deserializer<'de>>(reader: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(reader).map(Some)
}

/// `GET /v1/tasks?state=open&assignee=me`
pub(crate) async fn list(
    State(state): State<AppState>,
    by: Principal,
    ApiQuery(query): ApiQuery<TasksQuery>,
) -> Result<Json<Items<TaskView>>, Problem> {
    let page = PageQuery::new(query.cursor, query.limit);
    let assignee = match query.assignee.as_deref() {
        Some("me") => Some(own_login(&by)?),
        Some(login) => Some(login.to_lowercase()),
        None => None,
    };
    let list = match (query.state.as_str(), assignee) {
        ("open", Some(login)) if login == "nobody" => TaskList::Unassigned,
        ("open", assignee) => TaskList::Open(assignee),
        ("done", assignee) => TaskList::Done(assignee),
        _ => {
            return Err(Problem::bad_request("there is no such list").at("?state", "use `open` or `done`"));
        }
    };
    let due_by = due_by(query.due_by.as_deref(), &list)?;
    let after = page.cursor::<String>()?;
    let mut found = state.engine().tasks(&list, after.as_deref(), page.limit(), state.now()).await?;
    if let Some(day) = due_by {
        let all = found.tasks.len();
        found.tasks.retain(|task| task.task.due.as_ref().is_some_and(|due| due.as_str()[..10] <= *day));
        // They come in the order of their due dates: after one that has time there are only such.
        found.next = found.next.filter(|_| found.tasks.len() == all);
    }
    Ok(Items::page(found.tasks, found.next))
}

/// The day by which tasks are due, where that is asked.
fn due_by(given: Option<&str>, list: &TaskList) -> Result<Option<String>, Problem> {
    let Some(given) = given else { return Ok(None) };
    let wrong = |why: &str| Err(Problem::bad_request("tasks are not listed so").at("?due_by", why));
    match (given.parse::<Due>(), list) {
        (_, TaskList::Done(_)) => wrong("what is done is due no more: leave it out, or ask for `open`"),
        (Ok(day), _) if day.is_day() => Ok(Some(day.to_string())),
        _ => wrong("write a day such as 2026-01-31"),
    }
}

fn own_login(by: &Principal) -> Result<String, Problem> {
    match by {
        Principal::Person { login, .. } => Ok(login.clone()),
        _ => Err(Problem::bad_request("only somebody who is signed in has tasks of their own")
            .at("?assignee", "give a login name instead of `me`")),
    }
}

/// `GET /v1/profiles/{handle}/tasks`: what is open first, then what is done.
pub(crate) async fn of_profile(
    State(state): State<AppState>,
    ApiPath(handle): ApiPath<String>,
) -> Result<Json<Items<Task>>, Problem> {
    let id = meant(&state, &handle).await?;
    Ok(Items::all(state.engine().tasks_of(id).await?))
}

/// `POST /v1/profiles/{handle}/tasks`
pub(crate) async fn add(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(handle): ApiPath<String>,
    headers: HeaderMap,
    ApiJson(new): ApiJson<NewTask>,
) -> Result<Response, Problem> {
    let id = meant(&state, &handle).await?;
    let draft = TaskDraft {
        title: new.title,
        text: new.text,
        due: due(new.due.as_deref())?,
        assignee: somebody(&state, new.assignee).await?,
        conversation: new.conversation,
    };
    let request = request_id(&headers, &by);
    let task = state.engine().add_task(id, draft, &request, &by.source(), state.now()).await?;
    Ok((StatusCode::CREATED, versioned(task)).into_response())
}

/// `GET /v1/tasks/{id}`
pub(crate) async fn show(
    State(state): State<AppState>,
    ApiPath(id): ApiPath<TaskId>,
) -> Result<Versioned<TaskView>, Problem> {
    Ok(versioned(state.engine().task(id, state.now()).await?))
}

/// `PATCH /v1/tasks/{id}`
pub(crate) async fn edit(
    State(state): State<AppState>,
    ApiPath(id): ApiPath<TaskId>,
    headers: HeaderMap,
    ApiJson(patch): ApiJson<TaskPatch>,
) -> Result<Versioned<TaskView>, Problem> {
    let version = demanded_number(&headers)?;
    let (engine, now) = (state.engine(), state.now());
    let task = engine.task(id, now).await?.task;
    let draft = TaskDraft {
        title: patch.title.unwrap_or(task.title),
        text: patch.text.unwrap_or(task.text),
        due: match patch.due {
            Some(given) => due(given.as_deref())?,
            None => task.due,
        },
        assignee: match patch.assignee {
            Some(given) => somebody(&state, given).await?,
            None => task.assignee,
        },
        conversation: task.conversation,
    };
    // What was left out stays as it was read: somebody who is faster must not be overwritten with it.
    let version = version.or(Some(task.version));
    Ok(versioned(engine.edit_task(id, draft, version, now).await?))
}

/// `POST /v1/tasks/{id}/done`
pub(crate) async fn finish(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(id): ApiPath<TaskId>,
) -> Result<Versioned<TaskView>, Problem> {
    set(&state, &by, id, TaskDeed::Finish).await
}

/// `POST /v1/tasks/{id}/reopen`: one that was done or taken away is to be done.
pub(crate) async fn reopen(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(id): ApiPath<TaskId>,
) -> Result<Versioned<TaskView>, Problem> {
    set(&state, &by, id, TaskDeed::Reopen).await
}

/// `DELETE /v1/tasks/{id}`: taken away; `reopen` brings it back.
pub(crate) async fn remove(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(id): ApiPath<TaskId>,
) -> Result<Versioned<TaskView>, Problem> {
    set(&state, &by, id, TaskDeed::Remove).await
}

async fn set(
    state: &AppState,
    by: &Principal,
    id: TaskId,
    deed: TaskDeed,
) -> Result<Versioned<TaskView>, Problem> {
    Ok(versioned(state.engine().set_task(id, deed, &by.source(), state.now()).await?))
}

fn versioned(task: TaskView) -> Versioned<TaskView> {
    Versioned { version: task.task.version.to_string(), value: task }
}

/// A day or moment as somebody wrote it; nothing where it is empty.
pub(crate) fn due(given: Option<&str>) -> Result<Option<Due>, Problem> {
    let given = given.map(str::trim).filter(|text| !text.is_empty());
    given.map(str::parse).transpose().map_err(|why: String| Problem::invalid(why.clone()).at("/due", why))
}

/// The login name of somebody who works here.
pub(crate) async fn somebody(state: &AppState, given: Option<String>) -> Result<Option<String>, Problem> {
    let Some(login) = given.map(|login| login.trim().to_lowercase()).filter(|login| !login.is_empty()) else {
        return Ok(None);
    };
    match people::get(state.store(), &login).await? {
        Some(_) => Ok(Some(login)),
        None => Err(Problem::invalid("nobody here has this login name")
            .at("/assignee", "give the login name of somebody who works here")),
    }
}
