//! The other cards: notes that stay in sight, figures, tasks.

use maud::{Markup, html};
use whom_core::model::{Task, TaskState};

use super::{InfoPane, Place};
use crate::pages::{
    accounts::notes::{self, Owner},
    frame::Frame,
    tasks::card,
    words::{self, kept, profile as say},
};

/// Pinned notes, always in sight; beside a conversation also where to write one about the customer.
pub(super) fn notes(frame: &Frame, pane: &InfoPane) -> Markup {
    let here = notes::Here { owner: Owner::Profile(pane.view.id), back: pane.here() };
    let writes = frame.may_write && matches!(pane.place, Place::Beside(_));
    html! {
        @if !pane.pinned.is_empty() || writes {
            div.block.notes-block {
                h2 { (if pane.pinned.is_empty() { say::CUSTOMER_NOTES } else { say::PINNED_NOTES }) }
                @if !pane.pinned.is_empty() {
                    ul.notes { @for note in &pane.pinned { (notes::row(frame, &here, note)) } }
                }
                @if writes {
                    details.adds {
                        summary.faint { (say::ADD_CUSTOMER_NOTE) }
                        (notes::form(&here, "customer-note"))
                    }
                }
            }
        }
    }
}

/// The customer in figures; on their own page these stand on top.
pub(super) fn figures(frame: &Frame, pane: &InfoPane) -> Markup {
    let (view, moments) = (&pane.view, &frame.moments);
    html! {
        @if pane.place != Place::Own {
            div.block {
                h2 { (kept::CUSTOMER) }
                dl.pairs {
                    dt { (words::FIRST_SEEN) } dd { (moments.date(view.first_seen)) }
                    dt { (words::LAST_SEEN) } dd { (moments.ago(view.last_seen)) }
                    dt { (words::MESSAGES) } dd { (words::thousands(view.messages)) }
                    dt { (words::EVENTS) } dd { (words::thousands(view.events)) }
                }
            }
        }
    }
}

pub(super) fn tasks(frame: &Frame, pane: &InfoPane) -> Markup {
    let open: Vec<&Task> = pane.tasks.iter().filter(|task| task.state == TaskState::Open).collect();
    html! {
        @if frame.may_write || !open.is_empty() {
            div.block.tasks-block {
                h2 { (kept::TASKS) @if !open.is_empty() { " " span.count { (open.len()) } } }
                @if !open.is_empty() { ul.rows { @for task in &open { (card::row(frame, task, None, &pane.here())) } } }
                @if frame.may_write {
                    details.adds {
                        summary.faint { (kept::ADD_TASK) }
                        form.kept-form method="post" action=(pane.deed("tasks")) data-quick {
                            (card::add_fields(frame, &pane.colleagues, "pane"))
                            button.small { (kept::ADD) }
                        }
                    }
                }
            }
        }
    }
}
