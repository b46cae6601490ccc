//! What somebody was told: the bell in the bar, and a page for whoever has no scripts.

use axum::{
    extract::State,
    http::Method,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    answer::Html,
    components::empty,
    frame::{Frame, Part},
    icons::Icon,
    sent::Sent,
    words::{self, notices as own},
};
use crate::{
    app::AppState,
    auth::{Permission::*, Principal},
    notify::{self, Notice, Sort},
    problem::Problem,
    routes::Route,
};

/// The routes of notices.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page(Method::GET, "/notices", BeKnown, page),
        Route::page(Method::POST, "/notices/read", BeKnown, read),
        Route::page(Method::POST, "/notices/settings", BeKnown, settings),
    ]
}

/// The bell with what it has to say.
pub(super) fn bell(frame: &Frame) -> Markup {
    let unread = frame.counts.unread;
    html! {
        details.menu.end data-menu data-bell data-unread=(unread) #bell {
            summary.button.icon-button aria-label=(own::bell(unread)) title=(own::NOTICES) {
                (Icon::Bell.svg())
                span.bell-count hidden[unread == 0] { (unread) }
            }
            div.menu-list.notices { a href="/notices" { (own::ALL) } }
        }
    }
}

/// `GET /notices`
async fn page(State(state): State<AppState>, frame: Frame, by: Principal) -> Result<Html, Problem> {
    let Some(login) = by.login() else { return Err(Problem::not_found("only people are told anything")) };
    let told = notify::notices_of(&state, login).await?;
    Ok(Html::ok(frame.page(Part::None, own::NOTICES, &[], html! {
        div.column.narrow {
            div.page-head {
                h1 { (own::NOTICES) }
                @if told.unread() > 0 {
                    form.buttons method="post" action="/notices/read" { button { (Icon::Tick.svg()) (own::READ_ALL) } }
                }
            }
            section.card {
                div #notices data-notices { (list(&frame, &told.seen())) }
            }
            section.card.card-body {
                form method="post" action="/notices/settings" data-quick="stay" {
                    label.choice {
                        input.switch type="checkbox" role="switch" name="opens" value="1" checked[told.opens];
                        span { (own::OPENS) span.help { (own::OPENS_HELP) } }
                    }
                    button.small { (words::SAVE) }
                }
            }
        }
    })))
}

fn list(frame: &Frame, notices: &[Notice]) -> Markup {
    if notices.is_empty() {
        return empty(own::NONE, own::NONE_NEXT, Markup::default());
    }
    html! {
        ul.notice-list {
            @for one in notices {
                li.unread[!one.read] data-id=(one.id) data-row {
                    (icon(one.sort).svg())
                    div {
                        a href=(one.link) { (own::says(one.sort, one.by.as_deref())) }
                        div.soft { (one.about) }
                    }
                    span.faint { (frame.moments.ago(one.at)) }
                }
            }
        }
    }
}

fn icon(sort: Sort) -> Icon {
    match sort {
        Sort::Assigned => Icon::Person,
        Sort::Answered => Icon::Reply,
        Sort::Mentioned => Icon::At,
        Sort::Given => Icon::Check,
        Sort::Due => Icon::Clock,
        Sort::Finished => Icon::Check,
        Sort::SendFailed => Icon::Warn,
    }
}

/// `POST /notices/read`: all of them.
async fn read(State(state): State<AppState>, by: Principal) -> Result<Response, Problem> {
    if let Some(login) = by.login() {
        notify::mark_read(&state, login, None).await?;
    }
    Ok(Redirect::to("/notices").into_response())
}

/// How somebody wants to be told.
#[derive(Deserialize)]
struct Told {
    #[serde(default)]
    opens: String,
}

/// `POST /notices/settings`
async fn settings(
    State(state): State<AppState>,
    by: Principal,
    Sent(told): Sent<Told>,
) -> Result<Response, Problem> {
    if let Some(login) = by.login() {
        notify::set_opens(&state, login, told.opens == "1").await?;
    }
    Ok(Redirect::to("/notices").into_response())
}
