//! Mail out: the channels we write from, and the way of a message to a mail server.

mod api;

mod channel;
pub(crate) mod channels;

#[allow(dead_code, reason = "answers and new conversations come next")]
mod compose;
mod html;

mod ledger;
mod smtp;

#[cfg(test)]
mod tests;

pub(crate) use api::routes;
pub use channel::{ChannelTerms, MailChannel, MailChannels};
pub use smtp::{Security, SmtpTimes};
