//! Who is one person: likely duplicates, a look at a merge, the merge, and each way back.

use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::{
    assignment::{Assignment, assignments},
    change::resolved,
    look::{List, list, path},
    print,
};
use crate::{
    args::{ApartArgs, DuplicatesArgs, MergeArgs, PairArgs},
    client::{Client, part, query},
    exit::Exit,
    figures::counted,
    meant::Meant,
    moment::now,
    output::harmless,
    problem::{Failure, Outcome},
    render::{self, Page},
    wire,
};

fn page(meant: &Meant) -> Page<'_> {
    Page { output: &meant.output, now: now() }
}

pub(super) async fn duplicates(client: &Client, meant: &Meant, args: &DuplicatesArgs) -> Outcome {
    if let Some(who) = &args.who {
        let nothing = "Nobody is likely the same person.";
        return list(client, meant, &format!("{}/duplicates", path(who)), nothing, |found| {
            render::duplicates(page(meant), found)
        })
        .await;
    }
    let nothing = match (args.decided, args.merged, client.base()) {
        (true, ..) => "Nobody decided about two profiles yet.",
        (_, true, _) => "Nothing was merged by hand yet.",
        (_, _, Some(_)) => "Nobody is likely twice here.",
        (_, _, None) => "The queue is empty. It is filled while `whom serve` runs.",
    };
    let state = if args.merged {
        "merged"
    } else if args.decided {
        "decided"
    } else {
        "open"
    };
    let list = List {
        path: "/v1/duplicates",
        terms: &[("state", Some(state.to_owned()))],
        limit: args.limit,
        nothing,
    };
    match args.merged {
        true => list.print(client, meant, |found: &[wire::Merged]| render::merged(page(meant), found)).await,
        false => list.print(client, meant, |found: &[wire::Pair]| render::pairs(page(meant), found)).await,
    }
}

pub(super) async fn compare(client: &Client, meant: &Meant, args: &PairArgs) -> Outcome {
    let choose = kept(&args.keep)?;
    let choose = (!choose.is_empty()).then(|| Json::Object(choose).to_string());
    let terms = query([("with", Some(args.from.trim().to_owned())), ("choose", choose)]);
    let answer = client.get(&format!("{}/merge-preview{terms}", path(&args.into))).await?;
    print(&meant.output, &answer, |preview: wire::MergePreview| render::compared(page(meant), &preview))
}

/// The values to keep, as the API takes them.
fn kept(typed: &[String]) -> Result<Map<String, Json>, Failure> {
    let chosen = assignments(typed)?.into_iter().map(|Assignment { name, value }| match value {
        Some(value) => Ok((name, json!({ "value": value }))),
        None => Err(Failure::Usage(format!("`{name}=` keeps nothing: name one of the values"))),
    });
    chosen.collect()
}

pub(super) async fn merge(client: &Client, meant: &Meant, args: &MergeArgs) -> Outcome {
    let MergeArgs { pair, why } = args;
    let choose = kept(&pair.keep)?;
    let (from, into) = (resolved(client, &pair.from).await?, resolved(client, &pair.into).await?);
    let body = json!({ "from": from.id, "why": why, "choose": choose });
    let answer = client.post(&format!("{}/merge", path(&into.id)), &body).await?;
    print(&meant.output, &answer, |change: wire::MembershipChange| {
        format!(
            "{} is part of {} now: {} moved.\nTo undo it exactly: whom unmerge {}",
            harmless(&from.name),
            harmless(&into.name),
            counted(change.moved.len() as u64, "contact"),
            change.id
        )
    })
}

pub(super) async fn unmerge(client: &Client, meant: &Meant, change: &str) -> Outcome {
    let answer = client.post(&format!("/v1/merges/{}/undo", part(change)), &json!({})).await?;
    print(&meant.output, &answer, |undone: Undone| match undone.still_together_by.as_slice() {
        [] => "Undone exactly.".into(),
        others => format!("Undone, and still together by {}.", others.join(", ")),
    })
}

#[derive(Deserialize)]
struct Undone {
    #[serde(default)]
    still_together_by: Vec<String>,
}

pub(super) async fn detach(client: &Client, meant: &Meant, who: &str, contact: &str) -> Outcome {
    let profile = resolved(client, who).await?;
    let wanted = contact.trim();
    let found = profile.contacts.iter().find(|known| {
        let named = known.kind.as_deref().map(|kind| format!("{kind}:{}", known.value));
        known.id == wanted
            || known.value.eq_ignore_ascii_case(wanted)
            || known.raw.eq_ignore_ascii_case(wanted)
            || named.is_some_and(|named| named.eq_ignore_ascii_case(wanted))
    });
    let contact = found.ok_or_else(|| {
        Failure::NotFound(format!(
            "{} has no contact `{}`; `whom show` lists them",
            harmless(&profile.name),
            harmless(wanted)
        ))
    })?;
    let answer = client
        .post(&format!("{}/contacts/{}/detach", path(&profile.id), part(&contact.id)), &json!({}))
        .await?;
    print(&meant.output, &answer, |detached: Detached| {
        format!(
            "{} has a profile of its own: {}\nTo undo it exactly: whom unmerge {}",
            harmless(&contact.value),
            detached.profile,
            detached.change.id
        )
    })
}

#[derive(Deserialize)]
struct Detached {
    profile: String,
    change: wire::MembershipChange,
}

pub(super) async fn apart(client: &Client, meant: &Meant, args: &ApartArgs) -> Outcome {
    let (a, b) = (resolved(client, &args.a).await?, resolved(client, &args.b).await?);
    let (deed, said) = match args.undo {
        false => ("not-the-same", "are two people."),
        true => ("maybe-the-same", "may be one person again."),
    };
    client.post(&format!("{}/{deed}", path(&a.id)), &json!({ "other": b.id })).await?;
    meant.output.note(format!("{} and {} {said}", harmless(&a.name), harmless(&b.name)));
    Ok(Exit::Done)
}
