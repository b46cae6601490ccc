//! A person as a script holds one: one getter for each property the schema knows, made when rules are loaded.
//!
//! A getter each, rather than one look-up for all: it is nearly twice as fast, and a misspelt name is an error.

use std::sync::Arc;

use rhai::{Dynamic, Engine, EvalAltResult, ImmutableString};

use super::{
    Person, suggest,
    words::{Moment, Values, to_script},
};
use crate::model::{Cardinality, ProfileKind, PropertyDefinition, PropertyType, Schema};

/// What a person has besides properties.
pub(super) const FIGURES: [&str; 6] = ["id", "messages", "events", "first_seen", "last_seen", "is_visitor"];

/// A copy of a person; cheap to clone, and no script can change it.
#[derive(Clone)]
pub(super) struct Subject(Arc<Known>);

struct Known {
    /// One for each property, in the order of the schema.
    slots: Box<[Dynamic]>,
    id: String,
    messages: u64,
    events: u64,
    first_seen: Moment,
    last_seen: Moment,
    is_visitor: bool,
}

impl Subject {
    pub(super) fn new(schema: &Schema, person: &Person) -> Self {
        let slot = |definition: &PropertyDefinition| {
            let values = person.values.get(&definition.key).map(Vec::as_slice).unwrap_or_default();
            if has_many(definition) {
                return Dynamic::from(Values::new(values));
            }
            values.first().map_or(Dynamic::UNIT, |value| to_script(value, definition.kind))
        };
        Self(Arc::new(Known {
            slots: schema.iter().map(slot).collect(),
            id: person.id.to_string(),
            messages: person.messages,
            events: person.events,
            first_seen: Moment(person.first_seen),
            last_seen: Moment(person.last_seen),
            is_visitor: person.kind == ProfileKind::Visitor,
        }))
    }
}

/// Whether a script sees several values.
fn has_many(definition: &PropertyDefinition) -> bool {
    definition.cardinality == Cardinality::Many
        || matches!(definition.kind, PropertyType::List | PropertyType::ManyChoice)
}

type Answer<T> = Result<T, Box<EvalAltResult>>;

fn unchangeable<T>(name: &str) -> Answer<T> {
    Err(format!("a rule cannot change a person: work with a copy, such as `let {name} = person.{name};`")
        .into())
}

/// Makes the properties of `schema` readable.
pub(super) fn register(engine: &mut Engine, schema: &Schema) {
    engine.register_type_with_name::<Subject>("person");
    for (place, definition) in schema.iter().enumerate() {
        let name = definition.key.as_str();
        engine.register_get(name, move |person: &mut Subject| person.0.slots[place].clone());
        write_back(engine, definition, place);
    }
    engine.register_get("id", |person: &mut Subject| person.0.id.clone());
    engine.register_get("messages", |person: &mut Subject| person.0.messages as i64);
    engine.register_get("events", |person: &mut Subject| person.0.events as i64);
    engine.register_get("first_seen", |person: &mut Subject| person.0.first_seen);
    engine.register_get("last_seen", |person: &mut Subject| person.0.last_seen);
    for name in ["first_seen", "last_seen"] {
        // A person never changes, so whatever a method left of the moment is thrown away unless it differs.
        engine.register_set(name, move |person: &mut Subject, moment: Moment| {
            let same = moment == person.0.first_seen || moment == person.0.last_seen;
            if same { Ok(()) } else { unchangeable(name) }
        });
    }
    engine.register_get("is_visitor", |person: &mut Subject| person.0.is_visitor);

    let slots: Vec<String> = schema.iter().map(|definition| definition.key.to_string()).collect();
    engine.register_indexer_get(move |person: &mut Subject, name: ImmutableString| -> Answer<Dynamic> {
        match slots.iter().position(|known| *known == name.as_str()) {
            Some(place) => Ok(person.0.slots[place].clone()),
            None => Err(unknown(&name, slots.iter().map(String::as_str)).into()),
        }
    });
}

/// What to say about a property that does not exist.
pub(super) fn unknown<'a>(name: &str, properties: impl Iterator<Item = &'a str>) -> String {
    let hint = suggest::hint(name, properties.chain(FIGURES));
    format!("a person has no property \"{name}\"{hint}")
}

/// After `person.email.shares(…)` the engine writes the e-mail back, in case the method changed it.
///
/// Where there is no setter it makes an error first and then drops it, which costs more than the method. So
/// there is one, which takes exactly what the getter gave and refuses anything else.
fn write_back(engine: &mut Engine, definition: &PropertyDefinition, place: usize) {
    let name = definition.key.clone();
    let refuse = move || unchangeable(name.as_str());
    if has_many(definition) {
        engine.register_set(definition.key.as_str(), move |person: &mut Subject, given: Values| {
            let same = person.0.slots[place].read_lock::<Values>().is_some_and(|slot| slot.is(&given));
            if same { Ok(()) } else { refuse() }
        });
        return;
    }
    match definition.kind {
        PropertyType::Number | PropertyType::Money | PropertyType::Percent | PropertyType::YesNo => {}
        PropertyType::Date => {
            engine.register_set(definition.key.as_str(), move |person: &mut Subject, given: Moment| {
                let same = person.0.slots[place].read_lock::<Moment>().is_some_and(|slot| *slot == given);
                if same { Ok(()) } else { refuse() }
            });
        }
        _ => {
            engine.register_set(
                definition.key.as_str(),
                move |person: &mut Subject, given: ImmutableString| {
                    let same =
                        person.0.slots[place].as_immutable_string_ref().is_ok_and(|slot| *slot == given);
                    if same { Ok(()) } else { refuse() }
                },
            );
        }
    }
}
