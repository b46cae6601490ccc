//! The page of one conversation: what it reads.

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;
use whom_core::{
    engine::EngineError,
    model::{Conversation, ConversationId, EntryId, ProfileId, TimelineCursor},
};

use super::{
    composer::Composer,
    drafts::{self, Draft, For},
    head::{Around, Other},
    page::{self, Talk},
    part::{self, Wanted},
    place::{beside, by_number},
    thread::Thread,
};
use crate::{
    app::AppState,
    auth::{Principal, people},
    http::{ApiPath, ApiQuery},
    pages::{
        answer::Html, back::NewsQuery, encoded, frame::Frame, inbox::View, profile,
        words::conversation as said,
    },
    problem::Problem,
    secret,
    sight::cover_conversation,
};

/// What stands behind `?` of a conversation.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct TalkQuery {
    view: Option<String>,
    /// The part of the thread before or after a place.
    before: Option<String>,
    after: Option<String>,
    /// The message that is to be seen.
    at: Option<String>,
    /// Whether messages are to be chosen that leave.
    choose: Option<String>,
    fragment: Option<String>,
    done: Option<String>,
    undo: Option<String>,
    /// Another conversation that what was done is about.
    of: Option<u64>,
}

impl TalkQuery {
    /// The part of the thread that is wanted, or the conversation in which what is asked for stands now.
    async fn wanted(
        &self,
        state: &AppState,
        conversation: &Conversation,
    ) -> Result<Result<Wanted, u64>, Problem> {
        let cursor = |text: &str| text.parse::<TimelineCursor>().map_err(Problem::bad_request);
        if let Some(entry) = self.at.as_deref().and_then(|entry| entry.parse::<EntryId>().ok()) {
            let engine = state.engine();
            if let Some(place) = engine.place_in_conversation(conversation.id, entry).await? {
                return Ok(Ok(Wanted::Around(entry, place)));
            }
            // It was split off meanwhile: the link leads to where it stands now.
            let stands = match engine.entry(entry).await {
                Ok((found, _)) => found.conversation,
                Err(EngineError::NotFound { .. }) => None,
                Err(error) => return Err(error.into()),
            };
            return Ok(match stands {
                Some(id) => Err(engine.shown_conversation(id).await?.number),
                None => Ok(Wanted::End),
            });
        }
        Ok(Ok(match (&self.before, &self.after) {
            (Some(before), _) => Wanted::Before(cursor(before)?),
            (None, Some(after)) => Wanted::After(cursor(after)?),
            (None, None) if self.choose.is_some() => Wanted::LongEnd,
            (None, None) => Wanted::End,
        }))
    }
}

/// `GET /conversations/{number}`
pub(crate) async fn show(
    State(state): State<AppState>,
    frame: Frame,
    principal: Principal,
    ApiPath(number): ApiPath<u64>,
    RawQuery(asked): RawQuery,
    ApiQuery(query): ApiQuery<TalkQuery>,
) -> Result<Response, Problem> {
    let conversation = by_number(&state, number).await?;
    if conversation.number != number {
        // Not for ever: the merge can be taken back.
        let asked = asked.map(|asked| format!("?{asked}")).unwrap_or_default();
        return Ok(Redirect::to(&format!("/conversations/{}{asked}", conversation.number)).into_response());
    }
    let wanted = match query.wanted(&state, &conversation).await? {
        Ok(wanted) => wanted,
        Err(number) => {
            let entry = encoded(query.at.as_deref().unwrap_or_default());
            let address = format!("/conversations/{number}?at={entry}#{entry}");
            return Ok(Redirect::to(&address).into_response());
        }
    };
    if query.fragment.is_some() {
        let customer = customer(&state, &conversation).await?;
        let about = customer.as_ref().map(|(profile, _)| *profile);
        let customer = customer.map_or_else(String::new, |(_, name)| name);
        let mut part = part::read(&state, &conversation, wanted).await?;
        // It is put beside what stands there already, which begins or ends where this one does.
        match wanted {
            Wanted::Before(_) => part.later = None,
            Wanted::After(_) => part.earlier = None,
            _ => {}
        }
        let (frame, conversation, chooses) = (&frame, &conversation, false);
        let thread = Thread { frame, conversation, about, customer: &customer, part: &part, chooses };
        return Ok(Html::ok(thread.items()).into_response());
    }
    shown(&state, &frame, &principal, conversation, &query, wanted, None).await
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
    let query = TalkQuery::default();
    shown(state, frame, principal, conversation, &query, Wanted::End, Some((draft, wrong))).await
}

