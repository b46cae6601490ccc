//! A message wherever it is shown: its text or its HTML, its pictures, its files, its header.

mod body;
mod deed;
mod envelope;
mod handlers;
mod pictures;

pub(crate) use body::{Shape, body};
pub(crate) use deed::deed_in_words;
pub(crate) use envelope::envelope;

use axum::http::Method;

use crate::{auth::Permission::*, routes::Route};

/// The routes of single messages and what belongs to them.
pub(super) fn routes() -> Vec<Route> {
    const GET: Method = Method::GET;
    vec![
        Route::page(GET, "/entries/{entry}", Read, handlers::message),
        Route::page(GET, "/entries/{entry}/headers", Read, handlers::headers),
        Route::page(GET, "/entries/{entry}/attachments/{index}", Read, handlers::attached),
        Route::page(GET, "/entries/{entry}/images/{index}", Read, pictures::of_message),
        Route::page(GET, "/customers/{id}/photo", Read, pictures::photo),
        Route::page(Method::POST, "/customers/{id}/photo/remove", Write, pictures::remove),
        Route::page(Method::POST, "/customers/{id}/photo/restore", Write, pictures::restore),
    ]
}
