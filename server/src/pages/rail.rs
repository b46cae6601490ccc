//! The rail: the places of the product, each shown as soon as its page exists.

use std::{collections::BTreeSet, sync::LazyLock};

use axum::http::Method;
use maud::{Markup, html};

use super::{
    frame::{Counts, Frame, Part},
    icons::{self, Icon},
    waiting, words,
};

/// Every address that shows a page.
static PAGES: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    super::routes().iter().filter(|route| route.method == Method::GET).map(|route| route.path).collect()
});

/// Whether there is a page under an address, written as in the table of routes.
pub(super) fn exists(path: &str) -> bool {
    PAGES.contains(path)
}

/// One place.
pub(super) struct Place {
    pub(super) part: Part,
    pub(super) path: &'static str,
    pub(super) word: &'static str,
    pub(super) icon: Icon,
    /// What is pressed to come here.
    pub(super) keys: &'static str,
}

const ALL: [Place; 6] = [
    Place { part: Part::Inbox, path: "/inbox", word: words::INBOX, icon: Icon::Inbox, keys: "g i" },
    Place {
        part: Part::Customers,
        path: "/customers",
        word: words::CUSTOMERS,
        icon: Icon::People,
        keys: "g c",
    },
    Place {
        part: Part::Accounts,
        path: "/accounts",
        word: words::ACCOUNTS,
        icon: Icon::Building,
        keys: "g a",
    },
    Place { part: Part::Tasks, path: "/tasks", word: words::TASKS, icon: Icon::Check, keys: "g t" },
    Place {
        part: Part::Duplicates,
        path: "/duplicates",
        word: words::DUPLICATES,
        icon: Icon::Together,
        keys: "g d",
    },
    Place { part: Part::Settings, path: "/settings", word: words::SETTINGS, icon: Icon::Gear, keys: "g s" },
];

/// The places that have a page.
pub(super) fn places() -> impl Iterator<Item = &'static Place> {
    ALL.iter().filter(|place| exists(place.path))
}

/// Where whoever signs in begins.
pub(super) fn home() -> &'static str {
    places().next().map_or("/customers", |place| place.path)
}

/// The rail.
pub(super) fn rail(frame: &Frame, part: Part) -> Markup {
    html! {
        nav.rail aria-label=(words::MAIN_MENU) {
            a.wordmark href="/" aria-label=(words::WHOM) { (icons::wordmark()) (icons::short_mark()) }
            (places_list(frame, part))
        }
    }
}

/// The places with what waits in each. An open page asks for them alone when something of it changes.
pub(super) fn places_list(frame: &Frame, part: Part) -> Markup {
    html! {
        ul #rail data-live="inbox tasks duplicates" data-live-src=(format!("/rail?part={}", part.word())) data-live-quiet {
            @for place in places() {
                li.last[place.part == Part::Settings] {
                    a.place href=(place.path) aria-current=[(place.part == part).then_some("page")]
                        data-key=(place.keys) data-key-says=(words::go_to(place.word)) data-key-group=(words::PLACES) {
                        (place.icon.svg())
                        span.word { (place.word) }
                        (waits(frame, place.part))
                    }
                }
            }
        }
    }
}

/// What waits in a place: a number to see, and words to hear.
fn waits(frame: &Frame, part: Part) -> Markup {
    let Counts { mine, unassigned, tasks, duplicates, .. } = frame.counts;
    let (first, second, says) = match part {
        Part::Inbox => (mine, unassigned, words::waits_in_inbox(mine, unassigned)),
        Part::Tasks => (tasks, 0, words::tasks_due(tasks)),
        Part::Duplicates => (duplicates, 0, words::duplicates_wait(duplicates)),
        _ => (0, 0, String::new()),
    };
    let bound = |count: u64| words::bounded(count, waiting::MOST);
    html! {
        @if first + second > 0 {
            span.waits title=(says) {
                @if first > 0 { span.count aria-hidden="true" { (bound(first)) } }
                @if second > 0 { span.count.others aria-hidden="true" { (bound(second)) } }
                span.unseen { ": " (says) }
            }
        }
    }
}
