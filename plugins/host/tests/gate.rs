//! What a plugin asks for leaves only through the gate: through a real process, to a real server.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use common::{Notes, Server, ask, gate, http, misbehaves_behind, quick, with_website};
use whom_plugin_host::{Failure, Gate, PluginHandle, Policy, Said, SaidKind, Why};

struct House {
    plugin: PluginHandle,
    gate: Arc<Gate>,
    notes: Arc<Notes>,
}

/// A plugin that may reach `api.example.com`, and each of the servers.
fn house(servers: &[&Server]) -> House {
    let (gate, notes) = gate();
    gate.allow("misbehaves", policy(servers));
    House { plugin: misbehaves_behind(Arc::clone(&gate), quick()), gate, notes }
}

fn policy(servers: &[&Server]) -> Policy {
    let secrets = HashMap::from([("api_key".to_owned(), "s3cret".to_owned())]);
    let policy = Policy::reaching(["api.example.com", "localhost", "127.0.0.1"]).with_secrets(secrets);
    servers.iter().fold(policy, |policy, server| policy.allow_local(&server.address))
}

async fn fetch(house: &House, url: &str) -> Result<String, Said> {
    fetch_as(house, "fetch", url).await
}

async fn fetch_as(house: &House, deed: &str, url: &str) -> Result<String, Said> {
    match ask(&house.plugin, &with_website(deed, url)).await {
        Ok(text) => Ok(text),
        Err(Failure::Said(said)) => Err(said),
        Err(failure) => panic!("{failure:?}"),
    }
}

async fn denied(house: &House, url: &str) -> String {
    let said = fetch(house, url).await.unwrap_err();
    assert_eq!(said.kind, SaidKind::Denied, "{said:?}");
    said.message
}

#[tokio::test]
async fn only_confirmed_hosts_are_reached_and_by_https() {
    let house = house(&[]);
    let evil = denied(&house, "https://evil.example.org/").await;
    assert_eq!(evil, "evil.example.org is not among the hosts this plugin may reach");
    assert_eq!(
        denied(&house, "http://api.example.com/").await,
        "api.example.com may only be reached by https"
    );
    assert_eq!(house.notes.count(), 0);
}

#[tokio::test]
async fn a_confirmed_host_that_leads_into_the_house_is_refused() {
    let house = house(&[]);
    assert_eq!(denied(&house, "https://localhost/").await, "localhost leads to a private address");
    assert_eq!(denied(&house, "https://127.0.0.1/").await, "127.0.0.1 leads to a private address");
    assert_eq!(denied(&house, "https://0x7f.1/").await, "127.0.0.1 leads to a private address");
}

