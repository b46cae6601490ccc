//! Drafts: what somebody is writing and has not sent, one for each person and conversation, and one for each
//! new message. One that is thrown away stays for a day, so that this can be taken back.

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use whom_core::{
    model::{ConversationId, Timestamp},
    store::{DocumentKind, StoreError},
};

use super::{
    keeping::{self, Kept},
    place::by_number,
};
use crate::{
    app::AppState,
    auth::Principal,
    documents::{self, Fate, Stored},
    http::ApiPath,
    pages::sent::Sent,
    problem::Problem,
    secret,
};

/// The longest draft, in bytes.
const LONGEST: usize = 200_000;

/// The most drafts of one person that are listed.
const MOST: usize = 200;

/// How long what was thrown away can be brought back.
const KEPT_MILLIS: i64 = 24 * 3_600_000;

/// What somebody is writing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Draft {
    /// The text.
    pub(crate) text: String,
    /// `reply` or `note`.
    pub(crate) kind: String,
    /// To whom, where that is not as usual.
    pub(crate) to: String,
    /// Who gets a copy.
    pub(crate) cc: String,
    /// What a new message is about.
    pub(crate) subject: String,
    /// The files that go along.
    pub(crate) files: Vec<Kept>,
    /// When it was saved.
    pub(crate) at: i64,
    /// When it was thrown away.
    pub(crate) thrown: Option<i64>,
}

impl Draft {
    fn is_empty(&self) -> bool {
        self.text.trim().is_empty() && self.subject.trim().is_empty() && self.files.is_empty()
    }
}

impl Stored for Draft {
    const KIND: DocumentKind = DocumentKind::Draft;
}

/// What a draft is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum For {
    /// Something said in a conversation.
    Conversation(ConversationId),
    /// A new message, by the name its page gave it.
    New(String),
}

impl For {
    pub(super) fn key(&self, by: &Principal) -> String {
        match self {
            Self::Conversation(id) => format!("{}|{id}", by.scope()),
            Self::New(name) => format!("{}|new:{name}", by.scope()),
        }
    }

    fn read(name: &str) -> Option<Self> {
        match name.strip_prefix("new:") {
            Some(name) => is_name(name).then(|| Self::New(name.to_owned())),
            None => name.parse().ok().map(Self::Conversation),
        }
    }

    /// The word by which a form names it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Conversation(id) => id.to_string(),
            Self::New(name) => format!("new:{name}"),
        }
    }
}

/// A name for a new message that nobody has yet.
pub(super) fn new_name() -> String {
    secret::hex(&secret::random::<12>())
}

