//! The page of one customer: who it is on top, three panes below.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use maud::{Markup, html};
use whom_core::{
    engine::Opened,
    model::{ContactId, Conversation, EntryId, ProfileId, ProfileState, Source, Tally, Timestamp},
    rules::Rules,
    view::ProfileView,
};

use super::{
    conversations::{self, Conversations},
    head,
    info_pane::{self, InfoPane},
    timeline::{self, Around, Slice, Timeline},
};
use crate::pages::{
    back::NewsQuery,
    components::{Notice, notice, toast},
    conversation::Receipt,
    encoded,
    frame::{Frame, Part},
    icons::Icon,
    words::{self, profile as say},
};

/// All that the page shows.
pub(crate) struct ProfilePage {
    /// Who it is, and how the profile came together.
    pub(crate) opened: Opened,
    /// What the info pane shows.
    pub(crate) info: InfoPane,
    /// Their conversations, the latest first.
    pub(crate) conversations: Vec<Conversation>,
    /// What is looked for among them.
    pub(crate) find: String,
    /// The part of the record that is shown.
    pub(crate) slice: Slice,
    /// How messages of ours on it went out.
    pub(crate) receipts: HashMap<EntryId, Receipt>,
    /// How much happened in which month.
    pub(crate) activity: Tally,
    /// What contacts of the history are called that belong to others by now.
    pub(crate) gone: BTreeMap<ContactId, String>,
    /// The rules in force, which say what properties there are.
    pub(crate) rules: Arc<Rules>,
    /// What was just done.
    pub(crate) news: Option<News>,
    /// Tells this form of a note from the next, so that sending it twice saves it once.
    pub(crate) note_request: String,
    /// A note that was not saved, to be tried again.
    pub(crate) note: String,
}

impl ProfilePage {
    /// What the middle pane shows.
    fn timeline(&self) -> Timeline<'_> {
        Timeline {
            view: &self.opened.view,
            conversations: &self.conversations,
            gone: &self.gone,
            schema: self.rules.schema(),
            slice: &self.slice,
            receipts: &self.receipts,
            pinned: self.info.pinned_ids(),
        }
    }
}

/// What was just done, or was not.
#[derive(Clone, Debug)]
pub(crate) enum News {
    /// It was done: a toast says so, with the way back.
    Done(Markup),
    /// It was not done, for this reason.
    Failed(String),
}

/// The page.
pub(crate) fn page(frame: &Frame, shown: &ProfilePage) -> Markup {
    let view = &shown.opened.view;
    let conversations = Conversations {
        profile: view.id,
        all: &shown.conversations,
        chosen: shown.slice.chosen,
        find: &shown.find,
    };
    frame.page(Part::Customers, &view.name, SCRIPTS, html! {
        article.profile data-profile=(view.id) {
            @if let Some(news) = &shown.news { (told(news)) }
            // There is a place for it in any case, so that it comes and goes without the page.
            div #profile-state data-live=(format!("profile:{}", view.id)) {
                @if let ProfileState::Trashed { at, by } = &view.state { (trashed(frame, view, *at, by)) }
            }
            (head::head(frame, &shown.info))
            nav.panes-nav aria-label=(words::PARTS_OF_PROFILE) {
                a href="#conversations" { (Icon::Chat.svg()) span { (words::CONVERSATIONS) } }
                a href="#timeline" { (Icon::Steps.svg()) span { (words::TIMELINE) } }
                a href="#about" { (Icon::Badge.svg()) span { (words::ABOUT) } }
            }
            div.panes {
                section.pane.side.conversations-pane #conversations aria-labelledby="conversations-title" data-live=(format!("profile:{}", view.id)) {
                    (conversations::pane(frame, &conversations))
                }
                section.pane.middle #timeline aria-labelledby="timeline-title" data-since=(say::SINCE_YOU_WERE_HERE) { (middle(frame, shown)) }
                section.pane.side #about aria-labelledby="about-title" data-live=(shown.info.topics()) {
                    (info_pane::shown(frame, &shown.info))
                }
            }
        }
    })
}

/// That the profile is in the trash, since when and by whom, and the way back.
fn trashed(frame: &Frame, view: &ProfileView, at: Timestamp, by: &Source) -> Markup {
    notice(
        Notice::Failed,
        html! {
            span { (words::IN_TRASH) " " (words::source(by)) ", " (frame.moments.ago(at)) }
            @if frame.may_write {
                form method="post" action=(format!("/customers/{}/restore", view.id)) data-quick { button.small { (Icon::Undo.svg()) (say::RESTORE) } }
            }
        },
    )
}

/// The middle pane alone.
pub(crate) fn middle(frame: &Frame, shown: &ProfilePage) -> Markup {
    let counts = shown.opened.counts(&shown.activity);
    let around = Around {
        activity: &shown.activity,
        counts: &counts,
        note_request: &shown.note_request,
        note: &shown.note,
    };
    timeline::pane(frame, &shown.timeline(), &around)
}

/// The rows of the middle pane alone.
pub(crate) fn rows(frame: &Frame, shown: &ProfilePage) -> Markup {
    timeline::part(frame, &shown.timeline())
}

const SCRIPTS: &[&str] = &[
    "more.js",
    "fragment.js",
    "swap.js",
    "note.js",
    "timeline.js",
    "record.js",
    "filter.js",
    "edit.js",
    "copies.js",
    "suggest.js",
    "loads.js",
    "reveal.js",
    "details.js",
];

fn told(news: &News) -> Markup {
    match news {
        News::Done(toast) => toast.clone(),
        News::Failed(why) => notice(Notice::Failed, html! { (words::sentence(why)) }),
    }
}

/// What was done, in words, with the way back.
pub(crate) fn news(profile: ProfileId, told: &NewsQuery, photo: Option<&str>) -> Option<News> {
    let here = format!("/customers/{profile}");
    match (told.done.as_deref()?, photo) {
        ("photo-removed", Some(photo)) => {
            let undo = format!("{here}/photo/restore?photo={}", encoded(photo));
            Some(News::Done(toast(html! { (say::DONE_PHOTO_REMOVED) }, Some(&undo))))
        }
        _ => told.toast(&here).map(News::Done),
    }
}
