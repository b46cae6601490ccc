//! What is found, and when: every question is asked before the commit to the index and after it.

mod filters;
mod lists;
mod upkeep;
mod words;

use std::{collections::BTreeMap, sync::Arc};

use arc_swap::ArcSwap;

use super::{Page, Query, Search, SearchError, Sort, StateFilter};
use crate::{
    engine::{Edit, Engine},
    identity::{Arrival, GivenIdentifier, Incoming, IncomingAccount, Party, Said},
    model::{
        Assertion, Confidence, ExternalId, IdKey, Identifier, PhoneRegion, ProfileId, ProfileKind,
        PropertyKey, Source, SourceKind, Timestamp, Value,
    },
    rules::Rules,
    store::MemoryStore,
};

/// Somebody a line: the name, identifiers `kind:value`, properties `key=value`, `account=name`.
const PEOPLE: &str = "
Zoë Müller       | email:zoe.mueller@example.org | phone:+493023125014   | company=Acme Robotics
Zoe Weiß         | email:zw@weiss.example        | phone:+447700900123   | account=Globex
Ана Петрова      | email:ana@petrova.example     | tier=gold
田中太郎         | email:tanaka@example.jp       | user_id:U-1005
Jonathan O'Brien | email:jon@obrien.example      | github:octo-jon       | about=collects lighthouses of the north
Anna Maria Lopez | email:anna.lopez@example.com  | phone:+34911234567    | order_number=A-77812
Maria Annas      | email:maria@annas.example
Cem Kaya         | email:cem@kaya.example        | order_number=A-4567
Constantinopolitan Smith | email:cs@smith.example
                 | anonymous_id:device-1
";

struct World {
    engine: Engine,
    search: Search,
    arrivals: u64,
}

fn now() -> Timestamp {
    Timestamp::parse("2026-02-01T12:00:00Z").unwrap()
}

fn agent() -> Source {
    Source::new(SourceKind::Agent, "sam")
}

impl World {
    async fn empty() -> Self {
        let engine = engine();
        let search = Search::open(engine.clone(), None).await.unwrap();
        Self { engine, search, arrivals: 0 }
    }

    async fn with_people() -> Self {
        let mut world = Self::empty().await;
        for line in PEOPLE.lines().filter(|line| !line.trim().is_empty()) {
            world.arrive(line).await;
        }
        world
    }

    /// Takes in somebody a minute after whoever came before.
    async fn arrive(&mut self, line: &str) -> ProfileId {
        self.arrivals += 1;
        let mut party = Party::default();
        let mut account = None;
        let (name, rest) = line.split_once('|').unwrap_or((line, ""));
        let name = ("name", name.trim());
        let mut said = Vec::from([name]);
        for part in rest.split('|').map(str::trim).filter(|part| !part.is_empty()) {
            match (part.split_once('='), part.split_once(':')) {
                (Some(("account", name)), _) => account = Some(name.to_owned()),
                (Some(property), _) => said.push(property),
                (_, Some((kind, raw))) => {
                    let identifier = Identifier::new(kind.parse().unwrap(), raw, PhoneRegion::NONE).unwrap();
                    party.identifiers.push(GivenIdentifier::new(identifier, raw));
                }
                _ => panic!("`{part}` says nothing"),
            }
        }
        party.said = said.into_iter().filter_map(|(key, value)| said_of(key, value)).collect();
        let incoming = Incoming {
            external: ExternalId::new("test", self.arrivals.to_string()),
            at: Timestamp::from_millis(now().as_millis() + self.arrivals as i64 * 60_000),
            source: Source::new(SourceKind::Import, "test"),
            parties: vec![party],
            arrival: Arrival::Facts,
            account: account.map(|name| IncomingAccount {
                external: ExternalId::new("crm", &name),
                name: Some(name),
                properties: BTreeMap::new(),
            }),
            body: None,
        };
        self.engine.ingest(incoming, now()).await.unwrap().profile.unwrap()
    }

    async fn page(&self, query: Query) -> Page {
        self.search.query(query, now()).await.unwrap()
    }

    async fn names(&self, text: &str) -> String {
        names(&self.page(asking(text)).await)
    }
}

fn engine() -> Engine {
    let store = MemoryStore::new(IdKey::from_bytes([7; 32]));
    Engine::new(Arc::new(store), Arc::new(ArcSwap::from_pointee(Rules::built_in())))
}

fn said_of(key: &str, value: &str) -> Option<Said> {
    let assertion = Assertion::Is(Value::text(value)?);
    Some(Said { property: PropertyKey::fold(key)?, assertion, confidence: Confidence::CERTAIN })
}

fn asking(text: &str) -> Query {
    Query { text: text.into(), ..Query::default() }
}

fn names(page: &Page) -> String {
    page.hits.iter().map(|hit| hit.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// Every question finds the same, in the same order, while everything is pending and once it is committed.
async fn check(cases: &[(&str, &str)]) {
    let world = World::with_people().await;
    for state in ["pending", "committed"] {
        for (text, expected) in cases {
            assert_eq!(world.names(text).await, *expected, "`{text}` while {state}");
        }
        world.search.settle(now()).await.unwrap();
        assert!(world.search.state().pending().is_empty());
    }
}

impl Search {
    fn reader_total(&self) -> u64 {
        self.inner.reader.searcher().num_docs()
    }
}
