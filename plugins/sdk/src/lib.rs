//! What the author of a Whom plugin writes against.
//!
//! A plugin is a type with settings, one or more hook traits, and one `export!` line:
//!
//! ```
//! use whom_plugin::prelude::*;
//!
//! /// Says hello
//! #[derive(Deserialize, JsonSchema)]
//! pub struct Settings {
//!     /// What to say.
//!     greeting: String,
//! }
//!
//! pub struct Hello(Settings);
//!
//! impl Plugin for Hello {
//!     type Settings = Settings;
//!     const ABOUT: About = About::new("hello", "Hello");
//!     fn open(settings: Settings) -> Result<Self> { Ok(Hello(settings)) }
//! }
//!
//! impl Enrich for Hello {
//!     const READS: &'static [&'static str] = &["name"];
//!     const WRITES: &'static [&'static str] = &["notes"];
//!
//!     fn enrich(&self, person: &Person, _host: &Host) -> Result<Outcome> {
//!         let Some(name) = person.text("name") else { return Ok(Outcome::Nobody) };
//!         Ok(Claims::new().say("notes", format!("{} {name}", self.0.greeting), 1.0).into())
//!     }
//! }
//!
//! export!(Hello: Enrich);
//! # fn main() {}
//! ```
//!
//! A plugin does no network, reads no clock and opens no file: it asks the [`Host`]. So a test
//! needs none of these either, only a tape: see [`Recording`].

mod about;
mod claims;
mod error;
mod export;
#[allow(unsafe_code)]
pub mod ffi;
#[doc(hidden)]
pub mod hook_entries;
mod hooks;
mod host;
mod http;
mod manifest;
mod person;
mod recording;
mod secret;

pub use about::About;
pub use claims::{Claim, Claims, Outcome};
pub use error::{Error, ErrorKind, Result};
pub use export::{Exported, HookEntry};
pub use hooks::{
    Card, Cards, Enrich, Event, Message, OnEvent, OnMessage, Plugin, Reaction, Row, TimelineEvent, Webhook,
    WebhookRequest,
};
pub use host::{Host, Level, Services};
pub use http::{Request, Response};
pub use manifest::manifest;
pub use person::Person;
pub use recording::Recording;
pub use secret::Secret;

#[doc(hidden)]
pub use whom_plugin_abi as abi;

// The provider in the README is compiled as a test.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// All that a plugin usually needs.
pub mod prelude {
    pub use crate::{
        About, Card, Cards, Claim, Claims, Enrich, Error, Event, Host, Level, Message, OnEvent, OnMessage,
        Outcome, Person, Plugin, Reaction, Recording, Response, Result, Row, Secret, TimelineEvent, Webhook,
        WebhookRequest, export,
    };
    pub use schemars::{self, JsonSchema};
    pub use serde::{self, Deserialize, Serialize};
    pub use serde_json::{self, Value, json};
}
