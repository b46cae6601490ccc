//! A team at work: colleagues, and what they did with the conversations and customers of the shop.
//!
//! Everything goes through the API, as a program would do it.

use std::collections::BTreeMap;

use axum::http::{Method, header};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use whom_core::model::Timestamp;

use super::{OWNER, SUPPORT};
use crate::{
    client::{Client, Sent, part},
    moment,
    problem::Failure,
};

const ANA: &str = "ana@fernweh.example";
const JONAS: &str = "jonas@fernweh.example";

/// Who works in the shop besides its owner.
const PEOPLE: [(&str, &str, &str); 3] = [
    (ANA, "Ana Duarte", "agent"),
    (JONAS, "Jonas Reuter", "agent"),
    ("noor@fernweh.example", "Noor Visser", "read_only"),
];

/// What was said before this day is done with, unless a line below says otherwise.
const DONE_BEFORE: &str = "2026-04-10T00:00:00Z";

const DAY: i64 = 86_400_000;

/// How a conversation stands: the beginning of its subject, status, priority, who looks after it, tags.
type Standing = (&'static str, &'static str, &'static str, Option<&'static str>, &'static [&'static str]);

const STANDING: [Standing; 12] = [
    ("Pro for a mountain rescue team", "open", "high", None, &["b2b"]),
    ("Scree boots, half a size", "open", "normal", Some(ANA), &["returns", "sizing"]),
    ("Frage zu 2027", "open", "high", Some(OWNER), &["b2b"]),
    ("Seats for the new year", "open", "normal", Some(JONAS), &["b2b", "billing"]),
    ("Une question avant de m'abonner", "open", "low", None, &["trails"]),
    ("Please delete my account", "pending", "urgent", Some(OWNER), &["privacy"]),
    ("Bottes pour enfants", "open", "normal", Some(ANA), &["sizing"]),
    ("On behalf of Mr Khoury", "pending", "normal", Some(JONAS), &["orders"]),
    ("Bug: trip distance in the app", "pending", "normal", Some(ANA), &["bug", "trails"]),
    ("Cancelling", "pending", "high", Some(JONAS), &["billing"]),
    ("Mats for the office rooftop", "pending", "normal", Some(JONAS), &["b2b"]),
    (SPAM, "spam", "low", None, &[]),
];

/// Tags for what is done with, by words of the subject.
const TAGS: [(&str, &[&str]); 6] = [
    ("returns", &["Wrong jacket", "Refund", "Reklamacja", "Two tents back", "Not my order"]),
    ("sizing", &["very tall", "welche Länge", "Chaussures"]),
    ("shipping", &["доставка", "pegs did not", "shipping notice", "New address"]),
    ("b2b", &["Expedition kit", "Rahmenvertrag", "Sammelbestellung", "Verlängerung Team", "staff"]),
    ("billing", &["Charged two times", "Rechnung", "Faktura", "Discount code", "Trial ended"]),
    ("trails", &["Offline maps", "App", "route card", "Gruppe sieht", "GPX"]),
];

/// The subject of what nobody wants to read.
const SPAM: &str = "Rank first on every search engine";

/// What a conversation is to the demo.
#[derive(Deserialize)]
struct Talk {
    id: String,
    number: u64,
    subject: String,
    last_message: Timestamp,
}

#[derive(Deserialize)]
struct Page<T> {
    items: Vec<T>,
}

/// Adds the colleagues and does what they did.
pub(super) async fn set_to_work(client: &Client) -> Result<(), Failure> {
    for (login, name, role) in PEOPLE {
        client.post("/v1/people", &json!({ "login": login, "name": name, "role": role })).await?;
    }
    let spam = format!(
        "From: Growth Desk <hello@rank-first.example>\r\nTo: <{SUPPORT}>\r\nSubject: {SPAM}\r\n\
         Date: Mon, 16 Nov 2026 03:12:44 +0000\r\nMessage-ID: <offer-81@rank-first.example>\r\n\r\n\
         Dear owner of the website, we put your shop on page one within a week. Answer YES.\r\n"
    );
    let spam = Sent::bytes("message/rfc822", spam.into_bytes());
    client.call(Method::POST, "/v1/messages/raw", spam).await?;
    let talks = client.get("/v1/conversations?limit=200").await?.read::<Page<Talk>>()?.items;
    stand(client, &talks).await?;
    say(client, &talks).await?;
    look_after(client).await?;
    plan(client).await?;
    keep_lists(client).await
}

