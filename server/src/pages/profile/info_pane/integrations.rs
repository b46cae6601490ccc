//! Cards that plugins make, fetched after the page is there, and when providers looked last.

use maud::{Markup, html};
use whom_core::model::{Source, SourceKind};
use whom_plugin_host::hooks::Card;

use super::InfoPane;
use crate::{
    enrich::CardSource,
    pages::{
        components::is_web_address,
        frame::Frame,
        icons::Icon,
        words::{self, profile as say},
    },
};

/// A place for each card; it is fetched by itself, and is a link where no script runs.
pub(super) fn cards(pane: &InfoPane) -> Markup {
    html! {
        @for source in &pane.integrations {
            @let address = format!("/customers/{}/cards/{}", pane.view.id, source.id);
            div.block.integration id=(format!("card-{}", source.id)) data-live-stays data-loads=(address) aria-busy="false" {
                h2 { (source.name) }
                p { a href=(address) { (say::SHOW_CARD) } }
            }
        }
    }
}

/// A card as its plugin made it; whatever it says is text, and only web addresses are links.
pub(crate) fn card(source: &CardSource, card: Option<&Card>) -> Markup {
    let Some(card) = card else {
        return html! { h2 { (source.name) } p.faint { (say::NOTHING_THERE) } };
    };
    let title = if card.title.trim().is_empty() { &source.name } else { &card.title };
    html! {
        h2 { (title) }
        dl.pairs {
            @for row in &card.rows {
                dt { (row.label) }
                dd { @if is_web_address(&row.value) { (outside(&row.value, &row.value)) } @else { (row.value) } }
            }
        }
        @if let Some(link) = card.link.as_deref().filter(|link| is_web_address(link)) {
            p { (outside(link, &say::open_in(&source.name))) }
        }
    }
}

fn outside(address: &str, text: &str) -> Markup {
    html! { a href=(address) rel="noopener noreferrer nofollow" target="_blank" { (text) } }
}

/// What stands there where a plugin gave no card.
pub(crate) fn card_failed(source: &CardSource, why: &str) -> Markup {
    html! { h2 { (source.name) } p.faint data-failed { (say::NO_CARD) " " (words::sentence(why)) } }
}

/// When providers looked last, a look now, and whether they may look at all.
pub(super) fn enrichment(frame: &Frame, pane: &InfoPane) -> Markup {
    let Some(looked_up) = &pane.looked_up else { return Markup::default() };
    if looked_up.providers.is_empty() {
        return Markup::default();
    }
    html! {
        div.block.enrichment {
            h2 { (say::ENRICHMENT) }
            dl.pairs {
                @for provider in &looked_up.providers {
                    dt { (provider.name) }
                    dd {
                        @if provider.waits { (say::CHECK_WAITS) }
                        @else if let Some((at, outcome)) = &provider.last { (say::outcome(outcome)) " " span.faint { (frame.moments.ago(*at)) } }
                        @else { span.faint { (say::NEVER_CHECKED) } }
                    }
                }
            }
            @if says_gravatar(pane) {
                p { a.faint href="https://gravatar.com/profile" rel="noopener noreferrer nofollow" target="_blank" { (say::CORRECT_THERE) } }
            }
            @if !looked_up.is_on { p.faint { (say::ENRICHMENT_OFF) } }
            @else if !looked_up.may { p.faint { (say::NOT_FOR_THEM) } }
            @if frame.may_write && looked_up.is_on {
                div.buttons {
                    @if looked_up.may {
                        form method="post" action=(pane.deed("check")) data-quick { button.small { (Icon::Plug.svg()) (say::CHECK_NOW) } }
                        form method="post" action=(pane.deed("look-up/off")) data-quick { button.small.quiet { (say::FORBID_LOOK_UP) } }
                    } @else {
                        form method="post" action=(pane.deed("look-up/on")) data-quick { button.small { (say::ALLOW_LOOK_UP) } }
                    }
                }
            }
        }
    }
}

/// Whether something that is shown comes from Gravatar, where customers look after it themselves.
fn says_gravatar(pane: &InfoPane) -> bool {
    let is_theirs = |source: &Source| source.kind() == SourceKind::Plugin && source.name() == "gravatar";
    let mut shown = pane.view.fields.iter().flat_map(|field| &field.values);
    shown.any(|shown| is_theirs(&shown.source))
}

#[cfg(test)]
mod tests {
    use whom_plugin_host::hooks::Row;

    use super::*;

    #[test]
    fn what_a_plugin_says_is_text_and_only_web_addresses_are_links() {
        let source = CardSource { id: "shop".into(), name: "Shop".into() };
        let row = |label: &str, value: &str| Row { label: label.into(), value: value.into() };
        let given = |link: &str| Card {
            title: "<b>Orders</b>".into(),
            rows: vec![row("Last", "https://shop.example/7"), row("Bad", "javascript:alert(1)")],
            link: Some(link.into()),
        };
        let shown = card(&source, Some(&given("javascript:alert(2)"))).into_string();
        assert!(shown.contains("&lt;b&gt;Orders") && !shown.contains("<b>"));
        assert!(shown.contains("href=\"https://shop.example/7\"") && !shown.contains("href=\"javascript"));
        assert!(shown.contains("rel=\"noopener noreferrer nofollow\"") && !shown.contains("alert(2)"));
        assert!(card(&source, Some(&given("http://shop.example"))).into_string().contains("Open in Shop"));
        let failed = card_failed(&source, "<it> took too long").into_string();
        assert!(failed.contains("No answer:") && failed.contains("&lt;it&gt;"));
    }
}
