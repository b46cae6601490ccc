//! Which cards and fields the info pane shows, and in which order: for all, or for one role.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;
use whom_core::model::{PropertyDefinition, PropertyType};

use super::shell;
use crate::{
    app::AppState,
    auth::Role,
    http::ApiQuery,
    pages::{
        answer::Html,
        components::{Tab, tabs},
        frame::Frame,
        icons::Icon,
        profile::info_pane::{Layout, Step},
        sent::Sent,
        words::profile as say,
    },
    problem::Problem,
};

const HERE: &str = "/settings/info-pane";

/// Whose layout it is.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Whose {
    role: Option<Role>,
}

fn address(role: Option<Role>) -> String {
    role.map_or_else(|| HERE.to_owned(), |role| format!("{HERE}?role={}", role.as_str()))
}

/// Fields that stand in a list of fields.
fn is_field(property: &PropertyDefinition) -> bool {
    !matches!(property.kind, PropertyType::Email | PropertyType::Phone | PropertyType::Picture)
}

/// `GET /settings/info-pane`
pub(super) async fn page(
    State(state): State<AppState>,
    frame: Frame,
    ApiQuery(whose): ApiQuery<Whose>,
) -> Result<Html, Problem> {
    let layout = Layout::of_role(state.store(), whose.role).await?;
    let rules = state.engine().rules();
    let defined: Vec<&PropertyDefinition> = rules.schema().iter().filter(|one| is_field(one)).collect();
    let keys: Vec<&str> = defined.iter().map(|one| one.key.as_str()).collect();
    let label = |key: &str| {
        let found = defined.iter().find(|one| one.key.as_str() == key);
        found.map_or_else(|| key.to_owned(), |one| one.label.clone())
    };
    let (cards, fields) = (layout.all_cards(), layout.all_fields(&keys));
    let addresses: Vec<String> = Role::ALL.iter().map(|role| address(Some(*role))).collect();
    let mut choices =
        vec![Tab { href: HERE, words: say::FOR_ALL, count: None, is_current: whose.role.is_none() }];
    choices.extend(Role::ALL.iter().zip(&addresses).map(|(role, href)| Tab {
        href,
        words: say::role(*role),
        count: None,
        is_current: whose.role == Some(*role),
    }));
    Ok(Html::ok(shell(
        &frame,
        HERE,
        say::INFO_PANE,
        html! {
            p.soft.lead { (say::INFO_PANE_NEXT) }
            (tabs(say::FOR_ROLE, &choices))
            div.arranging #arranging data-live="layout" {
                section.card {
                    div.card-head { h2 { (say::CARDS) } }
                    ol.arrange { @for (place, card) in cards.iter().enumerate() {
                        (row(whose.role, &layout, card, say::card(card), place == 0, place + 1 == cards.len()))
                    } }
                }
                section.card {
                    div.card-head { h2 { (say::FIELDS) } }
                    ol.arrange { @for (place, key) in fields.iter().enumerate() {
                        (row(whose.role, &layout, key, &label(key), place == 0, place + 1 == fields.len()))
                    } }
                }
                section.card.preview aria-label=(say::PREVIEW) {
                    div.card-head { h2 { (say::PREVIEW) } }
                    @for card in layout.cards() {
                        div.block {
                            h3 { (say::card(card)) }
                            @if matches!(card, "person" | "reach" | "custom") {
                                p.faint { @for key in fields.iter().filter(|key| layout.shows_field(key) && section(&defined, key) == card) { (label(key)) " · " } }
                            }
                        }
                    }
                }
            }
            form method="post" action=(HERE) {
                @if let Some(role) = whose.role { input type="hidden" name="role" value=(role.as_str()); }
                button.quiet name="deed" value="reset" { (Icon::Undo.svg()) (say::RESET) }
            }
        },
    )))
}

fn section(defined: &[&PropertyDefinition], key: &str) -> &'static str {
    use whom_core::model::Section;
    match defined.iter().find(|one| one.key.as_str() == key).map(|one| one.section) {
        Some(Section::Person) => "person",
        Some(Section::Reach) => "reach",
        _ => "custom",
    }
}

fn row(role: Option<Role>, layout: &Layout, key: &str, label: &str, first: bool, last: bool) -> Markup {
    let hidden = layout.hides(key);
    let name = |deed: &str| format!("{deed}: {label}");
    html! {
        li.away[hidden] {
            span { (label) }
            form method="post" action=(HERE) data-quick="stay" {
                @if let Some(role) = role { input type="hidden" name="role" value=(role.as_str()); }
                input type="hidden" name="key" value=(key);
                button.icon-button.small name="deed" value="up" disabled[first] aria-label=(name(say::MOVE_UP)) title=(say::MOVE_UP) { (Icon::Up.svg()) }
                button.icon-button.small name="deed" value="down" disabled[last] aria-label=(name(say::MOVE_DOWN)) title=(say::MOVE_DOWN) { (Icon::Down.svg()) }
                @if hidden { button.small name="deed" value="show" aria-label=(name(say::SHOW)) { (say::SHOW) } }
                @else { button.small.quiet name="deed" value="hide" aria-label=(name(say::HIDE)) { (say::HIDE) } }
            }
        }
    }
}

/// One step of arranging, or back to the default.
#[derive(Deserialize)]
pub(super) struct Arrange {
    deed: String,
    #[serde(default)]
    key: String,
    role: Option<Role>,
}

/// `POST /settings/info-pane`
pub(super) async fn arrange(
    State(state): State<AppState>,
    Sent(asked): Sent<Arrange>,
) -> Result<Response, Problem> {
    let step = match asked.deed.as_str() {
        "up" => Some(Step::Up),
        "down" => Some(Step::Down),
        "show" => Some(Step::Show),
        "hide" => Some(Step::Hide),
        "reset" => None,
        _ => return Err(Problem::bad_request("a card or field goes up or down, or is shown or hidden")),
    };
    let (store, now) = (state.store(), state.now());
    match step {
        Some(step) => {
            let rules = state.engine().rules();
            let keys: Vec<&str> =
                rules.schema().iter().filter(|one| is_field(one)).map(|one| one.key.as_str()).collect();
            Layout::change(store, asked.role, now, step, &asked.key, &keys).await?;
        }
        None => Layout::reset(store, asked.role, now).await?,
    }
    Ok(Redirect::to(&address(asked.role)).into_response())
}
