//! The customers page: look somebody up while typing, or walk through the list.

use maud::{Markup, html};
use whom_core::{
    model::ProfileKind,
    search::{Page, Sort},
};

use crate::pages::{
    components::{Size, avatar, kind_chip},
    frame::{Frame, Part},
    icons::{self, Icon},
    words,
};

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// What was typed.
    pub(crate) text: String,
    /// Only visitors or only customers.
    pub(crate) kind: Option<ProfileKind>,
    /// In which order.
    pub(crate) order: Order,
}

/// In which order customers are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Order {
    /// Whoever was seen last first.
    #[default]
    Seen,
    /// By name.
    Name,
    /// The one with the most messages first.
    Messages,
}

impl Order {
    /// Reads the word behind `?order=`; one it does not know is the usual order.
    pub(crate) fn from_word(word: &str) -> Self {
        [Self::Name, Self::Messages].into_iter().find(|order| order.word() == word).unwrap_or_default()
    }

    /// The word behind `?order=`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Name => "name",
            Self::Messages => "messages",
        }
    }

    /// The same for the directory. What fits best comes first; without a text that is whoever was seen last.
    pub(crate) fn sort(self) -> Sort {
        match self {
            Self::Seen => Sort::Relevance,
            Self::Name => Sort::Name,
            Self::Messages => Sort::Messages,
        }
    }
}

/// The word behind `?kind=`.
pub(crate) fn kind_word(kind: ProfileKind) -> &'static str {
    match kind {
        ProfileKind::Visitor => "visitor",
        ProfileKind::Customer => "customer",
    }
}

impl Asked {
    /// The address that asks for it; `change` adds to it or replaces parts.
    fn address(&self, change: &[(&str, &str)]) -> String {
        let kind = self.kind.map(kind_word).unwrap_or_default();
        let order = if self.order == Order::default() { "" } else { self.order.word() };
        let base = [("q", self.text.as_str()), ("kind", kind), ("order", order)];
        let changed = |name: &str| change.iter().any(|(other, _)| *other == name);
        let pairs = base.iter().filter(|(name, _)| !changed(name)).chain(change);
        let query: Vec<String> = pairs
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", crate::pages::encoded(value)))
            .collect();
        if query.is_empty() { "/customers".into() } else { format!("/customers?{}", query.join("&")) }
    }

    fn is_everybody(&self) -> bool {
        self.text.trim().is_empty() && self.kind.is_none()
    }
}

/// The whole page.
pub(crate) fn page(frame: &Frame, asked: &Asked, found: &Page) -> Markup {
    frame.page(Part::Customers, words::CUSTOMERS, &["lookup.js", "more.js"], html! {
        div.column {
            div.list-head {
                h1 { (words::CUSTOMERS) }
                span.soft #result-count role="status" { (how_many(found)) }
            }
            div.list-tools {
                form.search role="search" action="/customers" data-lookup {
                    label.unseen for="q" { (words::SEARCH_CUSTOMERS) }
                    (Icon::Search.svg())
                    input #q type="search" name="q" value=(asked.text) placeholder=(words::SEARCH_HINT) autocomplete="off" spellcheck="false" autofocus;
                    @if let Some(kind) = asked.kind { input type="hidden" name="kind" value=(kind_word(kind)); }
                    @if asked.order != Order::default() { input type="hidden" name="order" value=(asked.order.word()); }
                    kbd aria-hidden="true" { "/" }
                }
                nav.chips aria-label=(words::KIND) {
                    @for kind in [None, Some(ProfileKind::Customer), Some(ProfileKind::Visitor)] {
                        a.chip-link data-filter href=(asked.address(&[("kind", kind.map(kind_word).unwrap_or_default())]))
                            aria-current=[(asked.kind == kind).then_some("true")] {
                            (kind.map_or(words::ALL, words::kinds))
                        }
                    }
                }
            }
            div #results { (results(frame, asked, found)) }
        }
    })
}

