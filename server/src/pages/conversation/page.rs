//! The page of one conversation.

use maud::{Markup, html};
use whom_core::model::{Conversation, ProfileId};

use super::{
    composer::{self, Composer},
    head::{self, Around},
    part::Part as ThreadPart,
    thread::{self, Thread},
};
use crate::pages::{
    components::{Notice, notice, toast},
    frame::{Frame, Part},
    icons::Icon,
    profile,
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
    pub(super) part: ThreadPart,
    /// Whether messages are being chosen to be split off.
    pub(super) chooses: bool,
    /// What the head has to know besides.
    pub(super) around: Around<'a>,
    /// Where to write; nothing for whoever may not.
    pub(super) composer: Option<Composer<'a>>,
    /// The customer, as their own page shows them.
    pub(super) side: Markup,
    /// What was just done, and the path that takes it back.
    pub(super) news: Option<(Markup, Option<String>)>,
    /// Whether something was just sent, so that the browser forgets its own draft.
    pub(super) was_sent: bool,
}

/// The page.
pub(super) fn page(frame: &Frame, talk: &Talk<'_>) -> Markup {
    let conversation = &talk.conversation;
    let subject = if conversation.subject.is_empty() { said::NO_SUBJECT } else { &conversation.subject };
    let own = [
        "edit.js",
        "more.js",
        "fragment.js",
        "swap.js",
        "presence.js",
        "composer.js",
        "files.js",
        "thread.js",
        "pick.js",
    ];
    let scripts = [own.as_slice(), profile::BESIDE_SCRIPTS.as_slice()].concat();
    let thread = Thread {
        frame,
        conversation,
        about: talk.about,
        customer: &talk.customer,
        part: &talk.part,
        chooses: talk.chooses,
    };
    let mut topics = format!("conversation:{}", conversation.id);
    if let Some(profile) = talk.about {
        topics.push_str(&format!(" profile:{profile}"));
    }
    frame.page(
        Part::Inbox,
        &format!("#{} {subject}", conversation.number),
        &scripts,
        html! {
            @if let Some((words, undo)) = &talk.news { (toast(words.clone(), undo.as_deref())) }
            div.talk data-sent[talk.was_sent] {
                article.talk-main {
                    (head::head(frame, conversation, &talk.customer, &talk.around))
                    @if talk.chooses { (choosing(conversation)) }
                    ol.thread #thread data-live=(topics) data-live-keeps="outside" aria-label=(said::THREAD) { (thread.items()) }
                    @if let Some(composer) = talk.composer.as_ref().filter(|_| !talk.chooses) { (composer::composer(conversation, composer)) }
                }
                aside.talk-side #customer aria-label=(said::CUSTOMER) { (talk.side) }
            }
        },
    )
}

/// What is done with the messages that are chosen.
fn choosing(conversation: &Conversation) -> Markup {
    let base = format!("/conversations/{}", conversation.number);
    html! {
        form.choosing id=(thread::CHOOSING) method="post" action=(format!("{base}/threads")) {
            input type="hidden" name="only" value="1";
            p { (said::CHOOSE_WHICH) }
            div.buttons {
                button.primary name="what" value="split" { (Icon::Split.svg()) (said::SPLIT_OFF) }
                a.button href=(base) { (said::CANCEL) }
            }
        }
    }
}

/// What stands in the place of a customer who is no longer known.
pub(super) fn nobody() -> Markup {
    notice(Notice::Failed, html! { (said::GONE) })
}
