//! The right pane: how to reach somebody, what is known about them and who says so, what is to be done.
//!
//! It needs nothing but a profile, so that the page of a conversation shows it too.

mod account;
mod actions;
mod cards;
mod contacts;
mod field;
mod integrations;
mod layout;
mod related;
mod talks;

pub(crate) use account::account_field;
pub(crate) use field::{Wrong, typed, version_of};
pub(crate) use integrations::{card as integration, card_failed as integration_failed};
pub(crate) use layout::{ACCOUNT_FIELDS, About, Layout, Part, Step};

use std::{collections::BTreeSet, sync::Arc};

use maud::{Markup, html};
use whom_core::{
    engine::{NoteView, RelationshipView},
    model::{Conversation, EntryId, Mode, PropertyDefinition, PropertyType, Section, Task},
    rules::Rules,
    view::{FieldView, ProfileView, Sight},
};

use crate::{
    app::AppState,
    enrich::{CardSource, LookedUp},
    pages::{
        encoded,
        frame::Frame,
        tasks::{self, card::Colleague},
        words::{self, profile as say},
    },
    problem::Problem,
};

/// Where the pane stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// On the customer's own page.
    Own,
    /// Beside the conversation of this number.
    Beside(u64),
    /// In the settings, to be looked at.
    Preview,
}

/// All that the pane shows.
pub(crate) struct InfoPane {
    /// Who it is.
    pub(crate) view: ProfileView,
    place: Place,
    rules: Arc<Rules>,
    sight: Option<Arc<Sight>>,
    layout: Layout,
    account_layout: Layout,
    pinned: Vec<NoteView>,
    tasks: Vec<Task>,
    relationships: Vec<RelationshipView>,
    colleagues: Vec<Colleague>,
    talks: Vec<Conversation>,
    accounts: Vec<account::Shown>,
    integrations: Vec<CardSource>,
    looked_up: Option<LookedUp>,
    /// What was not saved, to be tried again.
    pub(crate) wrong: Option<Wrong>,
}

impl InfoPane {
    /// Reads what the pane shows beside the view and the latest conversations.
    pub(crate) async fn read(
        state: &AppState,
        frame: &Frame,
        view: ProfileView,
        place: Place,
        talks: &[Conversation],
    ) -> Result<Self, Problem> {
        let engine = state.engine();
        let role = frame.who.as_ref().and_then(|who| who.role);
        let layout = Layout::of_role(state.store(), About::Customer, role).await?;
        let shows = |card: &str| !layout.hides(card);
        let (mut integrations, mut looked_up) = (Vec::new(), None);
        if let Some(enrichment) = state.enrichment() {
            if shows("integrations") {
                integrations = enrichment.card_sources(view.id).await?;
            }
            if shows("enrichment") {
                looked_up = Some(enrichment.looked_up(view.id).await?);
            }
        }
        Ok(Self {
            rules: engine.rules(),
            sight: engine.sight().cloned(),
            account_layout: Layout::of_role(state.store(), About::Account, role).await?,
            pinned: engine.pinned_notes(view.id).await?,
            tasks: if shows("tasks") { engine.tasks_of(view.id).await? } else { Vec::new() },
            relationships: if shows("relationships") {
                engine.relationships(view.id, state.now()).await?
            } else {
                Vec::new()
            },
            colleagues: if frame.may_write { tasks::colleagues(state).await? } else { Vec::new() },
            talks: talks::chosen(place, talks),
            accounts: if shows("account") { account::read(state, &view).await? } else { Vec::new() },
            integrations,
            looked_up,
            wrong: None,
            layout,
            place,
            view,
        })
    }

    /// The page it stands on, to which its deeds come back.
    fn here(&self) -> String {
        match self.place {
            Place::Own | Place::Preview => format!("/customers/{}", self.view.id),
            Place::Beside(number) => format!("/conversations/{number}"),
        }
    }

    /// The address of a deed about the customer, which comes back here.
    fn deed(&self, path: &str) -> String {
        self.back(&format!("/customers/{}/{path}", self.view.id))
    }

    /// Any address, with the way back here.
    fn back(&self, path: &str) -> String {
        format!("{path}?back={}", encoded(&self.here()))
    }

    /// What the page hears of when something of the pane changes.
    pub(crate) fn topics(&self) -> String {
        let accounts = self.view.accounts.iter().map(|account| format!(" account:{}", account.id));
        format!("profile:{}{}", self.view.id, accounts.collect::<String>())
    }

