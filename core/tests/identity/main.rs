//! Who is it: recognition, membership and its undoing, held against naive models.

#![allow(clippy::unwrap_used, reason = "a failing test says where")]

mod arrivals;
mod membership_oracle;
mod order_free;
mod recognition;
mod undo_differential;

mod conversations;
mod decisions;
mod edits;
mod erasure;
mod hooks;
mod kept;
mod outgoing;
mod record;
mod threads;
