//! What pages about tasks show: the handlers that read.

use axum::extract::State;
use serde::Deserialize;
use whom_core::{
    engine::{TaskList, TaskPage},
    model::{DueWhen, TaskId},
};

use super::{
    card::Colleague,
    page::{self, Listed, View},
};
use crate::pages::{answer::Html, back::NewsQuery, frame::Frame};
use crate::{
    app::AppState,
    auth::people,
    http::{ApiPath, ApiQuery},
    problem::Problem,
};

/// How many tasks a page lists.
const TASKS: usize = 100;
/// How many people can be chosen from.
const COLLEAGUES: usize = 200;

/// What stands behind `?` of the list.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ListQuery {
    view: Option<String>,
    after: Option<String>,
    done: Option<String>,
    undo: Option<String>,
}

/// `GET /tasks`
pub(crate) async fn list(
    State(state): State<AppState>,
    frame: Frame,
    ApiQuery(query): ApiQuery<ListQuery>,
) -> Result<Html, Problem> {
    let view = query.view.as_deref().map(View::from_word).unwrap_or_default();
    let news = NewsQuery { done: query.done, undo: query.undo }.toast(&view.address());
    let mut listed = listed(&state, &frame, view, query.after.as_deref()).await?;
    listed.news = news;
    Ok(Html::ok(page::list(&frame, &listed)))
}

/// A list with all that its page needs.
pub(super) async fn listed(
    state: &AppState,
    frame: &Frame,
    view: View,
    after: Option<&str>,
) -> Result<Listed, Problem> {
    let own = frame.who.as_ref().and_then(|who| who.login.clone());
    let list = match (view, own) {
        (View::Mine, Some(login)) => Some(TaskList::Open(Some(login))),
        (View::Mine, None) => None,
        (View::Due | View::All, _) => Some(TaskList::Open(None)),
        (View::Nobody, _) => Some(TaskList::Unassigned),
        (View::Done, _) => Some(TaskList::Done(None)),
    };
    let mut found = match list {
        Some(list) => state.engine().tasks(&list, after, TASKS, state.now()).await?,
        None => TaskPage::default(),
    };
    if view == View::Due {
        let is_due = |when| matches!(when, DueWhen::Overdue | DueWhen::Today);
        let before = found.tasks.len();
        found.tasks.retain(|task| is_due(task.task.when(frame.moments.now(), frame.moments.zone())));
        // They come in the order of their due dates: after one that has time there are only such.
        if found.tasks.len() < before {
            found.next = None;
        }
    }
    let colleagues = colleagues(state).await?;
    Ok(Listed { view, tasks: found.tasks, next: found.next, colleagues, news: None, wrong: None })
}

/// Whoever works here and may be given a task.
pub(crate) async fn colleagues(state: &AppState) -> Result<Vec<Colleague>, Problem> {
    let people = people::list(state.store(), None, COLLEAGUES).await?;
    let active = people.into_iter().filter(|person| !person.disabled);
    Ok(active.map(|person| (person.login, person.name)).collect())
}

/// `GET /tasks/{id}`
pub(crate) async fn one(
    State(state): State<AppState>,
    frame: Frame,
    ApiPath(id): ApiPath<TaskId>,
    ApiQuery(query): ApiQuery<NewsQuery>,
) -> Result<Html, Problem> {
    let task = state.engine().task(id, state.now()).await?;
    let news = query.toast(&format!("/tasks/{id}"));
    Ok(Html::ok(page::one(&frame, &task, &colleagues(&state).await?, news)))
}
