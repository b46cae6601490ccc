//! How fast people are found and what that costs in memory.
//!
//! `cargo bench -p whom-core --bench search -- 1000000` builds an index of so many profiles in a
//! temporary folder (100 000 without a number) and times the questions that agents ask.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "it is a program that prints and may stop")]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use arc_swap::ArcSwap;
use whom_core::{
    engine::Engine,
    identity::{Arrival, GivenIdentifier, Incoming, Party, Said},
    model::{
        Assertion, Confidence, ExternalId, IdKey, Identifier, IdentifierKind, PhoneRegion, PropertyKey,
        Source, SourceKind, Timestamp, Value,
    },
    rules::Rules,
    search::{Query, Search, Sort},
    store::MemoryStore,
};

const FIRST: &[&str] = &[
    "Ada",
    "Zoë",
    "Jonathan",
    "Maria",
    "Anna",
    "Mehmet",
    "Olga",
    "Ивана",
    "Chidi",
    "Søren",
    "Lukas",
    "Fatima",
    "Giulia",
    "Noah",
    "Emma",
    "Liam",
    "Olivia",
    "Mateo",
    "Yuki",
    "Priya",
];
const SYLLABLES: &[&str] = &[
    "mar", "ko", "vic", "ber", "lin", "ster", "hof", "mann", "o", "ti", "ra", "pez", "son", "dal", "ner",
    "gu",
];

/// A small generator: the same people every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }

    fn last_name(&mut self) -> String {
        let name: String = (0..2 + self.roll(3)).map(|_| SYLLABLES[self.roll(SYLLABLES.len())]).collect();
        name[..1].to_uppercase() + &name[1..]
    }
}

fn person(number: usize, dice: &mut Dice) -> Incoming {
    let (first, last) = (FIRST[dice.roll(FIRST.len())], dice.last_name());
    let email = format!("p{number}.{}@mail{}.example", last.to_lowercase(), number % 5000);
    let mut identifiers = vec![GivenIdentifier::new(Identifier::email(&email).unwrap(), &email)];
    if number.is_multiple_of(3) {
        let phone = format!("+49151{:08}", (number * 7919) % 100_000_000);
        let identifier = Identifier::new(IdentifierKind::PHONE, &phone, PhoneRegion::NONE).unwrap();
        identifiers.push(GivenIdentifier::new(identifier, &phone));
    }
    let said = |key: &str, value: String| Said {
        property: PropertyKey::fold(key).unwrap(),
        assertion: Assertion::Is(Value::text(value).unwrap()),
        confidence: Confidence::CERTAIN,
    };
    let company = format!("{} {}", dice.last_name(), ["GmbH", "Ltd", "Systems", "Labs"][dice.roll(4)]);
    Incoming {
        external: ExternalId::new("bench", number.to_string()),
        at: Timestamp::from_millis(1_700_000_000_000 + (dice.roll(1 << 30) as i64) * 10),
        source: Source::new(SourceKind::Import, "bench"),
        parties: vec![Party {
            identifiers,
            said: vec![
                said("name", format!("{first} {last}")),
                said("company", company),
                said("order_number", format!("A-{}", 100_000 + number)),
            ],
        }],
        arrival: Arrival::Facts,
        account: None,
        body: None,
    }
}

/// MiB of its own and MiB of mapped files, which the kernel takes back when it needs them.
fn resident() -> (i64, i64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|kb| kb.parse::<i64>().ok()).unwrap_or(0) / 1024
    };
    (of("RssAnon:"), of("RssFile:"))
}

fn say_resident(when: &str, before: (i64, i64)) {
    let now = resident();
    println!("{when}: {:+} MiB of its own, {:+} MiB of mapped files", now.0 - before.0, now.1 - before.1);
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!("| {what:<44} | {:>8.2} | {:>8.2} | {:>8.2} |", at(0.5), at(0.99), at(1.0));
}

