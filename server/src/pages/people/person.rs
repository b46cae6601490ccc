//! One person who works here: name, role, and every way in.

use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    list::{self, PATH},
    parts::{self, Done, failed, role_badge, role_field},
};
use crate::{
    api::{
        invitations::{MadeLinkView, reset_by},
        people::edit_by,
        sessions::{self, reset_second_factor_by},
    },
    app::AppState,
    auth::{
        OwnSession, Person, PersonError, Principal, Role,
        people::{self, PersonEdit},
        second_factor,
    },
    http::{ApiPath, ApiQuery},
    pages::{
        answer::Html,
        components::{Field, Tone, badge},
        encoded,
        frame::Frame,
        icons::Icon,
        sent::Sent,
        settings::shell,
        words::people as words,
    },
    problem::Problem,
};

/// What was just made, or what went wrong.
#[derive(Default)]
struct Shown {
    made: Option<MadeLinkView>,
    problem: Option<Problem>,
    done: String,
}

fn path(login: &str) -> String {
    format!("{PATH}/{}", encoded(login))
}

/// `GET /settings/people/{login}`
pub(crate) async fn page(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    ApiPath(login): ApiPath<String>,
    this: Option<Extension<OwnSession>>,
    ApiQuery(done): ApiQuery<Done>,
) -> Result<Html, Problem> {
    let shown = Shown { done: done.done, ..Shown::default() };
    Ok(Html::ok(drawn(&state, &frame, &by, &login, this.as_deref(), shown).await?))
}

/// Leads back to the page, or shows on it what went wrong.
async fn back(
    state: &AppState,
    frame: &Frame,
    by: &Principal,
    login: &str,
    outcome: Result<(), Problem>,
) -> Result<Response, Problem> {
    match outcome {
        Ok(()) => Ok(Redirect::to(&format!("{}?done=saved", path(login))).into_response()),
        Err(problem) if problem.status.is_client_error() && problem.status != StatusCode::NOT_FOUND => {
            let status = problem.status;
            let shown = Shown { problem: Some(problem), ..Shown::default() };
            Ok(Html(status, drawn(state, frame, by, login, None, shown).await?).into_response())
        }
        Err(problem) => Err(problem),
    }
}

/// The form of name and role.
#[derive(Debug, Deserialize)]
pub(crate) struct Changed {
    name: String,
    role: Role,
}

/// `POST /settings/people/{login}`
pub(crate) async fn save(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    ApiPath(login): ApiPath<String>,
    Sent(sent): Sent<Changed>,
) -> Result<Response, Problem> {
    let person = people::get(state.store(), &login).await?.ok_or(PersonError::Nobody)?;
    // A role that stays as it is ends no session.
    let role = Some(sent.role).filter(|role| *role != person.role);
    let edit = PersonEdit { name: Some(sent.name), role, ..PersonEdit::default() };
    let outcome = edit_by(&state, &by, &login, edit).await.map(drop);
    back(&state, &frame, &by, &login, outcome).await
}

/// Whether somebody may come in.
#[derive(Debug, Deserialize)]
pub(crate) struct Disabled {
    disabled: bool,
}

/// `POST /settings/people/{login}/disabled`
pub(crate) async fn disable(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    ApiPath(login): ApiPath<String>,
    Sent(sent): Sent<Disabled>,
) -> Result<Response, Problem> {
    let edit = PersonEdit { disabled: Some(sent.disabled), ..PersonEdit::default() };
    let outcome = edit_by(&state, &by, &login, edit).await.map(drop);
    back(&state, &frame, &by, &login, outcome).await
}

/// `POST /settings/people/{login}/reset-link`: the link is shown in the answer.
pub(crate) async fn reset_link(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    ApiPath(login): ApiPath<String>,
) -> Result<Response, Problem> {
    match reset_by(&state, &by, &login).await {
        Ok(made) => {
            let shown = Shown { made: Some(made), ..Shown::default() };
            Ok(Html::ok(drawn(&state, &frame, &by, &login, None, shown).await?).into_response())
        }
        Err(problem) => back(&state, &frame, &by, &login, Err(problem)).await,
    }
}

