//! The server that plays Gravatar in the demo, so that nothing of it leaves the machine.
//!
//! Paths and shapes are those of Gravatar's REST API, version 3: a profile by the SHA-256 of the
//! address, 404 for whoever has none.

use std::{collections::HashMap, net::SocketAddr, sync::Arc};

use anyhow::Context;
use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::avatar;

/// Who has a profile, by e-mail address.
const PEOPLE: &str = include_str!("../../demo/people.json");

/// The server that plays Gravatar. It stops when it is dropped.
#[derive(Debug)]
pub(crate) struct PlayedGravatar {
    address: SocketAddr,
    task: tokio::task::JoinHandle<()>,
}

impl PlayedGravatar {
    /// Starts it on this machine, on the port it had before where that is free.
    pub(crate) async fn start(before: Option<u16>) -> anyhow::Result<Self> {
        let here = std::net::Ipv4Addr::LOCALHOST;
        let listener = match tokio::net::TcpListener::bind((here, before.unwrap_or(0))).await {
            Ok(listener) => listener,
            Err(_) => tokio::net::TcpListener::bind((here, 0))
                .await
                .context("no port is free for the server that plays Gravatar")?,
        };
        let address = listener.local_addr()?;
        let router = router(&base(address))?;
        let task = tokio::spawn(async move {
            // It ends with the process or by the abort below; neither is worth a word.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, task })
    }

    /// The address of its API, as a setting of the plugin.
    pub(crate) fn api(&self) -> String {
        format!("{}/v3", base(self.address))
    }
}

impl Drop for PlayedGravatar {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn base(address: SocketAddr) -> String {
    format!("http://{address}")
}

type Profiles = Arc<HashMap<String, Value>>;

fn router(base: &str) -> anyhow::Result<Router> {
    let people: HashMap<String, Value> =
        serde_json::from_str(&PEOPLE.replace("{base}", base)).context("people.json is broken")?;
    // The real one finds a profile by its hash and by the last part of its page's address.
    let profiles: HashMap<String, Value> = people
        .into_values()
        .flat_map(|person| {
            let slug = text(&person, "profile_url").rsplit('/').next().unwrap_or_default().to_owned();
            [(text(&person, "hash").to_owned(), person.clone()), (slug, person)]
        })
        .collect();
    Ok(Router::new()
        .route("/v3/profiles/{id}", get(profile))
        .route("/avatar/{hash}", get(picture))
        .route("/icons/{name}", get(icon))
        .route("/{slug}", get(page))
        .with_state(Arc::new(profiles)))
}

fn text<'a>(person: &'a Value, key: &str) -> &'a str {
    person.get(key).and_then(Value::as_str).unwrap_or_default()
}

async fn profile(State(profiles): State<Profiles>, Path(id): Path<String>) -> Response {
    let limits =
        [("x-ratelimit-limit", "1000"), ("x-ratelimit-remaining", "999"), ("x-ratelimit-reset", "3600")];
    match profiles.get(&id.to_lowercase()) {
        Some(person) => (limits, Json(person.clone())).into_response(),
        None => {
            let body = json!({ "error": "Profile not found", "code": "profile_not_found" });
            (StatusCode::NOT_FOUND, limits, Json(body)).into_response()
        }
    }
}

#[derive(Deserialize)]
struct PictureQuery {
    #[serde(alias = "size")]
    s: Option<usize>,
    #[serde(alias = "default")]
    d: Option<String>,
}

async fn picture(
    State(profiles): State<Profiles>,
    Path(name): Path<String>,
    Query(query): Query<PictureQuery>,
) -> Response {
    let hash = name.split('.').next().unwrap_or_default();
    if !profiles.contains_key(hash) && query.d.as_deref() == Some("404") {
        return (StatusCode::NOT_FOUND, "404 Not Found").into_response();
    }
    ([(header::CONTENT_TYPE, "image/png")], avatar::png(hash, query.s.unwrap_or(80))).into_response()
}

async fn icon(Path(name): Path<String>) -> Response {
    let letter: String = name.chars().filter(char::is_ascii_alphanumeric).take(1).collect();
    let icon = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="6" fill="#666"/><text x="12" y="17" font-family="sans-serif" font-size="14" fill="#fff" text-anchor="middle">{letter}</text></svg>"##
    );
    ([(header::CONTENT_TYPE, "image/svg+xml")], icon).into_response()
}

async fn page(State(profiles): State<Profiles>, Path(slug): Path<String>) -> Response {
    match profiles.get(&slug) {
        // The names are those of the file in this folder, so nothing has to be escaped.
        Some(person) => Html(format!(
            "<!doctype html><meta charset=utf-8><title>{name}</title><h1>{name}</h1><p>{says}</p>\
             <p>The demo plays Gravatar: here {name} would claim, correct or remove this profile.</p>",
            name = text(person, "display_name"),
            says = text(person, "description"),
        ))
        .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::Request};
    use tower::ServiceExt;

    use super::*;

    async fn get(path: &str) -> (StatusCode, Vec<u8>) {
        let router = router("http://127.0.0.1:9").unwrap();
        let answer = router.oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
        let status = answer.status();
        (status, axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap().to_vec())
    }

    /// SHA-256 of `hanne.lindqvist@example.com`.
    const HANNE: &str = "649d274e276d9c8e609e49bd77a0b0243d8a16357102d7d699cc353fe4b1663c";

    #[tokio::test]
    async fn a_profile_is_found_by_its_hash_and_by_its_page() {
        let (status, body) = get(&format!("/v3/profiles/{HANNE}")).await;
        assert_eq!(status, StatusCode::OK);
        let person: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(text(&person, "display_name"), "Hanne Lindqvist Berg");
        assert_eq!(text(&person, "avatar_url"), format!("http://127.0.0.1:9/avatar/{HANNE}"));
        assert_eq!(get("/v3/profiles/hannelb").await.1, body);
        assert_eq!(get("/hannelb").await.0, StatusCode::OK);
    }

    #[tokio::test]
    async fn whoever_has_no_profile_is_not_found() {
        let (status, body) = get(&format!("/v3/profiles/{}", "0".repeat(64))).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert!(String::from_utf8(body).unwrap().contains("Profile not found"));
    }

    #[tokio::test]
    async fn a_picture_is_asked_for_as_gravatar_is_asked() {
        assert_eq!(get(&format!("/avatar/{HANNE}.png?s=96&d=404")).await.0, StatusCode::OK);
        assert_eq!(get(&format!("/avatar/{}?d=404", "0".repeat(64))).await.0, StatusCode::NOT_FOUND);
        assert_eq!(get(&format!("/avatar/{}", "0".repeat(64))).await.0, StatusCode::OK);
    }
}
