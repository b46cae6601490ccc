//! Two profiles side by side, with what would come of them, before somebody takes them for one person.

use std::collections::BTreeMap;

use maud::{Markup, html};
use whom_core::{
    engine::{Choice, MergePreview, PreviewChoice, PreviewField},
    model::{PropertyKey, PropertyType},
    rules::Verdict,
    view::{FieldValue, ProfileView},
};

use super::page::who_and_when;
use crate::pages::{
    components::{Notice, Size, Tone, avatar, badge, kind_chip, notice, shown_value},
    encoded,
    frame::{Frame, Part},
    icons::Icon,
    words::{self as all_words, kept as words},
};

/// What the page shows.
pub(crate) struct Compared {
    /// What would come of it without any choice: what there is to choose from.
    pub(crate) plain: MergePreview,
    /// What would come of it with what was chosen.
    pub(crate) result: Option<MergePreview>,
    /// What was chosen.
    pub(crate) chosen: BTreeMap<PropertyKey, Choice>,
    /// The page to come back to.
    pub(crate) back: Option<String>,
}

/// The page: `into` stays, `from` goes into it.
pub(crate) fn page(frame: &Frame, compared: &Compared) -> Markup {
    let preview = &compared.plain;
    let (into, from) = (&preview.into, &preview.from);
    let back = compared.back.as_deref();
    let cancel = back.map_or_else(|| format!("/customers/{}", into.id), str::to_owned);
    let and_back = back.map(|back| format!("&back={}", encoded(back))).unwrap_or_default();
    let action = format!("/customers/{}/merge", into.id);
    let post = back.map_or_else(|| action.clone(), |back| format!("{action}?back={}", encoded(back)));
    frame.page(Part::Duplicates, all_words::MERGE_TITLE, &["compare.js"], html! {
        div.column.wide.kept {
            div.page-head { h1 { (all_words::MERGE_TITLE) } }
            @if preview.told_apart {
                (notice(Notice::Failed, html! {
                    (words::SAID_APART_BEFORE)
                    @if let Some(said) = &preview.told_apart_by { " (" (who_and_when(frame, said)) ")" }
                }))
            }
            p.verdict { (verdict(preview)) }
            form method="post" action=(post) data-compare=(action) {
                input type="hidden" name="from" value=(from.id);
                input type="hidden" name="with" value=(from.id);
                @if let Some(back) = back { input type="hidden" name="back" value=(back); }
                div.card {
                    table.table.compare #compared {
                        thead {
                            tr {
                                th scope="col" { span.unseen { (all_words::FIELD) } }
                                th scope="col" { (head(frame, into, all_words::STAYS)) }
                                th scope="col" { (head(frame, from, all_words::GOES_IN)) }
                                th.result scope="col" { (words::MERGED_RESULT) }
                            }
                        }
                        (part(frame, compared, words::THEY_DIFFER, |field| field.differs))
                        tbody {
                            tr.part { th colspan="4" scope="rowgroup" { (words::THEY_AGREE) } }
                            tr {
                                th scope="row" { (all_words::HOW_TO_REACH) }
                                td { (reach(into)) } td { (reach(from)) } td.result { (reach(&preview.merged)) }
                            }
                            @for field in fields(compared, |field| !field.differs) { (row(frame, compared, field)) }
                        }
                    }
                }
                @if frame.may_write {
                    div.field.merge-why {
                        label for="merge-why" { (all_words::MERGE_WHY) }
                        input #merge-why name="why" maxlength="500" autocomplete="off";
                    }
                    p.soft { (all_words::MERGE_NOTE) }
                    div.compare-bar {
                        button.primary data-key="m" data-key-says=(all_words::MERGE_NOW) { (Icon::Together.svg()) (all_words::MERGE_NOW) }
                        @if !preview.told_apart {
                            button form="not-same" data-key="d" data-key-says=(words::NOT_THE_SAME) { (words::NOT_THE_SAME) }
                        }
                        a.button.quiet href=(format!("/customers/{}/merge?with={}{and_back}", from.id, into.id)) { (all_words::SWAP) }
                        button.quiet.without-scripts formmethod="get" formaction=(action) { (words::MERGED_RESULT) }
                        a.button.quiet href=(cancel) { (all_words::CANCEL) }
                    }
                }
            }
            @if frame.may_write && !preview.told_apart {
                form #not-same method="post" action=(format!("/customers/{}/not-the-same/{}?back={}", into.id, from.id, encoded(back.unwrap_or("/duplicates")))) {}
            }
        }
    })
}

/// The page when the other one was not found or cannot be taken.
pub(crate) fn not_possible(frame: &Frame, into: &ProfileView, with: &str, why: &str) -> Markup {
    frame.page(Part::Customers, all_words::MERGE_TITLE, &[], html! {
        div.column {
            h1 { (all_words::MERGE_WITH) }
            br;
            (notice(Notice::Failed, html! { (all_words::sentence(why)) }))
            form.inline-form action=(format!("/customers/{}/merge", into.id)) {
                label.unseen for="with" { (all_words::MERGE_WITH) }
                input #with name="with" value=(with) placeholder=(all_words::MERGE_WITH_HINT) required autofocus;
                button { (all_words::COMPARE) }
                a.button.quiet href=(format!("/customers/{}", into.id)) { (all_words::CANCEL) }
            }
        }
    })
}

