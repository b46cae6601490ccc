//! What a profile is filtered and sorted by: a few values of each property, folded.

use std::collections::BTreeMap;

use super::super::fold;
use crate::{
    model::{ProfileKind, PropertyType, Schema, Timestamp, Value},
    view::ProfileView,
};

/// The longest text that is compared, in characters: what comes after it is not looked at.
pub(super) const COMPARED_LEN: usize = 600;

/// The most values of one property.
const MOST_VALUES: usize = 100;

/// The most properties of one profile.
const MOST_PROPERTIES: usize = 300;

/// What a profile is filtered and sorted by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    pub(in super::super) of: BTreeMap<String, Vec<Fact>>,
}

/// One value, in the form in which it is compared.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) enum Fact {
    /// A number, or the milliseconds of a moment.
    Number(f64),
    /// A text, folded.
    Text(String),
}

/// What every profile has, whatever its properties.
const EVERY_PROFILE: [&str; 8] =
    ["kind", "last_seen", "first_seen", "created", "messages", "events", "channel", "account"];

/// Whether a word means something that every profile has.
pub(in super::super) fn is_of_every_profile(key: &str) -> bool {
    EVERY_PROFILE.contains(&key)
}

/// A text in the form in which texts are compared.
pub(super) fn compared(text: &str) -> String {
    let folded = fold::fold(text.trim());
    folded.chars().take(COMPARED_LEN).collect()
}

/// A telephone number in the form in which these are compared.
pub(super) fn dialled(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_digit() || *c == '+').take(COMPARED_LEN).collect()
}

impl Facts {
    /// The facts of a view; the profile's own row says when it was `created`.
    pub fn of(view: &ProfileView, created: Timestamp, schema: &Schema) -> Self {
        let mut facts = Self::default();
        let millis = |at: Timestamp| Fact::Number(at.as_millis() as f64);
        let kind = match view.kind {
            ProfileKind::Customer => "customer",
            ProfileKind::Visitor => "visitor",
        };
        for field in view.fields.iter().take(MOST_PROPERTIES) {
            let kind = schema.get(field.key.as_str()).map_or(PropertyType::Text, |known| known.kind);
            let mut values = Vec::new();
            for shown in &field.values {
                take(kind, &shown.value, &mut values);
            }
            facts.put(field.key.as_str(), values);
        }
        facts.put("kind", vec![Fact::Text(kind.into())]);
        facts.put("last_seen", vec![millis(view.last_seen)]);
        facts.put("first_seen", vec![millis(view.first_seen)]);
        facts.put("created", vec![millis(created)]);
        facts.put("messages", vec![Fact::Number(view.messages as f64)]);
        facts.put("events", vec![Fact::Number(view.events as f64)]);
        let channels = view.contacts.iter().filter_map(|contact| contact.kind.as_ref());
        facts.put("channel", channels.map(|kind| Fact::Text(kind.as_str().into())).collect());
        let names = view.accounts.iter().map(|account| Fact::Text(compared(&account.name)));
        let ids = view.accounts.iter().map(|account| Fact::Text(account.id.to_string()));
        facts.put("account", names.chain(ids).collect());
        facts
    }

    fn put(&mut self, key: &str, mut values: Vec<Fact>) {
        values.truncate(MOST_VALUES);
        if !values.is_empty() {
            self.of.insert(key.to_owned(), values);
        }
    }

    pub(in super::super) fn get(&self, key: &str) -> &[Fact] {
        self.of.get(key).map_or(&[], Vec::as_slice)
    }
}

/// What a value is compared by. What does not read as its type is kept as text, so that it still counts as known.
fn take(kind: PropertyType, value: &Value, facts: &mut Vec<Fact>) {
    let text = |text: &str| {
        let folded = compared(text);
        (!folded.is_empty()).then_some(Fact::Text(folded))
    };
    match (kind, value) {
        (_, Value::List(items)) => items.iter().for_each(|item| take(kind, item, facts)),
        (PropertyType::Number | PropertyType::Money | PropertyType::Percent, value) => {
            let number = match value {
                Value::Number(number) => Some(number.get()),
                other => number_of(&other.to_string()),
            };
            facts.extend(number.map(Fact::Number).or_else(|| text(&value.to_string())));
        }
        (PropertyType::Date, Value::Moment(at)) => facts.push(Fact::Number(at.as_millis() as f64)),
        (PropertyType::Date, value) => {
            let written = value.to_string();
            let at = Timestamp::parse(&written).ok().map(|at| Fact::Number(at.as_millis() as f64));
            facts.extend(at.or_else(|| text(&written)));
        }
        (PropertyType::Phone, value) => facts.push(Fact::Text(dialled(&value.to_string()))),
        (_, value) => facts.extend(text(&value.to_string())),
    }
}

/// A number as people write it: a point or a comma before the fraction is not guessed at, only the point is read.
pub(super) fn number_of(text: &str) -> Option<f64> {
    let plain: String =
        text.trim().chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '_')).collect();
    let plain = plain.trim_end_matches('%');
    plain.parse::<f64>().ok().filter(|number| number.is_finite())
}
