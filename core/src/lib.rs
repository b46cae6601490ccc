//! Customer profiles: who somebody is, how to reach them, what they did, and why we believe it.
//!
//! The crate decides and remembers; it opens no socket and reads no clock. Whoever calls says
//! what time it is. `ARCHITECTURE.md` beside this crate walks one message through the files.
#![forbid(unsafe_code)]

pub mod model;

pub mod identity;

pub mod rules;

pub mod hooks;

pub mod view;

pub mod store;

pub mod feed;

pub mod search;

pub mod engine;
