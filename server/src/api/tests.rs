//! Journeys through the JSON API, as a client makes them.

use axum::{body::Body, http::Method};
use expect_test::expect;
use serde_json::{Value, json};

use crate::{
    Config, Role, Scope,
    testing::{As, TestApp},
};

const MAIL: &str = "From: Ana Ruiz <ana@example.org>\r\nTo: help@shop.example\r\n\
    Subject: Where is my parcel?\r\nMessage-ID: <1@example.org>\r\n\
    Date: Sun, 1 Mar 2026 11:00:00 +0000\r\n\r\nHello,\r\nit has not come yet.\r\n";

async fn app_with_mail() -> TestApp {
    let app = TestApp::new();
    let settings = json!({ "own_domains": ["shop.example"], "phone_region": "GB" });
    app.json(&As::Local, Method::PUT, "/v1/settings", &[], settings).await.expect(200);
    app.send(&As::Local, Method::POST, "/v1/messages/raw", &[], MAIL).await.expect(201);
    app
}

async fn made(app: &TestApp, first_name: &str, email: &str) -> String {
    let body = json!({
        "properties": { "first_name": first_name },
        "identifiers": [{ "kind": "email", "value": email }],
    });
    let made = app.post(&As::Local, "/v1/profiles", body).await.expect(201);
    made.json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_mail_makes_a_profile_that_is_found_by_its_address() {
    let app = app_with_mail().await;
    let answer = app.get(&As::Local, "/v1/profiles/ANA@example.org").await.expect(200);
    let view = answer.json();
    assert_eq!(view["name"], "Ana Ruiz");
    assert_eq!(view["messages"], 1);
    let id = view["id"].as_str().unwrap();
    assert_eq!(answer.header("content-location"), format!("/v1/profiles/{id}"));

    let found = app.get(&As::Local, "/v1/profiles?q=ana@example.org").await.expect(200).json();
    assert_eq!(found["items"][0]["id"], id);
    let again = app.send(&As::Local, Method::POST, "/v1/messages/raw", &[], MAIL).await.expect(200);
    assert_eq!(again.json()["outcome"], "repeated");
    let figures = app.get(&As::Local, "/v1/figures").await.expect(200).json();
    assert_eq!((&figures["profiles"], &figures["entries"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn the_command_line_in_process_gets_the_same_bytes_as_a_client_of_a_server() {
    let app = app_with_mail().await;
    let token = app.token(&[Scope::Read]).await;
    for path in ["/v1/profiles/ana@example.org", "/v1/profiles", "/v1/profiles/ana@example.org/timeline"] {
        assert_eq!(app.get(&As::Local, path).await.body, app.get(&token, path).await.body, "{path}");
    }
}

#[tokio::test]
async fn what_is_decided_about_a_value_holds_and_is_taken_back() {
    let app = app_with_mail().await;
    let (agent, reader) = (app.person(Role::Agent).await, app.person(Role::ReadOnly).await);
    let path = "/v1/profiles/ana@example.org";
    let any = [("if-match", "*")];
    app.json(&agent, Method::PATCH, path, &any, json!({ "name": "Ana R." })).await.expect(200);
    let place = |deed: &str| format!("{path}/properties/name/{deed}");
    let pin = json!({ "value": "Ana Ruiz" });
    app.post(&reader, &place("pin"), pin.clone()).await.expect(403);
    let why = app.post(&agent, &place("pin"), pin).await.expect(200).json();
    assert_eq!((&why["values"], &why["decisions"][0]["deed"]), (&json!(["Ana Ruiz"]), &json!("pin")));
    assert_eq!(why["decided_by"], "pinned by agent:agent on 2026-03-01");
    assert_eq!(app.get(&reader, path).await.json()["name"], "Ana Ruiz");
    let back = app.post(&agent, &place("unpin"), json!({})).await.expect(200).json();
    assert_eq!(back["values"], json!(["Ana R."]));
    app.post(&agent, &place("unpin"), json!({})).await.expect(422);
    let wrong = app.post(&agent, &place("pin"), json!({})).await.expect(422).json();
    assert!(wrong["errors"][0]["detail"].as_str().unwrap().contains("either `claim`"));

    let other = made(&app, "Bo", "bo@example.org").await;
    let seen = app.get(&reader, &format!("{path}/merge-preview?with={other}")).await.expect(200).json();
    assert_eq!((&seen["from"]["id"], &seen["told_apart"]), (&json!(other), &json!(false)));
    let merge = json!({ "from": other, "choose": { "first_name": { "value": "Bo" } } });
    let merged = app.post(&agent, &format!("{path}/merge"), merge).await.expect(200).json();
    let why = app.get(&reader, &format!("{path}/why/first_name")).await.expect(200).json();
    assert_eq!(why["decisions"][0]["merge"], merged["id"]);
}

#[tokio::test]
async fn what_the_client_has_already_is_not_sent_again() {
    let app = app_with_mail().await;
    let path = "/v1/profiles/ana@example.org";
    let tag = app.get(&As::Local, path).await.header("etag").to_owned();
    assert!(tag.starts_with('"'), "{tag}");
    let known = [("if-none-match", tag.as_str())];
    let answer = app.send(&As::Local, Method::GET, path, &known, Body::empty()).await.expect(304);
    assert!(answer.body.is_empty());
}

#[tokio::test]
async fn a_change_says_which_version_it_means() {
    let app = app_with_mail().await;
    let path = "/v1/profiles/ana@example.org";
    let old = app.get(&As::Local, path).await.header("etag").to_owned();
    let patch = json!({ "company": "Northwind", "website": ["https://ana.example"] });
    app.json(&As::Local, Method::PATCH, path, &[], patch.clone()).await.expect(428);

    let mine = [("if-match", old.as_str())];
    let edited = app.json(&As::Local, Method::PATCH, path, &mine, patch).await.expect(200);
    assert_ne!(edited.header("etag"), old);
    let field = |view: &Value, key: &str| {
        let fields = view["fields"].as_array().unwrap();
        fields.iter().find(|field| field["key"] == key).map(|field| field["values"][0]["value"].clone())
    };
    assert_eq!(field(&edited.json(), "company"), Some(json!("Northwind")));

    let late = app.json(&As::Local, Method::PATCH, path, &mine, json!({ "company": "Other" })).await;
    assert_eq!(late.header("etag"), edited.header("etag"));
    assert_eq!(late.expect(412).json()["type"], "urn:whom:problem:changed-since");

    let any = [("if-match", "*")];
    let patch = json!({ "company": null, "website": [] });
    let emptied = app.json(&As::Local, Method::PATCH, path, &any, patch).await.expect(200).json();
    assert_eq!((field(&emptied, "company"), field(&emptied, "website")), (None, None));
    let why = app.get(&As::Local, &format!("{path}/why/company")).await.expect(200).json();
    assert_eq!(why["values"], json!([]));
}

#[tokio::test]
async fn what_is_wrong_is_named_by_a_pointer() {
    let app = app_with_mail().await;
    let path = "/v1/profiles/ana@example.org";
    let any = [("if-match", "*")];
    let locked = json!({ "photo": "https://x.example/a.png" });
    let shown = app.json(&As::Local, Method::PATCH, path, &any, locked).await.shown();
    expect![[r#"
        422 application/problem+json
        {
          "type": "urn:whom:problem:invalid",
          "title": "Something in the request is wrong",
          "status": 422,
          "detail": "`photo` is written by its source alone: it can be hidden but not changed",
          "instance": "urn:whom:request:test",
          "errors": [
            {
              "pointer": "/photo",
              "detail": "`photo` is written by its source alone: it can be hidden but not changed"
            }
          ]
        }
    "#]]
    .assert_eq(&shown);

    let shown =
        app.post(&As::Local, "/v1/profiles", json!({ "identifiers": [{ "kind": "email" }] })).await.shown();
    expect![[r#"
        422 application/problem+json
        {
          "type": "urn:whom:problem:invalid",
          "title": "Something in the request is wrong",
          "status": 422,
          "detail": "the body is JSON, but not what this path reads",
          "instance": "urn:whom:request:test",
          "errors": [
            {
              "pointer": "/identifiers/0",
              "detail": "missing field `value`"
            }
          ]
        }
    "#]]
    .assert_eq(&shown);

    let body = json!({ "identifiers": [{ "kind": "phone", "value": "call me" }] });
    expect![[r#"
        422 application/problem+json
        {
          "type": "urn:whom:problem:invalid",
          "title": "Something in the request is wrong",
          "status": 422,
          "detail": "this identifies nobody",
          "instance": "urn:whom:request:test",
          "errors": [
            {
              "pointer": "/identifiers/0/value",
              "detail": "this is not a telephone number: write it with `+` and country code, or set the default country"
            }
          ]
        }
    "#]].assert_eq(&app.post(&As::Local, "/v1/profiles", body).await.shown());
    expect![[r#"
        404 application/problem+json
        {
          "type": "urn:whom:problem:not-found",
          "title": "There is no such thing",
          "status": 404,
          "detail": "`nobody@example.org` is not known here",
          "instance": "urn:whom:request:test"
        }
    "#]]
    .assert_eq(&app.get(&As::Local, "/v1/profiles/nobody@example.org").await.shown());
    expect![[r#"
        400 application/problem+json
        {
          "type": "urn:whom:problem:bad-request",
          "title": "The request cannot be read",
          "status": 400,
          "detail": "the cursor is none of this list's",
          "instance": "urn:whom:request:test",
          "errors": [
            {
              "pointer": "?cursor",
              "detail": "take it from the answer before, as it is"
            }
          ]
        }
    "#]]
    .assert_eq(&app.get(&As::Local, "/v1/profiles?cursor=x").await.shown());
    expect![[r#"
        401 application/problem+json
        {
          "type": "urn:whom:problem:sign-in-needed",
          "title": "Sign in first",
          "status": 401,
          "detail": "sign in, or send a token as `Authorization: Bearer whom_live_…`",
          "instance": "urn:whom:request:test"
        }
    "#]]
    .assert_eq(&app.get(&As::Anonymous, "/v1/profiles").await.shown());
    expect![[r#"
        404 application/problem+json
        {
          "type": "urn:whom:problem:not-found",
          "title": "There is no such thing",
          "status": 404,
          "detail": "there is no such path: the API begins at `/v1`",
          "instance": "urn:whom:request:test"
        }
    "#]]
    .assert_eq(&app.get(&As::Local, "/v2").await.shown());
    let json = [("content-type", "application/json")];
    let broken = app.send(&As::Local, Method::POST, "/v1/profiles", &json, "{\"properties\":").await.shown();
    expect![[r#"
        400 application/problem+json
        {
          "type": "urn:whom:problem:bad-request",
          "title": "The request cannot be read",
          "status": 400,
          "detail": "the body is not JSON: it breaks at line 1, column 14",
          "instance": "urn:whom:request:test"
        }
    "#]]
    .assert_eq(&broken);
    let form = [("content-type", "text/plain")];
    let plain = app.send(&As::Local, Method::POST, "/v1/profiles", &form, "{}").await;
    assert_eq!(plain.status, 415);
    let put = app.send(&As::Local, Method::PUT, "/v1/profiles", &json, "{}").await;
    assert_eq!(put.status, 405);
}

#[tokio::test]
async fn a_merge_is_seen_through_the_old_id_and_undone_exactly() {
    let app = TestApp::new();
    let (ana, anna) = (made(&app, "Ana", "ana@x.org").await, made(&app, "Anna", "anna@y.org").await);
    let before = app.get(&As::Local, &format!("/v1/profiles/{ana}")).await.json();
    let path = format!("/v1/profiles/{anna}/merge");
    let merge = app.post(&As::Local, &path, json!({ "from": ana, "why": "same parcel" })).await.expect(200);
    let merge = merge.json();
    assert_eq!(app.get(&As::Local, &format!("/v1/profiles/{ana}")).await.expect(200).json()["id"], anna);
    app.post(&As::Local, &path, json!({ "from": ana })).await.expect(409);
    let history = app.get(&As::Local, &format!("/v1/profiles/{anna}/history")).await.expect(200).json();
    assert_eq!(history["items"][0]["id"], merge["id"]);

    let undo = format!("/v1/merges/{}/undo", merge["id"].as_str().unwrap());
    app.post(&As::Local, &undo, json!({})).await.expect(200);
    let mut after = app.get(&As::Local, &format!("/v1/profiles/{ana}")).await.expect(200).json();
    after["version"] = before["version"].clone();
    assert_eq!(after, before);
}

#[tokio::test]
async fn a_contact_is_added_moved_and_detached() {
    let app = TestApp::new();
    let (ana, ben) = (made(&app, "Ana", "ana@x.org").await, made(&app, "Ben", "ben@x.org").await);
    let contacts = format!("/v1/profiles/{ana}/contacts");
    let phone = json!({ "kind": "phone", "value": "+44 20 7946 0000" });
    let added = app.post(&As::Local, &contacts, phone.clone()).await.expect(201).json();
    let taken = app.post(&As::Local, &format!("/v1/profiles/{ben}/contacts"), phone).await.expect(409);
    assert_eq!(taken.header("location"), format!("/v1/profiles/{ana}"));

    let contact = added["contact"].as_str().unwrap();
    app.post(&As::Local, &format!("/v1/contacts/{contact}/move"), json!({ "to": ben })).await.expect(200);
    let path = format!("/v1/profiles/{ben}/contacts/{contact}/detach");
    let detached = app.post(&As::Local, &path, json!({})).await.expect(200).json();
    let own = detached["profile"].as_str().unwrap();
    assert!(own != ana && own != ben);
    let listed = app.get(&As::Local, &format!("/v1/profiles/{own}/contacts")).await.json();
    assert_eq!(listed["items"][0]["value"], "+442079460000");
}

#[tokio::test]
async fn the_same_request_again_gets_the_first_answer() {
    let app = TestApp::new();
    let token = app.token(&[Scope::Read, Scope::Write]).await;
    let key = [("idempotency-key", "order-7")];
    let body = json!({ "properties": { "first_name": "Ana" } });
    let first = app.json(&token, Method::POST, "/v1/profiles", &key, body.clone()).await.expect(201);
    let second = app.json(&token, Method::POST, "/v1/profiles", &key, body.clone()).await.expect(201);
    assert_eq!(first.body, second.body);
    assert_eq!(second.header("location"), first.header("location"));
    assert_eq!(second.header("idempotent-replayed"), "true");
    let other = json!({ "properties": { "first_name": "Ben" } });
    app.json(&token, Method::POST, "/v1/profiles", &key, other).await.expect(422);
    let unnamed = app.post(&token, "/v1/profiles", body).await.expect(201);
    assert_ne!(unnamed.json()["id"], first.json()["id"]);
}

#[tokio::test]
async fn a_timeline_goes_on_where_its_page_ended() {
    let app = TestApp::new();
    let ana = made(&app, "Ana", "ana@x.org").await;
    for n in 1..=3 {
        app.clock.advance(1000);
        let note = json!({ "text": format!("note {n}") });
        app.post(&As::Local, &format!("/v1/profiles/{ana}/notes"), note).await.expect(201);
    }
    let path = format!("/v1/profiles/{ana}/timeline?kinds=note&limit=2");
    let page = app.get(&As::Local, &path).await.expect(200).json();
    let texts = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap();
        items.iter().map(|entry| entry["summary"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(texts(&page), ["note 3", "note 2"]);
    let next = format!("{path}&cursor={}", page["next_cursor"].as_str().unwrap());
    assert_eq!(texts(&app.get(&As::Local, &next).await.expect(200).json()), ["note 1"]);
    app.get(&As::Local, &format!("/v1/profiles/{ana}/timeline?kinds=letter")).await.expect(400);
}

#[tokio::test]
async fn a_conversation_has_its_mails_and_their_full_form() {
    let app = app_with_mail().await;
    let listed = app.get(&As::Local, "/v1/profiles/ana@example.org/conversations").await.json();
    assert_eq!(listed["items"][0]["number"], 1);
    let shown = app.get(&As::Local, "/v1/conversations/1").await.expect(200).json();
    assert_eq!(shown["conversation"]["subject"], "Where is my parcel?");
    let entry = shown["items"][0]["id"].as_str().unwrap();
    let mail = app.get(&As::Local, &format!("/v1/entries/{entry}")).await.expect(200).json();
    assert!(mail["mail"]["text"].as_str().unwrap().contains("it has not come yet"), "{mail:#}");
    let raw = app.get(&As::Local, &format!("/v1/entries/{entry}/body")).await.expect(200);
    assert_eq!(raw.text(), MAIL);
    assert!(raw.header("content-disposition").starts_with("attachment"));
    assert_eq!(raw.header("x-content-type-options"), "nosniff");
    app.get(&As::Local, "/v1/conversations/2").await.expect(404);
}

#[tokio::test]
async fn erasing_says_what_would_go_and_leaves_a_receipt() {
    let app = app_with_mail().await;
    let path = "/v1/profiles/ana@example.org";
    let send = |path: String, headers: &'static [(&'static str, &'static str)]| {
        let app = &app;
        async move { app.send(&As::Local, Method::DELETE, &path, headers, Body::empty()).await }
    };
    let plan = send(format!("{path}?dry_run"), &[]).await.expect(200).json();
    assert_eq!((&plan["contacts"], &plan["messages"]), (&json!(["email:ana@example.org"]), &json!(1)));
    send(path.into(), &[]).await.expect(428);
    send(path.into(), &[("if-match", "\"old\"")]).await.expect(412);
    let receipt = send(path.into(), &[("if-match", "*")]).await.expect(200).json();
    app.get(&As::Local, path).await.expect(404);
    let id = receipt["profile"].as_str().unwrap();
    let gone = app.get(&As::Local, &format!("/v1/profiles/{id}")).await.expect(410);
    assert_eq!(gone.json()["type"], "urn:whom:problem:erased");
}

#[tokio::test]
async fn the_trash_gives_back_what_was_put_there() {
    let app = TestApp::new();
    let ana = made(&app, "Ana", "ana@x.org").await;
    app.post(&As::Local, &format!("/v1/profiles/{ana}/trash"), json!({})).await.expect(200);
    assert_eq!(app.get(&As::Local, "/v1/profiles").await.json()["items"], json!([]));
    app.post(&As::Local, &format!("/v1/profiles/{ana}/restore"), json!({})).await.expect(200);
    assert_eq!(app.get(&As::Local, "/v1/profiles").await.json()["items"][0]["id"], json!(ana));
}

#[tokio::test]
async fn a_batch_of_mail_is_answered_line_by_line() {
    let app = app_with_mail().await;
    let mut batch = Vec::new();
    let other = MAIL.replace("<1@example.org>", "<2@example.org>").replace("ana@", "ben@");
    let robot = other.replace("<2@", "<3@").replace("Subject:", "Auto-Submitted: auto-replied\r\nSubject:");
    for mail in [MAIL, &other, "no mail at all", &robot] {
        batch.extend((mail.len() as u32).to_be_bytes());
        batch.extend(mail.as_bytes());
    }
    let answer = app.send(&As::Local, Method::POST, "/v1/ingest/mail-batch", &[], batch.clone()).await;
    let outcomes = |text: String| -> Vec<String> {
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.map(|line| format!("{} {}", line["n"], line["outcome"].as_str().unwrap())).collect()
    };
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    assert_eq!(outcomes(answer.text()), ["0 repeated", "1 created", "2 malformed", "3 skipped"]);

    batch.truncate(batch.len() - 1);
    let answer = app.send(&As::Local, Method::POST, "/v1/ingest/mail-batch", &[], batch).await;
    assert_eq!(outcomes(answer.text()), ["0 repeated", "1 repeated", "2 malformed", "3 failed"]);
}

#[tokio::test]
async fn a_batch_answers_to_its_end_also_when_the_answer_is_packed() {
    let app = app_with_mail().await;
    let batch = [&(MAIL.len() as u32).to_be_bytes()[..], MAIL.as_bytes()].concat();
    let packed = [("accept-encoding", "gzip")];
    let answer =
        app.send(&As::Local, Method::POST, "/v1/ingest/mail-batch", &packed, batch).await.expect(200);
    assert_eq!(answer.header("content-encoding"), "gzip");
}

#[tokio::test]
async fn one_batch_may_take_in_what_others_pass_over() {
    let app = TestApp::new();
    let listed = MAIL.replace("Subject:", "List-Id: <walkers.example.org>\r\nSubject:");
    let batch = [&(listed.len() as u32).to_be_bytes()[..], listed.as_bytes()].concat();
    for (terms, outcome) in [("", "skipped"), ("?own=example.org", "skipped"), ("?include=lists", "created")]
    {
        let path = format!("/v1/ingest/mail-batch{terms}");
        let answer = app.send(&As::Local, Method::POST, &path, &[], batch.clone()).await.expect(200);
        assert_eq!(answer.json()["outcome"], outcome, "{terms}");
    }
    let path = "/v1/ingest/mail-batch?include=everything";
    let answer = app.send(&As::Local, Method::POST, path, &[], batch).await.expect(400);
    assert_eq!(answer.json()["errors"][0]["pointer"], "?include");
}

#[tokio::test]
async fn every_event_of_a_file_is_told_what_became_of_it() {
    let app = TestApp::new();
    let file = concat!(
        r#"{"type":"identify","messageId":"1","userId":"u1","traits":{"email":"ana@example.org"}}"#,
        "\n\n",
        r#"{"type":"track","messageId":"2","userId":"u1","event":"Signed up"}"#,
        "\n",
        r#"{"type":"track","messageId":"2","userId":"u1","event":"Signed up"}"#,
        "\n",
        r#"{"type":"track","messageId":"3","event":"Somebody did"}"#,
        "\nnonsense\n",
    );
    let path = "/v1/ingest/event-batch?source=shop";
    let answer = app.send(&As::Local, Method::POST, path, &[], file).await.expect(200).text();
    let lines = answer.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let outcomes: Vec<String> = lines
        .map(|line| format!("{} {} {}", line["n"], line["outcome"], line["reason"]).replace('"', ""))
        .collect();
    let expected = [
        "0 created null",
        "1 updated null",
        "2 repeated null",
        "3 malformed no_user_anon_id",
        "4 malformed no_message",
    ];
    assert_eq!(outcomes, expected);
    let shown = app.get(&As::Local, "/v1/profiles/ana@example.org").await.expect(200).text();
    assert!(shown.contains("event:shop"), "{shown}");
}

#[tokio::test]
async fn a_backup_is_handed_out_while_the_server_goes_on() {
    let app = app_with_mail().await;
    let answer = app.get(&As::Local, "/v1/backup").await.expect(200);
    assert!(answer.body.starts_with(b"WHOM BACKUP\n"));
    let reader = app.token(&[Scope::Read]).await;
    app.get(&reader, "/v1/backup").await.expect(403);
}

#[tokio::test]
async fn the_feed_tells_each_reader_what_concerns_them() {
    let app = app_with_mail().await;
    let reader = app.token(&[Scope::Read]).await;
    let page = app.get(&reader, "/v1/feed?after=0").await.expect(200).json();
    let kinds: Vec<&str> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|commit| commit["changes"].as_array().unwrap())
        .map(|change| change["type"].as_str().unwrap())
        .collect();
    assert!(kinds.contains(&"profile_created") && !kinds.contains(&"document_changed"), "{kinds:?}");
    let all = app.get(&As::Local, "/v1/feed?after=0").await.expect(200).text();
    assert!(all.contains("document_changed"));
}

#[tokio::test]
async fn a_live_stream_goes_on_from_a_number_and_ends_in_time() {
    let mut config = Config::default();
    config.limits.stream = std::time::Duration::ZERO;
    let app = TestApp::with(config);
    made(&app, "Ana", "ana@x.org").await;
    let answer = app.get(&As::Local, "/v1/events?after=0").await.expect(200);
    let text = answer.text();
    assert!(text.starts_with("event: ready\nid: 0\n"), "{text}");
    assert!(text.contains("event: commit") && text.contains("profile_created"), "{text}");
}

#[tokio::test]
async fn a_live_stream_ends_when_the_server_stops() {
    let app = TestApp::new();
    app.state.stopping().cancel();
    let answer = app.get(&As::Local, "/v1/events").await.expect(200);
    assert!(answer.text().starts_with("event: ready"));
    app.get(&As::Anonymous, "/healthz").await.expect(503);
}

#[tokio::test]
async fn a_body_longer_than_its_limit_is_refused_also_when_packed() {
    let mut config = Config::default();
    config.limits.json_body = 1000;
    let app = TestApp::with(config);
    let long = json!({ "properties": { "about": "a".repeat(2000) } });
    app.post(&As::Local, "/v1/profiles", long.clone()).await.expect(413);
    let packed = crate::testing::gzip(long.to_string().as_bytes());
    assert!(packed.len() < 1000);
    let headers = [("content-type", "application/json"), ("content-encoding", "gzip")];
    app.send(&As::Local, Method::POST, "/v1/profiles", &headers, packed).await.expect(413);
    let short = crate::testing::gzip(b"{\"properties\":{\"first_name\":\"Ana\"}}");
    app.send(&As::Local, Method::POST, "/v1/profiles", &headers, short).await.expect(201);
}
