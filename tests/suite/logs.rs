//! Invariant 10: no address, name, token or message text in a log line.

use reqwest::Method;
use whom_tests::{Server, whom};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_names_nobody() {
    let folder = whom_tests::folder();
    let _ =
        whom(folder.path(), &["user", "add", "mia.secret@example.com", "--role", "owner", "--json"]).good();
    let server = Server::start(folder.path()).await;

    let mail = "From: Cassandra Quillfeather <cassandra@quillfeather.example>\r\nTo: support@example.com\r\n\
                Subject: Marzipan delivery\r\nDate: Mon, 05 Jan 2026 10:00:00 +0000\r\n\
                Message-ID: <unmistakable@quillfeather.example>\r\n\r\nThe walrus sings at midnight.\r\n";
    server.mail(mail.to_owned()).await.expect("a receipt");
    let _ = server.mail("From: broken\r\n\r\nThe walrus sings at midnight.".to_owned()).await;
    for path in [
        "/v1/profiles/cassandra@quillfeather.example",
        "/v1/profiles/cassandra@quillfeather.example/why/name",
        "/v1/profiles?q=quillfeather",
        "/v1/profiles/nobody@quillfeather.example",
        "/customers?q=Cassandra",
    ] {
        let _ = server.request(Method::GET, path).send().await.expect("an answer");
    }
    let login = server.anonymous(Method::POST, "/login").header("origin", server.base().to_owned());
    let form = "login=mia.secret%40example.com&password=correct-horse-battery";
    let login = login.header("content-type", "application/x-www-form-urlencoded").body(form);
    let _ = login.send().await.expect("an answer");
    let _ = server
        .anonymous(Method::GET, "/login/once?token=not-a-real-token-1234567")
        .send()
        .await
        .expect("an answer");
    let event = r#"{"type":"identify","messageId":"1","userId":"u_quill","writeKey":"a-wrong-key-9876","traits":{"email":"cassandra@quillfeather.example"}}"#;
    let _ = server.anonymous(Method::POST, "/v1/identify").body(event).send().await.expect("an answer");

    let log = server.log();
    assert!(log.lines().count() >= 3, "the log says too little to prove anything: {log}");
    let token = server.token().to_owned();
    let lower = log.to_lowercase();
    for word in [
        "quillfeather",
        "cassandra",
        "marzipan",
        "walrus",
        "mia.secret",
        "correct-horse",
        "not-a-real-token",
        "a-wrong-key",
        "u_quill",
        token.to_lowercase().as_str(),
    ] {
        assert!(!lower.contains(word), "the log names {word}:\n{log}");
    }
}
