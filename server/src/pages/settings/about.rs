//! About this server: version, figures, how it is doing, licences.

use axum::extract::State;
use maud::html;
use whom_core::search::Query;

use super::shell;
use crate::pages::{
    answer::Html,
    components::{Tone, badge},
    frame::Frame,
    words::{self, settings as own},
};
use crate::{app::AppState, problem::Problem};

/// `GET /settings/about`
pub(super) async fn page(State(state): State<AppState>, frame: Frame) -> Result<Html, Problem> {
    let figures = state.store().figures().await?;
    let head = *state.store().feed_head().borrow();
    let looked = state.directory().find(Query { limit: 1, ..Query::default() }, state.now()).await;
    let behind = looked.as_ref().map_or(0, |page| page.behind);
    Ok(Html::ok(shell(
        &frame,
        "/settings/about",
        own::ABOUT,
        html! {
            section.card {
                div.card-head { h2 { (words::WHOM) " " (env!("CARGO_PKG_VERSION")) } }
                div.card-body {
                    dl.pairs {
                        dt { (own::HEALTH) }
                        dd {
                            @match (&looked, behind) {
                                (Err(_), _) => (badge(Tone::Bad, own::SEARCH_FAILS)),
                                (Ok(_), 0) => (badge(Tone::Good, own::WELL)),
                                (Ok(_), behind) => (badge(Tone::Warn, &words::behind(behind))),
                            }
                        }
                        dt { (own::PROFILES) } dd { (words::thousands(figures.profiles)) }
                        dt { (own::CONTACTS) } dd { (words::thousands(figures.contacts)) }
                        dt { (own::CONVERSATIONS) } dd { (words::thousands(figures.conversations)) }
                        dt { (own::ENTRIES) } dd { (words::thousands(figures.entries)) }
                        dt { (own::COMMITS) } dd { (words::thousands(head)) }
                        dt { (own::ON_DISK) } dd { (words::bytes(figures.bytes)) }
                        dt { (own::REACHED_AT) }
                        dd {
                            (frame.origin)
                            @if !frame.origin.starts_with("https://") { div.faint { (own::PLAIN_HTTP) } }
                        }
                        dt { (own::CLOCK) } dd.wraps { (frame.moments.exactly(state.now())) span.faint { " " (frame.moments.zone_name()) } }
                    }
                }
            }
            section.card {
                div.card-head { h2 { (own::LICENCE) } }
                div.card-body { p { (own::LICENCE_TEXT) } p.soft { (own::LICENCE_MORE) } }
            }
            section.card {
                div.card-head { h2 { (own::FOR_BUILDERS) } }
                div.card-body { p { a href="/styleguide" { (words::guide::TITLE) } } }
            }
        },
    )))
}
