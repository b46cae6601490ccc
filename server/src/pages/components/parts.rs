//! Badges, tags, tabs, menus, and what is shown while there is nothing else.

use maud::{Markup, html};

use crate::pages::{icons::Icon, words};

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// As usual.
    Plain,
    /// Well.
    Good,
    /// Somebody should look.
    Warn,
    /// Not well.
    Bad,
    /// Worth knowing.
    Info,
}

/// A word about how something stands.
pub(crate) fn badge(tone: Tone, words: &str) -> Markup {
    let class = match tone {
        Tone::Plain => "badge",
        Tone::Good => "badge dotted good",
        Tone::Warn => "badge dotted warn",
        Tone::Bad => "badge dotted bad",
        Tone::Info => "badge dotted info",
    };
    html! { span class=(class) { (words) } }
}

/// A tag: leads to what else carries it, and is taken away by sending the form at `remove`.
pub(crate) fn tag(name: &str, href: Option<&str>, remove: Option<&str>) -> Markup {
    html! {
        span.tag {
            @if let Some(href) = href { a href=(href) { (name) } } @else { (name) }
            @if let Some(remove) = remove {
                form method="post" action=(remove) data-quick {
                    button.remove name="tag" value=(name) aria-label=(words::remove(name)) { (Icon::Cross.svg()) }
                }
            }
        }
    }
}

/// One of several pages that stand side by side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tab<'a> {
    /// Its address.
    pub(crate) href: &'a str,
    /// What it is called.
    pub(crate) words: &'a str,
    /// How much is on it, where that is known.
    pub(crate) count: Option<u64>,
    /// Whether it is the one that is shown.
    pub(crate) is_current: bool,
}

/// Pages that stand side by side.
pub(crate) fn tabs(label: &str, tabs: &[Tab<'_>]) -> Markup {
    html! {
        nav.tabs aria-label=(label) {
            @for tab in tabs {
                a href=(tab.href) aria-current=[tab.is_current.then_some("page")] {
                    (tab.words)
                    @if let Some(count) = tab.count { span.count { (words::thousands(count)) } }
                }
            }
        }
    }
}

/// A menu behind a button; `items` are links, and forms with a button each. Works without scripts;
/// `menu.js` closes it and moves through it with the arrow keys.
pub(crate) fn menu(label: &str, shown: Markup, items: Markup) -> Markup {
    html! {
        details.menu.end data-menu {
            summary.button.quiet aria-label=(label) title=(label) { (shown) }
            div.menu-list { (items) }
        }
    }
}

/// The menu behind three dots.
pub(crate) fn more_menu(label: &str, items: Markup) -> Markup {
    html! {
        details.menu.end data-menu {
            summary.button.icon-button aria-label=(label) title=(label) { (Icon::Dots.svg()) }
            div.menu-list { (items) }
        }
    }
}

/// What stands where there is nothing: what that means, and what to do next.
pub(crate) fn empty(title: &str, next: &str, deed: Markup) -> Markup {
    html! {
        div.empty {
            (crate::pages::icons::mark())
            h2 { (title) }
            p { (next) }
            div.buttons { (deed) }
        }
    }
}

/// How far something is.
pub(crate) fn progress(label: &str, done: u64, all: u64) -> Markup {
    // Until it is known how much there is, it only moves.
    let is_known = all > 0;
    html! {
        div.progress {
            div.faint { (label) @if is_known { ": " (words::of(done, all)) } @else { " …" } }
            progress value=[is_known.then_some(done)] max=(all.max(1)) aria-label=(label) {}
        }
    }
}

/// What stands in the place of what is on its way.
pub(crate) fn skeleton(lines: u8) -> Markup {
    html! { div.skeleton role="status" aria-label=(words::LOADING) { @for _ in 0..lines { span {} } } }
}

/// A key, drawn as one.
pub(crate) fn key(keys: &str) -> Markup {
    html! { @for (place, one) in keys.split(' ').enumerate() { @if place > 0 { " " } kbd { (one) } } }
}