    /// The notes that stay in sight.
    pub(crate) fn pinned_ids(&self) -> BTreeSet<EntryId> {
        self.pinned.iter().map(|note| note.id).collect()
    }

    /// Whether whoever looks may change a property.
    fn may_edit(&self, frame: &Frame, property: &PropertyDefinition) -> bool {
        let is_theirs = self.sight.as_ref().is_none_or(|sight| sight.edits(property.key.as_str()));
        frame.may_write && is_theirs && !property.computed && property.identifier_kind().is_none()
    }

    /// Whether whoever looks may edit the property of this key where it stands.
    fn edits(&self, frame: &Frame, key: &str) -> bool {
        let rules = self.rules.schema();
        rules.get(key).is_some_and(|one| self.may_edit(frame, one) && one.mode != Mode::Locked)
    }

    /// The control of one property that has one value, for a second place on the page; `stand_in` is what stands
    /// there while it is empty.
    pub(crate) fn control(&self, frame: &Frame, key: &str, stand_in: Option<&str>) -> Option<Markup> {
        let definition = self.rules.schema().get(key).filter(|_| self.edits(frame, key))?;
        let shown = self.view.field(key).and_then(|field| field.values.first());
        Some(field::form(self, definition, 0, shown, false, field::Spot::Head(stand_in)))
    }
}

/// The pane.
pub(crate) fn shown(frame: &Frame, pane: &InfoPane) -> Markup {
    html! {
        h2.unseen #about-title { (words::ABOUT) }
        div.card.info {
            @for card in pane.layout.cards() {
                @match card {
                    "notes" => (cards::notes(frame, pane)),
                    "contacts" => (contacts::card(frame, pane)),
                    "deeds" => (actions::card(frame, pane)),
                    "person" => (fields(frame, pane, Section::Person)),
                    "conversation" => (talks::card(frame, pane)),
                    "customer" => (cards::figures(frame, pane)),
                    "account" => (account::card(frame, pane)),
                    "relationships" => (related::card(frame, pane)),
                    "tasks" => (cards::tasks(frame, pane)),
                    "reach" => (fields(frame, pane, Section::Reach)),
                    "custom" => (fields(frame, pane, Section::Custom)),
                    "integrations" => (integrations::cards(pane)),
                    _ => (integrations::enrichment(frame, pane)),
                }
            }
        }
    }
}

/// Whether a field stands in a list of fields: addresses and the photo are shown elsewhere.
pub(crate) fn stands_among_fields(field: &FieldView) -> bool {
    let is_elsewhere =
        matches!(field.kind, PropertyType::Email | PropertyType::Phone | PropertyType::Picture);
    let is_empty = field.values.is_empty() && field.offered.is_empty() && field.problem.is_none();
    !is_elsewhere && !is_empty
}

fn fields(frame: &Frame, pane: &InfoPane, section: Section) -> Markup {
    let mut all: Vec<&FieldView> = pane
        .view
        .fields
        .iter()
        .filter(|field| field.section == section && stands_among_fields(field))
        .filter(|field| pane.layout.shows_field(field.key.as_str()))
        .collect();
    all.sort_by_key(|field| pane.layout.place_of_field(field.key.as_str()));
    let empty: Vec<&PropertyDefinition> = pane
        .rules
        .schema()
        .iter()
        .filter(|one| one.section == section && pane.layout.shows_field(one.key.as_str()))
        .filter(|one| {
            pane.may_edit(frame, one) && one.mode != Mode::Locked && one.kind != PropertyType::Picture
        })
        .filter(|one| !all.iter().any(|field| field.key == one.key))
        .collect();
    if all.is_empty() && empty.is_empty() {
        return Markup::default();
    }
    let is_wrong = |key: &str| pane.wrong.as_ref().is_some_and(|wrong| wrong.property.as_str() == key);
    html! {
        div.block id=(format!("about-{}", card_of(section))) {
            h2 { (words::section(section)) }
            @if !all.is_empty() { dl.fields { @for field in all { (field::row(frame, pane, field)) } } }
            @if !empty.is_empty() {
                details.adds open[empty.iter().any(|one| is_wrong(one.key.as_str()))] {
                    summary.faint { (say::ADD_FIELD) " (" (empty.len()) ")" }
                    dl.fields { @for one in empty { (field::empty(pane, one)) } }
                }
            }
        }
    }
}

/// The card in which the fields of a section stand.
pub(crate) fn card_of(section: Section) -> &'static str {
    match section {
        Section::Person => "person",
        Section::Reach => "reach",
        Section::Custom => "custom",
    }
}
