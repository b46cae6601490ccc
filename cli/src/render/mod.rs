//! Answers of the API as people read them: pure functions from what was answered to text.

mod erasure;
mod explanation;
mod inbox;
mod membership;
mod profile;
mod timeline;
mod value;

pub(crate) use erasure::erase_plan;
pub(crate) use explanation::explanation;
pub(crate) use inbox::{conversation, inbox, inbox_counts};
pub(crate) use membership::{compared, duplicates, history, merged, pairs};
pub(crate) use profile::{hits, profile};
pub(crate) use timeline::{conversations, timeline};
pub(crate) use value::plain;

use whom_core::model::Timestamp;

use crate::output::Output;

/// What every table is made with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page<'a> {
    /// How wide it may be, and whether it may be painted.
    pub(crate) output: &'a Output,
    /// What time it is.
    pub(crate) now: Timestamp,
}

#[cfg(test)]
mod testing {
    use super::*;
    use crate::output::{Form, Paint, Talk};

    pub(super) const OUTPUT: Output =
        Output { form: Form::People, talk: Talk::Quiet, paint: Paint::PLAIN, width: 110 };

    pub(super) fn page() -> Page<'static> {
        Page { output: &OUTPUT, now: Timestamp::parse("2026-11-20T12:00:00Z").unwrap() }
    }
}
