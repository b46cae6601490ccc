//! The filter bar: a chip for each condition, and the form that adds one. Plain GET forms; scripts only spare a step.

use maud::{Markup, html};
use whom_core::search::{
    Filter, Vocabulary,
    filter::{Field, FieldSort, How, Op, Part, Test},
};

use super::asked::Asked;
use crate::pages::{icons::Icon, words, words::customers as says};

/// The chips and the forms.
pub(super) fn bar(asked: &Asked, vocabulary: &Vocabulary) -> Markup {
    let filter = &asked.question.filter;
    html! {
        div.filters #filters role="group" aria-label=(says::FILTERS) {
            @for (place, part) in filter.tests.iter().enumerate() {
                @if place > 0 { span.joint { (joint(filter.how)) } }
                (chip(asked, vocabulary, place, part))
            }
            @if filter.tests.len() > 1 { (how(asked)) }
            details.menu.add-filter data-menu open[asked.adds.is_some()] data-key="f" data-key-says=(says::ADD_FILTER) {
                summary.button.quiet.small { (Icon::Plus.svg()) (says::ADD_FILTER) }
                div.menu-list.filter-box { (adding(asked, vocabulary)) }
            }
            details.menu.write-filter data-menu open[asked.wrong.is_some()] {
                summary.button.quiet.small { (Icon::Pencil.svg()) (says::AS_TEXT) }
                div.menu-list.filter-box { (written(asked)) }
            }
            @if !filter.is_empty() {
                a.button.quiet.small href=(asked.with_filter(&Filter::default())) { (says::CLEAR_FILTERS) }
            }
        }
    }
}

fn joint(how: How) -> &'static str {
    match how {
        How::All => "and",
        How::Any => "or",
    }
}

fn how(asked: &Asked) -> Markup {
    let filter = &asked.question.filter;
    let with = |how| asked.with_filter(&Filter { how, ..filter.clone() });
    html! {
        div.segmented {
            a href=(with(How::All)) aria-current=[(filter.how == How::All).then_some("true")] { (says::MATCH_ALL) }
            a href=(with(How::Any)) aria-current=[(filter.how == How::Any).then_some("true")] { (says::MATCH_ANY) }
        }
    }
}

fn chip(asked: &Asked, vocabulary: &Vocabulary, place: usize, part: &Part) -> Markup {
    let mut rest = asked.question.filter.clone();
    rest.tests.remove(place);
    let (shown, edit) = match part {
        Part::Test(test) => {
            let at = place.to_string();
            (test_words(test, vocabulary), Some(asked.address(&[("add", &test.property), ("at", &at)])))
        }
        Part::Group(group) => {
            let tests = group.tests.iter().enumerate();
            let shown = html! {
                "("
                @for (place, test) in tests {
                    @if place > 0 { " " span.joint { (joint(group.how)) } " " }
                    (test_words(test, vocabulary))
                }
                ")"
            };
            (shown, None)
        }
    };
    html! {
        span.filter-chip {
            @if let Some(edit) = edit { a.said href=(edit) { (shown) } } @else { span.said { (shown) } }
            a.remove href=(asked.with_filter(&rest)) aria-label=(words::remove(&part_label(part, vocabulary))) { (Icon::Cross.svg()) }
        }
    }
}

fn part_label(part: &Part, vocabulary: &Vocabulary) -> String {
    match part {
        Part::Test(test) => label(&test.property, vocabulary),
        Part::Group(group) => {
            group.tests.iter().map(|test| label(&test.property, vocabulary)).collect::<Vec<_>>().join(", ")
        }
    }
}

fn label(key: &str, vocabulary: &Vocabulary) -> String {
    vocabulary.field(key).map_or_else(|| key.to_owned(), |field| field.label.clone())
}

/// A condition in words: `Tier is pro or enterprise`.
pub(super) fn test_words(test: &Test, vocabulary: &Vocabulary) -> Markup {
    let sort = vocabulary.field(&test.property).map_or(FieldSort::Text, |field| field.sort);
    let value = |at: usize| test.values.get(at).map_or("", String::as_str);
    html! {
        span.of { (label(&test.property, vocabulary)) } " "
        @match test.op {
            Op::Known | Op::Empty => (says::op(test.op, sort)),
            Op::Older => { (says::MORE_THAN) " " b { (says::span(value(0))) } " " (says::AGO) },
            Op::Within => { (says::op(test.op, sort)) " " b { (says::span(value(0))) } },
            Op::Between => { (says::op(test.op, sort)) " " b { (value(0)) } " " (says::AND_UP_TO) " " b { (value(1)) } },
            _ => {
                (says::op(test.op, sort)) " "
                @for (place, value) in test.values.iter().enumerate() {
                    @if place > 0 { " " (says::OR) " " }
                    b { (value) }
                }
            },
        }
    }
}

