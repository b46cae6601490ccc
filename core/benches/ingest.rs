//! Whole arrivals through the engine, durable before each is answered: `cargo bench -p whom-core --bench ingest`.
//!
//! Every figure is a rate of this run; compare them with each other, not with another machine's.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints and stops where something fails"
)]

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use arc_swap::ArcSwap;
use whom_core::{
    engine::Engine,
    identity::{Arrival, GivenIdentifier, Incoming, IncomingMessage, Party, Said},
    model::{
        Assertion, Body, Channel, Confidence, Direction, ExternalId, Identifier, PropertyKey, Source,
        Timestamp, Value,
    },
    rules::Rules,
    store::{SledOptions, SledStore},
};

const PEOPLE: u64 = 20_000;
const BODY: usize = 2_000;

fn at(place: u64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + place as i64 * 60_000)
}

/// A mail as support gets it: a known sender most of the time, every other one an answer, 2 KB of text.
fn mail(place: u64) -> Incoming {
    let person = (place * 7_919) % PEOPLE;
    let address = format!("person{person}@example.org");
    let said = [
        ("name", format!("Person {person}")),
        ("first_name", "Person".into()),
        ("last_name", person.to_string()),
    ];
    let text: String = (0..BODY / 10)
        .map(|word| format!("{:09} ", place.wrapping_mul(word as u64 + 1) % 1_000_000_007))
        .collect();
    Incoming {
        external: ExternalId::new("mail", format!("m{place}@example.org")),
        at: at(place),
        source: Source::message("mail"),
        parties: vec![Party {
            identifiers: vec![GivenIdentifier::new(Identifier::email(&address).unwrap(), address)],
            said: said
                .into_iter()
                .map(|(property, value)| Said {
                    property: PropertyKey::fold(property).unwrap(),
                    assertion: Assertion::Is(Value::text(value).unwrap()),
                    confidence: Confidence::percent(80),
                })
                .collect(),
        }],
        arrival: Arrival::Message(IncomingMessage {
            channel: Channel::email(),
            direction: Direction::Inbound,
            subject: format!("Question {place}"),
            summary: text.chars().take(240).collect(),
            answers: if place % 2 == 1 && place >= PEOPLE {
                vec![ExternalId::new("mail", format!("m{}@example.org", place - PEOPLE))]
            } else {
                Vec::new()
            },
            answers_subject: None,
            properties: Default::default(),
        }),
        account: None,
        body: Some(Body { media_type: "message/rfc822".into(), bytes: text.into_bytes() }),
    }
}

fn engine(folder: &std::path::Path) -> Engine {
    let store = SledStore::open(folder, SledOptions::default()).unwrap();
    Engine::new(Arc::new(store), Arc::new(ArcSwap::from_pointee(Rules::built_in())))
}

/// Messages a second with so many writers, each waiting for its answer before the next, in batches of so many.
async fn rate(engine: &Engine, next: &Arc<AtomicU64>, writers: u64, batch: u64, messages: u64) -> f64 {
    let last = next.load(Ordering::Relaxed) + messages;
    let started = Instant::now();
    let tasks: Vec<_> = (0..writers)
        .map(|_| {
            let (engine, next) = (engine.clone(), next.clone());
            tokio::spawn(async move {
                loop {
                    let first = next.fetch_add(batch, Ordering::Relaxed);
                    if first >= last {
                        next.fetch_sub(batch, Ordering::Relaxed);
                        break;
                    }
                    let mails = (first..first + batch).map(mail).collect();
                    engine.ingest_all(mails, at(first)).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    messages as f64 / started.elapsed().as_secs_f64()
}

fn percentile(times: &mut [u128], share: f64) -> f64 {
    times.sort_unstable();
    times[((times.len() - 1) as f64 * share) as usize] as f64 / 1000.0
}

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let next = Arc::new(AtomicU64::new(0));
    println!("messages of about {BODY} bytes, {PEOPLE} people, durable before each answer");
    println!("| writers | messages a call | messages a second |");
    println!("|---|---|---|");
    for (writers, batch, messages) in [(1, 1, 1_500), (64, 1, 30_000), (1, 128, 30_000), (2, 128, 30_000)] {
        let rate = rate(&engine, &next, writers, batch, messages).await;
        println!("| {writers} | {batch} | {rate:.0} |");
    }

    let mut times = Vec::new();
    for place in 0..20_000u64 {
        let address = format!("person{}@example.org", (place * 104_729) % PEOPLE);
        let id = engine.find(&address).await.unwrap();
        let started = Instant::now();
        std::hint::black_box(engine.view(id, at(place)).await.unwrap());
        times.push(started.elapsed().as_nanos());
    }
    println!(
        "\na view: p50 {:.1} µs, p99 {:.1} µs",
        percentile(&mut times, 0.5),
        percentile(&mut times, 0.99)
    );
    engine.store().close().await.unwrap();
}
