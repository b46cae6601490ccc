//! What leaves: answers and new messages, how they went out, and taking one back.

use axum::{
    extract::{Multipart, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use maud::{Markup, html};
use serde::Deserialize;
use whom_core::{
    model::{Conversation, ConversationStatus, Entry, EntryId, ExternalId},
    store::StoreError,
};

use super::{
    composer,
    deeds::{Given, wrong_words},
    drafts::{self, Draft},
    place::by_number,
    thread::Receipt,
};
use crate::{
    app::AppState,
    auth::Principal,
    http::{ApiPath, ApiQuery},
    outbound::{self, DeliveryShown, DeliveryState, GivenFile, Written},
    pages::{
        answer::Html,
        components::Field,
        frame::{Frame, Part},
        icons::Icon,
        words::conversation as said,
    },
    problem::Problem,
    reading::{self, Remote, quote::Sort},
    secret,
};

/// How messages of ours went out, one for each entry.
pub(super) async fn receipts(
    state: &AppState,
    entries: &[Entry],
) -> Result<Vec<Option<Receipt>>, StoreError> {
    let ids: Vec<EntryId> = entries.iter().map(|entry| entry.id).collect();
    let found = outbound::deliveries(state.store(), &ids).await?;
    Ok(found.into_iter().map(|delivery| delivery.map(receipt)).collect())
}

fn receipt(delivery: DeliveryShown) -> Receipt {
    let (words, icon, class) = match delivery.state {
        DeliveryState::Queued => (said::SENT_QUEUED, Icon::Clock, ""),
        DeliveryState::Sent => (said::SENT_SENT, Icon::Tick, ""),
        DeliveryState::Viewed => (said::SENT_VIEWED, Icon::Eye, "good"),
        DeliveryState::NotViewed => (said::SENT_NOT_VIEWED, Icon::Tick, ""),
        DeliveryState::Error => (said::SENT_ERROR, Icon::Warn, "bad"),
        DeliveryState::Recalled => (said::SENT_RECALLED, Icon::Undo, ""),
    };
    Receipt { words, icon, class, why: delivery.words }
}

/// Addresses with commas between them; a comma within quotes belongs to a name.
fn people(text: &str) -> Vec<String> {
    let mut quoted = false;
    let parts = text.split(|c: char| {
        quoted ^= c == '"';
        !quoted && matches!(c, ',' | ';' | '\n')
    });
    parts.map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn written(given: &Given) -> Written {
    let file = |(name, media_type, bytes): &(String, String, Vec<u8>)| GivenFile {
        name: name.clone(),
        media_type: media_type.clone(),
        data: STANDARD.encode(bytes),
    };
    Written {
        text: given.draft.text.clone(),
        to: people(&given.draft.to),
        cc: people(&given.draft.cc),
        attachments: given.files.iter().map(file).collect(),
        status: given.then.parse::<ConversationStatus>().ok(),
        quote: given.quote,
        ..Written::default()
    }
}

/// Answers the customer; gives the id of the message.
pub(super) async fn reply(
    state: &AppState,
    conversation: &Conversation,
    given: &Given,
    request: &ExternalId,
    by: &Principal,
) -> Result<String, Problem> {
    let put = outbound::reply(state, conversation.id, written(given), request, &by.source()).await?;
    Ok(put.entry.to_string())
}

/// `POST /conversations/{number}/recall/{entry}`: takes a message back; what was written is the draft again.
pub(crate) async fn recall(
    State(state): State<AppState>,
    principal: Principal,
    ApiPath((number, entry)): ApiPath<(u64, EntryId)>,
) -> Result<Response, Problem> {
    let conversation = by_number(&state, number).await?;
    let (entry, body) = state.engine().entry(entry).await?;
    let belongs = match entry.conversation {
        Some(id) => state.engine().shown_conversation(id).await?.id == conversation.id,
        None => false,
    };
    if !belongs {
        return Err(Problem::not_found("there is no such message in this conversation"));
    }
    outbound::recall(&state, entry.id).await?;
    let read = reading::read(&entry, body.as_ref(), Remote::Held);
    let own = read.text.into_iter().filter(|piece| piece.sort == Sort::Own).map(|piece| piece.text);
    let text = own.collect::<Vec<_>>().join("\n").trim().to_owned();
    let draft = Draft { text, kind: "reply".to_owned(), ..Draft::default() };
    drafts::put(&state, &principal, conversation.id, draft).await?;
    Ok(Redirect::to(&format!("/conversations/{number}?done=recalled")).into_response())
}

/// To whom a new message goes.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct NewQuery {
    to: Option<String>,
}

/// `GET /conversations/new?to=…`
pub(crate) async fn new(frame: Frame, ApiQuery(query): ApiQuery<NewQuery>) -> Html {
    let draft = Draft { to: query.to.unwrap_or_default(), ..Draft::default() };
    Html::ok(new_page(&frame, &Given { draft, ..Given::default() }, None))
}

/// `POST /conversations/new`
pub(crate) async fn begin(
    State(state): State<AppState>,
    frame: Frame,
    principal: Principal,
    form: Multipart,
) -> Result<Response, Problem> {
    let given = Given::read(form).await?;
    let request = ExternalId::new(format!("page:{}", principal.scope()), given.request.clone());
    let named = given.draft.to.trim();
    // A customer is named by the id of their profile, everybody else by an address.
    let is_profile = named.starts_with("p_") && !named.contains('@');
    let written = Written {
        subject: Some(given.subject.clone()),
        to: if is_profile { Vec::new() } else { people(named) },
        profile: is_profile.then(|| named.to_owned()),
        ..written(&given)
    };
    match outbound::begin(&state, written, &request, &principal.source()).await {
        Ok(put) => {
            let row = state.store().conversations(&[put.conversation]).await?.pop().flatten();
            let number = row.map_or(0, |row| row.number);
            let address = format!("/conversations/{number}?done=sent&undo=message:{}", put.entry);
            Ok(Redirect::to(&address).into_response())
        }
        Err(problem) if problem.status == StatusCode::INTERNAL_SERVER_ERROR => Err(problem),
        Err(problem) => {
            let page = new_page(&frame, &given, Some(&wrong_words(&problem)));
            Ok(Html(StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

fn new_page(frame: &Frame, given: &Given, wrong: Option<&str>) -> Markup {
    let field =
        |name, label, value, hint| Field { name, label, value, hint, required: true, ..Field::default() };
    frame.page(Part::Inbox, said::NEW, &["composer.js", "files.js"], html! {
        div.column.narrow {
            div.page-head { h1 { (said::NEW) } }
            form.card method="post" action="/conversations/new" enctype="multipart/form-data" {
                input type="hidden" name="request" value=(secret::hex(&secret::random::<12>()));
                div.card-body.fields-form {
                    @if let Some(wrong) = wrong { p.notice.bad role="alert" { (wrong) } }
                    (field("to", said::TO, &given.draft.to, Some(said::NEW_TO_HINT)).line("text"))
                    (Field { required: false, ..field("cc", said::COPY, &given.draft.cc, None) }.line("text"))
                    (field("subject", said::SUBJECT, &given.subject, None).line("text"))
                    (field("text", said::WRITE, &given.draft.text, None).lines(10))
                    (composer::files("new-files"))
                }
                div.card-foot {
                    button.primary name="then" value="pending" { (Icon::Send.svg()) (said::SEND) }
                    button name="then" value="closed" { (said::SEND_AND_CLOSE) }
                }
            }
        }
    })
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
