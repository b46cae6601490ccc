//! The application as tests see it: a store in memory, a clock that stands still, one request at a time.

use std::{collections::BTreeMap, sync::Arc};

use arc_swap::ArcSwap;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use serde_json::Value;
use tower::ServiceExt as _;
use whom_core::{
    engine::Engine,
    model::{IdKey, Timestamp},
    rules::Rules,
    store::MemoryStore,
};

use crate::{
    AppState, Config, KeyKind, ListInStore, NewPerson, Role, Scope, SetClock, call_as_local, router,
};

/// When every test begins.
pub(crate) const NOW: &str = "2026-03-01T12:00:00Z";

/// An application of a test's own.
pub(crate) struct TestApp {
    pub(crate) state: AppState,
    pub(crate) clock: Arc<SetClock>,
    /// The store, which says how many questions it was asked.
    pub(crate) store: Arc<MemoryStore>,
    router: Router,
}

/// Who a test asks as.
#[derive(Clone, Debug)]
pub(crate) enum As {
    /// Nobody.
    Anonymous,
    /// A program with this token.
    Token(String),
    /// A browser with this cookie, sent by our own page.
    Browser(String),
    /// The command line in the same process.
    Local,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl TestApp {
    /// An application with nothing in it.
    pub(crate) fn new() -> Self {
        Self::with(Config::default())
    }

    /// An application whose customers are found by a search index, with filters and orders.
    pub(crate) async fn searching() -> Self {
        Self::searching_by(Rules::built_in()).await
    }

    /// The same under rules of a test's own.
    pub(crate) async fn searching_by(rules: Rules) -> Self {
        let store = Arc::new(MemoryStore::new(IdKey::from_bytes([7; 32])));
        let engine = Engine::new(store.clone(), Arc::new(ArcSwap::from_pointee(rules)));
        let clock = Arc::new(SetClock::at(Timestamp::parse(NOW).unwrap()));
        let search = whom_core::search::Search::open(engine.clone(), None).await.unwrap();
        let state = AppState::new(engine, Arc::new(search), Config::default(), clock.clone());
        Self { router: router(state.clone()), state, clock, store }
    }

    /// The same, set up differently.
    pub(crate) fn with(config: Config) -> Self {
        let store = Arc::new(MemoryStore::new(IdKey::from_bytes([7; 32])));
        let engine = Engine::new(store.clone(), Arc::new(ArcSwap::from_pointee(Rules::built_in())));
        let clock = Arc::new(SetClock::at(Timestamp::parse(NOW).unwrap()));
        let directory = Arc::new(ListInStore::new(engine.clone()));
        let state = AppState::new(engine, directory, config, clock.clone());
        Self { router: router(state.clone()), state, clock, store }
    }

    /// Somebody signed in with this role, as their browser's cookie.
    pub(crate) async fn person(&self, role: Role) -> As {
        let login = role.as_str().to_owned();
        let new = NewPerson { login: login.clone(), name: None, role, password: None };
        self.state.add_person(new).await.unwrap();
        let link = self.state.login_link(&login).await.unwrap();
        let answer = self.send(&As::Anonymous, Method::GET, &link.path, &[], Body::empty()).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        As::Browser(cookie.split(';').next().unwrap().to_owned())
    }

    /// A token with these scopes.
    pub(crate) async fn token(&self, scopes: &[Scope]) -> As {
        let kind = KeyKind::Token { scopes: scopes.to_vec() };
        As::Token(self.state.mint_key("tests", kind).await.unwrap().secret.reveal().to_owned())
    }

    /// A token that may see, as its text.
    pub(crate) async fn mint_token(&self) -> String {
        let kind = KeyKind::Token { scopes: vec![Scope::Read] };
        self.state.mint_key("reader", kind).await.unwrap().secret.reveal().to_owned()
    }

    /// A write key.
    pub(crate) async fn write_key(&self) -> String {
        self.state.mint_key("app", KeyKind::WriteKey).await.unwrap().secret.reveal().to_owned()
    }

    /// Sends a request with these headers.
    pub(crate) async fn send(
        &self,
        by: &As,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        request = request.header("x-request-id", "test").header(header::HOST, "whom.test");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request = match by {
            As::Token(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
            As::Browser(cookie) => {
                request.header(header::COOKIE, cookie).header("sec-fetch-site", "same-origin")
            }
            As::Anonymous | As::Local => request,
        };
        let request = request.body(body.into()).unwrap();
        let response = match by {
            As::Local => call_as_local(self.router.clone(), request).await,
            _ => self.router.clone().oneshot(request).await.unwrap(),
        };
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Asks for something.
    pub(crate) async fn get(&self, by: &As, path: &str) -> Answer {
        self.send(by, Method::GET, path, &[], Body::empty()).await
    }

    /// Sends JSON.
    pub(crate) async fn post(&self, by: &As, path: &str, body: Value) -> Answer {
        let headers = [("content-type", "application/json")];
        self.send(by, Method::POST, path, &headers, body.to_string()).await
    }

    /// Sends JSON with headers of its own.
    pub(crate) async fn json(
        &self,
        by: &As,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Value,
    ) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.send(by, method, path, &all, body.to_string()).await
    }
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// One header, or nothing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The answer if it has this status; otherwise the test fails with what it was.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    /// The status and the body, for comparing with an expectation.
    pub(crate) fn shown(&self) -> String {
        let body = match serde_json::from_slice::<Value>(&self.body) {
            Ok(json) => format!("{json:#}"),
            Err(_) => self.text(),
        };
        format!("{} {}\n{body}\n", self.status.as_u16(), self.header("content-type"))
    }
}

/// A path of the route table with something in its variable parts.
pub(crate) fn fill(path: &str) -> String {
    let values = BTreeMap::from([
        ("{id}", "p_0000000000000000"),
        ("{handle}", "nobody@example.org"),
        ("{contact}", "c_0000000000000000"),
    ]);
    let filled = path.split('/').map(|part| match part {
        part if part.starts_with('{') => values.get(part).copied().unwrap_or("1"),
        part => part,
    });
    filled.collect::<Vec<_>>().join("/")
}

/// Packed bytes.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}
