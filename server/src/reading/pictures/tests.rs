//! What is fetched and what is not, against a server of the test's own.

use axum::{
    Router,
    http::{Method, StatusCode, header},
    response::{IntoResponse, Redirect},
    routing::get,
};
use whom_plugin_host::{Reach, Url};

use super::*;
use whom_core::{
    identity::{Arrival, GivenIdentifier, Incoming, Party, Said},
    model::{
        Assertion, Confidence, EntryKind, ExternalId, Identifier, IdentifierKind, PhoneRegion, PropertyKey,
        Source, SourceKind, Value,
    },
};

use crate::{
    documents,
    enrich::Left,
    testing::{As, TestApp},
};

/// A server with pictures and with what is none.
async fn elsewhere() -> String {
    let router = Router::new()
        .route(
            "/a.png",
            get(|| async { ([(header::CONTENT_TYPE, "text/html")], b"\x89PNG\r\n\x1a\nx".to_vec()) }),
        )
        .route(
            "/lies.png",
            get(|| async { ([(header::CONTENT_TYPE, "image/png")], "<svg onload=alert(1)>") }),
        )
        .route(
            "/long.png",
            get(|| async { [b"\x89PNG\r\n\x1a\n".to_vec(), vec![0; fetch::LONGEST]].concat() }),
        )
        .route("/gone.png", get(|| async { StatusCode::NOT_FOUND.into_response() }))
        .route("/moved.png", get(|| async { Redirect::temporary("/a.png") }))
        .route("/inside.png", get(|| async { Redirect::temporary("https://127.0.0.1/a.png") }))
        .route("/metadata.png", get(|| async { Redirect::temporary("http://169.254.169.254/latest") }))
        .route("/file.png", get(|| async { Redirect::temporary("file:///etc/passwd") }))
        .route("/round.png", get(|| async { Redirect::temporary("/round.png") }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

fn wanted<'a>(address: &'a str, local: Option<&'a str>) -> Wanted<'a> {
    Wanted { address, about: None, rule: "test", local, may_leave: true }
}

#[tokio::test]
async fn only_a_picture_from_where_it_may_come_is_handed_on() {
    let app = TestApp::new();
    let base = elsewhere().await;
    let pictures = app.state.pictures();
    let ask = async |path: &str| {
        let address = format!("{base}{path}");
        pictures.get(&app.state, wanted(&address, Some(&base))).await
    };
    assert_eq!(ask("/a.png").await.unwrap(), b"\x89PNG\r\n\x1a\nx");
    assert_eq!(ask("/moved.png").await.unwrap(), b"\x89PNG\r\n\x1a\nx");
    assert_eq!(ask("/lies.png").await, Err(NoPicture::NotOne));
    for path in ["/long.png", "/gone.png", "/inside.png", "/metadata.png"] {
        assert_eq!(ask(path).await, Err(NoPicture::Unreachable), "{path}");
    }
    assert!(matches!(ask("/file.png").await, Err(NoPicture::Refused(_))));
    assert!(matches!(ask("/round.png").await, Err(NoPicture::Refused(_))));
    // The same address that no admin typed in is private, and nothing leaves.
    let private = format!("{base}/other.png");
    assert!(matches!(pictures.get(&app.state, wanted(&private, None)).await, Err(NoPicture::Refused(_))));
    let left: Vec<(String, Left)> = documents::list(app.state.store(), None, 100).await.unwrap();
    // Asked for, redirected to, and redirected to at an address that the client then refused to connect to.
    assert_eq!(left.iter().filter(|(_, left)| left.path == "/a.png" && left.plugin == "pictures").count(), 3);
    assert!(left.iter().all(|(_, left)| left.path != "/other.png"));
}

#[tokio::test]
async fn what_is_kept_is_shown_while_nothing_may_leave() {
    let app = TestApp::new();
    let base = elsewhere().await;
    let address = format!("{base}/a.png");
    let off = Wanted { may_leave: false, ..wanted(&address, Some(&base)) };
    let pictures = app.state.pictures();
    assert!(matches!(pictures.get(&app.state, off.clone()).await, Err(NoPicture::Refused(_))));
    pictures.get(&app.state, wanted(&address, Some(&base))).await.unwrap();
    assert!(pictures.get(&app.state, off.clone()).await.is_ok());
    pictures.forget(&address).await;
    assert!(pictures.get(&app.state, off).await.is_err());
}

#[test]
fn addresses_are_judged_before_anything_leaves() {
    for (address, expected) in [
        ("https://cdn.example/a.png", Ok((Reach::Public, "https://cdn.example/a.png"))),
        ("http://cdn.example/a.png", Ok((Reach::Public, "https://cdn.example/a.png"))),
        ("http://127.0.0.1:4050/a", Ok((Reach::Local, "http://127.0.0.1:4050/a"))),
        ("http://127.0.0.1:4051/a", Err(())),
        ("https://cdn.example:8443/a.png", Err(())),
        ("https://user:pw@cdn.example/a.png", Err(())),
        ("ftp://cdn.example/a.png", Err(())),
        ("file:///etc/passwd", Err(())),
        ("data:image/png;base64,AA", Err(())),
    ] {
        let mut url = Url::parse(address).unwrap();
        let judged = fetch::judge(&mut url, Some("http://127.0.0.1:4050/v3"));
        assert_eq!(judged.map(|reach| (reach, url.as_str())).map_err(|_| ()), expected, "{address}");
    }
}

#[tokio::test]
async fn erasing_somebody_takes_their_pictures_along() {
    let app = TestApp::new();
    let base = elsewhere().await;
    let writer = As::Local;
    let (photo, shown) = (format!("{base}/a.png"), format!("{base}/moved.png"));
    let mail = format!(
        "From: Ana <ana@example.org>\r\nTo: help@shop.example\r\nSubject: Hi\r\nMessage-ID: <1@example.org>\r\n\
         Content-Type: text/html\r\n\r\n<p>Look: <img src=\"{shown}\" width=\"200\" height=\"200\"></p>\r\n"
    );
    app.send(&writer, Method::POST, "/v1/messages/raw", &[], mail).await.expect(201);
    let identifier = Identifier::new(IdentifierKind::EMAIL, "ana@example.org", PhoneRegion::NONE).unwrap();
    let offers = Incoming {
        external: ExternalId::new("test", "photo"),
        at: app.state.now(),
        source: Source::new(SourceKind::Event, "shop"),
        parties: vec![Party {
            identifiers: vec![GivenIdentifier::new(identifier, "ana@example.org")],
            said: vec![Said {
                property: PropertyKey::fold("photo").unwrap(),
                assertion: Assertion::Is(Value::text(&photo).unwrap()),
                confidence: Confidence::CERTAIN,
            }],
        }],
        arrival: Arrival::Event {
            kind: EntryKind::Event,
            name: "signed up".into(),
            summary: String::new(),
            properties: Default::default(),
        },
        account: None,
        body: None,
    };
    app.state.engine().ingest(offers, app.state.now()).await.unwrap();
    let path = "/v1/profiles/ana@example.org";
    let pictures = app.state.pictures();
    for address in [&photo, &shown] {
        pictures.get(&app.state, wanted(address, Some(&base))).await.unwrap();
    }
    let kept = async |address: &str| {
        let off = Wanted { may_leave: false, ..wanted(address, Some(&base)) };
        pictures.get(&app.state, off).await.is_ok()
    };
    assert!(kept(&photo).await && kept(&shown).await);
    app.send(&writer, Method::DELETE, path, &[("if-match", "*")], "").await.expect(200);
    assert!(!kept(&photo).await && !kept(&shown).await, "a picture outlived its person");
}