/// `POST /settings/people/{login}/second-factor`: takes it away.
pub(crate) async fn reset_second_factor(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    ApiPath(login): ApiPath<String>,
) -> Result<Response, Problem> {
    let outcome = reset_second_factor_by(&state, &by, &login).await;
    back(&state, &frame, &by, &login, outcome).await
}

/// Which session ends; all where none is named.
#[derive(Debug, Deserialize)]
pub(crate) struct Ended {
    #[serde(default)]
    id: String,
}

/// `POST /settings/people/{login}/sessions/end`
pub(crate) async fn end_sessions(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    ApiPath(login): ApiPath<String>,
    Sent(sent): Sent<Ended>,
) -> Result<Response, Problem> {
    let login = sessions::managed(&state, &by, &login).await?;
    let outcome = match sent.id.as_str() {
        "" => sessions::end_all(&state, &by, &login, None).await,
        id => sessions::end_one(&state, &by, &login, id).await,
    };
    back(&state, &frame, &by, &login, outcome).await
}

async fn drawn(
    state: &AppState,
    frame: &Frame,
    by: &Principal,
    login: &str,
    this: Option<&OwnSession>,
    shown: Shown,
) -> Result<Markup, Problem> {
    let person = people::get(state.store(), login).await?.ok_or(PersonError::Nobody)?;
    let factor = second_factor::state(state.store(), login).await?;
    let signed_in = sessions::of(state, login, this).await?;
    let may_manage = people::owners_only(by, person.role).is_ok();
    let own = path(login);
    Ok(shell(
        frame,
        PATH,
        &person.name,
        html! {
            p.soft.lead { a href=(PATH) { (words::BACK_TO_PEOPLE) } span.dot {} (login) " " (role_badge(person.role)) @if person.disabled { " " (badge(Tone::Bad, words::DISABLED)) } }
            (parts::news(&shown.done))
            (failed(shown.problem.as_ref()))
            @if let Some(made) = &shown.made { (list::link(state, made)) }
            (names(&person, &own, list::strongest(by), may_manage))
            section.card {
                div.card-head {
                    h2 { (words::SESSIONS) }
                    @if may_manage && signed_in.len() > 1 {
                        form method="post" action=(format!("{own}/sessions/end")) { button.small { (words::END_ALL) } }
                    }
                }
                (parts::sessions(frame, &signed_in, &format!("{own}/sessions/end")))
            }
            @if may_manage { (access(&person, &own, factor.since.is_some())) }
        },
    ))
}

fn names(person: &Person, own: &str, strongest: Role, may_manage: bool) -> Markup {
    let name =
        Field { name: "name", label: words::NAME, value: &person.name, required: true, ..Field::default() };
    html! {
        form.card method="post" action=(own) {
            fieldset disabled[!may_manage] {
                div.card-body {
                    div.fields-form.two { (name.line("text")) (role_field("role", person.role, strongest)) }
                }
                @if may_manage { div.card-foot { button.primary { (words::SAVE) } } }
            }
        }
    }
}

fn access(person: &Person, own: &str, has_second_factor: bool) -> Markup {
    let row = |title: &str, next: &str, deed: Markup| {
        html! { li { div { strong { (title) } div.faint { (next) } } (deed) } }
    };
    html! {
        section.card {
            div.card-head { h2 { (words::ACCESS) } }
            ul.rows {
                @if !person.disabled {
                    (row(words::RESET_LINK, words::RESET_LINK_NEXT, html! {
                        form method="post" action=(format!("{own}/reset-link")) { button.small { (Icon::Link.svg()) (words::RESET_LINK) } }
                    }))
                }
                @if has_second_factor {
                    (row(words::SECOND_STEP_RESET, words::SECOND_STEP_RESET_NEXT, html! {
                        form method="post" action=(format!("{own}/second-factor")) { button.small.danger { (words::SECOND_STEP_RESET) } }
                    }))
                }
                @if person.disabled {
                    (row(words::ENABLE, "", html! {
                        form method="post" action=(format!("{own}/disabled")) { button.small name="disabled" value="false" { (words::ENABLE) } }
                    }))
                } @else {
                    (row(words::DISABLE, words::DISABLE_NEXT, html! {
                        form method="post" action=(format!("{own}/disabled")) { button.small.danger name="disabled" value="true" { (words::DISABLE) } }
                    }))
                }
            }
        }
    }
}
