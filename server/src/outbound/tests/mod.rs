//! Promises about mail that leaves.

#[allow(dead_code, reason = "the tests of the outbox come next")]
mod peer;

mod channels;
mod composing;
