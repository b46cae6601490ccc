//! What can be asked of: every property, and what every profile has besides.

use super::{FilterError, Op, Place, Test};
use crate::{
    model::{Cardinality, IdentifierKind, PropertyType, Schema},
    rules::closest,
};

/// How the values of a field are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldSort {
    /// As text, whatever its case and accents.
    Text,
    /// One of a few words.
    Choice,
    /// As a number.
    Number,
    /// As a day or moment.
    Date,
    /// Yes or no.
    YesNo,
    /// By its digits.
    Phone,
}

impl FieldSort {
    /// The operators that make sense of it, the usual one first.
    pub fn ops(self) -> &'static [Op] {
        match self {
            Self::Text | Self::Phone => &[Op::Contains, Op::Is, Op::IsNot, Op::Lacks, Op::Known, Op::Empty],
            Self::Choice => &[Op::Is, Op::IsNot, Op::Known, Op::Empty],
            Self::YesNo => &[Op::Is, Op::Known, Op::Empty],
            Self::Number => &[
                Op::Is,
                Op::IsNot,
                Op::Greater,
                Op::AtLeast,
                Op::Less,
                Op::AtMost,
                Op::Between,
                Op::Known,
                Op::Empty,
            ],
            Self::Date => &[
                Op::Within,
                Op::Older,
                Op::Less,
                Op::Greater,
                Op::AtMost,
                Op::AtLeast,
                Op::Between,
                Op::Is,
                Op::IsNot,
                Op::Known,
                Op::Empty,
            ],
        }
    }

    /// How a property's values are compared.
    pub fn of(kind: PropertyType) -> Self {
        match kind {
            PropertyType::Number | PropertyType::Money | PropertyType::Percent => Self::Number,
            PropertyType::Date => Self::Date,
            PropertyType::YesNo => Self::YesNo,
            PropertyType::Choice | PropertyType::ManyChoice => Self::Choice,
            PropertyType::Phone => Self::Phone,
            _ => Self::Text,
        }
    }
}

/// One thing that can be asked of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The word for it in a filter.
    pub key: String,
    /// What pages call it.
    pub label: String,
    /// How its values are compared.
    pub sort: FieldSort,
    /// The values it can have, where these are few.
    pub options: Vec<String>,
    /// Whether a list can be sorted by it.
    pub is_sortable: bool,
    /// Whether every profile has it, so that no property defines it.
    pub is_built_in: bool,
}

/// Everything that can be asked of, in the order in which pages offer it.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    fields: Vec<Field>,
}

impl Vocabulary {
    /// What these properties and every profile offer; `free` are properties that sources brought and nobody defined.
    pub fn new(schema: &Schema, free: impl IntoIterator<Item = String>) -> Self {
        let mut fields: Vec<Field> = Vec::new();
        let built_in = |key: &str, label: &str, sort, options: &[&str], is_sortable| Field {
            key: key.into(),
            label: label.into(),
            sort,
            options: options.iter().map(|option| (*option).to_owned()).collect(),
            is_sortable,
            is_built_in: true,
        };
        let channels = [
            IdentifierKind::EMAIL,
            IdentifierKind::PHONE,
            IdentifierKind::WHATSAPP,
            IdentifierKind::USER_ID,
            IdentifierKind::ANONYMOUS_ID,
        ];
        let channels: Vec<&str> = channels.iter().map(IdentifierKind::as_str).collect();
        fields.push(built_in("kind", "Kind", FieldSort::Choice, &["customer", "visitor"], true));
        fields.push(built_in("last_seen", "Last seen", FieldSort::Date, &[], true));
        fields.push(built_in("first_seen", "First seen", FieldSort::Date, &[], true));
        fields.push(built_in("created", "Profile made", FieldSort::Date, &[], true));
        fields.push(built_in("messages", "Messages", FieldSort::Number, &[], true));
        fields.push(built_in("events", "Events", FieldSort::Number, &[], true));
        fields.push(built_in("channel", "Channel", FieldSort::Choice, &channels, false));
        fields.push(built_in("account", "Account", FieldSort::Text, &[], true));
        for property in schema.iter() {
            if fields.iter().any(|field| field.key == property.key.as_str()) {
                continue;
            }
            let is_long = matches!(property.kind, PropertyType::LongText | PropertyType::Picture);
            fields.push(Field {
                key: property.key.to_string(),
                label: property.label.clone(),
                sort: FieldSort::of(property.kind),
                options: property.options.clone(),
                is_sortable: !is_long && property.cardinality == Cardinality::One,
                is_built_in: false,
            });
        }
        for key in free {
            if !fields.iter().any(|field| field.key == key) {
                let label = key.replace('_', " ");
                let mut letters = label.chars();
                let label = letters
                    .next()
                    .map(|first| first.to_uppercase().chain(letters).collect())
                    .unwrap_or_default();
                let sort = FieldSort::Text;
                let (options, is_sortable, is_built_in) = (Vec::new(), true, false);
                fields.push(Field { key, label, sort, options, is_sortable, is_built_in });
            }
        }
        Self { fields }
    }

    /// Leaves out fields, such as those that whoever asks may not see.
    pub fn without(mut self, is_hidden: impl Fn(&str) -> bool) -> Self {
        self.fields.retain(|field| field.is_built_in || !is_hidden(&field.key));
        self
    }

    /// Every field, in the order in which pages offer it.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The field of a word.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// The field of a condition, or what is wrong with it.
    pub(super) fn field_of(&self, test: &Test, place: Place) -> Result<&Field, FilterError> {
        let key = test.property.as_str();
        self.field(key).ok_or_else(|| {
            let known = || self.fields.iter().map(|field| field.key.as_str());
            let hint = closest(key, known()).map(|name| format!(", did you mean `{name}`?"));
            let hint = hint.unwrap_or_else(|| "; properties are written like `tier` or `last_seen`".into());
            FilterError { place, why: format!("there is no property `{key}`{hint}") }
        })
    }
}
