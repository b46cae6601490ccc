//! People who work here, oneself, keys, the audit log, and who sees what: pages among the settings.

mod parts;

mod list;
mod person;
mod you;

mod audit;
mod fields;
mod keys;

use axum::http::Method;

use crate::{auth::Permission::*, routes::Route};

/// The routes of these pages.
pub(super) fn routes() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    vec![
        Route::page(GET, "/settings/you", BeKnown, you::page),
        Route::page(POST, "/settings/you", BeKnown, you::save),
        Route::page(POST, "/settings/you/password", BeKnown, you::password),
        Route::page(POST, "/settings/you/second-factor", BeKnown, you::begin_second_factor),
        Route::page(POST, "/settings/you/second-factor/confirm", BeKnown, you::confirm_second_factor),
        Route::page(POST, "/settings/you/second-factor/remove", BeKnown, you::remove_second_factor),
        Route::page(POST, "/settings/you/sessions/end", BeKnown, you::end_session),
        Route::page(GET, "/settings/people", Administer, list::page),
        Route::page(POST, "/settings/people", Administer, list::invite).noted_inside(),
        Route::page(POST, "/settings/people/security", Administer, list::security).noted_inside(),
        Route::page(POST, "/settings/people/invitations/{id}/revoke", Administer, list::revoke)
            .noted_inside(),
        Route::page(GET, "/settings/people/{login}", Administer, person::page),
        Route::page(POST, "/settings/people/{login}", Administer, person::save).noted_inside(),
        Route::page(POST, "/settings/people/{login}/disabled", Administer, person::disable).noted_inside(),
        Route::page(POST, "/settings/people/{login}/reset-link", Administer, person::reset_link)
            .noted_inside(),
        Route::page(POST, "/settings/people/{login}/second-factor", Administer, person::reset_second_factor)
            .noted_inside(),
        Route::page(POST, "/settings/people/{login}/sessions/end", Administer, person::end_sessions)
            .noted_inside(),
        Route::page(GET, "/settings/keys", Administer, keys::page),
        Route::page(POST, "/settings/keys", Administer, keys::mint).noted_inside(),
        Route::page(POST, "/settings/keys/{id}/revoke", Administer, keys::revoke).noted_inside(),
        Route::page(GET, "/settings/audit", Administer, audit::page),
        Route::page(GET, "/settings/fields", Administer, fields::page),
        Route::page(POST, "/settings/fields", Administer, fields::save).noted_inside(),
    ]
}