/// The form that adds a condition: first its property, then the rest.
pub(super) fn adding(asked: &Asked, vocabulary: &Vocabulary) -> Markup {
    let chosen = asked.adds.as_ref().and_then(|(key, at)| Some((vocabulary.field(key)?, *at)));
    let (own, of_all): (Vec<&Field>, Vec<&Field>) =
        vocabulary.fields().iter().partition(|field| !field.is_built_in);
    let key = chosen.map_or("", |(field, _)| field.key.as_str());
    html! {
        form.filter-step action="/customers" data-filter-property {
            (asked.hidden(&[]))
            @if let Some((_, Some(at))) = chosen { input type="hidden" name="at" value=(at); }
            label for="filter-property" { (says::PROPERTY) }
            select #filter-property name="add" {
                @for (heading, fields) in [(says::EVERY_PROFILE, &of_all), (says::PROPERTIES, &own)] {
                    optgroup label=(heading) {
                        @for field in fields { option value=(field.key) selected[field.key == key] { (field.label) } }
                    }
                }
            }
            button.small { (says::NEXT) }
        }
        @if let Some((field, at)) = chosen { (step(asked, field, at)) }
    }
}

/// The second step: how the property is compared, and with what.
pub(super) fn step(asked: &Asked, field: &Field, at: Option<usize>) -> Markup {
    let part = at.and_then(|at| asked.question.filter.tests.get(at));
    let before = match part {
        Some(Part::Test(test)) if test.property == field.key => Some(test),
        _ => None,
    };
    let op = before.map_or(field.sort.ops()[0], |test| test.op);
    let value = |place: usize| before.and_then(|test| test.values.get(place)).map_or("", String::as_str);
    let days = match (op, value(0).trim_end_matches('d')) {
        (Op::Within | Op::Older, days) if !days.is_empty() => days,
        _ => "30",
    };
    html! {
        form.filter-step.value-step action="/customers/filter" data-filter-step {
            (asked.hidden(&[]))
            input type="hidden" name="property" value=(field.key);
            @if let Some(at) = at { input type="hidden" name="at" value=(at); }
            label for="filter-op" { (field.label) }
            select #filter-op name="op" {
                @for known in field.sort.ops() {
                    option value=(known.word()) selected[*known == op] { (says::op(*known, field.sort)) }
                }
            }
            @match field.sort {
                FieldSort::Choice => (options(field, before)),
                FieldSort::YesNo => {
                    span.of-value {
                        select name="value" aria-label=(says::VALUE) {
                            @for (word, shown) in [("yes", says::YES), ("no", says::NO)] {
                                option value=(word) selected[value(0) == word] { (shown) }
                            }
                        }
                    }
                },
                FieldSort::Date => {
                    span.of-days {
                        input type="text" inputmode="numeric" name="days" value=(days) aria-label=(says::DAYS) size="4";
                        (says::DAYS)
                    }
                    span.of-value {
                        input type="date" name="value" value=(if op == Op::Within || op == Op::Older { "" } else { value(0) }) aria-label=(says::VALUE);
                        span.of-to { (says::AND_UP_TO) input type="date" name="to" value=(value(1)) aria-label=(says::AND_UP_TO); }
                    }
                },
                FieldSort::Number => {
                    span.of-value {
                        input type="text" inputmode="decimal" name="value" value=(value(0)) aria-label=(says::VALUE);
                        span.of-to { (says::AND_UP_TO) input type="text" inputmode="decimal" name="to" value=(value(1)) aria-label=(says::AND_UP_TO); }
                    }
                },
                FieldSort::Text | FieldSort::Phone => {
                    span.of-value { input type="text" name="value" value=(value(0)) aria-label=(says::VALUE) autocomplete="off"; }
                },
            }
            button.primary.small { (says::APPLY) }
        }
    }
}

fn options(field: &Field, before: Option<&Test>) -> Markup {
    let is_chosen = |option: &str| before.is_some_and(|test| test.values.iter().any(|value| value == option));
    html! {
        fieldset.of-value.options {
            legend.unseen { (field.label) }
            @for option in &field.options {
                label.choice {
                    input type="checkbox" name="value" value=(option) checked[is_chosen(option)];
                    span { (if field.key == "channel" { words::channel(option) } else { option.clone() }) }
                }
            }
        }
    }
}

fn written(asked: &Asked) -> Markup {
    let (text, wrong) = match &asked.wrong {
        Some((text, why)) => (text.clone(), Some(why)),
        None => (asked.question.filter.to_string(), None),
    };
    html! {
        form.filter-step action="/customers" {
            (asked.hidden(&["f"]))
            label for="filter-text" { (says::FILTERS) }
            input #filter-text type="text" name="f" value=(text) placeholder=(says::AS_TEXT_HINT) spellcheck="false" autocomplete="off"
                aria-invalid=[wrong.map(|_| "true")] aria-describedby=[wrong.map(|_| "filter-wrong")];
            @if let Some(why) = wrong { p.wrong #filter-wrong { (words::sentence(why)) } }
            button.primary.small { (says::APPLY) }
        }
    }
}
