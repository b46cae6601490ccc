//! Which cards and fields the info pane shows, and in which order: of customers and of accounts, for all or one role.

use std::collections::BTreeSet;

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;
use whom_core::{
    model::{AccountId, ProfileId, ProfileKind, PropertyDefinition, PropertyType},
    search::{Query, Sort},
};

use super::shell;
use crate::{
    app::AppState,
    asking::Asking,
    auth::{Permission, Role},
    http::ApiQuery,
    pages::{
        accounts,
        answer::Html,
        components::{Tab, field_name, tabs},
        encoded,
        frame::{Frame, SignedIn},
        icons::Icon,
        meant::{self, Meant},
        profile::{
            self,
            info_pane::{ACCOUNT_FIELDS, About, Layout, Part, Step},
        },
        sent::Sent,
        words::{self, kept, profile as say},
    },
    problem::Problem,
    sight,
};

const HERE: &str = "/settings/info-pane";

/// Of how many accounts fields are gathered.
const ACCOUNTS_LOOKED_AT: usize = 300;

/// Whose layout it is, and with whom it is looked at.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Whose {
    #[serde(default)]
    about: About,
    role: Option<Role>,
    with: Option<String>,
}

fn address(about: About, role: Option<Role>) -> String {
    let role = role.map(|role| format!("&role={}", role.as_str())).unwrap_or_default();
    format!("{HERE}?about={}{role}", about.as_str())
}

/// Fields that stand in a list of fields.
fn is_field(property: &PropertyDefinition) -> bool {
    !matches!(property.kind, PropertyType::Email | PropertyType::Phone | PropertyType::Picture)
}

/// The fields that can be arranged: their keys, and what they are called.
async fn fields_of(state: &AppState, about: About) -> Result<Vec<(String, String)>, Problem> {
    if about == About::Customer {
        let rules = state.engine().rules();
        let all = rules.schema().iter().filter(|one| is_field(one));
        return Ok(all.map(|one| (one.key.to_string(), one.label.clone())).collect());
    }
    let (found, _) = state.engine().find_accounts("", None, ACCOUNTS_LOOKED_AT, ACCOUNTS_LOOKED_AT).await?;
    let own: BTreeSet<&str> =
        found.iter().flat_map(|account| account.shown_properties().map(|(name, _)| name)).collect();
    let own = own.into_iter().filter(|name| !ACCOUNT_FIELDS.contains(name));
    let default = [("name", words::NAME), ("domain", kept::DOMAIN)];
    Ok(default
        .into_iter()
        .map(|(key, label)| (key.to_owned(), label.to_owned()))
        .chain(own.map(|key| (key.to_owned(), words::capital(&field_name(key)))))
        .collect())
}

/// `GET /settings/info-pane`
pub(super) async fn page(
    State(state): State<AppState>,
    frame: Frame,
    ApiQuery(whose): ApiQuery<Whose>,
) -> Result<Html, Problem> {
    let (about, role) = (whose.about, whose.role);
    let layout = Layout::of_role(state.store(), about, role).await?;
    let defined = fields_of(&state, about).await?;
    let keys: Vec<&str> = defined.iter().map(|(key, _)| key.as_str()).collect();
    let label = |key: &str| {
        let found = defined.iter().find(|(known, _)| known == key);
        found.map_or_else(|| key.to_owned(), |(_, label)| label.clone())
    };
    let (cards, fields) = (layout.all_cards(), layout.all_fields(&keys));
    let card_name = |card: &str| match about {
        About::Customer => say::card(card),
        About::Account => say::account_card(card),
    };
    let cards: Vec<Row> = cards
        .iter()
        .map(|card| Row {
            name: "card",
            key: card,
            label: card_name(card).to_owned(),
            hidden: layout.hides(card),
        })
        .collect();
    let fields: Vec<Row> = fields
        .iter()
        .map(|key| Row { name: "field", key, label: label(key), hidden: !layout.shows_field(key) })
        .collect();
    let preview = preview(&state, &frame, &whose).await?;
    Ok(Html::ok(shell(
        &frame,
        HERE,
        say::INFO_PANE,
        html! {
            p.soft.lead { (say::INFO_PANE_NEXT) }
            div.arrange-choices { (choices(about, role)) }
            p.faint.drag-help { (say::DRAG_HELP) }
            p.unseen #arrange-said role="status" data-taken=(say::TAKEN) {}
            div.arranging #arranging {
                (list(about, role, "arrange-cards", say::CARDS, &cards))
                (list(about, role, "arrange-fields", say::FIELDS, &fields))
                section.preview #arrange-preview data-live="settings" aria-label=(say::PREVIEW) { (preview) }
            }
            form method="post" action=(HERE) data-quick="stay" {
                (hidden(about, role))
                button.quiet name="deed" value="reset" { (Icon::Undo.svg()) (say::RESET) }
            }
        },
    )))
}