#[tokio::test]
async fn switched_off_means_that_no_request_leaves() {
    let server = Server::start(|_, _| http(200, "", "x")).await;
    let house = house(&[&server]);
    assert_eq!(fetch(&house, &server.url("/1")).await.unwrap(), "200 x");
    house.gate.switch(false);
    assert_eq!(denied(&house, &server.url("/2")).await, "sending data to providers is switched off");
    house.gate.switch(true);
    house.gate.allow("misbehaves", policy(&[&server]).switched(false));
    assert_eq!(denied(&house, &server.url("/3")).await, "this provider is switched off");
    house.gate.forbid("misbehaves");
    assert_eq!(denied(&house, &server.url("/4")).await, "no admin has allowed this plugin anything");
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_retry_that_waits_when_the_switch_is_thrown_does_not_leave() {
    let server = Server::start(|_, _| http(503, "retry-after: 1\r\n", "")).await;
    let house = house(&[&server]);
    let url = server.url("/");
    let gate = Arc::clone(&house.gate);
    let (message, ()) = tokio::join!(denied(&house, &url), async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        gate.switch(false);
    });
    assert_eq!(message, "sending data to providers is switched off");
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn what_the_ledger_does_not_take_does_not_leave() {
    let server = Server::start(|_, _| http(200, "", "x")).await;
    let house = house(&[&server]);
    *house.notes.forbids.lock().unwrap() = Some("a rule forbids it".to_owned());
    assert_eq!(denied(&house, &server.url("/")).await, "a rule forbids it");
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn a_plugin_holds_a_placeholder_and_the_provider_gets_the_secret() {
    let server = Server::start(|_, _| http(200, "", "x")).await;
    let house = house(&[&server]);
    assert_eq!(fetch_as(&house, "show key", "").await.unwrap(), "{{secret:api_key}}");
    fetch_as(&house, "fetch with key", &server.url("/?k={{secret:api_key}}")).await.unwrap();
    let request = server.last();
    assert!(request.starts_with("GET /?k=s3cret HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("authorization: Bearer s3cret\r\n"), "{request}");
    let left = house.notes.left.lock().unwrap().clone();
    assert!(!format!("{left:?}").contains("s3cret"));
    assert_eq!(left[0].properties, ["name", "website"]);
    // The signature of a known message with a known key.
    let signature = fetch_as(&house, "sign", "").await.unwrap();
    assert_eq!(signature.len(), 64);
    let said = fetch(&house, &server.url("/{{secret:other}}")).await.unwrap_err();
    assert_eq!((said.kind, said.field.as_deref()), (SaidKind::Settings, Some("other")));
}

#[tokio::test]
async fn a_secret_cannot_choose_the_host() {
    let server = Server::start(|_, _| http(200, "", "x")).await;
    let house = house(&[&server]);
    for url in ["https://{{secret:api_key}}.example.org/", "https://{{secret:api_key}}@api.example.com/"] {
        assert!(fetch(&house, url).await.is_err(), "{url}");
    }
    assert_eq!(house.notes.count(), 0);
}

#[tokio::test]
async fn a_redirect_is_checked_like_a_request_and_loses_the_secret() {
    let target = Server::start(|_, _| http(200, "", "arrived")).await;
    let elsewhere = target.url("/there");
    let server = Server::start(move |_, request| match request.split(' ').nth(1) {
        Some("/out") => http(302, "location: https://evil.example.org/\r\n", ""),
        Some("/loop") => http(302, "location: /loop\r\n", ""),
        Some("/near") => http(302, "location: /end\r\n", ""),
        Some("/end") => http(200, "", "near"),
        _ => http(302, &format!("location: {elsewhere}\r\n"), ""),
    })
    .await;
    let house = house(&[&server, &target]);
    let out = denied(&house, &server.url("/out")).await;
    assert_eq!(out, "evil.example.org is not among the hosts this plugin may reach");
    assert!(fetch(&house, &server.url("/loop")).await.unwrap_err().message.contains("more than 3 times"));
    assert_eq!(fetch_as(&house, "fetch with key", &server.url("/near")).await.unwrap(), "200 near");
    assert!(server.last().contains("s3cret"), "the same address still gets the key");
    assert_eq!(fetch_as(&house, "fetch with key", &server.url("/far")).await.unwrap(), "200 arrived");
    assert!(!target.last().contains("s3cret"), "{}", target.last());
}

#[tokio::test]
async fn a_busy_provider_is_asked_again_while_there_is_time() {
    let server = Server::start(|number, _| match number {
        1 => http(503, "", ""),
        2 => http(429, "retry-after: 0\r\n", ""),
        _ => http(200, "", "at last"),
    })
    .await;
    let house = house(&[&server]);
    assert_eq!(fetch(&house, &server.url("/")).await.unwrap(), "200 at last");
    assert_eq!((server.count(), house.notes.count()), (3, 3), "every attempt is on the ledger");
}

#[tokio::test]
async fn a_provider_that_is_busy_for_long_is_left_alone() {
    let server = Server::start(|_, _| http(429, "retry-after: 3600\r\n", "")).await;
    let house = house(&[&server]);
    for _ in 0..2 {
        let said = fetch(&house, &server.url("/")).await.unwrap_err();
        assert_eq!(said.kind, SaidKind::Later);
        assert!((3590..=3600).contains(&said.after().unwrap().as_secs()), "{said:?}");
    }
    assert_eq!(server.count(), 1, "the second call is not even sent");
}

#[tokio::test]
async fn a_call_sends_ten_requests_and_no_more() {
    let server = Server::start(|_, _| http(200, "", "x")).await;
    let house = house(&[&server]);
    let said = fetch_as(&house, "fetch a lot", &server.url("/")).await.unwrap_err();
    assert_eq!((said.kind, server.count()), (SaidKind::Denied, 10));
}

#[tokio::test]
async fn a_provider_that_says_how_long_is_taken_at_its_word() {
    let server = Server::start(|_, request| match request.contains("/kept") {
        true => http(404, "cache-control: private, max-age=60\r\n", ""),
        false => http(200, "cache-control: no-store, max-age=60\r\n", ""),
    })
    .await;
    let house = house(&[&server]);
    for path in ["/kept", "/kept", "/fresh", "/fresh"] {
        fetch(&house, &server.url(path)).await.unwrap();
    }
    assert_eq!(server.count(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_without_end_or_measure_is_cut_off() {
    let server = Server::start(|_, request| match request.contains("/huge") {
        true => http(200, "", &"x".repeat(5 * 1024 * 1024)),
        false => {
            std::thread::sleep(Duration::from_secs(8));
            http(200, "", "late")
        }
    })
    .await;
    let house = house(&[&server]);
    let said = fetch(&house, &server.url("/huge")).await.unwrap_err();
    assert!(said.message.contains("longer than 4194304 bytes"), "{said:?}");
    let why = Why { within: Some(Duration::from_secs(1)), ..Why::rule("test") };
    let start = Instant::now();
    let failure = house.plugin.enrich(&with_website("fetch", &server.url("/slow")), &why).await.unwrap_err();
    // One second is allowed and the answer takes eight: what lies between is for a busy machine.
    assert!(start.elapsed() < Duration::from_secs(6), "{failure:?}");
}

#[tokio::test]
async fn what_a_plugin_keeps_is_there_again_and_a_tape_shows_what_it_asked() {
    let house = house(&[]);
    let tape = Arc::new(Mutex::new(Vec::new()));
    let lines = Arc::clone(&tape);
    house.gate.set_tape(Some(Box::new(move |_, line| lines.lock().unwrap().push(line.to_owned()))));
    assert_eq!(fetch_as(&house, "keep", "").await.unwrap(), "42");
    assert_eq!(tape.lock().unwrap()[1], r#"{"method":"cache_get","params":{"key":"seen"},"result":42}"#);
}

#[tokio::test]
async fn a_plugin_may_not_write_what_it_did_not_announce() {
    let said = fetch_as(&house(&[]), "claim too much", "").await.unwrap_err();
    assert_eq!(
        said.message,
        "the plugin's answer is refused: it claims `email`, which its manifest does not list"
    );
}
