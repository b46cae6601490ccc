//! Everything in one stream, while the server goes on.

use std::{
    future::Future,
    io::{self, BufWriter, Write},
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Wake},
    thread::{self, Thread},
};

use axum::{body::Body, extract::State, http::header, response::IntoResponse};
use bytes::Bytes;
use futures::{StreamExt as _, stream};
use tokio::sync::mpsc;

use crate::app::AppState;

/// How much is handed on at once, in bytes.
const PIECE: usize = 256 << 10;
/// How many pieces may wait for a slow reader.
const WAITING: usize = 4;

/// `GET /v1/backup`: the bytes of which `whom restore` makes a data folder.
///
/// A backup that breaks off has no end by which it could pass for whole, and the connection ends with it.
pub(crate) async fn backup(State(state): State<AppState>) -> impl IntoResponse {
    let (sender, receiver) = mpsc::channel(WAITING);
    let store = state.store().clone();
    tokio::task::spawn_blocking(move || {
        let mut out = BufWriter::with_capacity(PIECE, Pieces(sender.clone()));
        let written = wait_for(store.backup(&mut out)).map_err(io::Error::other);
        if let Err(error) = written.and_then(|_| out.flush()) {
            tracing::warn!(%error, "a backup broke off");
            let _ = sender.blocking_send(Err(error));
        }
    });
    let pieces = stream::unfold(receiver, |mut receiver| async { Some((receiver.recv().await?, receiver)) });
    let name = "attachment; filename=\"whom.backup\"";
    let headers = [(header::CONTENT_TYPE, "application/octet-stream"), (header::CONTENT_DISPOSITION, name)];
    // What packs a body asks once more after its end.
    (headers, Body::from_stream(pieces.fuse()))
}

/// Hands what is written on in pieces.
struct Pieces(mpsc::Sender<io::Result<Bytes>>);

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let piece = Bytes::copy_from_slice(bytes);
        self.0.blocking_send(Ok(piece)).map_err(|_| io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Runs a future on this thread alone. The runtime's own way would forbid to wait in the midst of it, which
/// is what handing on a piece to a slow reader does.
fn wait_for<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Arc::new(Unpark(thread::current())).into();
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(done) => return done,
            Poll::Pending => thread::park(),
        }
    }
}
