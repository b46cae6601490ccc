//! Accounts as a card: what they are, their notes, and linking to one.

use std::collections::BTreeSet;

use maud::{Markup, html};
use whom_core::{
    engine::NoteView,
    model::{Account, AccountId, ProfileId},
    view::ProfileView,
};

use super::{InfoPane, Layout};
use crate::{
    app::AppState,
    pages::{
        accounts::notes::{self, Owner},
        components::{Control, InlineEdit, field_name},
        frame::Frame,
        icons::Icon,
        words::{self, kept, profile as say},
    },
    problem::Problem,
};

/// How far its people are counted.
const COUNTED: usize = 100;
/// How many notes stand here besides the pinned ones.
const NOTES: usize = 3;
/// How many fields stand here before the rest is folded.
const FIELDS: usize = 6;

/// An account that a customer belongs to.
pub(super) struct Shown {
    account: Account,
    /// How many people belong to it, and whether there are more.
    people: (usize, bool),
    /// The pinned notes, then the latest others.
    notes: Vec<NoteView>,
}

/// Reads the accounts of a customer.
pub(super) async fn read(state: &AppState, view: &ProfileView) -> Result<Vec<Shown>, Problem> {
    let ids: Vec<AccountId> = view.accounts.iter().map(|account| account.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (store, engine) = (state.store(), state.engine());
    let mut all = Vec::new();
    for account in store.accounts(&ids).await?.into_iter().flatten() {
        let members = store.account_members(account.id, None, COUNTED).await?;
        let goes_on = members.len() == COUNTED;
        let contacts = store.contacts(&members).await?;
        // Somebody may belong to it by more than one of their contacts.
        let people: BTreeSet<ProfileId> =
            contacts.into_iter().flatten().map(|contact| contact.profile).collect();
        let mut notes = engine.pinned_account_notes(account.id).await?;
        let latest = engine.account_notes(account.id, None, NOTES).await?;
        notes.extend(latest.notes.into_iter().filter(|note| note.pinned.is_none()));
        all.push(Shown { people: (people.len(), goes_on), account, notes });
    }
    Ok(all)
}

/// One field of an account, by its key: what it is called, and its value.
pub(crate) fn account_field(account: &Account, key: &str) -> (String, String) {
    match key {
        "name" => (words::NAME.to_owned(), account.name.clone()),
        "domain" => (kept::DOMAIN.to_owned(), property(account, key)),
        _ => (words::capital(&field_name(key)), property(account, key)),
    }
}

fn property(account: &Account, key: &str) -> String {
    account.properties.get(key).map(ToString::to_string).unwrap_or_default()
}

/// The fields that stand in a card, in order: those with a value that are not hidden.
fn fields(layout: &Layout, account: &Account) -> Vec<Field> {
    let known: Vec<&str> =
        ["domain"].into_iter().chain(account.shown_properties().map(|(name, _)| name)).collect();
    let all = layout.all_fields(&known);
    let mut seen = BTreeSet::new();
    all.iter()
        .filter(|key| layout.shows_field(key) && seen.insert(key.as_str()))
        .map(|key| {
            let (label, value) = account_field(account, key);
            Field { key: key.clone(), label, value }
        })
        .filter(|field| !field.value.is_empty())
        .collect()
}

/// A field of an account with its value.
struct Field {
    key: String,
    label: String,
    value: String,
}

/// The card.
pub(super) fn card(frame: &Frame, pane: &InfoPane) -> Markup {
    if pane.accounts.is_empty() && !frame.may_write {
        return Markup::default();
    }
    html! {
        div.block.account-block {
            h2 { (words::ACCOUNTS) }
            @for (place, shown) in pane.accounts.iter().enumerate() { (one(frame, pane, shown, place)) }
            @if frame.may_write { (link(pane)) }
        }
    }
}

fn one(frame: &Frame, pane: &InfoPane, shown: &Shown, place: usize) -> Markup {
    let account = &shown.account;
    let fields = fields(&pane.account_layout, account);
    let (main, more) = fields.split_at(fields.len().min(FIELDS));
    let action = pane.back(&format!("/accounts/{}", account.id));
    let version = account.version.to_string();
    let row = |field: &Field| {
        html! {
            dt { (field.label) }
            dd {
                @if frame.may_write {
                    (InlineEdit {
                        id: &format!("a{place}-{}", field.key),
                        label: &field.label,
                        action: &action,
                        name: &format!("p.{}", field.key),
                        value: &field.value,
                        version: &version,
                        control: Control::Line("text"),
                        hint: kept::EMPTY_FIELD,
                    }.markup())
                } @else { (field.value) }
            }
        }
    };
    html! {
        div.account-card data-id=(account.id) {
            div.account-name {
                (Icon::Building.svg())
                div {
                    a href=(format!("/accounts/{}", account.id)) { (account.name) }
                    div.faint { (say::people_count(shown.people.0, shown.people.1)) }
                }
                @if frame.may_write {
                    form method="post" action=(pane.deed(&format!("accounts/{}/unlink", account.id))) data-quick {
                        button.icon-button.small title=(say::UNLINK) aria-label=(format!("{}: {}", say::UNLINK, account.name)) { (Icon::Cross.svg()) }
                    }
                }
            }
            @if !pane.account_layout.hides("fields") && !main.is_empty() {
                dl.pairs.edits { @for field in main { (row(field)) } }
                @if !more.is_empty() {
                    details { summary.faint { (say::MORE_FIELDS) " (" (more.len()) ")" } dl.pairs.edits { @for field in more { (row(field)) } } }
                }
            }
            @if !pane.account_layout.hides("notes") {
                @let here = notes::Here { owner: Owner::Account(account.id), back: pane.here() };
                @if !shown.notes.is_empty() {
                    ul.notes { @for note in &shown.notes { (notes::row(frame, &here, note)) } }
                }
                @if frame.may_write {
                    details.adds {
                        summary.faint { (say::ADD_ACCOUNT_NOTE) }
                        (notes::form(&here, &format!("account-note-{place}")))
                    }
                }
            }
        }
    }
}

/// Linking to an account that there is, or to a new one.
fn link(pane: &InfoPane) -> Markup {
    html! {
        details.adds {
            summary.faint { (say::LINK_ACCOUNT) }
            form.inline-form method="post" action=(pane.deed("accounts")) data-quick {
                label.unseen for="link-account" { (say::LINK_ACCOUNT) }
                input #link-account name="account" required maxlength="200" placeholder=(say::LINK_ACCOUNT_HINT) autocomplete="off" spellcheck="false"
                    data-suggest="/suggest/accounts";
                button.small { (say::LINK) }
            }
        }
    }
}
