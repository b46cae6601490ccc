//! What these pages have in common: news, a secret shown once, a list of sessions.

use maud::{Markup, html};
use serde::Deserialize;

use crate::{
    api::sessions::SessionView,
    auth::Role,
    pages::{
        components::{Notice, Tone, badge, notice, toast},
        frame::Frame,
        icons::Icon,
        words::{self, people as own},
    },
    problem::Problem,
};

/// What stands behind `?` of a page that a form leads back to.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    pub(super) done: String,
}

/// The toast for a word behind `?done=`.
pub(super) fn news(done: &str) -> Markup {
    let words = match done {
        "saved" => own::SAVED,
        "password" => own::PASSWORD_CHANGED,
        "no-second-step" => own::TAKEN_AWAY,
        "ended" => own::SESSION_ENDED,
        "revoked" => own::KEY_REVOKED,
        "fields" => own::FIELDS_SAVED,
        _ => return html! {},
    };
    toast(html! { (words) }, None)
}

/// What went wrong, in words, at the head of the page.
pub(super) fn failed(problem: Option<&Problem>) -> Markup {
    html! {
        @if let Some(problem) = problem {
            @let why = problem.errors.first().map_or(problem.detail.as_str(), |error| &error.detail);
            (notice(Notice::Failed, html! { (words::sentence(why)) }))
        }
    }
}

/// Something that is shown this once, with a button that copies it.
pub(super) fn shown_once(title: &str, next: &str, secret: &str) -> Markup {
    html! {
        section.card.shown-once role="status" {
            div.card-head { h2 { (Icon::Lock.svg()) (title) } }
            div.card-body {
                p { (next) }
                div.copy-line {
                    input #shown-once readonly value=(secret) aria-label=(title) autocomplete="off" spellcheck="false" data-shown;
                    button type="button" data-copy="shown-once" data-copied=(own::COPIED) hidden { (Icon::Copy.svg()) span { (own::COPY) } }
                }
            }
        }
    }
}

/// A role as a word beside a name.
pub(super) fn role_badge(role: Role) -> Markup {
    badge(if role >= Role::Admin { Tone::Info } else { Tone::Plain }, own::role(role))
}

/// Roles to choose from, up to the strongest that may be given.
pub(super) fn role_field(name: &str, chosen: Role, strongest: Role) -> Markup {
    html! {
        div.field {
            label for=(name) { (own::ROLE) }
            select id=(name) name="role" {
                @for role in Role::ALL.into_iter().filter(|role| *role <= strongest || *role == chosen) {
                    option value=(role.as_str()) selected[role == chosen] { (own::role(role)) " – " (own::role_help(role)) }
                }
            }
        }
    }
}

/// Where somebody is signed in; every row ends by its own form at `action`.
pub(super) fn sessions(frame: &Frame, sessions: &[SessionView], action: &str) -> Markup {
    html! {
        @if sessions.is_empty() { div.card-body { p.soft { (own::SESSIONS_NONE) } } }
        ul.rows {
            @for session in sessions {
                li {
                    div {
                        strong { @if session.device.is_empty() { (own::UNKNOWN_DEVICE) } @else { (session.device) } }
                        @if session.is_this { " " (badge(Tone::Good, own::THIS_SESSION)) }
                        div.faint { (own::LAST_VISIT) " " (frame.moments.ago(session.last_seen)) span.dot {} (own::SINCE) " " (frame.moments.date(session.since)) }
                    }
                    @if !session.is_this {
                        form method="post" action=(action) {
                            button.small name="id" value=(session.id) { (own::END) }
                        }
                    }
                }
            }
        }
    }
}
