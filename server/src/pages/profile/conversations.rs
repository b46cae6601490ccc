//! The left pane: every conversation a customer ever had.

use maud::{Markup, html};
use whom_core::model::{Conversation, ConversationId, ConversationStatus, Direction, ProfileId};

use crate::pages::{components::channel_icon, frame::Frame, words};

/// The list; each one leads to its place in the timeline.
pub(crate) fn pane(
    frame: &Frame,
    profile: ProfileId,
    all: &[Conversation],
    chosen: Option<ConversationId>,
) -> Markup {
    html! {
        h2 #conversations-title { (words::CONVERSATIONS) @if !all.is_empty() { " " (all.len()) } }
        div.card {
            @if all.is_empty() { p.block.soft { (words::NO_CONVERSATIONS) } }
            ul.conversations {
                @for one in all {
                    li {
                        a href=(address(profile, one.id)) aria-current=[(chosen == Some(one.id)).then_some("true")] {
                            span.subject { (subject(one)) }
                            @if waits(one, frame) {
                                span.waiting title=(words::WAITING) {}
                            }
                            span.faint {
                                (channel_icon(one.channel.as_str()).svg())
                                "#" (one.number)
                                span.dot {} (frame.moments.date(one.last_message))
                                @if one.messages > 1 { span.dot {} (words::thousands(one.messages)) }
                                @if let Some(status) = words::status(one.status) { span.dot {} (status) }
                                @if waits(one, frame) { span.unseen { ", " (words::WAITING) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The address of a conversation's place in the timeline.
pub(crate) fn address(profile: ProfileId, conversation: ConversationId) -> String {
    format!("/customers/{profile}?at={conversation}#{conversation}")
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
