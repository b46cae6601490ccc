//! What stands around every route: a name for each request, its log line, time, panics, and reading bodies.

mod around;
mod read;

pub(crate) use around::{around, not_found, wrong_method};
pub(crate) use read::{ApiBytes, ApiJson, ApiPath, ApiQuery};

/// Whether a path that somebody sent leads to one of our own pages. Browsers take a backslash for a slash, and leave
/// out tabs and line ends.
pub(crate) fn is_own_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && !path.chars().any(char::is_control)
}