/// Of what, and for whom.
fn choices(about: About, role: Option<Role>) -> Markup {
    let of = [(About::Customer, say::OF_CUSTOMERS), (About::Account, say::OF_ACCOUNTS)];
    let of = of.map(|(one, words)| (address(one, role), words, one == about));
    let roles = Role::ALL.iter().map(|one| (address(about, Some(*one)), say::role(*one), role == Some(*one)));
    let roles: Vec<_> =
        [(address(about, None), say::FOR_ALL, role.is_none())].into_iter().chain(roles).collect();
    let drawn = |label: &str, all: &[(String, &str, bool)]| {
        let all: Vec<Tab<'_>> = all
            .iter()
            .map(|(href, words, is_current)| Tab { href, words, count: None, is_current: *is_current })
            .collect();
        tabs(label, &all)
    };
    html! { (drawn(say::LAYOUT_OF, &of)) (drawn(say::FOR_ROLE, &roles)) }
}

/// Something to be arranged.
struct Row<'a> {
    name: &'static str,
    key: &'a str,
    label: String,
    hidden: bool,
}

fn hidden(about: About, role: Option<Role>) -> Markup {
    html! {
        input type="hidden" name="about" value=(about.as_str());
        @if let Some(role) = role { input type="hidden" name="role" value=(role.as_str()); }
    }
}

