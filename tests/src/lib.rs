//! The harness: the real binary, real folders, real sockets.
#![allow(clippy::expect_used, clippy::missing_panics_doc, reason = "a failing harness says where")]

mod binary;
mod command;
mod server;

pub use binary::binary;
pub use command::{Ran, whom};
pub use server::Server;
