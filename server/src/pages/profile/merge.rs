//! Two profiles side by side, before somebody takes them for one person.

use maud::{Markup, html};
use whom_core::{
    model::PropertyType,
    view::{FieldView, ProfileView},
};

use super::{head, info_pane};
use crate::pages::{
    components::{Notice, Size, avatar, kind_chip, notice, shown_value},
    frame::{Frame, Part},
    icons::Icon,
    words,
};

/// The page: `into` stays, `from` goes into it.
pub(crate) fn page(frame: &Frame, into: &ProfileView, from: &ProfileView) -> Markup {
    frame.page(Part::Customers, words::MERGE_TITLE, &[], html! {
        div.column {
            h1 { (words::MERGE_TITLE) }
            div.pair { (side(frame, into, words::STAYS)) (side(frame, from, words::GOES_IN)) }
            div.card {
                table.compare {
                    thead { tr { th { span.unseen { (words::FIELD) } } th scope="col" { (into.name) } th scope="col" { (from.name) } } }
                    tbody {
                        tr {
                            th scope="row" { (words::HOW_TO_REACH) }
                            td { (reach(into)) }
                            td { (reach(from)) }
                        }
                        @for key in keys(into, from) { (compared(frame, into.field(key), from.field(key))) }
                    }
                }
                form.merge-form method="post" action=(format!("/customers/{}/merge", into.id)) {
                    input type="hidden" name="from" value=(from.id);
                    label { (words::MERGE_WHY) input name="why" maxlength="500" autocomplete="off"; }
                    button.primary { (Icon::Together.svg()) (words::MERGE_NOW) }
                    a.button href=(format!("/customers/{}/merge?with={}", from.id, into.id)) { (words::SWAP) }
                    a.button.quiet href=(format!("/customers/{}", into.id)) { (words::CANCEL) }
                }
            }
            br;
            p.soft { (words::MERGE_NOTE) }
        }
    })
}

/// The page when the other one was not found or cannot be taken.
pub(crate) fn not_possible(frame: &Frame, into: &ProfileView, with: &str, why: &str) -> Markup {
    frame.page(Part::Customers, words::MERGE_TITLE, &[], html! {
        div.column {
            h1 { (words::MERGE_WITH) }
            br;
            (notice(Notice::Failed, html! { (words::sentence(why)) }))
            form.inline-form action=(format!("/customers/{}/merge", into.id)) {
                label.unseen for="with" { (words::MERGE_WITH) }
                input #with name="with" value=(with) placeholder=(words::MERGE_WITH_HINT) required autofocus;
                button { (words::COMPARE) }
                a.button.quiet href=(format!("/customers/{}", into.id)) { (words::CANCEL) }
            }
        }
    })
}

fn side(frame: &Frame, view: &ProfileView, fate: &str) -> Markup {
    html! {
        div.card {
            (avatar(view.id, &view.name, view.kind, head::photo(view), Size::Medium))
            div {
                p { a href=(format!("/customers/{}", view.id)) { strong { (view.name) } } " " (kind_chip(view.kind)) }
                div.faint {
                    strong { (fate) }
                    span.dot {} (words::count(view.messages, "message", "messages"))
                    span.dot {} (words::count(view.events, "event", "events"))
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

/// The properties that either of them has, in the order of the schema.
fn keys<'a>(into: &'a ProfileView, from: &'a ProfileView) -> Vec<&'a str> {
    let mut keys: Vec<&str> = Vec::new();
    for field in into.fields.iter().chain(&from.fields).filter(|field| info_pane::stands_among_fields(field))
    {
        if !keys.contains(&field.key.as_str()) {
            keys.push(field.key.as_str());
        }
    }
    keys
}

fn compared(frame: &Frame, into: Option<&FieldView>, from: Option<&FieldView>) -> Markup {
    let values = |field: Option<&FieldView>| {
        let all = field.map(|field| field.values.as_slice()).unwrap_or_default();
        let kind = field.map_or(PropertyType::Text, |field| field.kind);
        html! {
            @if all.is_empty() { span.faint { (words::NOTHING_KNOWN) } }
            @for shown in all { div { (shown_value(&shown.value, kind, &frame.moments)) } }
        }
    };
    let said = |field: Option<&FieldView>| -> Vec<String> {
        field.into_iter().flat_map(|field| &field.values).map(|shown| shown.value.to_string()).collect()
    };
    let differ = into.is_some() && from.is_some() && said(into) != said(from);
    let label = into.or(from).map(|field| field.label.as_str()).unwrap_or_default();
    html! {
        tr.differs[differ] { th scope="row" { (label) } td { (values(into)) } td { (values(from)) } }
    }
}
