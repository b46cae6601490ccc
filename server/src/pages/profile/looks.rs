//! Looking closer: a masked value whole, the card of a plugin, and a look at providers now or never.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use maud::{Markup, html};
use serde::Deserialize;
use whom_core::model::{ProfileId, PropertyKey, PropertyType};

use super::{
    info_pane::{integration, integration_failed},
    show::FragmentQuery,
};
use crate::{
    app::AppState,
    auth::Principal,
    http::{ApiPath, ApiQuery},
    pages::{
        answer::Html,
        back::Back,
        components::shown_value,
        frame::{Frame, Part},
        sent::Sent,
        words::profile as say,
    },
    problem::Problem,
    sight,
};

/// What it is needed for.
#[derive(Deserialize)]
pub(crate) struct Reason {
    why: String,
}

/// `POST /customers/{id}/reveal/{property}`: the values of a masked property, whole. Nothing keeps the answer.
pub(crate) async fn reveal(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    back: Back,
    ApiPath((id, property)): ApiPath<(ProfileId, PropertyKey)>,
    ApiQuery(query): ApiQuery<FragmentQuery>,
    Sent(reason): Sent<Reason>,
) -> Result<Response, Problem> {
    let revealed = sight::reveal(&state, &by, id, &property, &reason.why).await?;
    let rules = state.engine().rules();
    let definition = rules.schema().get_or_free(&property);
    let values = html! {
        ul { @for value in &revealed.values { li { (shown_value(value, PropertyType::Text, &frame.moments)) } } }
        @if revealed.values.is_empty() { p { (say::NOTHING_THERE) } }
    };
    let shown = match query.fragment {
        Some(_) => values,
        None => {
            let here = back.path(&format!("/customers/{id}"));
            apart(
                &frame,
                &definition.label,
                &here,
                html! { h1 { (definition.label) } (values) p.faint { (say::REVEALED_NOTE) } },
            )
        }
    };
    let mut response = Html::ok(shown).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// `GET /customers/{id}/cards/{plugin}`: a card as its plugin makes it now, or made it a moment ago.
pub(crate) async fn card(
    State(state): State<AppState>,
    frame: Frame,
    ApiPath((id, plugin)): ApiPath<(ProfileId, String)>,
    ApiQuery(query): ApiQuery<FragmentQuery>,
) -> Result<Html, Problem> {
    let none = || Problem::not_found("no plugin of that name makes a card of this customer");
    let enrichment = state.enrichment().ok_or_else(none)?;
    let sources = enrichment.card_sources(id).await?;
    let source = sources.into_iter().find(|source| source.id == plugin).ok_or_else(none)?;
    let shown = match enrichment.card(&source, id).await? {
        Ok(card) => integration(&source, card.as_ref()),
        Err(why) => integration_failed(&source, &why),
    };
    Ok(Html::ok(match query.fragment {
        Some(_) => shown,
        None => apart(&frame, &source.name, &format!("/customers/{id}"), shown),
    }))
}

/// Something of the pane on a page of its own, for browsers without scripts.
fn apart(frame: &Frame, title: &str, back: &str, shown: Markup) -> Markup {
    frame.page(
        Part::Customers,
        title,
        &[],
        html! {
            div.column.narrow {
                p { a href=(back) { (say::GO_BACK) } }
                div.card { div.block { (shown) } }
            }
        },
    )
}

/// `POST /customers/{id}/check`: providers look now.
pub(crate) async fn check(
    State(state): State<AppState>,
    back: Back,
    ApiPath(id): ApiPath<ProfileId>,
) -> Result<Response, Problem> {
    let off = || Problem::unavailable("providers run with `whom serve`: this process has none");
    let queued = state.enrichment().ok_or_else(off)?.check_now(id).await?;
    let done = if queued > 0 { "checking" } else { "nothing_to_check" };
    Ok(back.with(&format!("/customers/{id}"), done, None))
}

/// `POST /customers/{id}/look-up/{may}`: whether providers may be asked about this customer.
pub(crate) async fn may_look_up(
    State(state): State<AppState>,
    by: Principal,
    back: Back,
    ApiPath((id, may)): ApiPath<(ProfileId, String)>,
) -> Result<Response, Problem> {
    let (may, done) = match may.as_str() {
        "on" => (true, "look_up_on"),
        "off" => (false, "look_up_off"),
        _ => return Err(Problem::not_found("providers may look or may not: `on` or `off`")),
    };
    state.engine().set_looked_up(id, may, &by.source(), state.now()).await?;
    Ok(back.with(&format!("/customers/{id}"), done, Some(&id.to_string())))
}
