//! Editing in place: one value of one property, saved while it still is what was read.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use whom_core::{
    engine::{Edit, EngineError},
    model::{Assertion, Cardinality, Number, PropertyDefinition, PropertyKey, PropertyType, Value},
    view::ProfileView,
};

use super::{
    info_pane::{Wrong, version_of},
    page::News,
    show::{profile_id, profile_with},
};
use crate::{
    app::AppState,
    auth::Principal,
    http::ApiPath,
    pages::{
        back::Back,
        components::{AskedBy, Stands},
        frame::Frame,
        sent::Sent,
        words,
    },
    problem::Problem,
};

/// How often a change is tried again because something else of the profile changed meanwhile.
const TRIES: usize = 20;

/// One value of a field.
#[derive(Deserialize)]
pub(crate) struct FieldForm {
    #[serde(default)]
    value: String,
    /// The value that it replaces, where the property has many; empty for one more.
    #[serde(default)]
    was: String,
    /// What was read; empty changes it whatever it is.
    #[serde(default)]
    version: String,
}

/// `POST /customers/{id}/fields/{property}`
pub(crate) async fn save(
    State(state): State<AppState>,
    frame: Frame,
    principal: Principal,
    asked_by: AskedBy,
    back: Back,
    ApiPath((id, property)): ApiPath<(String, String)>,
    Sent(form): Sent<FieldForm>,
) -> Result<Response, Problem> {
    let id = profile_id(&id)?;
    let property: PropertyKey = property.parse().map_err(|why: String| Problem::not_found(why))?;
    let engine = state.engine();
    let definition = engine.rules().schema().get_or_free(&property);
    for _ in 0..TRIES {
        let view = engine.view(id, state.now()).await?;
        if let Some(current) = beaten(&view, &definition, &form) {
            return conflict(&state, &frame, asked_by, &view, &property, &form, current).await;
        }
        let edits = match edits_of(&definition, &view, &form) {
            Ok(edits) => edits,
            Err(why) => {
                let error = EngineError::Invalid { what: definition.label.clone(), why };
                return refused(&state, &frame, asked_by, &view, &property, &form, error).await;
            }
        };
        if edits.is_empty() {
            let here = format!("{}#about", back.path(&format!("/customers/{id}")));
            return Ok(stands(&view, &definition, &form).saved(asked_by, &here));
        }
        match engine.edit(view.id, edits, &principal.source(), Some(&view.version), state.now()).await {
            Ok(view) => {
                let saved = stands(&view, &definition, &form);
                return Ok(match asked_by {
                    AskedBy::Script => saved.saved(asked_by, ""),
                    // On a telephone the fields are a pane of their own.
                    AskedBy::Browser if back.path("").starts_with("/customers/") => {
                        saved.saved(asked_by, &format!("/customers/{}?done=saved#about", view.id))
                    }
                    AskedBy::Browser => back.with(&format!("/customers/{}", view.id), "saved", None),
                });
            }
            // Something changed, perhaps not this field: look again.
            Err(EngineError::Changed { .. }) => {}
            Err(error @ EngineError::Store(_)) => return Err(error.into()),
            Err(error) => return refused(&state, &frame, asked_by, &view, &property, &form, error).await,
        }
    }
    Err(Problem::bad_request("this profile changes faster than it can be edited; try again in a moment"))
}

/// What stands there instead, where somebody was faster.
fn beaten(view: &ProfileView, definition: &PropertyDefinition, form: &FieldForm) -> Option<Stands> {
    let key = definition.key.as_str();
    let values = view.field(key).map(|field| field.values.as_slice()).unwrap_or_default();
    let is_beaten = match definition.cardinality {
        Cardinality::One => !form.version.is_empty() && form.version != version_of(view, key),
        Cardinality::Many => {
            !form.was.is_empty() && !values.iter().any(|shown| typed(&shown.value) == form.was)
        }
    };
    let first = values.first().filter(|_| definition.cardinality == Cardinality::One);
    is_beaten.then(|| Stands {
        version: version_of(view, key),
        value: first.map(|shown| typed(&shown.value)).unwrap_or_default(),
        by: first.map(|shown| words::source(&shown.source)),
    })
}

fn typed(value: &Value) -> String {
    super::info_pane::typed(value)
}

