//! What pages show: the handlers that read.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use whom_core::{
    engine::{Happened, Opened, RecordPage, Way},
    model::{
        ContactId, Conversation, ConversationId, Direction, EntryId, MembershipDeed, ProfileId, PropertyKey,
        PropertyType, TimelineCursor,
    },
};

use super::{
    info_pane::{InfoPane, Place, Wrong},
    message,
    page::{self, News, ProfilePage},
    timeline::{Filter, Slice},
    why,
};
use crate::pages::{
    answer::Html,
    back::{Back, NewsQuery},
    conversation::{Receipt, receipts_of},
    frame::Frame,
    message::{Shape, body as body_of},
};
use crate::{
    app::AppState,
    http::{ApiPath, ApiQuery},
    problem::Problem,
    reading::{self, Remote},
    secret, sight,
};

/// How many rows of a record a page shows.
const ROWS: usize = 50;
/// How many of them come before the beginning of a conversation that was jumped to.
const ROWS_AFTER: usize = 20;
/// How many conversations are listed.
const CONVERSATIONS: usize = 200;

/// What stands behind `?` of a profile.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ProfileQuery {
    show: Option<String>,
    before: Option<String>,
    after: Option<String>,
    at: Option<String>,
    on: Option<String>,
    #[serde(default)]
    find: String,
    done: Option<String>,
    undo: Option<String>,
    photo: Option<String>,
    fragment: Option<String>,
}

/// `GET /customers/{id}`
pub(crate) async fn profile(
    State(state): State<AppState>,
    frame: Frame,
    ApiPath(id): ApiPath<String>,
    ApiQuery(query): ApiQuery<ProfileQuery>,
) -> Result<Response, Problem> {
    let asked = profile_id(&id)?;
    let opened = state.engine().open(asked, state.now()).await?;
    if opened.view.id != asked {
        // Not for ever: a merge can be undone, and then the old id has its own page again.
        return Ok(Redirect::to(&format!("/customers/{}", opened.view.id)).into_response());
    }
    let told = NewsQuery { done: query.done.clone(), undo: query.undo.clone() };
    let news = page::news(asked, &told, query.photo.as_deref());
    let shown = read(&state, &frame, opened, &query, news).await?;
    Ok(match query.fragment.as_deref() {
        Some("pane") => Html::ok(page::middle(&frame, &shown)).into_response(),
        Some(_) => Html::ok(page::rows(&frame, &shown)).into_response(),
        None => Html::ok(page::page(&frame, &shown)).into_response(),
    })
}

/// The page of a profile with news about what was not done, and the note that was not saved.
pub(super) async fn profile_with(
    state: &AppState,
    frame: &Frame,
    id: ProfileId,
    news: News,
    note: Option<String>,
    wrong: Option<Wrong>,
    status: StatusCode,
) -> Result<Html, Problem> {
    let opened = state.engine().open(id, state.now()).await?;
    let mut shown = read(state, frame, opened, &ProfileQuery::default(), Some(news)).await?;
    shown.note = note.unwrap_or_default();
    shown.info.wrong = wrong;
    Ok(Html(status, page::page(frame, &shown)))
}

async fn read(
    state: &AppState,
    frame: &Frame,
    opened: Opened,
    query: &ProfileQuery,
    news: Option<News>,
) -> Result<ProfilePage, Problem> {
    let engine = state.engine();
    let conversations = engine.conversations_of(&opened, CONVERSATIONS).await?;
    let activity = engine.activity(&opened).await?;
    let slice = slice(state, frame, &opened, &conversations, query).await?;
    let gone = gone(state, &opened, &slice).await?;
    let receipts = receipts(state, &slice).await?;
    let info = InfoPane::read(state, frame, opened.view.clone(), Place::Own, &conversations).await?;
    Ok(ProfilePage {
        info,
        opened,
        conversations,
        find: query.find.trim().chars().take(200).collect(),
        slice,
        receipts,
        activity,
        gone,
        rules: engine.rules(),
        news,
        note_request: secret::hex(&secret::random::<12>()),
        note: String::new(),
    })
}

