//! The frame that every page stands in, and what it has to know of whoever looks.

use maud::{DOCTYPE, Markup, html};
use whom_core::feed::FeedNumber;

use super::{assets, bar, components::Moments, palette, rail, words};
use crate::auth::Role;

/// Light or dark, where somebody chose; else as their system has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Reads the word that a cookie keeps.
    pub(crate) fn from_word(word: &str) -> Self {
        match word {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }

    /// The word to keep; nothing for the system's own.
    pub(crate) fn word(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }
}

/// The part of the product that a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Conversations.
    Inbox,
    /// Customers.
    Customers,
    /// Accounts.
    Accounts,
    /// Tasks.
    Tasks,
    /// Profiles that may be one person.
    Duplicates,
    /// Settings.
    Settings,
    /// None: an error, for example.
    None,
}

impl Part {
    /// The word for it in an address.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Customers => "customers",
            Self::Accounts => "accounts",
            Self::Tasks => "tasks",
            Self::Duplicates => "duplicates",
            Self::Settings => "settings",
            Self::None => "",
        }
    }

    /// Reads the word in an address.
    pub(crate) fn from_word(word: &str) -> Self {
        let all =
            [Self::Inbox, Self::Customers, Self::Accounts, Self::Tasks, Self::Duplicates, Self::Settings];
        all.into_iter().find(|part| part.word() == word).unwrap_or(Self::None)
    }
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SignedIn {
    /// Their login name; none for a program.
    pub(crate) login: Option<String>,
    /// What to call them.
    pub(crate) name: String,
    /// What they may do; none for a program.
    pub(crate) role: Option<Role>,
}

/// How much waits in the parts of the product, each counted to a bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Open conversations of whoever looks.
    pub(crate) mine: u64,
    /// Open conversations that nobody looks after.
    pub(crate) unassigned: u64,
    /// Their tasks that are due.
    pub(crate) tasks: u64,
    /// Notices that were not read.
    pub(crate) unread: u64,
    /// Pairs of profiles that may be one person.
    pub(crate) duplicates: u64,
}

/// What a page has to know of whoever looks at it.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// Who is signed in; none where nobody is.
    pub(crate) who: Option<SignedIn>,
    /// Whether they may change customers.
    pub(crate) may_write: bool,
    /// Whether they may manage people, keys and settings.
    pub(crate) may_administer: bool,
    /// Light or dark.
    pub(crate) theme: Theme,
    /// How to say moments to them.
    pub(crate) moments: Moments,
    /// The path of this page with what stands behind `?`, to come back to.
    pub(crate) path: String,
    /// Where this server is reached, such as `https://whom.example.org`, for examples to copy.
    pub(crate) origin: String,
    /// How much waits.
    pub(crate) counts: Counts,
    /// The last change that the page can show: live updates go on from there.
    pub(crate) seen: FeedNumber,
}

/// The scripts of every page. What a page needs besides, it names itself.
const SCRIPTS: [&str; 9] = [
    "theme.js",
    "time.js",
    "keys.js",
    "menu.js",
    "toast.js",
    "live.js",
    "presence.js",
    "notices.js",
    "palette.js",
];

impl Frame {
    /// A whole page.
    pub(crate) fn page(&self, part: Part, title: &str, scripts: &[&str], content: Markup) -> Markup {
        self.document(
            title,
            scripts,
            html! {
                a.skip href="#content" { (words::SKIP) }
                div.shell {
                    (rail::rail(self, part))
                    div.stage {
                        (bar::bar(self, part))
                        div.banner data-offline role="status" hidden {
                            span { (words::OFFLINE) }
                            button type="button" data-retry { (words::TRY_AGAIN) }
                        }
                        main #content tabindex="-1" { (content) }
                    }
                }
                div.toasts #toasts role="status" aria-live="polite" {}
                (palette::help())
                (palette::palette(self))
            },
        )
    }

    /// A page without the frame, for whoever is not signed in.
    pub(crate) fn bare(&self, title: &str, content: Markup) -> Markup {
        self.document(title, &[], html! { div.login { (content) } })
    }

    fn document(&self, title: &str, scripts: &[&str], body: Markup) -> Markup {
        html! {
            (DOCTYPE)
            html lang=(words::LANGUAGE) data-theme=[self.theme.word()] data-zone=(self.moments.zone_name()) data-locale=(self.moments.locale().tag()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                    meta name="color-scheme" content="light dark";
                    meta name="whom-words" content=(words::for_scripts());
                    @if self.who.is_some() { meta name="whom-seen" content=(self.seen); }
                    title { (title) " · " (words::WHOM) }
                    link rel="icon" type="image/svg+xml" href=(assets::address("icon.svg"));
                    link rel="stylesheet" href=(assets::address("whom.css"));
                    @for script in SCRIPTS.iter().chain(scripts) {
                        script type="module" src=(assets::address(script)) {}
                    }
                }
                body { (body) }
            }
        }
    }
}
