//! The lists of tasks, and the page of one.

use maud::{Markup, html};
use whom_core::{
    engine::TaskView,
    model::{DueWhen, TaskState},
};

use super::card::{self, Colleague};
use crate::pages::{
    components::{Control, InlineEdit, Tab, empty, tabs},
    encoded,
    frame::{Frame, Part},
    icons::Icon,
    words::kept as words,
};

/// Which list is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum View {
    /// What whoever looks is to do.
    #[default]
    Mine,
    /// What is overdue or due today, whoever is to do it.
    Due,
    /// Everything that is open.
    All,
    /// What nobody is to do.
    Nobody,
    /// What is done.
    Done,
}

impl View {
    const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Mine, "mine", words::MINE),
        (Self::Due, "due", words::DUE),
        (Self::All, "all", words::EVERYBODYS),
        (Self::Nobody, "nobody", words::NOBODYS),
        (Self::Done, "done", words::DONE),
    ];

    /// The list of this word; mine where it is none.
    pub(crate) fn from_word(word: &str) -> Self {
        Self::ALL.iter().find(|(_, known, _)| *known == word).map_or(Self::Mine, |(view, _, _)| *view)
    }

    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(view, _, _)| *view == self).map_or("mine", |(_, word, _)| word)
    }

    /// Its address.
    pub(crate) fn address(self) -> String {
        match self {
            Self::Mine => "/tasks".into(),
            _ => format!("/tasks?view={}", self.word()),
        }
    }
}

/// A list of tasks.
pub(crate) struct Listed {
    pub(crate) view: View,
    pub(crate) tasks: Vec<TaskView>,
    pub(crate) next: Option<String>,
    pub(crate) colleagues: Vec<Colleague>,
    pub(crate) news: Option<Markup>,
    pub(crate) wrong: Option<String>,
}

/// The page of a list.
pub(crate) fn list(frame: &Frame, listed: &Listed) -> Markup {
    let addresses: Vec<String> = View::ALL.iter().map(|(view, _, _)| view.address()).collect();
    let all: Vec<Tab<'_>> = View::ALL
        .iter()
        .zip(&addresses)
        .map(|((view, _, words), href)| Tab { href, words, count: None, is_current: *view == listed.view })
        .collect();
    frame.page(Part::Tasks, words::TASKS, &[], html! {
        div.column.kept {
            div.page-head { h1 { (words::TASKS) } }
            @if let Some(news) = &listed.news { (news) }
            @if let Some(wrong) = &listed.wrong { (crate::pages::components::notice(crate::pages::components::Notice::Failed, html! { (wrong) })) }
            (tabs(words::TASKS, &all))
            @if frame.may_write { (add_form(frame, listed)) }
            div #task-list data-live="tasks" { (groups(frame, listed)) }
        }
    })
}

fn add_form(frame: &Frame, listed: &Listed) -> Markup {
    html! {
        details.card.add-task open[listed.wrong.is_some()] data-key="n" data-key-says=(words::ADD_TASK) {
            summary.card-body { (Icon::Plus.svg()) (words::ADD_TASK) }
            form.kept-form.card-foot method="post" action=(format!("/tasks?back={}", encoded(&listed.view.address()))) data-quick {
                (card::add_fields(frame, &listed.colleagues, "list"))
                div.field {
                    label for="for-whom" { (words::FOR_WHOM) }
                    input #for-whom name="who" required placeholder=(words::FOR_WHOM_HINT) autocomplete="off" spellcheck="false";
                }
                button.primary { (words::ADD) }
            }
        }
    }
}

fn groups(frame: &Frame, listed: &Listed) -> Markup {
    if listed.tasks.is_empty() {
        return html! { div.card { (empty(words::NO_TASKS, words::NO_TASKS_NEXT, html! {})) } };
    }
    let back = listed.view.address();
    let group = |tasks: &[&TaskView]| {
        html! {
            ul.rows { @for task in tasks { (card::row(frame, &task.task, Some((task.profile, &task.name)), &back)) } }
        }
    };
    let all: Vec<&TaskView> = listed.tasks.iter().collect();
    let when = |task: &TaskView| task.task.when(frame.moments.now(), frame.moments.zone());
    html! {
        @if listed.view == View::Done {
            div.card { (group(&all)) }
        } @else {
            @for wanted in [DueWhen::Overdue, DueWhen::Today, DueWhen::Later, DueWhen::Whenever] {
                @let some: Vec<&TaskView> = all.iter().copied().filter(|task| when(task) == wanted).collect();
                @if !some.is_empty() {
                    section.card aria-label=(words::when(wanted)) {
                        div.card-head { h2 { (words::when(wanted)) } span.badge { (some.len()) } }
                        (group(&some))
                    }
                }
            }
        }
        @if let Some(next) = &listed.next {
            div.more { a.button href=(format!("{}{}after={}", back, if back.contains('?') { '&' } else { '?' }, encoded(next))) { (crate::pages::words::LOAD_MORE) } }
        }
    }
}

/// The page of one task.
pub(crate) fn one(frame: &Frame, task: &TaskView, colleagues: &[Colleague], news: Option<Markup>) -> Markup {
    let (id, version) = (task.task.id, task.task.version.to_string());
    let action = format!("/tasks/{id}");
    let due = task.task.due.as_ref().map_or("", |due| due.as_str());
    let mut options: Vec<(&str, &str)> = vec![("", words::NOBODY)];
    options.extend(colleagues.iter().map(|(login, name)| (login.as_str(), name.as_str())));
    let edit = |name: &'static str,
                label: &'static str,
                value: &str,
                control: Control<'_>,
                hint: &'static str| {
        html! {
            dt { (label) }
            dd {
                @if frame.may_write {
                    (InlineEdit { id: name, label, action: &action, name, value, version: &version, control, hint }.markup())
                } @else if value.is_empty() { (words::EMPTY_FIELD) } @else { (value) }
            }
        }
    };
    let is_day = task.task.due.as_ref().is_none_or(|due| due.is_day());
    let deed = |word: &str, label: &str, class: &str| {
        html! { form method="post" action=(format!("{action}/{word}?back={}", encoded(&action))) { button class=(class) { (label) } } }
    };
    frame.page(Part::Tasks, &task.task.title, &["edit.js"], html! {
        div.column.kept {
            div.page-head { h1 { (task.task.title) } (card::due(frame, &task.task)) }
            @if let Some(news) = news { (news) }
            div.card #task data-live=(format!("profile:{}", task.profile)) {
                div.card-body {
                    dl.pairs.edits {
                        dt { (words::CUSTOMER) } dd { a href=(format!("/customers/{}", task.profile)) { (task.name) } }
                        (edit("title", words::TASK, &task.task.title, Control::Line("text"), ""))
                        (edit("due", words::BY_WHEN, due, Control::Line(if is_day { "date" } else { "text" }), ""))
                        (edit("assignee", words::WHO_DOES_IT, task.task.assignee.as_deref().unwrap_or_default(), Control::Select(&options), ""))
                        (edit("text", words::DETAILS, &task.task.text, Control::Lines, words::DETAILS_HINT))
                    }
                    p.faint { (card::made(frame, &task.task)) }
                }
                @if frame.may_write {
                    div.card-foot.buttons {
                        @match task.task.state {
                            TaskState::Open => { (deed("done", words::MARK_DONE, "primary")) (deed("remove", words::TAKE_AWAY, "quiet danger")) },
                            _ => (deed("reopen", words::OPEN_AGAIN, "primary")),
                        }
                    }
                }
            }
        }
    })
}
