//! The pages, made on the server: each one works without scripts, and small modules make it quicker.
//!
//! Every area has its folder: handlers ask the engine and hand plain structs to files that only draw.
//! All words stand in `words`, all drawings in `icons`, all parts that recur in `components`.

pub(crate) mod words;

mod assets;
mod icons;

mod components;

mod bar;
mod frame;
mod palette;
mod rail;

mod errors;
mod sign_in;

mod accounts;
mod conversation;
mod customers;
mod duplicates;
mod inbox;
mod message;
mod notices;
mod people;
mod profile;
mod settings;
mod tasks;

mod answer;
pub(crate) mod back;
mod look;
mod looker;
mod meant;
mod sent;
mod styleguide;
mod waiting;

pub(crate) use answer::failures_as_pages;
pub(crate) use conversation::address_of;

use axum::http::Method;

use crate::{auth::Permission::*, routes::Route};

/// The routes of the pages, area by area; [`crate::routes::table`] takes them in.
pub(crate) fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::open(Method::GET, "/assets/{name}", assets::serve),
        Route::page(Method::GET, "/", BeKnown, look::home),
        Route::page(Method::GET, "/rail", BeKnown, waiting::page),
        Route::page(Method::POST, "/theme", BeKnown, look::set_theme),
        Route::page(Method::GET, "/styleguide", BeKnown, styleguide::page),
        Route::page(Method::POST, "/styleguide", BeKnown, styleguide::try_out),
    ];
    routes.extend(sign_in::routes());
    routes.extend(customers::routes());
    routes.extend(inbox::routes());
    routes.extend(conversation::routes());
    routes.extend(meant::routes());
    routes.extend(message::routes());
    routes.extend(notices::routes());
    routes.extend(people::routes());
    routes.extend(profile::routes());
    routes.extend(settings::routes());
    routes.extend(tasks::routes());
    routes.extend(accounts::routes());
    routes.extend(duplicates::routes());
    routes
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
