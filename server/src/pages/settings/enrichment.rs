//! Enrichment: one switch for everything, one for each provider; off means that nothing leaves any more.

use axum::{
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{general::Done, shell};
use crate::pages::{
    answer::Html,
    components::{Tone, badge, empty, toast},
    frame::Frame,
    sent::Sent,
    words::settings as own,
};
use crate::{
    app::AppState,
    enrich::{self, EnrichmentSettings, ProviderState},
    http::ApiPath,
    problem::Problem,
};

const PATH: &str = "/settings/enrichment";

/// A switch as it is sent.
#[derive(Debug, Deserialize)]
pub(super) struct Switch {
    on: String,
}

impl Switch {
    fn is_on(&self) -> bool {
        self.on == "1"
    }
}

/// `GET /settings/enrichment`
pub(super) async fn page(
    State(state): State<AppState>,
    frame: Frame,
    Query(query): Query<Done>,
) -> Result<Html, Problem> {
    let settings = EnrichmentSettings::load(state.store()).await?;
    let providers = match state.enrichment() {
        Some(enrichment) => enrichment.provider_states().await?,
        None => Vec::new(),
    };
    Ok(Html::ok(shell(
        &frame,
        PATH,
        own::ENRICHMENT,
        html! {
            @if query.done.is_some() { (toast(html! { (own::SAVED) }, None)) }
            div #enrichment data-live="settings" {
                section.card {
                    div.card-body.switch-row {
                        div { h2.plain { (own::ENRICH_ALL) } p.soft { (own::ENRICH_ALL_HELP) } }
                        (switch(PATH, settings.on, own::ENRICH_ALL))
                    }
                }
                section.card {
                    div.card-head { h2 { (own::PROVIDERS) } }
                    @if providers.is_empty() { (empty(own::NO_PROVIDERS, own::NO_PROVIDERS_NEXT, Markup::default())) }
                    ul.rows { @for provider in &providers { (row(provider, &settings)) } }
                }
            }
        },
    )))
}

fn row(provider: &ProviderState, settings: &EnrichmentSettings) -> Markup {
    let chosen = settings.providers.get(&provider.id).and_then(|one| one.on).unwrap_or(provider.is_bundled);
    html! {
        li.switch-row data-id=(provider.id) {
            div {
                h3 { (provider.name) " " span.faint { (provider.version) } }
                p.soft { (provider.summary) }
                p.faint {
                    (own::READS) ": " (provider.reads.join(", "))
                    @if !provider.reaches.is_empty() { span.dot {} (own::REACHES) " " (provider.reaches.join(", ")) }
                }
            }
            (badge(if provider.is_on { Tone::Good } else { Tone::Plain }, if provider.is_on { own::ASKED } else { own::NOT_ASKED }))
            (switch(&format!("{PATH}/{}", provider.id), chosen, &provider.name))
        }
    }
}

/// A switch that is a button: it works without scripts, and says what it would do.
fn switch(action: &str, is_on: bool, label: &str) -> Markup {
    html! {
        form method="post" action=(action) data-quick {
            input type="hidden" name="on" value=(if is_on { "0" } else { "1" });
            button.switch-button role="switch" aria-checked=(if is_on { "true" } else { "false" }) aria-label=(label) { span {} }
        }
    }
}

/// `POST /settings/enrichment`
pub(super) async fn switch_all(
    State(state): State<AppState>,
    Sent(switch): Sent<Switch>,
) -> Result<Response, Problem> {
    let mut settings = EnrichmentSettings::load(state.store()).await?;
    settings.on = switch.is_on();
    enrich::decide(&state, settings).await?;
    Ok(Redirect::to(&format!("{PATH}?done=saved")).into_response())
}

/// `POST /settings/enrichment/{id}`
pub(super) async fn switch_one(
    State(state): State<AppState>,
    ApiPath(id): ApiPath<String>,
    Sent(switch): Sent<Switch>,
) -> Result<Response, Problem> {
    let known = match state.enrichment() {
        Some(enrichment) => enrichment.provider_states().await?,
        None => Vec::new(),
    };
    if !known.iter().any(|provider| provider.id == id) {
        return Err(Problem::not_found("there is no such provider"));
    }
    let mut settings = EnrichmentSettings::load(state.store()).await?;
    settings.providers.entry(id).or_default().on = Some(switch.is_on());
    enrich::decide(&state, settings).await?;
    Ok(Redirect::to(&format!("{PATH}?done=saved")).into_response())
}
