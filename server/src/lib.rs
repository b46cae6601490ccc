//! Whom over HTTP: the JSON API, the tracking API, the pages and the live stream, on one router.
//!
//! A request passes `routes` (which permission does it take?), `auth` (who asks, and may they?) and
//! one handler, which asks the core's engine. The command line calls the same router in process.

mod app;
mod clock;
mod config;
mod settings;

mod health;
mod http;
mod local;
mod problem;
mod routes;
mod serve;

mod asking;
mod audit;
mod auth;
mod documents;
mod idempotency;
mod secret;
mod sight;

mod api;
mod bulk;
mod conversations;
mod directory;
mod duplicates;
mod enrich;
mod face;
mod intake;
mod live;
mod lmtp;
mod locale;
pub mod mail;
mod notify;
mod outbound;
pub mod pages;
mod reading;
mod segments;
mod tracking;

#[cfg(test)]
mod testing;

pub use app::AppState;
pub use auth::{
    ApiKey, KeyKind, LoginLink, MintedKey, NewPerson, PasswordError, Permission, Person, PersonError,
    Principal, Role, Scope,
};
pub use clock::{Clock, SetClock, SystemClock};
pub use config::{Config, Limits, LoginLimits, SessionTerms, TrackingLimits};
pub use directory::{Directory, ListInStore};
pub use duplicates::forget_duplicates;
pub use enrich::{Checked, Enrichment, EnrichmentSettings, EnrichmentTerms, ProviderSettings, ProviderState};
pub use lmtp::{LmtpAddress, LmtpAddressError, LmtpLimits, LmtpListener};
pub use local::{call_as_local, call_as_person};
pub use outbound::{ChannelTerms, MailChannel, MailChannels, Outbox, OutboxTerms, Security, SmtpTimes};
pub use problem::{FieldProblem, Problem};
pub use routes::{Access, Route, Surface, router, table};
pub use secret::{Secret, SecretHash};
pub use serve::serve;
pub use settings::{Settings, SettingsError};
