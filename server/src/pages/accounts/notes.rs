//! Notes about customers and accounts: the card that lists them, and what is done with one.

use axum::{extract::State, response::Response};
use maud::{Markup, html};
use serde::Deserialize;
use whom_core::{
    engine::{NoteView, NoteWish},
    model::{AccountId, EntryId, ExternalId, ProfileId},
};

use crate::pages::{
    answer::Html,
    back::Back,
    encoded,
    frame::{Frame, Part},
    icons::Icon,
    sent::Sent,
    words::{self as all_words, kept as words},
};
use crate::{
    app::AppState,
    auth::Principal,
    http::{ApiPath, ApiQuery},
    problem::Problem,
};

/// Whom notes are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// An account.
    Account(AccountId),
    /// A customer.
    Profile(ProfileId),
}

impl Owner {
    /// Their page.
    pub(crate) fn page(&self) -> String {
        match self {
            Self::Account(id) => format!("/accounts/{id}"),
            Self::Profile(id) => format!("/customers/{id}"),
        }
    }

    fn topic(&self) -> String {
        match self {
            Self::Account(id) => format!("account:{id}"),
            Self::Profile(id) => format!("profile:{id}"),
        }
    }
}

/// Whose notes stand on which page.
#[derive(Clone, Debug)]
pub(crate) struct Here {
    /// Whose they are.
    pub(crate) owner: Owner,
    /// The page they stand on, to which their deeds come back.
    pub(crate) back: String,
}

impl Here {
    fn deed(&self, path: &str) -> String {
        format!("{}/{path}?back={}", self.owner.page(), encoded(&self.back))
    }
}

/// The card: pinned ones first, then the latest, and a field for one more.
///
/// The page it stands on loads `note.js`, and takes [`crate::pages::back::NewsQuery`] to tell what was done.
pub(crate) fn card(frame: &Frame, owner: &Owner, notes: &[NoteView], more: Option<&str>) -> Markup {
    let here = Here { owner: *owner, back: owner.page() };
    let pinned = notes.iter().filter(|note| note.pinned.is_some());
    let others = notes.iter().filter(|note| note.pinned.is_none());
    html! {
        section.card.kept #notes aria-labelledby="notes-title" data-live=(owner.topic()) {
            div.card-head { h2 #notes-title { (words::NOTES) } }
            @if frame.may_write { div.card-body { (form(&here, "new-note")) } }
            ul.notes {
                @for note in pinned.chain(others) { (row(frame, &here, note)) }
                @if notes.is_empty() { li.soft { (words::NO_NOTES) } }
                @if let Some(more) = more { li { a href=(format!("{}?notes={more}#notes", here.back)) { (all_words::OLDER) } } }
            }
        }
    }
}

/// A field for one more; `id` is what it is called on its page.
pub(crate) fn form(here: &Here, id: &str) -> Markup {
    html! {
        form.note-form method="post" action=(here.deed("notes")) data-quick {
            input type="hidden" name="request" value=(crate::secret::hex(&crate::secret::random::<12>()));
            label.unseen for=(id) { (words::NOTE_HINT) }
            textarea id=(id) name="text" rows="2" required maxlength="20000" placeholder=(words::NOTE_HINT) title=(words::NOTE_KEYS) data-enter-saves {}
            button.small { (words::SAVE_NOTE) }
        }
    }
}

/// One note.
pub(crate) fn row(frame: &Frame, here: &Here, note: &NoteView) -> Markup {
    let action = |deed: &str| here.deed(&format!("notes/{}/{deed}", note.id));
    let (pin, pin_words) = if note.pinned.is_some() { ("unpin", words::UNPIN) } else { ("pin", words::PIN) };
    html! {
        li.note-card.pinned[note.pinned.is_some()] data-row data-id=(note.id) {
            p.note-text { (note.text) }
            div.faint {
                (all_words::source(&note.made.by)) span.dot {} (frame.moments.ago(note.made.at))
                @if let Some(edited) = &note.edited { span.dot {} (words::EDITED) " " (all_words::source(&edited.by)) " " (frame.moments.ago(edited.at)) }
                @if let Some(pinned) = &note.pinned { span.dot {} (words::PINNED_BY) " " (all_words::source(&pinned.by)) }
            }
            @if frame.may_write {
                div.note-deeds {
                    form method="post" action=(action(pin)) data-quick { button.icon-button.small title=(pin_words) aria-label=(pin_words) { (Icon::Star.svg()) } }
                    details.note-edit {
                        summary.button.icon-button.small title=(words::EDIT) aria-label=(words::EDIT) { (Icon::Pencil.svg()) }
                        (edit(here, note))
                    }
                    form method="post" action=(action("remove")) data-quick { button.icon-button.small title=(words::TAKE_AWAY) aria-label=(words::TAKE_AWAY) { (Icon::Trash.svg()) } }
                }
            }
        }
    }
}

