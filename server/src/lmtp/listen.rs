//! Where mail is taken: a port of this machine, or a socket in its file system.

use std::{fmt, io, net::SocketAddr, path::PathBuf, str::FromStr, sync::Arc, time::Duration};

use tokio::{
    net::TcpListener,
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
};

use super::{LmtpLimits, session::Session};
use crate::app::AppState;

/// How long sessions under way may take when the server stops.
const GRACE: Duration = Duration::from_secs(10);

/// Where mail is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LmtpAddress {
    /// A port of this machine.
    Tcp(SocketAddr),
    /// A socket in the file system.
    Unix(PathBuf),
}

/// Why mail cannot be taken there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LmtpAddressError {
    /// It is no address.
    #[error("`{0}` is no place to take mail at: write it like 127.0.0.1:2424 or /run/whom/lmtp.sock")]
    NoAddress(String),
    /// Everybody could hand over mail in anybody's name.
    #[error(
        "`{0}` can be reached from other machines, and LMTP has no signing in: take a loopback address such as 127.0.0.1, or a path"
    )]
    NotLoopback(SocketAddr),
}

impl FromStr for LmtpAddress {
    type Err = LmtpAddressError;

    fn from_str(text: &str) -> Result<Self, LmtpAddressError> {
        if let Some(path) = text.strip_prefix("unix:").or_else(|| text.starts_with('/').then_some(text)) {
            if path.is_empty() {
                return Err(LmtpAddressError::NoAddress(text.to_owned()));
            }
            return Ok(Self::Unix(PathBuf::from(path)));
        }
        let address: SocketAddr =
            text.parse().map_err(|_| LmtpAddressError::NoAddress(text.chars().take(200).collect()))?;
        if address.ip().is_loopback() {
            Ok(Self::Tcp(address))
        } else {
            Err(LmtpAddressError::NotLoopback(address))
        }
    }
}

impl fmt::Display for LmtpAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "{}", path.display()),
        }
    }
}

/// A place that is taken.
pub struct LmtpListener {
    listener: Listener,
}

enum Listener {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(tokio::net::UnixListener, PathBuf),
}

impl LmtpListener {
    /// Takes a place.
    pub async fn bind(address: &LmtpAddress) -> io::Result<Self> {
        let listener = match address {
            LmtpAddress::Tcp(address) => Listener::Tcp(TcpListener::bind(address).await?),
            #[cfg(unix)]
            LmtpAddress::Unix(path) => {
                // What a process left that was killed is in the way; a socket somebody answers at is not ours.
                let is_socket = std::fs::symlink_metadata(path).is_ok_and(|about| {
                    use std::os::unix::fs::FileTypeExt as _;
                    about.file_type().is_socket()
                });
                if is_socket && tokio::net::UnixStream::connect(path).await.is_err() {
                    std::fs::remove_file(path)?;
                }
                Listener::Unix(tokio::net::UnixListener::bind(path)?, path.clone())
            }
            #[cfg(not(unix))]
            LmtpAddress::Unix(_) => {
                return Err(io::Error::new(io::ErrorKind::Unsupported, "this system has no such sockets"));
            }
        };
        Ok(Self { listener })
    }

    /// The port that was taken.
    pub fn port(&self) -> Option<u16> {
        match &self.listener {
            Listener::Tcp(listener) => listener.local_addr().ok().map(|address| address.port()),
            #[cfg(unix)]
            Listener::Unix(..) => None,
        }
    }

    /// Takes mail until the server stops; then sessions are told, and what is being taken in is finished.
    pub async fn run(self, state: AppState, limits: LmtpLimits) {
        let places = Arc::new(Semaphore::new(limits.connections));
        let mut sessions = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                () = state.stopping().cancelled() => break,
                accepted = self.accept(&state, limits, &places) => accepted,
                Some(_) = sessions.join_next(), if !sessions.is_empty() => continue,
            };
            match accepted {
                Ok(serving) => {
                    sessions.spawn(serving);
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection of a mail server could not be taken");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            }
        }
        let finished = async { while sessions.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, finished).await.is_err() {
            tracing::warn!(
                "mail that was being handed over was cut off when the server stopped; it will come again"
            );
        }
        #[cfg(unix)]
        if let Listener::Unix(_, path) = &self.listener {
            let _ = std::fs::remove_file(path);
        }
    }

    async fn accept(
        &self,
        state: &AppState,
        limits: LmtpLimits,
        places: &Arc<Semaphore>,
    ) -> io::Result<futures::future::BoxFuture<'static, ()>> {
        use futures::FutureExt as _;
        let place = |places: &Arc<Semaphore>| -> Option<OwnedSemaphorePermit> {
            places.clone().try_acquire_owned().ok()
        };
        let session = |place| Session::new(state.clone(), limits, place);
        Ok(match &self.listener {
            Listener::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                session(place(places)).serve(stream).boxed()
            }
            #[cfg(unix)]
            Listener::Unix(listener, _) => {
                let (stream, _) = listener.accept().await?;
                session(place(places)).serve(stream).boxed()
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_is_taken_from_this_machine_alone() {
        for (text, expected) in [
            ("127.0.0.1:2424", Some("127.0.0.1:2424")),
            ("[::1]:2424", Some("[::1]:2424")),
            ("/run/whom/lmtp.sock", Some("/run/whom/lmtp.sock")),
            ("unix:lmtp.sock", Some("lmtp.sock")),
            ("0.0.0.0:2424", None),
            ("192.0.2.1:2424", None),
            ("2424", None),
            ("unix:", None),
        ] {
            let read = text.parse::<LmtpAddress>().ok().map(|address| address.to_string());
            assert_eq!(read.as_deref(), expected, "{text}");
        }
    }
}
