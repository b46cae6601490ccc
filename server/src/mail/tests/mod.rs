//! Whole messages and what they are for Whom, written as text.

mod broken;
mod customers;
mod names;
mod show;
mod skips;

use std::fmt::Write;

use expect_test::Expect;
use whom_core::{
    identity::{Arrival, Incoming, Party},
    model::{Assertion, ExternalId, Timestamp},
};

use super::{Mail, MailPolicy, read_mail};

/// What every test reads by unless it says otherwise.
fn policy() -> MailPolicy {
    MailPolicy {
        own: vec!["kettle.example".parse().unwrap()],
        contact_forms: vec!["form@kettle.example".parse().unwrap()],
        ..MailPolicy::default()
    }
}

fn received() -> Timestamp {
    Timestamp::parse("2026-04-01T00:00:00Z").unwrap()
}

/// A message of the folder `testdata`.
fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/src/mail/testdata/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// A message to us, with an id, a date and the given lines of the header before its text.
fn mail(header: &str) -> Vec<u8> {
    let header = header.trim_start();
    let to =
        if header.lines().any(|line| line.starts_with("To: ")) { "" } else { "To: help@kettle.example\n" };
    format!("Date: Mon, 2 Mar 2026 09:00:00 +0000\nMessage-ID: <id@x.example>\n{to}{header}\n\nHello\n")
        .into()
}

#[expect(clippy::needless_pass_by_value, reason = "an expectation is written in place")]
fn check(raw: &[u8], expected: Expect) {
    expected.assert_eq(&told(&read_mail(raw, &policy(), received())));
}

/// A message's outcome as lines of text.
fn told(mail: &Mail) -> String {
    match mail {
        Mail::Skipped(skip) => format!("{}: {skip}\n", skip.word()),
        Mail::Malformed(problem) => format!("malformed: {problem}\n"),
        Mail::Arrived(incoming) => told_incoming(incoming),
    }
}

fn told_incoming(incoming: &Incoming) -> String {
    let Arrival::Message(message) = &incoming.arrival else { panic!("mail brings messages") };
    let ids = |ids: &[ExternalId]| ids.iter().map(ExternalId::id).collect::<Vec<_>>().join(" ");
    let mut out = String::new();
    let direction = format!("{:?}", message.direction).to_lowercase();
    writeln!(out, "{direction} {} at {}", incoming.external.id(), incoming.at).unwrap();
    for party in &incoming.parties {
        writeln!(out, "{}", told_party(party)).unwrap();
    }
    writeln!(out, "subject: {}", message.subject).unwrap();
    writeln!(out, "summary: {}", message.summary).unwrap();
    if !message.answers.is_empty() {
        writeln!(out, "answers: {}", ids(&message.answers)).unwrap();
    }
    if let Some(subject) = &message.answers_subject {
        writeln!(out, "answers the subject: {subject}").unwrap();
    }
    for (name, value) in &message.properties {
        writeln!(out, "{name}: {value}").unwrap();
    }
    out
}

fn told_party(party: &Party) -> String {
    let mut out = party.identifiers.iter().map(|given| given.raw.clone()).collect::<Vec<_>>().join(" = ");
    for said in &party.said {
        let Assertion::Is(value) = &said.assertion else { panic!("a header only says what is") };
        write!(out, ", {} `{value}` {}%", said.property.as_str(), said.confidence.as_percent()).unwrap();
    }
    out
}