fn verdict(preview: &MergePreview) -> Markup {
    html! {
        @match &preview.verdict {
            Some(Verdict::Yes { why }) => { (badge(Tone::Good, words::SAME_LIKELY)) " " (all_words::sentence(why)) },
            Some(Verdict::Perhaps { why }) => { (badge(Tone::Warn, words::SAME_PERHAPS)) " " (all_words::sentence(why)) },
            Some(Verdict::No { why }) => { span.soft { (words::RULES_SAY) ": " (why) } },
            None => {},
        }
    }
}

fn head(frame: &Frame, view: &ProfileView, fate: &str) -> Markup {
    html! {
        div.pair-side {
            (avatar(&view.into(), Size::Medium))
            div {
                a href=(format!("/customers/{}", view.id)) { (view.name) } " " (kind_chip(view.kind))
                div.faint {
                    strong { (fate) } span.dot {} (all_words::count(view.messages, "message", "messages"))
                    span.dot {} (frame.moments.ago(view.last_seen))
                }
            }
        }
    }
}

fn reach(view: &ProfileView) -> Markup {
    html! {
        ul { @for contact in view.contacts.iter().filter(|contact| contact.kind.is_some()) { li { (contact.raw) } } }
    }
}

/// Addresses stand in a row of their own, and a picture is no text.
fn stands_here(field: &PreviewField) -> bool {
    let is_elsewhere =
        matches!(field.kind, PropertyType::Email | PropertyType::Phone | PropertyType::Picture);
    let is_known = [&field.into, &field.from, &field.merged].into_iter().any(|side| !side.is_empty());
    is_known && !is_elsewhere
}

fn fields<'a>(
    compared: &'a Compared,
    which: impl Fn(&PreviewField) -> bool + 'a,
) -> impl Iterator<Item = &'a PreviewField> {
    compared.plain.fields.iter().filter(|field| stands_here(field)).filter(move |field| which(field))
}

/// Some of the fields under a heading; nothing where there are none.
fn part(frame: &Frame, compared: &Compared, heading: &str, which: fn(&PreviewField) -> bool) -> Markup {
    html! {
        @if fields(compared, which).next().is_some() {
            tbody {
                tr.part { th colspan="4" scope="rowgroup" { (heading) } }
                @for field in fields(compared, which) { (row(frame, compared, field)) }
            }
        }
    }
}

fn row(frame: &Frame, compared: &Compared, field: &PreviewField) -> Markup {
    let values = |values: &[FieldValue]| {
        html! {
            @if values.is_empty() { span.faint { (words::EMPTY_FIELD) } }
            @for shown in values { div { (shown_value(&shown.value, field.kind, &frame.moments)) } }
        }
    };
    let result =
        compared.result.as_ref().and_then(|result| result.fields.iter().find(|one| one.key == field.key));
    let merged = result.map_or(&field.merged, |result| &result.merged);
    html! {
        tr.differs[field.differs].chosen[!field.choices.is_empty()] data-id=(field.key) {
            th scope="row" { (field.label) }
            td data-side=(all_words::STAYS) { (values(&field.into)) }
            td data-side=(all_words::GOES_IN) { (values(&field.from)) }
            td.result {
                @if field.choices.is_empty() {
                    (values(merged))
                } @else {
                    fieldset {
                        legend.unseen { (field.label) }
                        @for choice in &field.choices { (one(frame, compared, field, choice)) }
                    }
                }
                // Where both say the same there is nothing to wonder about.
                @if field.differs { div.faint { (all_words::sentence(result.map_or(&field.decided_by, |result| &result.decided_by))) } }
            }
        }
    }
}

fn one(frame: &Frame, compared: &Compared, field: &PreviewField, choice: &PreviewChoice) -> Markup {
    let chosen = compared.chosen.get(&field.key);
    let is_chosen = match chosen {
        None => choice.wins,
        Some(chosen) => *chosen == Choice::Claim(choice.claim),
    };
    // What the rules choose by themselves takes no pin.
    let value = if choice.wins { String::new() } else { choice.claim.to_string() };
    html! {
        label.choice {
            input type="radio" name=(format!("c.{}", field.key)) value=(value) checked[is_chosen] disabled[!frame.may_write];
            span {
                (shown_value(&choice.value, field.kind, &frame.moments))
                span.help {
                    span.of-side { (if choice.is_from { all_words::GOES_IN } else { all_words::STAYS }) span.dot {} }
                    (all_words::source(&choice.source)) span.dot {} (frame.moments.date(choice.observed))
                }
            }
        }
    }
}
