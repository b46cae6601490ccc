//! A field that is read, edited where it stands, and asked why.

use std::borrow::Cow;

use maud::{Markup, html};
use whom_core::{
    model::{Cardinality, Mode, PropertyDefinition, PropertyKey, PropertyType, Value},
    view::{FieldValue, FieldView, ProfileView},
};

use super::InfoPane;
use crate::{
    pages::{
        components::{provenance, shown_value},
        frame::Frame,
        icons::Icon,
        words::{self, profile as say},
    },
    segments::LOOKED_AFTER_BY,
};

/// What was typed and not saved, with the reason.
#[derive(Clone, Debug)]
pub(crate) struct Wrong {
    /// The property.
    pub(crate) property: PropertyKey,
    /// The value that was to be replaced, where a property has many.
    pub(crate) was: String,
    /// What was typed.
    pub(crate) typed: String,
    /// Why it was not saved.
    pub(crate) why: String,
}

/// Names what a property shows: it changes exactly when somebody would be surprised.
pub(crate) fn version_of(view: &ProfileView, property: &str) -> String {
    let values: Vec<String> = view.field(property).map_or_else(Vec::new, |field| {
        field.values.iter().map(|shown| shown.value.to_json().to_string()).collect()
    });
    blake3::hash(values.join("\n").as_bytes()).to_hex()[..16].to_owned()
}

/// A value as it stands in its control.
pub(crate) fn typed(value: &Value) -> String {
    match value {
        Value::List(items) => items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        Value::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Moment(at) => at.to_string().chars().take(10).collect(),
        other => other.to_string(),
    }
}

/// A field with its values.
pub(super) fn row(frame: &Frame, pane: &InfoPane, field: &FieldView) -> Markup {
    let definition = pane.rules.schema().get_or_free(&field.key);
    let edits = pane.may_edit(frame, &definition) && !field.masked && field.mode != Mode::Locked;
    let many = definition.cardinality == Cardinality::Many;
    html! {
        div {
            dt { (field.label) @if field.mode == Mode::Locked { " " span.locked title=(say::LOCKED) { (Icon::Lock.svg()) } } }
            @for (place, shown) in field.values.iter().enumerate() {
                dd {
                    // What has parts is shown and not typed.
                    @if edits && !matches!(shown.value, Value::Record(_)) {
                        (form(pane, &definition, place, Some(shown), many, Spot::Pane))
                    } @else {
                        (plain(frame, field, shown))
                    }
                    @if field.masked { (reveal(frame, pane, field.key.as_str(), &field.label)) }
                    @if field.mode == Mode::Locked && !field.masked && frame.may_write { (hide(pane, field, shown)) }
                    @if place + 1 == field.values.len() {
                        (why(frame, pane, field, shown))
                    } @else {
                        div.said { (provenance(shown, &frame.moments)) }
                    }
                }
            }
            @if many && edits { dd.more-of { (form(pane, &definition, field.values.len(), None, true, Spot::Pane)) } }
            @for offer in &field.offered {
                dd.offered {
                    span.value { (shown_value(&offer.value, field.kind, &frame.moments)) }
                    div.said { (provenance(offer, &frame.moments)) }
                    div.faint { (words::OFFERED) }
                }
            }
            @if let Some(problem) = &field.problem { dd.faint.danger { (problem) } }
        }
    }
}

/// A property without a value, to be filled in.
pub(super) fn empty(pane: &InfoPane, definition: &PropertyDefinition) -> Markup {
    let many = definition.cardinality == Cardinality::Many;
    html! { div { dt { (definition.label) } dd { (form(pane, definition, 0, None, many, Spot::Pane)) } } }
}

fn plain(frame: &Frame, field: &FieldView, shown: &FieldValue) -> Markup {
    let class = if field.kind == PropertyType::LongText { "value long" } else { "value" };
    html! {
        span class=(class) {
            @match shown.value.as_text().filter(|_| field.key.as_str() == LOOKED_AFTER_BY) {
                Some(login) => (words::colleague(login)),
                None => (shown_value(&shown.value, field.kind, &frame.moments)),
            }
        }
    }
}

/// Where a control stands. A value may stand on a page more than once.
#[derive(Clone, Copy, Debug)]
pub(super) enum Spot<'a> {
    /// In the pane.
    Pane,
    /// In the head of the page, as long as it is; with what stands there while it is empty.
    Head(Option<&'a str>),
}

