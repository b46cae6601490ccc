//! `whom user`: people who may sign in.

use std::io::{self, IsTerminal};

use anyhow::anyhow;
use axum::http::Method;
use serde::Deserialize;
use serde_json::json;
use whom_core::model::Timestamp;

use super::print;
use crate::{
    args::UserCommand,
    client::{Client, Sent, part},
    exit::Exit,
    meant::Meant,
    moment::{ago, now},
    problem::{Failure, Outcome},
    table::{Column, Columns},
};

#[derive(Deserialize)]
struct People {
    items: Vec<Person>,
}

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
            print(&meant.output, &answer, |people: People| table(meant, &people.items))
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
    }
}

async fn link(client: &Client, meant: &Meant, login: &str) -> Outcome {
    let answer = client.post(&format!("{}/login-link", path(login)), &json!({})).await?;
    print(&meant.output, &answer, |link: Link| {
        let (base, hint) = match client.base() {
            Some(base) => (base, ""),
            None => ("http://127.0.0.1:7001", " It works while `whom serve` runs."),
        };
        format!("{base}{}\nThe link signs in once, and ends {}.{hint}", link.path, ago(link.ends, now()))
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