/// What stands below the field: the list, or why there is none.
pub(crate) fn results(frame: &Frame, asked: &Asked, found: &Page) -> Markup {
    if found.hits.is_empty() {
        return html! {
            div.card data-count=(words::NOTHING_FOUND) { @if asked.is_everybody() { (nobody_yet(frame)) } @else { (nobody_found()) } }
        };
    }
    html! {
        div.card data-count=(how_many(found)) {
            table.people {
                thead {
                    tr {
                        (column(asked, words::NAME, Order::Name))
                        th scope="col" { (words::COMPANY) }
                        th scope="col" { (words::KIND) }
                        (column(asked, words::LAST_SEEN, Order::Seen))
                        (column(asked, words::MESSAGES, Order::Messages))
                    }
                }
                tbody { (rows(frame, asked, found)) }
            }
        }
    }
}

/// How many there are, as far as that is known.
fn how_many(found: &Page) -> String {
    match found.total {
        _ if found.behind > 0 => words::behind(found.behind),
        Some(0) => String::new(),
        Some(total) => words::count(total as u64, "profile", "profiles"),
        None if found.next.is_none() => words::count(found.hits.len() as u64, "profile", "profiles"),
        None => String::new(),
    }
}

/// The head of a column by which one can sort.
fn column(asked: &Asked, title: &str, order: Order) -> Markup {
    // What was typed decides the order by itself: the best match first.
    if !asked.text.is_empty() {
        return html! { th.number[order == Order::Messages] scope="col" { (title) } };
    }
    let sorted =
        (asked.order == order).then_some(if order == Order::Name { "ascending" } else { "descending" });
    let word = if order == Order::default() { "" } else { order.word() };
    html! {
        th.number[order == Order::Messages] scope="col" aria-sort=[sorted] {
            a href=(asked.address(&[("order", word)])) {
                (title)
                @if sorted.is_some() { @if order == Order::Name { (Icon::Up.svg()) } @else { (Icon::Down.svg()) } }
            }
        }
    }
}

/// The rows alone, with the link to the next ones below them.
pub(crate) fn rows(frame: &Frame, asked: &Asked, found: &Page) -> Markup {
    html! {
        @for row in &found.hits {
            tr data-row {
                td.person-cell {
                    div.person {
                        (avatar(row.id, &row.name, row.kind, None, Size::Medium))
                        div {
                            a href=(format!("/customers/{}", row.id)) { (row.name) }
                            @if let Some(line) = &row.line { div.line { (line) } }
                        }
                    }
                }
                td.company { (row.company.as_deref().unwrap_or_default()) }
                td.kind { (kind_chip(row.kind)) }
                td.seen { (frame.moments.ago(row.last_seen)) }
                td.number { (words::thousands(row.messages)) }
            }
        }
        @if let Some(next) = &found.next {
            tr data-more-place {
                td colspan="5" {
                    div.more { a.button data-more="by-itself" href=(asked.address(&[("after", next)])) { (words::LOAD_MORE) } }
                }
            }
        }
    }
}

fn nobody_found() -> Markup {
    html! {
        div.empty {
            h2 { (words::NOTHING_FOUND) }
            p { (words::NOTHING_FOUND_NEXT) }
            br;
            a.button href="/customers" { (words::SHOW_EVERYBODY) }
        }
    }
}

fn nobody_yet(frame: &Frame) -> Markup {
    html! {
        div.empty {
            (icons::mark())
            h2 { (words::NOBODY_YET) }
            p { (words::NOBODY_YET_NEXT) }
            h3 { (words::BEGIN_MAIL) }
            pre { code { (words::BEGIN_MAIL_EXAMPLE) } }
            h3 { (words::BEGIN_APP) }
            p { (words::BEGIN_APP_NEXT) }
            pre { code { (words::begin_app_example(&frame.origin)) } }
            h3 { (words::BEGIN_DEMO) }
            pre { code { (words::BEGIN_DEMO_EXAMPLE) } }
        }
    }
}
