//! The server's side of a plugin: starts its process, calls it, and lives through its end.

mod book;
mod handle;
mod process;
mod spec;
mod status;
mod tail;

pub use book::State;
pub use handle::PluginHandle;
pub(crate) use process::{Lost, Process};
pub use spec::{Confine, Launcher, PluginSpec, Timing, Why};
