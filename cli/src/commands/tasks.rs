//! `whom task`: what is to be done for customers.

use axum::http::{Method, header};
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use whom_core::model::{Due, DueWhen, Timestamp};

use super::{
    change::once,
    look::{Items, List, path},
    print,
};
use crate::{
    args::{TaskCommand, TaskTerms, TaskView},
    client::{Client, Sent, part},
    exit::Exit,
    meant::Meant,
    moment::{ago, minute, now},
    output::harmless,
    problem::{Failure, Outcome},
    table::{Column, Columns},
};

/// A task as the API shows it; those of one customer come without its name.
#[derive(Deserialize)]
struct Task {
    id: String,
    title: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    due: Option<Due>,
    #[serde(default)]
    assignee: Option<String>,
    state: Json,
    made: Stamp,
    #[serde(default)]
    name: String,
}

#[derive(Deserialize)]
struct Stamp {
    by: String,
    at: Timestamp,
}

pub(super) async fn run(client: &Client, meant: &Meant, command: TaskCommand) -> Outcome {
    match command {
        TaskCommand::List { of: Some(who), .. } => {
            let answer = client.get(&format!("{}/tasks", path(&who))).await?;
            print(&meant.output, &answer, |found: Items<Task>| table(meant, &found.items))
        }
        TaskCommand::List { view, login, limit, .. } => list(client, meant, view, login, limit).await,
        TaskCommand::Show { id } => {
            let answer = client.get(&one(&id)).await?;
            print(&meant.output, &answer, |task: Task| shown(&task))
        }
        TaskCommand::Add { who, title, more } => {
            let mut body = terms(&more)?;
            body.insert("title".into(), title.join(" ").into());
            let answer = once(client, &format!("{}/tasks", path(&who)), &body.into()).await?;
            print(&meant.output, &answer, |task: Task| table(meant, &[task]))
        }
        TaskCommand::Edit { id, title, more } => {
            let mut body = terms(&more)?;
            body.extend(title.map(|title| ("title".to_owned(), title.into())));
            if body.is_empty() {
                return Err(Failure::Usage(
                    "nothing to change: `whom help task edit` lists what can be".into(),
                ));
            }
            let sent = Sent::json(&body)?.with(header::IF_MATCH, "*");
            let answer = client.call(Method::PATCH, &one(&id), sent).await?;
            print(&meant.output, &answer, |task: Task| table(meant, &[task]))
        }
        TaskCommand::Done { ids } => set(client, meant, &ids, Method::POST, "/done").await,
        TaskCommand::Reopen { ids } => set(client, meant, &ids, Method::POST, "/reopen").await,
        TaskCommand::Remove { ids } => set(client, meant, &ids, Method::DELETE, "").await,
    }
}

fn one(id: &str) -> String {
    format!("/v1/tasks/{}", part(id.trim()))
}

async fn list(
    client: &Client,
    meant: &Meant,
    view: TaskView,
    login: Option<String>,
    limit: usize,
) -> Outcome {
    let (state, assignee, due_by) = match view {
        TaskView::Open => ("open", login, None),
        TaskView::Due => ("open", login, Some(today().to_string())),
        TaskView::Nobody => ("open", Some("nobody".to_owned()), None),
        TaskView::Done => ("done", login, None),
    };
    let list = List {
        path: "/v1/tasks",
        terms: &[("state", Some(state.to_owned())), ("assignee", assignee), ("due_by", due_by)],
        limit,
        nothing: match view {
            TaskView::Open => "No task is open.",
            TaskView::Due => "No task is due.",
            TaskView::Nobody => "Every open task is somebody’s.",
            TaskView::Done => "No task is done.",
        },
    };
    list.print(client, meant, |tasks: &[Task]| table(meant, tasks)).await
}

async fn set(client: &Client, meant: &Meant, ids: &[String], method: Method, deed: &str) -> Outcome {
    let mut tasks = Vec::new();
    for id in ids {
        let sent = if method == Method::POST { Sent::json(&json!({}))? } else { Sent::default() };
        let answer = client.call(method.clone(), &format!("{}{deed}", one(id)), sent).await?;
        if meant.output.is_json() {
            meant.output.bytes(&answer.body)?;
        } else {
            tasks.push(answer.read::<Task>()?);
        }
    }
    if !tasks.is_empty() {
        meant.output.line(table(meant, &tasks))?;
    }
    Ok(Exit::Done)
}