fn list(about: About, role: Option<Role>, id: &str, title: &str, rows: &[Row<'_>]) -> Markup {
    let last = rows.len().saturating_sub(1);
    html! {
        section.card id=(id) data-live="settings" aria-labelledby=(format!("{id}-title")) {
            div.card-head { h2 id=(format!("{id}-title")) { (title) } }
            ol.arrange data-arrange {
                @for (place, row) in rows.iter().enumerate() { (line(about, role, row, place == 0, place == last)) }
            }
        }
    }
}

fn line(about: About, role: Option<Role>, row: &Row<'_>, first: bool, last: bool) -> Markup {
    let name = |deed: &str| format!("{deed}: {}", row.label);
    html! {
        li.away[row.hidden] data-id=(format!("{}-{}", row.name, row.key)) {
            button.icon-button.small.handle type="button" data-handle aria-label=(name(say::DRAG)) aria-pressed="false" title=(say::DRAG) { (Icon::Grip.svg()) }
            span { (row.label) }
            form method="post" action=(HERE) data-quick="stay" {
                (hidden(about, role))
                input type="hidden" name=(row.name) value=(row.key);
                button.icon-button.small name="deed" value="up" disabled[first] aria-label=(name(say::MOVE_UP)) title=(say::MOVE_UP) { (Icon::Up.svg()) }
                button.icon-button.small name="deed" value="down" disabled[last] aria-label=(name(say::MOVE_DOWN)) title=(say::MOVE_DOWN) { (Icon::Down.svg()) }
                @if row.hidden { button.small name="deed" value="show" aria-label=(name(say::SHOW)) { (say::SHOW) } }
                @else { button.small.quiet name="deed" value="hide" aria-label=(name(say::HIDE)) { (say::HIDE) } }
            }
        }
    }
}

/// The pane as somebody of that role sees it, with somebody who is really there.
async fn preview(state: &AppState, frame: &Frame, whose: &Whose) -> Result<Markup, Problem> {
    let seen_as = whose.role.unwrap_or(Role::Owner);
    let theirs = Frame {
        who: Some(SignedIn { login: None, name: say::role(seen_as).to_owned(), role: whose.role }),
        may_write: seen_as.may(Permission::Write),
        may_administer: seen_as.may(Permission::Administer),
        ..frame.clone()
    };
    let asking = Asking {
        surface: Asking::surface(),
        sight: sight::sight_of_role(state, seen_as).await?,
        locale: Asking::locale().unwrap_or_default(),
        names: state.names().await?,
    };
    let with = whose.with.as_deref().unwrap_or_default();
    let pane = match whose.about {
        About::Customer => {
            let id = match meant::customer(state, with).await {
                Ok(Meant::One(id)) if !with.is_empty() => Some(id),
                _ => somebody(state).await?,
            };
            match id {
                Some(id) => Some(asking.around(profile::preview(state, &theirs, id)).await?),
                None => None,
            }
        }
        About::Account => {
            let (found, _) = state.engine().find_accounts("", None, 1, 1).await?;
            let id = with.parse::<AccountId>().ok().or_else(|| found.first().map(|account| account.id));
            match id {
                Some(id) => Some(asking.around(accounts::preview(state, &theirs, id)).await?),
                None => None,
            }
        }
    };
    let suggests = match whose.about {
        About::Customer => "/suggest/customers",
        About::Account => "/suggest/accounts",
    };
    Ok(html! {
        header.preview-head {
            h2 { (say::PREVIEW) ": " (whose.role.map_or(say::FOR_ALL, say::role)) }
            form.inline-form action=(HERE) {
                (hidden(whose.about, whose.role))
                label.unseen for="preview-with" { (say::PREVIEW_OF) }
                input #preview-with name="with" placeholder=(say::WHO_HINT) autocomplete="off" spellcheck="false" data-suggest=(suggests) data-suggest-sends;
                button.small { (say::SHOW_CARD) }
            }
        }
        @match pane {
            // Nothing in it is pressed or typed into: it is a picture of what somebody else has before them.
            Some(pane) => div.preview-pane inert { (pane) },
            None => p.soft { (say::NO_PREVIEW) },
        }
    })
}

async fn somebody(state: &AppState) -> Result<Option<ProfileId>, Problem> {
    // Whoever has written most has most to show.
    let query =
        Query { kind: Some(ProfileKind::Customer), sort: Sort::Messages, limit: 1, ..Query::default() };
    let page = state.directory().find(query, state.now()).await?;
    Ok(page.hits.first().map(|hit| hit.id))
}

/// One step of arranging, or back to the default.
#[derive(Deserialize)]
pub(super) struct Arrange {
    deed: String,
    #[serde(default)]
    about: About,
    card: Option<String>,
    field: Option<String>,
    place: Option<usize>,
    role: Option<Role>,
    with: Option<String>,
}

/// `POST /settings/info-pane`
pub(super) async fn arrange(
    State(state): State<AppState>,
    Sent(asked): Sent<Arrange>,
) -> Result<Response, Problem> {
    let step = match (asked.deed.as_str(), asked.place) {
        ("up", _) => Some(Step::Up),
        ("down", _) => Some(Step::Down),
        ("to", Some(place)) => Some(Step::To(place)),
        ("show", _) => Some(Step::Show),
        ("hide", _) => Some(Step::Hide),
        ("reset", _) => None,
        _ => return Err(Problem::bad_request("a card or field goes up or down, or is shown or hidden")),
    };
    let (store, now) = (state.store(), state.now());
    let what = match (asked.card, asked.field) {
        (Some(card), _) => Some(Part::Card(card)),
        (None, Some(field)) => Some(Part::Field(field)),
        (None, None) => None,
    };
    match (step, what) {
        (Some(step), Some(what)) => {
            let fields = fields_of(&state, asked.about).await?;
            let keys: Vec<&str> = fields.iter().map(|(key, _)| key.as_str()).collect();
            Layout::change(store, (asked.about, asked.role), now, step, &what, &keys).await?;
        }
        (Some(_), None) => return Err(Problem::bad_request("say which card or field is meant")),
        (None, _) => Layout::reset(store, asked.about, asked.role, now).await?,
    }
    let with = asked.with.map(|with| format!("&with={}", encoded(&with))).unwrap_or_default();
    Ok(Redirect::to(&format!("{}{with}", address(asked.about, asked.role))).into_response())
}