fn stands(view: &ProfileView, definition: &PropertyDefinition, form: &FieldForm) -> Stands {
    let key = definition.key.as_str();
    let value = match definition.cardinality {
        Cardinality::Many => form.value.trim().to_owned(),
        Cardinality::One => view.value(key).map(typed).unwrap_or_default(),
    };
    let version = match definition.cardinality {
        Cardinality::Many => String::new(),
        Cardinality::One => version_of(view, key),
    };
    Stands { version, value, by: None }
}

/// What saving means: a value, none, or one of many in the place of another.
fn edits_of(
    definition: &PropertyDefinition,
    view: &ProfileView,
    form: &FieldForm,
) -> Result<Vec<Edit>, String> {
    let value = read(definition, &form.value)?;
    let edit = |assertion| Edit { property: definition.key.clone(), assertion };
    let field = view.field(definition.key.as_str());
    let values = field.map(|field| field.values.as_slice()).unwrap_or_default();
    if definition.cardinality == Cardinality::One {
        return Ok(match value {
            Some(value) if values.first().is_some_and(|shown| shown.value == value) => Vec::new(),
            Some(value) => vec![edit(Assertion::Is(value))],
            None if values.is_empty() => Vec::new(),
            None => vec![edit(Assertion::Empty)],
        });
    }
    let before = values.iter().find(|shown| !form.was.is_empty() && typed(&shown.value) == form.was);
    let before = before.map(|shown| shown.value.clone());
    if before == value {
        return Ok(Vec::new());
    }
    Ok(before
        .map(|gone| edit(Assertion::IsNot(gone)))
        .into_iter()
        .chain(value.map(|new| edit(Assertion::Is(new))))
        .collect())
}

/// What was typed, as the type of the property wants it; nothing where nothing was typed.
fn read(definition: &PropertyDefinition, text: &str) -> Result<Option<Value>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let list = || {
        let items: Vec<Value> = text.split(',').filter_map(Value::text).collect();
        (!items.is_empty()).then_some(Value::List(items))
    };
    Ok(match definition.kind {
        PropertyType::Number | PropertyType::Money | PropertyType::Percent => {
            let plain: String = text
                .chars()
                .filter(|c| !c.is_whitespace() && *c != '%')
                .collect::<String>()
                .replace(',', ".");
            let number = plain.parse::<f64>().ok().and_then(Number::new);
            Some(Value::Number(number.ok_or("it takes a number, such as 12.5")?))
        }
        PropertyType::YesNo => match text.to_lowercase().as_str() {
            "yes" | "true" | "1" => Some(Value::YesNo(true)),
            "no" | "false" | "0" => Some(Value::YesNo(false)),
            _ => return Err("it takes yes or no".into()),
        },
        PropertyType::ManyChoice => list(),
        PropertyType::List if definition.cardinality == Cardinality::One => list(),
        PropertyType::Link if !text.contains("://") && text.contains('.') => {
            Value::text(format!("https://{text}"))
        }
        // What stands on one line is on one line, whatever it was typed into.
        PropertyType::Text => Value::text(text.split_whitespace().collect::<Vec<_>>().join(" ")),
        _ => Value::text(text),
    })
}

async fn conflict(
    state: &AppState,
    frame: &Frame,
    asked_by: AskedBy,
    view: &ProfileView,
    property: &PropertyKey,
    form: &FieldForm,
    current: Stands,
) -> Result<Response, Problem> {
    if asked_by == AskedBy::Script {
        return Ok(current.conflict());
    }
    let why = words::profile::meanwhile(&current.value, current.by.as_deref());
    again(state, frame, view, property, form, why, StatusCode::CONFLICT).await
}

async fn refused(
    state: &AppState,
    frame: &Frame,
    asked_by: AskedBy,
    view: &ProfileView,
    property: &PropertyKey,
    form: &FieldForm,
    error: EngineError,
) -> Result<Response, Problem> {
    if asked_by == AskedBy::Script {
        return Err(error.into());
    }
    again(state, frame, view, property, form, error.to_string(), StatusCode::UNPROCESSABLE_ENTITY).await
}

/// The page again with what was typed, and why it was not saved beside it.
async fn again(
    state: &AppState,
    frame: &Frame,
    view: &ProfileView,
    property: &PropertyKey,
    form: &FieldForm,
    why: String,
    status: StatusCode,
) -> Result<Response, Problem> {
    let wrong = Wrong {
        property: property.clone(),
        was: form.was.clone(),
        typed: form.value.clone(),
        why: why.clone(),
    };
    Ok(profile_with(state, frame, view.id, News::Failed(why), None, Some(wrong), status)
        .await?
        .into_response())
}
