//! Parts about tasks that other pages show: a row, and the card of a customer.

use maud::{Markup, html};
use whom_core::model::{DueWhen, ProfileId, Task, TaskState};

use crate::pages::{
    components::{Tone, badge},
    encoded,
    frame::Frame,
    icons::Icon,
    words::{self as all_words, kept as words},
};

/// Somebody who may be given a task: login name, and what they are called.
pub(crate) type Colleague = (String, String);

/// A row of a list; `back` is the page it stands on, `whose` who the customer is where that has to be said.
pub(crate) fn row(frame: &Frame, task: &Task, whose: Option<(ProfileId, &str)>, back: &str) -> Markup {
    let is_done = matches!(task.state, TaskState::Done(_));
    let (deed, label) = if is_done { ("reopen", words::OPEN_AGAIN) } else { ("done", words::MARK_DONE) };
    html! {
        li.task.done[is_done] data-row data-id=(task.id) {
            @if frame.may_write {
                form method="post" action=(format!("/tasks/{}/{deed}?back={}", task.id, encoded(back))) data-quick {
                    button.tick title=(label) aria-label=(format!("{label}: {}", task.title)) { (Icon::Tick.svg()) }
                }
            }
            div.task-words {
                a href=(format!("/tasks/{}", task.id)) { (task.title) }
                div.faint {
                    @if let Some((id, name)) = whose { a href=(format!("/customers/{id}")) { (name) } }
                    @if let Some(login) = &task.assignee { span.dot[whose.is_some()] { (all_words::colleague(login)) } }
                }
            }
            (due(frame, task))
        }
    }
}

/// By when, as urgent as it is.
pub(crate) fn due(frame: &Frame, task: &Task) -> Markup {
    let (Some(due), TaskState::Open) = (&task.due, &task.state) else {
        return match &task.state {
            TaskState::Done(stamp) => html! { span.faint { (frame.moments.ago(stamp.at)) } },
            _ => html! { span {} },
        };
    };
    let said = match due.moment() {
        Some(at) => html! { (frame.moments.date(at)) " " (frame.moments.clock(at)) },
        None => match due.as_str().parse() {
            Ok(day) => html! { time datetime=(due) { (frame.moments.day_words(day)) } },
            Err(_) => html! { (due) },
        },
    };
    let when = task.when(frame.moments.now(), frame.moments.zone());
    html! {
        span.due {
            @match when {
                DueWhen::Overdue => { (badge(Tone::Bad, words::when(when))) " " span { (said) } },
                DueWhen::Today if due.is_day() => (badge(Tone::Warn, words::when(when))),
                DueWhen::Today => { (badge(Tone::Warn, words::when(when))) " " span { (said) } },
                _ => span.soft { (said) },
            }
        }
    }
}

/// The card of a customer: what is open, and a form for one more.
///
/// The page it stands on takes [`crate::pages::back::NewsQuery`] into its query and shows its toast.
#[allow(dead_code, reason = "the page of a customer shows it")]
pub(crate) fn card(frame: &Frame, profile: ProfileId, tasks: &[Task], colleagues: &[Colleague]) -> Markup {
    let back = format!("/customers/{profile}");
    let open: Vec<&Task> = tasks.iter().filter(|task| task.state == TaskState::Open).collect();
    html! {
        section.card.kept #tasks aria-labelledby="tasks-title" data-live=(format!("profile:{profile}")) {
            div.card-head { h2 #tasks-title { (words::TASKS) } @if !open.is_empty() { span.badge { (open.len()) } } }
            ul.rows {
                @for task in &open { (row(frame, task, None, &back)) }
                @if open.is_empty() { li.soft { (words::NO_OPEN_TASKS) } }
            }
            @if frame.may_write {
                details.card-foot {
                    summary { (Icon::Plus.svg()) (words::ADD_TASK) }
                    form.kept-form method="post" action=(format!("/customers/{profile}/tasks?back={}", encoded(&back))) data-quick {
                        (add_fields(frame, colleagues, "card"))
                        button.primary.small { (words::ADD) }
                    }
                }
            }
        }
    }
}

/// The fields of a new task.
pub(crate) fn add_fields(frame: &Frame, colleagues: &[Colleague], place: &str) -> Markup {
    let own = frame.who.as_ref().and_then(|who| who.login.as_deref());
    let id = |name: &str| format!("{name}-{place}");
    html! {
        input type="hidden" name="request" value=(crate::secret::hex(&crate::secret::random::<12>()));
        div.field.wide {
            label for=(id("title")) { (words::WHAT_TO_DO) }
            input id=(id("title")) name="title" required maxlength="200" autocomplete="off";
        }
        div.field {
            label for=(id("due")) { (words::BY_WHEN) }
            input id=(id("due")) name="due" type="date";
        }
        div.field {
            label for=(id("assignee")) { (words::WHO_DOES_IT) }
            select id=(id("assignee")) name="assignee" {
                option value="" { (words::NOBODY) }
                @for (login, name) in colleagues {
                    option value=(login) selected[own == Some(login.as_str())] { (name) }
                }
            }
        }
    }
}

/// Who made a task, and when.
pub(crate) fn made(frame: &Frame, task: &Task) -> Markup {
    html! { (words::MADE_BY) " " (all_words::source(&task.made.by)) span.dot {} (frame.moments.date(task.made.at)) }
}
