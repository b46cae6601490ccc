//! Keys of programs: made, shown once, revoked.

use axum::{extract::State, response::Redirect};
use maud::{Markup, html};
use serde::Deserialize;

use super::parts::{self, Done, failed, shown_once};
use crate::{
    api::keys::{NewKey, mint_by},
    app::AppState,
    auth::{ApiKey, KeyKind, Principal, Scope, keys},
    http::{ApiPath, ApiQuery},
    pages::{
        answer::Html,
        components::{Choice, Field, Tone, badge, choice},
        frame::Frame,
        icons::Icon,
        sent::Sent,
        settings::shell,
        words::people as words,
    },
    problem::Problem,
};

const PATH: &str = "/settings/keys";
/// The most keys that the page lists; more are listed by the API.
const MOST: usize = 500;

/// The form of a key.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    name: String,
    kind: String,
    read: Option<String>,
    write: Option<String>,
    ingest: Option<String>,
    admin: Option<String>,
}

impl Wanted {
    fn scopes(&self) -> Vec<Scope> {
        let ticked = [
            (Scope::Read, &self.read),
            (Scope::Write, &self.write),
            (Scope::Ingest, &self.ingest),
            (Scope::Admin, &self.admin),
        ];
        ticked.into_iter().filter(|(_, ticked)| ticked.is_some()).map(|(scope, _)| scope).collect()
    }
}

/// `GET /settings/keys`
pub(crate) async fn page(
    State(state): State<AppState>,
    frame: Frame,
    ApiQuery(done): ApiQuery<Done>,
) -> Result<Html, Problem> {
    let usual = Wanted { kind: "token".into(), read: Some("1".into()), ..Wanted::default() };
    Ok(Html::ok(drawn(&state, &frame, &usual, None, None, &done.done).await?))
}

/// `POST /settings/keys`: the key is shown in the answer, which is the one time it can be.
pub(crate) async fn mint(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    Sent(wanted): Sent<Wanted>,
) -> Result<Html, Problem> {
    let kind = match wanted.kind.as_str() {
        "write_key" => KeyKind::WriteKey,
        _ => KeyKind::Token { scopes: wanted.scopes() },
    };
    match mint_by(&state, &by, NewKey::new(wanted.name.clone(), kind)).await {
        Ok(made) => {
            let usual = Wanted { kind: "token".into(), read: Some("1".into()), ..Wanted::default() };
            let page = drawn(&state, &frame, &usual, Some(made.secret.reveal()), None, "").await?;
            Ok(Html::ok(page))
        }
        Err(problem) if problem.status.is_client_error() => {
            let status = problem.status;
            Ok(Html(status, drawn(&state, &frame, &wanted, None, Some(&problem), "").await?))
        }
        Err(problem) => Err(problem),
    }
}

/// `POST /settings/keys/{id}/revoke`
pub(crate) async fn revoke(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(id): ApiPath<String>,
) -> Result<Redirect, Problem> {
    let revoked = keys::revoke(state.store(), &id, &by, state.now()).await?;
    match revoked {
        Some(_) => Ok(Redirect::to("/settings/keys?done=revoked")),
        None => Err(Problem::not_found("there is no key of this id")),
    }
}

async fn drawn(
    state: &AppState,
    frame: &Frame,
    wanted: &Wanted,
    secret: Option<&str>,
    problem: Option<&Problem>,
    done: &str,
) -> Result<Markup, Problem> {
    let mut known = keys::list(state.store(), None, MOST).await?;
    // Good ones first, the latest made at the head.
    known.sort_by_key(|key| (key.revoked.is_some(), std::cmp::Reverse(key.created)));
    Ok(shell(
        frame,
        PATH,
        words::KEYS,
        html! {
            p.soft.lead { (words::KEYS_NEXT) }
            (parts::news(done))
            (failed(problem))
            @if let Some(secret) = secret { (shown_once(words::KEY_MADE, words::KEY_MADE_NEXT, secret)) }
            section.card {
                @if known.is_empty() { div.card-body { p.soft { (words::NO_KEYS) } } }
                ul.rows { @for key in &known { (row(frame, key)) } }
            }
            (form(wanted))
        },
    ))
}

fn row(frame: &Frame, key: &ApiKey) -> Markup {
    let may = match &key.kind {
        KeyKind::WriteKey => words::WRITE_KEY.to_owned(),
        KeyKind::Token { scopes } => {
            scopes.iter().map(|scope| words::scope(*scope)).collect::<Vec<_>>().join(", ")
        }
    };
    html! {
        li.off[key.revoked.is_some()] {
            div {
                strong { (key.name) } " " code.faint { "…" (key.ends_in) }
                div.faint {
                    (may) span.dot {} (frame.moments.date(key.created)) span.dot {}
                    @match key.last_used {
                        Some(at) => { (words::LAST_USED) " " (frame.moments.ago(at)) },
                        None => { (words::NEVER_USED) },
                    }
                }
            }
            @if key.revoked.is_some() { (badge(Tone::Bad, words::REVOKED)) } @else {
                form method="post" action=(format!("{PATH}/{}/revoke", key.id)) { button.small.danger { (words::REVOKE) } }
            }
        }
    }
}

fn form(wanted: &Wanted) -> Markup {
    let name = Field {
        name: "name",
        label: words::KEY_NAME,
        value: &wanted.name,
        hint: Some(words::KEY_NAME_HINT),
        autocomplete: Some("off"),
        required: true,
        ..Field::default()
    };
    let is_write_key = wanted.kind == "write_key";
    let scopes =
        [("read", Scope::Read), ("write", Scope::Write), ("ingest", Scope::Ingest), ("admin", Scope::Admin)];
    html! {
        form.card method="post" action=(PATH) {
            div.card-head { h2 { (words::NEW_KEY) } }
            div.card-body.fields-form {
                (name.line("text"))
                fieldset {
                    legend { (words::KIND) }
                    (choice(Choice::Radio, "kind", "token", !is_write_key, words::TOKEN, Some(words::TOKEN_HELP)))
                    div.ticks.inset {
                        @for (word, scope) in scopes {
                            (choice(Choice::Check, word, "1", wanted.scopes().contains(&scope), words::scope(scope), None))
                        }
                    }
                    (choice(Choice::Radio, "kind", "write_key", is_write_key, words::WRITE_KEY, Some(words::WRITE_KEY_HELP)))
                }
            }
            div.card-foot { button.primary { (Icon::Plus.svg()) (words::MAKE_KEY) } }
        }
    }
}
