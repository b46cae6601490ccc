//! The frame that every page stands in, and what it has to know of whoever looks.

use maud::{DOCTYPE, Markup, html};

use super::{
    assets,
    components::Moments,
    icons::{self, Icon},
    words,
};

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
    /// Customers.
    Customers,
    /// None: an error, for example.
    None,
}

/// What a page has to know of whoever looks at it.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// What to call them; none where nobody is signed in.
    pub(crate) name: Option<String>,
    /// Whether they may change customers.
    pub(crate) may_write: bool,
    /// Light or dark.
    pub(crate) theme: Theme,
    /// How to say moments to them.
    pub(crate) moments: Moments,
    /// The path of this page, to come back to.
    pub(crate) path: String,
    /// Where this server is reached, such as `https://whom.example.org`, for examples to copy.
    pub(crate) origin: String,
}

/// The scripts of every page. What a page needs besides, it names itself.
const SCRIPTS: [&str; 3] = ["theme.js", "time.js", "keys.js"];

impl Frame {
    /// A whole page.
    pub(crate) fn page(&self, part: Part, title: &str, scripts: &[&str], content: Markup) -> Markup {
        self.document(
            title,
            scripts,
            html! {
                a.skip href="#content" { (words::SKIP) }
                (self.bar(part))
                main #content tabindex="-1" { (content) }
                (help())
            },
        )
    }

    /// A page without the bar, for whoever is not signed in.
    pub(crate) fn bare(&self, title: &str, content: Markup) -> Markup {
        self.document(title, &[], html! { div.login { (content) } })
    }

    fn document(&self, title: &str, scripts: &[&str], body: Markup) -> Markup {
        html! {
            (DOCTYPE)
            html lang=(words::LANGUAGE) data-theme=[self.theme.word()] data-zone=(self.moments.zone_name()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
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

    fn bar(&self, part: Part) -> Markup {
        let current = |own: Part| (own == part).then_some("page");
        html! {
            header.bar {
                a.wordmark href="/" { (icons::wordmark()) }
                nav aria-label=(words::MAIN_MENU) {
                    ul {
                        li {
                            a href="/customers" aria-current=[current(Part::Customers)] {
                                (Icon::People.svg()) span { (words::CUSTOMERS) }
                            }
                        }
                    }
                }
                @if part == Part::Customers && self.path.split('?').next() == Some("/customers") {
                    // The list has a larger field of its own.
                    span {}
                } @else {
                    form.search role="search" action="/customers" {
                        label.unseen for="search" { (words::SEARCH_CUSTOMERS) }
                        (Icon::Search.svg())
                        input #search type="search" name="q" placeholder=(words::SEARCH_CUSTOMERS) autocomplete="off" spellcheck="false";
                        kbd aria-hidden="true" { "/" }
                    }
                }
                div.bar-end {
                    button.icon-button.help type="button" hidden data-open-help title=(words::KEYBOARD) aria-label=(words::KEYBOARD) { (Icon::Keys.svg()) }
                    form method="post" action="/theme" data-theme-switch {
                        input type="hidden" name="theme" value=(if self.theme == Theme::Dark { "light" } else { "dark" });
                        input type="hidden" name="back" value=(self.path);
                        button.icon-button title=(words::LIGHT_OR_DARK) aria-label=(words::LIGHT_OR_DARK) { (Icon::Half.svg()) }
                    }
                    @if let Some(name) = &self.name {
                        span.who { (Icon::Person.svg()) span.name { (name) } }
                        form method="post" action="/logout" {
                            button.icon-button title=(words::SIGN_OUT) aria-label=(words::SIGN_OUT) { (Icon::Leave.svg()) }
                        }
                    }
                }
            }
        }
    }
}

fn help() -> Markup {
    html! {
        dialog data-help aria-labelledby="help-title" {
            h2 #help-title { (words::KEYBOARD) }
            dl {
                dt { kbd { "/" } } dd { (words::KEY_SEARCH) }
                dt { kbd { "g" } " " kbd { "c" } } dd { (words::KEY_CUSTOMERS) }
                dt { kbd { "↓" } " " kbd { "↑" } } dd { (words::KEY_MOVE) }
                dt { kbd { "Enter" } } dd { (words::KEY_OPEN) }
                dt { kbd { "?" } } dd { (words::KEY_HELP) }
            }
            form method="dialog" { button { (words::CLOSE) } }
        }
    }
}