/// The form of one value: works as it is, and `edit.js` saves it by itself.
pub(super) fn form(
    pane: &InfoPane,
    definition: &PropertyDefinition,
    place: usize,
    shown: Option<&FieldValue>,
    many: bool,
    spot: Spot<'_>,
) -> Markup {
    let key = definition.key.as_str();
    let was = shown.map(|shown| typed(&shown.value)).unwrap_or_default();
    let wrong =
        pane.wrong.as_ref().filter(|wrong| wrong.property == definition.key && (!many || wrong.was == was));
    let value = wrong.map_or(was.as_str(), |wrong| wrong.typed.as_str());
    let (prefix, stand_in) = match spot {
        Spot::Pane => ("f", None),
        Spot::Head(stand_in) => ("head", stand_in),
    };
    let id = format!("{prefix}-{key}-{place}");
    let action = pane.deed(&format!("fields/{key}"));
    let hint =
        stand_in.map_or_else(|| format!("{} {} …", say::ADD, definition.label.to_lowercase()), str::to_owned);
    let is_moment = definition.kind == PropertyType::Date;
    let value: String = if is_moment { value.chars().take(10).collect() } else { value.to_owned() };
    let options = options(pane, definition, &value);
    html! {
        form.edit method="post" action=(action) data-edit {
            // A value that stands here twice has one version: whoever saves it in one place goes on in the other.
            input type="hidden" name="version" value=(if many { String::new() } else { version_of(&pane.view, key) }) data-of=[(!many).then_some(&action)];
            @if many { input type="hidden" name="was" value=(was); }
            label.unseen for=(id) { (definition.label) }
            @if !options.is_empty() {
                select.edit-field id=(id) name="value" {
                    option value="" selected[value.is_empty()] { "—" }
                    @for (option, said) in options { option value=(option) selected[option == value] { (said) } }
                }
            } @else if definition.kind == PropertyType::LongText || matches!(spot, Spot::Head(_)) {
                textarea.edit-field id=(id) name="value" rows="1" placeholder=(hint) { (value) }
            } @else {
                input.edit-field id=(id) name="value" value=(value) placeholder=(hint) autocomplete="off"
                    type=(if is_moment { "date" } else { "text" }) inputmode=[mode(definition.kind)]
                    title=[(definition.kind == PropertyType::ManyChoice).then(|| definition.options.join(", "))];
            }
            button.edit-save.small { (words::SAVE) }
            span.edit-said role="status" {}
            @if let Some(wrong) = wrong { div.edit-problem role="alert" { p { (words::sentence(&wrong.why)) } } }
        }
    }
}

/// What may be chosen: what is written, and what it is called.
fn options<'a>(
    pane: &'a InfoPane,
    definition: &'a PropertyDefinition,
    value: &'a str,
) -> Vec<(&'a str, Cow<'a, str>)> {
    let same = |word: &'a str| (word, Cow::Borrowed(word));
    match definition.kind {
        PropertyType::YesNo => vec![same("yes"), same("no")],
        PropertyType::Choice => definition.options.iter().map(|option| same(option)).collect(),
        _ if definition.key.as_str() == LOOKED_AFTER_BY => {
            let team =
                pane.colleagues.iter().map(|(login, name)| (login.as_str(), Cow::Borrowed(name.as_str())));
            let mut team: Vec<_> = team.collect();
            // Somebody who is no longer with the team, or a name that an import brought.
            if !value.is_empty() && !team.iter().any(|(login, _)| *login == value) {
                team.push((value, Cow::Owned(words::colleague(value))));
            }
            team
        }
        _ => Vec::new(),
    }
}

fn mode(kind: PropertyType) -> Option<&'static str> {
    match kind {
        PropertyType::Number | PropertyType::Money | PropertyType::Percent => Some("decimal"),
        PropertyType::Link => Some("url"),
        _ => None,
    }
}

/// A masked value is shown whole to whoever says what for; the audit log keeps it.
pub(super) fn reveal(frame: &Frame, pane: &InfoPane, property: &str, label: &str) -> Markup {
    let id = format!("why-{property}");
    html! {
        @if frame.may_write {
            details.reveal data-id=(format!("reveal-{property}")) {
                summary.faint { (Icon::Eye.svg()) (say::REVEAL) span.unseen { ": " (label) } }
                form.inline-form method="post" action=(pane.deed(&format!("reveal/{property}"))) data-reveal {
                    label.unseen for=(id) { (say::REVEAL_WHY) }
                    input id=(id) name="why" required minlength="4" maxlength="200" placeholder=(say::REVEAL_WHY) autocomplete="off";
                    button.small { (say::REVEAL) }
                }
                p.faint { (say::REVEAL_NOTE) }
            }
        }
    }
}

/// What only its source writes can be hidden.
fn hide(pane: &InfoPane, field: &FieldView, shown: &FieldValue) -> Markup {
    html! {
        form method="post" action=(pane.deed(&format!("properties/{}/hide", field.key))) data-quick {
            input type="hidden" name="value" value=(shown.value.to_json());
            button.quiet.small title=(say::LOCKED) { (say::HIDE) }
        }
    }
}

/// The line that says where a value comes from; unfolded it says why this one and not another.
fn why(frame: &Frame, pane: &InfoPane, field: &FieldView, shown: &FieldValue) -> Markup {
    let lost = field.losing as u64;
    html! {
        details.why {
            summary.said {
                span.unseen { (words::WHY) " " (field.label) ": " }
                (provenance(shown, &frame.moments))
                @if field.pinned.is_some() { span { (say::PINNED) } }
                @if lost > 0 { span aria-hidden="true" { "·" } span { "+" (lost) } }
                span.turn { (Icon::Right.svg()) }
            }
            div.why-body { a data-fragment href=(pane.deed(&format!("why/{}", field.key))) { (words::WHY) } }
        }
    }
}