/// The form in which a note is changed, while it still says what was read.
pub(crate) fn edit(here: &Here, note: &NoteView) -> Markup {
    let field = format!("note-{}", note.id);
    html! {
        form method="post" action=(here.deed(&format!("notes/{}/edit", note.id))) data-quick {
            input type="hidden" name="version" value=(note.version);
            label.unseen for=(field) { (words::EDIT) }
            textarea id=(field) name="text" rows="3" required maxlength="20000" data-enter-saves { (note.text) }
            button.primary.small { (all_words::SAVE) }
        }
    }
}

/// What stands behind `?` where a form or a page with it can be asked for.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct EditQuery {
    fragment: Option<String>,
}

/// `GET /customers/{id}/notes/{note}`: a note of a customer, to be changed.
pub(crate) async fn of_customer(
    State(state): State<AppState>,
    frame: Frame,
    ApiPath((profile, note)): ApiPath<(ProfileId, EntryId)>,
    ApiQuery(query): ApiQuery<EditQuery>,
) -> Result<Html, Problem> {
    let note = state.engine().note(profile, note).await?;
    let owner = Owner::Profile(profile);
    let here = Here { owner, back: owner.page() };
    if query.fragment.is_some() {
        return Ok(Html::ok(if frame.may_write { edit(&here, &note) } else { Markup::default() }));
    }
    let view = state.engine().view(profile, state.now()).await?;
    Ok(Html::ok(frame.page(
        Part::Customers,
        words::NOTES,
        &["note.js"],
        html! {
            div.column.narrow.kept {
                p { a href=(here.back) { (view.name) } }
                h1 { (words::NOTES) }
                ul.notes { (row(&frame, &here, &note)) }
            }
        },
    )))
}

/// A note that was written.
#[derive(Deserialize)]
pub(crate) struct New {
    text: String,
    request: String,
}

/// `POST /accounts/{id}/notes`
pub(crate) async fn add(
    State(state): State<AppState>,
    by: Principal,
    back: Back,
    ApiPath(account): ApiPath<AccountId>,
    Sent(new): Sent<New>,
) -> Result<Response, Problem> {
    let request = ExternalId::new(format!("page:{}", by.scope()), new.request);
    let (source, now) = (by.source(), state.now());
    state.engine().add_account_note(account, &new.text, &request, &source, now).await?;
    Ok(back.with(&format!("/accounts/{account}"), "note_added", None))
}

/// What else a deed of a note may need.
#[derive(Default, Deserialize)]
pub(crate) struct Change {
    text: Option<String>,
    version: Option<u64>,
}

fn wish(deed: &str, change: Change) -> Result<(NoteWish, &'static str), Problem> {
    Ok(match (deed, change.text) {
        ("edit", Some(text)) => (NoteWish::Write(text, change.version), "note_changed"),
        ("pin", _) => (NoteWish::Pin, "note_pinned"),
        ("unpin", _) => (NoteWish::Unpin, "note_unpinned"),
        ("remove", _) => (NoteWish::Remove, "note_removed"),
        ("restore", _) => (NoteWish::Restore, "note_restored"),
        _ => return Err(Problem::not_found("nothing of that sort can be done with a note")),
    })
}

/// `POST /accounts/{id}/notes/{note}/{deed}`
pub(crate) async fn change(
    State(state): State<AppState>,
    by: Principal,
    back: Back,
    ApiPath((account, note, deed)): ApiPath<(AccountId, EntryId, String)>,
    Sent(given): Sent<Change>,
) -> Result<Response, Problem> {
    let (wish, done) = wish(&deed, given)?;
    state.engine().change_account_note(account, note, &wish, &by.source(), state.now()).await?;
    Ok(back.with(&format!("/accounts/{account}"), done, Some(&format!("{account}-{note}"))))
}

/// `POST /customers/{id}/notes/{note}/{deed}`
pub(crate) async fn change_of_customer(
    State(state): State<AppState>,
    by: Principal,
    back: Back,
    ApiPath((profile, note, deed)): ApiPath<(ProfileId, EntryId, String)>,
    Sent(given): Sent<Change>,
) -> Result<Response, Problem> {
    let (wish, done) = wish(&deed, given)?;
    state.engine().change_note(profile, note, &wish, &by.source(), state.now()).await?;
    Ok(back.with(&format!("/customers/{profile}"), done, Some(&format!("{profile}-{note}"))))
}
