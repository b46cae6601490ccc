//! The bar above a page: where to search, what was told, and the menu of whoever is signed in.

use maud::{Markup, html};

use super::{
    components::initials,
    frame::{Frame, Part, SignedIn, Theme},
    icons::{self, Icon},
    notices, rail, words,
};

/// The bar.
pub(super) fn bar(frame: &Frame, part: Part) -> Markup {
    // The list of customers has a larger field of its own.
    let is_list = part == Part::Customers && frame.path.split('?').next() == Some("/customers");
    html! {
        header.bar {
            a.wordmark href="/" aria-label=(words::WHOM) { (icons::short_mark()) }
            @if !is_list {
                form.search role="search" aria-label=(words::SEARCH_ALL) action="/customers" data-opens-palette {
                    label.unseen for="search" { (words::SEARCH) }
                    (Icon::Search.svg())
                    input #search type="search" name="q" placeholder=(words::SEARCH_ALL) autocomplete="off" spellcheck="false";
                    kbd aria-hidden="true" { (words::PALETTE_KEYS) }
                }
            }
            div.bar-end {
                @if let Some(who) = &frame.who {
                    @if who.login.is_some() { (notices::bell(frame)) }
                    (own_menu(frame, who))
                }
            }
        }
    }
}

fn own_menu(frame: &Frame, who: &SignedIn) -> Markup {
    html! {
        details.menu.end data-menu {
            summary.button.quiet.who title=(who.name) {
                span.avatar.tiny aria-hidden="true" { (initials(&who.name)) }
                span.name { (who.name) }
            }
            div.menu-list {
                @if let Some(login) = &who.login { h3 { (login) } }
                @if rail::exists("/settings/you") {
                    a href="/settings/you" { (Icon::Person.svg()) (words::YOU) }
                }
                button type="button" hidden data-opens-help data-deed=(words::KEYBOARD) { (Icon::Keys.svg()) (words::KEYBOARD) kbd { "?" } }
                form method="post" action="/theme" data-theme-form {
                    input type="hidden" name="back" value=(frame.path);
                    div.segmented role="group" aria-label=(words::LIGHT_OR_DARK) {
                        @for (theme, value, word) in [
                            (Theme::System, "system", words::THEME_SYSTEM),
                            (Theme::Light, "light", words::THEME_LIGHT),
                            (Theme::Dark, "dark", words::THEME_DARK),
                        ] {
                            button name="theme" value=(value) data-deed=(words::in_theme(word)) aria-pressed=(if frame.theme == theme { "true" } else { "false" }) { (word) }
                        }
                    }
                }
                hr;
                form method="post" action="/logout" {
                    button data-deed=(words::SIGN_OUT) { (Icon::Leave.svg()) (words::SIGN_OUT) }
                }
            }
        }
    }
}
