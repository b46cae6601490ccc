//! A plugin that crashes, hangs, leaks or lies costs its own call, and nothing else.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{ask, launcher, misbehaves, person, quick, within};
use whom_plugin_host::{Confine, Failure, SaidKind, State, Timing, Why, hooks::Cards};

fn pid(state: &State) -> u32 {
    match state {
        State::Ready { pid, .. } => *pid,
        other => panic!("not ready but {other:?}"),
    }
}

async fn crash(deed: &str) -> (String, String) {
    let plugin = misbehaves(quick());
    let failure = ask(&plugin, &person(deed)).await.unwrap_err();
    let Failure::Crashed { how, tail } = failure else { panic!("{deed}: {failure:?}") };
    assert_eq!(ask(&plugin, &person("start a thread")).await.unwrap(), "ran", "after `{deed}`");
    (how, tail)
}

#[tokio::test]
async fn it_is_sent_only_what_it_reads() {
    let mut ada = person("echo");
    ada.properties.insert("email".into(), vec!["ada@example.com".into()]);
    assert_eq!(ask(&misbehaves(quick()), &ada).await.unwrap(), r#"["name"]"#);
}

#[tokio::test]
async fn a_panic_says_what_and_where_and_costs_no_restart() {
    let plugin = misbehaves(quick());
    let Failure::Said(said) = ask(&plugin, &person("panic")).await.unwrap_err() else { panic!("not said") };
    assert_eq!(said.kind, SaidKind::Panic);
    assert!(said.message.contains("index is 7"), "{}", said.message);
    assert!(said.at.unwrap().contains("misbehaves.rs:"));
    let before = pid(&plugin.state());
    assert_eq!(ask(&plugin, &person("panic in a thread")).await.unwrap(), "true");
    assert_eq!(pid(&plugin.state()), before);
}

#[tokio::test]
async fn a_crash_is_said_in_words_and_the_next_call_works() {
    assert_eq!(crash("segfault").await.0, "segmentation fault (SIGSEGV)");
    assert_eq!(crash("abort").await.0, "aborted (SIGABRT)");
    assert_eq!(crash("exit").await.0, "exited with 0");
    let (how, tail) = crash("overflow").await;
    assert_eq!(how, "aborted (SIGABRT)");
    assert!(tail.contains("has overflowed its stack"), "{tail}");
    let (_, tail) = crash("ask for 4 GB").await;
    assert!(tail.contains("memory allocation of 4194304000 bytes failed"), "{tail}");
}

#[tokio::test]
async fn a_leak_ends_at_the_limit_and_the_process_starts_small() {
    let plugin = misbehaves(quick());
    let mut calls = 0;
    let failure = loop {
        calls += 1;
        match ask(&plugin, &person("leak")).await {
            Ok(_) => assert!(calls < 10, "it leaks without end"),
            Err(failure) => break failure,
        }
    };
    assert!(matches!(failure, Failure::Crashed { .. }), "{failure:?}");
    assert!(calls > 3, "only {calls} calls");
    assert!(ask(&plugin, &person("leak")).await.is_ok());
}

#[tokio::test]
async fn what_hangs_is_killed_and_the_next_call_works() {
    for deed in ["sleep", "spin"] {
        let plugin = misbehaves(quick());
        assert_eq!(within(&plugin, deed, Duration::from_millis(300)).await, Err(Failure::Hung));
        assert_eq!(ask(&plugin, &person("start a thread")).await.unwrap(), "ran");
    }
}

#[tokio::test]
async fn a_call_that_looks_ends_when_nobody_waits() {
    let plugin = misbehaves(quick());
    let said = within(&plugin, "wait to be cancelled", Duration::from_millis(200)).await;
    assert_eq!(said.unwrap(), "was cancelled");
}

#[tokio::test]
async fn a_call_lost_to_anothers_crash_is_repeated() {
    let plugin = misbehaves(quick());
    let (nap, abort) = (person("nap"), person("abort"));
    let (nap, abort) = tokio::join!(ask(&plugin, &nap), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        ask(&plugin, &abort).await
    });
    assert_eq!(nap.unwrap(), "done");
    assert!(matches!(abort, Err(Failure::Crashed { .. })));
}

#[tokio::test]
async fn eight_calls_run_at_once() {
    let plugin = misbehaves(quick());
    ask(&plugin, &person("echo")).await.unwrap();
    let start = std::time::Instant::now();
    let calls = (0..8).map(|_| {
        let plugin = plugin.clone();
        tokio::spawn(async move { ask(&plugin, &person("nap")).await })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap().unwrap(), "done");
    }
    assert!(start.elapsed() < Duration::from_millis(1500), "{:?}", start.elapsed());
}

