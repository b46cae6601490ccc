//! Invariant 6: what was answered as done survives `kill -9`, and nothing is torn.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures::future::join_all;
use whom_tests::{Server, whom};

const ROUNDS: u64 = 30;
const WRITERS: u64 = 8;

fn mail(number: u64) -> String {
    // Few people and many threads, so that rows are rewritten again and again.
    let (person, first) = (number % 17, number - number % 5);
    format!(
        "From: Person {person} <person{person}@example.net>\r\nTo: support@example.com\r\nSubject: Question {first}\r\n\
         Date: Mon, 05 Jan 2026 10:{:02}:{:02} +0000\r\nMessage-ID: <m{number}@example.net>\r\nReferences: <m{first}@example.net>\r\n\
         \r\nThis is message {number}.\r\n",
        number / 60 % 60,
        number % 60
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_survives_being_killed() {
    let folder = whom_tests::folder();
    let next = Arc::new(AtomicU64::new(0));
    let acknowledged: Arc<Mutex<Vec<u64>>> = Arc::default();
    let mut checked = 0;
    for round in 0..ROUNDS {
        let server = Arc::new(Server::start(folder.path()).await);

        // What the rounds before were answered is there: the same message again changes nothing.
        let known: Vec<u64> = acknowledged.lock().unwrap()[checked..].to_vec();
        checked += known.len();
        for number in known {
            let receipt = server.mail(mail(number)).await.expect("an answer");
            assert_eq!(
                receipt["outcome"], "repeated",
                "message {number} was answered and is gone (round {round})"
            );
        }

        let writers = (0..WRITERS).map(|_| {
            let (server, next, acknowledged) = (server.clone(), next.clone(), acknowledged.clone());
            tokio::spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    match server.mail(mail(number)).await {
                        Some(_) => acknowledged.lock().unwrap().push(number),
                        None => break,
                    }
                }
            })
        });
        let writers: Vec<_> = writers.collect();
        // A different moment each round, in the midst of writing.
        tokio::time::sleep(Duration::from_millis(30 + round * 37 % 220)).await;
        let pid = server.pid();
        kill(pid);
        join_all(writers).await;
        Arc::into_inner(server).expect("all writers have ended").kill();
    }
    let answered = acknowledged.lock().unwrap().len();
    assert!(answered > ROUNDS as usize, "only {answered} messages were answered: the rounds say nothing");

    let doctor = whom(folder.path(), &["doctor", "--json"]);
    assert_eq!(doctor.code, 0, "{}{}", doctor.out, doctor.err);
    let figures = whom(folder.path(), &["search", "--json", "person3@example.net"]).good();
    assert!(figures.out.contains("person3@example.net"), "{}", figures.out);
}

fn kill(pid: u32) {
    let killed = std::process::Command::new("kill").args(["-9", &pid.to_string()]).status();
    assert!(killed.is_ok_and(|status| status.success()), "the server can be killed");
}
