//! Enrichment through the real plugin process: what it finds, what the ledger says, and what off means.

use reqwest::Method;
use serde_json::json;
use whom_tests::{Server, whom};

const WHO: &str = "hanne.lindqvist@example.com";

async fn ledger(server: &Server) -> usize {
    server.get("/v1/ledger?limit=200").await["items"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_is_enriched_and_off_means_that_nothing_leaves() {
    let parent = whom_tests::folder();
    let folder = parent.path().join("demo");
    whom(&folder, &["demo", "--folder", folder.to_str().unwrap(), "--no-serve"]).good();

    // What the provider knows is shown where nobody else says anything, and says where it comes from.
    let view = whom(&folder, &["show", WHO, "--json"]).good().json();
    let field =
        |key: &str| view["fields"].as_array().unwrap().iter().find(|field| field["key"] == key).unwrap();
    assert_eq!(field("company")["values"][0]["source"], "plugin:gravatar");
    assert_eq!(
        field("last_name")["values"][0]["source"],
        "event:trails",
        "a customer's word beats enrichment"
    );

    let server = Server::start(&folder).await;
    let checks = server.get(&format!("/v1/profiles/{WHO}/checks")).await;
    assert_eq!((&checks[0]["plugin"], &checks[0]["outcome"]), (&json!("gravatar"), &json!("found")));
    let left = server.get("/v1/ledger?limit=200").await;
    let first = &left["items"][0];
    assert_eq!((&first["plugin"], &first["properties"]), (&json!("gravatar"), &json!(["email"])));
    assert!(!left.to_string().contains(WHO), "the ledger names the property and never its value");

    let known = ledger(&server).await;
    server.send(Method::PUT, "/v1/enrichment", &json!({ "on": false })).await;
    let queued = server.post(&format!("/v1/profiles/{WHO}/enrich"), &json!({})).await;
    assert_eq!(queued["queued"], 0);
    server
        .mail(format!("From: {WHO}\r\nSubject: Hello\r\nMessage-ID: <new@x.example>\r\n\r\nNew.\r\n"))
        .await
        .unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(800)).await;
    assert_eq!(ledger(&server).await, known, "something left although enrichment is off");
    // What was gathered stays.
    let view = server.get(&format!("/v1/profiles/{WHO}")).await;
    assert!(view["fields"].as_array().unwrap().iter().any(|field| field["key"] == "company"));
}