/// How messages of ours on this page went out.
async fn receipts(state: &AppState, slice: &Slice) -> Result<HashMap<EntryId, Receipt>, Problem> {
    let ours = slice.page.rows.iter().filter_map(|row| match &row.what {
        Happened::Entry(entry) if entry.direction == Some(Direction::Outbound) => Some(entry.id),
        _ => None,
    });
    let ids: Vec<EntryId> = ours.collect();
    let found = receipts_of(state, &ids).await?;
    Ok(ids.into_iter().zip(found).filter_map(|(id, receipt)| Some((id, receipt?))).collect())
}

/// What contacts are called that changes of membership on this page name and the profile no longer has.
async fn gone(
    state: &AppState,
    opened: &Opened,
    slice: &Slice,
) -> Result<BTreeMap<ContactId, String>, Problem> {
    let is_here = |contact: &ContactId| opened.view.contacts.iter().any(|known| known.id == *contact);
    let changes = slice.page.rows.iter().filter_map(|row| match &row.what {
        Happened::Membership(change) | Happened::Undone(change) => Some(change),
        _ => None,
    });
    let named = changes.flat_map(|change| {
        let deed = match change.deed {
            MembershipDeed::Link { joins, anchor } => [Some(joins), Some(anchor)],
            MembershipDeed::Detach { contact, .. } | MembershipDeed::Move { contact, .. } => {
                [Some(contact), None]
            }
            MembershipDeed::Merge { .. } => [None, None],
        };
        change.moved.iter().copied().chain(deed.into_iter().flatten())
    });
    let gone: BTreeSet<ContactId> = named.filter(|contact| !is_here(contact)).collect();
    if gone.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = state.store().contacts(&gone.into_iter().collect::<Vec<_>>()).await?;
    Ok(rows.into_iter().flatten().filter_map(|row| Some((row.id, sight::called(&row)?))).collect())
}

/// The part of the record that is asked for.
async fn slice(
    state: &AppState,
    frame: &Frame,
    opened: &Opened,
    conversations: &[Conversation],
    query: &ProfileQuery,
) -> Result<Slice, Problem> {
    let engine = state.engine();
    let filter = query.show.as_deref().map(Filter::from_words).unwrap_or_default();
    let cursor = |text: &Option<String>| -> Result<Option<TimelineCursor>, Problem> {
        text.as_deref().map(str::parse).transpose().map_err(|why: String| Problem::bad_request(why))
    };
    let way = match (cursor(&query.before)?, cursor(&query.after)?, &query.on, &query.at) {
        (Some(before), ..) => Way::Before(before),
        (None, Some(after), ..) => Way::After(after),
        (None, None, Some(on), _) => {
            let end = frame.moments.end_of(on).ok_or_else(|| {
                Problem::bad_request("write a day as 2026-01-31, a month as 2026-01 or a year as 2026")
            })?;
            Way::Before(TimelineCursor { at: end, entry: EntryId::from_bytes([0; 10]) })
        }
        (None, None, None, Some(at)) => return beginning(state, opened, conversations, at).await,
        (None, None, None, None) => Way::Newest,
    };
    let mut page = engine.record(opened, way, ROWS, &filter.0).await?;
    if query.fragment.as_deref() == Some("1") {
        // What was loaded into a page goes on one way; the other way is there already.
        match way {
            Way::After(_) => page.older = None,
            _ => page.newer = None,
        }
    }
    Ok(Slice { page, is_later_part: way != Way::Newest, filter, on: query.on.clone(), chosen: None })
}

