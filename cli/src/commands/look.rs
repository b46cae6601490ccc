//! The commands that look and change nothing.

use serde::{Deserialize, de::DeserializeOwned};

use super::print;
use crate::{
    args::{SearchArgs, TimelineArgs},
    client::{Client, part, query},
    exit::Exit,
    meant::Meant,
    moment::now,
    problem::{Failure, Outcome},
    render::{self, Page},
    wire,
};

/// How many entries a page of the API has at most.
const PAGE: usize = 200;

/// A page of a list.
#[derive(Deserialize)]
pub(super) struct Items<T> {
    pub(super) items: Vec<T>,
    #[serde(default)]
    pub(super) next_cursor: Option<String>,
}

/// Where a customer is found by what people have at hand.
pub(super) fn path(who: &str) -> String {
    format!("/v1/profiles/{}", part(who.trim()))
}

fn page(meant: &Meant) -> Page<'_> {
    Page { output: &meant.output, now: now() }
}

pub(super) async fn search(client: &Client, meant: &Meant, args: &SearchArgs) -> Outcome {
    let words = args.words.join(" ");
    let terms = query([
        ("q", (!words.is_empty()).then_some(words.clone())),
        ("kind", args.kind.map(|kind| kind.word().to_owned())),
        ("filter", args.filter.clone()),
        ("sort", args.sort.clone()),
        ("order", args.order.clone()),
        ("limit", Some(args.limit.to_string())),
    ]);
    let answer = client.get(&format!("/v1/profiles{terms}")).await?;
    if meant.output.is_json() {
        meant.output.bytes(&answer.body)?;
        return Ok(Exit::Done);
    }
    let found: Items<wire::Hit> = answer.read()?;
    if found.items.is_empty() {
        let what = if args.filter.is_some() {
            "Nobody fits.".into()
        } else if words.is_empty() {
            "Nobody is here yet.".into()
        } else {
            format!("Nobody is found by `{words}`.")
        };
        return Err(Failure::NotFound(what));
    }
    meant.output.line(render::hits(page(meant), &found.items))?;
    if found.next_cursor.is_some() {
        meant.output.note(format!("There are more: -n {} shows them.", args.limit * 5));
    }
    Ok(Exit::Done)
}

pub(super) async fn show(client: &Client, meant: &Meant, who: &str) -> Outcome {
    let answer = client.get(&path(who)).await?;
    print(&meant.output, &answer, |shown: wire::Profile| render::profile(page(meant), &shown))
}

pub(super) async fn why(client: &Client, meant: &Meant, who: &str, property: &str) -> Outcome {
    let answer = client.get(&format!("{}/why/{}", path(who), part(property))).await?;
    print(&meant.output, &answer, |why: wire::Explanation| render::explanation(page(meant), &why))
}

pub(super) async fn timeline(client: &Client, meant: &Meant, args: &TimelineArgs) -> Outcome {
    let kinds = args.kind.iter().map(|kind| kind.word()).collect::<Vec<_>>().join(",");
    let list = List {
        path: &format!("{}/timeline", path(&args.who.who)),
        terms: &[("kinds", (!kinds.is_empty()).then_some(kinds))],
        limit: args.limit,
        nothing: "Nothing of that kind happened.",
    };
    list.print(client, meant, |shown: &[wire::Entry]| render::timeline(page(meant), shown)).await
}

pub(super) async fn conversations(client: &Client, meant: &Meant, who: &str) -> Outcome {
    list(
        client,
        meant,
        &format!("{}/conversations?limit={PAGE}", path(who)),
        "There are no conversations.",
        |found| render::conversations(page(meant), found),
    )
    .await
}

pub(super) async fn history(client: &Client, meant: &Meant, who: &str) -> Outcome {
    let nothing = "Nothing was merged, detached or moved.";
    list(client, meant, &format!("{}/history", path(who)), nothing, |found| {
        render::history(page(meant), found)
    })
    .await
}

/// A list that goes on for as many pages as are wanted.
pub(super) struct List<'a> {
    /// Where it is.
    pub(super) path: &'a str,
    /// What stands behind `?`, but for page and limit.
    pub(super) terms: &'a [(&'a str, Option<String>)],
    /// How many are wanted.
    pub(super) limit: usize,
    /// What is said where there are none.
    pub(super) nothing: &'a str,
}

impl List<'_> {
    /// Prints it. A program gets one page as it comes: `next_cursor` in it leads on.
    pub(super) async fn print<T: DeserializeOwned>(
        &self,
        client: &Client,
        meant: &Meant,
        text: impl FnOnce(&[T]) -> String,
    ) -> Outcome {
        let mut cursor = None;
        let mut shown: Vec<T> = Vec::new();
        loop {
            let limit = (self.limit - shown.len()).clamp(1, PAGE).to_string();
            let terms = self.terms.iter().cloned().chain([("limit", Some(limit)), ("cursor", cursor.take())]);
            let answer = client.get(&format!("{}{}", self.path, query(terms))).await?;
            if meant.output.is_json() {
                meant.output.bytes(&answer.body)?;
                return Ok(Exit::Done);
            }
            let found: Items<T> = answer.read()?;
            shown.extend(found.items);
            cursor = found.next_cursor;
            if cursor.is_none() || shown.len() >= self.limit {
                break;
            }
        }
        if shown.is_empty() {
            meant.output.note(self.nothing);
            return Ok(Exit::Done);
        }
        meant.output.line(text(&shown))?;
        if cursor.is_some() {
            meant.output.note(format!("There are more: -n {} shows them.", self.limit.saturating_mul(5)));
        }
        Ok(Exit::Done)
    }
}

/// Prints a list that has one page.
pub(super) async fn list<T: DeserializeOwned>(
    client: &Client,
    meant: &Meant,
    path: &str,
    nothing: &str,
    text: impl FnOnce(&[T]) -> String,
) -> Outcome {
    let answer = client.get(path).await?;
    let mut is_empty = false;
    let exit = print(&meant.output, &answer, |found: Items<T>| {
        is_empty = found.items.is_empty();
        if is_empty { String::new() } else { text(&found.items) }
    })?;
    if is_empty {
        meant.output.note(nothing);
    }
    Ok(exit)
}
