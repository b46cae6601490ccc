//! The cells of the list: one value of a profile, as its column shows it.

use maud::{Markup, html};
use serde_json::Value as Json;
use whom_core::{
    model::Timestamp,
    search::{
        Hit,
        filter::{Field, FieldSort},
    },
};

use crate::{
    pages::{
        components::{kind_chip, tag},
        frame::Frame,
        words::{self, customers as says},
    },
    segments::LOOKED_AFTER_BY,
};

/// How many values of one property a cell shows.
const SHOWN: usize = 3;

/// The class of a column, which says how it stands.
pub(super) fn class(field: &Field) -> &'static str {
    match (field.key.as_str(), field.sort) {
        ("kind", _) => "kind",
        ("last_seen", _) => "seen",
        (_, FieldSort::Number) => "number",
        _ => "other",
    }
}

/// What a column shows of a profile.
pub(super) fn cell(frame: &Frame, hit: &Hit, field: &Field) -> Markup {
    match field.key.as_str() {
        "kind" => kind_chip(hit.kind),
        "last_seen" => frame.moments.ago(hit.last_seen),
        "created" => frame.moments.date(hit.created),
        "messages" => html! { (words::thousands(hit.messages)) },
        "events" => html! { (words::thousands(hit.events)) },
        "company" => html! { (hit.company.as_deref().unwrap_or_default()) },
        "tags" => {
            html! { div.tags { @for name in texts(hit, "tags").iter().take(SHOWN) { (tag(name, None, None)) } (more(hit, "tags")) } }
        }
        LOOKED_AFTER_BY => {
            html! { @for login in texts(hit, LOOKED_AFTER_BY).iter().take(1) { (words::colleague(login)) } }
        }
        key => {
            let values = hit.properties.get(key).map_or(&[][..], Vec::as_slice);
            html! {
                @for (place, value) in values.iter().take(SHOWN).enumerate() {
                    @if place > 0 { ", " }
                    (value_of(frame, value, field.sort))
                }
                (more(hit, key))
            }
        }
    }
}

fn texts(hit: &Hit, key: &str) -> Vec<String> {
    let values = hit.properties.get(key).map_or(&[][..], Vec::as_slice);
    values.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect()
}

fn more(hit: &Hit, key: &str) -> Markup {
    let count = hit.properties.get(key).map_or(0, Vec::len);
    html! { @if count > SHOWN { span.faint { " +" (count - SHOWN) } } }
}

fn value_of(frame: &Frame, value: &Json, sort: FieldSort) -> Markup {
    match (value, sort) {
        (Json::Bool(true), _) => html! { (says::YES) },
        (Json::Bool(false), _) => html! { (says::NO) },
        (Json::Number(number), _) => html! { (words::number(&number.to_string())) },
        (Json::String(text), FieldSort::Date) => match Timestamp::parse(text) {
            Ok(at) => frame.moments.date(at),
            Err(_) => html! { (text) },
        },
        (Json::String(text), _) => html! { (text) },
        (other, _) => html! { (other) },
    }
}
