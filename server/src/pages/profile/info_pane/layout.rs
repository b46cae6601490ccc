//! Which cards and fields the pane shows, and in which order: as admins decided, for all or for one role.

use serde::{Deserialize, Serialize};
use whom_core::{
    model::Timestamp,
    store::{DocumentKind, SharedStore, StoreError},
};

use crate::{
    auth::Role,
    documents::{self, Fate, Stored},
};

/// The cards in the order in which they stand where nobody decided otherwise.
pub(crate) const CARDS: [&str; 9] =
    ["notes", "contacts", "person", "reach", "custom", "account", "tasks", "relationships", "deeds"];

/// The most fields about which admins decide.
const MOST: usize = 500;

/// What admins decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Layout {
    /// Cards in order; those that are not named follow.
    cards: Vec<String>,
    /// Fields in order; those that are not named follow.
    fields: Vec<String>,
    /// Cards and fields that are not shown.
    hidden: Vec<String>,
}

impl Stored for Layout {
    const KIND: DocumentKind = DocumentKind::Layout;
    const FEED: Option<&'static str> = Some("layout");
}

/// One step of arranging.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    /// One place up.
    Up,
    /// One place down.
    Down,
    /// Show it.
    Show,
    /// Do not show it.
    Hide,
}

impl Layout {
    fn id(role: Option<Role>) -> String {
        role.map_or_else(|| "info-pane".to_owned(), |role| format!("info-pane/{}", role.as_str()))
    }

    /// The layout for somebody of this role: that of the role, else the one for all.
    pub(crate) async fn of_role(store: &SharedStore, role: Option<Role>) -> Result<Self, StoreError> {
        if role.is_some()
            && let Some(own) = documents::get(store, &Self::id(role)).await?
        {
            return Ok(own);
        }
        Ok(documents::get(store, &Self::id(None)).await?.unwrap_or_default())
    }

    /// Takes one step in the layout of a role, or of all; a role's own begins as that of all.
    pub(crate) async fn change(
        store: &SharedStore,
        role: Option<Role>,
        now: Timestamp,
        step: Step,
        key: &str,
        fields: &[&str],
    ) -> Result<(), StoreError> {
        let general = Self::of_role(store, None).await?;
        documents::change(store, &Self::id(role), now, |own: Option<Self>| {
            let mut layout = own.unwrap_or_else(|| general.clone());
            layout.step(step, key, fields);
            (Fate::Put(layout), ())
        })
        .await
    }

    /// Forgets what was decided.
    pub(crate) async fn reset(
        store: &SharedStore,
        role: Option<Role>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        documents::change(store, &Self::id(role), now, |_: Option<Self>| (Fate::Remove, ())).await
    }

    fn step(&mut self, step: Step, key: &str, fields: &[&str]) {
        let is_card = CARDS.contains(&key);
        let mut order: Vec<String> = if is_card { self.all_cards() } else { self.all_fields(fields) };
        let Some(place) = order.iter().position(|known| known == key) else { return };
        match step {
            Step::Up if place > 0 => order.swap(place, place - 1),
            Step::Down if place + 1 < order.len() => order.swap(place, place + 1),
            Step::Up | Step::Down => {}
            Step::Show => self.hidden.retain(|known| known != key),
            Step::Hide if !self.hidden.iter().any(|known| known == key) => self.hidden.push(key.to_owned()),
            Step::Hide => {}
        }
        order.truncate(MOST);
        self.hidden.truncate(MOST);
        *(if is_card { &mut self.cards } else { &mut self.fields }) = order;
    }

    /// Every card in order, hidden ones too.
    pub(crate) fn all_cards(&self) -> Vec<String> {
        in_order(&self.cards, &CARDS)
    }

    /// Every field in order, hidden ones too.
    pub(crate) fn all_fields(&self, known: &[&str]) -> Vec<String> {
        in_order(&self.fields, known)
    }

    /// The cards that are shown, in order.
    pub(crate) fn cards(&self) -> Vec<&'static str> {
        let all = self.all_cards();
        let shown = all.iter().filter(|card| !self.hides(card));
        shown.filter_map(|card| CARDS.into_iter().find(|known| known == card)).collect()
    }

    /// Whether something is not shown.
    pub(crate) fn hides(&self, key: &str) -> bool {
        self.hidden.iter().any(|hidden| hidden == key)
    }

    /// Whether a field is shown.
    pub(crate) fn shows_field(&self, key: &str) -> bool {
        !self.hides(key) || CARDS.contains(&key)
    }

    /// Where a field stands; those about which nobody decided come last, in their own order.
    pub(crate) fn place_of_field(&self, key: &str) -> usize {
        self.fields.iter().position(|known| known == key).unwrap_or(usize::MAX)
    }
}

/// What is known in the order that was decided, then what was not decided about.
fn in_order(decided: &[String], known: &[&str]) -> Vec<String> {
    let mut order: Vec<String> =
        decided.iter().filter(|key| known.contains(&key.as_str())).cloned().collect();
    for key in known {
        if !order.iter().any(|placed| placed == key) {
            order.push((*key).to_owned());
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_move_and_hide_and_what_is_new_comes_last() {
        let mut layout = Layout::default();
        layout.step(Step::Up, "person", &[]);
        assert_eq!(layout.cards()[..3], ["notes", "person", "contacts"]);
        layout.step(Step::Up, "notes", &[]);
        layout.step(Step::Hide, "tasks", &[]);
        assert!(!layout.cards().contains(&"tasks") && layout.all_cards().contains(&"tasks".to_owned()));
        layout.step(Step::Show, "tasks", &[]);
        assert_eq!(layout.cards().len(), CARDS.len());
        layout.step(Step::Down, "name", &["name", "company"]);
        assert_eq!(layout.all_fields(&["name", "company", "tier"]), ["company", "name", "tier"]);
        layout.step(Step::Hide, "nothing", &["name"]);
        assert!(layout.shows_field("nothing"));
    }
}
