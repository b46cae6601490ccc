//! Everybody who works here, invitations, and who has to take a second step.

use std::collections::BTreeSet;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::parts::{self, Done, failed, role_badge, role_field};
use crate::{
    api::{
        audit::save_security,
        invitations::{InvitationView, MadeLinkView, invite_by},
    },
    app::AppState,
    auth::{
        Person, Principal, Role, SecurityTerms,
        invitations::{self, NewInvitation, Purpose},
        letters, people, second_factor,
    },
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

pub(super) const PATH: &str = "/settings/people";

/// The most people that the page lists; more are looked up by the API.
const MOST: usize = 500;

/// A row of the list.
struct Row {
    person: Person,
    has_second_factor: bool,
}

/// What was just made, or what was typed and not taken.
#[derive(Default)]
struct Shown {
    made: Option<MadeLinkView>,
    typed: Option<Invited>,
    problem: Option<Problem>,
    done: String,
}

/// The form of an invitation.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Invited {
    email: String,
    role: Role,
    #[serde(default)]
    name: String,
}

/// `GET /settings/people`
pub(crate) async fn page(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    ApiQuery(done): ApiQuery<Done>,
) -> Result<Html, Problem> {
    Ok(Html::ok(drawn(&state, &frame, &by, Shown { done: done.done, ..Shown::default() }).await?))
}

/// `POST /settings/people`: the link is shown in the answer, which is the one time it can be.
pub(crate) async fn invite(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    Sent(sent): Sent<Invited>,
) -> Result<Html, Problem> {
    let name = Some(sent.name.clone()).filter(|name| !name.trim().is_empty());
    let new = NewInvitation { email: sent.email.clone(), role: sent.role, name };
    let (status, shown) = match invite_by(&state, &by, new).await {
        Ok(made) => (StatusCode::OK, Shown { made: Some(made), ..Shown::default() }),
        Err(problem) if problem.status.is_client_error() => {
            (problem.status, Shown { typed: Some(sent), problem: Some(problem), ..Shown::default() })
        }
        Err(problem) => return Err(problem),
    };
    Ok(Html(status, drawn(&state, &frame, &by, shown).await?))
}

/// `POST /settings/people/invitations/{id}/revoke`
pub(crate) async fn revoke(
    State(state): State<AppState>,
    by: Principal,
    ApiPath(id): ApiPath<String>,
) -> Result<Redirect, Problem> {
    invitations::revoke(state.store(), &id, &by, state.now()).await?;
    Ok(Redirect::to("/settings/people?done=saved"))
}

/// The form of what is demanded of everybody.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Demanded {
    read_only: Option<String>,
    agent: Option<String>,
    admin: Option<String>,
    owner: Option<String>,
    audit_days: String,
}

