//! The harness: the real binary, real folders, real sockets, a real browser.
#![allow(clippy::expect_used, clippy::missing_panics_doc, reason = "a failing harness says where")]

mod binary;
mod browser;
mod command;
mod gravatar;
mod letter;
mod lmtp;
mod post;
mod server;
mod until;
mod window;

pub use binary::binary;
pub use browser::{Browser, Screen};
pub use command::{Ran, folder, whom};
pub use gravatar::PlayedGravatar;
pub use letter::Letter;
pub use lmtp::hand_over;
pub use post::{HoldsAt, PlayedPost, Taken};
pub use server::{PASSWORD, Server};
pub use until::{PATIENCE, comes, until};
pub use window::Window;
