//! The page of one customer: who it is on top, three panes below.

use std::collections::BTreeMap;

use maud::{Markup, html};
use whom_core::{
    model::{
        ContactId, Conversation, ConversationId, MembershipChange, ProfileId, ProfileState, PropertyType,
    },
    view::ProfileView,
};

use super::{
    conversations, info_pane,
    timeline::{self, Slice},
};
use crate::pages::{
    components::{Month, Notice, Size, avatar, kind_chip, notice, spark},
    frame::{Frame, Part},
    words,
};

/// All that the page shows.
#[derive(Clone, Debug)]
pub(crate) struct ProfilePage {
    /// Who it is.
    pub(crate) view: ProfileView,
    /// Their conversations, the latest first.
    pub(crate) conversations: Vec<Conversation>,
    /// The conversation that was jumped to.
    pub(crate) chosen: Option<ConversationId>,
    /// The part of the timeline that is shown.
    pub(crate) slice: Slice,
    /// How much happened in the last twelve months; none when only a part was read.
    pub(crate) activity: Option<[Month; 12]>,
    /// How the profile came together, the latest last.
    pub(crate) history: Vec<MembershipChange>,
    /// What contacts of the history are called that belong to others by now.
    pub(crate) gone: BTreeMap<ContactId, String>,
    /// What was just done.
    pub(crate) news: Option<News>,
    /// Tells this form of a note from the next, so that sending it twice saves it once.
    pub(crate) note_request: String,
}

/// What was just done, or was not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// A note was saved.
    Noted,
    /// A contact was detached and has this profile now.
    Detached(Option<ProfileId>),
    /// Another profile was merged into this one.
    Merged,
    /// A change of membership was undone.
    Undone,
    /// It was not done, for this reason.
    Failed(String),
}

impl News {
    /// Reads the word behind `?done=`.
    pub(crate) fn from_word(word: &str, to: Option<ProfileId>) -> Option<Self> {
        match word {
            "noted" => Some(Self::Noted),
            "detached" => Some(Self::Detached(to)),
            "merged" => Some(Self::Merged),
            "undone" => Some(Self::Undone),
            _ => None,
        }
    }
}

/// The page.
pub(crate) fn page(frame: &Frame, shown: &ProfilePage) -> Markup {
    let view = &shown.view;
    frame.page(Part::Customers, &view.name, &["more.js", "fragment.js", "swap.js", "note.js"], html! {
        article.profile {
            @if let Some(news) = &shown.news { (told(news)) }
            @if let ProfileState::Trashed { .. } = view.state { (notice(Notice::Failed, html! { (words::IN_TRASH) })) }
            (head(frame, shown))
            nav.panes-nav aria-label=(words::PARTS_OF_PROFILE) {
                a.chip-link href="#conversations" { (words::CONVERSATIONS) }
                a.chip-link href="#timeline" { (words::TIMELINE) }
                a.chip-link href="#about" { (words::ABOUT) }
            }
            div.panes {
                section.pane.side.conversations-pane #conversations aria-labelledby="conversations-title" {
                    (conversations::pane(frame, view.id, &shown.conversations, shown.chosen))
                }
                section.pane #timeline aria-labelledby="timeline-title" {
                    (timeline::pane(frame, view, &shown.conversations, &shown.slice, &shown.note_request))
                }
                section.pane.side #about aria-labelledby="about-title" {
                    (info_pane::pane(frame, view, &shown.history, &shown.gone))
                }
            }
        }
    })
}

fn told(news: &News) -> Markup {
    match news {
        News::Noted => notice(Notice::Done, html! { (words::DONE_NOTE) }),
        News::Detached(to) => notice(
            Notice::Done,
            html! {
                (words::DONE_DETACHED)
                @if let Some(to) = to { " " a href=(format!("/customers/{to}")) { (words::OPEN_IT) } }
            },
        ),
        News::Merged => notice(Notice::Done, html! { (words::DONE_MERGED) }),
        News::Undone => notice(Notice::Done, html! { (words::DONE_UNDONE) }),
        News::Failed(why) => notice(Notice::Failed, html! { (words::sentence(why)) }),
    }
}

fn head(frame: &Frame, shown: &ProfilePage) -> Markup {
    let view = &shown.view;
    let moments = &frame.moments;
    html! {
        header.profile-head {
            (avatar(view.id, &view.name, view.kind, photo(view), Size::Large))
            div.title {
                h1 { (view.name) " " (kind_chip(view.kind)) }
                p.line { (line(view)) }
            }
            dl.figures {
                div { dt { (words::FIRST_SEEN) } dd { (moments.date(view.first_seen)) } }
                div { dt { (words::LAST_SEEN) } dd { (moments.ago(view.last_seen)) } }
                div { dt { (words::MESSAGES) } dd { (words::thousands(view.messages)) } }
                div { dt { (words::EVENTS) } dd { (words::thousands(view.events)) } }
                @if let Some(months) = shown.activity.as_ref().filter(|months| months.iter().any(|month| *month != Month::default())) {
                    div.activity { dt { (words::LAST_YEAR) } dd { (spark(months, moments)) } }
                }
            }
        }
    }
}

/// The photo, where there is one.
pub(crate) fn photo(view: &ProfileView) -> Option<&str> {
    let field = view.fields.iter().find(|field| field.kind == PropertyType::Picture)?;
    field.values.first()?.value.as_text()
}

/// What tells them from others of that name: `Structural engineer, Fjällbro Konsult · Åre, Sweden`.
fn line(view: &ProfileView) -> Markup {
    let text = |key: &str| view.value(key).map(ToString::to_string);
    let company = text("company").or_else(|| view.accounts.first().map(|account| account.name.clone()));
    let work: Vec<String> = [text("job_title"), company].into_iter().flatten().collect();
    let reach = view.contacts.iter().find(|contact| contact.reaches).map(|contact| contact.raw.clone());
    let parts = [Some(work.join(", ")).filter(|work| !work.is_empty()), text("location"), reach];
    html! {
        @for (place, part) in parts.iter().flatten().enumerate() {
            @if place > 0 { span.dot {} }
            (part)
        }
    }
}
