//! Notes as they were written: every step is appended, and what is shown follows from the steps.

use serde::{Deserialize, Serialize};

use super::{Source, Timestamp};

/// What was done to a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "deed", rename_all = "snake_case")]
pub enum NoteDeed {
    /// It was written, or written anew.
    Wrote {
        /// The whole text.
        text: String,
    },
    /// It was taken away.
    Removed,
    /// It was brought back.
    Restored,
}

/// One step of a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteStep {
    /// What was done.
    #[serde(flatten)]
    pub deed: NoteDeed,
    /// Who.
    pub by: Source,
    /// When.
    pub at: Timestamp,
}

/// All steps of a note, the first first; only erasure takes one away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NoteLog(Vec<NoteStep>);

/// The longest note, in characters.
pub(crate) const NOTE_LEN: usize = 20_000;

/// How often one note can be changed.
const MOST_STEPS: usize = 200;

impl NoteLog {
    /// The media type under which the log of a note is kept as its body.
    pub const MEDIA_TYPE: &'static str = "application/vnd.whom.note+json";

    /// A note that was just written.
    pub fn written(text: &str, by: &Source, at: Timestamp) -> Self {
        let deed = NoteDeed::Wrote { text: text.to_owned() };
        Self(vec![NoteStep { deed, by: by.clone(), at }])
    }

    /// Appends a step; says why not where it cannot be.
    pub fn append(&mut self, deed: NoteDeed, by: &Source, at: Timestamp) -> Result<(), String> {
        if self.0.len() >= MOST_STEPS {
            return Err(format!("it was changed {MOST_STEPS} times: write a new one"));
        }
        self.0.push(NoteStep { deed, by: by.clone(), at });
        Ok(())
    }

    /// Its steps.
    pub fn steps(&self) -> &[NoteStep] {
        &self.0
    }

    /// How often it was changed, counting from one: the version that an edit is meant for.
    pub fn version(&self) -> u64 {
        self.0.len() as u64
    }

    /// The text that was written last.
    pub fn text(&self) -> &str {
        let texts = self.0.iter().rev().find_map(|step| match &step.deed {
            NoteDeed::Wrote { text } => Some(text.as_str()),
            _ => None,
        });
        texts.unwrap_or_default()
    }

    /// The step that wrote it anew last; none where it stands as it was first written.
    pub fn edited(&self) -> Option<&NoteStep> {
        self.0.iter().skip(1).rev().find(|step| matches!(step.deed, NoteDeed::Wrote { .. }))
    }

    /// The step that took it away, where it is away.
    pub fn removed(&self) -> Option<&NoteStep> {
        let last = self.0.iter().rev().find(|step| !matches!(step.deed, NoteDeed::Wrote { .. }))?;
        (last.deed == NoteDeed::Removed).then_some(last)
    }
}

/// The text of a note as it is kept; says why where it is none.
pub(crate) fn note_text(text: &str) -> Result<&str, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("it is empty".into());
    }
    if text.chars().count() > NOTE_LEN {
        return Err(format!("it is longer than {NOTE_LEN} characters"));
    }
    Ok(text)
}
