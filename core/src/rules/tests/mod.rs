//! What scripts can do, what they cannot, and how they are told.

mod attacks;
mod choosing;
mod computing;
mod declaring;
mod errors;
mod matching;
mod reloading;
mod viewing;

use std::collections::BTreeMap;

use super::{Person, Problem, Rules, Sources};
use crate::model::{ProfileId, ProfileKind, Timestamp, Value};

/// 2026-01-01.
const NOW: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// Rules made of `properties.rhai` and `identity.rhai`.
fn rules(properties: &str, identity: &str) -> Rules {
    Rules::from_sources(Sources::from_iter([("properties.rhai", properties), ("identity.rhai", identity)]))
        .unwrap_or_else(|problems| panic!("{}", in_full(&problems)))
}

/// What is wrong with these files, as an administrator reads it.
fn problems(files: &[(&str, &str)]) -> String {
    match Rules::from_sources(Sources::from_iter(files.iter().copied())) {
        Ok(_) => "nothing is wrong".into(),
        Err(problems) => in_full(&problems),
    }
}

fn in_full(problems: &[Problem]) -> String {
    problems.iter().map(Problem::in_full).collect::<Vec<_>>().join("\n")
}

/// A person from `{"email": ["a@x"], "name": "Ana"}`.
fn person(json: serde_json::Value) -> Person {
    let mut values = BTreeMap::new();
    for (key, value) in json.as_object().unwrap() {
        let value = Value::from_json(value).unwrap();
        let list = if let Value::List(list) = value { list } else { vec![value] };
        values.insert(key.parse().unwrap(), list);
    }
    Person {
        id: ProfileId::from_bytes([7; 10]),
        values,
        kind: ProfileKind::Customer,
        first_seen: Timestamp::parse("2024-05-01T10:00:00Z").unwrap(),
        last_seen: Timestamp::parse("2025-11-30").unwrap(),
        messages: 3,
        events: 12,
    }
}

#[test]
fn the_bundled_scripts_load_and_pass() {
    if let Err(problems) = Rules::bundled() {
        panic!("{}", in_full(&problems));
    }
}

#[test]
fn the_binary_holds_the_scripts_of_the_folder() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts");
    assert_eq!(Sources::read(folder.as_ref()), Ok(Sources::bundled()));
}

#[test]
fn the_hash_names_every_text_and_every_name() {
    let hash = |files: &[(&str, &str)]| Sources::from_iter(files.iter().copied()).hash();
    let plain = hash(&[("identity.rhai", "fn a() {}")]);
    assert_eq!(plain.len(), 16);
    assert_eq!(plain, hash(&[("identity.rhai", "fn a() {}")]));
    assert_ne!(plain, hash(&[("identity.rhai", "fn b() {}")]));
    assert_ne!(plain, hash(&[("properties.rhai", "fn a() {}")]));
    assert_ne!(plain, hash(&[("identity.rhai", "fn a() {}"), ("tests/a.rhai", "")]));
}
