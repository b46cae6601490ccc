//! The segments at the left of the list, with how many customers each holds.

use maud::{Markup, html};

use super::asked::Asked;
use crate::{
    app::AppState,
    auth::Principal,
    pages::{encoded, icons::Icon, words::customers as says},
    problem::Problem,
    segments::{self, Question, Segment},
};

/// How far the members of a segment are counted.
const COUNTED: usize = 10_000;

/// Up to so many profiles the counts stand on the page at once; above it they come after it.
const COUNTED_AT_ONCE: u64 = 50_000;

/// One line at the left.
pub(super) struct Line {
    id: String,
    name: String,
    group: Group,
    count: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    BuiltIn,
    Own,
    Shared,
}

/// The segments that somebody sees; with `counts` also how many each holds.
pub(super) async fn lines(state: &AppState, by: &Principal, counts: bool) -> Result<Vec<Line>, Problem> {
    let mut lines = vec![(String::new(), says::EVERYBODY.to_owned(), Group::BuiltIn, Question::default())];
    for known in segments::built_in(state, by) {
        lines.push((known.id.into(), built_in_name(known.id).into(), Group::BuiltIn, known.question));
    }
    for (id, segment) in segments::seen_by(state, by).await? {
        let Segment { name, shared, question, .. } = segment;
        lines.push((id, name, if shared { Group::Shared } else { Group::Own }, question));
    }
    let mut counted = Vec::with_capacity(lines.len());
    for (id, name, group, question) in lines {
        let query = question.query(None, 1);
        // A segment over a property that is gone is listed without a number.
        let count = match counts {
            true => state.directory().count(query, COUNTED, state.now()).await.ok(),
            false => None,
        };
        counted.push(Line { id, name, group, count });
    }
    Ok(counted)
}

/// Whether counting takes no time worth mentioning.
pub(super) async fn counts_at_once(state: &AppState) -> Result<bool, Problem> {
    Ok(state.store().figures().await?.profiles <= COUNTED_AT_ONCE)
}

/// What a segment that is always there is called.
pub(super) fn built_in_name(id: &str) -> &'static str {
    match id {
        "mine" => says::MY_CUSTOMERS,
        "recent" => says::SEEN_RECENTLY,
        "customers" => says::ONLY_CUSTOMERS,
        _ => says::ONLY_VISITORS,
    }
}

/// The segments.
pub(super) fn side(asked: &Asked, lines: &[Line], may_write: bool) -> Markup {
    let current = asked.segment.as_deref().unwrap_or("");
    let is_lazy = lines.iter().all(|line| line.count.is_none());
    html! {
        nav.segments #segments aria-label=(says::SEGMENTS) data-lazy=[is_lazy.then(|| asked.address(&[("fragment", "segments")]))] {
            @for (group, heading) in [(Group::BuiltIn, None), (Group::Own, Some(says::YOURS)), (Group::Shared, Some(says::SHARED))] {
                @if lines.iter().any(|line| line.group == group) {
                    @if let Some(heading) = heading { h2 { (heading) } }
                    ul {
                        @for line in lines.iter().filter(|line| line.group == group) {
                            li {
                                a href=(if line.id.is_empty() { "/customers".to_owned() } else { format!("/customers?segment={}", encoded(&line.id)) })
                                    aria-current=[(line.id == current).then_some("page")] {
                                    span.name { (line.name) }
                                    @if let Some(count) = line.count { span.count { (says::counted(count, COUNTED)) } }
                                }
                            }
                        }
                    }
                }
            }
            @if may_write {
                ul.foot { li { a href="/customers/bulk" { (Icon::Clock.svg()) span.name { (says::RECENT_BULK) } } } }
            }
        }
    }
}
