//! What five libraries send, and what becomes of it. The shapes were captured from the libraries
//! themselves; the words in them are made up.

use axum::{body::Body, http::Method};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use expect_test::expect;
use serde_json::{Value, json};

use crate::{
    Config,
    testing::{Answer, As, TestApp, gzip},
};

const OK: &str = r#"{"success":true}"#;

struct Call<'a> {
    path: &'a str,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

fn basic(key: &str) -> (&'static str, String) {
    ("authorization", format!("Basic {}", STANDARD.encode(format!("{key}:"))))
}

async fn send(app: &TestApp, call: Call<'_>) -> Answer {
    let headers: Vec<(&str, &str)> =
        call.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    app.send(&As::Anonymous, Method::POST, call.path, &headers, Body::from(call.body)).await
}

async fn json_call(app: &TestApp, key: &str, path: &str, body: Value) -> Answer {
    let headers = vec![basic(key), ("content-type", "application/json".to_owned())];
    send(app, Call { path, headers, body: body.to_string().into_bytes() }).await
}

/// A profile in a few lines: who, by what, what is known, what happened.
async fn told(app: &TestApp, handle: &str) -> String {
    let view = app.get(&As::Local, &format!("/v1/profiles/{handle}")).await.expect(200).json();
    let list = |items: &Value, line: &dyn Fn(&Value) -> String| -> String {
        items.as_array().unwrap().iter().map(|item| format!("  {}\n", line(item))).collect()
    };
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let contacts = list(&view["contacts"], &|contact| {
        format!("{} {}", text(&contact["label"]), text(&contact["value"]))
    });
    let fields = list(&view["fields"], &|field| {
        format!(
            "{}: {} ({})",
            text(&field["key"]),
            field["values"][0]["value"],
            text(&field["values"][0]["source"])
        )
    });
    let accounts = list(&view["accounts"], &|account| format!("at {}", text(&account["name"])));
    let timeline = app.get(&As::Local, &format!("/v1/profiles/{handle}/timeline")).await.expect(200).json();
    let entries = list(&timeline["items"], &|entry| {
        format!(
            "{} {} {}: {}",
            text(&entry["at"]),
            text(&entry["kind"]),
            text(&entry["title"]),
            text(&entry["summary"])
        )
    });
    format!("{} {}\n{contacts}{fields}{accounts}{entries}", text(&view["kind"]), text(&view["name"]))
}

async fn noted(app: &TestApp) -> String {
    let page = app.get(&As::Local, "/v1/ingest/problems").await.expect(200).json();
    let line =
        |note: &Value| format!("{} {} {}\n", note["count"], note["code"].as_str().unwrap(), note["messages"]);
    page["items"].as_array().unwrap().iter().map(line).collect()
}