/// The part of the record in which a conversation begins: what follows above it, what came before below.
async fn beginning(
    state: &AppState,
    opened: &Opened,
    conversations: &[Conversation],
    at: &str,
) -> Result<Slice, Problem> {
    let nothing = || Problem::not_found("there is no such conversation in this profile");
    let chosen: ConversationId = at.parse().map_err(|_| nothing())?;
    let conversation = match conversations.iter().find(|known| known.id == chosen) {
        Some(known) => known.clone(),
        // One beyond those that are listed.
        None => {
            let (found, _) = state.engine().conversation(chosen, None, 1).await?;
            let is_theirs =
                |contact: &ContactId| opened.contacts().iter().any(|(known, _)| known.id == *contact);
            found.contacts.iter().any(is_theirs).then_some(found).ok_or_else(nothing)?
        }
    };
    let just_before = TimelineCursor { at: conversation.started, entry: EntryId::from_bytes([0; 10]) };
    let engine = state.engine();
    let later = engine.record(opened, Way::After(just_before), ROWS - ROWS_AFTER, &[]).await?;
    let earlier = engine.record(opened, Way::Before(just_before), ROWS_AFTER, &[]).await?;
    let mut rows = later.rows;
    rows.extend(earlier.rows);
    let page = RecordPage { rows, older: earlier.older, newer: later.newer };
    Ok(Slice { page, is_later_part: true, chosen: Some(chosen), ..Slice::default() })
}

/// What stands behind `?` where a page or a part of one can be asked for.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct FragmentQuery {
    pub(super) fragment: Option<String>,
}

/// `GET /customers/{id}/entries/{entry}`: a message in full.
pub(crate) async fn entry(
    State(state): State<AppState>,
    frame: Frame,
    ApiPath((id, entry)): ApiPath<(String, String)>,
    ApiQuery(query): ApiQuery<FragmentQuery>,
) -> Result<Html, Problem> {
    let view = state.engine().view(profile_id(&id)?, state.now()).await?;
    let nothing = || Problem::not_found("there is no such entry in this profile");
    let entry: EntryId = entry.parse().map_err(|_| nothing())?;
    let (entry, body) = state.engine().entry(entry).await?;
    let is_theirs = |contact: &ContactId| view.contacts.iter().any(|known| known.id == *contact);
    let takes_part = match entry.conversation {
        Some(conversation) if !is_theirs(&entry.contact) => {
            state.engine().conversation(conversation, None, 1).await?.0.contacts.iter().any(is_theirs)
        }
        _ => is_theirs(&entry.contact),
    };
    if !takes_part {
        return Err(nothing());
    }
    let read = reading::read(&entry, body.as_ref(), Remote::Held);
    let drawn = body_of(entry.id, &read, Shape::Best, false);
    Ok(Html::ok(match query.fragment {
        Some(_) => drawn,
        None => message::page(&frame, &view, &entry, drawn),
    }))
}

/// `GET /customers/{id}/why/{property}`
pub(crate) async fn why(
    State(state): State<AppState>,
    frame: Frame,
    back: Back,
    ApiPath((id, property)): ApiPath<(String, String)>,
    ApiQuery(query): ApiQuery<FragmentQuery>,
) -> Result<Html, Problem> {
    let now = state.now();
    let view = state.engine().view(profile_id(&id)?, now).await?;
    let property: PropertyKey = property.parse().map_err(|why: String| Problem::not_found(why))?;
    let explanation = state.engine().why(view.id, &property, now).await?;
    let kind = view.field(property.as_str()).map_or(PropertyType::Text, |field| field.kind);
    let asked = why::Asked { explanation, kind, back: back.path(&format!("/customers/{}", view.id)) };
    Ok(Html::ok(match query.fragment {
        Some(_) => why::fragment(&frame, &asked),
        None => why::page(&frame, &view, &asked),
    }))
}

/// A path that names no profile.
pub(super) struct NoProfile(String);

impl From<NoProfile> for Problem {
    fn from(NoProfile(words): NoProfile) -> Self {
        Self::not_found(words)
    }
}

/// Reads the id of a profile in a path.
pub(super) fn profile_id(text: &str) -> Result<ProfileId, NoProfile> {
    text.parse().map_err(|error: whom_core::model::IdError| NoProfile(error.to_string()))
}
