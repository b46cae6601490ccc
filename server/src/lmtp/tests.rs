//! A mail server hands mail over, on a real socket.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    task::JoinHandle,
};
use whom_core::{
    engine::Engine,
    model::{IdKey, Timestamp},
    rules::Rules,
    store::{MemoryStore, Store as _},
};

use super::{LmtpAddress, LmtpLimits, LmtpListener};
use crate::{
    AppState, Config, Limits, ListInStore, SetClock,
    testing::{As, NOW, TestApp},
};

const MAIL: &str = "From: Ana Ruiz <ana@example.org>\r\nTo: help@shop.example\r\nSubject: A dot\r\n\
    Message-ID: <1@example.org>\r\n\r\nbefore\r\n..\r\nafter \u{e5}\r\n.\r\n";

struct Client {
    stream: BufReader<TcpStream>,
}

impl Client {
    async fn new(address: SocketAddr) -> Self {
        let mut client = Self { stream: BufReader::new(TcpStream::connect(address).await.unwrap()) };
        let greeting = client.line().await;
        assert!(greeting.starts_with("220 "), "{greeting}");
        client
    }

    async fn send(&mut self, text: &str) {
        self.stream.get_mut().write_all(text.as_bytes()).await.unwrap();
    }

    async fn line(&mut self) -> String {
        let mut line = String::new();
        let reading = self.stream.read_line(&mut line);
        tokio::time::timeout(Duration::from_secs(10), reading).await.expect("an answer").unwrap();
        line.trim_end().to_owned()
    }

    /// Sends a line and gives the last line of the answer.
    async fn ask(&mut self, text: &str) -> String {
        self.send(&format!("{text}\r\n")).await;
        loop {
            let line = self.line().await;
            if line.as_bytes().get(3) != Some(&b'-') {
                return line;
            }
        }
    }

    async fn hand_over(&mut self, message: &str) -> String {
        self.ask("MAIL FROM:<ana@example.org>").await;
        self.ask("RCPT TO:<help@shop.example>").await;
        assert!(self.ask("DATA").await.starts_with("354"));
        self.send(message).await;
        self.line().await
    }
}

async fn listening(state: &AppState, limits: LmtpLimits) -> (SocketAddr, JoinHandle<()>) {
    let listener = LmtpListener::bind(&LmtpAddress::Tcp("127.0.0.1:0".parse().unwrap())).await.unwrap();
    let address = SocketAddr::from(([127, 0, 0, 1], listener.port().unwrap()));
    (address, tokio::spawn(listener.run(state.clone(), limits)))
}

#[tokio::test]
async fn commands_that_are_sent_together_are_answered_in_order_and_once_for_each_recipient() {
    let app = TestApp::new();
    let (address, _) = listening(&app.state, LmtpLimits::default()).await;
    let mut client = Client::new(address).await;
    client
        .send(
            "LHLO mx.example\r\nMAIL FROM:<> BODY=8BITMIME SMTPUTF8\r\nRCPT TO:<a@shop.example>\r\n\
             RCPT TO:<bj\u{f6}rn@shop.example>\r\nDATA\r\n",
        )
        .await;
    let mut answers = Vec::new();
    while answers.len() < 10 {
        answers.push(client.line().await[..4].to_owned());
    }
    assert_eq!(answers.concat(), "250-250-250-250-250-250 250 250 250 354 ");
    client.send(MAIL).await;
    assert_eq!(
        (client.line().await, client.line().await),
        ("250 2.0.0 Taken".into(), "250 2.0.0 Taken".into())
    );
    assert_eq!(client.ask("QUIT").await, "221 2.0.0 Good-bye");

    let timeline = app.get(&As::Local, "/v1/profiles/ana@example.org/timeline").await.expect(200).json();
    let entry = timeline["items"][0]["id"].as_str().unwrap();
    let body = app.get(&As::Local, &format!("/v1/entries/{entry}/body")).await.expect(200).text();
    assert!(body.ends_with("before\r\n.\r\nafter \u{e5}\r\n"), "{body}");
}

#[tokio::test]
async fn bytes_of_any_charset_come_in_as_they_were_and_what_was_sent_behind_them_is_answered() {
    let app = TestApp::new();
    let (address, _) = listening(&app.state, LmtpLimits::default()).await;
    let mut client = Client::new(address).await;
    client.ask("LHLO mx").await;
    let mut sent = b"MAIL FROM:<a@x> BODY=8BITMIME\r\nRCPT TO:<b@x>\r\nRCPT TO:<c@x>\r\nDATA\r\n".to_vec();
    let head = "From: Bj\u{f6}rn <bjorn@example.org>\r\nMessage-ID: <8@example.org>\r\n\
        Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n";
    let body = b"Bl\xe5b\xe6r, \x80 and \xff\r\n";
    sent.extend_from_slice(head.as_bytes());
    sent.extend_from_slice(body);
    sent.extend_from_slice(b".\r\nMAIL FROM:<a@x>\r\nRSET\r\nNOOP\r\nQUIT\r\n");
    client.stream.get_mut().write_all(&sent).await.unwrap();
    let mut answers = Vec::new();
    for _ in 0..10 {
        answers.push(client.line().await[..3].to_owned());
    }
    assert_eq!(answers.join(" "), "250 250 250 354 250 250 250 250 250 221");
    let timeline = app.get(&As::Local, "/v1/profiles/bjorn@example.org/timeline").await.expect(200).json();
    let entry = timeline["items"][0]["id"].as_str().unwrap();
    let kept = app.get(&As::Local, &format!("/v1/entries/{entry}/body")).await.expect(200);
    assert!(kept.body.ends_with(body), "{:?}", kept.body);
    assert!(timeline["items"][0]["summary"].as_str().unwrap().starts_with("Bl\u{e5}b\u{e6}r"), "{timeline}");
}

