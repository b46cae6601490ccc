//! What can be known about somebody: property definitions and the schema they make.

use std::{borrow::Borrow, fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::{IdentifierKind, LeastRole, SourceKind, Timestamp, Value};

/// The key of a property: a short lower-case word such as `job_title`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct PropertyKey(Arc<str>);

/// The most characters of a key.
const MOST_CHARS: usize = 64;

impl PropertyKey {
    /// Folds what a source calls a property to a key: `firstName`, `First Name` and `first-name` are `first_name`.
    ///
    /// Nothing is returned when no letter or digit is left. At most 64 characters are kept.
    pub fn fold(name: &str) -> Option<Self> {
        let mut key = String::with_capacity(name.len() + 4);
        let mut after_lower = false;
        for c in name.trim().nfc() {
            if c.is_alphanumeric() {
                if c.is_uppercase() && after_lower {
                    key.push('_');
                }
                after_lower = c.is_lowercase() || c.is_ascii_digit();
                // Some letters fold to a letter and a mark; the mark alone would read as a gap.
                key.extend(c.to_lowercase().filter(|folded| folded.is_alphanumeric()));
            } else {
                after_lower = false;
                if !key.is_empty() && !key.ends_with('_') {
                    key.push('_');
                }
            }
            if key.chars().count() >= MOST_CHARS {
                break;
            }
        }
        // One letter can become two, so the cut comes last: folding a key again must not change it.
        let key: String = key.chars().take(MOST_CHARS).collect();
        let key = key.trim_end_matches('_');
        (!key.is_empty()).then(|| Self(key.into()))
    }

    /// Takes a key back from a store, where only folded ones are.
    pub(crate) fn from_stored(key: &str) -> Self {
        Self(key.into())
    }

    /// A key of our own, which no source can give: what begins with `_` is never folded to.
    pub(crate) fn reserved(key: &str) -> Self {
        Self(key.into())
    }

    /// Whether it keeps something of our own, such as a decision, rather than a property of somebody.
    pub fn is_reserved(&self) -> bool {
        self.0.starts_with('_')
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PropertyKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match Self::fold(text) {
            Some(key) if key.as_str() == text => Ok(key),
            Some(key) => Err(format!("`{text}` is no property key: write `{key}`")),
            None => Err(format!("`{text}` is no property key: use lower-case letters, digits and `_`")),
        }
    }
}

impl Borrow<str> for PropertyKey {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PropertyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for PropertyKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// What sort of value a property holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PropertyType {
    /// One line of text.
    Text,
    /// Several lines of text.
    LongText,
    /// A number.
    Number,
    /// An amount of money.
    Money,
    /// A share of one hundred.
    Percent,
    /// A day or a moment.
    Date,
    /// The address of a page.
    Link,
    /// The address of a picture.
    Picture,
    /// One of several options.
    Choice,
    /// Some of several options.
    ManyChoice,
    /// Yes or no.
    YesNo,
    /// A list of texts.
    List,
    /// A postal address.
    Address,
    /// E-mail addresses: the identifiers of the profile's contacts.
    Email,
    /// Telephone numbers: the identifiers of the profile's contacts.
    Phone,
}

/// Whether a property shows one value or all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cardinality {
    /// The winning value alone.
    One,
    /// Every value that is not taken away.
    Many,
}

/// Who may write a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Only its source; an agent can hide it but not change it.
    Locked,
    /// An agent's word beats its source.
    Overridable,
    /// Anybody.
    Free,
}

/// Which claim wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// The one of the most trusted source; of several the latest.
    MostTrusted,
    /// The one observed last.
    Latest,
    /// The one observed first.
    Oldest,
    /// The longest text.
    Longest,
    /// All of them.
    All,
    /// The one its source is surest of.
    HighestConfidence,
}

impl Strategy {
    /// In words, for a person who asks why.
    pub fn describe(self) -> &'static str {
        match self {
            Self::MostTrusted => "the most trusted source wins; of several the latest",
            Self::Latest => "the latest value wins",
            Self::Oldest => "the oldest value wins",
            Self::Longest => "the longest value wins",
            Self::All => "every value is shown",
            Self::HighestConfidence => "the value its source is surest of wins",
        }
    }
}

/// Where a property stands on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// Who it is.
    Person,
    /// How to reach them.
    Reach,
    /// What the company knows besides.
    Custom,
}

/// What a property says about who somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identifies {
    /// The same value is the same person.
    Certainly,
    /// The same value makes it likely.
    Probably,
    /// It says nothing by itself.
    AloneNever,
}

