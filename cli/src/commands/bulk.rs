//! One thing done to many customers: begun, watched, and taken back.

use std::{collections::BTreeMap, time::Duration};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use whom_core::model::Timestamp;

use super::{
    assignment::{Assignment, assignments},
    change::resolved,
    look::Items,
    print,
};
use crate::{
    args::{BulkCommand, Whom},
    client::{Client, part, query},
    exit::Exit,
    figures::counted,
    meant::Meant,
    output::Output,
    problem::{Failure, Outcome},
    table::{Column, Columns},
};

/// How often it is asked how far a job is.
const PAUSE: Duration = Duration::from_millis(150);

/// A job as the API shows it.
#[derive(Clone, Debug, Deserialize)]
struct Job {
    id: String,
    action: Json,
    state: String,
    created: Timestamp,
    total: Option<u64>,
    progress: f64,
    done: u64,
    changed: u64,
    unchanged: u64,
    failed: BTreeMap<String, u64>,
    can_undo: bool,
    #[serde(default)]
    undone: Option<Tally>,
}

#[derive(Clone, Debug, Deserialize)]
struct Tally {
    changed: u64,
    unchanged: u64,
    failed: BTreeMap<String, u64>,
}

pub(super) async fn run(client: &Client, meant: &Meant, command: BulkCommand) -> Outcome {
    let (action, whom) = match command {
        BulkCommand::List => return list(client, meant).await,
        BulkCommand::Show { id } => return show(client, meant, &id).await,
        BulkCommand::Stop { id } => {
            client.post(&format!("/v1/bulk/{}/cancel", part(&id)), &json!({})).await?;
            return watch(client, meant, &id).await;
        }
        BulkCommand::Undo { id } => {
            client.post(&format!("/v1/bulk/{}/undo", part(&id)), &json!({})).await?;
            return watch(client, meant, &id).await;
        }
        BulkCommand::Export { format, columns, whom } => {
            return export(client, meant, format.word(), &columns, &whom).await;
        }
        BulkCommand::Tag { tags, whom } => (json!({ "do": "add_tag", "tags": [tags] }), whom),
        BulkCommand::Untag { tags, whom } => (json!({ "do": "remove_tag", "tags": [tags] }), whom),
        BulkCommand::Assign { login, whom } => {
            let to = (login != "nobody").then_some(login);
            (json!({ "do": "assign", "to": to }), whom)
        }
        BulkCommand::Set { assignment, whom } => {
            let Some(Assignment { name, value }) = assignments(&[assignment])?.pop() else {
                return Err(Failure::Usage("nothing is set".into()));
            };
            (json!({ "do": "set", "property": name, "value": value }), whom)
        }
        BulkCommand::Link { account, whom } => (json!({ "do": "link_account", "account": account }), whom),
        BulkCommand::Merge { into, whom } => {
            (json!({ "do": "merge", "into": resolved(client, &into).await?.id }), whom)
        }
        BulkCommand::Enrich { whom } => (json!({ "do": "enrich" }), whom),
        BulkCommand::Trash { whom } => (json!({ "do": "trash" }), whom),
    };
    let mut body = json!({ "action": action });
    match whom {
        Whom { who, .. } if !who.is_empty() => body["profiles"] = ids(client, &who).await?.into(),
        Whom { filter: Some(filter), .. } => body["found"] = json!({ "filter": filter }),
        Whom { segment: Some(segment), .. } => body["segment"] = segment.into(),
        _ => return Err(nobody()),
    }
    let begun: Job = client.post("/v1/bulk", &body).await?.read()?;
    watch(client, meant, &begun.id).await
}

fn nobody() -> Failure {
    Failure::Usage("say for whom: --who, --filter or --segment; `--filter \"\"` means everybody".into())
}

async fn ids(client: &Client, who: &[String]) -> Result<Vec<String>, Failure> {
    let mut ids = Vec::new();
    for who in who {
        ids.push(resolved(client, who).await?.id);
    }
    Ok(ids)
}

