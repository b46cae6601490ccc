//! How long the server takes for a page, from the request to the last byte, over a store on disk.
//!
//! `cargo bench -p whom-server --bench pages -- [profiles] [folder]`; 20,000 profiles where it is not said. Each
//! profile has written twice; every thousandth is a regular with 400 messages. A folder that is named is filled once
//! and found again by the next run. No socket is in the way: what is measured is the route, the reads and the
//! drawing, each page of another customer. Cold is the first look at it, warm the second.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints and may give up")]

use std::{path::PathBuf, sync::Arc, time::Instant};

use arc_swap::ArcSwap;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
};
use whom_core::{
    engine::Engine,
    model::Timestamp,
    rules::Rules,
    store::{SharedStore, SledOptions, SledStore, Store as _},
};
use whom_server::{
    AppState, Config, ListInStore, SetClock, call_as_local,
    mail::{Mail, MailPolicy, read_mail},
    router,
};

/// Messages to a commit while the store is filled.
const BATCH: usize = 200;
/// How many messages a regular has written.
const REGULAR: u32 = 400;
/// One in so many customers is a regular.
const ONE_IN: u32 = 1_000;
/// Pages of each sort that are measured.
const PAGES: u32 = 2_000;

#[tokio::main]
async fn main() {
    // cargo itself passes `--bench`.
    let mut said = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let profiles: u32 = said.next().map_or(20_000, |said| said.parse().unwrap());
    let passing = tempfile::tempdir().unwrap();
    let folder = said.next().map_or_else(|| passing.path().to_owned(), PathBuf::from);
    let store = Arc::new(SledStore::open(&folder, SledOptions::default()).unwrap());
    let shared: SharedStore = store.clone();
    let engine = Engine::new(shared, Arc::new(ArcSwap::from_pointee(Rules::bundled().unwrap())));
    let began = Instant::now();
    if engine.find(&address(profiles - 1)).await.is_err() {
        fill(&engine, profiles).await;
    }
    println!("{profiles} profiles in {:.0} s; memory {}", began.elapsed().as_secs_f64(), memory());

    let clock = Arc::new(SetClock::at(Timestamp::parse("2026-12-01").unwrap()));
    let state =
        AppState::new(engine.clone(), Arc::new(ListInStore::new(engine.clone())), Config::default(), clock);
    let router = router(state);
    println!(
        "{:<34}{:>10}{:>9}{:>10}{:>9}{:>8}",
        "milliseconds of server time", "cold p50", "p99", "warm p50", "p99", "kB"
    );
    let mut state = 7_u64;
    let mut customers = Vec::new();
    let mut regulars = Vec::new();
    let mut conversations = Vec::new();
    for n in 0..PAGES {
        let person = random(&mut state) % profiles;
        let (person, list) = match n % 10 {
            0 => (person / ONE_IN * ONE_IN, &mut regulars),
            _ => (person | 1, &mut customers),
        };
        let profile = engine.find(&address(person)).await.unwrap();
        list.push(format!("/customers/{profile}"));
        let found = engine.conversations(profile, 1).await.unwrap();
        conversations.extend(found.first().map(|found| format!("/conversations/{}", found.number)));
    }
    measure(&router, "a customer who wrote twice", &customers).await;
    measure(&router, "a regular with 400 messages", &regulars).await;
    measure(&router, "a conversation", &conversations).await;
    for (what, path) in [
        ("the inbox, everything open", "/inbox"),
        ("the inbox, nobody's", "/inbox/unassigned"),
        ("tasks", "/tasks"),
        ("settings: properties", "/settings/properties"),
    ] {
        measure(&router, what, &vec![path.to_owned(); 200]).await;
    }
    println!("memory at the end {}", memory());
    store.close().await.unwrap();
}

async fn fill(engine: &Engine, profiles: u32) {
    let policy = MailPolicy::default();
    let now = Timestamp::parse("2026-11-30").unwrap();
    let mut batch = Vec::with_capacity(BATCH);
    for person in 0..profiles {
        let messages = if person % ONE_IN == 0 { REGULAR } else { 2 };
        for number in 0..messages {
            let Mail::Arrived(incoming) = read_mail(message(person, number).as_bytes(), &policy, now) else {
                panic!("the mail of the benchmark is read");
            };
            batch.push(*incoming);
        }
        if batch.len() >= BATCH {
            engine.ingest_all(std::mem::take(&mut batch), now).await.unwrap();
        }
    }
    engine.ingest_all(batch, now).await.unwrap();
}

/// Asks for each path twice after a few to warm up; a page that is not there is said and passed over.
async fn measure(router: &Router, what: &str, paths: &[String]) {
    const TO_WARM_UP: usize = 20;
    let (mut cold, mut warm, mut bytes) = (Vec::new(), Vec::new(), 0);
    for (place, path) in paths.iter().take(TO_WARM_UP).chain(paths).enumerate() {
        for times in [&mut cold, &mut warm] {
            let began = Instant::now();
            let Some(length) = ask(router, what, path).await else { return };
            if place >= TO_WARM_UP {
                times.push(began.elapsed().as_secs_f64() * 1e3);
                bytes += length;
            }
        }
    }
    bytes /= 2 * cold.len().max(1);
    cold.sort_by(f64::total_cmp);
    warm.sort_by(f64::total_cmp);
    let at = |times: &[f64], part: f64| times[((times.len() - 1) as f64 * part) as usize];
    println!(
        "{what:<34}{:>10.2}{:>9.2}{:>10.2}{:>9.2}{:>8.1}",
        at(&cold, 0.5),
        at(&cold, 0.99),
        at(&warm, 0.5),
        at(&warm, 0.99),
        bytes as f64 / 1e3
    );
}

/// The length of a page; nothing, and a line that says so, where there is none.
async fn ask(router: &Router, what: &str, path: &str) -> Option<usize> {
    let request = Request::get(path).header(header::ACCEPT, "text/html").header(header::HOST, "whom.test");
    let answer = call_as_local(router.clone(), request.body(Body::empty()).unwrap()).await;
    if !answer.status().is_success() {
        println!("{what:<34} answers {}", answer.status());
        return None;
    }
    Some(to_bytes(answer.into_body(), usize::MAX).await.unwrap().len())
}

fn address(person: u32) -> String {
    format!("p{person}@example.org")
}

fn message(person: u32, number: u32) -> String {
    let (day, hour) = (number % 28 + 1, person % 24);
    let month =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct"][number as usize / 28 % 10];
    let topic = number / 5;
    let line = "The tent is dry, the pegs are straight, and the dog has found the third sock.\r\n";
    format!(
        "Date: {day} {month} 2026 {hour:02}:00:00 +0000\r\nFrom: Renee Walker{person} <{}>\r\n\
         To: Shop <shop@example.net>\r\nSubject: Re: Order {person}-{topic}\r\nMessage-ID: <{number}.{person}@example.org>\r\n\
         References: <{topic}.{person}@thread.example.org>\r\n\r\n{}\r\nOn Monday, Shop wrote:\r\n> {line}",
        address(person),
        line.repeat(6),
    )
}

fn random(state: &mut u64) -> u32 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as u32
}

/// What this process holds now, as Linux counts it.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let now = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    now.map_or_else(|| "unknown on this system".to_owned(), |now| now.trim().to_owned())
}
