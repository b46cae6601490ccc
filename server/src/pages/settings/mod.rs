//! Settings: a page for each thing that can be decided, and a list of them beside it.

mod about;
mod enrichment;
mod general;
mod info_pane;
mod mail;
mod properties;
mod rules;

use axum::{http::Method, response::Redirect};
use maud::{Markup, html};

use super::{
    frame::{Frame, Part},
    rail,
    words::settings as words,
};
use crate::{auth::Permission::*, routes::Route};

/// The routes of the settings.
pub(super) fn routes() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    vec![
        Route::page(GET, "/settings", Read, first),
        Route::page(GET, "/settings/general", Administer, general::page),
        Route::page(POST, "/settings/general", Administer, general::save),
        Route::page(GET, "/settings/mail", Administer, mail::page),
        Route::page(POST, "/settings/mail", Administer, mail::save_all),
        Route::page(GET, "/settings/mail/{id}", Administer, mail::channel),
        Route::page(POST, "/settings/mail/{id}", Administer, mail::save),
        Route::page(POST, "/settings/mail/{id}/remove", Administer, mail::remove),
        Route::page(POST, "/settings/mail/{id}/test", Administer, mail::test),
        Route::page(GET, "/settings/enrichment", Administer, enrichment::page),
        Route::page(POST, "/settings/enrichment", Administer, enrichment::switch_all),
        Route::page(POST, "/settings/enrichment/{id}", Administer, enrichment::switch_one),
        Route::page(GET, "/settings/plugins", Administer, rules::page),
        Route::page(GET, "/settings/properties", Read, properties::page),
        Route::page(GET, "/settings/info-pane", Administer, info_pane::page),
        Route::page(POST, "/settings/info-pane", Administer, info_pane::arrange),
        Route::page(GET, "/settings/about", Read, about::page),
    ]
}

/// A page of the settings; those of others appear as soon as their routes exist.
struct Page {
    path: &'static str,
    word: &'static str,
    admins_only: bool,
}

const fn open(path: &'static str, word: &'static str) -> Page {
    Page { path, word, admins_only: false }
}

const fn admins(path: &'static str, word: &'static str) -> Page {
    Page { path, word, admins_only: true }
}

const GROUPS: [(&str, &[Page]); 4] = [
    (words::OWN, &[open("/settings/you", words::YOU), open("/notices", words::NOTICES)]),
    (
        words::HOUSE,
        &[
            admins("/settings/general", words::GENERAL),
            admins("/settings/mail", words::MAIL),
            admins("/settings/people", words::PEOPLE),
            admins("/settings/fields", words::FIELDS),
            admins("/settings/keys", words::KEYS),
            admins("/settings/audit", words::AUDIT),
        ],
    ),
    (
        words::CUSTOMERS,
        &[
            admins("/settings/layout", words::LAYOUT),
            open("/settings/properties", words::PROPERTIES),
            admins("/settings/info-pane", crate::pages::words::profile::INFO_PANE),
            admins("/settings/enrichment", words::ENRICHMENT),
            admins("/settings/plugins", words::PLUGINS),
        ],
    ),
    (words::SERVER, &[open("/settings/about", words::ABOUT)]),
];

/// The pages that somebody may open, by group.
fn groups(frame: &Frame) -> impl Iterator<Item = (&'static str, Vec<&'static Page>)> {
    let may_administer = frame.may_administer;
    let shown = move |page: &&Page| rail::exists(page.path) && (may_administer || !page.admins_only);
    GROUPS
        .iter()
        .map(move |(group, pages)| (*group, pages.iter().filter(shown).collect::<Vec<_>>()))
        .filter(|(_, pages)| !pages.is_empty())
}

/// The pages that somebody may open, for the palette.
pub(super) fn places(frame: &Frame) -> Vec<(&'static str, &'static str)> {
    groups(frame).flat_map(|(_, pages)| pages).map(|page| (page.path, page.word)).collect()
}

/// A page of the settings with the list of the others beside it; `path` is the one that is shown.
fn scripts(path: &str) -> Vec<&'static str> {
    let mut scripts = vec!["edit.js", "copy.js"];
    if path == "/settings/info-pane" {
        scripts.extend(["suggest.js", "arrange.js"]);
    }
    scripts
}

pub(super) fn shell(frame: &Frame, path: &str, title: &str, content: Markup) -> Markup {
    frame.page(Part::Settings, title, &scripts(path), html! {
        div.beside {
            nav.side-nav aria-label=(words::SETTINGS) {
                @for (group, pages) in groups(frame) {
                    h2 { (group) }
                    ul {
                        @for page in pages {
                            li { a href=(page.path) aria-current=[(page.path == path).then_some("page")] { (page.word) } }
                        }
                    }
                }
            }
            div.settings-page #settings-page {
                div.page-head { h1 { (title) } }
                (content)
            }
        }
    })
}

/// `GET /settings`: the first page that whoever looks may open.
async fn first(frame: Frame) -> Redirect {
    let mut pages = groups(&frame).flat_map(|(_, pages)| pages);
    Redirect::to(pages.find(|page| page.path.starts_with("/settings/")).map_or("/", |page| page.path))
}
