//! Addresses and numbers that stand in a line of text, such as the subject of a conversation.
//!
//! They are found by their form: whether they are those of a customer is not asked, so that a line costs no look-up.

use super::{
    Seen, Sight,
    sight::{DOTS, masked_identifier},
};
use crate::model::{Conversation, IdentifierKind};

/// How many digits a telephone number has.
const NUMBER: std::ops::RangeInclusive<usize> = 7..=15;
/// How many it has at least where nothing but a leading zero says that it is one.
const PLAIN_NUMBER: usize = 9;

impl Sight {
    /// A line without the addresses and numbers that are not seen in full.
    pub fn cover_text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        let addresses = self.of_kind(&IdentifierKind::EMAIL);
        if addresses < Seen::Full && text.contains('@') {
            text = replaced(&text, address_at, |found| stands_for(addresses, &IdentifierKind::EMAIL, found));
        }
        let numbers = self.of_kind(&IdentifierKind::PHONE);
        if numbers < Seen::Full {
            text = replaced(&text, number_at, |found| stands_for(numbers, &IdentifierKind::PHONE, found));
        }
        text
    }

    /// Takes out of the subject and the topic of a conversation what is not seen.
    pub fn cover_conversation(&self, conversation: &mut Conversation) {
        if self.covers_identifiers() {
            conversation.subject = self.cover_text(&conversation.subject);
            conversation.topic = self.cover_text(&conversation.topic);
        }
    }
}

fn stands_for(seen: Seen, kind: &IdentifierKind, found: &str) -> String {
    if seen == Seen::Masked { masked_identifier(kind, found) } else { DOTS.to_owned() }
}

/// The text with whatever `find` finds at a place replaced; it gives how long that is.
fn replaced(text: &str, find: fn(&str) -> Option<usize>, with: impl Fn(&str) -> String) -> String {
    let mut made = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = ' ';
    while let Some(first) = rest.chars().next() {
        // What begins in the middle of a word is part of the word.
        let length = if before.is_alphanumeric() { None } else { find(rest) };
        let taken = match length {
            Some(length) => {
                made.push_str(&with(&rest[..length]));
                length
            }
            None => {
                made.push(first);
                first.len_utf8()
            }
        };
        before = rest[..taken].chars().next_back().unwrap_or(' ');
        rest = &rest[taken..];
    }
    made
}

/// How long the e-mail address is with which a text begins.
fn address_at(text: &str) -> Option<usize> {
    let name = text.find(|c: char| !(c.is_alphanumeric() || "._%+-'".contains(c)))?;
    let rest = text[name..].strip_prefix('@').filter(|_| name > 0)?;
    let host = rest.find(|c: char| !(c.is_alphanumeric() || ".-".contains(c))).unwrap_or(rest.len());
    let host = rest[..host].trim_end_matches(['.', '-']);
    host.contains('.').then_some(name + 1 + host.len())
}

/// How long the telephone number is with which a text begins.
fn number_at(text: &str) -> Option<usize> {
    let first = text.chars().next().filter(|c| matches!(c, '+' | '0' | '('))?;
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '\u{a0}' | '-' | '(' | ')' | '/');
    let run = &text[..text.find(|c: char| !is_part(c)).unwrap_or(text.len())];
    let run = run.trim_end_matches(|c: char| !c.is_ascii_digit());
    let digits = run.chars().filter(char::is_ascii_digit).count();
    let least = if first == '0' { PLAIN_NUMBER } else { *NUMBER.start() };
    (least..=*NUMBER.end()).contains(&digits).then_some(run.len())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        model::{LeastRole, PropertyKey},
        rules::Rules,
        view::Rights,
    };

    fn check(masked_for: Option<LeastRole>, text: &str, expected: &str) {
        let rights = Rights { sees: LeastRole::Agent, masked_for, edits: LeastRole::Agent };
        let keys = ["email", "phone"].map(|key| PropertyKey::fold(key).unwrap());
        let decided: BTreeMap<_, _> = keys.into_iter().map(|key| (key, rights)).collect();
        let sight = Sight::of(Rules::built_in().schema(), &decided, LeastRole::ReadOnly);
        assert_eq!(sight.cover_text(text), expected);
    }

    #[test]
    fn addresses_and_numbers_in_a_line_are_masked() {
        let masked = Some(LeastRole::ReadOnly);
        check(masked, "Fwd: ana.lima@example.org, please call", "Fwd: a•••@example.org, please call");
        check(masked, "<ana@example.org>.", "<a•••@example.org>.");
        check(masked, "call +49 30 1234-5678 today", "call •••• 5678 today");
        check(masked, "call (030) 123 45678", "call •••• 5678");
        check(masked, "0151 23456789", "•••• 6789");
        check(None, "ana@example.org or +49 30 12345678", "••• or •••");
    }

    #[test]
    fn what_is_neither_stays() {
        for text in [
            "order 10023311 of 2026-03-01",
            "@mia can you look",
            "at 09:30, 3 for 2",
            "0.5 litres",
            "Größe 42, naïve @ home",
            "",
        ] {
            check(Some(LeastRole::ReadOnly), text, text);
        }
    }
}
