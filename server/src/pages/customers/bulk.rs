//! Doing one thing to many customers: from the list to a question, from there to a job and its page.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::Value as Json;
use whom_core::model::{Cardinality, ProfileId, PropertyDefinition, PropertyType};

use super::{
    asked::{Asked, ListQuery},
    bulk_page::{self, Compose},
};
use crate::{
    app::AppState,
    auth::{Principal, people},
    bulk::{self, GivenAction, MOST_NAMED, MOST_PROFILES, Whom, export},
    http::{ApiPath, ApiQuery},
    pages::{answer::Html, frame::Frame, sent::Sent},
    problem::Problem,
    segments::LOOKED_AFTER_BY,
};

/// How many of those chosen for a merge are shown.
const SHOWN: usize = 50;

/// What the list or the question sends.
#[derive(Default)]
pub(super) struct Form {
    pub(super) query: ListQuery,
    pub(super) ids: Vec<ProfileId>,
    pub(super) all: bool,
    pub(super) deed: String,
    pub(super) text: String,
    pub(super) property: String,
    pub(super) into: String,
    pub(super) values: Vec<String>,
    pub(super) format: Option<String>,
}

impl Form {
    fn of(sent: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in sent {
            match name.as_str() {
                "q" => form.query.q = Some(value),
                "f" => form.query.f = Some(value),
                "kind" => form.query.kind = serde_json::from_value(value.into()).ok(),
                "sort" => form.query.sort = Some(value),
                "order" => form.query.order = serde_json::from_value(value.into()).ok(),
                "segment" => form.query.segment = Some(value),
                "id" => form.ids.extend(value.parse::<ProfileId>().ok()),
                "all" => form.all = true,
                "do" => form.deed = value,
                "text" => form.text = value,
                "property" => form.property = value,
                "into" => form.into = value,
                "value" => form.values.push(value),
                "format" => form.format = Some(value),
                _ => {}
            }
        }
        form.ids.truncate(MOST_NAMED);
        form
    }

    async fn whom(&self, state: &AppState, by: &Principal) -> Result<(Asked, Whom), Problem> {
        let asked = Asked::read(state, by, &self.query).await?;
        let whom = match self.all {
            true => Whom::Found(asked.question.clone()),
            false => Whom::Profiles(self.ids.clone()),
        };
        Ok((asked, whom))
    }
}

/// `POST /customers/bulk`: asks what is missing for a deed.
pub(crate) async fn compose(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    Sent(sent): Sent<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let form = Form::of(sent);
    Ok(question(&state, &frame, &by, &form, None).await?.into_response())
}

async fn question(
    state: &AppState,
    frame: &Frame,
    by: &Principal,
    form: &Form,
    wrong: Option<&Problem>,
) -> Result<Html, Problem> {
    let (asked, whom) = form.whom(state, by).await?;
    let count = match &whom {
        Whom::Profiles(ids) => ids.len(),
        Whom::Found(question) => {
            state.directory().count(question.query(None, 1), MOST_PROFILES, state.now()).await?
        }
    };
    let rules = state.engine().rules();
    let definitions: Vec<PropertyDefinition> =
        rules.schema().iter().filter(|known| is_set_by_hand(known)).cloned().collect();
    let people = people::list(state.store(), None, 500).await?;
    let people: Vec<(String, String)> = people
        .into_iter()
        .filter(|person| !person.disabled)
        .map(|person| (person.login, person.name))
        .collect();
    let mut candidates = Vec::new();
    if form.deed == "merge" {
        for id in form.ids.iter().take(SHOWN) {
            candidates.extend(state.engine().view(*id, state.now()).await.ok());
        }
    }
    let compose = Compose {
        form,
        asked: &asked,
        count,
        definitions: &definitions,
        people: &people,
        candidates: &candidates,
        has_providers: state.enrichment().is_some(),
        wrong: wrong.map(|problem| {
            problem.errors.first().map_or_else(|| problem.detail.clone(), |error| error.detail.clone())
        }),
    };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(Html(status, bulk_page::compose(frame, &compose)))
}

/// Whether an agent may set it for many at once.
fn is_set_by_hand(definition: &PropertyDefinition) -> bool {
    use whom_core::model::Mode;
    !definition.computed
        && definition.mode != Mode::Locked
        && definition.identifier_kind().is_none()
        && definition.key.as_str() != LOOKED_AFTER_BY
        && !matches!(definition.kind, PropertyType::Picture | PropertyType::Address)
}

/// `POST /customers/bulk/start`
pub(crate) async fn start(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    Sent(sent): Sent<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let form = Form::of(sent);
    let (asked, whom) = form.whom(&state, &by).await?;
    if form.deed == "export" {
        let format =
            serde_json::from_value(form.format.clone().unwrap_or_default().into()).unwrap_or_default();
        let mut columns = vec!["name".to_owned(), "email".to_owned()];
        columns.extend(asked.columns);
        columns.dedup();
        return export::export(&state, whom, format, columns).await;
    }
    let begun = match given(&state, &form) {
        Ok(given) => match given.read(&state).await {
            Ok(action) => bulk::begin(&state, &by, action, whom).await,
            Err(problem) => Err(problem),
        },
        Err(problem) => Err(problem),
    };
    match begun {
        Ok(job) => Ok(Redirect::to(&format!("/customers/bulk/{}", job.id)).into_response()),
        // What was typed stays, with what is wrong with it beside it.
        Err(problem) if problem.status == StatusCode::UNPROCESSABLE_ENTITY => {
            Ok(question(&state, &frame, &by, &form, Some(&problem)).await?.into_response())
        }
        Err(problem) => Err(problem),
    }
}

