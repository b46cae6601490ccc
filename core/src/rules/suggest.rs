//! "Did you mean …?"

use super::words::alike;

/// The name among `known` that `given` was probably meant to be.
pub(crate) fn closest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let scored = known.into_iter().map(|name| (alike(given, name), name));
    // Of equally close names the first in the alphabet, so that a message never depends on an order of hashing.
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))?;
    (best.0 > 0.8).then_some(best.1)
}

/// `, did you mean "…"?`, or nothing.
pub(super) fn hint<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    closest(given, known).map_or_else(String::new, |name| format!(", did you mean \"{name}\"?"))
}