#[tokio::test]
async fn segment_for_python_sends_batches_with_nulls_and_naive_times() {
    let app = TestApp::new();
    let key = app.write_key().await;
    let body = json!({
        "batch": [{
            "integrations": {}, "anonymousId": null, "userId": "42", "type": "identify", "messageId": "py-1",
            "timestamp": "2026-03-01T11:59:00+00:00",
            "context": { "library": { "name": "analytics-python", "version": "2.4.0" } },
            "traits": {
                "email": "Ana@Example.org", "firstName": "Ana", "last_name": "Ruiz", "title": "Buyer",
                "createdAt": "2025-01-02T03:04:05", "avatar": "https://x.example/ana.png",
                "company": { "id": 7, "name": "Northwind", "employee_count": 12 }, "loyaltyPoints": 120,
                "address": { "street": "Am Markt 1", "postalCode": "53111", "city": "Bonn" }, "gender": null
            }
        }, {
            "integrations": {}, "anonymousId": null, "userId": "42", "type": "track", "messageId": "py-2",
            "event": "Order Paid", "properties": { "total": 12.5, "items": ["mug"] },
            "timestamp": "2026-03-01T11:59:30+00:00", "context": {}
        }],
        "sentAt": "2026-03-01T12:00:00Z", "writeKey": key,
    });
    let headers =
        vec![basic(&key), ("content-type", "application/json".into()), ("content-encoding", "gzip".into())];
    let call = Call { path: "/v1/batch", headers, body: gzip(body.to_string().as_bytes()) };
    assert_eq!(send(&app, call).await.expect(200).text(), OK);
    expect![[r#"
        customer Ana Ruiz
          E-mail ana@example.org
          User id 42
          first_name: "Ana" (event:app)
          last_name: "Ruiz" (event:app)
          company: "Northwind" (event:app)
          job_title: "Buyer" (event:app)
          photo: "https://x.example/ana.png" (event:app)
          email: "ana@example.org" (event:app)
          address: {"city":"Bonn","postal_code":"53111","street":"Am Markt 1"} (event:app)
          created_at: "2025-01-02T03:04:05" (event:app)
          loyalty_points: 120 (event:app)
          at Northwind
          2026-03-01T11:59:30Z event Order Paid: total: 12.5
    "#]]
    .assert_eq(&told(&app, "42").await);
    assert_eq!(noted(&app).await, "");
}

#[tokio::test]
async fn rudderstack_for_python_repeats_its_traits_in_the_context() {
    let app = TestApp::new();
    let key = app.write_key().await;
    let body = json!({
        "batch": [{
            "integrations": { "All": true }, "anonymousId": "a-1", "userId": "7", "type": "identify",
            "channel": "server", "messageId": "rp-1", "timestamp": "2026-03-01T11:59:00+00:00",
            "traits": { "name": "Ben Okoro" },
            "context": { "traits": { "name": "Ben Okoro", "plan": "pro" }, "timezone": "Europe/Berlin" }
        }],
        "sentAt": "2026-03-01T12:00:00+00:00",
    });
    let headers =
        vec![basic(&key), ("content-type", "application/json".into()), ("content-encoding", "gzip".into())];
    let call = Call { path: "/v1/batch", headers, body: gzip(body.to_string().as_bytes()) };
    let answer = send(&app, call).await;
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, OK));
    expect![[r#"
        customer Ben Okoro
          User id 7
          Visitor id a-1
          name: "Ben Okoro" (event:app)
          timezone: "Europe/Berlin" (event:app)
          plan: "pro" (event:app)
    "#]]
    .assert_eq(&told(&app, "a-1").await);
}

#[tokio::test]
async fn segment_for_node_sends_numbers_and_metadata() {
    let app = TestApp::new();
    let key = app.write_key().await;
    let body = json!({
        "batch": [{
            "userId": 99, "type": "page", "name": "Pricing", "category": "Shop", "messageId": "node-next-1",
            "properties": { "category": "Shop", "url": "https://shop.example/pricing" },
            "context": { "library": { "name": "@segment/analytics-node", "version": "3.1.0" } },
            "_metadata": { "nodeVersion": "22.1.0", "jsRuntime": "node" },
            "timestamp": "2026-03-01T11:59:59.000Z"
        }, {
            "userId": 99, "type": "group", "groupId": "g-1", "messageId": "node-next-2",
            "traits": { "name": "Contoso", "employeeCount": 250 }, "timestamp": "2026-03-01T11:59:59.500Z"
        }],
        "writeKey": key, "sentAt": "2026-03-01T12:00:00.000Z",
    });
    assert_eq!(json_call(&app, &key, "/v1/batch", body).await.expect(200).text(), OK);
    expect![[r#"
        customer User id 99
          User id 99
          at Contoso
          2026-03-01T11:59:59Z page_view Pricing: https://shop.example/pricing
    "#]]
    .assert_eq(&told(&app, "user_id:99").await);
}

#[tokio::test]
async fn rudderstack_for_node_calls_packed_json_a_form() {
    let app = TestApp::new();
    let key = app.write_key().await;
    let body = json!({
        "batch": [{
            "userId": "5", "anonymousId": "dev-5", "event": "Signed Up", "type": "track", "messageId": "rn-1",
            "properties": { "plan": "free" }, "originalTimestamp": "2019-06-01T00:00:00.000Z",
            "sentAt": "2019-06-01T00:00:30.000Z", "_metadata": { "nodeVersion": "22.1.0" }
        }],
    });
    // With the header, without it, and with a header for what is not packed at all.
    for (packed, encoding) in [(true, Some("gzip")), (true, None), (false, Some("gzip"))] {
        let mut headers = vec![basic(&key), ("content-type", "application/x-www-form-urlencoded".into())];
        headers.extend(encoding.map(|encoding| ("content-encoding", encoding.to_owned())));
        let bytes = body.to_string().into_bytes();
        let body = if packed { gzip(&bytes) } else { bytes };
        let answer = send(&app, Call { path: "/v1/batch", headers, body }).await;
        assert_eq!(answer.expect(200).text(), OK);
    }
    expect![[r#"
        customer User id 5
          User id 5
          Visitor id dev-5
          2026-03-01T11:59:30Z event Signed Up: plan: free
    "#]]
    .assert_eq(&told(&app, "user_id:5").await);
}

#[tokio::test]
async fn segment_for_browsers_sends_text_to_short_paths_and_asks_first() {
    let app = TestApp::new();
    let key = app.write_key().await;
    let ask = [
        ("origin", "https://shop.example"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization,content-type"),
    ];
    let allowed = app.send(&As::Anonymous, Method::OPTIONS, "/v1/p", &ask, Body::empty()).await.expect(200);
    assert_eq!(allowed.header("access-control-allow-origin"), "*");
    assert!(allowed.header("access-control-allow-headers").contains("authorization"));

    let visit = json!({
        "timestamp": "2026-03-01T11:59:58.000Z", "integrations": {}, "userId": null, "anonymousId": "b-1",
        "type": "page", "properties": { "path": "/", "title": "Shop", "url": "https://shop.example/" },
        "context": { "page": { "path": "/" }, "locale": "en-GB" }, "messageId": "ajs-next-1",
        "writeKey": key, "sentAt": "2026-03-01T11:59:59.000Z", "_metadata": { "bundled": ["Segment.io"] }
    });
    let headers =
        vec![("content-type", "text/plain".to_owned()), ("origin", "https://shop.example".to_owned())];
    let call = Call { path: "/v1/p", headers: headers.clone(), body: visit.to_string().into_bytes() };
    let answer = send(&app, call).await.expect(200);
    assert_eq!((answer.text().as_str(), answer.header("access-control-allow-origin")), (OK, "*"));
    assert!(told(&app, "b-1").await.starts_with("visitor"));

    let identify = json!({
        "userId": "u-1", "anonymousId": "b-1", "traits": { "phone": "+44 20 7946 0000" }, "messageId": "ajs-next-2",
        "writeKey": key, "context": { "locale": "en-GB" },
    });
    send(&app, Call { path: "/v1/i", headers, body: identify.to_string().into_bytes() }).await.expect(200);
    expect![[r#"
        customer +442079460000
          Phone +442079460000
          User id u-1
          Visitor id b-1
          phone: "+442079460000" (event:app)
          language: "en-GB" (event:app)
          2026-03-01T11:59:59Z page_view Shop: https://shop.example/
    "#]]
    .assert_eq(&told(&app, "b-1").await);
}

#[tokio::test]
async fn an_alias_joins_the_visitor_to_the_customer() {
    let app = TestApp::new();
    let key = app.write_key().await;
    let seen = json!({ "anonymousId": "dev-1", "event": "Opened", "messageId": "1" });
    json_call(&app, &key, "/v1/track", seen).await.expect(200);
    let alias = json!({ "previousId": "dev-1", "userId": "u-1", "messageId": "2" });
    json_call(&app, &key, "/v1/alias", alias).await.expect(200);
    let profile = told(&app, "u-1").await;
    assert!(profile.contains("Visitor id dev-1") && profile.contains("event Opened"), "{profile}");
}

#[tokio::test]
async fn a_message_that_comes_again_happens_once() {
    let app = TestApp::new();
    let key = app.write_key().await;
    let twice = json!({ "type": "track", "userId": "u-1", "event": "Paid", "messageId": "m-1" });
    let unnamed =
        json!({ "type": "track", "userId": "u-1", "event": "Paid", "timestamp": "2026-03-01T11:00:00Z" });
    let body = json!({ "batch": [twice, twice, unnamed] });
    json_call(&app, &key, "/v1/batch", body.clone()).await.expect(200);
    json_call(&app, &key, "/v1/batch", body).await.expect(200);
    assert_eq!(told(&app, "u-1").await.matches("event Paid").count(), 2);
}

#[tokio::test]
async fn what_means_nothing_is_noted_and_never_refused() {
    let app = TestApp::new();
    let key = app.write_key().await;
    let body = json!({ "batch": [
        { "type": "track", "event": "Lost", "messageId": "m-1" },
        { "type": "track", "userId": "u-1", "messageId": "m-2" },
        { "type": "dance", "userId": "u-1", "messageId": "m-3" },
        { "type": "track", "userId": "null", "event": "Nobody", "messageId": "m-4" },
        { "type": "identify", "userId": "u-2", "messageId": "m-5",
          "traits": { "phone": "call me", "email": "no address", "plan": "pro" } },
        { "type": "track", "userId": "u-2", "event": "x".repeat(40_000), "messageId": "m-6" },
        { "type": "group", "userId": "u-2", "messageId": "m-7" },
        "not an object",
    ] });
    assert_eq!(json_call(&app, &key, "/v1/batch", body).await.expect(200).text(), OK);
    expect![[r#"
        1 identifies_nobody ["m-4"]
        1 invalid_email ["m-5"]
        1 invalid_phone ["m-5"]
        1 no_event ["m-2"]
        1 no_group_id ["m-7"]
        1 no_message []
        1 no_user_anon_id ["m-1"]
        1 too_large ["m-6"]
        1 unknown_type ["m-3"]
    "#]]
    .assert_eq(&noted(&app).await);
    expect![[r#"
        customer User id u-2
          User id u-2
          plan: "pro" (event:app)
    "#]]
    .assert_eq(&told(&app, "u-2").await);
    let kept = app.get(&As::Local, "/v1/ingest/problems").await.text();
    assert!(!kept.contains("call me") && !kept.contains("no address"), "{kept}");
}

#[tokio::test]
async fn what_cannot_be_read_or_may_not_be_sent_is_refused_in_the_librarys_own_shape() {
    let mut config = Config::default();
    config.limits.tracking.batch = 2_000;
    config.limits.tracking.messages = 3;
    config.limits.tracking.requests_per_second = 8;
    let app = TestApp::with(config);
    let key = app.write_key().await;
    let mut answers = String::new();
    let raw = |body: Vec<u8>, key: &str| Call { path: "/v1/batch", headers: vec![basic(key)], body };
    let mut bomb = raw(gzip(&vec![b' '; 100_000]), &key);
    bomb.headers.push(("content-encoding", "gzip".into()));
    for call in [
        raw(b"{}".to_vec(), "whom_write_unknown"),
        raw(b"{".to_vec(), &key),
        raw(b"[]".to_vec(), &key),
        raw(b"{\"batch\":{}}".to_vec(), &key),
        raw(vec![0x1f, 0x8b, 1, 2], &key),
        raw(json!({ "batch": [{}, {}, {}, {}] }).to_string().into_bytes(), &key),
        raw(vec![b' '; 2_001], &key),
        bomb,
    ] {
        let answer = send(&app, call).await;
        answers += &format!("{} {}\n", answer.status.as_u16(), answer.json()["code"].as_str().unwrap());
    }
    expect![[r#"
        401 invalid_write_key
        400 invalid_json
        400 invalid_request
        400 invalid_request
        400 invalid_encoding
        413 too_large
        413 too_large
        413 too_large
    "#]]
    .assert_eq(&answers);
    let one = json!({ "userId": "u-1", "event": "Paid" });
    for _ in 0..6 {
        json_call(&app, &key, "/v1/track", one.clone()).await.expect(200);
    }
    let answer = json_call(&app, &key, "/v1/track", one.clone()).await.expect(429);
    assert_eq!(answer.header("retry-after"), "1");
    app.clock.advance(1000);
    json_call(&app, &key, "/v1/track", one).await.expect(200);
}

#[tokio::test]
async fn a_write_key_works_in_each_of_the_places_where_libraries_put_it() {
    let app = TestApp::new();
    let key = app.write_key().await;
    let authorizations = [
        Some(format!("Basic {}", STANDARD.encode(format!("{key}:")))),
        Some(format!("Basic {}", STANDARD.encode(&key))),
        Some(format!("Bearer {key}")),
        Some("Bearer a-token-of-another-service".to_owned()),
        None,
    ];
    for (n, authorization) in authorizations.into_iter().enumerate() {
        let headers: Vec<_> = authorization.into_iter().map(|value| ("authorization", value)).collect();
        let body = json!({ "userId": "u", "event": "E", "messageId": format!("m-{n}"), "writeKey": key });
        let call = Call { path: "/v1/track", headers, body: body.to_string().into_bytes() };
        send(&app, call).await.expect(200);
    }
    let token = app.token(&[crate::Scope::Ingest]).await;
    app.post(&token, "/v1/track", json!({ "userId": "u", "event": "E" })).await.expect(401);
    app.get(&As::Token(key), "/v1/profiles").await.expect(401);
}
