//! What pages show: the handlers that read.

use std::collections::{BTreeMap, BTreeSet};

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use whom_core::{
    engine::EngineError,
    model::{
        ContactId, ConversationId, EntryId, MembershipChange, MembershipDeed, ProfileId, PropertyKey,
        PropertyType, TimelineCursor,
    },
    view::ProfileView,
};

use super::{
    merge, message,
    page::{self, News, ProfilePage},
    timeline::{self, Filter, Slice},
    why,
};
use crate::pages::{
    answer::Html,
    components,
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

/// How many entries of a timeline a page shows.
const ENTRIES: usize = 50;
/// How many entries are read for the drawing of a year.
const ENTRIES_OF_A_YEAR: usize = 400;
/// How many conversations are listed.
const CONVERSATIONS: usize = 200;

/// What stands behind `?` of a profile.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ProfileQuery {
    show: Option<String>,
    before: Option<String>,
    at: Option<String>,
    done: Option<String>,
    to: Option<String>,
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
    let view = state.engine().view(asked, state.now()).await?;
    if view.id != asked {
        // Not for ever: a merge can be undone, and then the old id has its own page again.
        return Ok(Redirect::to(&format!("/customers/{}", view.id)).into_response());
    }
    if query.fragment.is_some() {
        let (slice, _, _) = slice(&state, &frame, view.id, &query).await?;
        let conversations = state.engine().conversations(view.id, CONVERSATIONS).await?;
        let part = timeline::part(&frame, view.id, &view.name, &conversations, &slice);
        return Ok(Html::ok(part).into_response());
    }
    let to = query.to.as_deref().and_then(|to| to.parse().ok());
    let news = query.done.as_deref().and_then(|word| News::from_word(word, to));
    Ok(full(&state, &frame, view, &query, news, StatusCode::OK).await?.into_response())
}

/// The page of a profile with news about what was not done.
pub(super) async fn profile_with(
    state: &AppState,
    frame: &Frame,
    id: ProfileId,
    news: News,
    status: StatusCode,
) -> Result<Html, Problem> {
    let view = state.engine().view(id, state.now()).await?;
    full(state, frame, view, &ProfileQuery::default(), Some(news), status).await
}

async fn full(
    state: &AppState,
    frame: &Frame,
    view: ProfileView,
    query: &ProfileQuery,
    news: Option<News>,
    status: StatusCode,
) -> Result<Html, Problem> {
    let conversations = state.engine().conversations(view.id, CONVERSATIONS).await?;
    let history = state.engine().history(view.id).await?;
    let (slice, activity, chosen) = slice(state, frame, view.id, query).await?;
    let gone = gone(state, &view, &history).await?;
    let note_request = secret::hex(&secret::random::<12>());
    let shown =
        ProfilePage { view, conversations, chosen, slice, activity, history, gone, news, note_request };
    Ok(Html(status, page::page(frame, &shown)))
}

