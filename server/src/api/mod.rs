//! The JSON API under `/v1`: one file per resource, with its query, its answer and its handlers together.
//!
//! Conventions: a list answers `{items, next_cursor}` and takes `cursor` and `limit`; what fails answers
//! problem+json; what has a version carries it as `ETag`, and a change of it demands `If-Match`.

mod failure;
pub(crate) mod list;
mod version;

pub(crate) mod accounts;
mod backup;
mod contacts;
mod conversations;
mod decisions;
mod duplicates;
mod edits;
mod export;
pub(crate) mod inbox;
pub(crate) mod keys;
mod mail;
mod merges;
mod notes;
mod photo;
mod profiles;
mod relationships;
mod removal;
pub(crate) mod tasks;
mod timeline;
mod written;

pub(crate) mod feed;

pub(crate) mod audit;
pub(crate) mod fields;
pub(crate) mod invitations;
pub(crate) mod me;
pub(crate) mod people;
pub(crate) mod sessions;
mod settings;

pub(crate) use list::{Items, PageQuery};
pub(crate) use profiles::request_id;

#[cfg(test)]
mod kept_tests;
pub(crate) use tasks::somebody;

#[cfg(test)]
mod conversation_tests;
#[cfg(test)]
mod tests;

use axum::http::Method;

use crate::{auth::Permission::*, routes::Route};

