//! The other cards: pinned notes, accounts, tasks, relationships, and what can be done.

use maud::{Markup, html};
use whom_core::model::{ProfileState, Task, TaskState};

use super::InfoPane;
use crate::pages::{
    encoded,
    frame::Frame,
    icons::Icon,
    tasks::card,
    words::{self, kept, profile as say},
};

/// Pinned notes, always in sight.
pub(super) fn pinned(frame: &Frame, pane: &InfoPane) -> Markup {
    html! {
        @if !pane.pinned.is_empty() {
            div.block.pinned {
                h2 { (say::PINNED_NOTES) }
                @for note in &pane.pinned {
                    div.pinned-note {
                        p.text { (note.text) }
                        div.faint {
                            (words::source(&note.made.by)) span.dot {} (frame.moments.date(note.made.at))
                            @if frame.may_write {
                                form method="post" action=(format!("/customers/{}/notes/{}/unpin", pane.view.id, note.id)) data-quick {
                                    button.quiet.small { (say::UNPIN) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn accounts(frame: &Frame, pane: &InfoPane) -> Markup {
    html! {
        @if !pane.view.accounts.is_empty() {
            div.block {
                h2 { (words::ACCOUNTS) }
                ul.contacts {
                    @for account in &pane.view.accounts {
                        li {
                            (Icon::Building.svg())
                            div { a href=(format!("/accounts/{}", account.id)) { (account.name) } }
                            @if frame.may_write {
                                form method="post" action=(format!("/customers/{}/accounts/{}/unlink", pane.view.id, account.id)) data-quick {
                                    button.icon-button.small title=(say::UNLINK) aria-label=(format!("{}: {}", say::UNLINK, account.name)) { (Icon::Cross.svg()) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn tasks(frame: &Frame, pane: &InfoPane) -> Markup {
    let back = format!("/customers/{}", pane.view.id);
    let open: Vec<&Task> = pane.tasks.iter().filter(|task| task.state == TaskState::Open).collect();
    html! {
        @if frame.may_write || !open.is_empty() {
            div.block.tasks-block {
                h2 { (kept::TASKS) @if !open.is_empty() { " " span.count { (open.len()) } } }
                @if !open.is_empty() { ul.rows { @for task in &open { (card::row(frame, task, None, &back)) } } }
                @if frame.may_write {
                    details.adds {
                        summary.faint { (kept::ADD_TASK) }
                        form.kept-form method="post" action=(format!("{back}/tasks?back={}", encoded(&back))) data-quick {
                            (card::add_fields(frame, &pane.colleagues, "pane"))
                            button.small { (kept::ADD) }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn relationships(pane: &InfoPane) -> Markup {
    html! {
        @if !pane.relationships.is_empty() {
            div.block {
                h2 { (say::RELATIONSHIPS) }
                ul.contacts {
                    @for one in &pane.relationships {
                        li { (Icon::People.svg()) div { a href=(format!("/customers/{}", one.profile)) { (one.name) } " " span.faint { (one.they_are) } } }
                    }
                }
            }
        }
    }
}

/// What can be done with the profile as such.
pub(super) fn deeds(frame: &Frame, pane: &InfoPane) -> Markup {
    let id = pane.view.id;
    let is_trashed = matches!(pane.view.state, ProfileState::Trashed { .. });
    let phone = pane
        .view
        .contacts
        .iter()
        .find(|contact| contact.kind.as_ref().is_some_and(|kind| kind.as_str() == "phone"));
    html! {
        @if frame.may_write {
            div.block.deeds {
                h2 { (say::ACTIONS) }
                div.buttons {
                    a.button.small href=(format!("/conversations/new?to={id}")) { (Icon::Chat.svg()) (say::NEW_CONVERSATION) }
                    @if let Some(phone) = phone { a.button.small href=(format!("tel:{}", phone.value)) { (Icon::Phone.svg()) (say::CALL) } }
                    @if pane.view.events > 0 { a.button.small data-goto href=(format!("/customers/{id}?show=event,page_view")) { (Icon::Play.svg()) (say::SESSIONS) } }
                    @if is_trashed {
                        form method="post" action=(format!("/customers/{id}/restore")) data-quick { button.small { (Icon::Undo.svg()) (say::RESTORE) } }
                    } @else {
                        form method="post" action=(format!("/customers/{id}/trash")) data-quick { button.small.danger { (Icon::Trash.svg()) (say::TRASH) } }
                    }
                }
                form action=(format!("/customers/{id}/merge")) {
                    label.unseen for="with" { (words::MERGE_WITH) }
                    div.inline-form {
                        input #with name="with" placeholder=(words::MERGE_WITH) title=(words::MERGE_WITH_HINT) autocomplete="off" spellcheck="false" required;
                        button { (Icon::Together.svg()) (words::COMPARE) }
                    }
                }
            }
        }
    }
}
