//! Stored forms of what many rows hold: values, sources, and the plain enums.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::form::{RowError, twin};
use crate::model::{
    ConversationStatus, Direction, EntryKind, Number, Priority, Source, SourceKind, Timestamp, Value,
};

#[derive(Serialize, Deserialize)]
pub(super) enum StoredValue<'a> {
    YesNo(bool),
    /// Of numbers most are whole and small.
    Whole(i64),
    Number(f64),
    Moment(i64),
    Text(&'a str),
    #[serde(borrow)]
    List(Vec<StoredValue<'a>>),
    Record(Vec<(&'a str, StoredValue<'a>)>),
}

impl<'a> StoredValue<'a> {
    pub(super) fn of(value: &'a Value) -> Self {
        match value {
            Value::YesNo(yes) => Self::YesNo(*yes),
            Value::Number(number) => match number.as_whole() {
                Some(whole) => Self::Whole(whole),
                None => Self::Number(number.get()),
            },
            Value::Moment(at) => Self::Moment(at.as_millis()),
            Value::Text(text) => Self::Text(text),
            Value::List(items) => Self::List(items.iter().map(Self::of).collect()),
            Value::Record(parts) => Self::Record(stored_parts(parts)),
        }
    }

    pub(super) fn model(self) -> Result<Value, RowError> {
        let number = |number| {
            Number::new(number).map(Value::Number).ok_or_else(|| RowError::broken("a number is not finite"))
        };
        Ok(match self {
            Self::YesNo(yes) => Value::YesNo(yes),
            Self::Whole(whole) => number(whole as f64)?,
            Self::Number(fraction) => number(fraction)?,
            Self::Moment(millis) => Value::Moment(Timestamp::from_millis(millis)),
            Self::Text(text) => Value::Text(text.to_owned()),
            Self::List(items) => Value::List(items.into_iter().map(Self::model).collect::<Result<_, _>>()?),
            Self::Record(parts) => Value::Record(model_parts(parts)?),
        })
    }
}

pub(super) fn stored_parts(parts: &BTreeMap<String, Value>) -> Vec<(&str, StoredValue<'_>)> {
    parts.iter().map(|(name, part)| (name.as_str(), StoredValue::of(part))).collect()
}

pub(super) fn model_parts(parts: Vec<(&str, StoredValue<'_>)>) -> Result<BTreeMap<String, Value>, RowError> {
    parts.into_iter().map(|(name, part)| Ok((name.to_owned(), part.model()?))).collect()
}

twin!(StoredSourceKind = SourceKind { Plugin, Rule, Message, Import, Event, Api, Agent });
twin!(StoredDirection = Direction { Inbound, Outbound });
twin!(StoredStatus = ConversationStatus { Open, Pending, Closed, Spam });
twin!(StoredPriority = Priority { Low, Normal, High, Urgent });
twin!(StoredEntryKind = EntryKind { Message, Note, Event, PageView, Activity });

#[derive(Serialize, Deserialize)]
pub(super) struct StoredSource<'a>(StoredSourceKind, &'a str);

impl<'a> StoredSource<'a> {
    pub(super) fn of(source: &'a Source) -> Self {
        Self(source.kind().into(), source.name())
    }

    pub(super) fn model(self) -> Source {
        Source::new(self.0.into(), self.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::YesNo),
            any::<f64>().prop_filter_map("finite", |n| Number::new(n).map(Value::Number)),
            any::<i32>().prop_map(|n| Value::Number(Number::new(f64::from(n)).unwrap())),
            any::<i64>().prop_map(|millis| Value::Moment(Timestamp::from_millis(millis))),
            ".{1,20}".prop_map(Value::Text),
        ];
        leaf.prop_recursive(3, 24, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::List),
                prop::collection::btree_map(".{0,8}", inner, 0..5).prop_map(Value::Record),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_value_reads_back_as_it_was_written(value in values()) {
            let bytes = postcard::to_stdvec(&StoredValue::of(&value)).unwrap();
            let back: StoredValue<'_> = postcard::from_bytes(&bytes).unwrap();
            prop_assert_eq!(back.model().unwrap(), value);
        }
    }
}
