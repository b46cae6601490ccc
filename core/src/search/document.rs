//! One profile as the index holds it: the terms that find it and the row that a list shows of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tantivy::{TantivyDocument, schema::OwnedValue};

use super::{
    filter::{Fact, Facts},
    fold,
    schema::Fields,
};
use crate::{
    model::{ProfileId, ProfileKind, ProfileState, PropertyType, Schema, Timestamp, Value},
    view::{FieldView, ProfileView},
};

/// The longest text that can stand as the line under a name, in characters.
const LINE_LEN: usize = 160;

/// The most lines that are kept of one profile.
const MOST_LINES: usize = 60;

/// How many values of one property a list shows.
const MOST_SHOWN: usize = 8;

/// How much of a long text is searched, in characters.
const LONG_LEN: usize = 8_000;

/// The most terms of one sort that are kept of one profile.
const MOST_TERMS: usize = 2_000;

/// One profile as the index holds it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct IndexedProfile {
    pub(super) row: Row,
    /// What names exactly this profile, folded: addresses, numbers, ids, the full name.
    pub(super) exact: Vec<String>,
    /// The words of its names.
    pub(super) names: Vec<String>,
    /// The words of everything else that is short.
    pub(super) words: Vec<String>,
    /// The words of long texts.
    pub(super) long: Vec<String>,
    /// The digits of its telephone numbers, whole.
    pub(super) digits: Vec<String>,
    /// What it is filtered and sorted by.
    pub(super) facts: Facts,
}

/// What is kept beside the terms: enough for a row of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) id: [u8; 10],
    pub(super) name: String,
    pub(super) is_customer: bool,
    pub(super) is_trashed: bool,
    /// A mark of the photo that is shown.
    pub(super) photo: Option<String>,
    pub(super) created: i64,
    pub(super) seen: i64,
    pub(super) messages: u64,
    pub(super) events: u64,
    pub(super) email: Option<String>,
    pub(super) company: Option<String>,
    /// Short texts by which the profile is found besides its name, the most telling first.
    pub(super) lines: Vec<String>,
    /// The first values of its properties, as JSON, for the columns of a list.
    pub(super) values: String,
}

impl Row {
    pub(super) fn id(&self) -> ProfileId {
        ProfileId::from_bytes(self.id)
    }

    /// Tells profiles apart in columns; of a million profiles two share it with odds of one in 30 million.
    pub(super) fn tie(&self) -> u64 {
        tie(self.id())
    }

    /// Kind and state as the column holds them.
    pub(super) fn shelf(&self) -> u64 {
        u64::from(self.is_customer) | u64::from(self.is_trashed) << 1
    }

    /// What the list is sorted by when it is sorted by name.
    pub(super) fn name_key(&self) -> String {
        let key: String = fold::fold(&self.name).chars().take(LINE_LEN).collect();
        // Names begin with a letter before anything else is compared.
        let key = key.trim_start_matches(|c: char| !c.is_alphanumeric());
        if key.is_empty() { "~".to_owned() } else { key.to_owned() }
    }
}

/// The number that stands for a profile in columns.
pub(super) fn tie(id: ProfileId) -> u64 {
    let mut first = [0; 8];
    first.copy_from_slice(&id.as_bytes()[..8]);
    u64::from_be_bytes(first)
}

impl IndexedProfile {
    /// What is indexed of a view; the profile's own row says when it was `created`.
    pub(super) fn of(view: &ProfileView, created: Timestamp, schema: &Schema) -> Self {
        let texts = Texts::of(view, schema);
        let company = view
            .accounts
            .first()
            .map(|account| account.name.clone())
            .or_else(|| view.value("company").map(ToString::to_string));
        let email = view.contacts.iter().find(|contact| is_kind(contact, "email"));
        let row = Row {
            id: *view.id.as_bytes(),
            name: view.name.clone(),
            is_customer: view.kind == ProfileKind::Customer,
            is_trashed: matches!(view.state, ProfileState::Trashed { .. }),
            photo: view.photo_mark(),
            created: created.as_millis(),
            seen: view.last_seen.as_millis(),
            messages: view.messages,
            events: view.events,
            email: email.map(|contact| contact.value.clone()),
            company,
            lines: texts.lines(),
            values: shown_values(view),
        };
        let names: Vec<String> = texts.names.iter().flat_map(|name| fold::tokens(name)).collect();
        let words = texts.short.iter().flat_map(|text| fold::tokens(bare(text)));
        let long = texts.long.iter().flat_map(|text| fold::tokens(text));
        let digits: Vec<String> = texts.phones.iter().flat_map(|phone| fold::digits(phone)).collect();
        let exact = texts.exact.iter().chain(&texts.names).map(|text| fold::fold(text));
        Self {
            exact: distinct(exact.chain(digits.iter().cloned())),
            words: distinct(words.chain(digits.iter().cloned())),
            names: distinct(names),
            long: distinct(long),
            digits: distinct(digits),
            facts: Facts::of(view, created, schema),
            row,
        }
    }

