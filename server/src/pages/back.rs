//! The way back of a deed: the page it was sent from, with news of what was done and how it is undone.

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;

use whom_core::model::ProfileId;

use super::{
    components, encoded,
    words::{self as all_words, kept as words},
};
use crate::http::is_own_path;

/// The page that a deed goes back to: `?back=` of its address, where that is one of ours.
pub(crate) struct Back(Option<String>);

#[derive(Deserialize)]
struct BackQuery {
    back: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Back {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let query = Query::<BackQuery>::from_request_parts(parts, state).await.ok();
        let back = query.and_then(|Query(query)| query.back);
        Ok(Self(back.filter(|path| is_own_path(path))))
    }
}

impl Back {
    /// The page it goes back to.
    pub(crate) fn path(&self, else_to: &str) -> String {
        self.0.clone().unwrap_or_else(|| else_to.to_owned())
    }

    /// Back, or to `else_to`, with what was done and by what it is undone.
    pub(crate) fn with(&self, else_to: &str, done: &str, undo: Option<&str>) -> Response {
        let path = self.0.as_deref().unwrap_or(else_to);
        let path = path.split('#').next().unwrap_or(path);
        let mark = if path.contains('?') { '&' } else { '?' };
        let undo = undo.map(|undo| format!("&undo={}", encoded(undo))).unwrap_or_default();
        Redirect::to(&format!("{path}{mark}done={done}{undo}")).into_response()
    }
}

/// What stands behind `?` of a page that tells news.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct NewsQuery {
    /// What was done.
    pub(crate) done: Option<String>,
    /// By what it is undone.
    pub(crate) undo: Option<String>,
}

impl NewsQuery {
    /// The news as a toast; `here` is the page to come back to from undoing.
    ///
    /// Every page from which tasks, notes, relationships, accounts and decisions are changed puts this in.
    pub(crate) fn toast(&self, here: &str) -> Option<Markup> {
        Some(components::toast(self.said()?, self.undo_address(here).as_deref()))
    }

    /// What was done, in words.
    pub(crate) fn said(&self) -> Option<Markup> {
        let said = words::news(self.done.as_deref()?)?;
        let made =
            self.undo.as_deref().and_then(|undo| undo.splitn(3, '-').nth(2)?.parse::<ProfileId>().ok());
        Some(match (self.done.as_deref(), made) {
            // What was detached has a page of its own now.
            (Some("detached"), Some(made)) => {
                html! { (said) " " a href=(format!("/customers/{made}")) { (all_words::OPEN_IT) } }
            }
            _ => html! { (said) },
        })
    }

    /// The address of the deed that takes it back, and that comes back `here`.
    pub(crate) fn undo_address(&self, here: &str) -> Option<String> {
        let path = undo_path(self.done.as_deref()?, self.undo.as_deref()?)?;
        Some(format!("{path}?back={}", encoded(here)))
    }
}

/// The deed that undoes another. Only ids and property keys of the right shape come in.
fn undo_path(done: &str, undo: &str) -> Option<String> {
    let is_plain = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
    let mut parts = undo.split('-');
    let (first, second, third) = (parts.next()?, parts.next(), parts.next());
    if ![Some(first), second, third].into_iter().flatten().all(is_plain) {
        return None;
    }
    let owner = |id: &str| if id.starts_with("a_") { "accounts" } else { "customers" };
    Some(match (done, second, third) {
        ("task_done" | "task_removed", None, None) => format!("/tasks/{first}/reopen"),
        ("task_reopened", None, None) => format!("/tasks/{first}/done"),
        ("task_added", None, None) => format!("/tasks/{first}/remove"),
        ("note_removed", Some(note), None) => format!("/{}/{first}/notes/{note}/restore", owner(first)),
        ("related", Some(id), None) => format!("/customers/{first}/relationships/{id}/remove"),
        ("unrelated", Some(id), None) => format!("/customers/{first}/relationships/{id}/restore"),
        ("linked" | "unlinked", Some(id), None) => format!("/customers/{first}/account-links/{id}/undo"),
        ("merged", Some(change), None) | ("detached", Some(change), _) => {
            format!("/customers/{first}/undo/{change}")
        }
        ("look_up_off", None, None) => format!("/customers/{first}/look-up/on"),
        ("look_up_on", None, None) => format!("/customers/{first}/look-up/off"),
        ("trashed", None, None) => format!("/customers/{first}/restore"),
        ("told_apart", Some(other), None) => format!("/customers/{first}/maybe-the-same/{other}"),
        ("pinned", Some(property), None) => format!("/customers/{first}/properties/{property}/unpin"),
        ("hidden", Some(property), Some(claim)) => {
            format!("/customers/{first}/properties/{property}/show/{claim}")
        }
        ("nevered", Some(property), Some(claim)) => {
            format!("/customers/{first}/properties/{property}/again/{claim}")
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_deeds_that_are_known_can_be_undone() {
        assert_eq!(undo_path("task_done", "t_1").as_deref(), Some("/tasks/t_1/reopen"));
        assert_eq!(undo_path("note_removed", "a_1-e_2").as_deref(), Some("/accounts/a_1/notes/e_2/restore"));
        assert_eq!(undo_path("trashed", "p_1").as_deref(), Some("/customers/p_1/restore"));
        assert_eq!(undo_path("detached", "p_1-m_2-p_3").as_deref(), Some("/customers/p_1/undo/m_2"));
        for (done, undo) in
            [("task_done", "../x"), ("task_done", "t_1-t_2"), ("erased", "p_1"), ("pinned", "p_1")]
        {
            assert_eq!(undo_path(done, undo), None);
        }
    }
}
