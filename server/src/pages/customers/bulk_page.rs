//! The pages of bulk actions: the question before one, how far it is, and those that were.

use maud::{Markup, html};
use whom_core::{
    model::{PropertyDefinition, Source},
    view::ProfileView,
};

use super::{asked::Asked, bulk::Form};
use crate::{
    bulk::{BulkJob, JobState, Tally},
    pages::{
        components::{Notice, Size, Tone, avatar, badge, empty, notice, progress},
        frame::{Frame, Part},
        icons::Icon,
        words,
        words::customers as says,
    },
};

/// All that the question before a bulk action shows.
pub(super) struct Compose<'a> {
    pub(super) form: &'a Form,
    pub(super) asked: &'a Asked,
    pub(super) count: usize,
    pub(super) definitions: &'a [PropertyDefinition],
    pub(super) people: &'a [(String, String)],
    pub(super) candidates: &'a [ProfileView],
    pub(super) has_providers: bool,
    pub(super) wrong: Option<String>,
}

/// The deeds that can be asked for, and what they are called.
fn deed_name(word: &str) -> &'static str {
    match word {
        "add_tag" => says::TAG,
        "remove_tag" => says::UNTAG,
        "assign" => says::ASSIGN,
        "link" => says::LINK_ACCOUNT,
        "set" => says::SET_PROPERTY,
        "merge" => says::MERGE_SELECTED,
        "enrich" => says::ENRICH,
        "export" => says::EXPORT,
        _ => says::TO_TRASH,
    }
}

/// The question before a bulk action.
pub(super) fn compose(frame: &Frame, compose: &Compose<'_>) -> Markup {
    let Compose { form, asked, count, wrong, .. } = compose;
    let back = asked.address(&[]);
    if *count == 0 {
        return frame.page(Part::Customers, says::BULK, &[], html! {
            div.column.narrow { div.card { (empty(says::NOTHING_SELECTED, says::NOTHING_SELECTED_NEXT, html! { a.button href=(back) { (says::BACK_TO_LIST) } })) } }
        });
    }
    let title = says::deed_for(deed_name(&form.deed), *count as u64);
    frame.page(Part::Customers, &title, &[], html! {
        div.column.narrow {
            form.card.bulk-form method="post" action="/customers/bulk/start" {
                div.card-head { h1 { (title) } }
                div.card-body {
                    @if let Some(wrong) = wrong { (notice(Notice::Failed, html! { (words::sentence(wrong)) })) }
                    (asked.hidden(&[]))
                    input type="hidden" name="do" value=(form.deed);
                    @if form.all { input type="hidden" name="all" value="1"; }
                    @else { @for id in &form.ids { input type="hidden" name="id" value=(id); } }
                    (inputs(compose))
                }
                div.card-foot {
                    button.primary[form.deed != "trash"].danger[form.deed == "trash"] { (deed_name(&form.deed)) }
                    a.button.quiet href=(back) { (words::CANCEL) }
                }
            }
        }
    })
}

fn inputs(compose: &Compose<'_>) -> Markup {
    let form = compose.form;
    match form.deed.as_str() {
        "add_tag" | "remove_tag" => html! {
            div.field {
                label for="text" { (says::TAGS) }
                input #text name="text" value=(form.text) required autofocus autocomplete="off";
                p.help { (says::TAGS_HELP) }
            }
        },
        "assign" => html! {
            div.field {
                label for="text" { (says::LOOKED_AFTER_BY) }
                select #text name="text" autofocus {
                    @for (login, name) in compose.people { option value=(login) selected[*login == form.text] { (name) } }
                    option value="" { (says::NOBODY) }
                }
            }
        },
        "link" => html! {
            div.field {
                label for="text" { (says::ACCOUNT) }
                input #text name="text" value=(form.text) required autofocus autocomplete="off";
                p.help { (says::ACCOUNT_HELP) }
            }
        },
        "set" => set(compose),
        "merge" => merge(compose),
        "export" => html! {
            fieldset.options {
                @for (place, (format, shown)) in [("csv", says::EXPORT_CSV), ("jsonl", says::EXPORT_JSONL), ("vcard", says::EXPORT_VCARD)].into_iter().enumerate() {
                    label.choice { input type="radio" name="format" value=(format) checked[place == 0]; span { (shown) } }
                }
            }
        },
        "enrich" if !compose.has_providers => {
            html! { p { (says::NO_PROVIDERS) } }
        }
        "enrich" => html! { p { (says::ENRICH_NEXT) } },
        _ => html! { p { (says::TRASH_NEXT) } },
    }
}

fn set(compose: &Compose<'_>) -> Markup {
    let form = compose.form;
    html! {
        div.field {
            label for="property" { (says::PROPERTY) }
            select #property name="property" {
                @for definition in compose.definitions {
                    option value=(definition.key) selected[definition.key.as_str() == form.property] {
                        (definition.label)
                        @if !definition.options.is_empty() { " (" (definition.options.join(", ")) ")" }
                    }
                }
            }
        }
        div.field {
            label for="text" { (says::VALUE) }
            input #text name="text" value=(form.text) autocomplete="off";
            p.help { (says::EMPTY_TAKES_AWAY) }
        }
    }
}

