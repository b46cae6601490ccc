//! `whom inbox` and `whom conversation`: what agents see and do, from the command line.

use axum::http::{Method, header};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use whom_core::model::Timestamp;

use super::{
    assignment::{Assignment, assignments},
    look::{Items, List},
    print,
};
use crate::{
    args::{ConversationCommand, EditArgs, InboxArgs, View, word},
    client::{Client, Sent, part, query},
    exit::Exit,
    meant::Meant,
    moment::now,
    problem::{Failure, Outcome},
    render::{self, Page},
    wire,
};

fn path(which: &str) -> String {
    format!("/v1/conversations/{}", part(which.trim().trim_start_matches('#')))
}

fn page(meant: &Meant) -> Page<'_> {
    Page { output: &meant.output, now: now() }
}

pub(super) async fn inbox(client: &Client, meant: &Meant, args: &InboxArgs) -> Outcome {
    if args.view == View::Counts {
        let answer = client.get("/v1/inbox/counts").await?;
        return print(&meant.output, &answer, |counts: wire::InboxCounts| {
            render::inbox_counts(page(meant), &counts)
        });
    }
    let list = List {
        path: "/v1/inbox",
        terms: &[
            ("view", Some(word(&args.view))),
            ("assignee", args.assignee.clone()),
            ("tag", args.tag.clone()),
            ("priority", args.priority.as_ref().map(word)),
            ("channel", args.channel.clone()),
            ("q", args.subject.clone()),
        ],
        limit: args.limit,
        nothing: "There are none.",
    };
    list.print(client, meant, |shown: &[wire::Conversation]| render::inbox(page(meant), shown)).await
}

pub(super) async fn run(client: &Client, meant: &Meant, command: ConversationCommand) -> Outcome {
    match command {
        ConversationCommand::Show { which } => show(client, meant, &which).await,
        ConversationCommand::Edit(args) => edit(client, meant, &args).await,
        ConversationCommand::Note { which, text } => {
            let note = json!({ "text": text.join(" ") });
            let answer = client.post(&format!("{}/notes", path(&which)), &note).await?;
            print(&meant.output, &answer, |_: Json| "Noted.".into())
        }
        ConversationCommand::Merge { from, into } => {
            let answer = client.post(&format!("{}/merge", path(&from)), &json!({ "into": into })).await?;
            print(&meant.output, &answer, |into: wire::Conversation| {
                format!(
                    "#{} shows both now.\nTo undo it exactly: whom conversation undo {}",
                    into.number,
                    crate::output::harmless(from.trim())
                )
            })
        }
        ConversationCommand::Split { which, entry } => {
            let answer = client.post(&format!("{}/split", path(&which)), &json!({ "entry": entry })).await?;
            print(&meant.output, &answer, |new: wire::Conversation| {
                format!(
                    "#{0} has it and what follows.\nTo undo it exactly: whom conversation undo {0}",
                    new.number
                )
            })
        }
        ConversationCommand::Undo { which } => {
            let answer = client.post(&format!("{}/undo", path(&which)), &json!({})).await?;
            print(&meant.output, &answer, |row: wire::Conversation| {
                format!("Undone exactly; see #{}.", row.number)
            })
        }
    }
}

/// A conversation as it is answered, with a page of its entries.
#[derive(Deserialize)]
struct Shown {
    conversation: wire::Conversation,
    #[serde(flatten)]
    entries: Items<wire::Entry>,
}

async fn show(client: &Client, meant: &Meant, which: &str) -> Outcome {
    let mut shown: Option<(wire::Conversation, Vec<wire::Entry>)> = None;
    let mut cursor = None;
    loop {
        let terms = query([("limit", Some("200".into())), ("cursor", cursor.take())]);
        let answer = client.get(&format!("{}{terms}", path(which))).await?;
        if meant.output.is_json() {
            meant.output.bytes(&answer.body)?;
            return Ok(Exit::Done);
        }
        let found: Shown = answer.read()?;
        cursor = found.entries.next_cursor;
        match &mut shown {
            Some((_, entries)) => entries.extend(found.entries.items),
            None => shown = Some((found.conversation, found.entries.items)),
        }
        if cursor.is_none() {
            break;
        }
    }
    if let Some((conversation, entries)) = shown {
        meant.output.line(render::conversation(page(meant), &conversation, &entries))?;
    }
    Ok(Exit::Done)
}

