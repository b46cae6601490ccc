//! News about what was just done, with the way back.
//!
//! A form answers with a redirect to a page that carries what was done (`?done=WORD&undo=ID`); the
//! page turns the word into words and puts a toast among its content. Without scripts it stays until
//! the next page; `toast.js` counts it down and takes it away. `data-quick` forms show the toast of
//! the page they come back with, without leaving the page.

use maud::{Markup, html};

use crate::pages::{icons::Icon, words};

/// News, and the path of the form that takes back what was done.
pub(crate) fn toast(news: Markup, undo: Option<&str>) -> Markup {
    html! {
        div.toast data-toast role="status" {
            span { (news) }
            @if let Some(undo) = undo {
                form method="post" action=(undo) data-quick { button { (Icon::Undo.svg()) (words::UNDO) } }
            }
        }
    }
}

/// Something was not done.
pub(crate) fn failed_toast(news: Markup) -> Markup {
    html! { div.toast.bad data-toast role="alert" { span { (news) } } }
}
