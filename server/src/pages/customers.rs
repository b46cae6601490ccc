//! The customers page: look somebody up while typing, or walk through the list.

use maud::{Markup, html};
use whom_core::{
    model::{ProfileId, ProfileKind, Timestamp},
    view::ProfileView,
};

use super::{
    components::{Size, avatar, kind_chip},
    frame::{Frame, Part},
    icons::{self, Icon},
    words,
};

/// One customer of the list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    /// The profile.
    pub(crate) id: ProfileId,
    /// What to call the person.
    pub(crate) name: String,
    /// How to reach them, or what else tells them apart.
    pub(crate) line: String,
    /// The company.
    pub(crate) company: Option<String>,
    /// Visitor or customer.
    pub(crate) kind: ProfileKind,
    /// When the latest thing happened.
    pub(crate) last_seen: Timestamp,
    /// How many messages there are.
    pub(crate) messages: u64,
}

/// A row from a view.
pub(crate) fn row_of(view: &ProfileView) -> Row {
    let reach = view.contacts.iter().find(|contact| contact.reaches);
    let known = reach.or_else(|| view.contacts.iter().find(|contact| contact.kind.is_some()));
    let company = view.value("company").map(ToString::to_string);
    Row {
        id: view.id,
        name: view.name.clone(),
        line: known.map(|contact| contact.raw.clone()).unwrap_or_default(),
        company: company.or_else(|| view.accounts.first().map(|account| account.name.clone())),
        kind: view.kind,
        last_seen: view.last_seen,
        messages: view.messages,
    }
}

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
}

impl Order {
    /// Reads the word behind `?order=`; one it does not know is the usual order.
    pub(crate) fn from_word(word: &str) -> Self {
        if word == Self::Name.word() { Self::Name } else { Self::default() }
    }

    /// The word behind `?order=`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Name => "name",
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

/// A page of the list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    /// The customers.
    pub(crate) rows: Vec<Row>,
    /// Where the next page begins.
    pub(crate) next: Option<String>,
    /// How many there are in all, where that is known.
    pub(crate) total: Option<u64>,
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
            .map(|(name, value)| format!("{name}={}", super::encoded(value)))
            .collect();
        if query.is_empty() { "/customers".into() } else { format!("/customers?{}", query.join("&")) }
    }

    fn is_everybody(&self) -> bool {
        self.text.trim().is_empty() && self.kind.is_none()
    }
}

/// The whole page.
pub(crate) fn page(frame: &Frame, asked: &Asked, found: &Found) -> Markup {
    frame.page(Part::Customers, words::CUSTOMERS, &["lookup.js", "more.js"], html! {
        div.column {
            div.list-head {
                h1 { (words::CUSTOMERS) }
                @if let Some(total) = found.total.filter(|total| *total > 0 && asked.is_everybody()) {
                    span.soft { (words::count(total, "profile", "profiles")) }
                }
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
                        a.chip-link href=(asked.address(&[("kind", kind.map(kind_word).unwrap_or_default())]))
                            aria-current=[(asked.kind == kind).then_some("true")] {
                            (kind.map_or(words::ALL, words::kinds))
                        }
                    }
                }
            }
            p.unseen #result-count role="status" {}
            div #results { (results(frame, asked, found)) }
        }
    })
}

/// What stands below the field: the list, or why there is none.
pub(crate) fn results(frame: &Frame, asked: &Asked, found: &Found) -> Markup {
    if found.rows.is_empty() {
        return html! {
            div.card data-count=(words::NOTHING_FOUND) { @if asked.is_everybody() { (nobody_yet(frame)) } @else { (nobody_found()) } }
        };
    }
    html! {
        div.card data-count=(said(found)) {
            table.people {
                thead {
                    tr {
                        (column(asked, words::NAME, Order::Name))
                        th scope="col" { (words::COMPANY) }
                        th scope="col" { (words::KIND) }
                        (column(asked, words::LAST_SEEN, Order::Seen))
                        th.number scope="col" { (words::MESSAGES) }
                    }
                }
                tbody { (rows(frame, asked, found)) }
            }
        }
    }
}

fn said(found: &Found) -> String {
    let more = if found.next.is_some() { "+" } else { "" };
    format!("{}{more} {}", found.rows.len(), words::FOUND)
}

/// The head of a column by which one can sort.
fn column(asked: &Asked, title: &str, order: Order) -> Markup {
    // What was typed decides the order by itself: the best match first.
    if !asked.text.is_empty() {
        return html! { th scope="col" { (title) } };
    }
    let sorted = (asked.order == order).then_some(match order {
        Order::Seen => "descending",
        Order::Name => "ascending",
    });
    let word = if order == Order::default() { "" } else { order.word() };
    html! {
        th scope="col" aria-sort=[sorted] {
            a href=(asked.address(&[("order", word)])) {
                (title)
                @if sorted.is_some() { @if order == Order::Seen { (Icon::Down.svg()) } @else { (Icon::Up.svg()) } }
            }
        }
    }
}

/// The rows alone, with the link to the next ones below them.
pub(crate) fn rows(frame: &Frame, asked: &Asked, found: &Found) -> Markup {
    html! {
        @for row in &found.rows {
            tr data-row {
                td.person-cell {
                    div.person {
                        (avatar(row.id, &row.name, row.kind, None, Size::Medium))
                        div {
                            a href=(format!("/customers/{}", row.id)) { (row.name) }
                            @if !row.line.is_empty() && row.line != row.name { div.line { (row.line) } }
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
