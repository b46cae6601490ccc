//! The other cards: pinned notes, accounts, tasks, relationships, and what can be done.

use maud::{Markup, html};
use whom_core::model::{ProfileState, TaskState};

use super::InfoPane;
use crate::pages::{
    frame::Frame,
    icons::Icon,
    words::{self, profile as say},
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
                                form method="post" action=(format!("/customers/{}/notes/{}", pane.view.id, note.id)) {
                                    button.quiet.small name="deed" value="unpin" { (say::UNPIN) }
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
                                form method="post" action=(format!("/customers/{}/accounts/{}", pane.view.id, account.id)) {
                                    button.icon-button.small name="deed" value="unlink" title=(say::UNLINK) aria-label=(format!("{}: {}", say::UNLINK, account.name)) { (Icon::Cross.svg()) }
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
    let here = format!("/customers/{}/todo", pane.view.id);
    html! {
        @if frame.may_write || !pane.tasks.is_empty() {
            div.block {
                h2 { (say::TASKS) }
                ul.tasks {
                    @for task in &pane.tasks {
                        @let is_done = matches!(task.state, TaskState::Done(_));
                        li.done[is_done] {
                            @if frame.may_write {
                                form method="post" action=(format!("{here}/{}", task.id)) {
                                    button.icon-button.small name="deed" value=(if is_done { "reopen" } else { "finish" })
                                        aria-label=(format!("{}: {}", if is_done { say::REOPEN } else { say::FINISH }, task.title)) {
                                        (if is_done { Icon::Check } else { Icon::Half }.svg())
                                    }
                                }
                            }
                            span { (task.title) @if let Some(who) = &task.assignee { span.faint { " " (words::capital(who)) } } }
                        }
                    }
                }
                @if frame.may_write {
                    form.inline-form method="post" action=(here) {
                        label.unseen for="new-task" { (say::ADD_TASK) }
                        input #new-task name="title" placeholder=(say::ADD_TASK) required maxlength="200" autocomplete="off";
                        input type="hidden" name="request" value=(pane.request);
                        button { (say::ADD) }
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
                    a.button.small href=(format!("/conversations/new?customer={id}")) { (Icon::Chat.svg()) (say::NEW_CONVERSATION) }
                    @if let Some(phone) = phone { a.button.small href=(format!("tel:{}", phone.value)) { (Icon::Phone.svg()) (say::CALL) } }
                    @if pane.view.events > 0 { a.button.small data-goto href=(format!("/customers/{id}?show=event,page_view")) { (Icon::Play.svg()) (say::SESSIONS) } }
                    form method="post" action=(format!("/customers/{id}/state")) {
                        @if is_trashed { button.small name="deed" value="restore" { (Icon::Undo.svg()) (say::RESTORE) } }
                        @else { button.small.danger name="deed" value="trash" { (Icon::Trash.svg()) (say::TRASH) } }
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