/// Whether this is the name of a new message.
pub(super) fn is_name(name: &str) -> bool {
    name.len() == 24 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What somebody is writing there.
pub(super) async fn find(state: &AppState, by: &Principal, draft: &For) -> Result<Option<Draft>, StoreError> {
    let found: Option<Draft> = documents::get(state.store(), &draft.key(by)).await?;
    Ok(found.filter(|draft| draft.thrown.is_none()))
}

/// All that somebody is writing, the latest first.
pub(crate) async fn all(state: &AppState, by: &Principal) -> Result<Vec<(For, Draft)>, StoreError> {
    let before = format!("{}|", by.scope());
    let rows = documents::list::<Draft>(state.store(), Some(&before), MOST).await?;
    let own = rows.into_iter().map_while(|(key, draft)| Some((key.strip_prefix(&before)?.to_owned(), draft)));
    let mut all = Vec::new();
    for (name, draft) in own {
        let Some(what) = For::read(&name) else { continue };
        match draft.thrown {
            None => all.push((what, draft)),
            Some(thrown) if state.now().as_millis() - thrown > KEPT_MILLIS => {
                clear(state, by, &what).await?;
            }
            Some(_) => {}
        }
    }
    all.sort_by_key(|(_, draft)| std::cmp::Reverse(draft.at));
    Ok(all)
}

/// Keeps what is written, with the files that it has already; an empty one is taken away. Gives it as it stands.
pub(super) async fn put(
    state: &AppState,
    by: &Principal,
    what: &For,
    draft: Draft,
) -> Result<Draft, StoreError> {
    let (now, key) = (state.now(), what.key(by));
    let putting = documents::change(state.store(), &key, now, |known: Option<Draft>| {
        let known = known.unwrap_or_default();
        // What is begun anew has nothing of what was thrown away.
        let (files, stale) = match known.thrown {
            None => (known.files, Vec::new()),
            Some(_) => (Vec::new(), known.files),
        };
        let draft = Draft { files, at: now.as_millis(), thrown: None, ..draft.clone() };
        let fate = if draft.is_empty() { Fate::Remove } else { Fate::Put(draft.clone()) };
        (fate, (draft, stale))
    });
    let (draft, stale) = putting.await?;
    keeping::forget(state, by, what, &stale).await?;
    Ok(draft)
}

/// Changes which files go along; gives those that do.
pub(super) async fn change_files(
    state: &AppState,
    by: &Principal,
    what: &For,
    mut change: impl FnMut(&mut Vec<Kept>) + Send,
) -> Result<Vec<Kept>, Problem> {
    let (now, key) = (state.now(), what.key(by));
    let changed = documents::change(state.store(), &key, now, |known: Option<Draft>| {
        let mut draft = known.filter(|known| known.thrown.is_none()).unwrap_or_default();
        change(&mut draft.files);
        draft.at = now.as_millis();
        let files = draft.files.clone();
        (if draft.is_empty() { Fate::Remove } else { Fate::Put(draft) }, files)
    });
    Ok(changed.await?)
}

/// Takes it away with its files: it was sent.
pub(super) async fn clear(state: &AppState, by: &Principal, what: &For) -> Result<(), StoreError> {
    let key = what.key(by);
    let clearing = documents::change(state.store(), &key, state.now(), |known: Option<Draft>| {
        (Fate::Remove, known.map(|known| known.files).unwrap_or_default())
    });
    let files = clearing.await?;
    keeping::forget(state, by, what, &files).await
}

/// Throws one away, or brings it back.
pub(crate) async fn throw(
    state: &AppState,
    by: &Principal,
    name: &str,
    is_thrown: bool,
) -> Result<(), Problem> {
    let what = For::read(name).ok_or_else(|| Problem::not_found("there is no such draft"))?;
    let now = state.now();
    documents::change(state.store(), &what.key(by), now, |known: Option<Draft>| match known {
        Some(draft) => (Fate::Put(Draft { thrown: is_thrown.then_some(now.as_millis()), ..draft }), Ok(())),
        None => (Fate::Keep, Err(Problem::not_found("there is no such draft"))),
    })
    .await?
}

/// When a draft was saved.
#[derive(Serialize)]
pub(crate) struct Saved {
    at: Timestamp,
}

async fn saved(
    state: &AppState,
    by: &Principal,
    what: &For,
    draft: Draft,
) -> Result<(StatusCode, Json<Saved>), Problem> {
    if draft.text.len() + draft.subject.len() + draft.to.len() + draft.cc.len() > LONGEST {
        return Err(Problem::too_large("a draft has at most 200 kB"));
    }
    put(state, by, what, draft).await?;
    Ok((StatusCode::OK, Json(Saved { at: state.now() })))
}

/// `POST /conversations/{number}/draft`: saved while somebody writes.
pub(crate) async fn keep(
    State(state): State<AppState>,
    principal: Principal,
    ApiPath(number): ApiPath<u64>,
    Sent(draft): Sent<Draft>,
) -> Result<(StatusCode, Json<Saved>), Problem> {
    let conversation = by_number(&state, number).await?;
    // A subject belongs to a new message alone; here it would keep an empty text.
    let draft = Draft { subject: String::new(), ..draft };
    saved(&state, &principal, &For::Conversation(conversation.id), draft).await
}

/// `POST /conversations/new/draft/{name}`: the same for a new message.
pub(crate) async fn keep_new(
    State(state): State<AppState>,
    principal: Principal,
    ApiPath(name): ApiPath<String>,
    Sent(draft): Sent<Draft>,
) -> Result<(StatusCode, Json<Saved>), Problem> {
    if !is_name(&name) {
        return Err(Problem::not_found("there is no such draft"));
    }
    saved(&state, &principal, &For::New(name), draft).await
}
