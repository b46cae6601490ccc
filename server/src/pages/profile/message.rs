//! A message on a page of its own, under the profile that it belongs to.

use maud::{Markup, html};
use whom_core::{model::Entry, view::ProfileView};

use crate::pages::{
    frame::{Frame, Part},
    words,
};

/// The message on a page of its own, for browsers without scripts and for links to it.
pub(crate) fn page(frame: &Frame, view: &ProfileView, entry: &Entry, message: Markup) -> Markup {
    let title = if entry.title.is_empty() { words::entries(entry.kind) } else { &entry.title };
    frame.page(
        Part::Customers,
        title,
        &["swap.js"],
        html! {
            div.column {
                p { a href=(format!("/customers/{}", view.id)) { (view.name) } }
                h1 { (title) }
                p.soft { (frame.moments.date(entry.at)) ", " (frame.moments.clock(entry.at)) }
                br;
                div.bubble.in { (message) }
            }
        },
    )
}
