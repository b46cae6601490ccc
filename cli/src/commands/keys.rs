//! `whom key`: keys for programs and for tracking.

use axum::http::Method;
use serde::Deserialize;
use serde_json::json;
use whom_core::model::Timestamp;

use super::print;
use crate::{
    args::KeyCommand,
    client::{Client, Sent, part},
    meant::Meant,
    moment::{ago, now},
    problem::Outcome,
    table::{Column, Columns},
};

#[derive(Deserialize)]
struct Keys {
    items: Vec<Key>,
}

#[derive(Deserialize)]
struct Key {
    id: String,
    name: String,
    kind: String,
    #[serde(default)]
    scopes: Vec<String>,
    ends_in: String,
    created: Timestamp,
    last_used: Option<Timestamp>,
    revoked: Option<Timestamp>,
    #[serde(default)]
    secret: Option<String>,
}

pub(super) async fn run(client: &Client, meant: &Meant, command: KeyCommand) -> Outcome {
    match command {
        KeyCommand::Create { name, scope, write_key } => {
            let key = if write_key {
                json!({ "name": name, "kind": "write_key" })
            } else {
                let scopes: Vec<_> = scope.iter().map(|scope| scope.word()).collect();
                json!({ "name": name, "kind": "token", "scopes": scopes })
            };
            let answer = client.post("/v1/keys", &key).await?;
            if !meant.output.is_json() {
                meant.output.note("The key is shown this once:");
            }
            print(&meant.output, &answer, |key: Key| key.secret.unwrap_or_default())
        }
        KeyCommand::List => {
            let answer = client.get("/v1/keys?limit=200").await?;
            print(&meant.output, &answer, |keys: Keys| table(meant, &keys.items))
        }
        KeyCommand::Revoke { id } => {
            let answer =
                client.call(Method::DELETE, &format!("/v1/keys/{}", part(&id)), Sent::default()).await?;
            print(&meant.output, &answer, |key: Key| {
                format!("The key {} of {} opens nothing any more.", key.id, key.name)
            })
        }
    }
}

fn table(meant: &Meant, keys: &[Key]) -> String {
    let columns = [
        Column::Text("name"),
        Column::Text("may"),
        Column::Whole("ends in"),
        Column::Whole("made"),
        Column::Text("last used"),
        Column::Whole("id"),
    ];
    let mut table = Columns::new(&meant.output, &columns);
    for key in keys {
        let may = match (key.kind.as_str(), key.revoked) {
            (_, Some(at)) => format!("nothing, revoked {}", ago(at, now())),
            ("write_key", _) => "track".into(),
            _ => key.scopes.join(", "),
        };
        let used = key.last_used.map_or("never".into(), |at| ago(at, now()));
        table.row([&key.name, &may, &key.ends_in, &ago(key.created, now()), &used, &key.id]);
    }
    if table.is_empty() {
        "There are no keys: `whom key create NAME` makes one.".into()
    } else {
        table.text()
    }
}