    /// The form in which the index takes it.
    pub(super) fn to_tantivy(&self, fields: &Fields) -> Result<TantivyDocument, postcard::Error> {
        let mut document = TantivyDocument::new();
        document.add_text(fields.id, self.row.id().to_string());
        document.add_bytes(fields.row, &postcard::to_stdvec(&self.row)?);
        for exact in &self.exact {
            document.add_text(fields.exact, exact);
        }
        let (names, words) = (self.names.join(" "), self.words.join(" "));
        document.add_text(fields.name, &names);
        document.add_text(fields.name_start, &names);
        document.add_text(fields.word, &words);
        document.add_text(fields.word_start, &words);
        document.add_text(fields.long, self.long.join(" "));
        document.add_text(fields.digits, self.endings().join(" "));
        document.add_i64(fields.seen, self.row.seen);
        document.add_i64(fields.created, self.row.created);
        document.add_i64(fields.messages, self.row.messages.min(i64::MAX as u64) as i64);
        document.add_text(fields.name_key, self.row.name_key());
        document.add_u64(fields.tie, self.row.tie());
        document.add_u64(fields.shelf, self.row.shelf());
        document.add_object(fields.facts, self.facts_to_tantivy());
        Ok(document)
    }

    fn facts_to_tantivy(&self) -> BTreeMap<String, OwnedValue> {
        let value = |fact: &Fact| match fact {
            // A column of numbers is one of fractions whatever stands in it, so that all segments are alike.
            Fact::Number(number) => OwnedValue::F64(*number),
            Fact::Text(text) => OwnedValue::Str(text.clone()),
        };
        let facts = self.facts.of.iter();
        facts
            .map(|(key, facts)| (key.clone(), OwnedValue::Array(facts.iter().map(value).collect())))
            .collect()
    }

    /// Every ending of the telephone numbers that somebody may remember: four digits or more.
    fn endings(&self) -> Vec<&str> {
        let endings = self
            .digits
            .iter()
            .flat_map(|digits| (0..=digits.len().saturating_sub(4)).map(|at| &digits[at..]));
        let mut endings: Vec<&str> = endings.collect();
        endings.sort_unstable();
        endings.dedup();
        endings
    }
}

/// The first values of each property, as a list can show them.
fn shown_values(view: &ProfileView) -> String {
    let shown = view.fields.iter().filter(|field| field.kind != PropertyType::Picture).map(|field| {
        let values = field.values.iter().take(MOST_SHOWN).map(|shown| match &shown.value {
            Value::Text(text) => text.chars().take(LINE_LEN).collect::<String>().into(),
            Value::List(_) | Value::Record(_) => {
                shown.value.to_string().chars().take(LINE_LEN).collect::<String>().into()
            }
            plain => plain.to_json(),
        });
        (field.key.to_string(), values.collect())
    });
    let shown: serde_json::Map<String, serde_json::Value> = shown.collect();
    serde_json::Value::Object(shown).to_string()
}

/// The texts of a view by what they are for.
#[derive(Default)]
struct Texts {
    names: Vec<String>,
    exact: Vec<String>,
    phones: Vec<String>,
    short: Vec<String>,
    long: Vec<String>,
}

impl Texts {
    fn of(view: &ProfileView, schema: &Schema) -> Self {
        let mut texts = Self::default();
        texts.exact.push(view.id.to_string());
        for contact in view.contacts.iter().filter(|contact| contact.kind.is_some()) {
            texts.exact.push(contact.value.clone());
            texts.short.push(contact.value.clone());
            if is_kind(contact, "phone") || is_kind(contact, "whatsapp") {
                texts.phones.push(contact.value.clone());
            }
        }
        texts.short.extend(view.accounts.iter().map(|account| account.name.clone()));
        let searchable = |field: &&FieldView| schema.get_or_free(&field.key).searchable;
        for field in view.fields.iter().filter(searchable) {
            for shown in &field.values {
                texts.take(field, &shown.value);
            }
        }
        if texts.names.is_empty() {
            // What stands in a name's place, such as `Visitor 4z9kq`, is what somebody reads out.
            texts.names.push(view.name.clone());
        }
        texts
    }

    fn take(&mut self, field: &FieldView, value: &Value) {
        match (field.key.as_str(), field.kind, value) {
            (_, PropertyType::Picture | PropertyType::YesNo | PropertyType::Date, _) => {}
            (_, PropertyType::Money | PropertyType::Percent, _) => {}
            (_, _, Value::YesNo(_) | Value::Moment(_)) => {}
            // The contacts have said it.
            (_, PropertyType::Email | PropertyType::Phone, _) => {}
            ("name" | "first_name" | "last_name", _, _) => self.names.push(value.to_string()),
            (_, PropertyType::LongText, _) => {
                self.long.push(value.to_string().chars().take(LONG_LEN).collect());
            }
            (_, _, Value::List(items)) => self.short.extend(items.iter().map(ToString::to_string)),
            _ => {
                let text = value.to_string();
                let long = text.chars().count() > LINE_LEN;
                if long { &mut self.long } else { &mut self.short }
                    .push(text.chars().take(LONG_LEN).collect());
            }
        }
    }

    fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for text in self.short.iter().chain(self.names.iter().skip(1)) {
            if text.chars().count() <= LINE_LEN && !lines.contains(text) && lines.len() < MOST_LINES {
                lines.push(text.clone());
            }
        }
        lines
    }
}

fn is_kind(contact: &crate::view::ContactView, kind: &str) -> bool {
    contact.kind.as_ref().is_some_and(|known| known.as_str() == kind)
}

/// A link without what every link begins with.
fn bare(text: &str) -> &str {
    let text = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
    text.strip_prefix("www.").unwrap_or(text)
}

fn distinct(terms: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut terms: Vec<String> = terms.into_iter().filter(|term| !term.is_empty()).collect();
    terms.sort_unstable();
    terms.dedup();
    terms.truncate(MOST_TERMS);
    terms
}