/// `POST /settings/people/security`
pub(crate) async fn security(
    State(state): State<AppState>,
    frame: Frame,
    by: Principal,
    Sent(sent): Sent<Demanded>,
) -> Result<Response, Problem> {
    let ticked = [
        (Role::ReadOnly, &sent.read_only),
        (Role::Agent, &sent.agent),
        (Role::Admin, &sent.admin),
        (Role::Owner, &sent.owner),
    ];
    let second_factor_for: BTreeSet<Role> =
        ticked.into_iter().filter(|(_, ticked)| ticked.is_some()).map(|(role, _)| role).collect();
    let terms = SecurityTerms { second_factor_for, audit_days: sent.audit_days.trim().parse().unwrap_or(0) };
    match save_security(&state, &by, &terms).await {
        Ok(()) => Ok(Redirect::to("/settings/people?done=saved").into_response()),
        Err(problem) if problem.status.is_client_error() => {
            let shown = Shown { problem: Some(problem), ..Shown::default() };
            let page = drawn(&state, &frame, &by, shown).await?;
            Ok(Html(StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(problem) => Err(problem),
    }
}

async fn drawn(state: &AppState, frame: &Frame, by: &Principal, shown: Shown) -> Result<Markup, Problem> {
    let mut rows = Vec::new();
    for person in people::list(state.store(), None, MOST).await? {
        let has_second_factor = second_factor::state(state.store(), &person.login).await?.since.is_some();
        rows.push(Row { person, has_second_factor });
    }
    let (open, _) = invitations::list(state.store(), None, MOST, state.now()).await?;
    let open: Vec<_> = open.into_iter().map(|(id, one)| InvitationView::new(id, one)).collect();
    let terms = SecurityTerms::load(state.store()).await?;
    let own = match by {
        Principal::Person { login, .. } => login.as_str(),
        _ => "",
    };
    Ok(shell(
        frame,
        PATH,
        words::PEOPLE,
        html! {
            p.soft.lead { (words::PEOPLE_NEXT) }
            (parts::news(&shown.done))
            (failed(shown.problem.as_ref()))
            @if let Some(made) = &shown.made { (link(state, made)) }
            (table(frame, &rows, own))
            (form(shown.typed.as_ref(), strongest(by)))
            @if !open.is_empty() { (open_links(frame, &open)) }
            (demanded(&terms))
        },
    ))
}

/// The strongest role that somebody may give.
pub(super) fn strongest(by: &Principal) -> Role {
    match by {
        Principal::Local | Principal::Person { role: Role::Owner, .. } => Role::Owner,
        _ => Role::Admin,
    }
}

/// A link that was just made.
pub(super) fn link(state: &AppState, made: &MadeLinkView) -> Markup {
    let next = if made.mailed { words::LINK_MAILED } else { words::LINK_BY_HAND };
    parts::shown_once(words::LINK_MADE, next, &letters::address(state, &made.path))
}

fn table(frame: &Frame, rows: &[Row], own: &str) -> Markup {
    html! {
        section.card {
            div.table-scroll tabindex="0" {
                table.table {
                    thead {
                        tr {
                            th scope="col" { (words::NAME) }
                            th scope="col" { (words::ROLE) }
                            th scope="col" { (words::SIGNS_IN_BY) }
                            th scope="col" { (words::SINCE) }
                        }
                    }
                    tbody {
                        @for row in rows {
                            tr.off[row.person.disabled] {
                                td {
                                    a.strong href=(format!("{PATH}/{}", super::super::encoded(&row.person.login))) { (row.person.name) }
                                    @if row.person.login == own { " " (badge(Tone::Plain, words::YOU_MARK)) }
                                    div.faint { (row.person.login) }
                                }
                                td { (role_badge(row.person.role)) }
                                td {
                                    div.tags {
                                        @if row.person.disabled { (badge(Tone::Bad, words::DISABLED)) }
                                        @else if row.person.signs_in_by_password() { (badge(Tone::Plain, words::BY_PASSWORD)) }
                                        @else { (badge(Tone::Warn, words::BY_LINK)) }
                                        @if row.has_second_factor { (badge(Tone::Good, words::TWO_STEPS)) }
                                    }
                                }
                                td.faint { (frame.moments.date(row.person.created)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn form(typed: Option<&Invited>, strongest: Role) -> Markup {
    let field = Field {
        name: "email",
        label: words::EMAIL,
        value: typed.map_or("", |typed| &typed.email),
        autocomplete: Some("off"),
        required: true,
        ..Field::default()
    };
    let name = Field {
        name: "name",
        label: words::NAME,
        value: typed.map_or("", |typed| &typed.name),
        hint: Some(words::OPTIONAL),
        autocomplete: Some("off"),
        ..Field::default()
    };
    html! {
        form.card method="post" action=(PATH) {
            div.card-head { h2 { (words::INVITE) } }
            div.card-body {
                p.soft { (words::INVITE_NEXT) }
                div.fields-form.two {
                    (field.line("email"))
                    (name.line("text"))
                    (role_field("invited-role", typed.map_or(Role::Agent, |typed| typed.role), strongest))
                }
            }
            div.card-foot { button.primary { (Icon::Send.svg()) (words::INVITE_NOW) } }
        }
    }
}

fn open_links(frame: &Frame, open: &[InvitationView]) -> Markup {
    html! {
        section.card {
            div.card-head { h2 { (words::OPEN_LINKS) } }
            ul.rows {
                @for one in open {
                    li {
                        div {
                            @match &one.purpose {
                                Purpose::Join { login, role, .. } => { strong { (login) } " " (role_badge(*role)) },
                                Purpose::Reset { login } => { strong { (login) } " " span.soft { (words::FOR_PASSWORD) } },
                            }
                            div.faint { (words::UNTIL) " " (frame.moments.full(one.ends)) span.dot {} (words::BY) " " (one.created_by) }
                        }
                        form method="post" action=(format!("{PATH}/invitations/{}/revoke", one.id)) {
                            button.small { (words::TAKE_BACK) }
                        }
                    }
                }
            }
        }
    }
}

fn demanded(terms: &SecurityTerms) -> Markup {
    let days = terms.audit_days.to_string();
    let field = Field { name: "audit_days", label: words::AUDIT_DAYS, value: &days, ..Field::default() };
    html! {
        form.card method="post" action="/settings/people/security" {
            div.card-head { h2 { (words::SECURITY) } }
            div.card-body {
                p.soft { (words::SECURITY_NEXT) }
                div.ticks {
                    @for role in Role::ALL {
                        (choice(Choice::Check, role.as_str(), "1", terms.second_factor_for.contains(&role), words::role(role), None))
                    }
                }
                div.short { (field.line("number")) }
            }
            div.card-foot { button { (words::SAVE) } }
        }
    }
}
