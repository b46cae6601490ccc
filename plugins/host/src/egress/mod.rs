//! The one gate to the outside.
//!
//! What a plugin asks to send passes, in this order: is sending on · may this host be reached ·
//! has the call budget left · cache · turn and speed · ledger · secrets · connection to a checked
//! address. Each step may end it, with a reason that the plugin and the admin see.

mod address;
mod cache;
mod client;
mod gate;
mod lane;
mod policy;
mod request;
mod secrets;
mod shelf;

pub use client::{Answered, Fetched, HttpClient, Outgoing, Reach, ReqwestClient, SendError};
pub use gate::{Departure, Gate, Ledger, NoLedger, Tape};
pub use policy::Policy;
pub use request::{Asked, Response};
pub use reqwest::Url;
