//! The list of accounts.

use maud::{Markup, html};
use whom_core::model::Account;

use crate::pages::{
    components::{Notice, empty, notice},
    encoded,
    frame::{Frame, Part},
    icons::Icon,
    words::{self as all_words, kept as words},
};

/// What the list shows.
pub(crate) struct Listed {
    pub(crate) text: String,
    pub(crate) accounts: Vec<Account>,
    pub(crate) next: Option<String>,
    pub(crate) news: Option<Markup>,
    pub(crate) wrong: Option<String>,
}

/// The page.
pub(crate) fn page(frame: &Frame, listed: &Listed) -> Markup {
    frame.page(Part::Accounts, words::ACCOUNTS, &["more.js"], html! {
        div.column.kept {
            div.page-head { h1 { (words::ACCOUNTS) } }
            @if let Some(news) = &listed.news { (news) }
            @if let Some(wrong) = &listed.wrong { (notice(Notice::Failed, html! { (wrong) })) }
            div.list-tools {
                form.search role="search" action="/accounts" {
                    label.unseen for="q" { (words::SEARCH_ACCOUNTS) }
                    (Icon::Search.svg())
                    input #q type="search" name="q" value=(listed.text) placeholder=(words::SEARCH_ACCOUNTS_HINT) autocomplete="off" spellcheck="false";
                    kbd aria-hidden="true" { "/" }
                }
                @if frame.may_write {
                    details.menu.end data-menu data-key="n" data-key-says=(words::NEW_ACCOUNT) {
                        summary.button.primary { (Icon::Plus.svg()) (words::NEW_ACCOUNT) }
                        form.menu-list.kept-form method="post" action="/accounts" {
                            input type="hidden" name="request" value=(crate::secret::hex(&crate::secret::random::<12>()));
                            div.field { label for="new-name" { (all_words::NAME) } input #new-name name="name" required maxlength="200" autocomplete="off"; }
                            div.field { label for="new-domain" { (words::DOMAIN) } input #new-domain name="domain" autocomplete="off" spellcheck="false"; }
                            button.primary { (words::CREATE) }
                        }
                    }
                }
            }
            div #account-list data-live="accounts" { (results(frame, listed)) }
        }
    })
}

fn results(frame: &Frame, listed: &Listed) -> Markup {
    if listed.accounts.is_empty() && listed.next.is_none() {
        let show_all = html! { a.button href="/accounts" { (words::SHOW_ALL) } };
        return html! {
            div.card {
                @if listed.text.is_empty() { (empty(words::NO_ACCOUNTS, words::NO_ACCOUNTS_NEXT, html! {})) }
                @else { (empty(words::NO_SUCH_ACCOUNT, words::NO_SUCH_ACCOUNT_NEXT, show_all)) }
            }
        };
    }
    html! {
        div.card {
            table.people.accounts {
                thead {
                    tr {
                        th scope="col" { (all_words::NAME) }
                        th scope="col" { (words::DOMAIN) }
                        th scope="col" { (words::LAST_HEARD) }
                    }
                }
                tbody { (rows(frame, listed)) }
            }
        }
    }
}

/// The rows alone, with the link to the next ones below them.
pub(crate) fn rows(frame: &Frame, listed: &Listed) -> Markup {
    html! {
        @for account in &listed.accounts {
            tr data-row data-id=(account.id) {
                td.person-cell {
                    div.person {
                        span.avatar.account aria-hidden="true" { (Icon::Building.svg()) }
                        div { a href=(format!("/accounts/{}", account.id)) { (account.name) } }
                    }
                }
                td.soft { @if let Some(domain) = account.properties.get("domain") { (domain) } }
                td.seen { (frame.moments.ago(account.last_seen)) }
            }
        }
        @if let Some(next) = &listed.next {
            tr data-more-place {
                td colspan="3" {
                    div.more { a.button data-more="by-itself" href=(format!("/accounts?q={}&after={next}", encoded(&listed.text))) { (all_words::LOAD_MORE) } }
                }
            }
        }
    }
}
