//! Mail out: what agents write, on its way to a mail server, and what becomes of it.
//!
//! ```text
//! reply, begin ── one commit ──> entry + conversation + delivery + place in the outbox
//!                                        place ── worker ──> claim + ledger ──> SMTP ──> settled
//!                  report that it did not arrive, picture that was fetched ──> delivery
//! ```
//!
//! It leaves through the channels an admin named, and no other way.

mod api;

mod channel;
pub(crate) mod channels;

mod answering;
mod send;

mod compose;
mod html;

mod bounced;
mod delivery;
mod outbox;
mod viewed;
mod worker;

mod ledger;
mod smtp;

#[cfg(test)]
mod tests;

pub(crate) use api::routes;
pub(crate) use bounced::note as note_bounce;
pub use channel::{ChannelTerms, MailChannel, MailChannels};
pub(crate) use delivery::{DeliveryShown, DeliveryState, deliveries, failed_since};
pub(crate) use outbox::{recall, retry};
pub(crate) use send::{GivenFile, Written, begin, reply};
pub use smtp::{Security, SmtpTimes};
pub use worker::{Outbox, OutboxTerms};