#[tokio::main]
async fn main() {
    let people = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(100_000);
    let now = Timestamp::parse("2026-02-01").unwrap();
    let store = Arc::new(MemoryStore::new(IdKey::from_bytes([7; 32])));
    let engine = Engine::new(store, Arc::new(ArcSwap::from_pointee(Rules::built_in())));
    let mut dice = Dice(88_172_645_463_325_252);
    for begin in (0..people).step_by(500) {
        let batch = (begin..people.min(begin + 500)).map(|number| person(number, &mut dice)).collect();
        engine.ingest_all(batch, now).await.unwrap();
    }
    println!("{people} profiles in the store");

    let folder = tempfile::tempdir().unwrap();
    let search = Search::open(engine.clone(), Some(folder.path())).await.unwrap();
    let before = resident();
    let begun = Instant::now();
    search.rebuild(now, |_, _| {}).await.unwrap();
    let took = begun.elapsed().as_secs_f64();
    let bytes: u64 =
        std::fs::read_dir(folder.path()).unwrap().map(|f| f.unwrap().metadata().unwrap().len()).sum();
    println!("rebuilt in {took:.1} s ({:.0} a second), {} MiB on disk", people as f64 / took, bytes >> 20);
    say_resident("after the rebuild", before);

    println!("| milliseconds | p50 | p99 | max |");
    let surname = |dice: &mut Dice| dice.last_name();
    let start = |dice: &mut Dice, letters: usize| dice.last_name().chars().take(letters).collect::<String>();
    let mistyped = |dice: &mut Dice| {
        let mut name: Vec<char> = format!("{}son", dice.last_name()).chars().collect();
        name.swap(2, 3);
        name.into_iter().collect::<String>()
    };
    ask(&search, "last name", &mut dice, now, surname).await;
    ask(&search, "first letter", &mut dice, now, |dice| start(dice, 1)).await;
    ask(&search, "first three letters", &mut dice, now, |dice| start(dice, 3)).await;
    ask(&search, "two beginnings", &mut dice, now, |dice| format!("{} {}", start(dice, 2), start(dice, 4)))
        .await;
    ask(&search, "one typo", &mut dice, now, mistyped).await;
    ask(&search, "e-mail address", &mut dice, now, |dice| {
        let number = dice.roll(people);
        format!("p{number}.x@mail{}.example", number % 5000)
    })
    .await;
    ask(&search, "last six digits", &mut dice, now, |dice| format!("{:06}", dice.roll(1_000_000))).await;
    ask(&search, "order number", &mut dice, now, |dice| format!("A-{}", 100_000 + dice.roll(people))).await;
    for sort in [Sort::LastSeen, Sort::Name, Sort::Created] {
        let shown = format!("list by {sort:?}, page after page");
        let mut times = Vec::new();
        let mut cursor = None;
        for _ in 0..100 {
            let begun = Instant::now();
            let query = Query { sort: sort.clone(), cursor, limit: 50, ..Query::default() };
            let page = search.query(query, now).await.unwrap();
            times.push(begun.elapsed());
            cursor = page.next;
        }
        report(&shown, times);
    }
    say_resident("after all questions", before);

    let mut seen = Vec::new();
    let mut written = Vec::new();
    for number in people..people + 200 {
        let incoming = person(number, &mut dice);
        engine.ingest(incoming, now).await.unwrap();
        let begun = Instant::now();
        let text = format!("A-{}", 100_000 + number);
        let page = search.query(Query { text, ..Query::default() }, now).await.unwrap();
        assert!(!page.hits.is_empty(), "own write is found");
        seen.push(begun.elapsed());
        if number.is_multiple_of(20) {
            let begun = Instant::now();
            search.settle(now).await.unwrap();
            written.push(begun.elapsed());
        }
    }
    report("own write found", seen);
    report("commit of 20 profiles", written);
}

async fn ask(
    search: &Search,
    what: &str,
    dice: &mut Dice,
    now: Timestamp,
    text: impl Fn(&mut Dice) -> String,
) {
    let mut times = Vec::new();
    for _ in 0..300 {
        let query = Query { text: text(dice), limit: 20, ..Query::default() };
        let begun = Instant::now();
        search.query(query, now).await.unwrap();
        times.push(begun.elapsed());
    }
    report(what, times);
}
