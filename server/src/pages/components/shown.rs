//! Values as people read them.

use maud::{Markup, html};
use whom_core::model::{PropertyType, Timestamp, Value};

use super::{Moments, day_of};
use crate::pages::words;

/// A value as its type wants to be read.
pub(crate) fn shown_value(value: &Value, kind: PropertyType, moments: &Moments) -> Markup {
    match (kind, value) {
        (PropertyType::Link | PropertyType::Picture, Value::Text(address)) => link(address),
        (PropertyType::Date, Value::Text(text)) => match day_of(text) {
            Some(day) => html! { time datetime=(day) { (moments.whole_date(day)) } },
            None => html! { (text) },
        },
        (PropertyType::Percent, Value::Number(_)) => html! { (words::number(&value.to_string())) " %" },
        (_, Value::Number(_)) => html! { (words::number(&value.to_string())) },
        (_, Value::Moment(at)) => moments.date(*at),
        (_, Value::List(items)) => html! {
            @for (place, item) in items.iter().enumerate() {
                @if place > 0 { ", " }
                (shown_value(item, kind, moments))
            }
        },
        (_, Value::Text(text)) if is_web_address(text) => link(text),
        (_, Value::Text(text)) if is_moment(text) => match Timestamp::parse(text) {
            Ok(at) => moments.date(at),
            Err(_) => html! { (text) },
        },
        _ => html! { (value) },
    }
}

/// A link to somewhere else; what is no web address stays text.
fn link(address: &str) -> Markup {
    if !is_web_address(address) {
        return html! { (address) };
    }
    let short = address.split_once("://").map_or(address, |(_, rest)| rest);
    let short = short.strip_prefix("www.").unwrap_or(short).trim_end_matches('/');
    html! { a href=(address) rel="noopener noreferrer nofollow" { (short) } }
}

/// Whether it is a moment as programs write it: `2026-01-31T09:30:00Z`.
fn is_moment(text: &str) -> bool {
    text.ends_with('Z') && text.get(10..11) == Some("T") && text.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether it begins with `http://` or `https://` and may stand behind `href`.
pub(crate) fn is_web_address(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let is_web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    is_web && !rest.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_become_links() {
        assert!(is_web_address("https://example.org/a?b=c"));
        for other in
            ["javascript://example.org/%0aalert(1)", "javascript:alert(1)", "https://", "http://a b", "x"]
        {
            assert!(!is_web_address(other), "{other}");
            assert!(!link(other).into_string().contains("href"), "{other}");
        }
    }
}
