//! What stands around every route: a name for each request, its log line, time, panics, and reading bodies.

mod around;
mod read;

pub(crate) use around::{around, not_found, wrong_method};
pub(crate) use read::{ApiBytes, ApiJson, ApiPath, ApiQuery};