fn merge(compose: &Compose<'_>) -> Markup {
    html! {
        p.soft { (says::MERGE_NEXT) }
        @if let [one, other] = compose.candidates {
            p { a href=(format!("/customers/{}/merge?with={}", one.id, other.id)) { (says::COMPARE_FIRST) } }
        }
        fieldset.candidates {
            legend { (says::WHICH_STAYS) }
            @for (place, view) in compose.candidates.iter().enumerate() {
                label.candidate {
                    input type="radio" name="into" value=(view.id) checked[place == 0];
                    (avatar(&view.into(), Size::Medium))
                    span {
                        b { (view.name) }
                        span.line {
                            @let lines = view.contacts.iter().filter(|contact| contact.kind.is_some()).take(3);
                            @for (place, contact) in lines.enumerate() { @if place > 0 { " · " } (contact.value) }
                        }
                    }
                    span.faint { (words::count(view.messages, "message", "messages")) }
                }
            }
        }
    }
}

/// A job's page.
pub(super) fn job(frame: &Frame, job: &BulkJob) -> Markup {
    let title = says::action(&job.action);
    frame.page(Part::Customers, &title, &["job.js"], html! {
        div.column.narrow {
            div.page-head { h1 { (title) } }
            (progress_of(frame, job))
            p { a href="/customers/bulk" { (says::BULK) } " · " a href="/customers" { (says::BACK_TO_LIST) } }
        }
    })
}

/// How far a job is, and what came of it; asked for again while it goes on.
pub(super) fn progress_of(frame: &Frame, job: &BulkJob) -> Markup {
    let address = format!("/customers/bulk/{}", job.id);
    let (done, all) = match job.state {
        JobState::Undoing => (job.undone.done, job.tally.done),
        _ => (job.tally.done, job.total.unwrap_or(job.tally.done)),
    };
    html! {
        div.card #job data-job=[job.state.is_open().then_some(&address)] {
            div.card-body.job {
                div.job-state { (state_badge(job.state)) span.faint { (by(&job.by)) ", " (frame.moments.ago(job.created)) } }
                (progress(state_words(job.state), done as u64, all as u64))
                (tally(&job.tally, says::CHANGED, says::LEFT_ALONE))
                @if matches!(job.state, JobState::Undoing | JobState::Undone) {
                    (tally(&job.undone, says::TAKEN_BACK, says::NOT_TAKEN_BACK))
                }
                @if frame.may_write { (deeds(job, &address)) }
            }
        }
    }
}

fn deeds(job: &BulkJob, address: &str) -> Markup {
    html! {
        div.buttons {
            @if matches!(job.state, JobState::Waiting | JobState::Running) {
                form method="post" action=(format!("{address}/stop")) { button { (says::STOP) } }
            }
            @if job.can_be_taken_back().is_ok() {
                form method="post" action=(format!("{address}/undo")) { button { (Icon::Undo.svg()) (says::UNDO_ALL) } }
            }
            @if job.state.is_open() { noscript { a.button href=(address) { (says::REFRESH) } } }
        }
    }
}

fn tally(tally: &Tally, changed: &str, left: &str) -> Markup {
    html! {
        dl.tally {
            div { dt { (changed) } dd { (words::thousands(tally.changed as u64)) } }
            div { dt { (says::UNCHANGED) } dd { (words::thousands(tally.unchanged as u64)) } }
            div { dt { (left) } dd { (words::thousands(tally.failures() as u64)) } }
        }
        @if !tally.failed.is_empty() {
            ul.reasons { @for (why, count) in &tally.failed { li { (words::sentence(why)) span.count { (words::thousands(*count as u64)) } } } }
        }
    }
}

/// The jobs that were.
pub(super) fn jobs(frame: &Frame, jobs: &[BulkJob]) -> Markup {
    frame.page(Part::Customers, says::BULK, &[], html! {
        div.column {
            div.page-head { h1 { (says::BULK) } div.buttons { a.button href="/customers" { (says::BACK_TO_LIST) } } }
            div.card {
                @if jobs.is_empty() {
                    (empty(says::NO_BULK, says::NO_BULK_NEXT, html! { a.button href="/customers" { (says::BACK_TO_LIST) } }))
                } @else {
                    ul.rows {
                        @for job in jobs {
                            li data-row {
                                div {
                                    a href=(format!("/customers/bulk/{}", job.id)) { (says::action(&job.action)) }
                                    div.faint { (words::count(job.total.unwrap_or(0) as u64, "customer", "customers")) " · " (by(&job.by)) ", " (frame.moments.ago(job.created)) }
                                }
                                (state_badge(job.state))
                            }
                        }
                    }
                }
            }
        }
    })
}

fn by(source: &str) -> String {
    source.parse::<Source>().map_or_else(|_| source.to_owned(), |source| words::source(&source))
}

fn state_words(state: JobState) -> &'static str {
    match state {
        JobState::Waiting => says::STATE_WAITING,
        JobState::Running => says::STATE_RUNNING,
        JobState::Done => says::STATE_DONE,
        JobState::Stopped => says::STATE_STOPPED,
        JobState::Undoing => says::STATE_UNDOING,
        JobState::Undone => says::STATE_UNDONE,
        JobState::Failed => says::STATE_FAILED,
    }
}

fn state_badge(state: JobState) -> Markup {
    let tone = match state {
        JobState::Done => Tone::Good,
        JobState::Failed => Tone::Bad,
        JobState::Stopped => Tone::Warn,
        JobState::Undone => Tone::Plain,
        _ => Tone::Info,
    };
    badge(tone, state_words(state))
}
