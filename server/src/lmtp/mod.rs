//! Mail in over LMTP (RFC 2033): a mail server on the same machine hands over what arrives.
//!
//! A message goes the same way as one sent to `POST /v1/messages/raw`. The answer comes when it is
//! durable, one for each recipient; where it could not be kept, the answer says "later", and the mail
//! server keeps it. There is no signing in, so it listens on this machine only.

mod command;
mod listen;
mod read;
mod session;

#[cfg(test)]
mod tests;

pub use listen::{LmtpAddress, LmtpAddressError, LmtpListener};

use std::time::Duration;

/// What a mail server may ask of us.
#[derive(Clone, Copy, Debug)]
pub struct LmtpLimits {
    /// The most connections at once; one more is told to come later.
    pub connections: usize,
    /// The most recipients of one message.
    pub recipients: usize,
    /// The most commands in a row that bring no message.
    pub commands: usize,
    /// The most commands that are no commands.
    pub mistakes: usize,
    /// How long a line may take to come.
    pub line: Duration,
    /// How long a message may take to come.
    pub message: Duration,
}

impl Default for LmtpLimits {
    fn default() -> Self {
        Self {
            connections: 20,
            recipients: 100,
            commands: 1_000,
            mistakes: 20,
            line: Duration::from_secs(300),
            message: Duration::from_secs(600),
        }
    }
}
