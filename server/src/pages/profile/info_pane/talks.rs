//! Conversations as a card: on the customer's page the one to go on with, beside one the others.

use maud::{Markup, html};
use whom_core::model::{Conversation, ConversationStatus, Direction};

use super::{InfoPane, Place};
use crate::pages::{
    components::{Control, InlineEdit, channel_icon},
    frame::Frame,
    icons::Icon,
    profile::conversations::subject,
    words::{self, conversation as said, profile as say},
};

/// How many others stand beside a conversation.
const OTHERS: usize = 5;

/// Those that the card shows, of all in the order of their latest messages.
pub(super) fn chosen(place: Place, all: &[Conversation]) -> Vec<Conversation> {
    match place {
        Place::Beside(number) => {
            all.iter().filter(|one| one.number != number).take(OTHERS).cloned().collect()
        }
        Place::Own | Place::Preview => to_go_on_with(all).into_iter().cloned().collect(),
    }
}

/// The latest that is open, else the latest that waits for the customer, else the latest.
pub(crate) fn to_go_on_with(all: &[Conversation]) -> Option<&Conversation> {
    let latest = |status| all.iter().find(|one| one.status == status);
    latest(ConversationStatus::Open).or_else(|| latest(ConversationStatus::Pending)).or_else(|| all.first())
}

/// The card.
pub(super) fn card(frame: &Frame, pane: &InfoPane) -> Markup {
    match (pane.place, pane.talks.as_slice()) {
        (_, []) => Markup::default(),
        (Place::Beside(_), others) => list(frame, others),
        (place, [one, ..]) => single(frame, one, place == Place::Own),
    }
}

fn list(frame: &Frame, others: &[Conversation]) -> Markup {
    html! {
        div.block {
            h2 { (say::OTHER_CONVERSATIONS) }
            ul.contacts {
                @for one in others {
                    li {
                        (channel_icon(one.channel.as_str()).svg())
                        div {
                            a href=(format!("/conversations/{}", one.number)) { (subject(one)) }
                            div.faint { "#" (one.number) span.dot {} (words::capital(one.status.as_str())) span.dot {} (frame.moments.ago(one.last_message)) }
                        }
                    }
                }
            }
        }
    }
}

fn single(frame: &Frame, one: &Conversation, has_key: bool) -> Markup {
    let waits = one.status == ConversationStatus::Open && one.last_direction == Direction::Inbound;
    let address = format!("/conversations/{}", one.number);
    html! {
        div.block.talk-card {
            h2 { (say::CONVERSATION) }
            a.talk-subject href=(address) { span.faint { "#" (one.number) " " } (subject(one)) }
            dl.pairs {
                dt { (said::STATUS) }
                dd { (words::capital(one.status.as_str())) }
                dt { (said::ASSIGNEE) }
                dd { (one.assignee.as_deref().map_or_else(|| said::NOBODY.to_owned(), words::colleague)) }
                dt { (if waits { say::WAITING_SINCE } else { said::LAST_MESSAGE }) }
                dd { (frame.moments.ago(one.last_message)) }
                dt { (said::CHANNEL) }
                dd { (words::channel(one.channel.as_str())) }
                dt { (say::TOPIC) }
                dd { (topic(frame, one)) }
            }
            @if frame.may_write {
                a.button.small href=(format!("{address}#reply")) data-key=[has_key.then_some("r")] data-key-says=(say::KEY_REPLY) { (Icon::Reply.svg()) (said::REPLY) }
            }
        }
    }
}

/// What it is about, to be said where the subject does not.
fn topic(frame: &Frame, one: &Conversation) -> Markup {
    if !frame.may_write {
        return html! { (one.topic) };
    }
    let action = format!("/conversations/{}/edit", one.number);
    let version = one.version.to_string();
    InlineEdit {
        id: "talk-topic",
        label: say::TOPIC,
        action: &action,
        name: "property:topic",
        value: &one.topic,
        version: &version,
        control: Control::Line("text"),
        hint: say::TOPIC_HINT,
    }
    .markup()
}
