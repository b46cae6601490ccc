//! Messages with HTML, pictures and files, as pages show and serve them.

use super::*;
use crate::auth::Role;

const RICH: &str = "From: Eve <eve@example.org>\r\nTo: help@shop.example\r\nSubject: Offer\r\nMessage-ID: <r1@example.org>\r\n\
    Received: from a by mx.shop.example; Fri, 27 Feb 2026 09:30:00 +0000\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n\
    <p>Hello <b>you</b><script>alert(1)</script><img src=x onerror=alert(1)><img src=https://cdn.example/k.png alt=Kettle><img src=cid:logo></p>\r\n\
    <blockquote type=cite>Old</blockquote>\r\n\
    --b\r\nContent-Type: image/gif\r\nContent-ID: <logo>\r\nContent-Transfer-Encoding: base64\r\n\r\nR0lGODlhAQABAAAAACw=\r\n\
    --b\r\nContent-Type: image/svg+xml; name=x.svg\r\nContent-Disposition: attachment; filename=\"x.svg\"\r\n\r\n<svg onload=alert(1)>\r\n\
    --b\r\nContent-Type: text/html\r\nContent-Disposition: attachment; filename*=UTF-8''%E2%80%AEgpj.html\r\n\r\n<script>alert(1)</script>\r\n--b--\r\n";

async fn rich() -> (TestApp, String) {
    let app = TestApp::new();
    let identifier = Identifier::new(IdentifierKind::EMAIL, "eve@example.org", PhoneRegion::NONE).unwrap();
    let incoming = Incoming {
        external: ExternalId::new("test", "r1"),
        at: at("2026-02-27T09:30:00Z"),
        source: Source::message("mail"),
        parties: vec![Party {
            identifiers: vec![GivenIdentifier::new(identifier, "eve@example.org")],
            said: vec![],
        }],
        arrival: mail("Offer", "Hello you"),
        account: None,
        body: Some(Body { media_type: "message/rfc822".into(), bytes: RICH.into() }),
    };
    app.state.engine().ingest(incoming, app.state.now()).await.unwrap();
    let id = app.state.engine().find("eve@example.org").await.unwrap();
    let page = app.state.engine().timeline(id, None, 1, &[]).await.unwrap();
    (app, page.entries[0].id.to_string())
}

#[tokio::test]
async fn html_is_shown_harmless_with_its_quote_folded_and_pictures_held() {
    let (app, entry) = rich().await;
    let agent = app.person(Role::ReadOnly).await;
    let shown = get(&app, &agent, &format!("/entries/{entry}?fragment=1")).await.expect(200).text();
    assert!(shown.contains("<p>Hello <b>you</b>") && !shown.contains("alert(1)"), "{shown}");
    assert!(
        shown.contains("1 picture from elsewhere is not loaded.") && !shown.contains("cdn.example/k.png")
    );
    assert!(shown.contains(&format!("src=\"/entries/{entry}/attachments/0?inline=1\"")), "{shown}");
    assert!(
        shown.contains(
            "Show what it quotes</summary><div class=\"mail\" dir=\"auto\"><blockquote>Old</blockquote>"
        ),
        "{shown}"
    );
    // The picture that shows in place is not listed again; the others are.
    assert_eq!(shown.matches(" download=").count(), 2, "{shown}");
    let asked = get(&app, &agent, &format!("/entries/{entry}?fragment=1&as=html&images=1")).await.text();
    assert!(asked.contains(&format!("<img src=\"/entries/{entry}/images/0\" alt=\"Kettle\"")), "{asked}");
    let text = get(&app, &agent, &format!("/entries/{entry}?fragment=1&as=text")).await.text();
    assert!(text.contains("Show as the sender formatted it") && !text.contains("class=\"mail\""), "{text}");
    let headers = get(&app, &agent, &format!("/entries/{entry}/headers")).await.expect(200).text();
    assert!(headers.contains("r1@example.org"), "{headers}");
    get(&app, &agent, "/entries/e_0000000000000000").await.expect(404);
    get(&app, &As::Anonymous, &format!("/entries/{entry}")).await.expect(303);
}

