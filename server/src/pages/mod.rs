//! The pages that people work with.

use crate::routes::Route;

/// The routes of the pages; [`crate::routes::table`] takes them in.
pub(crate) fn routes() -> Vec<Route> {
    Vec::new()
}
