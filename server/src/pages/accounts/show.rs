//! What pages about accounts show: the handlers that read.

use std::cmp::Reverse;

use axum::extract::State;
use serde::Deserialize;
use whom_core::{
    model::{AccountId, ContactId},
    view::ProfileView,
};

use super::{
    list::{self, Listed},
    page::{self, Member, Shown},
};
use crate::pages::{
    answer::Html,
    back::NewsQuery,
    frame::Frame,
    profile::info_pane::{About, Layout},
};
use crate::{
    app::AppState,
    http::{ApiPath, ApiQuery},
    problem::Problem,
};

/// How many accounts a page lists.
const ACCOUNTS: usize = 50;
/// How many people a page lists.
const MEMBERS: usize = 50;
/// Of how many people conversations are read, and how many of each.
const TALKERS: (usize, usize) = (20, 5);
/// How many conversations are shown.
const CONVERSATIONS: usize = 8;
/// How many notes are shown.
const NOTES: usize = 50;

/// What stands behind `?` of the list.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ListQuery {
    #[serde(default)]
    q: String,
    after: Option<AccountId>,
    fragment: Option<String>,
    done: Option<String>,
    undo: Option<String>,
}

/// `GET /accounts`
pub(crate) async fn list(
    State(state): State<AppState>,
    frame: Frame,
    ApiQuery(query): ApiQuery<ListQuery>,
) -> Result<Html, Problem> {
    let news = NewsQuery { done: query.done, undo: query.undo }.toast("/accounts");
    let mut listed = listed(&state, &query.q, query.after).await?;
    listed.news = news;
    Ok(Html::ok(match query.fragment {
        Some(_) => list::rows(&frame, &listed),
        None => list::page(&frame, &listed),
    }))
}

/// A part of the list.
pub(super) async fn listed(
    state: &AppState,
    text: &str,
    after: Option<AccountId>,
) -> Result<Listed, Problem> {
    let looked_at = crate::api::accounts::LOOKED_AT;
    let (accounts, next) = state.engine().find_accounts(text, after, ACCOUNTS, looked_at).await?;
    let next = next.map(|next| next.to_string());
    Ok(Listed { text: text.to_owned(), accounts, next, news: None, wrong: None })
}

/// What stands behind `?` of one account.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct OneQuery {
    after: Option<ContactId>,
    notes: Option<String>,
    done: Option<String>,
    undo: Option<String>,
}

/// `GET /accounts/{id}`
pub(crate) async fn one(
    State(state): State<AppState>,
    frame: Frame,
    ApiPath(id): ApiPath<AccountId>,
    ApiQuery(query): ApiQuery<OneQuery>,
) -> Result<Html, Problem> {
    let mut shown = read(&state, &frame, id, query.after, query.notes.as_deref()).await?;
    shown.news = NewsQuery { done: query.done, undo: query.undo }.toast(&format!("/accounts/{id}"));
    Ok(Html::ok(page::page(&frame, &shown)))
}

/// An account with all that its page shows.
pub(super) async fn read(
    state: &AppState,
    frame: &Frame,
    id: AccountId,
    after: Option<ContactId>,
    notes_after: Option<&str>,
) -> Result<Shown, Problem> {
    let (engine, store, now) = (state.engine(), state.store(), state.now());
    let account = engine.account(id).await?;
    let mut ids = store.account_members(id, after, MEMBERS + 1).await?;
    let goes_on = ids.len() > MEMBERS;
    ids.truncate(MEMBERS);
    let more_members = ids.last().filter(|_| goes_on).map(ToString::to_string);
    let mut members: Vec<Member> = Vec::new();
    let mut conversations = Vec::new();
    for contact in store.contacts(&ids).await?.into_iter().flatten() {
        // Somebody may belong to it by more than one of their contacts.
        if members.iter().any(|known| known.face.profile == contact.profile) {
            continue;
        }
        let view = engine.view(contact.profile, now).await?;
        if members.len() < TALKERS.0 {
            for conversation in engine.conversations(view.id, TALKERS.1).await? {
                conversations.push((conversation, member(&view)));
            }
        }
        members.push(member(&view));
    }
    members.sort_by_key(|member| member.face.name.to_lowercase());
    conversations.sort_by_key(|(conversation, _)| Reverse((conversation.last_message, conversation.id)));
    conversations.dedup_by_key(|(conversation, _)| conversation.id);
    conversations.truncate(CONVERSATIONS);
    let mut notes = engine.account_notes(id, notes_after, NOTES).await?;
    // Pinned ones are in sight however old they are.
    for pinned in engine.pinned_account_notes(id).await? {
        if notes_after.is_none() && !notes.notes.iter().any(|note| note.id == pinned.id) {
            notes.notes.push(pinned);
        }
    }
    let role = frame.who.as_ref().and_then(|who| who.role);
    Ok(Shown {
        layout: Layout::of_role(store, About::Account, role).await?,
        account,
        members,
        more_members,
        notes: notes.notes,
        more_notes: notes.next,
        conversations,
        news: None,
        wrong: None,
    })
}

fn member(view: &ProfileView) -> Member {
    let title = view.value("job_title").map(ToString::to_string);
    let reach = view.contacts.iter().find(|contact| contact.reaches).map(|contact| contact.raw.clone());
    Member { face: view.into(), line: [title, reach].into_iter().flatten().collect::<Vec<_>>().join(" · ") }
}