/// One property, built in or defined by a script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PropertyDefinition {
    /// Its key.
    pub key: PropertyKey,
    /// What pages call it.
    pub label: String,
    /// A sentence of help.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub help: String,
    /// What sort of value it holds.
    #[serde(rename = "type")]
    pub kind: PropertyType,
    /// One value or many.
    pub cardinality: Cardinality,
    /// Who may write it.
    pub mode: Mode,
    /// Which claim wins, unless a script says otherwise.
    pub resolve: Strategy,
    /// The sources whose claims count, in order of trust; empty for the general order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trusts: Vec<SourceKind>,
    /// Where it stands on the page.
    pub section: Section,
    /// The options of a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// What it says about who somebody is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifies: Option<Identifies>,
    /// Whether the search index holds it.
    pub searchable: bool,
    /// Whether its value may be sent to a provider.
    pub may_leave: bool,
    /// The least role that sees it in full.
    pub sees: LeastRole,
    /// The least role below that one that sees it masked; for those below that it is hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub masked_for: Option<LeastRole>,
    /// The least role that edits it.
    pub edits: LeastRole,
    /// Whether a script computes it, so that nobody can claim it.
    pub computed: bool,
    /// The script and line that define it; built-in ones have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub defined_in: Option<String>,
}

impl PropertyDefinition {
    /// A free text property with one value, from which the others are made.
    pub fn text(key: PropertyKey, label: impl Into<String>) -> Self {
        Self {
            key,
            label: label.into(),
            help: String::new(),
            kind: PropertyType::Text,
            cardinality: Cardinality::One,
            mode: Mode::Free,
            resolve: Strategy::MostTrusted,
            trusts: Vec::new(),
            section: Section::Custom,
            options: Vec::new(),
            identifies: None,
            searchable: true,
            may_leave: false,
            sees: LeastRole::ReadOnly,
            masked_for: None,
            edits: LeastRole::Agent,
            computed: false,
            defined_in: None,
        }
    }

    /// The kind of identifier whose values this property shows, such as `email`.
    pub fn identifier_kind(&self) -> Option<IdentifierKind> {
        match self.kind {
            PropertyType::Email => Some(IdentifierKind::EMAIL),
            PropertyType::Phone => Some(IdentifierKind::PHONE),
            _ => None,
        }
    }
}

/// The longest value of a one-line text, in characters.
const TEXT_LEN: usize = 2_000;

/// The longest value of a text with several lines, in characters.
const LONG_TEXT_LEN: usize = 50_000;

impl PropertyDefinition {
    /// Whether somebody may set this value; otherwise what is wrong with it and what would be right.
    ///
    /// Sources outside the house are not held to it: what they say is kept as they say it.
    pub fn accept(&self, value: &Value) -> Result<(), String> {
        let text = value.as_text();
        match self.kind {
            PropertyType::Number | PropertyType::Money | PropertyType::Percent => match value {
                Value::Number(_) => Ok(()),
                _ => Err("it takes a number".into()),
            },
            PropertyType::YesNo => match value {
                Value::YesNo(_) => Ok(()),
                _ => Err("it takes yes or no (`true` or `false`)".into()),
            },
            PropertyType::Date => match (value, text) {
                (Value::Moment(_), _) => Ok(()),
                (_, Some(text)) => Timestamp::parse(text).map(drop).map_err(|error| error.to_string()),
                _ => Err("it takes a date such as 2026-01-31".into()),
            },
            PropertyType::Link | PropertyType::Picture => match text {
                Some(text) if text.starts_with("https://") || text.starts_with("http://") => Ok(()),
                _ => Err("it takes an address that begins with `https://` or `http://`".into()),
            },
            PropertyType::Choice => match text {
                Some(text) if self.options.iter().any(|option| option == text) => Ok(()),
                _ => Err(format!("it takes one of: {}", self.options.join(", "))),
            },
            PropertyType::ManyChoice => {
                let fits =
                    |item: &Value| item.as_text().is_some_and(|text| self.options.iter().any(|o| o == text));
                match value {
                    Value::List(items) if items.iter().all(fits) => Ok(()),
                    one if fits(one) => Ok(()),
                    _ => Err(format!("it takes some of: {}", self.options.join(", "))),
                }
            }
            PropertyType::Text | PropertyType::Email | PropertyType::Phone => match text {
                Some(text) if text.chars().count() <= TEXT_LEN => Ok(()),
                Some(_) => Err(format!("it takes at most {TEXT_LEN} characters")),
                None => Err("it takes a text".into()),
            },
            PropertyType::LongText => match text {
                Some(text) if text.chars().count() <= LONG_TEXT_LEN => Ok(()),
                Some(_) => Err(format!("it takes at most {LONG_TEXT_LEN} characters")),
                None => Err("it takes a text".into()),
            },
            PropertyType::List | PropertyType::Address => Ok(()),
        }
    }
}

impl SourceKind {
    fn word(self) -> &'static str {
        self.as_str()
    }
}

impl Serialize for SourceKind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl<'de> Deserialize<'de> for SourceKind {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        word.parse::<super::Source>().map(|source| source.kind()).map_err(serde::de::Error::custom)
    }
}

/// All properties in the order in which pages show them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    properties: Vec<PropertyDefinition>,
}

