//! `whom audit`: who did what, and when.

use serde::Deserialize;
use serde_json::Value as Json;
use whom_core::model::Timestamp;

use super::look::List;
use crate::{
    args::AuditArgs,
    client::Client,
    meant::Meant,
    moment::minute,
    problem::Outcome,
    table::{Column, Columns},
};

#[derive(Deserialize)]
struct Entry {
    at: Timestamp,
    who: Json,
    what: String,
    #[serde(default)]
    on: Vec<String>,
    surface: String,
    #[serde(default)]
    why: Option<String>,
}

pub(super) async fn run(client: &Client, meant: &Meant, args: &AuditArgs) -> Outcome {
    let list = List {
        path: "/v1/audit",
        terms: &[
            ("who", args.who.clone()),
            ("what", args.what.clone()),
            ("on", args.on.clone()),
            ("since", args.since.clone()),
            ("until", args.until.clone()),
        ],
        limit: args.limit,
        nothing: "Nothing of that kind was done.",
    };
    list.print(client, meant, |entries: &[Entry]| table(meant, entries)).await
}

fn table(meant: &Meant, entries: &[Entry]) -> String {
    let columns = [
        Column::Whole("when"),
        Column::Text("who"),
        Column::Whole("what"),
        Column::Text("on"),
        Column::Whole("by way of"),
        Column::Text("why"),
    ];
    let mut table = Columns::new(&meant.output, &columns);
    for entry in entries {
        let sort = entry.who["sort"].as_str().unwrap_or_default();
        let who = match entry.who["id"].as_str() {
            Some(id) if sort == "person" => id.to_owned(),
            Some(id) => format!("{sort} {id}"),
            None => sort.to_owned(),
        };
        let why = entry.why.as_deref().unwrap_or_default();
        table.row([
            &minute(entry.at),
            &who,
            &entry.what.replace('_', " "),
            &entry.on.join(", "),
            &entry.surface,
            why,
        ]);
    }
    table.text()
}
