//! Finds, confines, supervises and serves plugin processes.
//!
//! ```text
//! server ── PluginHandle ──(socket pair, JSON lines)── whom plugin-host libgravatar.so ──(C ABI)── plugin
//!                │
//!              Gate ── the only way out of the house, with the ledger
//! ```
//!
//! - The server never opens a library: [`plugin_host_main`] does, in a process of its own that
//!   has confined itself before ([`inspect`] too).
//! - A plugin does no network: it asks, and the [`Gate`] decides, limits, records and sends.
//! - A plugin that crashes, hangs, leaks or lies costs its own call, never the server.
//!
//! The crate knows the protocol and nothing of Whom's model; the server translates.

#[cfg(unix)]
#[allow(unsafe_code)]
mod child;
mod desk;
pub mod egress;
mod failure;
mod folder;
pub mod hooks;
mod manifest;
#[cfg(target_os = "linux")]
mod sandbox;
mod settings;
mod supervise;
mod wire;

#[cfg(unix)]
pub use child::{plugin_host_main, protect_server};
pub use egress::{
    Departure, Fetched, Gate, HttpClient, Ledger, Outgoing, Policy, Reach, ReqwestClient, SendError, Url,
};
pub use failure::{Failure, Said, SaidKind};
pub use folder::{Inspected, PluginFolder, Refused, inspect, sha256_of};
pub use hooks::{Claim, Enrich, Hook, Outcome, Person};
pub use manifest::{Consent, HookAbout, Manifest};
pub use settings::{Split, split_secrets};
pub use supervise::{Confine, Launcher, PluginHandle, PluginSpec, State, Timing, Why};
