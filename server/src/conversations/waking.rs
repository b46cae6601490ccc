//! Brings conversations back that sleep, when their time has come.

use std::time::Duration;

use whom_core::{engine::EngineError, store::StoreError};

use crate::app::AppState;

/// How often it looks: one read of one row while nothing is due.
const EVERY: Duration = Duration::from_secs(1);

/// How many come back in one go.
const AT_ONCE: usize = 200;

/// Works until the server stops. What came due while no server ran comes back at once.
pub(crate) async fn wake(state: AppState) {
    let mut failing = false;
    loop {
        match wake_once(&state).await {
            Ok(There::IsMore) => continue,
            Ok(There::IsNoMore) => failing = false,
            Err(EngineError::Store(StoreError::Closed)) => return,
            Err(error) if !failing => {
                failing = true;
                tracing::warn!(%error, "conversations that are due could not be brought back; it is tried again");
            }
            Err(_) => {}
        }
        tokio::select! {
            () = state.stopping().cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// Whether more may be due at this very moment.
#[derive(Debug, PartialEq, Eq)]
enum There {
    IsMore,
    IsNoMore,
}

async fn wake_once(state: &AppState) -> Result<There, EngineError> {
    let woken = state.engine().wake_due(state.now(), AT_ONCE).await?;
    Ok(if woken.len() == AT_ONCE { There::IsMore } else { There::IsNoMore })
}

#[cfg(test)]
mod tests {
    use axum::http::Method;
    use serde_json::json;

    use super::*;
    use crate::testing::{As, TestApp};

    #[tokio::test]
    async fn what_sleeps_comes_back_when_the_clock_says_so_and_the_feed_tells() {
        let app = TestApp::new();
        let mail = "From: Ana <ana@example.org>\r\nTo: help@shop.example\r\nSubject: Tent\r\n\
            Message-ID: <1@x>\r\nDate: Sun, 1 Mar 2026 11:00:00 +0000\r\n\r\nHello\r\n";
        app.send(&As::Local, Method::POST, "/v1/messages/raw", &[], mail).await.expect(201);
        let patch = json!({ "snoozed_until": "2026-03-01T13:00:00Z" });
        let any = [("if-match", "*")];
        app.json(&As::Local, Method::PATCH, "/v1/conversations/1", &any, patch).await.expect(200);
        let counts = async || app.get(&As::Local, "/v1/inbox/counts").await.expect(200).json();
        let number = |counts: &serde_json::Value, list: &str| counts[list]["count"].as_u64().unwrap();

        assert_eq!(wake_once(&app.state).await.unwrap(), There::IsNoMore);
        let asleep = counts().await;
        assert_eq!((number(&asleep, "open"), number(&asleep, "snoozed")), (0, 1));
        let before = *app.state.store().feed_head().borrow();
        app.clock.advance(3_600_000);
        assert_eq!(wake_once(&app.state).await.unwrap(), There::IsNoMore);
        let awake = counts().await;
        assert_eq!((number(&awake, "open"), number(&awake, "snoozed")), (1, 0));
        let feed = app.get(&As::Local, &format!("/v1/feed?after={before}")).await.expect(200);
        assert!(String::from_utf8(feed.body).unwrap().contains("conversation_changed"));
    }
}
