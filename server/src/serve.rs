//! Serving on a socket until told to stop.

use std::{future::Future, io, net::SocketAddr, time::Duration};

use axum::Router;
use tokio::net::TcpListener;
use whom_core::store::StoreError;

use crate::{app::AppState, auth::sessions, idempotency};

/// How long requests under way may take when the server stops.
const GRACE: Duration = Duration::from_secs(10);
/// How often what has ended is taken away.
const HOUSEKEEPING: Duration = Duration::from_secs(3600);

/// Serves until `shutdown` is over; then ends live streams, lets requests under way finish, and returns.
///
/// The store is not closed: that is for whoever opened it.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    state: AppState,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let stopping = state.stopping().clone();
    let begun = stopping.clone();
    tokio::spawn(async move {
        shutdown.await;
        // Live streams never end by themselves; they watch this.
        begun.cancel();
    });
    let housekeeping = tokio::spawn(keep_house(state));
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, service).with_graceful_shutdown(stopping.clone().cancelled_owned());
    let result = tokio::select! {
        result = served.into_future() => result,
        () = async { stopping.cancelled().await; tokio::time::sleep(GRACE).await } => {
            tracing::warn!("requests under way were cut off when the server stopped");
            Ok(())
        }
    };
    housekeeping.abort();
    result
}

async fn keep_house(state: AppState) {
    loop {
        tokio::select! {
            () = state.stopping().cancelled() => return,
            () = tokio::time::sleep(HOUSEKEEPING) => {}
        }
        if let Err(error) = tidy(&state).await {
            tracing::warn!(%error, "what has ended could not be taken away; the next hour tries again");
        }
    }
}

/// Takes away sessions and kept answers that have ended.
async fn tidy(state: &AppState) -> Result<(), StoreError> {
    let (store, now) = (state.store(), state.now());
    let sessions = sessions::sweep(store, &state.config().sessions, now).await?;
    let answers = idempotency::sweep(store, now).await?;
    tracing::debug!(sessions, answers, "took away what has ended");
    Ok(())
}
