//! What is wrong with a script, and where: one form for compiling, loading and running.

use std::fmt::{self, Write as _};

use rhai::Position;
use serde::Serialize;

use super::{Limit, sources::Sources};

/// What is wrong with a script, and where.
///
/// Lines and columns count from one; zero means that the place is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The script, by its name below the scripts folder.
    pub file: String,
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
    /// What is wrong, in words.
    pub message: String,
    /// The line as it is written, for showing it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_line: Option<String>,
    /// How the script got there, the innermost call first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<String>,
}

impl Problem {
    /// A problem of a whole file or folder.
    pub(super) fn of_file(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            line: 0,
            column: 0,
            message: message.into(),
            source_line: None,
            trail: Vec::new(),
        }
    }

    /// A problem at a place of a script.
    pub(super) fn at(
        sources: &Sources,
        file: impl Into<String>,
        position: Position,
        message: impl Into<String>,
    ) -> Self {
        let mut problem = Self::of_file(file, message);
        problem.line = position.line().unwrap_or(0);
        problem.column = position.position().unwrap_or(0);
        problem.source_line = sources.line(&problem.file, problem.line).map(str::to_owned);
        problem
    }

    /// The problem with its source line, a caret below the place, and the calls that led there.
    pub fn in_full(&self) -> String {
        let mut text = self.to_string();
        if let Some(source_line) = &self.source_line {
            // Tabs keep their width, so that the caret stands where the eye expects it.
            let blanks: String = source_line
                .chars()
                .take(self.column.saturating_sub(1))
                .map(|c| if c == '\t' { '\t' } else { ' ' })
                .collect();
            let _ = write!(text, "\n{:>4} | {}", self.line, source_line.trim_end());
            if self.column > 0 {
                let _ = write!(text, "\n     | {blanks}^");
            }
        }
        for step in &self.trail {
            let _ = write!(text, "\n     {step}");
        }
        text
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if self.column > 0 {
            write!(f, ":{}", self.column)?;
        }
        write!(f, ": {}", self.message)
    }
}

/// Why a rule gave no answer. The texts stand on one line; [`RuleError::in_full`] shows the place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// It did too much.
    #[error("{script}:{line}: `{function}` used up its {limit}")]
    UsedUp {
        /// The script.
        script: String,
        /// The line where the function starts.
        line: usize,
        /// The function, or the property it computes.
        function: String,
        /// What it used up.
        limit: Limit,
    },
    /// It went wrong.
    #[error("{0}")]
    Failed(Problem),
}

impl RuleError {
    /// The error with source line, caret and the calls that led there, as far as they are known.
    pub fn in_full(&self) -> String {
        match self {
            Self::UsedUp { .. } => self.to_string(),
            Self::Failed(problem) => problem.in_full(),
        }
    }
}
