//! The page of one conversation.

use maud::{Markup, html};
use whom_core::model::{Conversation, ProfileId, TimelineCursor};

use super::{
    composer::{self, Composer},
    head::{self, Around},
    thread::{self, Item},
};
use crate::pages::{
    components::{Notice, notice, toast},
    frame::{Frame, Part},
    words::conversation as said,
};

/// All that the page shows.
pub(super) struct Talk<'a> {
    /// The conversation.
    pub(super) conversation: Conversation,
    /// Whose page tells how messages of ours went out.
    pub(super) about: Option<ProfileId>,
    /// What the customer is called.
    pub(super) customer: String,
    /// The part of the thread that is shown.
    pub(super) items: Vec<Item>,
    /// Where the part before it ends.
    pub(super) before: Option<TimelineCursor>,
    /// What the head has to know besides.
    pub(super) around: Around<'a>,
    /// Where to write; nothing for whoever may not.
    pub(super) composer: Option<Composer<'a>>,
    /// The customer, as their own page shows them.
    pub(super) side: Markup,
    /// What was just done, and the path that takes it back.
    pub(super) news: Option<(&'static str, Option<String>)>,
    /// Whether something was just sent, so that the browser forgets its own draft.
    pub(super) was_sent: bool,
}

/// The page.
pub(super) fn page(frame: &Frame, talk: &Talk<'_>) -> Markup {
    let conversation = &talk.conversation;
    let subject = if conversation.subject.is_empty() { said::NO_SUBJECT } else { &conversation.subject };
    let scripts = ["edit.js", "more.js", "fragment.js", "swap.js", "presence.js", "composer.js", "files.js"];
    let mut topics = format!("conversation:{}", conversation.id);
    if let Some(profile) = talk.about {
        topics.push_str(&format!(" profile:{profile}"));
    }
    frame.page(
        Part::Inbox,
        &format!("#{} {subject}", conversation.number),
        &scripts,
        html! {
            @if let Some((words, undo)) = &talk.news { (toast(html! { (words) }, undo.as_deref())) }
            div.talk data-sent[talk.was_sent] {
                article.talk-main {
                    (head::head(frame, conversation, &talk.around))
                    ol.thread #thread data-live=(topics) aria-label=(said::THREAD) {
                        (thread::items(frame, conversation, &talk.customer, &talk.items, talk.before))
                    }
                    @if let Some(composer) = &talk.composer { (composer::composer(conversation, composer)) }
                }
                aside.talk-side aria-label=(said::CUSTOMER) { (talk.side) }
            }
        },
    )
}

/// What stands in the place of a customer who is no longer known.
pub(super) fn nobody() -> Markup {
    notice(Notice::Failed, html! { (said::GONE) })
}
