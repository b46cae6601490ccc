//! `whom erase`: what would go, and going.

use axum::http::{Method, header};
use serde::Deserialize;

use super::{change::resolved, look::path, print};
use crate::{
    args::EraseArgs,
    client::{Client, Sent},
    figures::counted,
    meant::{Consent, Meant},
    moment::now,
    output::harmless,
    problem::Outcome,
    render::{self, Page},
    wire,
};

#[derive(Deserialize)]
struct Receipt {
    profile: String,
    contacts: u64,
    claims: u64,
    entries: u64,
}

pub(super) async fn run(client: &Client, meant: &Meant, args: &EraseArgs) -> Outcome {
    let profile = resolved(client, &args.who.who).await?;
    let answer =
        client.call(Method::DELETE, &format!("{}?dry_run", path(&profile.id)), Sent::default()).await?;
    let page = Page { output: &meant.output, now: now() };
    if args.dry_run {
        return print(&meant.output, &answer, |plan: wire::ErasePlan| render::erase_plan(page, &plan));
    }
    if meant.consent == Consent::Ask {
        meant.output.warn(render::erase_plan(page, &answer.read()?));
    }
    meant.agrees(&format!("Erase {} for good?", harmless(&profile.name)))?;
    // What was agreed to is what the plan named: where somebody changed the profile since, nothing goes.
    let version = answer.headers.get(header::ETAG).and_then(|tag| tag.to_str().ok()).unwrap_or("*");
    let sent = Sent::default().with(header::IF_MATCH, version);
    let answer = client.call(Method::DELETE, &path(&profile.id), sent).await?;
    print(&meant.output, &answer, |receipt: Receipt| {
        format!(
            "Erased: {}, {}, {}. The receipt is kept under {}.",
            counted(receipt.contacts, "contact"),
            counted(receipt.claims, "claim"),
            counted(receipt.entries, "entry"),
            receipt.profile
        )
    })
}
