//! What the team did with conversations.

use axum::http::Method;
use serde::Deserialize;
use serde_json::json;
use whom_core::model::Timestamp;

use super::{ANA, JONAS, Page, Team, after, change_whatever, day_from_now, days_ago};
use crate::{
    client::{Client, Sent},
    demo::{OWNER, SUPPORT},
    problem::Failure,
};

/// What was said before this day is done with, unless a line below says otherwise.
const DONE_BEFORE: &str = "2026-04-10T00:00:00Z";

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
    started: Timestamp,
    last_message: Timestamp,
}

impl Talk {
    fn path(&self) -> String {
        format!("/v1/conversations/{}", self.id)
    }

    /// Some minutes that differ from conversation to conversation and not from run to run.
    fn pause(&self, least: i64, span: i64) -> i64 {
        least + i64::try_from(self.number).unwrap_or_default() * 37 % span
    }

    /// Whoever takes what nobody was named for.
    fn taker(&self) -> &'static str {
        match self.number % 5 {
            0 => OWNER,
            1 | 3 => ANA,
            _ => JONAS,
        }
    }

    fn tags(&self) -> Vec<&'static str> {
        let is_meant = |words: &[&str]| words.iter().any(|word| self.subject.contains(word));
        TAGS.iter().filter(|(_, words)| is_meant(words)).map(|(tag, _)| *tag).collect()
    }
}

async fn talks(client: &Client) -> Result<Vec<Talk>, Failure> {
    Ok(client.get("/v1/conversations?limit=200").await?.read::<Page<Talk>>()?.items)
}

fn about<'a>(talks: &'a [Talk], subject: &str) -> Option<&'a Talk> {
    talks.iter().find(|talk| talk.subject.starts_with(subject))
}

/// Takes in what nobody wants to read.
pub(super) async fn take_in_spam(team: &Team) -> Result<(), Failure> {
    let spam = format!(
        "From: Growth Desk <hello@rank-first.example>\r\nTo: <{SUPPORT}>\r\nSubject: {SPAM}\r\n\
         Date: Mon, 16 Nov 2026 03:12:44 +0000\r\nMessage-ID: <offer-81@rank-first.example>\r\n\r\n\
         Dear owner of the website, we put your shop on page one within a week. Answer YES.\r\n"
    );
    let sent = Sent::bytes("message/rfc822", spam.into_bytes());
    let shop = team.anybody(days_ago(0));
    shop.call(Method::POST, "/v1/messages/raw", sent).await.map(|_| ())
}

/// Puts every conversation where it stands by now.
pub(super) async fn stand(team: &Team) -> Result<(), Failure> {
    let done_before = Timestamp::parse(DONE_BEFORE).map_err(anyhow::Error::from)?;
    let all = talks(&team.by(OWNER)).await?;
    for talk in &all {
        let standing = STANDING.iter().find(|standing| talk.subject.starts_with(standing.0));
        match standing {
            Some((_, status, priority, assignee, tags)) => {
                // What is nobody's was looked at and sorted by the owner.
                let taken = after(talk.started, talk.pause(4, 40));
                let sorted = json!({ "priority": priority, "assignee": assignee, "add_tags": tags });
                let sorter = assignee.unwrap_or(OWNER);
                change_whatever(&team.at(sorter, taken), &talk.path(), &sorted).await?;
                let put = after(talk.last_message, talk.pause(50, 300));
                change_whatever(&team.at(sorter, put), &talk.path(), &json!({ "status": status })).await?;
            }
            None if talk.last_message < done_before => {
                let (who, taken) = (talk.taker(), after(talk.started, talk.pause(4, 90)));
                let take = json!({ "assignee": who, "add_tags": talk.tags() });
                change_whatever(&team.at(who, taken), &talk.path(), &take).await?;
                let closed = after(talk.last_message, talk.pause(20, 400));
                change_whatever(&team.at(who, closed), &talk.path(), &json!({ "status": "closed" })).await?;
            }
            None => {}
        }
    }
    if let Some(talk) = about(&all, "Bottes pour enfants") {
        let until = day_from_now(5);
        let sleep = json!({ "snoozed_until": format!("{until}T08:00:00Z") });
        change_whatever(&team.at(ANA, days_ago(1)), &talk.path(), &sleep).await?;
    }
    Ok(())
}

/// What colleagues told each other, and what a customer said of them.
pub(super) async fn say(team: &Team) -> Result<(), Failure> {
    let all = talks(&team.by(OWNER)).await?;
    let notes = [
        (
            "Scree boots",
            OWNER,
            "Her third pair. She knows the sizes better than we do, so skip the usual questions.",
        ),
        (
            "Frage zu 2027",
            JONAS,
            "Same terms as 2024 are fine. Please check the tents left in the store room first.",
        ),
    ];
    for (subject, who, text) in notes {
        if let Some(talk) = about(&all, subject) {
            let client = team.at(who, after(talk.last_message, 25));
            client.post(&format!("{}/notes", talk.path()), &json!({ "text": text })).await?;
        }
    }
    if let Some(talk) = about(&all, "Gift card") {
        let answer = json!({ "rating": 5, "comment": "She loved it. Thank you for the quick help!" });
        let customer = team.anybody(after(talk.last_message, 1_500));
        customer.post(&format!("{}/satisfaction", talk.path()), &answer).await?;
    }
    Ok(())
}

/// Answers the customer whose mailbox is full.
pub(super) async fn write_in_vain(team: &Team) -> Result<(), Failure> {
    let ana = team.by(ANA);
    let all = talks(&ana).await?;
    let Some(talk) = about(&all, "Bug: trip distance") else { return Ok(()) };
    let text =
        "Hello Lucas,\n\nthe distance is right again from Trails 4.2 on. Thank you for the files!\n\nAna";
    ana.post(&format!("{}/reply", talk.path()), &json!({ "text": text })).await.map(|_| ())
}
