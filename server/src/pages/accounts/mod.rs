//! Accounts: the list, and one with its fields, people, notes and conversations.

mod deeds;
mod list;
mod page;
mod show;

pub(crate) mod notes;

use axum::http::Method;
use maud::Markup;
use whom_core::model::AccountId;

use crate::{app::AppState, auth::Permission::*, problem::Problem, routes::Route};

use super::frame::Frame;

/// The routes of the pages and their deeds.
pub(super) fn routes() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    vec![
        Route::page(GET, "/accounts", Read, show::list),
        Route::page(POST, "/accounts", Write, deeds::create),
        Route::page(GET, "/accounts/{id}", Read, show::one),
        Route::page(POST, "/accounts/{id}", Write, deeds::edit),
        Route::page(POST, "/accounts/{id}/members", Write, deeds::add_member),
        Route::page(POST, "/accounts/{id}/members/{profile}/remove", Write, deeds::remove_member),
        Route::page(POST, "/accounts/{id}/notes", Write, notes::add),
        Route::page(POST, "/accounts/{id}/notes/{note}/{deed}", Write, notes::change),
        Route::page(GET, "/customers/{id}/notes/{note}", Read, notes::of_customer),
        Route::page(POST, "/customers/{id}/notes/{note}/{deed}", Write, notes::change_of_customer),
        Route::page(POST, "/customers/{id}/account-links/{entry}/undo", Write, deeds::undo_link),
        Route::page(POST, "/customers/{id}/accounts", Write, deeds::link),
        Route::page(POST, "/customers/{id}/accounts/{account}/unlink", Write, deeds::unlink),
        Route::page(POST, "/customers/{id}/relationships", Write, deeds::relate),
        Route::page(POST, "/customers/{id}/relationships/{related}/{deed}", Write, deeds::set_related),
    ]
}

/// The cards of an account, to be looked at by whoever arranges them.
pub(super) async fn preview(state: &AppState, frame: &Frame, id: AccountId) -> Result<Markup, Problem> {
    Ok(page::cards(frame, &show::read(state, frame, id, None, None).await?))
}
