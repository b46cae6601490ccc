//! Whether the server is well: for load balancers and service managers.

use axum::{extract::State, http::StatusCode};

use crate::app::AppState;

/// `GET /healthz`: `ok` while the store answers and the server is not stopping. It says nothing else.
pub(crate) async fn is_well(State(state): State<AppState>) -> (StatusCode, &'static str) {
    if state.stopping().is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match state.store().contacts(&[]).await {
        Ok(_) => (StatusCode::OK, "ok\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n"),
    }
}