/// Waits until a job is over, with a bar where somebody looks on.
async fn watch(client: &Client, meant: &Meant, id: &str) -> Outcome {
    let path = format!("/v1/bulk/{}", part(id));
    let bar = bar(&meant.output);
    loop {
        let answer = client.get(&path).await?;
        let job: Job = answer.read()?;
        bar.set_position((job.progress * 1000.0) as u64);
        bar.set_message(counted(job.done, "profile"));
        if matches!(job.state.as_str(), "waiting" | "running" | "undoing") {
            tokio::time::sleep(PAUSE).await;
            continue;
        }
        bar.finish_and_clear();
        print(&meant.output, &answer, |job: Job| told(&job))?;
        let left = !job.failed.is_empty() || job.undone.is_some_and(|undone| !undone.failed.is_empty());
        return Ok(if left || job.state == "failed" { Exit::Partly } else { Exit::Done });
    }
}

fn bar(output: &Output) -> ProgressBar {
    let target = if output.talk == crate::output::Talk::Usual && !output.is_json() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let bar = ProgressBar::with_draw_target(Some(1000), target);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {percent:>3} %  {msg}") {
        bar.set_style(style.progress_chars("━━─"));
    }
    bar
}

/// What came of a job, in words.
fn told(job: &Job) -> String {
    let mut lines = vec![match (job.state.as_str(), &job.undone) {
        ("undone", Some(undone)) => {
            format!(
                "Taken back: {}. {} needed nothing.",
                counted(undone.changed, "profile"),
                undone.unchanged
            )
        }
        (state, _) => format!(
            "{}: {} changed, {} were so already.",
            if state == "done" { "Done" } else { state },
            counted(job.changed, "profile"),
            job.unchanged
        ),
    }];
    let failed = job.undone.as_ref().map_or(&job.failed, |undone| &undone.failed);
    lines.extend(failed.iter().map(|(why, count)| format!("  {count} left as they are: {why}")));
    if job.can_undo {
        lines.push(format!("To take it back: whom bulk undo {}", job.id));
    }
    lines.join("\n")
}

async fn list(client: &Client, meant: &Meant) -> Outcome {
    let answer = client.get("/v1/bulk").await?;
    print(&meant.output, &answer, |found: Items<Job>| {
        let columns = [
            Column::Text("what"),
            Column::Whole("state"),
            Column::Number("profiles"),
            Column::Number("changed"),
            Column::Whole("begun"),
            Column::Whole("id"),
        ];
        let mut table = Columns::new(&meant.output, &columns);
        for job in &found.items {
            let what = job.action["do"].as_str().unwrap_or_default().replace('_', " ");
            let property = job.action["property"].as_str().unwrap_or_default();
            table.row([
                format!("{what} {property}").trim().to_owned(),
                job.state.clone(),
                job.total.unwrap_or_default().to_string(),
                job.changed.to_string(),
                job.created.to_string(),
                job.id.clone(),
            ]);
        }
        if table.is_empty() { "Nothing was done to many at once yet.".into() } else { table.text() }
    })
}

async fn show(client: &Client, meant: &Meant, id: &str) -> Outcome {
    let answer = client.get(&format!("/v1/bulk/{}", part(id))).await?;
    print(&meant.output, &answer, |job: Job| told(&job))
}

async fn export(client: &Client, meant: &Meant, format: &str, columns: &str, whom: &Whom) -> Outcome {
    let answer = if !whom.who.is_empty() {
        let columns: Vec<&str> = columns.split(',').map(str::trim).filter(|key| !key.is_empty()).collect();
        let body = json!({ "format": format, "profiles": ids(client, &whom.who).await?, "columns": columns });
        client.post("/v1/export/profiles", &body).await?
    } else {
        let terms = query([
            ("format", Some(format.to_owned())),
            ("filter", whom.filter.clone()),
            ("segment", whom.segment.clone()),
            ("columns", (!columns.is_empty()).then(|| columns.to_owned())),
        ]);
        client.get(&format!("/v1/export/profiles{terms}")).await?
    };
    meant.output.bytes(&answer.body)?;
    Ok(Exit::Done)
}
