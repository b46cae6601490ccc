//! Handing one message to a mail server (RFC 5321), step by step, so that what fails can be named.
//!
//! Small and our own rather than a library's: a queue has to know which step failed, which recipients
//! were refused, and whether the message may have been taken although no answer came.

mod line;
mod session;
mod tls;

pub(crate) use session::{Accepted, Envelope, Failure, Session, Step};
pub(crate) use tls::certificate_of;

use std::{net::IpAddr, time::Duration};

use serde::{Deserialize, Serialize};

/// How a connection to a mail server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// Encrypted from the first byte, as on port 465.
    #[default]
    Tls,
    /// Encrypted after a word in the clear, as on port 587; where the server does not offer it, nothing is sent.
    Starttls,
    /// In the clear: only to this machine itself.
    None,
}

/// How somebody signs in at a mail server.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Credentials {
    pub(crate) user: String,
    pub(crate) secret: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials(..)")
    }
}

/// A mail server, and how to speak to it.
#[derive(Clone, Debug)]
pub(crate) struct MailServer {
    /// Its name or its address.
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) security: Security,
    pub(crate) credentials: Option<Credentials>,
    /// A certificate to trust besides those of the machine, in PEM.
    pub(crate) certificate: Option<String>,
    /// The name we greet it with.
    pub(crate) hello: String,
}

/// How long a mail server may take.
#[derive(Clone, Copy, Debug)]
pub struct SmtpTimes {
    /// To be connected with.
    pub connect: Duration,
    /// To answer a command.
    pub command: Duration,
    /// To take a message and to say so; until then nobody knows whether it was taken.
    pub message: Duration,
}

impl Default for SmtpTimes {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            command: Duration::from_secs(60),
            // RFC 5321 asks for ten minutes: whoever hangs up earlier gets messages twice.
            message: Duration::from_secs(600),
        }
    }
}

/// Whether a host is this machine by its name alone.
pub(crate) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
