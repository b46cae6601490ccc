//! Serving on a socket until told to stop.

use std::{future::Future, io, net::SocketAddr, time::Duration};

use axum::Router;
use tokio::net::TcpListener;
use whom_core::store::StoreError;

use crate::{
    app::AppState,
    audit,
    auth::{SecurityTerms, invitations, sessions},
    bulk, conversations, duplicates, idempotency, notify, segments, tracking,
};

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
    // What was cut off when the server stopped goes on.
    state.bulk().wake(&state);
    let housekeeping = tokio::spawn(keep_house(state.clone()));
    let telling = tokio::spawn(notify::run(state.clone()));
    let reminding = tokio::spawn(notify::watch_tasks(state.clone()));
    let looking = tokio::spawn(duplicates::run(state.clone()));
    let waking = tokio::spawn(conversations::wake(state));
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
    telling.abort();
    reminding.abort();
    waking.abort();
    looking.abort();
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

/// Takes away sessions, links, kept answers and entries of the audit log whose time is over.
async fn tidy(state: &AppState) -> Result<(), StoreError> {
    let (store, now) = (state.store(), state.now());
    let sessions = sessions::sweep(store, &state.config().sessions, now).await?;
    let links = invitations::sweep(store, now).await?;
    let oldest = SecurityTerms::load(store).await?.oldest_audit(now);
    let entries = audit::sweep(store, oldest, now).await?;
    let answers = idempotency::sweep(store, now).await?;
    let notes = tracking::sweep_notes(store, now).await?;
    let lists = segments::sweep(state).await?;
    let bulk = bulk::sweep(state).await?;
    tracing::debug!(sessions, links, entries, answers, notes, lists, bulk, "took away what has ended");
    Ok(())
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpStream,
        sync::oneshot,
    };

    use super::*;
    use crate::{router, testing::TestApp};

    #[tokio::test]
    async fn stopping_ends_live_streams_and_lets_the_server_return() {
        let app = TestApp::new();
        let token = app.mint_token().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(serve(listener, router(app.state.clone()), app.state.clone(), async {
            let _ = stopped.await;
        }));

        let mut line = TcpStream::connect(address).await.unwrap();
        let request = format!("GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n");
        line.write_all(request.as_bytes()).await.unwrap();
        let mut begin = [0; 4096];
        let length = line.read(&mut begin).await.unwrap();
        assert!(begin[..length].starts_with(b"HTTP/1.1 200 OK"));

        stop.send(()).unwrap();
        let mut rest = Vec::new();
        line.read_to_end(&mut rest).await.unwrap();
        served.await.unwrap().unwrap();
    }
}
