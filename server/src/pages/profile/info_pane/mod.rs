//! The right pane: how to reach somebody, what is known about them and who says so, what is to be done.
//!
//! It needs nothing but a profile, so that the page of a conversation shows it too.

mod cards;
mod contacts;
mod field;
mod layout;

pub(crate) use field::{Wrong, typed, version_of};
pub(crate) use layout::{Layout, Step};

use std::sync::Arc;

use maud::{Markup, html};
use whom_core::{
    engine::{NoteView, RelationshipView},
    model::{Mode, ProfileId, PropertyDefinition, PropertyType, Section, Task},
    rules::Rules,
    view::{FieldView, ProfileView, Sight},
};

use crate::{
    app::AppState,
    pages::{
        frame::Frame,
        tasks::{self, card::Colleague},
        words::{self, profile as say},
    },
    problem::Problem,
};

/// All that the pane shows.
pub(crate) struct InfoPane {
    /// Who it is.
    pub(crate) view: ProfileView,
    rules: Arc<Rules>,
    sight: Option<Arc<Sight>>,
    layout: Layout,
    pinned: Vec<NoteView>,
    tasks: Vec<Task>,
    relationships: Vec<RelationshipView>,
    colleagues: Vec<Colleague>,
    /// What was not saved, to be tried again.
    pub(crate) wrong: Option<Wrong>,
}

impl InfoPane {
    /// Reads what the pane shows beside the view.
    pub(crate) async fn read(state: &AppState, frame: &Frame, view: ProfileView) -> Result<Self, Problem> {
        let engine = state.engine();
        let role = frame.who.as_ref().and_then(|who| who.role);
        Ok(Self {
            rules: engine.rules(),
            sight: engine.sight().cloned(),
            layout: Layout::of_role(state.store(), role).await?,
            pinned: engine.pinned_notes(view.id).await?,
            tasks: engine.tasks_of(view.id).await?,
            relationships: engine.relationships(view.id, state.now()).await?,
            colleagues: if frame.may_write { tasks::colleagues(state).await? } else { Vec::new() },
            wrong: None,
            view,
        })
    }

    /// Whether whoever looks may change a property.
    fn may_edit(&self, frame: &Frame, property: &PropertyDefinition) -> bool {
        let is_theirs = self.sight.as_ref().is_none_or(|sight| sight.edits(property.key.as_str()));
        frame.may_write && is_theirs && !property.computed && property.identifier_kind().is_none()
    }
}

/// The pane of a profile, for pages that know no more of it than its id.
#[allow(dead_code, reason = "for the page of a conversation")]
pub(crate) async fn pane(state: &AppState, frame: &Frame, profile: ProfileId) -> Result<Markup, Problem> {
    let view = state.engine().view(profile, state.now()).await?;
    Ok(shown(frame, &InfoPane::read(state, frame, view).await?))
}

/// The pane.
pub(crate) fn shown(frame: &Frame, pane: &InfoPane) -> Markup {
    html! {
        h2.unseen #about-title { (words::ABOUT) }
        div.card.info {
            @for card in pane.layout.cards() {
                @match card {
                    "notes" => (cards::pinned(frame, pane)),
                    "contacts" => (contacts::card(frame, pane)),
                    "person" => (fields(frame, pane, Section::Person)),
                    "reach" => (fields(frame, pane, Section::Reach)),
                    "custom" => (fields(frame, pane, Section::Custom)),
                    "account" => (cards::accounts(frame, pane)),
                    "tasks" => (cards::tasks(frame, pane)),
                    "relationships" => (cards::relationships(pane)),
                    _ => (cards::deeds(frame, pane)),
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
        div.block {
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
