//! What counts of what is said: a value pinned or hidden, a source that does not count, a photo taken away.

use axum::http::Method;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{look::path, print};
use crate::{
    args::{NeverArgs, PhotoCommand, PinArgs, TakeArgs, ValueArgs},
    client::{Answer, Client, Sent, part},
    meant::Meant,
    moment::now,
    output::harmless,
    problem::{Failure, Outcome},
    render::{self, Page, plain},
    wire,
};

fn place(who: &str, property: &str, deed: &str) -> String {
    format!("{}/properties/{}/{deed}", path(who), part(property.trim()))
}

pub(super) async fn pin(client: &Client, meant: &Meant, args: &PinArgs) -> Outcome {
    let PinArgs { who, property, value, .. } = args;
    let answer = match value {
        Some(value) => {
            let said = said(client, who, property, value).await?;
            client.post(&place(who, property, "pin"), &json!({ "value": said })).await?
        }
        None => client.post(&place(who, property, "unpin"), &json!({})).await?,
    };
    explained(meant, &answer)
}

pub(super) async fn hide(client: &Client, meant: &Meant, args: &ValueArgs) -> Outcome {
    let ValueArgs { who, property, value, undo } = args;
    let said = said(client, who, property, value).await?;
    let deed = if *undo { "show" } else { "hide" };
    let answer = client.post(&place(who, property, deed), &json!({ "value": said })).await?;
    explained(meant, &answer)
}

pub(super) async fn never(client: &Client, meant: &Meant, args: &NeverArgs) -> Outcome {
    let deed = if args.undo { "again" } else { "never" };
    let body = json!({ "source": args.source.trim() });
    let answer = client.post(&place(&args.who, &args.property, deed), &body).await?;
    explained(meant, &answer)
}

pub(super) async fn take(client: &Client, meant: &Meant, args: &TakeArgs) -> Outcome {
    let TakeArgs { who, property, value } = args;
    let answer = client.post(&place(who, property, "take"), &json!({ "value": value.trim() })).await?;
    print(&meant.output, &answer, |_: Json| format!("{} is a contact now.", harmless(value)))
}

/// Every decision is answered with why the property has its value now.
fn explained(meant: &Meant, answer: &Answer) -> Outcome {
    let page = Page { output: &meant.output, now: now() };
    print(&meant.output, answer, |why: wire::Explanation| render::explanation(page, &why))
}

/// The value that somebody typed as they read it, as it is kept: among those that are said of the property.
async fn said(client: &Client, who: &str, property: &str, typed: &str) -> Result<Json, Failure> {
    let why = client.get(&format!("{}/why/{}", path(who), part(property.trim()))).await?;
    let why: wire::Explanation = why.read()?;
    let values = why.winning.iter().chain(&why.losing).filter_map(|claim| claim.assertion.get("is"));
    let typed = typed.trim();
    values.into_iter().find(|value| plain(value).eq_ignore_ascii_case(typed)).cloned().ok_or_else(|| {
        Failure::Usage(format!(
            "nobody says `{}` of {}: `whom why` lists what is said, `whom set` says something new",
            harmless(typed),
            harmless(property)
        ))
    })
}

/// How many pictures were taken away, or are shown again.
#[derive(Deserialize)]
struct Cleared {
    changed: usize,
}

pub(super) async fn photo(client: &Client, meant: &Meant, command: &PhotoCommand) -> Outcome {
    let photo = |who: &str| format!("{}/photo", path(who));
    match command {
        PhotoCommand::Clear { who } => {
            let answer = client.call(Method::DELETE, &photo(who), Sent::default()).await?;
            print(&meant.output, &answer, |cleared: Cleared| match cleared.changed {
                0 => "There is no photo.".into(),
                _ => format!(
                    "The photo is taken away, and stays so when it is offered again.\nTo show it again: whom photo restore {}",
                    harmless(who)
                ),
            })
        }
        PhotoCommand::Restore { who } => {
            let answer = client.post(&format!("{}/restore", photo(who)), &json!({})).await?;
            print(&meant.output, &answer, |shown: Cleared| match shown.changed {
                0 => "No photo was taken away.".into(),
                _ => "The photo is shown again.".into(),
            })
        }
    }
}
