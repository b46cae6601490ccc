//! The left pane: every conversation a customer ever had, those about one topic together.

use maud::{Markup, html};
use whom_core::model::{Conversation, ConversationId, ConversationStatus, Direction, ProfileId};

use crate::pages::{
    components::channel_icon,
    encoded,
    frame::Frame,
    icons::Icon,
    words::{self, profile as say},
};

/// With more conversations than this there is a field to find one.
const FEW: usize = 5;

/// What the pane shows.
pub(crate) struct Conversations<'a> {
    /// Whose they are.
    pub(crate) profile: ProfileId,
    /// All of them, the latest message first.
    pub(crate) all: &'a [Conversation],
    /// The one that was jumped to.
    pub(crate) chosen: Option<ConversationId>,
    /// What is looked for among them.
    pub(crate) find: &'a str,
}

/// The list; each one leads to its beginning in the timeline.
pub(crate) fn pane(frame: &Frame, shown: &Conversations<'_>) -> Markup {
    let found: Vec<&Conversation> = shown.all.iter().filter(|one| matches(one, shown.find)).collect();
    html! {
        header.pane-head {
            h2 #conversations-title { (words::CONVERSATIONS) @if !shown.all.is_empty() { " " span.count { (shown.all.len()) } } }
            @if frame.may_write {
                a.button.small href=(format!("/conversations/new?to={}", shown.profile)) data-key="c" data-key-says=(say::KEY_NEW) { (Icon::Chat.svg()) (say::NEW_CONVERSATION) }
            }
        }
        div.card {
            @if shown.all.len() > FEW || !shown.find.is_empty() { (finder(shown)) }
            @if shown.all.is_empty() {
                div.nothing { p { (words::NO_CONVERSATIONS) } p.faint { (say::NO_CONVERSATIONS_NEXT) } }
            } @else if found.is_empty() {
                p.nothing { (say::NO_CONVERSATION_FOUND) }
            }
            ul.conversations data-filtered="find-conversation" {
                @for group in by_topic(&found) { (topic(frame, shown, &group)) }
            }
            p.nothing data-filtered-none="find-conversation" hidden { (say::NO_CONVERSATION_FOUND) }
        }
    }
}

fn finder(shown: &Conversations<'_>) -> Markup {
    html! {
        form.search.find role="search" action=(format!("/customers/{}", shown.profile)) {
            label.unseen for="find-conversation" { (say::FIND_CONVERSATION) }
            (Icon::Search.svg())
            input #find-conversation type="search" name="find" value=(shown.find) placeholder=(say::FIND_CONVERSATION_HINT) autocomplete="off" data-filters;
        }
    }
}

/// Whether a conversation is one that somebody looks for, by words of its subject or by its number.
fn matches(one: &Conversation, find: &str) -> bool {
    let text = format!("#{} {}", one.number, one.subject).to_lowercase();
    find.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

/// Conversations about one topic together, each group where its latest stands.
fn by_topic<'a>(all: &[&'a Conversation]) -> Vec<Vec<&'a Conversation>> {
    let mut groups: Vec<(String, Vec<&Conversation>)> = Vec::new();
    for one in all {
        let topic = topic_of(&one.subject);
        match groups.iter_mut().find(|(known, _)| !topic.is_empty() && *known == topic) {
            Some((_, group)) => group.push(one),
            None => groups.push((topic, vec![one])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// A subject without what answers and forwards put before it, in lower case.
fn topic_of(subject: &str) -> String {
    let mut rest = subject.trim();
    while let Some((before, after)) = rest.split_once(':')
        && matches!(
            before.trim().to_lowercase().as_str(),
            "re" | "aw" | "fw" | "fwd" | "wg" | "sv" | "tr" | "rv"
        )
    {
        rest = after.trim();
    }
    rest.to_lowercase()
}

fn topic(frame: &Frame, shown: &Conversations<'_>, group: &[&Conversation]) -> Markup {
    let [first, others @ ..] = group else { return Markup::default() };
    let has_chosen = group.iter().any(|one| shown.chosen == Some(one.id));
    html! {
        @if others.is_empty() {
            li { (row(frame, shown, first, true)) }
        } @else {
            li.topic {
                details open[has_chosen || !shown.find.is_empty()] {
                    summary {
                        span.subject { (subject(first)) }
                        @if group.iter().any(|one| waits(one, frame)) { span.waiting title=(words::WAITING) {} }
                        span.faint { (words::count(group.len() as u64, "conversation", "conversations")) span.dot {} (frame.moments.date(first.last_message)) }
                    }
                    ul { @for one in group { li { (row(frame, shown, one, false)) } } }
                }
            }
        }
    }
}

fn row(frame: &Frame, shown: &Conversations<'_>, one: &Conversation, says_subject: bool) -> Markup {
    let is_waiting = waits(one, frame);
    html! {
        a data-goto href=(address(shown.profile, one.id)) aria-current=[(shown.chosen == Some(one.id)).then_some("true")] data-text=(format!("#{} {}", one.number, one.subject)) {
            @if says_subject { span.subject { (subject(one)) } } @else { span.subject.number { "#" (one.number) } }
            @if is_waiting { span.waiting title=(words::WAITING) {} }
            span.faint {
                (channel_icon(one.channel.as_str()).svg())
                @if says_subject { "#" (one.number) span.dot {} }
                (frame.moments.date(one.started))
                @if one.messages > 1 { span.dot {} (words::count(one.messages, "message", "messages")) }
                @if let Some(status) = words::status(one.status) { span.dot {} (status) }
                @if is_waiting { span.unseen { ", " (words::WAITING) } }
            }
        }
    }
}

/// The address of a conversation's place in the timeline.
pub(crate) fn address(profile: ProfileId, conversation: ConversationId) -> String {
    format!("/customers/{profile}?at={}#{conversation}", encoded(&conversation.to_string()))
}

/// What a conversation is about.
pub(crate) fn subject(conversation: &Conversation) -> &str {
    if conversation.subject.is_empty() { words::NO_SUBJECT } else { &conversation.subject }
}

/// After how many days nobody waits any more, whatever the status says.
const PATIENCE: i64 = 60;

fn waits(conversation: &Conversation, frame: &Frame) -> bool {
    conversation.status == ConversationStatus::Open
        && conversation.last_direction == Direction::Inbound
        && conversation.last_message.days_until(frame.moments.now()) < PATIENCE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_and_forwards_are_about_the_same() {
        for subject in ["Where is my tent?", "Re: Where is my tent?", "AW: Fwd: re: where is my tent?"] {
            assert_eq!(topic_of(subject), "where is my tent?");
        }
        assert_eq!(topic_of("Invoice: March"), "invoice: march");
        assert_eq!(topic_of("Re:"), "");
    }
}
