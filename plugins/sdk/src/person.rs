//! The part of a profile that a plugin is shown.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The part of a profile that a plugin is shown: the properties it reads, and no others.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Id of the profile.
    #[serde(default)]
    pub id: String,
    /// Every property has a list of values, the winning one first.
    #[serde(default)]
    pub properties: BTreeMap<String, Vec<Value>>,
}

impl Person {
    /// A person with an id and nothing else.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), properties: BTreeMap::new() }
    }

    /// Adds a value after those that are there.
    #[must_use]
    pub fn with(mut self, property: impl Into<String>, value: impl Into<Value>) -> Self {
        self.properties.entry(property.into()).or_default().push(value.into());
        self
    }

    /// The first text of a property; blank text counts as absent.
    #[must_use]
    pub fn text(&self, property: &str) -> Option<&str> {
        self.texts(property).next()
    }

    /// All texts of a property, the winning one first, without blank ones.
    pub fn texts(&self, property: &str) -> impl Iterator<Item = &str> {
        let values = self.properties.get(property).map_or(&[][..], Vec::as_slice);
        values.iter().filter_map(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
    }
}
