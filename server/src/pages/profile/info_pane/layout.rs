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

/// The cards of a customer in the order in which they stand where nobody decided otherwise.
const CARDS: [&str; 13] = [
    "notes",
    "contacts",
    "deeds",
    "person",
    "conversation",
    "customer",
    "account",
    "relationships",
    "tasks",
    "reach",
    "custom",
    "integrations",
    "enrichment",
];

/// The cards of an account.
const ACCOUNT_CARDS: [&str; 4] = ["fields", "notes", "people", "conversations"];

/// The fields that every account has; the others are its own.
pub(crate) const ACCOUNT_FIELDS: [&str; 2] = ["name", "domain"];

/// Of what a layout is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum About {
    /// Of a customer.
    #[default]
    Customer,
    /// Of an account.
    Account,
}

impl About {
    /// The word for it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Account => "account",
        }
    }

    /// All cards there are.
    pub(crate) fn cards(self) -> &'static [&'static str] {
        match self {
            Self::Customer => &CARDS,
            Self::Account => &ACCOUNT_CARDS,
        }
    }
}

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
    /// Cards that are not shown.
    hidden: Vec<String>,
    /// Fields that are not shown.
    hidden_fields: Vec<String>,
    /// Of what it is; follows from where it is kept.
    #[serde(skip)]
    about: About,
}

impl Stored for Layout {
    const KIND: DocumentKind = DocumentKind::Layout;
    const FEED: Option<&'static str> = Some("layout");
}

/// What is arranged. A field may be called like a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// A card.
    Card(String),
    /// A field.
    Field(String),
}

/// One step of arranging.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// One place up.
    Up,
    /// One place down.
    Down,
    /// Show it.
    Show,
    /// Do not show it.
    Hide,
    /// To this place, counted from the top.
    To(usize),
}

impl Layout {
    fn id(about: About, role: Option<Role>) -> String {
        let mut id = "info-pane".to_owned();
        if about == About::Account {
            id.push_str("/account");
        }
        if let Some(role) = role {
            id.push('/');
            id.push_str(role.as_str());
        }
        id
    }

    /// The layout for somebody of this role: that of the role, else the one for all.
    pub(crate) async fn of_role(
        store: &SharedStore,
        about: About,
        role: Option<Role>,
    ) -> Result<Self, StoreError> {
        let mut layout: Option<Self> = None;
        if role.is_some() {
            layout = documents::get(store, &Self::id(about, role)).await?;
        }
        if layout.is_none() {
            layout = documents::get(store, &Self::id(about, None)).await?;
        }
        Ok(Self { about, ..layout.unwrap_or_default() })
    }

    /// Takes one step in the layout of a role, or of all; a role's own begins as that of all.
    pub(crate) async fn change(
        store: &SharedStore,
        (about, role): (About, Option<Role>),
        now: Timestamp,
        step: Step,
        what: &Part,
        fields: &[&str],
    ) -> Result<(), StoreError> {
        let general = Self::of_role(store, about, None).await?;
        documents::change(store, &Self::id(about, role), now, |own: Option<Self>| {
            let mut layout = Self { about, ..own.unwrap_or_else(|| general.clone()) };
            layout.step(step, what, fields);
            (Fate::Put(layout), ())
        })
        .await
    }

    /// Forgets what was decided.
    pub(crate) async fn reset(
        store: &SharedStore,
        about: About,
        role: Option<Role>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        documents::change(store, &Self::id(about, role), now, |_: Option<Self>| (Fate::Remove, ())).await
    }

    fn step(&mut self, step: Step, what: &Part, fields: &[&str]) {
        let (mut order, key) = match what {
            Part::Card(key) => (self.all_cards(), key),
            Part::Field(key) => (self.all_fields(fields), key),
        };
        let Some(place) = order.iter().position(|known| known == key) else { return };
        let (own, hidden) = match what {
            Part::Card(_) => (&mut self.cards, &mut self.hidden),
            Part::Field(_) => (&mut self.fields, &mut self.hidden_fields),
        };
        match step {
            Step::Up if place > 0 => order.swap(place, place - 1),
            Step::Down if place + 1 < order.len() => order.swap(place, place + 1),
            Step::Up | Step::Down => {}
            Step::To(to) => {
                let moved = order.remove(place);
                order.insert(to.min(order.len()), moved);
            }
            Step::Show => hidden.retain(|known| known != key),
            Step::Hide if !hidden.iter().any(|known| known == key) => hidden.push(key.clone()),
            Step::Hide => {}
        }
        order.truncate(MOST);
        hidden.truncate(MOST);
        *own = order;
    }

    /// Every card in order, hidden ones too.
    pub(crate) fn all_cards(&self) -> Vec<String> {
        in_order(&self.cards, self.about.cards())
    }

    /// Every field in order, hidden ones too.
    pub(crate) fn all_fields(&self, known: &[&str]) -> Vec<String> {
        in_order(&self.fields, known)
    }

    /// The cards that are shown, in order.
    pub(crate) fn cards(&self) -> Vec<&'static str> {
        let all = self.all_cards();
        let shown = all.iter().filter(|card| !self.hides(card));
        shown.filter_map(|card| self.about.cards().iter().find(|known| *known == card).copied()).collect()
    }

    /// Whether a card is not shown.
    pub(crate) fn hides(&self, card: &str) -> bool {
        self.hidden.iter().any(|hidden| hidden == card)
    }

    /// Whether a field is shown.
    pub(crate) fn shows_field(&self, key: &str) -> bool {
        !self.hidden_fields.iter().any(|hidden| hidden == key)
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
        let card = |key: &str| Part::Card(key.to_owned());
        let field = |key: &str| Part::Field(key.to_owned());
        let mut layout = Layout::default();
        layout.step(Step::Up, &card("person"), &[]);
        assert_eq!(layout.cards()[..4], ["notes", "contacts", "person", "deeds"]);
        layout.step(Step::To(1), &card("person"), &[]);
        assert_eq!(layout.cards()[..4], ["notes", "person", "contacts", "deeds"]);
        layout.step(Step::To(99), &card("person"), &[]);
        assert_eq!(layout.cards().last(), Some(&"person"));
        layout.step(Step::Up, &card("notes"), &[]);
        layout.step(Step::Hide, &card("tasks"), &[]);
        assert!(!layout.cards().contains(&"tasks") && layout.all_cards().contains(&"tasks".to_owned()));
        layout.step(Step::Show, &card("tasks"), &[]);
        assert_eq!(layout.cards().len(), CARDS.len());
        layout.step(Step::Down, &field("name"), &["name", "company"]);
        assert_eq!(layout.all_fields(&["name", "company", "tier"]), ["company", "name", "tier"]);
        layout.step(Step::Hide, &field("nothing"), &["name"]);
        assert!(layout.shows_field("nothing"));
    }

    #[test]
    fn a_field_that_is_called_like_a_card_is_arranged_by_itself() {
        let mut layout = Layout { about: About::Account, ..Layout::default() };
        layout.step(Step::Hide, &Part::Field("notes".into()), &["name", "notes"]);
        assert!(!layout.hides("notes") && !layout.shows_field("notes"));
        assert_eq!(layout.cards(), ACCOUNT_CARDS);
    }
}
