//! `whom account`: the companies that customers belong to.

use std::collections::BTreeMap;

use axum::http::{Method, header};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use whom_core::model::Timestamp;

use super::{
    assignment::{Assignment, assignments},
    change::{noted, once},
    look::{Items, List, path},
    print,
};
use crate::{
    args::AccountCommand,
    client::{Answer, Client, Sent, part, query},
    exit::Exit,
    meant::Meant,
    moment::{ago, now},
    output::harmless,
    problem::{Failure, Outcome},
    render::plain,
    table::{Column, Columns},
};

/// How many members and notes are shown with an account.
const SHOWN: usize = 20;

#[derive(Deserialize)]
struct Account {
    id: String,
    name: String,
    properties: BTreeMap<String, Json>,
    last_seen: Timestamp,
}

#[derive(Deserialize)]
struct Member {
    profile: String,
    name: String,
}

#[derive(Deserialize)]
struct Note {
    text: String,
    made: Stamp,
}

#[derive(Deserialize)]
struct Stamp {
    by: String,
    at: Timestamp,
}

#[derive(Deserialize)]
struct Linked {
    entry: String,
}

pub(super) async fn run(client: &Client, meant: &Meant, command: AccountCommand) -> Outcome {
    match command {
        AccountCommand::List { words, limit } => list(client, meant, &words.join(" "), limit).await,
        AccountCommand::Show { account } => show(client, meant, &account).await,
        AccountCommand::Create { name, assignments } => {
            let mut body = patch(&assignments)?;
            body.insert("name".into(), name.into());
            let answer = once(client, "/v1/accounts", &body.into()).await?;
            print(&meant.output, &answer, |account: Account| head(meant, &account))
        }
        AccountCommand::Set { account, assignments } => {
            let body = patch(&assignments)?;
            let sent = Sent::json(&body)?.with(header::IF_MATCH, "*");
            let answer = client.call(Method::PATCH, &one(&meant_by(client, &account).await?), sent).await?;
            print(&meant.output, &answer, |account: Account| head(meant, &account))
        }
        AccountCommand::Link { who, account } => {
            let account = meant_by(client, &account).await?;
            let answer =
                client.post(&format!("{}/accounts", path(&who)), &json!({ "account": account })).await?;
            linked(meant, &who, &answer, "Linked")
        }
        AccountCommand::Unlink { who, account } => {
            let account = meant_by(client, &account).await?;
            let place = format!("{}/accounts/{}", path(&who), part(&account));
            linked(meant, &who, &client.call(Method::DELETE, &place, Sent::default()).await?, "Unlinked")
        }
        AccountCommand::Undo { who, entry } => {
            let place = format!("{}/account-links/{}/undo", path(&who), part(entry.trim()));
            linked(meant, &who, &client.post(&place, &json!({})).await?, "Undone")
        }
        AccountCommand::Note { account, text } => {
            noted(client, meant, &one(&meant_by(client, &account).await?), &text).await
        }
    }
}

fn one(id: &str) -> String {
    format!("/v1/accounts/{}", part(id))
}

/// The id of the account that somebody means: by its id, its name, or the beginning of it where only one fits.
async fn meant_by(client: &Client, typed: &str) -> Result<String, Failure> {
    let typed = typed.trim();
    if typed.parse::<whom_core::model::AccountId>().is_ok() {
        return Ok(typed.to_owned());
    }
    let terms = query([("q", Some(typed.to_owned())), ("limit", Some("200".into()))]);
    let found: Items<Account> = client.get(&format!("/v1/accounts{terms}")).await?.read()?;
    let named: Vec<&Account> =
        found.items.iter().filter(|account| account.name.to_lowercase() == typed.to_lowercase()).collect();
    match (named.as_slice(), found.items.as_slice()) {
        ([only], _) => Ok(only.id.clone()),
        ([], [only]) => Ok(only.id.clone()),
        ([], []) => Err(Failure::NotFound(format!(
            "no account is called `{}`; `whom account list` names them",
            harmless(typed)
        ))),
        _ => Err(Failure::Usage(format!(
            "several accounts are called `{}`: give the id of one, as `whom account list` shows it",
            harmless(typed)
        ))),
    }
}

/// What is to change, as the API takes it.
fn patch(typed: &[String]) -> Result<Map<String, Json>, Failure> {
    let (mut body, mut properties) = (Map::new(), Map::new());
    for Assignment { name, value } in assignments(typed)? {
        let place = if name == "name" { &mut body } else { &mut properties };
        place.insert(name, value.unwrap_or(Json::Null));
    }
    body.insert("properties".into(), properties.into());
    Ok(body)
}

fn linked(meant: &Meant, who: &str, answer: &Answer, said: &str) -> Outcome {
    print(&meant.output, answer, |linked: Linked| {
        format!("{said}.\nTo undo it: whom account undo {} {}", harmless(who), linked.entry)
    })
}

async fn list(client: &Client, meant: &Meant, words: &str, limit: usize) -> Outcome {
    let list = List {
        path: "/v1/accounts",
        terms: &[("q", (!words.is_empty()).then(|| words.to_owned()))],
        limit,
        nothing: if words.is_empty() { "There are no accounts yet." } else { "No account fits." },
    };
    list.print(client, meant, |accounts: &[Account]| {
        let columns = [
            Column::Text("name"),
            Column::Text("domain"),
            Column::Whole("last heard of"),
            Column::Whole("id"),
        ];
        let mut table = Columns::new(&meant.output, &columns);
        for account in accounts {
            let domain = account.properties.get("domain").map(plain).unwrap_or_default();
            table.row([account.name.as_str(), &domain, &ago(account.last_seen, now()), &account.id]);
        }
        table.text()
    })
    .await
}

async fn show(client: &Client, meant: &Meant, typed: &str) -> Outcome {
    let place = one(&meant_by(client, typed).await?);
    let answer = client.get(&place).await?;
    if meant.output.is_json() {
        meant.output.bytes(&answer.body)?;
        return Ok(Exit::Done);
    }
    let account: Account = answer.read()?;
    let members: Items<Member> = client.get(&format!("{place}/members?limit={SHOWN}")).await?.read()?;
    let notes: Items<Note> = client.get(&format!("{place}/notes?limit={SHOWN}")).await?.read()?;
    let mut text = vec![head(meant, &account)];
    if !members.items.is_empty() {
        let mut table =
            Columns::new(&meant.output, &[Column::Text("who belongs to it"), Column::Whole("id")]);
        for member in &members.items {
            table.row([&member.name, &member.profile]);
        }
        text.push(table.text());
        text.extend(members.next_cursor.map(|_| "and more".to_owned()));
    }
    if !notes.items.is_empty() {
        let columns = [Column::Text("notes"), Column::Whole("by"), Column::Whole("when")];
        let mut table = Columns::new(&meant.output, &columns);
        for note in &notes.items {
            table.row([&note.text, &note.made.by, &ago(note.made.at, now())]);
        }
        text.push(table.text());
    }
    meant.output.line(text.join("\n\n"))?;
    Ok(Exit::Done)
}

/// What is known of an account.
fn head(meant: &Meant, account: &Account) -> String {
    let paint = meant.output.paint;
    let mut text = format!("{}  {}", paint.bold(harmless(&account.name)), paint.dim(&account.id));
    let mut table = Columns::new(&meant.output, &[Column::Whole("property"), Column::Text("value")]);
    for (name, value) in &account.properties {
        table.row([name.clone(), plain(value)]);
    }
    if !table.is_empty() {
        text.push_str(&format!("\n{}", table.text()));
    }
    text
}