/// The routes of the JSON API.
pub(crate) fn routes() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    const PUT: Method = Method::PUT;
    const PATCH: Method = Method::PATCH;
    const DELETE: Method = Method::DELETE;
    vec![
        Route::api(GET, "/v1/profiles", Read, profiles::list),
        Route::api(POST, "/v1/profiles", Write, profiles::create).repeatable(),
        Route::api(GET, "/v1/profiles/{handle}", Read, profiles::show),
        Route::api(PATCH, "/v1/profiles/{handle}", Write, profiles::edit),
        Route::api(DELETE, "/v1/profiles/{handle}", Erase, removal::erase).noted("erased"),
        Route::api(GET, "/v1/profiles/{handle}/export", Read, export::json),
        Route::api(GET, "/v1/profiles/{handle}/export.vcf", Read, export::card),
        Route::api(GET, "/v1/profiles/{handle}/why/{property}", Read, profiles::why),
        Route::api(POST, "/v1/profiles/{handle}/properties/{property}/pin", Write, decisions::pin),
        Route::api(POST, "/v1/profiles/{handle}/properties/{property}/unpin", Write, decisions::unpin),
        Route::api(POST, "/v1/profiles/{handle}/properties/{property}/hide", Write, decisions::hide),
        Route::api(POST, "/v1/profiles/{handle}/properties/{property}/show", Write, decisions::show),
        Route::api(POST, "/v1/profiles/{handle}/properties/{property}/never", Write, decisions::never),
        Route::api(POST, "/v1/profiles/{handle}/properties/{property}/again", Write, decisions::again),
        Route::api(POST, "/v1/profiles/{handle}/properties/{property}/take", Write, decisions::take),
        Route::api(POST, "/v1/profiles/{handle}/reveal/{property}", Write, fields::reveal),
        Route::api(DELETE, "/v1/profiles/{handle}/photo", Write, photo::clear),
        Route::api(POST, "/v1/profiles/{handle}/photo/restore", Write, photo::restore),
        Route::api(GET, "/v1/profiles/{handle}/contacts", Read, contacts::list),
        Route::api(POST, "/v1/profiles/{handle}/contacts", Write, contacts::add).repeatable(),
        Route::api(POST, "/v1/profiles/{handle}/contacts/{contact}/detach", Write, contacts::detach)
            .repeatable(),
        Route::api(POST, "/v1/contacts/{contact}/move", Write, contacts::move_to).repeatable(),
        Route::api(GET, "/v1/profiles/{handle}/merge-preview", Read, decisions::preview),
        Route::api(POST, "/v1/profiles/{handle}/merge", Write, merges::merge).repeatable().noted("merged"),
        Route::api(POST, "/v1/profiles/{handle}/not-the-same", Write, merges::tell_apart).repeatable(),
        Route::api(POST, "/v1/profiles/{handle}/maybe-the-same", Write, merges::maybe_same).repeatable(),
        Route::api(GET, "/v1/profiles/{handle}/duplicates", Read, duplicates::of_profile),
        Route::api(GET, "/v1/duplicates", Read, duplicates::queue),
        Route::api(GET, "/v1/reviews", Read, duplicates::reviews),
        Route::api(GET, "/v1/profiles/{handle}/history", Read, merges::history),
        Route::api(POST, "/v1/merges/{id}/undo", Write, merges::undo).repeatable().noted("merge_undone"),
        Route::api(POST, "/v1/profiles/{handle}/trash", Write, removal::trash),
        Route::api(POST, "/v1/profiles/{handle}/restore", Write, removal::restore),
        Route::api(GET, "/v1/profiles/{handle}/timeline", Read, timeline::show),
        Route::api(GET, "/v1/profiles/{handle}/notes", Read, written::list),
        Route::api(POST, "/v1/profiles/{handle}/notes", Write, timeline::add_note).repeatable(),
        Route::api(GET, "/v1/profiles/{handle}/notes/{note}", Read, written::show),
        Route::api(PATCH, "/v1/profiles/{handle}/notes/{note}", Write, written::edit),
        Route::api(DELETE, "/v1/profiles/{handle}/notes/{note}", Write, written::remove),
        Route::api(GET, "/v1/profiles/{handle}/notes/{note}/steps", Read, written::steps),
        Route::api(POST, "/v1/profiles/{handle}/notes/{note}/pin", Write, written::pin),
        Route::api(POST, "/v1/profiles/{handle}/notes/{note}/unpin", Write, written::unpin),
        Route::api(POST, "/v1/profiles/{handle}/notes/{note}/restore", Write, written::restore),
        Route::api(GET, "/v1/profiles/{handle}/tasks", Read, tasks::of_profile),
        Route::api(POST, "/v1/profiles/{handle}/tasks", Write, tasks::add).repeatable(),
        Route::api(GET, "/v1/tasks", Read, tasks::list),
        Route::api(GET, "/v1/tasks/{id}", Read, tasks::show),
        Route::api(PATCH, "/v1/tasks/{id}", Write, tasks::edit),
        Route::api(DELETE, "/v1/tasks/{id}", Write, tasks::remove),
        Route::api(POST, "/v1/tasks/{id}/done", Write, tasks::finish),
        Route::api(POST, "/v1/tasks/{id}/reopen", Write, tasks::reopen),
        Route::api(GET, "/v1/relationship-words", Read, relationships::known_words),
        Route::api(GET, "/v1/profiles/{handle}/relationships", Read, relationships::list),
        Route::api(POST, "/v1/profiles/{handle}/relationships", Write, relationships::add).repeatable(),
        Route::api(DELETE, "/v1/profiles/{handle}/relationships/{id}", Write, relationships::remove),
        Route::api(POST, "/v1/profiles/{handle}/relationships/{id}/restore", Write, relationships::restore),
        Route::api(POST, "/v1/profiles/{handle}/accounts", Write, accounts::link).repeatable(),
        Route::api(DELETE, "/v1/profiles/{handle}/accounts/{account}", Write, accounts::unlink),
        Route::api(POST, "/v1/profiles/{handle}/account-links/{entry}/undo", Write, accounts::undo_link),
        Route::api(GET, "/v1/profiles/{handle}/conversations", Read, conversations::of_profile),
        Route::api(GET, "/v1/entries/{id}", Read, timeline::entry),
        Route::api(GET, "/v1/entries/{id}/body", Read, timeline::body),
        Route::api(GET, "/v1/entries/{id}/attachments/{index}", Read, timeline::attached),
        Route::api(GET, "/v1/conversations", Read, conversations::list),
        Route::api(POST, "/v1/conversations/bulk", Write, conversations::bulk).repeatable(),
        Route::api(GET, "/v1/conversations/{id}", Read, conversations::show),
        Route::api(PATCH, "/v1/conversations/{id}", Write, conversations::edit),
        Route::api(POST, "/v1/conversations/{id}/notes", Write, conversations::add_note).repeatable(),
        Route::api(POST, "/v1/conversations/{id}/merge", Write, conversations::merge).repeatable(),
        Route::api(POST, "/v1/conversations/{id}/split", Write, conversations::split).repeatable(),
        Route::api(POST, "/v1/conversations/{id}/undo", Write, conversations::undo).repeatable(),
        Route::api(POST, "/v1/conversations/{id}/satisfaction", Write, conversations::satisfaction)
            .repeatable(),
        Route::api(POST, "/v1/conversations/{id}/profile", Write, conversations::to_profile).repeatable(),
        Route::api(GET, "/v1/inbox", Read, inbox::list),
        Route::api(GET, "/v1/inbox/counts", Read, inbox::counts),
        Route::api(GET, "/v1/accounts", Read, accounts::list),
        Route::api(POST, "/v1/accounts", Write, accounts::create).repeatable(),
        Route::api(GET, "/v1/accounts/{id}", Read, accounts::show),
        Route::api(PATCH, "/v1/accounts/{id}", Write, accounts::edit),
        Route::api(GET, "/v1/accounts/{id}/notes", Read, written::list_of_account),
        Route::api(POST, "/v1/accounts/{id}/notes", Write, written::add_to_account).repeatable(),
        Route::api(PATCH, "/v1/accounts/{id}/notes/{note}", Write, written::edit_of_account),
        Route::api(DELETE, "/v1/accounts/{id}/notes/{note}", Write, written::remove_of_account),
        Route::api(POST, "/v1/accounts/{id}/notes/{note}/pin", Write, written::pin_of_account),
        Route::api(POST, "/v1/accounts/{id}/notes/{note}/unpin", Write, written::unpin_of_account),
        Route::api(POST, "/v1/accounts/{id}/notes/{note}/restore", Write, written::restore_of_account),
        Route::api(GET, "/v1/accounts/{id}/members", Read, accounts::members),
        Route::api(POST, "/v1/messages/raw", Ingest, mail::one).long(),
        Route::api(POST, "/v1/ingest/mail-batch", Ingest, mail::batch).streamed(),
        Route::api(POST, "/v1/ingest/event-batch", Ingest, crate::tracking::bring).long(),
        Route::api(GET, "/v1/ingest/problems", Administer, notes::list),
        Route::api(GET, "/v1/backup", Administer, backup::backup).noted("backup_taken"),
        Route::api(GET, "/v1/feed", Read, feed::feed),
        Route::api(GET, "/v1/figures", Read, feed::figures),
        Route::api(GET, "/v1/me", BeKnown, me::who_am_i),
        Route::api(GET, "/v1/me/settings", BeKnown, me::settings),
        Route::api(PATCH, "/v1/me/settings", BeKnown, me::edit),
        Route::api(POST, "/v1/me/password", BeKnown, me::password),
        Route::api(GET, "/v1/me/sessions", BeKnown, me::own_sessions),
        Route::api(DELETE, "/v1/me/sessions", BeKnown, me::end_others),
        Route::api(DELETE, "/v1/me/sessions/{id}", BeKnown, me::end_session),
        Route::api(POST, "/v1/me/second-factor", BeKnown, me::begin_second_factor),
        Route::api(POST, "/v1/me/second-factor/confirm", BeKnown, me::confirm_second_factor),
        Route::api(DELETE, "/v1/me/second-factor", BeKnown, me::remove_second_factor),
        Route::api(GET, "/v1/people", Administer, people::list),
        Route::api(POST, "/v1/people", Administer, people::add).repeatable().noted_inside(),
        Route::api(PATCH, "/v1/people/{login}", Administer, people::edit).noted_inside(),
        Route::api(POST, "/v1/people/{login}/login-link", Administer, people::login_link).noted_inside(),
        Route::api(POST, "/v1/people/{login}/reset-link", Administer, invitations::reset_link).noted_inside(),
        Route::api(GET, "/v1/people/{login}/sessions", Administer, sessions::list),
        Route::api(DELETE, "/v1/people/{login}/sessions", Administer, sessions::end_all_of).noted_inside(),
        Route::api(DELETE, "/v1/people/{login}/sessions/{id}", Administer, sessions::end_one_of)
            .noted_inside(),
        Route::api(DELETE, "/v1/people/{login}/second-factor", Administer, sessions::reset_second_factor)
            .noted_inside(),
        Route::api(GET, "/v1/invitations", Administer, invitations::list),
        Route::api(POST, "/v1/invitations", Administer, invitations::invite).noted_inside(),
        Route::api(DELETE, "/v1/invitations/{id}", Administer, invitations::revoke).noted_inside(),
        Route::api(GET, "/v1/audit", Administer, audit::list),
        Route::api(GET, "/v1/settings/fields", Administer, fields::list),
        Route::api(PUT, "/v1/settings/fields", Administer, fields::replace).noted_inside(),
        Route::api(GET, "/v1/settings/security", Administer, audit::security),
        Route::api(PUT, "/v1/settings/security", Administer, audit::replace_security).noted_inside(),
        Route::api(GET, "/v1/keys", Administer, keys::list),
        Route::api(POST, "/v1/keys", Administer, keys::mint).noted_inside(),
        Route::api(DELETE, "/v1/keys/{id}", Administer, keys::revoke).noted_inside(),
        Route::api(GET, "/v1/settings", Administer, settings::show),
        Route::api(PUT, "/v1/settings", Administer, settings::replace).noted("settings_changed"),
        Route::api(GET, "/v1/rules", Read, settings::rules),
    ]
}
