//! Durable ingest by 64 senders: the store, bare sled with the same rows, and a flush for each message.

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::Instant,
};

use tokio::{
    sync::{mpsc, oneshot},
    task::JoinSet,
};
use whom_core::store::{ChangeSet, SledOptions, SledStore, Store, Survives, conformance::Sample, rows_put};

use crate::{
    mail::{load, mail},
    timed,
};

const SENDERS: usize = 64;
const ROUNDS: u32 = 5;

type Rows = Vec<(Vec<u8>, Vec<u8>)>;
/// The file of a log that is to be forced to the disk, where it is.
type Log = Option<Arc<std::fs::File>>;
type Ask = (Rows, oneshot::Sender<()>);

/// Prints how the store compares.
pub(crate) async fn measure(profiles: u32, messages: u32, survives: Survives) {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let store: Arc<dyn Store> = Arc::new(
        SledStore::open(folders[0].path(), SledOptions { survives, ..SledOptions::default() }).unwrap(),
    );
    let sample = Sample::of(&*store);
    let began = Instant::now();
    load(&*store, profiles).await;
    println!(
        "loading {profiles} profiles with a mail each, 200 to a commit: {:.1} s",
        began.elapsed().as_secs_f64()
    );
    let (bare, log) = bare_sled(folders[1].path(), survives);
    for some in (0..profiles).collect::<Vec<_>>().chunks(200) {
        let mut batch = sled::Batch::default();
        let rows = some.iter().flat_map(|person| rows_put(mail(&sample, *person, 1)).unwrap());
        rows.for_each(|(key, row)| batch.insert(key, row));
        bare.apply_batch(batch).unwrap();
    }
    bare.flush().unwrap();

    let rows = rows_put(mail(&sample, 0, 2)).unwrap();
    // The number of a conversation is put once, not with every message.
    let keys = rows.len() - 1;
    let bytes: usize = rows.iter().map(|(key, row)| key.len() + row.len()).sum();
    println!("a mail in a conversation puts {keys} keys and {bytes} bytes, and shares a row of the feed\n");
    println!("durable ingest, {SENDERS} senders     messages/s, round by round");
    let (mut ours, mut grouped, mut one_by_one) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let sets: Vec<_> = (round * messages..(round + 1) * messages)
            .map(|n| mail(&sample, n % profiles, 2 + n / profiles))
            .collect();
        let put: Vec<Rows> = sets
            .iter()
            .map(|set| {
                let mut rows = rows_put(set.clone()).unwrap();
                // The row of the conversation's number is not written again.
                rows.retain(|(key, _)| key[0] != 9);
                rows
            })
            .collect();
        let alone: Vec<Rows> = put.iter().take(messages as usize / 10).cloned().collect();
        // Turn and turn about: whatever else the machine does falls on both.
        if round % 2 == 0 {
            ours.push(run_store(&store, sets).await);
            grouped.push(run_bare(&bare, &log, put, 256).await);
        } else {
            grouped.push(run_bare(&bare, &log, put, 256).await);
            ours.push(run_store(&store, sets).await);
        }
        one_by_one.push(run_bare(&bare, &log, alone, 1).await);
    }
    let line = |name: &str, rates: Vec<f64>| {
        let rounds: String = rates.iter().map(|rate| format!("{rate:>10.0}")).collect();
        println!("{name:<30}{rounds}");
        rates.iter().sum::<f64>() / rates.len() as f64
    };
    let bare_rate = line("bare sled, groups", grouped);
    let alone_rate = line("bare sled, a flush a message", one_by_one);
    let our_rate = line("whom's store", ours);
    println!("whom's store against bare sled: {:.0} % (at least 60)", our_rate / bare_rate * 100.0);
    println!("whom's store against a flush a message: {:.1} times (at least 3)\n", our_rate / alone_rate);
    store.close().await.unwrap();
}

fn bare_sled(folder: &Path, survives: Survives) -> (sled::Db, Log) {
    let cache = SledOptions::default().cache_bytes;
    let db = sled::Config::new().path(folder).cache_capacity(cache).flush_every_ms(None).open().unwrap();
    let log = || Arc::new(std::fs::File::open(folder.join("db")).unwrap());
    (db, (survives == Survives::PowerCut).then(log))
}

async fn run_store(store: &Arc<dyn Store>, sets: Vec<ChangeSet>) -> f64 {
    let count = sets.len();
    let store = store.clone();
    send(sets, move |set| {
        let store = store.clone();
        async move {
            store.commit(set).await.unwrap();
        }
    })
    .await
    .map(|seconds| count as f64 / seconds)
    .unwrap()
}

/// One writer that takes up to `group` messages, applies one batch, makes it durable as the store does, and answers.
async fn run_bare(db: &sled::Db, log: &Log, put: Vec<Rows>, group: usize) -> f64 {
    let count = put.len();
    let (asks, mut asked) = mpsc::channel::<Ask>(512);
    let (db, log) = (db.clone(), log.clone());
    let writer = std::thread::spawn(move || {
        let mut number = db.len() as u64;
        while let Some((mut rows, answer)) = asked.blocking_recv() {
            let mut answers = vec![answer];
            while answers.len() < group {
                let Ok((more, answer)) = asked.try_recv() else { break };
                rows.extend(more);
                answers.push(answer);
            }
            let mut batch = sled::Batch::default();
            rows.into_iter().for_each(|(key, row)| batch.insert(key, row));
            number += answers.len() as u64;
            batch.insert([&[17u8][..], &number.to_be_bytes()].concat(), vec![7; 90 * answers.len()]);
            db.apply_batch(batch).unwrap();
            db.flush().unwrap();
            if let Some(log) = &log {
                log.sync_data().unwrap();
            }
            for answer in answers {
                let _ = answer.send(());
            }
        }
    });
    let rate = send(put, move |rows| {
        let asks = asks.clone();
        async move {
            let (answer, answered) = oneshot::channel();
            asks.send((rows, answer)).await.unwrap();
            answered.await.unwrap();
        }
    })
    .await
    .map(|seconds| count as f64 / seconds)
    .unwrap();
    let (ended, _) = timed(|| writer.join());
    ended.unwrap();
    rate
}

/// Has all of it sent by so many senders, each waiting for its answer; gives the seconds it took.
async fn send<T, F>(all: Vec<T>, one: impl Fn(T) -> F + Clone + Send + 'static) -> Option<f64>
where
    T: Send + 'static,
    F: Future<Output = ()> + Send,
{
    let all = Arc::new(Mutex::new(all.into_iter()));
    let began = Instant::now();
    let mut senders = JoinSet::new();
    for _ in 0..SENDERS {
        let (all, one) = (all.clone(), one.clone());
        senders.spawn(async move {
            loop {
                let Some(next) = all.lock().unwrap().next() else { break };
                one(next).await;
            }
        });
    }
    while let Some(ended) = senders.join_next().await {
        ended.ok()?;
    }
    Some(began.elapsed().as_secs_f64())
}
