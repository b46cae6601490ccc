//! The notices of a person: one document, the latest first.

use serde::{Deserialize, Serialize};
use whom_core::{
    model::Timestamp,
    store::{DocumentKind, StoreError},
};

use crate::{
    app::AppState,
    documents::{self, Fate, Stored},
    live::Signal,
    sight::cover_line,
};

/// The most notices that are kept of one person.
const MOST: usize = 100;
/// The longest line of a notice, in characters.
const LONGEST: usize = 160;

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Sort {
    /// A conversation was given to them.
    Assigned,
    /// A customer answered in a conversation of theirs.
    Answered,
    /// Somebody named them in a note.
    Mentioned,
    /// Somebody gave them a task.
    Given,
    /// A task of theirs is due.
    Due,
    /// Something they began is finished, such as an export.
    Finished,
    /// A message of theirs could not be delivered.
    SendFailed,
}

impl Sort {
    /// The word for it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Answered => "answered",
            Self::Mentioned => "mentioned",
            Self::Given => "given",
            Self::Due => "due",
            Self::Finished => "finished",
            Self::SendFailed => "send_failed",
        }
    }
}

/// Something somebody is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Notice {
    /// Follows from what it is about, so that nothing is told twice.
    pub(crate) id: String,
    /// When it happened.
    pub(crate) at: Timestamp,
    /// What it is about.
    pub(crate) sort: Sort,
    /// What it is about in words, such as the subject of a conversation.
    pub(crate) about: String,
    /// Who did it, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) by: Option<String>,
    /// The page to open.
    pub(crate) link: String,
    /// Whether it was read.
    #[serde(default)]
    pub(crate) read: bool,
}

/// What is kept of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Notices {
    /// The latest first.
    pub(crate) notices: Vec<Notice>,
    /// Whether what is given to them opens by itself.
    pub(crate) opens: bool,
}

impl Stored for Notices {
    const KIND: DocumentKind = DocumentKind::Notification;
}

impl Notices {
    /// The latest first, as whoever asks may see them.
    pub(crate) fn seen(&self) -> Vec<Notice> {
        let cover = |one: &Notice| Notice { about: cover_line(one.about.clone()), ..one.clone() };
        self.notices.iter().map(cover).collect()
    }

    /// How many were not read.
    pub(crate) fn unread(&self) -> usize {
        self.notices.iter().filter(|notice| !notice.read).count()
    }
}

/// The notices of somebody.
pub(crate) async fn notices_of(state: &AppState, login: &str) -> Result<Notices, StoreError> {
    Ok(documents::get(state.store(), login).await?.unwrap_or_default())
}

/// Tells somebody something: keeps it, and shows it in the pages they have open. The same notice again is none.
pub(crate) async fn tell(state: &AppState, login: &str, mut notice: Notice) -> Result<(), StoreError> {
    notice.about = notice.about.chars().take(LONGEST).collect();
    let told = documents::change(state.store(), login, state.now(), |known: Option<Notices>| {
        let mut known = known.unwrap_or_default();
        if known.notices.iter().any(|one| one.id == notice.id) {
            return (Fate::Keep, None);
        }
        known.notices.insert(0, notice.clone());
        known.notices.truncate(MOST);
        let (unread, opens) = (known.unread(), known.opens);
        (Fate::Put(known), Some((unread, opens)))
    })
    .await?;
    if let Some((unread, opens)) = told {
        let opens = opens && notice.sort == Sort::Assigned;
        let told = serde_json::json!({ "notice": notice, "unread": unread, "opens": opens });
        state.hub().give(Signal::Told { login: login.to_owned(), told });
    }
    Ok(())
}

/// Marks notices as read: one, or all; gives how many are left.
pub(crate) async fn mark_read(state: &AppState, login: &str, id: Option<&str>) -> Result<usize, StoreError> {
    let unread = documents::change(state.store(), login, state.now(), |known: Option<Notices>| {
        let mut known = known.unwrap_or_default();
        let mut is_news = false;
        for one in known.notices.iter_mut().filter(|one| id.is_none_or(|id| one.id == id)) {
            is_news |= !one.read;
            one.read = true;
        }
        let unread = known.unread();
        (if is_news { Fate::Put(known) } else { Fate::Keep }, (unread, is_news))
    })
    .await?;
    if unread.1 {
        let told = serde_json::json!({ "unread": unread.0 });
        state.hub().give(Signal::Told { login: login.to_owned(), told });
    }
    Ok(unread.0)
}

/// Whether what is given to somebody opens by itself.
pub(crate) async fn set_opens(state: &AppState, login: &str, opens: bool) -> Result<(), StoreError> {
    documents::change(state.store(), login, state.now(), |known: Option<Notices>| {
        (Fate::Put(Notices { opens, ..known.unwrap_or_default() }), ())
    })
    .await
}
