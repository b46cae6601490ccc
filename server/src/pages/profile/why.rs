//! Why a field has its value: who said so, who said something else, and how it was decided.

use maud::{Markup, html};
use whom_core::{
    model::{Assertion, Evidence, PropertyType, SourceKind},
    view::{ClaimView, DecisionView, Explanation, ProfileView},
};

use crate::pages::{
    components::shown_value,
    encoded,
    frame::{Frame, Part},
    words::{self, kept},
};

/// Why a property has its value, and where that was asked.
pub(crate) struct Asked {
    /// Why.
    pub(crate) explanation: Explanation,
    /// What sort of value it holds.
    pub(crate) kind: PropertyType,
    /// The page to which decisions come back.
    pub(crate) back: String,
}

/// What unfolds below a field.
pub(crate) fn fragment(frame: &Frame, asked: &Asked) -> Markup {
    let (explanation, kind) = (&asked.explanation, asked.kind);
    html! {
        @if !explanation.winning.is_empty() {
            h3 { (words::WINS) }
            ul.claims {
                @for claim in &explanation.winning {
                    li.claim { (said(frame, claim, kind, explanation)) (deeds(frame, claim, asked, Stands::Shown)) }
                }
            }
        }
        @if !explanation.losing.is_empty() {
            h3 { (words::LOSES) }
            ul.claims {
                @for lost in &explanation.losing {
                    li.claim.lost {
                        (said(frame, &lost.claim, kind, explanation))
                        div { (lost.because) }
                        (deeds(frame, &lost.claim, asked, Stands::Lost))
                    }
                }
            }
        }
        p.rule { span.unseen { (words::DECIDED) ": " } (words::sentence(&explanation.decided_by)) }
        @if let Some(problem) = &explanation.problem { p.danger { (problem) } }
        (decisions(frame, asked))
    }
}

/// Whether a claim is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stands {
    Shown,
    Lost,
}

/// What can be decided about a claim: pin it, hide it, never from its source.
fn deeds(frame: &Frame, claim: &ClaimView, asked: &Asked, stands: Stands) -> Markup {
    let explanation = &asked.explanation;
    let (Some(id), Assertion::Is(value)) = (claim.id, &claim.assertion) else { return Markup::default() };
    let is_decided = |deed: &str| {
        explanation.decisions.iter().any(|one| {
            one.deed == deed
                && (one.value.as_ref() == Some(value) || one.source.as_ref() == Some(&claim.source))
        })
    };
    let is_pinned = explanation.decisions.iter().any(|one| one.deed == "pin" && one.counts);
    if !frame.may_write || is_decided("hide") || is_decided("never") {
        return Markup::default();
    }
    let form = |deed: &str, label: &str| deed_form(asked, &format!("{deed}/{id}"), label);
    // Addresses and numbers are contacts: an offered one is taken or hidden, and there is nothing to choose.
    let is_offer = claim.source.kind() == SourceKind::Plugin
        && matches!(explanation.property.as_str(), "email" | "phone");
    html! {
        div.buttons.why-deeds {
            @if is_offer {
                form method="post" action=(path(asked, "take")) data-quick {
                    button.small name="value" value=(value) { (kept::TAKE_THIS) }
                }
            } @else if stands == Stands::Lost {
                (form("pin", kept::PREFER_THIS))
            } @else if !is_pinned {
                (form("pin", kept::PIN_THIS))
            }
            (form("hide", kept::HIDE_THIS))
            @if claim.source.kind() != SourceKind::Agent { (form("never", &kept::never_from(&words::source(&claim.source)))) }
        }
    }
}

fn path(asked: &Asked, deed: &str) -> String {
    let (explanation, back) = (&asked.explanation, encoded(&asked.back));
    format!("/customers/{}/properties/{}/{deed}?back={back}", explanation.profile, explanation.property)
}

fn deed_form(asked: &Asked, deed: &str, label: &str) -> Markup {
    html! { form method="post" action=(path(asked, deed)) data-quick { button.small { (label) } } }
}

/// What people decided about the property, with the way back.
fn decisions(frame: &Frame, asked: &Asked) -> Markup {
    let (explanation, kind) = (&asked.explanation, asked.kind);
    if explanation.decisions.is_empty() {
        return Markup::default();
    }
    let all = explanation.winning.iter().chain(explanation.losing.iter().map(|lost| &lost.claim));
    let all: Vec<&ClaimView> = all.collect();
    let row = |one: &DecisionView| {
        let about = all.iter().find(|claim| {
            claim.id.is_some()
                && (one.source.as_ref() == Some(&claim.source)
                    || one.value.as_ref() == claim.assertion.value())
        });
        let back = match (one.deed, about.and_then(|claim| claim.id)) {
            ("pin", _) if one.counts => Some(("unpin".to_owned(), kept::UNPIN)),
            ("hide", Some(id)) => Some((format!("show/{id}"), kept::SHOW_AGAIN)),
            ("never", Some(id)) => Some((format!("again/{id}"), kept::AGAIN_FROM)),
            _ => None,
        };
        html! {
            li.claim.lost[!one.counts] {
                span.value {
                    @match (one.deed, &one.value, &one.source) {
                        ("pin", Some(value), _) => { (kept::PINNED) " " (shown_value(value, kind, &frame.moments)) },
                        (_, Some(value), _) => { (kept::HIDE_THIS) " " (shown_value(value, kind, &frame.moments)) },
                        (_, _, Some(source)) => (kept::never_from(&words::source(source))),
                        _ => {},
                    }
                }
                div.faint {
                    (words::source(&one.by)) span.dot {} (frame.moments.date(one.at))
                    @if !one.counts { span.dot {} (kept::COUNTS_NOT) }
                }
                @if let Some((deed, label)) = back.filter(|_| frame.may_write) { div.buttons { (deed_form(asked, &deed, label)) } }
            }
        }
    };
    html! {
        h3 { (kept::DECISIONS) }
        ul.claims { @for one in &explanation.decisions { (row(one)) } }
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
            @if claim.confidence.as_percent() < 100 { span.dot {} (words::sure(claim.confidence.as_percent())) }
            @match &claim.evidence {
                Evidence::Entry(entry) => { span.dot {} a href=(format!("/customers/{}/entries/{entry}", explanation.profile)) { (words::EVIDENCE) } },
                Evidence::Note(note) => { span.dot {} (shown_value(&whom_core::model::Value::Text(note.clone()), PropertyType::Text, moments)) },
                Evidence::Word => {},
            }
        }
    }
}

/// The same on a page of its own, for browsers without scripts.
pub(crate) fn page(frame: &Frame, view: &ProfileView, asked: &Asked) -> Markup {
    let explanation = &asked.explanation;
    let title = format!("{}: {}", view.name, explanation.label);
    frame.page(
        Part::Customers,
        &title,
        &[],
        html! {
            div.column {
                p { a href=(format!("/customers/{}", view.id)) { (view.name) } }
                h1 { (explanation.label) }
                h2.unseen { (words::WHY) }
                div.why-body { (fragment(frame, asked)) }
            }
        },
    )
}

/// `email:ana@example.org` as people write it.
fn plain(through: &str) -> &str {
    through.split_once(':').map_or(through, |(_, value)| value)
}