#[tokio::test]
async fn forged_frames_change_nothing_and_broken_ones_end_the_process() {
    let plugin = misbehaves(quick());
    assert_eq!(ask(&plugin, &person("forge")).await.unwrap(), "forged");
    let before = pid(&plugin.state());
    assert_eq!(ask(&plugin, &person("echo")).await.unwrap(), r#"["name"]"#);
    assert_eq!(pid(&plugin.state()), before);
    let failure = ask(&plugin, &person("break the protocol")).await.unwrap_err();
    assert!(matches!(&failure, Failure::Crashed { how, .. } if how == "sent a broken line"), "{failure:?}");
    let failure = ask(&plugin, &person("claim a lot")).await.unwrap_err();
    assert!(failure.to_string().contains("longer than 16 MiB"), "{failure:?}");
}

#[tokio::test]
async fn the_same_input_is_not_tried_a_third_time() {
    let plugin = misbehaves(quick());
    for _ in 0..2 {
        assert!(matches!(ask(&plugin, &person("abort")).await, Err(Failure::Crashed { .. })));
    }
    let failure = ask(&plugin, &person("abort")).await.unwrap_err();
    assert!(
        matches!(&failure, Failure::Unavailable(why) if why.contains("crashed the plugin twice")),
        "{failure:?}"
    );
    assert_eq!(ask(&plugin, &person("start a thread")).await.unwrap(), "ran");
}

#[tokio::test]
async fn five_crashes_quarantine_until_somebody_looks() {
    let plugin = misbehaves(Timing { first_wait: Duration::from_millis(1), ..Timing::default() });
    for deed in ["abort", "segfault", "exit", "overflow", "ask for 4 GB"] {
        assert!(matches!(ask(&plugin, &person(deed)).await, Err(Failure::Crashed { .. })), "{deed}");
    }
    let State::Quarantined(why) = plugin.state() else { panic!("{:?}", plugin.state()) };
    assert!(why.contains("memory allocation of"), "{why}");
    assert!(matches!(ask(&plugin, &person("echo")).await, Err(Failure::Unavailable(_))));
    plugin.lift();
    assert_eq!(ask(&plugin, &person("echo")).await.unwrap(), r#"["name"]"#);
}

#[tokio::test]
async fn an_idle_process_ends_and_comes_back() {
    let plugin = misbehaves(Timing { idle: Duration::from_millis(100), ..quick() });
    ask(&plugin, &person("echo")).await.unwrap();
    let before = pid(&plugin.state());
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(plugin.state(), State::Idle);
    ask(&plugin, &person("echo")).await.unwrap();
    assert_ne!(pid(&plugin.state()), before);
}

#[tokio::test]
async fn a_stopped_plugin_stays_stopped() {
    let plugin = misbehaves(quick());
    ask(&plugin, &person("echo")).await.unwrap();
    plugin.stop().await;
    assert_eq!(plugin.state(), State::Stopped);
    assert!(matches!(ask(&plugin, &person("echo")).await, Err(Failure::Unavailable(_))));
    plugin.lift();
    assert!(ask(&plugin, &person("echo")).await.is_ok());
}

#[tokio::test]
async fn confined_it_reaches_no_file_no_socket_no_process() {
    let plugin = misbehaves(quick());
    let mut seen = String::new();
    for deed in [
        "read /etc/passwd",
        "list descriptors",
        "write",
        "connect",
        "send a datagram",
        "connect a unix socket",
        "start a program",
        "kill the server",
    ] {
        seen.push_str(&format!("{deed}: {}\n", ask(&plugin, &person(deed)).await.unwrap()));
    }
    let State::Ready { confined, .. } = plugin.state() else { panic!("{:?}", plugin.state()) };
    assert_eq!(confined, "landlock + seccomp", "this kernel cannot confine; the rest of this test needs it");
    for line in seen.lines() {
        assert!(line.ends_with(": PermissionDenied"), "{seen}");
    }
    assert_eq!(ask(&plugin, &person("read environment")).await.unwrap(), "0");
    assert_eq!(ask(&plugin, &person("start a thread")).await.unwrap(), "ran");
}

#[tokio::test]
async fn without_confinement_the_list_says_so() {
    let spec = whom_plugin_host::PluginSpec::library(
        "misbehaves",
        common::fixture(),
        serde_json::json!({"mode": ""}),
    );
    let launcher = launcher().confined(Confine::Off);
    let plugin = whom_plugin_host::PluginHandle::new(spec, launcher, common::gate().0);
    plugin.manifest().await.unwrap();
    assert!(matches!(plugin.state(), State::Ready { confined, .. } if confined == "nothing, by setting"));
}

/// The server may be killed at any moment, and nobody is left to end a plugin that spins.
#[test]
fn a_spinning_plugin_ends_with_the_server() {
    use std::io::{BufRead, BufReader, Write};
    use std::os::fd::OwnedFd;
    use std::os::unix::net::UnixStream;
    use std::process::{Command, Stdio};

    let (mut ours, theirs) = UnixStream::pair().unwrap();
    let mut child = Command::new(launcher().program)
        .arg(common::fixture())
        .env_clear()
        .stdin(Stdio::from(OwnedFd::from(theirs)))
        .spawn()
        .unwrap();
    let mut answers = BufReader::new(ours.try_clone().unwrap()).lines();
    for (id, method, params) in [(1, "hello", "{}"), (2, "open", r#"{"mode":""}"#)] {
        writeln!(ours, r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{params}}}"#).unwrap();
        while !answers.next().unwrap().unwrap().contains("\"id\":") {}
    }
    let spin = r#"{"with":{"id":"p1","properties":{"name":["spin"]}}}"#;
    writeln!(ours, r#"{{"jsonrpc":"2.0","id":3,"method":"enrich","params":{spin}}}"#).unwrap();
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(child.try_wait().unwrap(), None, "it should be spinning");
    drop((ours, answers));
    for _ in 0..100 {
        if child.try_wait().unwrap().is_some() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    panic!("it spins on without a server");
}

#[tokio::test]
async fn a_card_comes_within_its_time_or_says_why_not() {
    let plugin = misbehaves(quick());
    let card = async |deed: &str| plugin.call::<Cards>(&person(deed), &Why::rule("card")).await;
    let made = card("echo").await.unwrap().unwrap();
    assert_eq!((made.title.as_str(), made.rows[0].value.as_str()), ("Misbehaves", r#"["name"]"#));
    assert!(card("nothing").await.unwrap().is_none());
    assert!(card("fail").await.unwrap_err().to_string().contains("it failed"));
    let began = std::time::Instant::now();
    card("sleep").await.unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(10), "a card has two seconds");
    assert!(card("echo").await.is_ok(), "the next one comes again");
}
