//! `whom segment`: lists of customers that are kept under a name.

use axum::http::Method;
use serde::Deserialize;
use serde_json::json;

use super::{change::once, look::Items, print};
use crate::{
    args::SegmentCommand,
    client::{Client, Sent, part},
    exit::Exit,
    figures,
    meant::Meant,
    output::harmless,
    problem::Outcome,
    table::{Column, Columns},
};

/// How far the API counts.
const COUNTED: u64 = 10_000;

#[derive(Deserialize)]
struct Segment {
    id: String,
    name: String,
    built_in: bool,
    shared: bool,
    #[serde(default)]
    q: String,
    #[serde(default)]
    kind: Option<String>,
    filter: String,
    #[serde(default)]
    count: Option<u64>,
}

pub(super) async fn run(client: &Client, meant: &Meant, command: SegmentCommand) -> Outcome {
    let one = |id: &str| format!("/v1/segments/{}", part(id.trim()));
    match command {
        SegmentCommand::List => {
            let answer = client.get("/v1/segments?counts=true").await?;
            print(&meant.output, &answer, |found: Items<Segment>| table(meant, &found.items))
        }
        SegmentCommand::Save { name, filter, kind, shared } => {
            let kind = kind.map(|kind| kind.word());
            let body = json!({ "name": name, "filter": filter, "kind": kind, "shared": shared });
            let answer = once(client, "/v1/segments", &body).await?;
            print(&meant.output, &answer, |segment: Segment| table(meant, &[segment]))
        }
        SegmentCommand::Remove { id } => {
            client.call(Method::DELETE, &one(&id), Sent::default()).await?;
            let id = harmless(&id);
            meant.output.note(format!("Taken away.\nTo bring it back: whom segment restore {id}"));
            Ok(Exit::Done)
        }
        SegmentCommand::Restore { id } => {
            client.post(&format!("{}/restore", one(&id)), &json!({})).await?;
            meant.output.note("Brought back.");
            Ok(Exit::Done)
        }
    }
}

fn table(meant: &Meant, segments: &[Segment]) -> String {
    let columns = [
        Column::Text("name"),
        Column::Text("who is in it"),
        Column::Number("customers"),
        Column::Whole("whose"),
        Column::Whole("id"),
    ];
    let mut table = Columns::new(&meant.output, &columns);
    for one in segments {
        let kind = one.kind.as_deref().map(|kind| format!("kind:{kind}")).unwrap_or_default();
        let who = [one.q.as_str(), &kind, &one.filter];
        let who = who.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ");
        let count = one.count.map(|count| match count {
            COUNTED.. => format!("{}+", figures::count(COUNTED)),
            _ => figures::count(count),
        });
        let whose = match (one.built_in, one.shared) {
            (true, _) => "always there",
            (_, true) => "shared",
            _ => "yours",
        };
        table.row([one.name.as_str(), &who, &count.unwrap_or_default(), whose, &one.id]);
    }
    table.text()
}
