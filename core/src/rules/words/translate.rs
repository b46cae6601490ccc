//! Between what is recorded and what a script holds.

use rhai::{Array, Dynamic, Map};

use super::{Claims, Moment, Values};
use crate::{
    model::{Number, PropertyDefinition, PropertyType, Timestamp, Value},
    rules::{Verdict, subject::Subject},
};

/// A value as a script holds it, by the type of its property; what does not fit the type is unknown.
pub(in crate::rules) fn to_script(value: &Value, kind: PropertyType) -> Dynamic {
    use PropertyType as T;
    let known = match (kind, value) {
        (T::Number | T::Money | T::Percent, Value::Number(number)) => Some(number_to_script(*number)),
        (T::Number | T::Money | T::Percent, Value::Text(text)) => {
            text.trim().parse().ok().and_then(Number::new).map(number_to_script)
        }
        (T::YesNo, Value::YesNo(yes)) => Some((*yes).into()),
        (T::YesNo, Value::Text(text)) => match text.to_lowercase().as_str() {
            "yes" | "true" => Some(true.into()),
            "no" | "false" => Some(false.into()),
            _ => None,
        },
        (T::Date, Value::Moment(moment)) => Some(Dynamic::from(Moment(*moment))),
        (T::Date, Value::Text(text)) => {
            Timestamp::parse(text).ok().map(|moment| Dynamic::from(Moment(moment)))
        }
        (T::Number | T::Money | T::Percent | T::YesNo | T::Date, _) => None,
        (T::List | T::ManyChoice, value) => Some(Dynamic::from(Values::new([value]))),
        (_, Value::List(_)) => Some(Dynamic::from(Values::new([value]))),
        (_, Value::Record(parts)) => {
            let parts = parts.iter().map(|(name, part)| (name.as_str().into(), to_script(part, T::Text)));
            Some(Dynamic::from_map(parts.collect::<Map>()))
        }
        (_, Value::Text(text)) => Some(text.as_str().into()),
        (_, other) => Some(other.to_string().into()),
    };
    known.unwrap_or(Dynamic::UNIT)
}

/// Whole numbers count and compare as such; others keep their fraction.
fn number_to_script(number: Number) -> Dynamic {
    number.as_whole().map_or_else(|| number.get().into(), Dynamic::from)
}

/// Anything a script holds as a value; nothing where it is unknown or has no place in a profile.
pub(in crate::rules) fn value_of(given: &Dynamic) -> Option<Value> {
    if let Ok(text) = given.as_immutable_string_ref() {
        return Value::text(text.as_str());
    }
    if let Some(moment) = given.read_lock::<Moment>() {
        return Some(Value::Moment(moment.0));
    }
    if let Some(values) = given.read_lock::<Values>() {
        return values.to_value();
    }
    if let Some(array) = given.read_lock::<Array>() {
        let items: Vec<Value> = array.iter().filter_map(value_of).collect();
        return (!items.is_empty()).then_some(Value::List(items));
    }
    if let Some(map) = given.read_lock::<Map>() {
        let parts: std::collections::BTreeMap<_, _> =
            map.iter().filter_map(|(name, part)| Some((name.to_string(), value_of(part)?))).collect();
        return (!parts.is_empty()).then_some(Value::Record(parts));
    }
    if let Ok(yes) = given.as_bool() {
        return Some(Value::YesNo(yes));
    }
    if let Ok(whole) = given.as_int() {
        return Number::new(whole as f64).map(Value::Number);
    }
    given.as_float().ok().and_then(Number::new).map(Value::Number)
}

/// What a script computed, as a value of its property, or why it is none.
pub(in crate::rules) fn from_script(
    given: &Dynamic,
    definition: &PropertyDefinition,
) -> Result<Option<Value>, String> {
    use PropertyType as T;
    if given.is_unit() {
        return Ok(None);
    }
    let wrong = || {
        format!(
            "`{}` is {}, and its function gave {}",
            definition.key,
            wanted(definition.kind),
            sort_of(given)
        )
    };
    let Some(value) = value_of(given) else {
        // An empty text or list says nothing; a verdict or a claim is a mistake.
        let is_empty = given.is_string() || given.is_array() || given.is_map() || given.is::<Values>();
        return if is_empty { Ok(None) } else { Err(wrong()) };
    };
    let fits = match (definition.kind, &value) {
        (T::Number | T::Money | T::Percent, value) => matches!(value, Value::Number(_)),
        (T::YesNo, value) => matches!(value, Value::YesNo(_)),
        (T::Date, Value::Moment(_)) => true,
        (T::Date, Value::Text(text)) => match Timestamp::parse(text) {
            Ok(moment) => return Ok(Some(Value::Moment(moment))),
            Err(error) => return Err(format!("`{}`: {error}", definition.key)),
        },
        (T::Date, _) => false,
        (T::Choice, Value::Text(text)) if !definition.options.contains(text) => {
            return Err(format!(
                "`{text}` is none of the options of `{}`: {}",
                definition.key,
                definition.options.join(", ")
            ));
        }
        (T::List | T::ManyChoice, value) => matches!(value, Value::List(_) | Value::Text(_)),
        (T::Address, value) => matches!(value, Value::Record(_) | Value::Text(_)),
        (_, value) => matches!(value, Value::Text(_)),
    };
    if fits { Ok(Some(value)) } else { Err(wrong()) }
}

fn wanted(kind: PropertyType) -> &'static str {
    use PropertyType as T;
    match kind {
        T::Number | T::Money | T::Percent => "a number",
        T::YesNo => "a yes or no",
        T::Date => "a date",
        T::List | T::ManyChoice => "a list",
        T::Address => "an address",
        T::Text | T::LongText | T::Link | T::Picture | T::Choice | T::Email | T::Phone => "a text",
    }
}

/// What sort of thing a script holds, in words.
pub(in crate::rules) fn sort_of(given: &Dynamic) -> &'static str {
    match () {
        () if given.is_unit() => "unknown",
        () if given.is_string() || given.is_char() => "a text",
        () if given.is_int() || given.is_float() => "a number",
        () if given.is_bool() => "a yes or no",
        () if given.is_array() => "a list",
        () if given.is_map() => "a record",
        () if given.is_fnptr() => "a function",
        () if given.is::<Values>() => "several values",
        () if given.is::<Moment>() => "a moment",
        () if given.is::<Claims>() => "claims",
        () if given.is::<Verdict>() => "a verdict",
        () if given.is::<Subject>() => "a person",
        () => "something else",
    }
}