impl Schema {
    /// The properties that every profile has.
    pub fn built_in() -> Self {
        use {Cardinality as C, Mode as M, PropertyType as T, Section as S, Strategy as R};
        let rows = [
            ("name", "Name", T::Text, C::One, M::Free, R::MostTrusted, S::Person, true, true),
            ("first_name", "First name", T::Text, C::One, M::Free, R::MostTrusted, S::Person, true, true),
            ("last_name", "Last name", T::Text, C::One, M::Free, R::MostTrusted, S::Person, true, true),
            ("company", "Company", T::Text, C::One, M::Overridable, R::MostTrusted, S::Person, true, true),
            (
                "job_title",
                "Job title",
                T::Text,
                C::One,
                M::Overridable,
                R::MostTrusted,
                S::Person,
                true,
                false,
            ),
            ("photo", "Photo", T::Picture, C::One, M::Locked, R::MostTrusted, S::Person, false, false),
            ("birthday", "Birthday", T::Date, C::One, M::Free, R::MostTrusted, S::Person, false, false),
            ("email", "E-mail", T::Email, C::Many, M::Free, R::All, S::Reach, true, true),
            ("phone", "Phone", T::Phone, C::Many, M::Free, R::All, S::Reach, true, true),
            ("website", "Website", T::Link, C::Many, M::Free, R::All, S::Reach, true, true),
            ("address", "Address", T::Address, C::Many, M::Free, R::All, S::Reach, true, false),
            ("social_profiles", "Social profiles", T::Link, C::Many, M::Locked, R::All, S::Reach, true, true),
            ("location", "Location", T::Text, C::One, M::Overridable, R::MostTrusted, S::Person, true, false),
            ("timezone", "Time zone", T::Text, C::One, M::Free, R::Latest, S::Person, false, false),
            ("language", "Language", T::Text, C::One, M::Free, R::Latest, S::Person, false, false),
            ("about", "About", T::LongText, C::One, M::Overridable, R::MostTrusted, S::Person, true, false),
            ("tags", "Tags", T::List, C::Many, M::Free, R::All, S::Person, true, false),
            ("preferences", "Preferences", T::List, C::Many, M::Free, R::All, S::Person, true, false),
            (
                "looked_after_by",
                "Looked after by",
                T::Text,
                C::One,
                M::Free,
                R::Latest,
                S::Custom,
                true,
                false,
            ),
            ("notes", "Notes", T::LongText, C::One, M::Free, R::MostTrusted, S::Person, true, false),
        ];
        let properties = rows.into_iter().filter_map(
            |(key, label, kind, cardinality, mode, resolve, section, searchable, may_leave)| {
                let base = PropertyDefinition::text(PropertyKey::fold(key)?, label);
                let identifies = match kind {
                    PropertyType::Email => Some(Identifies::Certainly),
                    PropertyType::Phone => Some(Identifies::Probably),
                    _ => None,
                };
                Some(PropertyDefinition {
                    kind,
                    cardinality,
                    mode,
                    resolve,
                    section,
                    searchable,
                    may_leave,
                    identifies,
                    ..base
                })
            },
        );
        Self { properties: properties.collect() }
    }

    /// Adds a property, or replaces the one of the same key in its place.
    pub fn define(&mut self, definition: PropertyDefinition) {
        match self.properties.iter_mut().find(|known| known.key == definition.key) {
            Some(known) => *known = definition,
            None => self.properties.push(definition),
        }
    }

    /// The property with this key.
    pub fn get(&self, key: &str) -> Option<&PropertyDefinition> {
        self.properties.iter().find(|known| known.key.as_str() == key)
    }

    /// The definition of a key; what nobody defined is a free text that shows its latest value.
    pub fn get_or_free(&self, key: &PropertyKey) -> PropertyDefinition {
        self.get(key.as_str()).cloned().unwrap_or_else(|| {
            let label = key.as_str().replace('_', " ");
            let mut letters = label.chars();
            let label: String =
                letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
            PropertyDefinition { resolve: Strategy::Latest, ..PropertyDefinition::text(key.clone(), label) }
        })
    }

    /// All properties in order.
    pub fn iter(&self) -> impl Iterator<Item = &PropertyDefinition> {
        self.properties.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ways_of_writing_a_key_fold_to_one() {
        for name in ["firstName", "First Name", "first-name", "first_name", " FIRST NAME "] {
            let folded = PropertyKey::fold(name).unwrap();
            assert_eq!(folded.as_str(), "first_name", "{name}");
        }
        assert_eq!(PropertyKey::fold("Größe").unwrap().as_str(), "größe");
        assert_eq!(PropertyKey::fold("--"), None);
        for long in ["a".repeat(63) + "Bc", "a".repeat(62) + " Bc", "İ".repeat(40)] {
            let folded = PropertyKey::fold(&long).unwrap();
            assert_eq!(PropertyKey::fold(folded.as_str()).unwrap(), folded, "{long}");
        }
    }
}
