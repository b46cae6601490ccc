//! Why a field has its value: who said so, who said something else, and how it was decided.

use maud::{Markup, html};
use whom_core::{
    model::{Assertion, Evidence, PropertyType},
    view::{ClaimView, Explanation, ProfileView},
};

use crate::pages::{
    components::shown_value,
    frame::{Frame, Part},
    words,
};

/// What unfolds below a field.
pub(crate) fn fragment(frame: &Frame, explanation: &Explanation, kind: PropertyType) -> Markup {
    html! {
        @if !explanation.winning.is_empty() {
            h3 { (words::WINS) }
            ul.claims {
                @for claim in &explanation.winning { li.claim { (said(frame, claim, kind, explanation)) } }
            }
        }
        @if !explanation.losing.is_empty() {
            h3 { (words::LOSES) }
            ul.claims {
                @for lost in &explanation.losing {
                    li.claim.lost {
                        (said(frame, &lost.claim, kind, explanation))
                        div { (lost.because) }
                    }
                }
            }
        }
        p.rule { span.unseen { (words::DECIDED) ": " } (words::sentence(&explanation.decided_by)) }
        @if let Some(problem) = &explanation.problem { p.danger { (problem) } }
    }
}

fn said(frame: &Frame, claim: &ClaimView, kind: PropertyType, explanation: &Explanation) -> Markup {
    let moments = &frame.moments;
    let spans = claim.first_observed != claim.last_observed;
    html! {
        span.value {
            @match &claim.assertion {
                Assertion::Is(value) => (shown_value(value, kind, moments)),
                Assertion::IsNot(value) => { (words::HIDDEN_BY) " " (shown_value(value, kind, moments)) },
                Assertion::Empty => (words::EMPTY_BY),
            }
        }
        div.faint {
            (words::source(&claim.source))
            @if !claim.through.is_empty() { span.dot {} (words::THROUGH) " " (plain(&claim.through)) }
            span.dot {} (moments.date(claim.first_observed))
            @if spans { " – " (moments.date(claim.last_observed)) }
            @if claim.confidence.as_percent() < 100 { span.dot {} (claim.confidence.as_percent()) " % sure" }
            @match &claim.evidence {
                Evidence::Entry(entry) => { span.dot {} a href=(format!("/customers/{}/entries/{entry}", explanation.profile)) { (words::EVIDENCE) } },
                Evidence::Note(note) => { span.dot {} (shown_value(&whom_core::model::Value::Text(note.clone()), PropertyType::Text, moments)) },
                Evidence::Word => {},
            }
        }
    }
}

/// The same on a page of its own, for browsers without scripts.
pub(crate) fn page(
    frame: &Frame,
    view: &ProfileView,
    explanation: &Explanation,
    kind: PropertyType,
) -> Markup {
    let title = format!("{}: {}", view.name, explanation.label);
    frame.page(
        Part::Customers,
        &title,
        &[],
        html! {
            div.column {
                p { a href=(format!("/customers/{}", view.id)) { (view.name) } }
                h1 { (explanation.label) }
                div.why-body { (fragment(frame, explanation, kind)) }
            }
        },
    )
}

/// `email:ana@example.org` as people write it.
fn plain(through: &str) -> &str {
    through.split_once(':').map_or(through, |(_, value)| value)
}
