//! Every property with its type, section, source and mode.

use axum::extract::State;
use maud::html;
use whom_core::model::{Cardinality, Mode, PropertyDefinition, Section};

use super::shell;
use crate::app::AppState;
use crate::pages::{
    answer::Html,
    components::{Tone, badge},
    frame::Frame,
    words::{self, settings as own},
};

/// `GET /settings/properties`
pub(super) async fn page(State(state): State<AppState>, frame: Frame) -> Html {
    let rules = state.engine().rules();
    let all: Vec<&PropertyDefinition> = rules.schema().iter().collect();
    Html::ok(shell(
        &frame,
        "/settings/properties",
        own::PROPERTIES,
        html! {
            p.soft.lead { (own::PROPERTIES_NEXT) }
            @for section in [Section::Person, Section::Reach, Section::Custom] {
                @let here: Vec<_> = all.iter().filter(|one| one.section == section).collect();
                @if !here.is_empty() {
                    section.card {
                        div.card-head { h2 { (words::section(section)) } span.faint { (here.len()) } }
                        div.table-scroll tabindex="0" {
                            table.table {
                                thead { tr { th scope="col" { (own::PROPERTY) } th scope="col" { (own::TYPE) } th scope="col" { (own::WHO_WRITES) } th scope="col" { (own::FROM) } } }
                                tbody {
                                    @for one in here {
                                        tr {
                                            th scope="row" {
                                                (one.label)
                                                div.faint { code { (one.key) } }
                                                @if !one.help.is_empty() { div.faint { (one.help) } }
                                            }
                                            td { (kind(one)) @if one.cardinality == Cardinality::Many { span.faint { ", " (own::SEVERAL) } } }
                                            td { (mode(one)) }
                                            td { @match &one.defined_in { Some(place) => code { (place) }, None => span.faint { (own::BUILT_IN) } } }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        },
    ))
}

/// The type as people call it.
fn kind(property: &PropertyDefinition) -> String {
    let word = serde_json::to_value(property.kind).ok();
    word.as_ref().and_then(|word| word.as_str()).unwrap_or_default().replace('_', " ")
}

fn mode(property: &PropertyDefinition) -> maud::Markup {
    match property.mode {
        _ if property.computed => badge(Tone::Info, own::COMPUTED),
        Mode::Locked => badge(Tone::Warn, own::LOCKED),
        Mode::Overridable => badge(Tone::Plain, own::OVERRIDABLE),
        Mode::Free => badge(Tone::Plain, own::FREE),
    }
}
