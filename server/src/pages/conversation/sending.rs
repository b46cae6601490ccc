//! What leaves: answers, how messages went out, taking one back and trying one again.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use whom_core::{
    engine::ConversationEdit,
    model::{Body, Conversation, ConversationStatus, Entry, EntryId, ExternalId},
    store::StoreError,
};

use super::{
    deeds::Given,
    drafts::{self, Draft, For},
    keeping::DraftFile,
    place::by_number,
    thread::Receipt,
};
use crate::{
    app::AppState,
    auth::Principal,
    http::{ApiPath, ApiQuery},
    outbound::{self, DeliveryShown, DeliveryState, GivenFile, Written},
    pages::{icons::Icon, inbox::View, words::conversation as said},
    problem::Problem,
    reading::{self, Remote, quote::Sort},
};

/// How messages of ours went out, one for each entry.
pub(super) async fn receipts(
    state: &AppState,
    entries: &[Entry],
) -> Result<Vec<Option<Receipt>>, StoreError> {
    let ids: Vec<EntryId> = entries.iter().map(|entry| entry.id).collect();
    receipts_of(state, &ids).await
}

/// The same for messages of which only the ids are at hand.
pub(crate) async fn receipts_of(
    state: &AppState,
    ids: &[EntryId],
) -> Result<Vec<Option<Receipt>>, StoreError> {
    let found = outbound::deliveries(state.store(), ids).await?;
    Ok(found.into_iter().map(|delivery| delivery.map(receipt)).collect())
}

fn receipt(delivery: DeliveryShown) -> Receipt {
    let (words, icon, class) = match delivery.state {
        DeliveryState::Queued if delivery.attempts > 0 => (said::SENT_WAITS, Icon::Clock, "warn"),
        DeliveryState::Queued => (said::SENT_QUEUED, Icon::Clock, ""),
        DeliveryState::Sent => (said::SENT_SENT, Icon::Tick, ""),
        DeliveryState::Viewed => (said::SENT_VIEWED, Icon::Eye, "good"),
        DeliveryState::NotViewed => (said::SENT_NOT_VIEWED, Icon::Tick, ""),
        DeliveryState::Error => (said::SENT_ERROR, Icon::Warn, "bad"),
        DeliveryState::Recalled => (said::SENT_RECALLED, Icon::Undo, ""),
    };
    Receipt {
        words,
        icon,
        class,
        missed: delivery.missed.into_iter().map(|missed| (missed.address, missed.words)).collect(),
        due: delivery.due.filter(|_| delivery.attempts > 0),
        can_recall: delivery.can_recall,
        can_retry: delivery.can_retry,
        perhaps_twice: delivery.perhaps_twice,
        why: delivery.words,
    }
}

/// Addresses with commas between them; a comma within quotes belongs to a name.
pub(super) fn people(text: &str) -> Vec<String> {
    let mut quoted = false;
    let parts = text.split(|c: char| {
        quoted ^= c == '"';
        !quoted && matches!(c, ',' | ';' | '\n')
    });
    parts.map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// What was given, with files that were kept before.
pub(super) fn written(given: &Given, kept: Vec<DraftFile>) -> Written {
    let file = |(name, media_type, bytes): &(String, String, Vec<u8>)| GivenFile {
        name: name.clone(),
        media_type: media_type.clone(),
        data: STANDARD.encode(bytes),
    };
    let known = |file: DraftFile| GivenFile { name: file.name, media_type: file.media_type, data: file.data };
    Written {
        text: given.draft.text.clone(),
        to: people(&given.draft.to),
        cc: people(&given.draft.cc),
        attachments: kept.into_iter().map(known).chain(given.files.iter().map(file)).collect(),
        status: given.then.parse::<ConversationStatus>().ok(),
        quote: given.quote,
        ..Written::default()
    }
}

/// Answers the customer; gives the id of the message, and whether it had been sent before.
pub(super) async fn reply(
    state: &AppState,
    conversation: &Conversation,
    given: &Given,
    files: Vec<DraftFile>,
    request: &ExternalId,
    by: &Principal,
) -> Result<(String, bool), Problem> {
    let put = outbound::reply(state, conversation.id, written(given, files), request, &by.source()).await?;
    Ok((put.entry.to_string(), put.repeated))
}

/// The message with this id, where it stands in this conversation.
async fn message_of(
    state: &AppState,
    conversation: &Conversation,
    entry: EntryId,
) -> Result<(Entry, Option<Body>), Problem> {
    let (entry, body) = state.engine().entry(entry).await?;
    let belongs = match entry.conversation {
        Some(id) => state.engine().shown_conversation(id).await?.id == conversation.id,
        None => false,
    };
    let not_here = || Problem::not_found("there is no such message in this conversation");
    if belongs { Ok((entry, body)) } else { Err(not_here()) }
}

/// How the conversation stood before the message.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct RecallQuery {
    was: Option<String>,
    view: Option<String>,
}

/// `POST /conversations/{number}/recall/{entry}`: takes a message back; what was written is the draft again.
pub(crate) async fn recall(
    State(state): State<AppState>,
    principal: Principal,
    ApiPath((number, entry)): ApiPath<(u64, EntryId)>,
    ApiQuery(query): ApiQuery<RecallQuery>,
) -> Result<Response, Problem> {
    let conversation = by_number(&state, number).await?;
    let (entry, body) = message_of(&state, &conversation, entry).await?;
    outbound::recall(&state, entry.id).await?;
    let read = reading::read(&entry, body.as_ref(), Remote::Held);
    let own = read.text.into_iter().filter(|piece| piece.sort == Sort::Own).map(|piece| piece.text);
    let text = own.collect::<Vec<_>>().join("\n").trim().to_owned();
    let draft = Draft { text, kind: "reply".to_owned(), ..Draft::default() };
    drafts::put(&state, &principal, &For::Conversation(conversation.id), draft).await?;
    if let Some(status) = query.was.as_deref().and_then(|word| word.parse::<ConversationStatus>().ok()) {
        let edit = ConversationEdit { status: Some(status), ..ConversationEdit::default() };
        let (by, now) = (principal.source(), state.now());
        state.engine().edit_conversation(conversation.id, &edit, &by, None, now).await?;
    }
    let view = query.view.as_deref().and_then(View::from_word);
    let view = view.map(|view| format!("&view={}", view.as_str())).unwrap_or_default();
    Ok(Redirect::to(&format!("/conversations/{}?done=recalled{view}", conversation.number)).into_response())
}

/// `POST /conversations/{number}/retry/{entry}`: tries a message again that did not arrive.
pub(crate) async fn retry(
    State(state): State<AppState>,
    ApiPath((number, entry)): ApiPath<(u64, EntryId)>,
) -> Result<Response, Problem> {
    let conversation = by_number(&state, number).await?;
    let (entry, _) = message_of(&state, &conversation, entry).await?;
    outbound::retry(&state, entry.id).await?;
    let (number, entry) = (conversation.number, entry.id);
    Ok(Redirect::to(&format!("/conversations/{number}?done=retried&at={entry}#{entry}")).into_response())
}

#[cfg(test)]
mod tests {
    use super::people;

    #[test]
    fn addresses_are_parted_at_commas_outside_of_names() {
        assert_eq!(
            people("a@x.example, \"Flores, Ana\" <ana@x.example>;b@x.example,, "),
            ["a@x.example", "\"Flores, Ana\" <ana@x.example>", "b@x.example"]
        );
    }
}
