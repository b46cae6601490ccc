//! The harness: the real binary, real folders, real sockets, a real browser.
#![allow(clippy::expect_used, clippy::missing_panics_doc, reason = "a failing harness says where")]

mod binary;
mod browser;
mod command;
mod server;

pub use binary::binary;
pub use browser::Browser;
pub use command::{Ran, folder, whom};
pub use server::Server;
