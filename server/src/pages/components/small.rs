//! Chips, notices, the line that says where a value comes from.

use maud::{Markup, html};
use whom_core::{
    model::{ProfileKind, SourceKind},
    view::FieldValue,
};

use super::Moments;
use crate::pages::{icons::Icon, words};

/// Visitor or customer.
pub(crate) fn kind_chip(kind: ProfileKind) -> Markup {
    let class = match kind {
        ProfileKind::Visitor => "chip",
        ProfileKind::Customer => "chip customer",
    };
    html! { span class=(class) { (words::kind(kind)) } }
}

/// Whether news is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// Something was done.
    Done,
    /// Something was not.
    Failed,
}

/// News about what was just done.
pub(crate) fn notice(notice: Notice, news: Markup) -> Markup {
    match notice {
        Notice::Done => html! { div.notice role="status" { (news) } },
        Notice::Failed => html! { div.notice.bad role="alert" { (news) } },
    }
}

/// The drawing for a channel or a kind of identifier.
pub(crate) fn channel_icon(word: &str) -> Icon {
    match word {
        "email" => Icon::Mail,
        "phone" | "voice" | "call" => Icon::Phone,
        "sms" | "whatsapp" | "messenger" | "chat" | "telegram" => Icon::Chat,
        "user_id" => Icon::Badge,
        "anonymous_id" => Icon::Steps,
        _ => Icon::At,
    }
}

/// Who says so, when, and how sure: `Gravatar · 3 Mar 2025 · 80 % sure`.
pub(crate) fn provenance(value: &FieldValue, moments: &Moments) -> Markup {
    let icon = match value.source.kind() {
        SourceKind::Agent => Icon::Person,
        SourceKind::Plugin => Icon::Plug,
        SourceKind::Rule => Icon::Script,
        SourceKind::Message => Icon::Mail,
        SourceKind::Import => Icon::Down,
        SourceKind::Event | SourceKind::Api => Icon::Bolt,
    };
    let sure = value.confidence.as_percent();
    html! {
        (icon.svg())
        span { (words::source(&value.source)) }
        @if value.source.kind() != SourceKind::Rule {
            span aria-hidden="true" { "·" }
            span { (moments.date(value.observed)) }
        }
        @if sure < 100 {
            span aria-hidden="true" { "·" }
            span { (words::sure(sure)) }
        }
    }
}

/// The name of an event's property as a person would write it: `order_id` is `order id`.
pub(crate) fn field_name(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    let mut after_lower = false;
    for c in name.chars() {
        if matches!(c, '_' | '-' | '.') {
            words.push(' ');
            after_lower = false;
        } else {
            if c.is_uppercase() && after_lower {
                words.push(' ');
            }
            after_lower = c.is_lowercase();
            words.extend(c.to_lowercase());
        }
    }
    words
}
