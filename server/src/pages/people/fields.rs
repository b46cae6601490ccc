//! Who sees what: every field, and how much of it each role sees.

use std::collections::BTreeMap;

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use whom_core::{
    model::{LeastRole, PropertyKey},
    view::{Rights, Seen},
};

use super::parts::{self, Done, failed};
use crate::{
    api::fields::{self, FieldRightsView},
    app::AppState,
    auth::{Principal, Role},
    http::ApiQuery,
    pages::{
        answer::Html,
        components::{Tone, badge},
        frame::Frame,
        sent::Sent,
        settings::shell,
        words::people as words,
    },
    problem::Problem,
    sight::FieldRights,
};

const PATH: &str = "/settings/fields";

/// The roles that have a column; owners see everything.
const COLUMNS: [(LeastRole, Role); 3] =
    [(LeastRole::ReadOnly, Role::ReadOnly), (LeastRole::Agent, Role::Agent), (LeastRole::Admin, Role::Admin)];

const AMOUNTS: [(&str, Seen, &str); 3] = [
    ("full", Seen::Full, words::ALL_OF_IT),
    ("masked", Seen::Masked, words::A_PART),
    ("hidden", Seen::Hidden, words::NOTHING),
];

/// `GET /settings/fields`
pub(crate) async fn page(
    State(state): State<AppState>,
    frame: Frame,
    ApiQuery(done): ApiQuery<Done>,
) -> Result<Html, Problem> {
    let all = fields::all(&state).await?;
    Ok(Html::ok(drawn(&frame, &all, None, &done.done)))
}

/// `POST /settings/fields`
pub(crate) async fn save(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    Sent(sent): Sent<BTreeMap<String, String>>,
) -> Result<Response, Problem> {
    let mut all = fields::all(&state).await?;
    let mut decided = BTreeMap::<PropertyKey, Rights>::new();
    let mut problem = None;
    for field in &mut all {
        match read(&sent, field) {
            Ok(rights) => {
                field.rights = rights;
                if rights != field.by_script {
                    decided.insert(field.key.clone(), rights);
                }
            }
            Err(why) => problem = Some(Problem::invalid(why)),
        }
    }
    let saved = match problem {
        Some(problem) => Err(problem),
        None => fields::save(&state, &by, FieldRights(decided)).await,
    };
    match saved {
        Ok(()) => Ok(Redirect::to("/settings/fields?done=fields").into_response()),
        Err(problem) if problem.status.is_client_error() => {
            Ok(Html(problem.status, drawn(&frame, &all, Some(&problem), "")).into_response())
        }
        Err(problem) => Err(problem),
    }
}

/// The rights that a row of the form means.
fn read(sent: &BTreeMap<String, String>, field: &FieldRightsView) -> Result<Rights, String> {
    let given = |column: &str| sent.get(&format!("{column}.{}", field.key)).map(String::as_str);
    let (mut sees, mut masked_for) = (LeastRole::Owner, None);
    let mut before = Seen::Hidden;
    for (least, role) in COLUMNS {
        let word = given(role.as_str());
        let seen = match word {
            Some(word) => AMOUNTS.iter().find(|(known, ..)| *known == word).map(|(_, seen, _)| *seen),
            None => Some(field.rights.seen_by(least)),
        };
        let seen = seen.ok_or_else(|| format!("`{}` cannot be seen so", field.label))?;
        if seen < before {
            return Err(format!("{}: a stronger role sees at least as much as a weaker one", field.label));
        }
        if seen == Seen::Full && before != Seen::Full {
            sees = least;
        }
        if seen == Seen::Masked && before != Seen::Masked {
            masked_for = Some(least);
        }
        before = seen;
    }
    let edits = match given("edits") {
        Some("agent") => LeastRole::Agent,
        Some("admin") => LeastRole::Admin,
        Some("owner") => LeastRole::Owner,
        _ => field.rights.edits,
    };
    Ok(Rights { sees, masked_for, edits })
}

fn drawn(frame: &Frame, all: &[FieldRightsView], problem: Option<&Problem>, done: &str) -> Markup {
    shell(
        frame,
        PATH,
        words::FIELDS,
        html! {
            p.soft.lead { (words::FIELDS_NEXT) }
            (parts::news(done))
            (failed(problem))
            form.card method="post" action=(PATH) {
                div.table-scroll tabindex="0" {
                    table.table.rights {
                        thead {
                            tr {
                                th scope="col" { (words::FIELD) }
                                @for (_, role) in COLUMNS { th scope="col" { (words::role(role)) } }
                                th scope="col" { (words::EDITS) }
                            }
                        }
                        tbody { @for field in all { (row(field)) } }
                    }
                }
                div.card-foot { button.primary { (words::SAVE) } }
            }
        },
    )
}

fn row(field: &FieldRightsView) -> Markup {
    html! {
        tr {
            th scope="row" {
                (field.label)
                @if field.is_decided { " " (badge(Tone::Info, words::DECIDED_HERE)) }
                div.faint { code { (field.key) } }
            }
            @for (least, role) in COLUMNS {
                @let seen = field.rights.seen_by(least);
                td data-of=(words::role(role)) {
                    select.seen-full[seen == Seen::Full].seen-masked[seen == Seen::Masked].seen-hidden[seen == Seen::Hidden]
                        name=(format!("{}.{}", role.as_str(), field.key)) aria-label=(format!("{}, {}", field.label, words::role(role))) {
                        @for (word, amount, shown) in AMOUNTS { option value=(word) selected[amount == seen] { (shown) } }
                    }
                }
            }
            td data-of=(words::EDITS) {
                select name=(format!("edits.{}", field.key)) aria-label=(format!("{}, {}", field.label, words::EDITS)) {
                    @for (word, least, shown) in [("agent", LeastRole::Agent, words::role(Role::Agent)), ("admin", LeastRole::Admin, words::role(Role::Admin)), ("owner", LeastRole::Owner, words::role(Role::Owner))] {
                        option value=(word) selected[least == field.rights.edits] { (shown) }
                    }
                }
            }
        }
    }
}