async fn shown(
    state: &AppState,
    frame: &Frame,
    principal: &Principal,
    conversation: Conversation,
    query: &TalkQuery,
    wanted: Wanted,
    failed: Option<(Draft, &str)>,
) -> Result<Response, Problem> {
    let conversation = cover_conversation(conversation);
    let part = part::read(state, &conversation, wanted).await?;
    let view = query.view.as_deref().and_then(View::from_word).unwrap_or_else(|| View::of(&conversation));
    let people = colleagues(state).await?;
    let around = Around {
        view,
        beside: beside(state, principal, view, &conversation).await?,
        people: &people,
        me: principal.login(),
        split_from: others(state, conversation.split_from.as_slice()).await?.pop(),
        merged: others(state, &conversation.merged).await?,
    };
    let who = customer(state, &conversation).await?;
    let side = match &who {
        Some((profile, _)) => profile::beside(state, frame, *profile, conversation.number).await?,
        None => page::nobody(),
    };
    let status = if failed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (draft, wrong) = match failed {
        Some((draft, wrong)) => (Some(draft), Some(wrong)),
        None => (drafts::find(state, principal, &For::Conversation(conversation.id)).await?, None),
    };
    let composer = frame.may_write.then(|| Composer {
        draft: draft.unwrap_or_default(),
        // An answer goes to whoever wrote last, which in a talk of many is not whom it began with.
        to: part
            .last_author()
            .map(str::to_owned)
            .or_else(|| who.as_ref().map(|(_, name)| name.clone()))
            .unwrap_or_default(),
        wrong,
        request: secret::hex(&secret::random::<12>()),
        view,
        has_next: around.beside.next.is_some(),
    });
    let done = query.done.as_deref();
    let news = news(query, &conversation);
    let talk = Talk {
        about: who.as_ref().map(|(profile, _)| *profile),
        customer: who.map_or_else(String::new, |(_, name)| name),
        conversation,
        part,
        chooses: query.choose.is_some() && frame.may_write,
        around,
        composer,
        side,
        news,
        was_sent: matches!(done, Some("sent" | "sent-closed" | "noted")),
    };
    Ok(Html(status, page::page(frame, &talk)).into_response())
}

/// What was just done, and the path that takes it back.
fn news(query: &TalkQuery, conversation: &Conversation) -> Option<(Markup, Option<String>)> {
    let done = query.done.as_deref()?;
    let here = format!("/conversations/{}", conversation.number);
    // What was done about the customer beside it is said and taken back as on their own page.
    let kept = NewsQuery { done: query.done.clone(), undo: query.undo.clone() };
    let kept_undo = kept.undo_address(&here);
    let Some(words) = said::done(done).filter(|_| kept_undo.is_none()) else {
        return Some((kept.said()?, kept_undo));
    };
    let of = query.of.filter(|of| *of != conversation.number);
    let words = html! {
        (words)
        @if let Some(of) = of { " " a href=(format!("/conversations/{of}")) { "#" (of) } }
    };
    let undo = query.undo.as_deref().filter(|undo| !undo.is_empty());
    let undo = undo.and_then(|undo| undo_path(undo, conversation.number, &here, query.view.as_deref()));
    Some((words, undo))
}

/// The path that takes back what an address says was done; `here` is the page to come back to.
pub(crate) fn undo_path(undo: &str, number: u64, here: &str, view: Option<&str>) -> Option<String> {
    let is_plain = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
    if let Some(message) = undo.strip_prefix("message:") {
        // The message, the conversation it was written in, and how that stood.
        let mut parts = message.split(':');
        let entry = parts.next().filter(is_plain)?;
        let number = parts.next().and_then(|number| number.parse().ok()).unwrap_or(number);
        let was = parts.next().filter(is_plain).map(|was| format!("was={was}"));
        let view = view.and_then(View::from_word).map(|view| format!("view={}", view.as_str()));
        let query = [was, view].into_iter().flatten().collect::<Vec<_>>().join("&");
        let mark = if query.is_empty() { "" } else { "?" };
        return Some(format!("/conversations/{number}/recall/{entry}{mark}{query}"));
    }
    if let Some(number) = undo.strip_prefix("threads:") {
        return Some(format!("/conversations/{}/threads/undo", number.parse::<u64>().ok()?));
    }
    if let Some((profile, change)) = undo.strip_prefix("profile:").and_then(|rest| rest.split_once('-')) {
        let (profile, change) = (Some(profile).filter(is_plain)?, Some(change).filter(is_plain)?);
        return Some(format!("/customers/{profile}/undo/{change}?back={}", encoded(here)));
    }
    Some(format!("/inbox/undo?what={}&back={}", encoded(undo), encoded(here)))
}

/// What other conversations are called.
async fn others(state: &AppState, ids: &[ConversationId]) -> Result<Vec<Other>, Problem> {
    let rows = state.store().conversations(ids).await?.into_iter().flatten();
    Ok(rows.map(|row| (row.number, row.subject)).collect())
}

/// Who works here: login name and name.
pub(super) async fn colleagues(state: &AppState) -> Result<Vec<(String, String)>, Problem> {
    let people = people::list(state.store(), None, 100).await?;
    let here = people.into_iter().filter(|person| !person.disabled);
    Ok(here.map(|person| (person.login, person.name)).collect())
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