/// What the form asks for.
fn given(state: &AppState, form: &Form) -> Result<GivenAction, Problem> {
    let tags = || vec![form.text.clone()];
    Ok(match form.deed.as_str() {
        "add_tag" => GivenAction::AddTag { tags: tags() },
        "remove_tag" => GivenAction::RemoveTag { tags: tags() },
        "assign" => GivenAction::Assign { to: Some(form.text.clone()).filter(|to| !to.is_empty()) },
        "set" => {
            let value = typed(state, &form.property, form.text.trim())?;
            GivenAction::Set { property: form.property.clone(), value }
        }
        "link" => GivenAction::LinkAccount { account: form.text.clone() },
        "merge" => match form.into.parse() {
            Ok(into) => GivenAction::Merge { into },
            Err(_) => return Err(Problem::invalid("choose the profile that stays")),
        },
        "enrich" => GivenAction::Enrich,
        "trash" => GivenAction::Trash,
        _ => return Err(Problem::not_found("there is no such deed")),
    })
}

/// What was typed, as the type of the property has it.
fn typed(state: &AppState, property: &str, text: &str) -> Result<Json, Problem> {
    let rules = state.engine().rules();
    let Some(definition) = rules.schema().get(property) else {
        return Err(Problem::invalid("choose a property"));
    };
    if text.is_empty() {
        return Ok(Json::Null);
    }
    Ok(match definition.kind {
        PropertyType::Number | PropertyType::Money | PropertyType::Percent => match text.parse::<f64>() {
            Ok(number) => number.into(),
            Err(_) => return Err(Problem::invalid("it takes a number")),
        },
        PropertyType::YesNo => match text.to_lowercase().as_str() {
            "yes" | "true" => true.into(),
            "no" | "false" => false.into(),
            _ => return Err(Problem::invalid("it takes yes or no")),
        },
        _ if definition.cardinality == Cardinality::Many => {
            text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(Json::from).collect()
        }
        _ => text.into(),
    })
}

/// What stands behind `?` of a job's page.
#[derive(Deserialize)]
pub(crate) struct JobQuery {
    fragment: Option<String>,
}

/// `GET /customers/bulk/{id}`
pub(crate) async fn show(
    State(state): State<AppState>,
    frame: Frame,
    ApiPath(id): ApiPath<String>,
    ApiQuery(query): ApiQuery<JobQuery>,
) -> Result<Html, Problem> {
    let job = bulk::one(&state, &id).await?;
    if job.state.is_open() {
        state.bulk().wake(&state);
    }
    Ok(Html::ok(match query.fragment {
        Some(_) => bulk_page::progress_of(&frame, &job),
        None => bulk_page::job(&frame, &job),
    }))
}

/// `GET /customers/bulk`
pub(crate) async fn list(State(state): State<AppState>, frame: Frame) -> Result<Html, Problem> {
    let jobs = bulk::latest(&state, 50).await?;
    Ok(Html::ok(bulk_page::jobs(&frame, &jobs)))
}

/// `POST /customers/bulk/{id}/stop`
pub(crate) async fn stop(
    State(state): State<AppState>,
    ApiPath(id): ApiPath<String>,
) -> Result<Response, Problem> {
    bulk::cancel(&state, &id).await?;
    Ok(Redirect::to(&format!("/customers/bulk/{id}")).into_response())
}

/// `POST /customers/bulk/{id}/undo`
pub(crate) async fn undo(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(id): ApiPath<String>,
) -> Result<Response, Problem> {
    bulk::take_back(&state, &by, &id).await?;
    Ok(Redirect::to(&format!("/customers/bulk/{id}")).into_response())
}

/// `GET /customers/export`: the list as a file, with the columns that it shows.
pub(crate) async fn export_list(
    State(state): State<AppState>,
    by: Principal,
    ApiQuery(query): ApiQuery<ListQuery>,
    ApiQuery(sent): ApiQuery<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let asked = Asked::read(&state, &by, &query).await?;
    if let Some((_, why)) = asked.wrong {
        return Err(Problem::invalid("the filter cannot be read").at("?f", why));
    }
    let format = sent.into_iter().find(|(name, _)| name == "format").map(|(_, value)| value);
    let format = serde_json::from_value(format.unwrap_or_default().into()).unwrap_or_default();
    let mut columns = vec!["name".to_owned(), "email".to_owned()];
    columns.extend(asked.columns.into_iter().filter(|key| key != "email" && key != "name"));
    export::export(&state, Whom::Found(asked.question), format, columns).await
}
