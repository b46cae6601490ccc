//! The customers: the list of everybody, its segments and filters, and what is done to many at once.

mod asked;

mod cells;
mod filters;
mod list;
mod side;

mod bulk_page;

mod bulk;
mod handlers;
mod new;
mod save;

#[cfg(test)]
mod tests;

use axum::http::Method;

use crate::{auth::Permission::*, routes::Route};

/// The routes of the list.
pub(super) fn routes() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    vec![
        Route::page(GET, "/customers", Read, handlers::customers),
        Route::page(GET, "/customers/new", Write, new::show),
        Route::page(POST, "/customers/new", Write, new::make),
        Route::page(GET, "/customers/filter", Read, handlers::add_filter),
        Route::page(GET, "/customers/export", Read, bulk::export_list),
        Route::page(POST, "/customers/segments", Read, save::make),
        Route::page(POST, "/customers/segments/{id}", Read, save::change),
        Route::page(POST, "/customers/segments/{id}/remove", Read, save::remove),
        Route::page(POST, "/customers/segments/{id}/restore", Read, save::restore),
        Route::page(POST, "/customers/columns", Read, save::columns),
        Route::page(GET, "/customers/bulk", Write, bulk::list),
        Route::page(POST, "/customers/bulk", Write, bulk::compose),
        Route::page(POST, "/customers/bulk/start", Write, bulk::start),
        Route::page(GET, "/customers/bulk/{id}", Write, bulk::show),
        Route::page(POST, "/customers/bulk/{id}/stop", Write, bulk::stop),
        Route::page(POST, "/customers/bulk/{id}/undo", Write, bulk::undo),
    ]
}
