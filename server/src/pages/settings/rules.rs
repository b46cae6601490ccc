//! Plugins and rules: what runs here, how it stands, what it may do.

use axum::extract::State;
use maud::{Markup, html};

use super::shell;
use crate::pages::{
    answer::Html,
    components::{Tone, badge, empty},
    frame::Frame,
    words::{self, settings as own},
};
use crate::{app::AppState, enrich::ProviderState, problem::Problem};

/// `GET /settings/plugins`
pub(super) async fn page(State(state): State<AppState>, frame: Frame) -> Result<Html, Problem> {
    let plugins = match state.enrichment() {
        Some(enrichment) => enrichment.provider_states().await?,
        None => Vec::new(),
    };
    let rules = state.engine().rules();
    Ok(Html::ok(shell(
        &frame,
        "/settings/plugins",
        own::PLUGINS,
        html! {
            section.card {
                div.card-head { h2 { (own::RULES) } (badge(Tone::Good, own::IN_FORCE)) }
                div.card-body {
                    dl.pairs {
                        dt { (own::RULES_HASH) } dd { code { (rules.hash().chars().take(16).collect::<String>()) } }
                        dt { (own::PROPERTIES) } dd { a href="/settings/properties" { (rules.schema().iter().count()) } }
                    }
                }
                ul.rows {
                    @for (name, text) in rules.sources().iter() {
                        li {
                            details.script { summary { code { (name) } span.faint { " " (words::count(text.lines().count() as u64, "line", "lines")) } } pre tabindex="0" { code { (text) } } }
                        }
                    }
                }
            }
            section.card {
                div.card-head { h2 { (own::PLUGINS_ONLY) } span.faint { (plugins.len()) } }
                @if plugins.is_empty() { (empty(own::NO_PROVIDERS, own::NO_PROVIDERS_NEXT, Markup::default())) }
                ul.rows { @for plugin in &plugins { (row(plugin)) } }
                @if !plugins.is_empty() { div.card-foot { a href="/settings/enrichment" { (own::SWITCH_THERE) } } }
            }
        },
    )))
}

fn row(plugin: &ProviderState) -> Markup {
    let state = plugin.state.to_lowercase();
    let tone = match () {
        () if !plugin.is_on => Tone::Plain,
        () if state.contains("quarantine") || state.contains("fail") || state.contains("crash") => Tone::Bad,
        () if state.contains("wait") || state.contains("back") => Tone::Warn,
        () => Tone::Good,
    };
    html! {
        li.plugin {
            div {
                h3 { (plugin.name) " " span.faint { (plugin.version) } @if plugin.is_bundled { " " span.faint { (own::BUNDLED) } } }
                p.soft { (plugin.summary) }
                dl.pairs.small {
                    dt { (own::CONFINED) } dd { (plugin.confined) }
                    dt { (own::READS) } dd { (plugin.reads.join(", ")) }
                    dt { (own::WRITES) } dd { (plugin.writes.join(", ")) }
                    dt { (own::REACHES) } dd { (plugin.reaches.join(", ")) }
                    dt { "SHA-256" } dd { code { (plugin.sha256.chars().take(16).collect::<String>()) "…" } }
                }
            }
            (badge(tone, if plugin.is_on { &plugin.state } else { own::NOT_ASKED }))
        }
    }
}
