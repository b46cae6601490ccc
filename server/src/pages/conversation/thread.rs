//! The thread: messages as bubbles, notes in yellow, what was done as lines between.

use maud::{Markup, html};
use whom_core::model::{
    Conversation, ConversationId, Direction, Entry, EntryId, EntryKind, ProfileId, SourceKind, Timestamp,
    Value,
};

use super::part::Part;
use crate::{
    pages::{
        components::more_menu,
        frame::Frame,
        icons::Icon,
        message::{Shape, body, envelope},
        words::{self, conversation as said},
    },
    reading::Reading,
};

/// One entry of a thread.
pub(super) struct Item {
    /// The entry.
    pub(super) entry: Entry,
    /// The message, read; none for what is no message.
    pub(super) reading: Option<Reading>,
    /// How a message of ours went out.
    pub(super) receipt: Option<Receipt>,
}

/// How a message of ours went out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Receipt {
    /// The word for it.
    pub(super) words: &'static str,
    /// Its drawing.
    pub(super) icon: Icon,
    /// Whether it is good or bad news; nothing for neither.
    pub(super) class: &'static str,
    /// More words, such as what the mail server said.
    pub(super) why: String,
    /// Whom it did not reach, and why.
    pub(super) missed: Vec<(String, String)>,
    /// When it leaves or is tried again, where it waits.
    pub(super) due: Option<Timestamp>,
    /// Whether it can still be taken back.
    pub(super) can_recall: bool,
    /// Whether it can be tried again.
    pub(super) can_retry: bool,
    /// Whether it may arrive twice.
    pub(super) perhaps_twice: bool,
}

impl Receipt {
    /// The word left of the time, with what the mail server said behind it.
    pub(crate) fn markup(&self) -> Markup {
        let why = Some(&self.why).filter(|why| !why.is_empty());
        html! {
            span class=(format!("receipt {}", self.class)) title=[why] { (self.icon.svg()) (self.words) }
        }
    }
}

/// A thread, and all that showing it takes.
pub(super) struct Thread<'a> {
    pub(super) frame: &'a Frame,
    pub(super) conversation: &'a Conversation,
    /// The customer whose profile stands beside it, and what they are called.
    pub(super) about: Option<ProfileId>,
    pub(super) customer: &'a str,
    pub(super) part: &'a Part,
    /// Whether messages are being chosen to be split off.
    pub(super) chooses: bool,
}

/// The form that the boxes of chosen messages belong to.
pub(super) const CHOOSING: &str = "choosing";

/// The address that shows a message within its conversation.
pub(crate) fn address_of(number: u64, entry: EntryId) -> String {
    format!("/conversations/{number}?at={entry}#{entry}")
}

