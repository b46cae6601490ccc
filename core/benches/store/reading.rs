//! Reading: a page of a timeline however long, and what a view is made of.

use std::{path::Path, sync::Arc, time::Instant};

use whom_core::{
    model::{Entry, TimelineCursor},
    store::{ChangeSet, SledOptions, SledStore, Store, Write, conformance::Sample, rows_put},
};

use crate::{
    mail::{load, mail},
    p50_p99, random, timed,
};

const READS: usize = 20_000;

/// Prints what the newest 50 of a timeline cost, of a short and of a long one.
pub(crate) async fn measure_timelines() {
    let folder = tempfile::tempdir().unwrap();
    let store = SledStore::open(folder.path(), SledOptions::default()).unwrap();
    let sample = Sample::of(&store);
    for (person, entries) in [(1u32, 100u64), (2, 100_000)] {
        for some in (0..entries).collect::<Vec<_>>().chunks(1_000) {
            let mut set = ChangeSet::at(Sample::at(0));
            set.writes.extend(some.iter().map(|number| {
                let id = u64::from(person) * 1_000_000 + number;
                Write::Entry(sample.entry(person, id, *number as i64))
            }));
            store.commit(set).await.unwrap();
        }
    }
    println!("newest 50 of a timeline, µs      middle     p99");
    let mut middles = Vec::new();
    for (person, entries) in [(1, "100 entries"), (2, "100,000 entries")] {
        let contact = sample.contact_id(person);
        let mut times = Vec::new();
        for _ in 0..READS / 10 {
            let began = Instant::now();
            assert_eq!(store.timeline(contact, None, 50).await.unwrap().len(), 50);
            times.push(began.elapsed());
        }
        let (middle, worst) = p50_p99(times);
        println!("{entries:<30}{middle:>9.1}{worst:>8.1}");
        middles.push(middle);
    }
    println!("the long one against the short one: {:.2} times\n", middles[1] / middles[0]);
}

/// Prints what a part of a conversation costs, at its end and in its middle, of a short and of a long one.
pub(crate) async fn measure_conversations() {
    let folder = tempfile::tempdir().unwrap();
    let store = SledStore::open(folder.path(), SledOptions::default()).unwrap();
    let sample = Sample::of(&store);
    let mut middles = Vec::new();
    for (number, entries) in [(1u32, 100u64), (2, 100_000)] {
        let entry = |at: u64| Entry {
            conversation: Some(sample.conversation_id(number)),
            ..sample.entry(number, u64::from(number) * 1_000_000 + at, at as i64)
        };
        for some in (0..entries).collect::<Vec<_>>().chunks(1_000) {
            let mut set = ChangeSet::at(Sample::at(0));
            set.writes.extend(some.iter().map(|at| Write::Entry(entry(*at))));
            store.commit(set).await.unwrap();
        }
        let middle = entry(entries / 2);
        middles.push(TimelineCursor { at: middle.at, entry: middle.id });
    }
    println!("40 entries of a conversation, µs     middle     p99");
    for (what, places) in [("the newest", [None, None]), ("within", [Some(middles[0]), Some(middles[1])])] {
        let mut all = Vec::new();
        for ((number, entries), before) in
            [(1, "100 entries"), (2, "100,000 entries")].into_iter().zip(places)
        {
            let id = sample.conversation_id(number);
            let mut times = Vec::new();
            for _ in 0..READS / 10 {
                let began = Instant::now();
                assert_eq!(store.conversation_entries_before(id, before, 40).await.unwrap().len(), 40);
                times.push(began.elapsed());
            }
            let (middle, worst) = p50_p99(times);
            println!("{:<34}{middle:>9.1}{worst:>8.1}", format!("{what}, of {entries}"));
            all.push(middle);
        }
        println!("{what}, the long one against the short one: {:.2} times", all[1] / all[0]);
    }
    println!();
}

/// The argument with which this program calls itself, so that the memory it counts is that of one open store.
pub(crate) const READ_VIEWS: &str = "read-views";

/// Prints what reading the ground of a view costs, at so many profiles, and what opening them costs.
pub(crate) async fn measure_views(profiles: u32) {
    let folder = tempfile::tempdir().unwrap();
    let store = SledStore::open(folder.path(), SledOptions::default()).unwrap();
    load(&store, profiles).await;
    println!("{:?}", store.figures().await.unwrap());
    store.close().await.unwrap();
    let itself = std::env::current_exe().unwrap();
    let mut reader = std::process::Command::new(itself);
    reader.arg(READ_VIEWS).arg(folder.path()).arg(profiles.to_string());
    assert!(reader.status().unwrap().success());
}

/// The part of it in a process of its own.
pub(crate) async fn read_views_of(folder: &Path, profiles: u32) {
    let (store, opening) = timed(|| SledStore::open(folder, SledOptions::default()).unwrap());
    println!("opening {profiles} profiles: {:.2} s, {} MB resident", opening.as_secs_f64(), resident_mb());
    read_views(&store, profiles).await;
    println!("resident after reading {READS} of them, with the bare store beside it: {} MB", resident_mb());
}

async fn read_views(store: &SledStore, profiles: u32) {
    let sample = Sample::of(store);
    let size: usize = rows_put(mail(&sample, 0, 1))
        .unwrap()
        .iter()
        // The contact with its claims, and the profile.
        .filter(|(key, _)| key[0] == 1 || key[0] == 2)
        .map(|(_, row)| row.len())
        .sum();
    let folder = tempfile::tempdir().unwrap();
    let cache = SledOptions::default().cache_bytes;
    let bare =
        sled::Config::new().path(folder.path()).cache_capacity(cache).flush_every_ms(None).open().unwrap();
    for person in 0..profiles {
        bare.insert(sample.contact_id(person).as_bytes(), vec![7u8; size]).unwrap();
    }
    let mut state = 7;
    let people: Arc<[u32]> = (0..READS).map(|_| (random(&mut state) % u64::from(profiles)) as u32).collect();
    println!("ground of a view ({size} bytes), µs  middle     p99");
    // Twice, and the second time counts: the first brings what fits into the cache.
    for is_warm in [false, true] {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for person in people.iter() {
            let contact = sample.contact_id(*person);
            let began = Instant::now();
            let found = store.contacts_with_claims(&[contact]).await.unwrap();
            let profile = found[0].as_ref().unwrap().0.profile;
            assert!(store.profiles(&[profile]).await.unwrap()[0].is_some());
            ours.push(began.elapsed());
            let began = Instant::now();
            assert!(bare.get(contact.as_bytes()).unwrap().is_some());
            theirs.push(began.elapsed());
        }
        let state = if is_warm { "warm" } else { "cold" };
        for (name, times) in [("whom's store", ours), ("bare sled, one get", theirs)] {
            let (middle, worst) = p50_p99(times);
            println!("{:<30}{middle:>9.1}{worst:>8.1}", format!("{name}, {state}"));
        }
    }
}

fn resident_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or_default() / 1024
}