/// The terms as the API takes them: only what was typed.
fn terms(typed: &TaskTerms) -> Result<Map<String, Json>, Failure> {
    let mut body = Map::new();
    if let Some(when) = &typed.due {
        body.insert("due".into(), due(when, today())?.map_or(Json::Null, Json::String));
    }
    if let Some(login) = &typed.login {
        body.insert("assignee".into(), if login == "nobody" { Json::Null } else { login.as_str().into() });
    }
    if let Some(text) = &typed.text {
        body.insert("text".into(), text.as_str().into());
    }
    Ok(body)
}

fn today() -> Date {
    TimeZone::system().to_datetime(jiff::Timestamp::now()).date()
}

/// A day or moment as somebody typed it, as the API takes it; nothing for `never`.
fn due(typed: &str, today: Date) -> Result<Option<String>, Failure> {
    let typed = typed.trim();
    let wrong = || {
        Failure::Usage(format!(
            "`{}` is no day: write `today`, `tomorrow`, `3d`, `2w`, 2026-12-01 or 2026-12-01T09:00:00Z",
            harmless(typed)
        ))
    };
    let days = match typed {
        "never" => return Ok(None),
        "today" => 0,
        "tomorrow" => 1,
        _ => match (typed.strip_suffix('d'), typed.strip_suffix('w')) {
            (Some(days), _) => days.trim().parse::<i64>().map_err(|_| wrong())?,
            (_, Some(weeks)) => {
                weeks.trim().parse::<i64>().ok().and_then(|weeks| weeks.checked_mul(7)).ok_or_else(wrong)?
            }
            _ => return typed.parse::<Due>().map(|due| Some(due.to_string())).map_err(|_| wrong()),
        },
    };
    // A hundred years are more than anybody plans for, and a day that every calendar has.
    let days = Some(days).filter(|days| (0..=36_500).contains(days)).ok_or_else(wrong)?;
    Ok(Some(today.checked_add(days.days()).map_err(|_| wrong())?.to_string()))
}

fn table(meant: &Meant, tasks: &[Task]) -> String {
    let columns = [
        Column::Text("what"),
        Column::Text("customer"),
        Column::Whole("by when"),
        Column::Whole("for"),
        Column::Whole("id"),
    ];
    let mut table = Columns::new(&meant.output, &columns);
    for task in tasks {
        let whose = task.assignee.as_deref().unwrap_or("nobody");
        table.row([task.title.as_str(), &task.name, &when(task), whose, &task.id]);
    }
    if table.is_empty() { "There are no tasks.".into() } else { table.text() }
}

/// By when, or what became of it.
fn when(task: &Task) -> String {
    if let Some((deed, stamp)) = task.state.as_object().and_then(|state| state.iter().next()) {
        let at = stamp["at"].as_str().and_then(|at| Timestamp::parse(at).ok());
        return format!("{deed} {}", at.map(|at| ago(at, now())).unwrap_or_default()).trim_end().to_owned();
    }
    let Some(due) = &task.due else { return String::new() };
    let said = due.moment().map_or_else(|| due.to_string(), minute);
    match due.when(now(), &TimeZone::system()) {
        DueWhen::Overdue => format!("overdue, {said}"),
        DueWhen::Today => format!("today, {said}"),
        _ => said,
    }
}

fn shown(task: &Task) -> String {
    let mut text = vec![harmless(&task.title)];
    if !task.name.is_empty() {
        text.push(format!("for the customer {}", harmless(&task.name)));
    }
    let whose = task.assignee.as_deref().unwrap_or("nobody");
    let by_when = Some(when(task)).filter(|when| !when.is_empty()).unwrap_or_else(|| "no time said".into());
    text.push(format!(
        "{whose} is to do it, {by_when}; made {} by {}",
        ago(task.made.at, now()),
        task.made.by
    ));
    text.extend(task.text.lines().map(harmless).filter(|line| !line.is_empty()));
    text.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_typed_as_people_say_it() {
        let today = jiff::civil::date(2026, 11, 28);
        for (typed, expected) in [
            ("today", Some("2026-11-28")),
            ("tomorrow", Some("2026-11-29")),
            ("3d", Some("2026-12-01")),
            ("2w", Some("2026-12-12")),
            ("2027-01-31", Some("2027-01-31")),
            ("2027-01-31T09:30:00Z", Some("2027-01-31T09:30:00Z")),
            ("never", None),
        ] {
            assert_eq!(due(typed, today).unwrap().as_deref(), expected, "{typed}");
        }
        for wrong in ["soon", "-3d", "d", "999999999d", "2026-13-01", ""] {
            assert_eq!(due(wrong, today).unwrap_err().exit() as u8, 2, "{wrong}");
        }
    }
}