async fn edit(client: &Client, meant: &Meant, args: &EditArgs) -> Outcome {
    let change = change(args, now())?;
    if change.is_empty() {
        return Err(Failure::Usage(
            "nothing to change: `whom help conversation edit` lists what can be".into(),
        ));
    }
    let mut rows = Vec::new();
    for which in &args.which {
        let sent = Sent::json(&change)?.with(header::IF_MATCH, "*");
        let answer = client.call(Method::PATCH, &path(which), sent).await?;
        if meant.output.is_json() {
            meant.output.bytes(&answer.body)?;
        } else {
            rows.push(answer.read()?);
        }
    }
    if !rows.is_empty() {
        meant.output.line(render::inbox(page(meant), &rows))?;
    }
    Ok(Exit::Done)
}

/// What was typed as the API takes it.
fn change(args: &EditArgs, now: Timestamp) -> Result<Map<String, Json>, Failure> {
    let mut change = Map::new();
    let mut put = |name: &str, value: Option<Json>| {
        change.extend(value.map(|value| (name.to_owned(), value)));
    };
    put("status", args.status.as_ref().map(|status| json!(word(status))));
    put("priority", args.priority.as_ref().map(|priority| json!(word(priority))));
    put("subject", args.subject.as_ref().map(|subject| json!(subject)));
    let login = |login: &String| if login == "nobody" { Json::Null } else { json!(login) };
    put("assignee", args.assignee.as_ref().map(login));
    put("add_tags", (!args.tag.is_empty()).then(|| json!(args.tag)));
    put("remove_tags", (!args.untag.is_empty()).then(|| json!(args.untag)));
    if !args.properties.is_empty() {
        let set = assignments(&args.properties)?.into_iter();
        let set: Map<String, Json> =
            set.map(|Assignment { name, value }| (name, value.unwrap_or(Json::Null))).collect();
        put("properties", Some(Json::Object(set)));
    }
    match &args.snooze {
        Some(when) => put("snoozed_until", Some(json!(until(when, now)?))),
        None if args.wake => put("snoozed_until", Some(Json::Null)),
        None => {}
    }
    Ok(change)
}

/// A time, or how long from now.
fn until(when: &str, now: Timestamp) -> Result<Timestamp, Failure> {
    let when = when.trim();
    let wrong =
        || Failure::Usage(format!("`{when}` is no time: write `2h`, `3d`, `1w` or 2026-12-01T09:00:00Z"));
    let unit = match when.chars().last() {
        Some('h') => 3_600_000,
        Some('d') => 86_400_000,
        Some('w') => 604_800_000,
        _ => return Timestamp::parse(when).map_err(|_| wrong()),
    };
    let number: i64 = when[..when.len() - 1].trim().parse().map_err(|_| wrong())?;
    let later = number.checked_mul(unit).and_then(|millis| now.as_millis().checked_add(millis));
    Ok(Timestamp::from_millis(later.filter(|_| number > 0).ok_or_else(wrong)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_to_sleep_is_a_length_or_a_moment() {
        let now = Timestamp::parse("2026-11-20T12:00:00Z").unwrap();
        for (typed, expected) in [
            ("2h", "2026-11-20T14:00:00Z"),
            ("3d", "2026-11-23T12:00:00Z"),
            ("1w", "2026-11-27T12:00:00Z"),
            ("2026-12-01", "2026-12-01T00:00:00Z"),
        ] {
            assert_eq!(until(typed, now).unwrap(), Timestamp::parse(expected).unwrap(), "{typed}");
        }
        for wrong in ["h", "-2h", "0d", "soon", "", "99999999999999999w"] {
            assert!(until(wrong, now).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_what_was_typed_is_changed() {
        let args = EditArgs {
            which: vec!["1".into()],
            status: None,
            priority: None,
            assignee: Some("nobody".into()),
            subject: None,
            tag: vec!["late".into()],
            untag: Vec::new(),
            properties: vec!["order=A-17".into(), "plan=".into()],
            snooze: None,
            wake: true,
        };
        let expected = json!({ "assignee": null, "add_tags": ["late"], "snoozed_until": null,
            "properties": { "order": "A-17", "plan": null } });
        assert_eq!(Json::Object(change(&args, Timestamp::default()).unwrap()), expected);
    }
}
