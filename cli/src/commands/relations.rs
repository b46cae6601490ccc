//! `whom relation`: who is related to whom, named from both sides.

use axum::http::Method;
use serde::Deserialize;
use serde_json::json;

use super::{
    change::once,
    look::{list, path},
    print,
};
use crate::{
    args::RelationCommand,
    client::{Client, Sent, part},
    exit::Exit,
    meant::Meant,
    output::harmless,
    problem::Outcome,
    table::{Column, Columns},
};

#[derive(Deserialize)]
struct Relation {
    id: String,
    name: String,
    profile: String,
    they_are: String,
    this_is: String,
}

#[derive(Deserialize)]
struct Related {
    id: String,
}

pub(super) async fn run(client: &Client, meant: &Meant, command: &RelationCommand) -> Outcome {
    let place = |who: &str| format!("{}/relationships", path(who));
    let one = |who: &str, id: &str| format!("{}/{}", place(who), part(id.trim()));
    match command {
        RelationCommand::List { who } => {
            list(client, meant, &place(who), "They are related to nobody here.", |found: &[Relation]| {
                let columns = [
                    Column::Whole("their"),
                    Column::Text("is"),
                    Column::Whole("whose"),
                    Column::Whole("profile"),
                    Column::Whole("id"),
                ];
                let mut table = Columns::new(&meant.output, &columns);
                for one in found {
                    table.row([&one.they_are, &one.name, &one.this_is, &one.profile, &one.id]);
                }
                table.text()
            })
            .await
        }
        RelationCommand::Add { who, they_are, with, this_is } => {
            let body = json!({ "with": with.trim(), "they_are": they_are, "this_is": this_is });
            let answer = once(client, &place(who), &body).await?;
            print(&meant.output, &answer, |related: Related| {
                let who = harmless(who);
                format!(
                    "{} is {} of {who} now.\nTo take it away: whom relation remove {who} {}",
                    harmless(with),
                    harmless(they_are),
                    related.id
                )
            })
        }
        RelationCommand::Remove { who, id } => {
            client.call(Method::DELETE, &one(who, id), Sent::default()).await?;
            let (who, id) = (harmless(who), harmless(id));
            meant.output.note(format!("Taken away.\nTo bring it back: whom relation restore {who} {id}"));
            Ok(Exit::Done)
        }
        RelationCommand::Restore { who, id } => {
            client.post(&format!("{}/restore", one(who, id)), &json!({})).await?;
            meant.output.note("Brought back.");
            Ok(Exit::Done)
        }
    }
}
