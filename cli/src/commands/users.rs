//! `whom user`: people who may sign in.

use std::io::{self, IsTerminal};

use anyhow::anyhow;
use axum::http::Method;
use serde::Deserialize;
use serde_json::json;
use whom_core::model::Timestamp;

use super::{look::Items, print};
use crate::{
    args::UserCommand,
    client::{Answer, Client, Sent, part},
    exit::Exit,
    meant::Meant,
    moment::{ago, now},
    output::harmless,
    problem::{Failure, Outcome},
    table::{Column, Columns},
};

#[derive(Deserialize)]
struct Person {
    login: String,
    name: String,
    role: String,
    disabled: bool,
    has_password: bool,
    created: Timestamp,
}

#[derive(Deserialize)]
struct Link {
    path: String,
    ends: Timestamp,
}

pub(super) async fn run(client: &Client, meant: &Meant, command: UserCommand) -> Outcome {
    match command {
        UserCommand::Add { login, name, role, password } => {
            let password = if password { Some(new_password(meant)?) } else { None };
            let name = name.unwrap_or_else(|| login.split('@').next().unwrap_or(&login).to_owned());
            let mut person = json!({ "login": login, "name": name, "role": role.word() });
            if let Some(password) = &password {
                person["password"] = json!(password);
            }
            let answer = client.post("/v1/people", &person).await?;
            print(&meant.output, &answer, |person: Person| {
                format!("{} may sign in as {}.", person.login, words(&person.role))
            })?;
            match password {
                None if !meant.output.is_json() => link(client, meant, &login).await,
                _ => Ok(Exit::Done),
            }
        }
        UserCommand::List => {
            let answer = client.get("/v1/people?limit=200").await?;
            print(&meant.output, &answer, |people: Items<Person>| table(meant, &people.items))
        }
        UserCommand::Password { login } => {
            let edit = json!({ "password": new_password(meant)? });
            let answer = client.call(Method::PATCH, &path(&login), Sent::json(&edit)?).await?;
            print(&meant.output, &answer, |person: Person| {
                format!("{} has a new password and was signed out everywhere.", person.login)
            })
        }
        UserCommand::Role { login, role } => {
            let edit = json!({ "role": role.word() });
            let answer = client.call(Method::PATCH, &path(&login), Sent::json(&edit)?).await?;
            print(&meant.output, &answer, |person: Person| {
                format!("{} is {} now.", person.login, words(&person.role))
            })
        }
        UserCommand::Link { login } => link(client, meant, &login).await,
        UserCommand::Invite { email, name, role } => {
            let body = json!({ "email": email, "name": name, "role": role.word() });
            made(client, meant, &client.post("/v1/invitations", &body).await?)
        }
        UserCommand::Reset { login } => {
            made(client, meant, &client.post(&format!("{}/reset-link", path(&login)), &json!({})).await?)
        }
        UserCommand::Invitations => {
            let answer = client.get("/v1/invitations?limit=200").await?;
            print(&meant.output, &answer, |found: Items<Invitation>| invitations(meant, &found.items))
        }
        UserCommand::Withdraw { id } => {
            let place = format!("/v1/invitations/{}", part(id.trim()));
            let answer = client.call(Method::DELETE, &place, Sent::default()).await?;
            print(&meant.output, &answer, |gone: Invitation| {
                format!("The link of {} opens nothing any more.", harmless(&gone.login))
            })
        }
        UserCommand::Disable { login } => set_disabled(client, meant, &login, true).await,
        UserCommand::Enable { login } => set_disabled(client, meant, &login, false).await,
    }
}

async fn set_disabled(client: &Client, meant: &Meant, login: &str, disabled: bool) -> Outcome {
    let sent = Sent::json(&json!({ "disabled": disabled }))?;
    let answer = client.call(Method::PATCH, &path(login), sent).await?;
    print(&meant.output, &answer, |person: Person| match person.disabled {
        true => format!("{} may not sign in any more, and was signed out everywhere.", person.login),
        false => format!("{} may sign in as {}.", person.login, words(&person.role)),
    })
}

/// An invitation, or a link for a new password.
#[derive(Deserialize)]
struct Invitation {
    id: String,
    purpose: String,
    login: String,
    #[serde(default)]
    role: Option<String>,
    created_by: String,
    ends: Timestamp,
    /// Given once, when it is made.
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    mailed: bool,
}

fn made(client: &Client, meant: &Meant, answer: &Answer) -> Outcome {
    print(&meant.output, answer, |made: Invitation| {
        let (address, hint) = opened(client, made.path.as_deref().unwrap_or_default());
        let mailed = if made.mailed { " It is on its way to their mailbox as well." } else { "" };
        format!("{address}\nThe link works once, and ends {}.{hint}{mailed}", ago(made.ends, now()))
    })
}

fn invitations(meant: &Meant, open: &[Invitation]) -> String {
    let columns = [
        Column::Text("for"),
        Column::Whole("to"),
        Column::Whole("made by"),
        Column::Whole("ends"),
        Column::Whole("id"),
    ];
    let mut table = Columns::new(&meant.output, &columns);
    for one in open {
        let to = match (one.purpose.as_str(), &one.role) {
            ("join", Some(role)) => format!("join as {}", words(role)),
            _ => "set a new password".into(),
        };
        table.row([&one.login, &to, &one.created_by, &ago(one.ends, now()), &one.id]);
    }
    if table.is_empty() {
        "No invitation is open: `whom user invite` makes one.".into()
    } else {
        table.text()
    }
}

/// The address behind a path of the pages, and what there is to say about it.
fn opened(client: &Client, path: &str) -> (String, &'static str) {
    match client.base() {
        Some(base) => (format!("{base}{path}"), ""),
        None => (format!("http://127.0.0.1:7001{path}"), " It works while `whom serve` runs."),
    }
}

async fn link(client: &Client, meant: &Meant, login: &str) -> Outcome {
    let answer = client.post(&format!("{}/login-link", path(login)), &json!({})).await?;
    print(&meant.output, &answer, |link: Link| {
        let (address, hint) = opened(client, &link.path);
        format!("{address}\nThe link signs in once, and ends {}.{hint}", ago(link.ends, now()))
    })
}

fn path(login: &str) -> String {
    format!("/v1/people/{}", part(login))
}

fn words(role: &str) -> String {
    role.replace('_', "-")
}

fn table(meant: &Meant, people: &[Person]) -> String {
    let columns = [
        Column::Text("login"),
        Column::Text("name"),
        Column::Whole("role"),
        Column::Text("signs in by"),
        Column::Whole("since"),
    ];
    let mut table = Columns::new(&meant.output, &columns);
    for person in people {
        let by = match (person.disabled, person.has_password) {
            (true, _) => "nothing, disabled",
            (false, true) => "password",
            (false, false) => "link",
        };
        table.row([&person.login, &person.name, &words(&person.role), by, &ago(person.created, now())]);
    }
    if table.is_empty() {
        "Nobody may sign in yet: `whom user add` lets somebody.".into()
    } else {
        table.text()
    }
}

/// Reads a password: one line of standard input. On a terminal it is asked for.
fn new_password(meant: &Meant) -> Result<String, Failure> {
    if io::stdin().is_terminal() {
        meant.output.warn("The new password (it shows while you type; pipe it in where somebody looks on):");
    }
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    let password = line.trim_end_matches(['\n', '\r']);
    if password.is_empty() {
        return Err(Failure::Other(anyhow!("no password was given")));
    }
    Ok(password.to_owned())
}