#[tokio::test]
async fn files_stand_alone_and_only_real_pictures_are_seen() {
    let (app, entry) = rich().await;
    let agent = app.person(Role::ReadOnly).await;
    let file = |index: usize, inline: &str| format!("/entries/{entry}/attachments/{index}{inline}");
    let picture = app.get(&agent, &file(0, "?inline=1")).await.expect(200);
    assert_eq!(picture.header("content-type"), "image/gif");
    assert!(picture.header("content-disposition").starts_with("inline"));
    app.get(&agent, &file(1, "?inline=1")).await.expect(404);
    let svg = app.get(&agent, &file(1, "")).await.expect(200);
    let page = app.get(&agent, &file(2, "")).await.expect(200);
    for answer in [&picture, &svg, &page] {
        assert_eq!(answer.header("content-security-policy"), "sandbox; default-src 'none'");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    for answer in [&svg, &page] {
        assert_eq!(answer.header("content-type"), "application/octet-stream");
        assert!(answer.header("content-disposition").starts_with("attachment; filename=\""));
    }
    assert_eq!(page.header("content-disposition"), "attachment; filename=\"gpj.html\"");
    app.get(&agent, &file(9, "")).await.expect(404);
    app.get(&agent, &format!("/entries/{entry}/images/7")).await.expect(404);
    app.get(&As::Anonymous, &file(0, "")).await.expect(303);
}

#[tokio::test]
async fn a_removed_photo_stays_removed_until_that_is_taken_back() {
    let (app, id) = app().await;
    let agent = app.person(Role::Agent).await;
    let offer = || whom_core::engine::Enrichment {
        contact: whom_core::model::ContactId::from_bytes([0; 10]),
        source: Source::plugin("gravatar"),
        said: vec![said("picture", "https://gravatar.example/avatar/1")],
        evidence: None,
    };
    let view = app.state.engine().view(id, app.state.now()).await.unwrap();
    let contact = view.contacts.iter().find(|contact| contact.kind.is_some()).unwrap().id;
    let key = app
        .state
        .engine()
        .rules()
        .schema()
        .iter()
        .find(|one| one.kind == whom_core::model::PropertyType::Picture)
        .unwrap()
        .key
        .clone();
    let offered = || {
        let mut offer = offer();
        offer.contact = contact;
        offer.said[0].property = key.clone();
        offer
    };
    app.state.engine().record_enrichment(&offered(), app.state.now()).await.unwrap();
    let shows = async || {
        let view = app.state.engine().view(id, app.state.now()).await.unwrap();
        view.field(key.as_str()).is_some_and(|field| !field.values.is_empty())
    };
    assert!(shows().await);
    let reader = app.person(Role::ReadOnly).await;
    let face = format!("/customers/{id}/photo?v=");
    for list in ["/customers", "/inbox"] {
        assert!(app.get(&agent, list).await.expect(200).text().contains(&face), "{list}");
    }
    let hidden = serde_json::json!({ "photo": { "sees": "agent", "edits": "agent" } });
    app.json(&As::Local, axum::http::Method::PUT, "/v1/settings/fields", &[], hidden).await.expect(200);
    for list in ["/customers", "/inbox"] {
        assert!(!app.get(&reader, list).await.expect(200).text().contains(&face), "{list}");
        assert!(app.get(&agent, list).await.text().contains(&face), "{list}");
    }
    let answer = send(&app, &agent, &format!("/customers/{id}/photo/remove"), "").await.expect(303);
    assert!(answer.header("location").contains("done=photo-removed"));
    assert!(!shows().await);
    app.state.engine().record_enrichment(&offered(), app.state.now()).await.unwrap();
    assert!(!shows().await);
    app.get(&agent, &format!("/customers/{id}/photo")).await.expect(404);
    let back = format!("/customers/{id}/photo/restore?photo=https%3A%2F%2Fgravatar.example%2Favatar%2F1");
    send(&app, &agent, &back, "").await.expect(303);
    assert!(shows().await);
    send(&app, &reader, &format!("/customers/{id}/photo/remove"), "").await.expect(403);
}
