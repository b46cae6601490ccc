//! The command palette and the help of the keyboard: both are filled by scripts from what the page declares.

use maud::{Markup, html};

use super::{frame::Frame, icons::Icon, inbox::View, rail, settings, words};

/// The help of the keyboard.
pub(super) fn help() -> Markup {
    html! {
        dialog.shortcuts data-help aria-labelledby="help-title" {
            h2 #help-title { (words::KEYBOARD) }
            div.groups data-help-groups {}
            div.buttons {
                label.choice {
                    input.switch type="checkbox" role="switch" checked data-keys-on;
                    span { (words::SINGLE_KEYS) span.help { (words::SINGLE_KEYS_HELP) } }
                }
                form method="dialog" { button { (words::CLOSE) } }
            }
        }
    }
}

/// The palette: a field, and what fits what stands in it.
pub(super) fn palette(frame: &Frame) -> Markup {
    html! {
        dialog.palette data-palette aria-label=(words::PALETTE) {
            div.search {
                (Icon::Search.svg())
                input type="search" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list"
                    aria-label=(words::PALETTE) placeholder=(words::PALETTE_HINT) autocomplete="off" spellcheck="false";
            }
            ul #palette-list role="listbox" aria-label=(words::PALETTE) {}
            p.empty-palette.soft hidden { (words::NOTHING_FITS) }
            p.palette-foot.faint aria-hidden="true" {
                kbd { "↑" } kbd { "↓" } span { (words::KEY_MOVE) } kbd { "Enter" } span { (words::KEY_OPEN) } kbd { "Esc" } span { (words::CLOSE) }
            }
            // Places and settings that stand nowhere on this page.
            template data-places {
                @for place in rail::places() {
                    a href=(place.path) data-keys=(place.keys) { (place.icon.svg()) (place.word) }
                }
                @for view in View::ALL {
                    a href=(view.address()) { (Icon::Inbox.svg()) (words::INBOX) ": " (view.words()) }
                }
                @if frame.may_write {
                    a href="/conversations/new" { (Icon::Chat.svg()) (words::WRITE_MESSAGE) }
                    a href="/customers/new" { (Icon::Person.svg()) (words::NEW_CUSTOMER) }
                    a href="/customers/bulk" { (Icon::People.svg()) (words::customers::BULK) }
                }
                @for (path, word) in settings::places(frame) {
                    a href=(path) { (Icon::Gear.svg()) (words::SETTINGS) ": " (word) }
                }
            }
            template data-icons {
                span data-icon="deed" { (Icon::Bolt.svg()) }
                span data-icon="recent" { (Icon::Clock.svg()) }
                span data-icon="customer" { (Icon::Person.svg()) }
                span data-icon="conversation" { (Icon::Chat.svg()) }
            }
        }
    }
}
