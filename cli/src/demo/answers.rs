//! What becomes of mail that leaves in the demo: after a moment the customer answers, and one mailbox is full.
//!
//! Answers come in the same way as those of real customers, as raw messages over the API.

use std::time::Duration;

use axum::http::Method;
use tokio::sync::mpsc;

use super::{OWN_DOMAIN, SUPPORT, smtp::Letter};
use crate::{
    client::{Client, Sent},
    moment,
    output::Output,
};

/// How long a customer thinks before they answer.
const THINKING: Duration = Duration::from_secs(4);

/// The most answers that come while the demo runs, so that nobody is talked to for ever.
const MOST_ANSWERS: usize = 20;

/// Whose mailbox is full.
pub(super) const FULL_MAILBOX: &str = "lucas.almeida@example.net";

/// What customers say, one after the other.
const WORDS: [&str; 5] = [
    "Thank you, that was quick! That answers everything.",
    "Oh, perfect. I will try it this weekend and tell you how it went.",
    "That helps a lot, thank you. One more thing: is it the same for the bigger size?",
    "Great, please go ahead like that. Have a good day!",
    "Thanks for looking into it. I had not expected an answer this fast.",
];

/// Answers what leaves, until nothing can leave any more.
pub(super) async fn answer(client: Client, mut letters: mpsc::Receiver<Letter>, output: Output) {
    let mut given = 0;
    while let Some(letter) = letters.recv().await {
        for to in letter.to.iter().filter(|to| !to.ends_with(&format!("@{OWN_DOMAIN}"))) {
            output.note(format!("A mail left to {to}."));
        }
        if given == MOST_ANSWERS {
            continue;
        }
        let now = moment::now();
        let Some(raw) =
            Original::read(&letter).and_then(|original| original.answered(given, now.as_millis()))
        else {
            continue;
        };
        given += 1;
        tokio::time::sleep(THINKING).await;
        let sent = Sent::bytes("message/rfc822", raw.into_bytes());
        if client.call(Method::POST, "/v1/messages/raw", sent).await.is_err() {
            output.note("An answer did not come in.");
        }
    }
}

/// What an answer needs to know of the message that it answers.
#[derive(Debug, PartialEq, Eq)]
struct Original {
    /// Who was written to, as an answer's `From` has it.
    who: String,
    address: String,
    from: String,
    subject: String,
    id: String,
    references: String,
}

impl Original {
    /// Reads it; nothing where nobody would answer: a machine's message, or one to a colleague.
    fn read(letter: &Letter) -> Option<Self> {
        let raw = String::from_utf8_lossy(&letter.raw);
        let head = raw.split_once("\r\n\r\n").map_or(&*raw, |(head, _)| head);
        let head = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        let field = |wanted: &str| {
            head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case(wanted).then(|| value.trim().to_owned())
            })
        };
        let address = letter.to.first()?.clone();
        let is_by_machine = field("Auto-Submitted").is_some_and(|value| !value.eq_ignore_ascii_case("no"));
        if is_by_machine || address.ends_with(&format!("@{OWN_DOMAIN}")) {
            return None;
        }
        let id = field("Message-ID")?;
        let to = field("To").filter(|to| to.matches('@').count() == 1);
        Some(Self {
            who: to.filter(|to| to.to_lowercase().contains(&address)).unwrap_or_else(|| address.clone()),
            address,
            from: field("From").unwrap_or_else(|| SUPPORT.to_owned()),
            subject: field("Subject").unwrap_or_default(),
            references: [field("References").unwrap_or_default(), id.clone()].join(" ").trim().to_owned(),
            id,
        })
    }

    /// What comes back: an answer, or the report of a mailbox that is full.
    fn answered(&self, nth: usize, now: i64) -> Option<String> {
        let moment = jiff::Timestamp::from_millisecond(now).ok()?;
        let date = jiff::fmt::rfc2822::to_string(&moment.to_zoned_datetime(jiff::tz::TimeZone::UTC)).ok()?;
        let Self { who, address, from, subject, id, references } = self;
        // From the id of what is answered, so that the same answer is never there twice.
        let stem: String = id.chars().filter(|c| c.is_ascii_alphanumeric()).take(60).collect();
        if address == FULL_MAILBOX {
            return Some(format!(
                "From: Mail Delivery System <MAILER-DAEMON@mx.example.net>\r\nTo: <{SUPPORT}>\r\n\
                 Subject: Undelivered Mail Returned to Sender\r\nDate: {date}\r\n\
                 Message-ID: <report.{stem}@mx.example.net>\r\nIn-Reply-To: {id}\r\n\
                 Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
                 Content-Type: multipart/report; report-type=delivery-status; boundary=\"parts\"\r\n\r\n\
                 --parts\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
                 Your message could not be delivered: the mailbox is full.\r\n\
                 --parts\r\nContent-Type: message/delivery-status\r\n\r\n\
                 Reporting-MTA: dns; mx.example.net\r\n\r\n\
                 Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.2.2\r\n\
                 Diagnostic-Code: smtp; 552 5.2.2 the mailbox is full\r\n\
                 --parts\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {id}\r\n\
                 --parts--\r\n"
            ));
        }
        let words = WORDS[nth % WORDS.len()];
        let has_prefix = subject.get(..3).is_some_and(|begin| begin.eq_ignore_ascii_case("re:"));
        let re = if has_prefix { "" } else { "Re: " };
        Some(format!(
            "From: {who}\r\nTo: {from}\r\nSubject: {re}{subject}\r\nDate: {date}\r\n\
             Message-ID: <answer.{stem}@{domain}>\r\nIn-Reply-To: {id}\r\nReferences: {references}\r\n\
             MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n",
            domain = address.rsplit_once('@').map_or("example.com", |(_, domain)| domain),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(to: &str, more: &str) -> Letter {
        let raw = format!(
            "From: \"Fernweh Supply\" <{SUPPORT}>\r\nTo: Ana <{to}>\r\nSubject: Re:\r\n Boots\r\n\
             Message-ID: <2@fernweh.example>\r\nReferences: <1@x.example>\r\n{more}\r\nHello.\r\n"
        );
        Letter { to: vec![to.into()], raw: raw.into_bytes() }
    }

    #[test]
    fn an_answer_stands_in_the_thread_of_what_it_answers() {
        let answer = Original::read(&letter("ana@x.example", "")).unwrap().answered(0, 0).unwrap();
        for line in [
            "From: Ana <ana@x.example>",
            "Subject: Re: Boots",
            "In-Reply-To: <2@fernweh.example>",
            "References: <1@x.example> <2@fernweh.example>",
            "Message-ID: <answer.2fernwehexample@x.example>",
            WORDS[0],
        ] {
            assert!(answer.lines().any(|known| known == line), "{line} is missing in\n{answer}");
        }
    }

    #[test]
    fn a_full_mailbox_sends_a_report_and_machines_and_colleagues_get_nothing() {
        let report = Original::read(&letter(FULL_MAILBOX, "")).unwrap().answered(0, 0).unwrap();
        assert!(report.contains("Action: failed") && report.contains("Message-ID: <2@fernweh.example>"));
        assert_eq!(Original::read(&letter("ana@x.example", "Auto-Submitted: auto-generated\r\n")), None);
        assert_eq!(Original::read(&letter("mia@fernweh.example", "")), None);
    }
}