#[tokio::test]
async fn what_is_too_large_or_half_is_not_taken_and_the_next_message_is() {
    let limits = Limits { message: 2_000, ..Limits::default() };
    let app = TestApp::with(Config { limits, ..Config::default() });
    let (address, _) = listening(&app.state, LmtpLimits::default()).await;
    let mut client = Client::new(address).await;
    assert!(client.ask("MAIL FROM:<a@x>").await.starts_with("503"));
    assert_eq!(client.ask("LHLO mx").await, "250 SIZE 2000");
    assert!(client.ask("MAIL FROM:<a@x> SIZE=2001").await.starts_with("552 5.3.4"));
    assert!(client.ask("DATA").await.starts_with("503"));
    assert!(client.hand_over(&format!("{}\r\n.\r\n", "x".repeat(3_000))).await.starts_with("552 5.3.4"));
    assert!(client.hand_over("no mail at all\r\n.\r\n").await.starts_with("554 5.6.0"));
    assert!(client.hand_over(MAIL).await.starts_with("250"));

    let mut half = Client::new(address).await;
    half.ask("LHLO mx").await;
    half.ask("MAIL FROM:<a@x>").await;
    half.ask("RCPT TO:<b@x>").await;
    half.ask("DATA").await;
    half.send("From: Half <half@example.org>\r\n\r\nhalf a mess").await;
    drop(half);
    let mut broken = Client::new(address).await;
    broken.send("LHL").await;
    drop(broken);
    assert_eq!(client.ask("NOOP").await, "250 2.0.0 Yes");
    app.get(&As::Local, "/v1/profiles/half@example.org").await.expect(404);
    app.get(&As::Local, "/v1/profiles/ana@example.org").await.expect(200);
}

#[tokio::test]
async fn a_message_that_cannot_be_kept_stays_with_the_mail_server() {
    let store = Arc::new(MemoryStore::new(IdKey::from_bytes([7; 32])));
    let engine = Engine::new(store.clone(), Arc::new(ArcSwap::from_pointee(Rules::built_in())));
    let clock = Arc::new(SetClock::at(Timestamp::parse(NOW).unwrap()));
    let directory = Arc::new(ListInStore::new(engine.clone()));
    let state = AppState::new(engine, directory, Config::default(), clock);
    let (address, _) = listening(&state, LmtpLimits::default()).await;
    let mut client = Client::new(address).await;
    client.ask("LHLO mx").await;
    assert!(client.hand_over(MAIL).await.starts_with("250"));
    store.close().await.unwrap();
    let other = MAIL.replace("<1@", "<2@");
    assert!(client.hand_over(&other).await.starts_with("451 4.3.0"));
}

#[tokio::test]
async fn nobody_takes_all_the_room_or_all_the_patience() {
    let app = TestApp::new();
    let limits = LmtpLimits {
        connections: 1,
        recipients: 1,
        mistakes: 3,
        line: Duration::from_millis(300),
        ..LmtpLimits::default()
    };
    let (address, _) = listening(&app.state, limits).await;
    let mut client = Client::new(address).await;
    let mut second = BufReader::new(TcpStream::connect(address).await.unwrap());
    let mut refusal = String::new();
    second.read_to_string(&mut refusal).await.unwrap();
    assert!(refusal.starts_with("421 4.3.2"), "{refusal}");

    client.ask("LHLO mx").await;
    client.ask("MAIL FROM:<a@x>").await;
    client.ask("RCPT TO:<a@x>").await;
    assert!(client.ask("RCPT TO:<b@x>").await.starts_with("452 4.5.3"));
    assert!(client.ask("EXPN all").await.starts_with("500"));
    assert!(client.ask(&"x".repeat(10_000)).await.starts_with("500"));
    client.send("GET / HTTP/1.1\r\n").await;
    assert!(client.line().await.starts_with("500"));
    assert!(client.line().await.starts_with("421 4.7.0"));

    // The place is free again once the first has gone; whoever then says nothing is let go.
    let mut silent = loop {
        let mut stream = BufReader::new(TcpStream::connect(address).await.unwrap());
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        if line.starts_with("220") {
            break stream;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let mut end = String::new();
    silent.read_to_string(&mut end).await.unwrap();
    assert!(end.starts_with("421 4.4.2"), "{end}");
}

#[tokio::test]
async fn stopping_tells_whoever_waits_and_ends() {
    let app = TestApp::new();
    let (address, running) = listening(&app.state, LmtpLimits::default()).await;
    let mut client = Client::new(address).await;
    client.ask("LHLO mx").await;
    app.state.stopping().cancel();
    assert!(client.line().await.starts_with("421 4.3.2"));
    tokio::time::timeout(Duration::from_secs(5), running).await.expect("it ends").unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn a_socket_that_a_killed_process_left_is_no_hindrance() {
    let folder = tempfile::tempdir().unwrap();
    let address = LmtpAddress::Unix(folder.path().join("lmtp.sock"));
    drop(LmtpListener::bind(&address).await.unwrap());
    let listener = LmtpListener::bind(&address).await.unwrap();
    assert!(LmtpListener::bind(&address).await.is_err(), "somebody answers there");
    let app = TestApp::new();
    let running = tokio::spawn(listener.run(app.state.clone(), LmtpLimits::default()));
    let mut stream = tokio::net::UnixStream::connect(folder.path().join("lmtp.sock")).await.unwrap();
    stream.write_all(b"QUIT\r\n").await.unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).await.unwrap();
    assert_eq!(said, "220 whom LMTP\r\n221 2.0.0 Good-bye\r\n");
    app.state.stopping().cancel();
    running.await.unwrap();
    assert!(!folder.path().join("lmtp.sock").exists());
}