/// What contacts are called that the history names and the profile no longer has.
async fn gone(
    state: &AppState,
    view: &ProfileView,
    history: &[MembershipChange],
) -> Result<BTreeMap<ContactId, String>, Problem> {
    let is_here = |contact: &ContactId| view.contacts.iter().any(|known| known.id == *contact);
    let named = history.iter().flat_map(|change| {
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
    let rows = state.store().contacts(&gone.into_iter().collect::<Vec<_>>()).await?;
    Ok(rows.into_iter().flatten().filter_map(|row| Some((row.id, sight::called(&row)?))).collect())
}

type Sliced = (Slice, Option<[components::Month; 12]>, Option<ConversationId>);

/// The part of the timeline that is asked for.
async fn slice(
    state: &AppState,
    frame: &Frame,
    id: ProfileId,
    query: &ProfileQuery,
) -> Result<Sliced, Problem> {
    let engine = state.engine();
    let filter = query.show.as_deref().map(Filter::from_word).unwrap_or_default();
    let before: Option<TimelineCursor> = query
        .before
        .as_deref()
        .map(str::parse)
        .transpose()
        .map_err(|why: String| Problem::bad_request(why))?;
    if let (Some(at), None) = (&query.at, before) {
        let chosen: ConversationId =
            at.parse().map_err(|_| Problem::not_found("there is no such conversation"))?;
        let page = around(state, id, chosen).await?;
        let slice =
            Slice { entries: page.entries, next: page.next, is_later_part: true, filter: Filter::All };
        return Ok((slice, None, Some(chosen)));
    }
    if before.is_none() && filter == Filter::All && query.fragment.is_none() {
        // The first page and the drawing of the year come from one reading.
        let year = engine.timeline(id, None, ENTRIES_OF_A_YEAR, &[]).await?;
        let activity = components::months(year.entries.iter(), &frame.moments);
        let last = year.entries.get(ENTRIES - 1).filter(|_| year.entries.len() > ENTRIES);
        let next = last.map_or(year.next, |entry| Some(TimelineCursor { at: entry.at, entry: entry.id }));
        let entries = year.entries.into_iter().take(ENTRIES).collect();
        let slice = Slice { entries, next, is_later_part: false, filter };
        return Ok((slice, Some(activity), None));
    }
    let page = engine.timeline(id, before, ENTRIES, &filter.kinds()).await?;
    let slice = Slice { entries: page.entries, next: page.next, is_later_part: before.is_some(), filter };
    Ok((slice, None, None))
}

/// The part of the timeline in which a conversation begins: from its last message, where its beginning
/// then is on the same page; else from its beginning.
async fn around(
    state: &AppState,
    id: ProfileId,
    chosen: ConversationId,
) -> Result<whom_core::engine::TimelinePage, Problem> {
    let (conversation, _) = state.engine().conversation(chosen, None, 1).await?;
    let just_after = |at| TimelineCursor { at, entry: EntryId::from_bytes([u8::MAX; 10]) };
    let from_end = just_after(conversation.last_message);
    let page = state.engine().timeline(id, Some(from_end), ENTRIES, &[]).await?;
    let begins = page
        .entries
        .iter()
        .any(|entry| entry.conversation == Some(chosen) && entry.at == conversation.started);
    if begins {
        return Ok(page);
    }
    Ok(state.engine().timeline(id, Some(just_after(conversation.started)), ENTRIES, &[]).await?)
}

/// What stands behind `?` where a page or a part of one can be asked for.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct FragmentQuery {
    fragment: Option<String>,
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
    ApiPath((id, property)): ApiPath<(String, String)>,
    ApiQuery(query): ApiQuery<FragmentQuery>,
) -> Result<Html, Problem> {
    let now = state.now();
    let view = state.engine().view(profile_id(&id)?, now).await?;
    let property: PropertyKey = property.parse().map_err(|why: String| Problem::not_found(why))?;
    let explanation = state.engine().why(view.id, &property, now).await?;
    let kind = view.field(property.as_str()).map_or(PropertyType::Text, |field| field.kind);
    Ok(Html::ok(match query.fragment {
        Some(_) => why::fragment(&frame, &explanation, kind),
        None => why::page(&frame, &view, &explanation, kind),
    }))
}

/// What stands behind `?` of a merge.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct MergeQuery {
    with: Option<String>,
}

/// `GET /customers/{id}/merge?with=…`: two profiles side by side.
pub(crate) async fn compare(
    State(state): State<AppState>,
    frame: Frame,
    ApiPath(id): ApiPath<String>,
    ApiQuery(query): ApiQuery<MergeQuery>,
) -> Result<Html, Problem> {
    let now = state.now();
    let into = state.engine().view(profile_id(&id)?, now).await?;
    let with = query.with.unwrap_or_default();
    let found = match state.engine().find(&with).await {
        Ok(from) if from == into.id => Err(EngineError::SameProfile { profile: from }),
        Ok(from) => state.engine().view(from, now).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(from) => Ok(Html::ok(merge::page(&frame, &into, &from))),
        Err(error @ (EngineError::NotFound { .. } | EngineError::SameProfile { .. })) => {
            let words = error.to_string();
            Ok(Html(StatusCode::UNPROCESSABLE_ENTITY, merge::not_possible(&frame, &into, &with, &words)))
        }
        Err(error) => Err(error.into()),
    }
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
