//! Values of a person: shares, differs, and the rest.
//!
//! Texts are compared without case and outer blanks, dates by their day. Where one side is unknown, two
//! people neither share nor differ.

use std::{fmt, sync::Arc};

use rhai::{Array, Dynamic, Engine, ImmutableString};

use super::{Moment, to_script};
use crate::{
    model::{PropertyType, Value},
    rules::budget,
};

/// Several values of one property, as a script holds them.
#[derive(Clone, Debug)]
pub(in crate::rules) struct Values(Arc<[Item]>);

#[derive(Debug)]
struct Item {
    value: Value,
    /// What is compared.
    key: String,
}

impl Values {
    /// Takes values of a property; lists among them count item by item.
    pub(in crate::rules) fn new<'a>(values: impl IntoIterator<Item = &'a Value>) -> Self {
        let mut items = Vec::new();
        for value in values {
            match value {
                Value::List(list) => items.extend(list),
                other => items.push(other),
            }
        }
        Self(items.into_iter().map(|value| Item { value: value.clone(), key: key(value) }).collect())
    }

    /// Whether this is the very same list, not one that looks the same.
    pub(in crate::rules) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The values as they are recorded.
    pub(in crate::rules) fn to_value(&self) -> Option<Value> {
        let items: Vec<Value> = self.0.iter().map(|item| item.value.clone()).collect();
        (!items.is_empty()).then_some(Value::List(items))
    }

    pub(super) fn texts(&self) -> Vec<String> {
        self.0.iter().map(|item| item.value.to_string()).collect()
    }

    fn contains(&self, key: &str) -> bool {
        budget::charge(self.0.len() / 8);
        self.0.iter().any(|item| item.key == key)
    }

    fn shares(&self, other: &Self) -> bool {
        other.0.iter().any(|item| self.contains(&item.key))
    }

    fn differs(&self, other: &Self) -> bool {
        !self.0.is_empty() && !other.0.is_empty() && !self.shares(other)
    }

    fn get(&self, place: i64) -> Dynamic {
        let len = self.0.len() as i64;
        let place = if place < 0 { place + len } else { place };
        let item = usize::try_from(place).ok().and_then(|place| self.0.get(place));
        item.map_or(Dynamic::UNIT, |item| shown(&item.value))
    }

    fn to_array(&self) -> Array {
        self.0.iter().map(|item| shown(&item.value)).collect()
    }
}

impl fmt::Display for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, item) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_str(", ")?;
            }
            fmt::Display::fmt(&item.value, f)?;
        }
        Ok(())
    }
}

impl IntoIterator for Values {
    type Item = Dynamic;
    type IntoIter = std::vec::IntoIter<Dynamic>;

    fn into_iter(self) -> Self::IntoIter {
        self.to_array().into_iter()
    }
}

fn shown(value: &Value) -> Dynamic {
    let kind = match value {
        Value::Number(_) => PropertyType::Number,
        Value::YesNo(_) => PropertyType::YesNo,
        Value::Moment(_) => PropertyType::Date,
        _ => PropertyType::Text,
    };
    to_script(value, kind)
}

fn fold(text: &str) -> String {
    text.trim().to_lowercase()
}

fn key(value: &Value) -> String {
    match value {
        Value::Text(text) => fold(text),
        Value::Moment(moment) => Moment(*moment).start_of_day().to_string(),
        other => fold(&other.to_string()),
    }
}

/// What is compared of anything a script holds; nothing where it is unknown.
fn keys(given: &Dynamic) -> Vec<String> {
    if let Some(values) = given.read_lock::<Values>() {
        return values.0.iter().map(|item| item.key.clone()).collect();
    }
    if let Some(moment) = given.read_lock::<Moment>() {
        return vec![moment.start_of_day().to_string()];
    }
    if let Some(array) = given.read_lock::<Array>() {
        return array.iter().flat_map(keys).collect();
    }
    if given.is_unit() { Vec::new() } else { vec![fold(&given.to_string())] }
}

fn shares(a: &Dynamic, b: &Dynamic) -> bool {
    let (a, b) = (keys(a), keys(b));
    budget::charge(a.len() * b.len() / 8);
    a.iter().any(|key| b.contains(key))
}

fn differs(a: &Dynamic, b: &Dynamic) -> bool {
    let (known, also_known) = (!keys(a).is_empty(), !keys(b).is_empty());
    known && also_known && !shares(a, b)
}

pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Values>("several values");
    engine.register_iterator::<Values>();
    engine.register_fn("shares", |a: &mut Values, b: Values| a.shares(&b));
    engine.register_fn("differs", |a: &mut Values, b: Values| a.differs(&b));
    engine.register_fn("shares", |a: &mut ImmutableString, b: ImmutableString| fold(a) == fold(&b));
    engine.register_fn("differs", |a: &mut ImmutableString, b: ImmutableString| fold(a) != fold(&b));
    engine.register_fn("shares", |a: &mut Dynamic, b: Dynamic| shares(a, &b));
    engine.register_fn("differs", |a: &mut Dynamic, b: Dynamic| differs(a, &b));
    engine.register_fn("contains", |a: &mut Values, b: Dynamic| keys(&b).iter().any(|key| a.contains(key)));
    engine.register_fn("is_empty", |a: &mut Values| a.0.is_empty());
    engine.register_fn("is_empty", |_: ()| true);
    engine.register_fn("count", |a: &mut Values| a.0.len() as i64);
    engine.register_fn("first", |a: &mut Values| a.get(0));
    engine.register_fn("last", |a: &mut Values| a.get(-1));
    engine.register_fn("list", |a: &mut Values| a.to_array());
    engine.register_indexer_get(|a: &mut Values, place: i64| a.get(place));
    engine.register_fn("to_string", |a: &mut Values| a.to_string());
    engine.register_fn("to_debug", |a: &mut Values| a.to_string());
    engine.register_fn("trimmed", |a: ImmutableString| ImmutableString::from(a.trim()));
    engine.register_fn("trimmed", |_: ()| Dynamic::UNIT);
    engine.register_fn("to_lower", |_: ()| Dynamic::UNIT);
}
