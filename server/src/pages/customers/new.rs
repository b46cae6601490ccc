//! Making a profile by hand.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;
use whom_core::{
    engine::{Edit, EngineError},
    identity::GivenIdentifier,
    model::{Assertion, ExternalId, Identifier, IdentifierKind, ProfileId, PropertyKey, Value},
    search::{Hit, Query},
};

use crate::{
    app::AppState,
    auth::Principal,
    pages::{
        answer::Html,
        components::{Field, Notice, notice},
        frame::{Frame, Part},
        sent::Sent,
        words,
        words::customers as says,
    },
    problem::Problem,
    secret,
};

/// What is typed. The request's id makes the same form sent twice one profile.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewProfile {
    request: String,
    first_name: String,
    last_name: String,
    email: String,
    phone: String,
    company: String,
    job_title: String,
    /// Whether whoever fills it in has seen who is called the same already.
    anyway: bool,
}

/// How many of those who are called the same are shown.
const NAMESAKES: usize = 5;

/// What is wrong with it.
#[derive(Default)]
struct Wrong {
    email: Option<String>,
    phone: Option<String>,
    /// About all of it, with the profile that has the address already.
    all: Option<(String, Option<ProfileId>)>,
    /// Who is called the same already.
    namesakes: Vec<Hit>,
}

impl Wrong {
    fn is_any(&self) -> bool {
        self.email.is_some() || self.phone.is_some() || self.all.is_some() || !self.namesakes.is_empty()
    }
}

/// `GET /customers/new`
pub(crate) async fn show(frame: Frame) -> Html {
    let new = NewProfile { request: secret::hex(&secret::random::<12>()), ..NewProfile::default() };
    Html::ok(page(&frame, &new, &Wrong::default()))
}

/// `POST /customers/new`
pub(crate) async fn make(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    Sent(new): Sent<NewProfile>,
) -> Result<Response, Problem> {
    let mut wrong = Wrong::default();
    let region = state.settings().await?.phone_region();
    let mut identifiers = Vec::new();
    let kinds = [
        (IdentifierKind::EMAIL, &new.email, &mut wrong.email),
        (IdentifierKind::PHONE, &new.phone, &mut wrong.phone),
    ];
    for (kind, raw, problem) in kinds {
        if raw.trim().is_empty() {
            continue;
        }
        match Identifier::new(kind, raw, region) {
            Ok(identifier) => identifiers.push(GivenIdentifier::new(identifier, raw.trim())),
            Err(error) => *problem = Some(words::sentence(&error.to_string())),
        }
    }
    let typed = [
        ("first_name", &new.first_name),
        ("last_name", &new.last_name),
        ("company", &new.company),
        ("job_title", &new.job_title),
    ];
    let edits = typed.into_iter().filter_map(|(key, text)| {
        Some(Edit { property: PropertyKey::fold(key)?, assertion: Assertion::Is(Value::text(text)?) })
    });
    let edits: Vec<Edit> = edits.collect();
    let request = ExternalId::new(format!("page:{}", by.scope()), new.request.clone());
    if !wrong.is_any() && !new.anyway {
        wrong.namesakes = namesakes(&state, &new, &request).await?;
    }
    if !wrong.is_any() {
        let made =
            state.engine().create_profile(request, edits, identifiers, &by.source(), state.now()).await;
        match made {
            Ok(id) => return Ok(Redirect::to(&format!("/customers/{id}")).into_response()),
            Err(error @ EngineError::Store(_)) => return Err(error.into()),
            Err(error) => {
                let taken = match &error {
                    EngineError::TakenBy { profile, .. } => Some(*profile),
                    _ => None,
                };
                wrong.all = Some((words::sentence(&error.to_string()), taken));
            }
        }
    }
    Ok(Html(StatusCode::UNPROCESSABLE_ENTITY, page(&frame, &new, &wrong)).into_response())
}

/// Who is called exactly so already; nobody where this very form made one of them.
async fn namesakes(state: &AppState, new: &NewProfile, request: &ExternalId) -> Result<Vec<Hit>, Problem> {
    let name = format!("{} {}", new.first_name.trim(), new.last_name.trim());
    if new.first_name.trim().is_empty() || new.last_name.trim().is_empty() {
        return Ok(Vec::new());
    }
    let query = Query { text: name.clone(), limit: NAMESAKES, ..Query::default() };
    let mut hits = state.directory().find(query, state.now()).await?.hits;
    let made = state.store().id_key().created(request);
    if hits.iter().any(|hit| hit.id == made) {
        return Ok(Vec::new());
    }
    hits.retain(|hit| hit.name.to_lowercase() == name.to_lowercase());
    Ok(hits)
}

fn page(frame: &Frame, new: &NewProfile, wrong: &Wrong) -> Markup {
    let field = |name, label, value| Field { name, label, value, ..Field::default() };
    frame.page(Part::Customers, says::CREATE_PROFILE, &[], html! {
        div.column.narrow {
            form.card method="post" action="/customers/new" {
                div.card-head { h1 { (says::CREATE_PROFILE) } }
                div.card-body {
                    @if let Some((why, taken)) = &wrong.all {
                        (notice(Notice::Failed, html! {
                            (why)
                            @if let Some(id) = taken { " " a href=(format!("/customers/{id}")) { (words::OPEN_IT) } }
                        }))
                    }
                    @if !wrong.namesakes.is_empty() {
                        (notice(Notice::Failed, html! {
                            (says::CALLED_SO)
                            ul.namesakes {
                                @for hit in &wrong.namesakes {
                                    li { a href=(format!("/customers/{}", hit.id)) { (hit.name) } @for fact in [&hit.line, &hit.company].into_iter().flatten() { span.dot {} (fact) } }
                                }
                            }
                        }))
                        input type="hidden" name="anyway" value="true";
                    }
                    input type="hidden" name="request" value=(new.request);
                    div.fields-form.two {
                        (field("first_name", says::FIRST_NAME, &new.first_name).line("text"))
                        (field("last_name", says::LAST_NAME, &new.last_name).line("text"))
                        (Field { wrong: wrong.email.as_deref(), ..field("email", says::EMAIL, &new.email) }.line("email"))
                        (Field { wrong: wrong.phone.as_deref(), hint: Some("+49 30 …"), ..field("phone", says::PHONE, &new.phone) }.line("tel"))
                        (field("company", words::COMPANY, &new.company).line("text"))
                        (field("job_title", says::JOB_TITLE, &new.job_title).line("text"))
                    }
                    p.help { (says::CREATE_HELP) }
                }
                div.card-foot {
                    button.primary { (if wrong.namesakes.is_empty() { says::CREATE_PROFILE } else { says::CREATE_ANYWAY }) }
                    a.button.quiet href="/customers" { (words::CANCEL) }
                }
            }
        }
    })
}