/// Answers the customer whose mailbox is full, so that what did not arrive is seen as well.
pub(super) async fn write_in_vain(client: &Client) -> Result<(), Failure> {
    let talks = client.get("/v1/conversations?limit=200").await?.read::<Page<Talk>>()?.items;
    let Some(talk) = about(&talks, "Bug: trip distance") else { return Ok(()) };
    let text =
        "Hello Lucas,\n\nthe distance is right again from Trails 4.2 on. Thank you for the files!\n\nAna";
    let path = format!("/v1/conversations/{}/reply", talk.id);
    client.post(&path, &json!({ "text": text })).await.map(|_| ())
}

/// Changes something, whatever it is now: nobody else is at work yet.
async fn change_whatever(client: &Client, path: &str, change: &Json) -> Result<(), Failure> {
    let sent = Sent::json(change)?.with(header::IF_MATCH, "*");
    client.call(Method::PATCH, path, sent).await.map(|_| ())
}

fn about<'a>(talks: &'a [Talk], subject: &str) -> Option<&'a Talk> {
    talks.iter().find(|talk| talk.subject.starts_with(subject))
}

/// Puts every conversation where it stands by now.
async fn stand(client: &Client, talks: &[Talk]) -> Result<(), Failure> {
    let done_before = Timestamp::parse(DONE_BEFORE).map_err(anyhow::Error::from)?;
    let mut done: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut tagged: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for talk in talks {
        if let Some((_, status, priority, assignee, tags)) =
            STANDING.iter().find(|standing| talk.subject.starts_with(standing.0))
        {
            let change =
                json!({ "status": status, "priority": priority, "assignee": assignee, "add_tags": tags });
            let path = format!("/v1/conversations/{}", talk.id);
            change_whatever(client, &path, &change).await?;
            continue;
        }
        if talk.last_message < done_before {
            let who = [OWNER, ANA, JONAS, ANA, JONAS].get((talk.number % 5) as usize).copied();
            done.entry(who.unwrap_or(OWNER)).or_default().push(&talk.id);
        }
        for (tag, words) in TAGS {
            if words.iter().any(|word| talk.subject.contains(word)) {
                tagged.entry(tag).or_default().push(&talk.id);
            }
        }
    }
    for (assignee, conversations) in done {
        let change = json!({ "status": "closed", "assignee": assignee });
        let asked = json!({ "conversations": conversations, "change": change });
        client.post("/v1/conversations/bulk", &asked).await?;
    }
    for (tag, conversations) in tagged {
        let asked = json!({ "conversations": conversations, "change": { "add_tags": [tag] } });
        client.post("/v1/conversations/bulk", &asked).await?;
    }
    if let Some(talk) = about(talks, "Bottes pour enfants") {
        let until = day_from_now(5);
        let change = json!({ "snoozed_until": format!("{until}T08:00:00Z") });
        let path = format!("/v1/conversations/{}", talk.id);
        change_whatever(client, &path, &change).await?;
    }
    Ok(())
}

/// What colleagues told each other, and what a customer said of them.
async fn say(client: &Client, talks: &[Talk]) -> Result<(), Failure> {
    let notes = [
        (
            "Scree boots",
            "Her third pair. She knows the sizes better than we do, so skip the usual questions.",
        ),
        (
            "Frage zu 2027",
            "Same terms as 2024 are fine. Please check the tents left in the store room first.",
        ),
    ];
    for (subject, text) in notes {
        if let Some(talk) = about(talks, subject) {
            client.post(&format!("/v1/conversations/{}/notes", talk.id), &json!({ "text": text })).await?;
        }
    }
    if let Some(talk) = about(talks, "Gift card") {
        let answer = json!({ "rating": 5, "comment": "She loved it. Thank you for the quick help!" });
        client.post(&format!("/v1/conversations/{}/satisfaction", talk.id), &answer).await?;
    }
    Ok(())
}

