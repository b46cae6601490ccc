//! The pages, made on the server: each one works without scripts, and small modules make it quicker.
//!
//! A handler in `show` or `deeds` asks the engine and hands plain structs to a file that only draws.
//! All words stand in `words`, all drawings in `icons`, all parts that recur in `components`.

mod words;

mod assets;
mod icons;

mod components;
mod frame;

mod errors;
mod login;

mod customers;

mod conversations;
mod entry;
mod history;
mod info_pane;
mod message;
mod profile;
mod timeline;

mod merge;
mod why;

mod answer;
mod looker;

mod deeds;
mod show;
pub(crate) mod sign_in;

pub(crate) use answer::failures_as_pages;

use axum::http::Method;

use crate::{auth::Permission::*, routes::Route};

/// The routes of the pages; [`crate::routes::table`] takes them in.
pub(crate) fn routes() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    vec![
        Route::open(GET, "/assets/{name}", assets::serve),
        Route::page(GET, "/", BeKnown, show::home),
        Route::page(POST, "/theme", BeKnown, deeds::set_theme),
        Route::page(GET, "/customers", Read, show::customers),
        Route::page(GET, "/customers/{id}", Read, show::profile),
        Route::page(GET, "/customers/{id}/entries/{entry}", Read, show::entry),
        Route::page(GET, "/customers/{id}/why/{property}", Read, show::why),
        Route::page(GET, "/customers/{id}/merge", Read, show::compare),
        Route::page(POST, "/customers/{id}/merge", Write, deeds::merge),
        Route::page(POST, "/customers/{id}/notes", Write, deeds::add_note),
        Route::page(POST, "/customers/{id}/detach/{contact}", Write, deeds::detach),
        Route::page(POST, "/customers/{id}/undo/{change}", Write, deeds::undo),
    ]
}

/// A text as it may stand in a query.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod contrast;
#[cfg(test)]
mod tests;
