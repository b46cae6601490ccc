//! The left pane: every conversation a customer ever had, those about one topic together.

use maud::{Markup, html};
use whom_core::model::{
    Conversation, ConversationId, ConversationStatus, Direction, ProfileId, bare_subject,
};

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
                a.button.small href=(format!("/conversations/new?to={}", shown.profile)) data-key="c" data-key-says=(say::KEY_NEW) title=(say::NEW_CONVERSATION) { (Icon::Plus.svg()) (say::NEW_SHORT) span.unseen { " " (say::NEW_CONVERSATION) } }
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

/// Whether a conversation is one that somebody looks for, by words of its subject or topic or by its number.
fn matches(one: &Conversation, find: &str) -> bool {
    let text = format!("#{} {} {}", one.number, one.subject, one.topic).to_lowercase();
    find.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

/// Conversations about one topic together, each group where its latest stands.
fn by_topic<'a>(all: &[&'a Conversation]) -> Vec<Vec<&'a Conversation>> {
    let mut groups: Vec<(String, Vec<&Conversation>)> = Vec::new();
    for one in all {
        let topic = one.topic.to_lowercase();
        match groups.iter_mut().find(|(known, _)| !topic.is_empty() && *known == topic) {
            Some((_, group)) => group.push(one),
            None => groups.push((topic, vec![one])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

fn topic(frame: &Frame, shown: &Conversations<'_>, group: &[&Conversation]) -> Markup {
    let [first, others @ ..] = group else { return Markup::default() };
    let has_chosen = group.iter().any(|one| shown.chosen == Some(one.id));
    html! {
        @if others.is_empty() {
            li { (row(frame, shown, first, true)) }
        } @else {
            li.topic data-id=(format!("topic-{}", first.id)) {
                details open[has_chosen || !shown.find.is_empty()] {
                    summary {
                        span.subject { (first.topic) }
                        @if group.iter().any(|one| waits(one, frame)) { span.waiting title=(words::WAITING) {} }
                        span.faint { (words::count(group.len() as u64, "conversation", "conversations")) span.dot {} (frame.moments.date(first.last_message)) }
                    }
                    // Where agents said what they are about, each has a subject of its own.
                    @let says = group.iter().any(|one| bare_subject(&one.subject) != bare_subject(&first.subject));
                    ul { @for one in group { li { (row(frame, shown, one, says)) } } }
                }
            }
        }
    }
}

fn row(frame: &Frame, shown: &Conversations<'_>, one: &Conversation, says_subject: bool) -> Markup {
    let is_waiting = waits(one, frame);
    html! {
        a data-goto href=(address(shown.profile, one.id)) aria-current=[(shown.chosen == Some(one.id)).then_some("true")] data-text=(format!("#{} {} {}", one.number, one.subject, one.topic)) title=(words::count(one.messages, "message", "messages")) {
            @if says_subject { span.subject { (subject(one)) } } @else { span.subject.number { "#" (one.number) } }
            @if is_waiting { span.waiting title=(words::WAITING) {} }
            span.faint {
                (channel_icon(one.channel.as_str()).svg())
                @if says_subject { "#" (one.number) span.dot {} }
                (frame.moments.date(one.started))
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
    use whom_core::model::{Channel, TOPIC, Timestamp, Value};

    use super::*;

    #[test]
    fn conversations_about_one_topic_stand_together_where_the_latest_of_them_is() {
        let one = |number: u64, subject: &str, topic: Option<&str>| {
            let id = ConversationId::from_bytes([number as u8; 10]);
            let mut one = Conversation::new(id, subject, Channel::email(), Timestamp::from_millis(0));
            one.number = number;
            one.properties.extend(topic.and_then(|topic| Some((TOPIC.to_owned(), Value::text(topic)?))));
            one.settle_topic();
            one
        };
        let all = [
            one(5, "Re: Where is my tent?", None),
            one(4, "", None),
            one(3, "Pegs are missing", Some("where is my Tent?")),
            one(2, "", None),
            one(1, "Invoice: March", None),
        ];
        let all: Vec<&Conversation> = all.iter().collect();
        let numbers: Vec<Vec<u64>> =
            by_topic(&all).iter().map(|group| group.iter().map(|one| one.number).collect()).collect();
        assert_eq!(numbers, [vec![5, 3], vec![4], vec![2], vec![1]]);
        assert!(matches(all[2], "tent") && matches(all[2], "#3 pegs") && !matches(all[4], "tent"));
    }
}
