//! How long rules take: one evaluation of each kind, and loading a set.
//!
//! `cargo bench -p whom-core --bench rules`
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints and may stop")]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use whom_core::{
    model::{
        Assertion, Claim, Confidence, ContactId, Evidence, IdKey, ProfileId, ProfileKind, Timestamp, Value,
    },
    rules::{Person, Rules, Sources},
};

fn main() {
    let rules = Rules::bundled().unwrap();
    let now = Timestamp::parse("2026-01-01").unwrap();
    let (ana, ben) = (person("Ana Lee", "ana@x.org"), person("Ben Lee", "ben@x.org"));
    let mut other = person("Cy Young", "cy@x.org");
    other.values.remove("phone");
    let claims =
        [claim("import:crm", "Acme"), claim("plugin:fullcontact", "Acme Inc"), claim("event:app", "ACME")];
    let claims: Vec<&Claim> = claims.iter().collect();
    let schema = rules.schema();
    let (company, name) = (schema.get("company").unwrap(), schema.get("name").unwrap());
    let (at_risk, standing) = (schema.get("at_risk").unwrap(), schema.get("standing").unwrap());

    measure("load the bundled set, with its golden cases", || drop(black_box(Rules::bundled())));
    measure("compile, declare and look over, without golden cases", || {
        let texts = Sources::bundled();
        let texts: Vec<_> = texts.iter().filter(|(name, _)| !name.starts_with("tests/")).collect();
        drop(black_box(Rules::from_sources(Sources::from_iter(texts))));
    });
    measure("same_person, one address in common", || drop(black_box(rules.same_person(&ana, &ana, now))));
    measure("same_person, one phone, names through the library", || {
        drop(black_box(rules.same_person(&ana, &ben, now)));
    });
    measure("same_person, nothing in common", || drop(black_box(rules.same_person(&ana, &other, now))));
    measure("resolve, a property that the script names", || drop(black_box(rules.resolve(company, &claims))));
    measure("resolve, a property that it does not name", || drop(black_box(rules.resolve(name, &claims))));
    measure("compute, a comparison", || drop(black_box(rules.compute(at_risk, &ana, now))));
    measure("compute, a function", || drop(black_box(rules.compute(standing, &ana, now))));
}

/// Prints the best of several rounds: the one the machine disturbed least.
fn measure(what: &str, run: impl Fn()) {
    let mut best = Duration::MAX;
    for _ in 0..30 {
        let (started, mut runs) = (Instant::now(), 0);
        while started.elapsed() < Duration::from_millis(10) {
            run();
            runs += 1;
        }
        best = best.min(started.elapsed() / runs);
    }
    println!("{:>10} ns  {what}", best.as_nanos());
}

fn person(name: &str, email: &str) -> Person {
    let values = [
        ("name", name),
        ("email", email),
        ("phone", "+4930123456"),
        ("company", "Acme"),
        ("birthday", "1990-01-01"),
        ("tier", "pro"),
        ("location", "Bonn"),
    ];
    Person {
        id: ProfileId::from_bytes([7; 10]),
        values: values.into_iter().map(|(key, value)| (key.parse().unwrap(), vec![text(value)])).collect(),
        kind: ProfileKind::Customer,
        first_seen: Timestamp::parse("2024-05-01").unwrap(),
        last_seen: Timestamp::parse("2025-11-30").unwrap(),
        messages: 3,
        events: 12,
    }
}

fn text(text: &str) -> Value {
    Value::text(text).unwrap()
}

fn claim(source: &str, value: &str) -> Claim {
    let at = Timestamp::parse("2025-05-01").unwrap();
    Claim::new(
        &IdKey::from_bytes([1; 32]),
        ContactId::from_bytes([1; 10]),
        "company".parse().unwrap(),
        Assertion::Is(text(value)),
        source.parse().unwrap(),
        Confidence::CERTAIN,
        Evidence::Word,
        at,
        at,
    )
}
