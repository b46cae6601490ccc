//! Values of properties, as sources send them and pages show them.

use std::{cmp::Ordering, collections::BTreeMap, fmt, hash};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Timestamp;

/// How deep lists and records may nest; anything deeper is flattened to its JSON text.
const MAX_DEPTH: usize = 8;

/// A finite number with a total order, so that values can be compared and kept in sets.
#[derive(Clone, Copy, Debug)]
pub struct Number(f64);

impl Number {
    /// Takes a finite number; not-a-number and infinities are refused.
    pub fn new(number: f64) -> Option<Self> {
        // Minus zero would be a second zero.
        number.is_finite().then_some(Self(if number == 0.0 { 0.0 } else { number }))
    }

    /// The number itself.
    pub const fn get(self) -> f64 {
        self.0
    }

    /// The number as a whole one, where it is one.
    pub fn as_whole(self) -> Option<i64> {
        (self.0.fract() == 0.0 && self.0.abs() < 9e15).then_some(self.0 as i64)
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Number {}
impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}
impl hash::Hash for Number {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

/// What a property can hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Yes or no.
    YesNo(bool),
    /// A number.
    Number(Number),
    /// A moment in time.
    Moment(Timestamp),
    /// Text, trimmed, never empty: an empty text says nothing and makes no claim.
    Text(String),
    /// Several values in an order that means something.
    List(Vec<Value>),
    /// Named parts, such as those of an address.
    Record(BTreeMap<String, Value>),
}

impl Value {
    /// Text without the blanks around it; nothing when nothing is left.
    pub fn text(text: impl AsRef<str>) -> Option<Self> {
        let text = text.as_ref().trim();
        (!text.is_empty()).then(|| Self::Text(text.to_owned()))
    }

    /// Takes a JSON value; null and empty texts, lists and records are nothing.
    pub fn from_json(json: &serde_json::Value) -> Option<Self> {
        Self::from_json_at(json, 0)
    }

    fn from_json_at(json: &serde_json::Value, depth: usize) -> Option<Self> {
        match json {
            serde_json::Value::Null => None,
            serde_json::Value::Bool(yes) => Some(Self::YesNo(*yes)),
            serde_json::Value::Number(number) => number.as_f64().and_then(Number::new).map(Self::Number),
            serde_json::Value::String(text) => Self::text(text),
            nested if depth >= MAX_DEPTH => Self::text(nested.to_string()),
            serde_json::Value::Array(items) => {
                let items: Vec<_> =
                    items.iter().filter_map(|item| Self::from_json_at(item, depth + 1)).collect();
                (!items.is_empty()).then_some(Self::List(items))
            }
            serde_json::Value::Object(parts) => {
                let parts: BTreeMap<_, _> = parts
                    .iter()
                    .filter_map(|(name, part)| Some((name.clone(), Self::from_json_at(part, depth + 1)?)))
                    .collect();
                (!parts.is_empty()).then_some(Self::Record(parts))
            }
        }
    }

    /// The value as JSON; a moment becomes its RFC 3339 text.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::YesNo(yes) => (*yes).into(),
            Self::Number(number) => match number.as_whole() {
                Some(whole) => whole.into(),
                None => number.get().into(),
            },
            Self::Moment(moment) => moment.to_string().into(),
            Self::Text(text) => text.as_str().into(),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Record(parts) => parts.iter().map(|(name, part)| (name.clone(), part.to_json())).collect(),
        }
    }

    /// The text, where the value is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// One named part of a record.
    pub fn part(&self, name: &str) -> Option<&Value> {
        match self {
            Self::Record(parts) => parts.get(name),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    /// As a person would write it down on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |f: &mut fmt::Formatter<'_>, items: &mut dyn Iterator<Item = &Value>| {
            for (place, item) in items.enumerate() {
                if place > 0 {
                    f.write_str(", ")?;
                }
                fmt::Display::fmt(item, f)?;
            }
            Ok(())
        };
        match self {
            Self::YesNo(true) => f.write_str("yes"),
            Self::YesNo(false) => f.write_str("no"),
            Self::Number(number) => match number.as_whole() {
                Some(whole) => write!(f, "{whole}"),
                None => write!(f, "{}", number.get()),
            },
            Self::Moment(moment) => fmt::Display::fmt(moment, f),
            Self::Text(text) => f.write_str(text),
            Self::List(items) => joined(f, &mut items.iter()),
            Self::Record(parts) => {
                // An address reads street first; whatever else there is follows in its own order.
                const ADDRESS: [&str; 6] =
                    ["street", "postal_code", "postalCode", "city", "state", "country"];
                let known = ADDRESS.iter().filter_map(|name| parts.get(*name));
                let rest =
                    parts.iter().filter(|(name, _)| !ADDRESS.contains(&name.as_str())).map(|(_, part)| part);
                joined(f, &mut known.chain(rest))
            }
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = serde_json::Value::deserialize(deserializer)?;
        Self::from_json(&json)
            .ok_or_else(|| serde::de::Error::custom("an empty value says nothing: leave it out"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nothing_said_is_no_value() {
        for nothing in [json!(null), json!(""), json!("  "), json!([]), json!({}), json!({ "a": null })] {
            assert_eq!(Value::from_json(&nothing), None, "{nothing}");
        }
        assert_eq!(Value::from_json(&json!(0)), Some(Value::Number(Number(0.0))));
        assert_eq!(Value::from_json(&json!(false)), Some(Value::YesNo(false)));
    }

    #[test]
    fn an_address_reads_street_first() {
        let address =
            json!({ "city": "Bonn", "country": "DE", "street": "Am Markt 1", "postalCode": "53111" });
        assert_eq!(Value::from_json(&address).unwrap().to_string(), "Am Markt 1, 53111, Bonn, DE");
    }

    #[test]
    fn a_whole_number_is_written_without_a_fraction() {
        assert_eq!(Value::from_json(&json!(42.0)).unwrap().to_json().to_string(), "42");
        assert_eq!(Value::from_json(&json!(0.5)).unwrap().to_json().to_string(), "0.5");
    }
}
