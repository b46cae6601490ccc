//! A new message: to whom, about what, and the draft that is kept while somebody writes it.

use axum::{
    extract::{Multipart, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;
use whom_core::model::ExternalId;

use super::{
    composer,
    deeds::{Given, keep_given, wrong_words},
    drafts::{self, Draft, For},
    keeping,
    sending::{people, written},
};
use crate::{
    app::AppState,
    auth::Principal,
    http::ApiQuery,
    outbound::{self, Written},
    pages::{
        answer::Html,
        components::Field,
        frame::{Frame, Part},
        icons::Icon,
        meant::RECIPIENTS,
        words::conversation as said,
    },
    problem::Problem,
    secret,
};

/// To whom a new message goes, or which draft is gone on with.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct NewQuery {
    to: Option<String>,
    subject: Option<String>,
    draft: Option<String>,
}

/// `GET /conversations/new?to=…`
pub(crate) async fn new(
    State(state): State<AppState>,
    frame: Frame,
    principal: Principal,
    ApiQuery(query): ApiQuery<NewQuery>,
) -> Result<Html, Problem> {
    let name = query.draft.filter(|name| drafts::is_name(name));
    let kept = match &name {
        Some(name) => drafts::find(&state, &principal, &For::New(name.clone())).await?,
        None => None,
    };
    let fresh = Draft {
        to: query.to.unwrap_or_default(),
        subject: query.subject.unwrap_or_default(),
        ..Draft::default()
    };
    let begun = kept.is_none();
    let given = Given {
        draft: kept.unwrap_or(fresh),
        name: name.unwrap_or_else(drafts::new_name),
        ..Given::default()
    };
    let others = if begun { drafts::all(&state, &principal).await?.len() } else { 0 };
    Ok(Html::ok(new_page(&frame, &given, others, None)))
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
    let draft = drafts::is_name(&given.name).then(|| For::New(given.name.clone()));
    let named = given.draft.to.trim();
    // A customer is named by the id of their profile, everybody else by an address.
    let is_profile = named.starts_with("p_") && !named.contains('@');
    let files = match &draft {
        Some(draft) => keeping::read(&state, &principal, draft, &given.kept).await?,
        None => Vec::new(),
    };
    let written = Written {
        subject: Some(given.draft.subject.clone()),
        to: if is_profile { Vec::new() } else { people(named) },
        profile: is_profile.then(|| named.to_owned()),
        ..written(&given, files)
    };
    match outbound::begin(&state, written, &request, &principal.source()).await {
        Ok(put) => {
            if let Some(draft) = draft {
                drafts::clear(&state, &principal, &draft).await?;
            }
            let row = state.store().conversations(&[put.conversation]).await?.pop().flatten();
            let number = row.map_or(0, |row| row.number);
            let address = format!("/conversations/{number}?done=sent&undo=message:{}", put.entry);
            Ok(Redirect::to(&address).into_response())
        }
        Err(problem) if problem.status == StatusCode::INTERNAL_SERVER_ERROR => Err(problem),
        Err(problem) => {
            let name = given.name.clone();
            let draft = match draft {
                Some(draft) => keep_given(&state, &principal, &draft, given).await?,
                None => given.draft,
            };
            let given = Given { draft, name, ..Given::default() };
            let page = new_page(&frame, &given, 0, Some(&wrong_words(&problem)));
            Ok(Html(StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

fn new_page(frame: &Frame, given: &Given, others: usize, wrong: Option<&str>) -> Markup {
    let field =
        |name, label, value, hint| Field { name, label, value, hint, required: true, ..Field::default() };
    let (draft, suggests) = (&given.draft, Some(RECIPIENTS));
    frame.page(Part::Inbox, said::NEW, &["composer.js", "files.js", "suggest.js"], html! {
        div.column.narrow {
            div.page-head {
                h1 { (said::NEW) }
                @if others > 0 { div.buttons { a.button href="/inbox/drafts" { (Icon::Pencil.svg()) (said::drafts(others)) } } }
            }
            form.card.new-message method="post" action="/conversations/new" enctype="multipart/form-data"
                data-draft=(format!("/conversations/new/draft/{}", given.name)) data-draft-at=(draft.at) data-draft-key=(format!("new-{}", given.name))
                data-draft-address=(format!("/conversations/new?draft={}", given.name))
                data-saved=(said::DRAFT_SAVED) data-only-here=(said::ONLY_HERE) data-saving=(said::SAVING) {
                input type="hidden" name="request" value=(secret::hex(&secret::random::<12>()));
                input type="hidden" name="draft" value=(given.name);
                div.card-body.fields-form {
                    @if let Some(wrong) = wrong { p.notice.bad role="alert" { (wrong) } }
                    (Field { suggests, ..field("to", said::TO, &draft.to, Some(said::NEW_TO_HINT)) }.line("text"))
                    (Field { suggests, required: false, ..field("cc", said::COPY, &draft.cc, None) }.line("text"))
                    (field("subject", said::SUBJECT, &draft.subject, None).line("text"))
                    (field("text", said::WRITE, &draft.text, None).lines(10))
                    (composer::files("new-files", &format!("/conversations/new/draft/{}/files", given.name), &draft.files))
                }
                div.card-foot {
                    button.primary name="then" value="pending" data-sends title="Ctrl Enter" { (Icon::Send.svg()) (said::SEND) }
                    button name="then" value="closed" { (said::SEND_AND_CLOSE) }
                    span.saved data-draft-state role="status" {}
                }
            }
        }
    })
}