impl Thread<'_> {
    /// The entries, with links to those before and behind.
    pub(super) fn items(&self) -> Markup {
        let base = format!("/conversations/{}", self.conversation.number);
        let moments = &self.frame.moments;
        let mut day = None;
        html! {
            @if let Some(earlier) = self.part.earlier {
                li.more data-more-place {
                    a.button data-more rel="prev" href=(format!("{base}?before={earlier}")) { (Icon::Up.svg()) (said::EARLIER) }
                }
            }
            @for item in &self.part.items {
                @let this_day = moments.day(item.entry.at);
                @if day.replace(this_day) != Some(this_day) {
                    li.day data-id=(format!("day-{this_day}")) data-once=(this_day) { time datetime=(this_day) { (moments.day_words(this_day)) } }
                }
                @match item.entry.kind {
                    EntryKind::Message => (self.message(item)),
                    EntryKind::Note => (self.note(&item.entry)),
                    _ => (self.deed(&item.entry)),
                }
            }
            @if let Some(later) = self.part.later {
                li.more data-more-place {
                    a.button data-more rel="next" href=(format!("{base}?after={later}")) { (Icon::Down.svg()) (said::LATER) }
                    a.button.quiet href=(base) { (said::NEWEST) }
                }
            }
        }
    }

    fn message(&self, item: &Item) -> Markup {
        let entry = &item.entry;
        let side = if entry.direction == Some(Direction::Outbound) { "bubble out" } else { "bubble in" };
        html! {
            li class=(side) id=(entry.id) data-at=(entry.at.as_millis()) data-marked[self.part.marked == Some(entry.id)] tabindex=[(self.part.marked == Some(entry.id)).then_some("-1")] {
                header {
                    (self.choice(entry))
                    span.from {
                        @match self.other_author(entry) {
                            Some((profile, name)) => a href=(format!("/customers/{profile}")) { (name) },
                            None => (self.author(entry)),
                        }
                    }
                    div.when {
                        @if let Some(receipt) = &item.receipt { (receipt.markup()) }
                        (envelope(self.frame, entry, &self.author(entry), item.reading.as_ref().map(|reading| &reading.envelope)))
                        (self.clock(entry))
                        (self.menu(item))
                    }
                }
                @if let Some(reading) = &item.reading { (body(entry.id, reading, Shape::Best, false)) }
                @if let Some(receipt) = &item.receipt { (self.way_out(entry, receipt)) }
            }
        }
    }

    /// The time, which is also the address of the entry.
    fn clock(&self, entry: &Entry) -> Markup {
        html! {
            a.at href=(address_of(self.conversation.number, entry.id)) title=(said::LINK_TO_IT) { (self.frame.moments.clock(entry.at)) }
        }
    }

    /// The box by which an entry is chosen to be split off.
    fn choice(&self, entry: &Entry) -> Markup {
        html! {
            @if self.chooses {
                label.tick {
                    input type="checkbox" form=(CHOOSING) name="entry" value=(entry.id) aria-label=(format!("{}: {}", said::CHOOSE, if entry.kind == EntryKind::Note { words::source(&entry.source) } else { self.author(entry) }));
                }
            }
        }
    }

    fn menu(&self, item: &Item) -> Markup {
        let (entry, number) = (&item.entry, self.conversation.number);
        let receipt = item.receipt.as_ref();
        if !self.frame.may_write || self.chooses {
            return html! {};
        }
        more_menu(
            said::WITH_MESSAGE,
            html! {
                @if receipt.is_some_and(|receipt| receipt.can_recall) {
                    form method="post" action=(format!("/conversations/{number}/recall/{}", entry.id)) { button { (Icon::Undo.svg()) (said::RECALL) } }
                }
                a href=(address_of(number, entry.id)) data-copy-link { (Icon::Copy.svg()) (said::COPY_LINK) }
                @if entry.has_body { a href=(format!("/entries/{}/headers", entry.id)) { (Icon::Mail.svg()) (said::SHOW_HEADERS) } }
                @if self.conversation.messages > 1 {
                    hr;
                    form method="post" action=(format!("/conversations/{number}/threads")) {
                        input type="hidden" name="entry" value=(entry.id);
                        button name="what" value="split" { (Icon::Split.svg()) (said::SPLIT_HERE) }
                    }
                    a href=(format!("/conversations/{number}?choose=1#{}", entry.id)) { (Icon::Check.svg()) (said::CHOOSE_SOME) }
                }
            },
        )
    }

    /// What is to be known of a message that waits, did not arrive, or may arrive twice.
    fn way_out(&self, entry: &Entry, receipt: &Receipt) -> Markup {
        let base = format!("/conversations/{}", self.conversation.number);
        html! {
            @if receipt.perhaps_twice { p.way-out.warn { (Icon::Warn.svg()) span { (said::PERHAPS_TWICE) } } }
            @if receipt.can_retry {
                div.way-out.bad {
                    (Icon::Warn.svg())
                    div {
                        p { (said::NOT_ARRIVED) @if receipt.missed.is_empty() && !receipt.why.is_empty() { " " (words::sentence(&receipt.why)) } }
                        @if !receipt.missed.is_empty() {
                            ul { @for (address, why) in &receipt.missed { li { strong { (address) } @if !why.is_empty() { ": " (why) } } } }
                        }
                    }
                    @if self.frame.may_write {
                        form method="post" action=(format!("{base}/retry/{}", entry.id)) { button.small { (Icon::Undo.svg()) (said::RETRY) } }
                    }
                }
            } @else if let Some(due) = receipt.due.filter(|_| !receipt.why.is_empty()) {
                p.way-out.warn {
                    (Icon::Clock.svg())
                    span { (said::TRIED_AGAIN) " " (self.frame.moments.clock(due)) ": " (receipt.why) }
                    @if self.frame.may_write {
                        form method="post" action=(format!("{base}/retry/{}", entry.id)) { button.small { (said::RETRY_NOW) } }
                    }
                }
            }
        }
    }

    fn author(&self, entry: &Entry) -> String {
        let named = ["agent", "from_name", "author"].iter().find_map(|key| entry.properties.get(*key));
        match (entry.direction, named) {
            (_, Some(name)) => name.to_string(),
            (Some(Direction::Outbound), None) if entry.source.kind() == SourceKind::Agent => {
                words::source(&entry.source)
            }
            (Some(Direction::Outbound), None) => words::YOUR_TEAM.to_owned(),
            _ => match self.part.authors.get(&entry.contact) {
                Some((_, name)) => name.clone(),
                None => self.customer.to_owned(),
            },
        }
    }

    /// The customer who wrote, where that is not the one whose profile stands beside.
    fn other_author(&self, entry: &Entry) -> Option<(ProfileId, &str)> {
        let (profile, name) = self.part.authors.get(&entry.contact)?;
        let is_other = entry.direction != Some(Direction::Outbound) && self.about != Some(*profile);
        is_other.then_some((*profile, name.as_str()))
    }

    fn note(&self, entry: &Entry) -> Markup {
        html! {
            li.bubble.note id=(entry.id) data-marked[self.part.marked == Some(entry.id)] {
                header {
                    (self.choice(entry))
                    span.from { (words::source(&entry.source)) }
                    span.when { (Icon::Note.svg()) (said::NOTE) " " (self.clock(entry)) }
                }
                p.text dir="auto" { (entry.summary) }
            }
        }
    }

    fn deed(&self, entry: &Entry) -> Markup {
        let value = |name: &str| entry.properties.get(name).map(shown).unwrap_or_default();
        let does_itself = matches!(entry.title.as_str(), "woken" | "opened" | "satisfaction");
        let other = ["to", "from"].into_iter().find_map(|name| self.named(entry.properties.get(name)));
        let comment = Some(&entry.summary).filter(|words| !words.is_empty() && other.is_none());
        html! {
            li.deed id=(entry.id) data-marked[self.part.marked == Some(entry.id)] {
                span {
                    @if !does_itself { (words::source(&entry.source)) " " }
                    @match other {
                        Some((number, subject)) => {
                            (said::deed_with(&entry.title, entry.properties.contains_key("from"))) " "
                            a href=(format!("/conversations/{number}")) { "#" (number) @if !subject.is_empty() { " " (subject) } }
                        },
                        None => (said::deed(entry.source.name(), &entry.title, &value("from"), &value("to"))),
                    }
                    @if let Some(comment) = comment { ": “" (comment) "”" }
                    span.dot {} (self.clock(entry))
                }
            }
        }
    }

    /// The conversation that a value names: its number and its subject.
    fn named(&self, value: Option<&Value>) -> Option<(u64, &str)> {
        let Some(Value::Text(text)) = value else { return None };
        let id = text.parse::<ConversationId>().ok()?;
        self.part.named.get(&id).map(|(number, subject)| (*number, subject.as_str()))
    }
}

fn shown(value: &Value) -> String {
    /// As many as a line holds.
    const SHOWN: usize = 6;
    match value {
        Value::List(items) => {
            let first = items.iter().take(SHOWN).map(ToString::to_string).collect::<Vec<_>>().join(", ");
            match items.len().saturating_sub(SHOWN) {
                0 => first,
                more => said::and_more(&first, more),
            }
        }
        other => other.to_string(),
    }
}