const HANNE: &str = "hanne.lindqvist@example.com";
const FRAUKE: &str = "f.petersen@nordlicht-reisen.example";
const ISLA: &str = "isla.mackenzie@brackenfold.example";
const TARIQ: &str = "tariq@calderedge.example";
const MARCUS: &str = "m.oyelaran@example.com";

/// Who looks after whom, what is known of them and of their companies.
async fn look_after(client: &Client) -> Result<(), Failure> {
    for (who, login) in [(HANNE, OWNER), (FRAUKE, OWNER), (ISLA, JONAS), (TARIQ, JONAS), (MARCUS, ANA)] {
        if !is_known(client, who).await? {
            continue;
        }
        let change = json!({ "looked_after_by": login });
        change_whatever(client, &format!("/v1/profiles/{}", part(who)), &change).await?;
    }
    let text =
        "Writes in English although her shop is set to Swedish. Call after four: she guides in the mornings.";
    let path = format!("/v1/profiles/{}/notes", part(HANNE));
    let note = client.post(&path, &json!({ "text": text })).await?.read::<Noted>()?;
    client.post(&format!("{path}/{}/pin", note.entry), &json!({})).await?;

    for (name, domain) in [("nordlicht", "nordlicht-reisen.example"), ("brackenfold", "brackenfold.example")]
    {
        let path = format!("/v1/accounts?q={name}");
        let Some(account) = client.get(&path).await?.read::<Page<Known>>()?.items.pop() else { continue };
        let path = format!("/v1/accounts/{}", account.id);
        change_whatever(client, &path, &json!({ "properties": { "domain": domain } })).await?;
        if name == "nordlicht" {
            agree(client, &format!("{path}/notes")).await?;
        }
    }
    let couple = json!({ "with": "priya.ashworth@example.net", "they_are": "wife" });
    client.post("/v1/profiles/tom.ashworth@example.org/relationships", &couple).await?;
    Ok(())
}

/// What was agreed upon with a company.
async fn agree(client: &Client, path: &str) -> Result<(), Failure> {
    let terms = "Framework contract since 2024, 14 tents for guests. Invoices go to Lena Vogt.";
    let note = client.post(path, &json!({ "text": terms })).await?.read::<Known>()?;
    client.post(&format!("{path}/{}/pin", note.id), &json!({})).await?;
    let visit = "Met at the fair in spring: they think about boots for the guides as well.";
    client.post(path, &json!({ "text": visit })).await.map(|_| ())
}

#[derive(Deserialize)]
struct Noted {
    entry: String,
}

#[derive(Deserialize)]
struct Known {
    id: String,
}

async fn is_known(client: &Client, who: &str) -> Result<bool, Failure> {
    let path = format!("/v1/profiles/{}", part(who));
    Ok(client.try_call(Method::GET, &path, Sent::default()).await?.status < 400)
}

/// What is to be done, and by when.
async fn plan(client: &Client) -> Result<(), Failure> {
    let tasks = [
        (FRAUKE, "Send the offer for 2027", Some(-2), Some(OWNER)),
        (HANNE, "Ask whether the exchanged boots fit", Some(0), Some(ANA)),
        (TARIQ, "Call about seats for the whole team", Some(0), Some(OWNER)),
        (MARCUS, "Check that the last refund was paid", Some(7), Some(JONAS)),
        ("camille.moreau@courrier.example", "Translate the price page into French", None, None),
    ];
    for (who, title, days, assignee) in tasks {
        let due = days.map(day_from_now);
        let task = json!({ "title": title, "due": due, "assignee": assignee });
        client.post(&format!("/v1/profiles/{}/tasks", part(who)), &task).await?;
    }
    Ok(())
}

/// The lists of customers that everybody shares.
async fn keep_lists(client: &Client) -> Result<(), Failure> {
    let lists: [Json; 2] = [
        json!({ "name": "Enterprise without a person", "shared": true, "filter": "plan:enterprise no:looked_after_by" }),
        json!({ "name": "Pro, quiet for 90 days", "shared": true, "filter": "plan:pro last_seen>90d" }),
    ];
    for list in lists {
        client.post("/v1/segments", &list).await?;
    }
    Ok(())
}

/// A day that many days from today, as `2026-03-01`.
fn day_from_now(days: i64) -> String {
    moment::day(Timestamp::from_millis(moment::now().as_millis() + days * DAY))
}
