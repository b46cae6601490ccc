//! The page of one conversation: what it reads.

use std::collections::VecDeque;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use whom_core::model::{Conversation, Entry, EntryKind, ProfileId, TimelineCursor};

use super::{
    composer::Composer,
    drafts::{self, Draft},
    head::Around,
    page::{self, Talk},
    place::{beside, by_number},
    thread::{self, Item},
};
use crate::{
    app::AppState,
    auth::{Principal, people},
    http::{ApiPath, ApiQuery},
    pages::{answer::Html, encoded, frame::Frame, inbox::View, profile, words::conversation as said},
    problem::Problem,
    reading::{self, Remote},
    secret,
};

/// How many entries a page shows, and how many are walked through to find the last ones.
const ENTRIES: usize = 40;
const WALKED: usize = 5_000;
const STEP: usize = 500;

/// What stands behind `?` of a conversation.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct TalkQuery {
    view: Option<String>,
    before: Option<String>,
    fragment: Option<String>,
    done: Option<String>,
    undo: Option<String>,
}

/// `GET /conversations/{number}`
pub(crate) async fn show(
    State(state): State<AppState>,
    frame: Frame,
    principal: Principal,
    ApiPath(number): ApiPath<u64>,
    ApiQuery(query): ApiQuery<TalkQuery>,
) -> Result<Response, Problem> {
    let conversation = by_number(&state, number).await?;
    if conversation.number != number {
        // Not for ever: the merge can be taken back.
        return Ok(Redirect::to(&format!("/conversations/{}", conversation.number)).into_response());
    }
    if query.fragment.is_some() {
        let customer = customer(&state, &conversation).await?.map_or_else(String::new, |(_, name)| name);
        let (items, before) = thread(&state, &conversation, query.before.as_deref()).await?;
        let part = thread::items(&frame, &conversation, &customer, &items, before);
        return Ok(Html::ok(part).into_response());
    }
    shown(&state, &frame, &principal, conversation, &query, None).await
}

/// The page with what was written and could not be sent.
pub(super) async fn not_sent(
    state: &AppState,
    frame: &Frame,
    principal: &Principal,
    conversation: Conversation,
    draft: Draft,
    wrong: &str,
) -> Result<Response, Problem> {
    shown(state, frame, principal, conversation, &TalkQuery::default(), Some((draft, wrong))).await
}

async fn shown(
    state: &AppState,
    frame: &Frame,
    principal: &Principal,
    conversation: Conversation,
    query: &TalkQuery,
    failed: Option<(Draft, &str)>,
) -> Result<Response, Problem> {
    let (items, before) = thread(state, &conversation, query.before.as_deref()).await?;
    let view = query.view.as_deref().and_then(View::from_word).unwrap_or_else(|| View::of(&conversation));
    let people = people::list(state.store(), None, 100).await?;
    let people: Vec<(String, String)> = people
        .into_iter()
        .filter(|person| !person.disabled)
        .map(|person| (person.login, person.name))
        .collect();
    let around = Around {
        view,
        beside: beside(state, principal, view, &conversation).await?,
        people: &people,
        me: principal.login(),
    };
    let who = customer(state, &conversation).await?;
    let side = match &who {
        Some((profile, _)) => profile::beside(state, frame, *profile).await?,
        None => page::nobody(),
    };
    let status = if failed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (draft, wrong) = match failed {
        Some((draft, wrong)) => (Some(draft), Some(wrong)),
        None => (drafts::find(state, principal, conversation.id).await?, None),
    };
    let composer = frame.may_write.then(|| Composer {
        draft: draft.unwrap_or_default(),
        to: who.as_ref().map(|(_, name)| name.clone()).unwrap_or_default(),
        wrong,
        request: secret::hex(&secret::random::<12>()),
        view,
    });
    let done = query.done.as_deref();
    let news = done.and_then(said::done).map(|words| (words, undo_path(query, &conversation)));
    let talk = Talk {
        about: who.as_ref().map(|(profile, _)| *profile),
        customer: who.map_or_else(String::new, |(_, name)| name),
        conversation,
        items,
        before,
        around,
        composer,
        side,
        news,
        was_sent: matches!(done, Some("sent" | "sent-closed" | "noted")),
    };
    Ok(Html(status, page::page(frame, &talk)).into_response())
}

fn undo_path(query: &TalkQuery, conversation: &Conversation) -> Option<String> {
    let undo = query.undo.as_deref().filter(|undo| !undo.is_empty())?;
    match undo.strip_prefix("message:") {
        Some(entry) => Some(format!("/conversations/{}/recall/{}", conversation.number, encoded(entry))),
        None => {
            let back = format!("/conversations/{}", conversation.number);
            Some(format!("/inbox/undo?what={}&back={}", encoded(undo), encoded(&back)))
        }
    }
}

/// The customer it began with, and what to call them.
pub(super) async fn customer(
    state: &AppState,
    conversation: &Conversation,
) -> Result<Option<(ProfileId, String)>, Problem> {
    let contacts = state.store().contacts(&conversation.contacts).await?;
    let Some(contact) = contacts.into_iter().flatten().next() else { return Ok(None) };
    let view = state.engine().view(contact.profile, state.now()).await?;
    Ok(Some((view.id, view.name)))
}

/// The last entries before a place, read for showing, and the place before which there are more.
async fn thread(
    state: &AppState,
    conversation: &Conversation,
    before: Option<&str>,
) -> Result<(Vec<Item>, Option<TimelineCursor>), Problem> {
    let before: Option<TimelineCursor> =
        before.map(str::parse).transpose().map_err(|why: String| Problem::bad_request(why))?;
    let mut last: VecDeque<Entry> = VecDeque::new();
    let mut after = None;
    let mut walked = 0;
    'walk: loop {
        let (_, step) = state.engine().conversation(conversation.id, after, STEP).await?;
        let is_last = step.len() < STEP;
        for entry in step {
            let place = TimelineCursor { at: entry.at, entry: entry.id };
            if before.is_some_and(|before| place >= before) {
                break 'walk;
            }
            after = Some(place);
            last.push_back(entry);
            // One more than is shown tells whether there are more.
            if last.len() > ENTRIES + 1 {
                last.pop_front();
            }
        }
        walked += STEP;
        if is_last || walked >= WALKED {
            break;
        }
    }
    let has_more = last.len() > ENTRIES;
    if has_more {
        last.pop_front();
    }
    let first = last.front().map(|entry| TimelineCursor { at: entry.at, entry: entry.id });
    let receipts = super::sending::receipts(state, last.make_contiguous()).await?;
    let mut items = Vec::with_capacity(last.len());
    for (entry, receipt) in last.into_iter().zip(receipts) {
        let reading = match entry.kind {
            EntryKind::Message => {
                let body = if entry.has_body { state.store().body(entry.id).await? } else { None };
                Some(reading::read(&entry, body.as_ref(), Remote::Held))
            }
            _ => None,
        };
        items.push(Item { entry, reading, receipt });
    }
    Ok((items, first.filter(|_| has_more)))
}
