//! Why a command did not do it, in one clear sentence and what to do next.

use std::fmt;

use serde::Deserialize;

use crate::exit::Exit;

const SEARCH: &str = "`whom search` finds people by any part of a name, address or number";

/// Why a command did not do it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The API refused, in its words.
    #[error("{0}")]
    Api(Box<ApiProblem>),
    /// What was typed cannot be meant.
    #[error("{0}")]
    Usage(String),
    /// There is no such thing.
    #[error("{0}")]
    NotFound(String),
    /// Whoever read the output has gone, such as `head`. That is no failure.
    #[error("nobody reads the output any more")]
    NobodyReads,
    /// Anything else.
    #[error("{0:#}")]
    Other(#[from] anyhow::Error),
}

/// What commands give.
pub(crate) type Outcome = Result<Exit, Failure>;

/// An answer of the API that says why not.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ApiProblem {
    pub(crate) status: u16,
    title: String,
    detail: String,
    instance: Option<String>,
    errors: Vec<FieldProblem>,
    /// The answer as it came.
    #[serde(skip)]
    body: Vec<u8>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct FieldProblem {
    pointer: String,
    detail: String,
}

impl ApiProblem {
    /// Reads the body of an answer with this status; a body that is no problem document is left out.
    pub(crate) fn read(status: u16, body: &[u8]) -> Box<Self> {
        let mut problem: Self = serde_json::from_slice(body).unwrap_or_default();
        problem.status = status;
        problem.body = body.to_vec();
        Box::new(problem)
    }
}

impl fmt::Display for ApiProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let says = match (self.detail.as_str(), self.title.as_str()) {
            ("", "") => return write!(f, "the server answered {}", self.status),
            ("", title) => title,
            (detail, _) => detail,
        };
        f.write_str(says)?;
        for field in self.errors.iter().filter(|field| !says.contains(&field.detail)) {
            // A pointer into a body that nobody typed says little; the last part of it is the field.
            let name = field.pointer.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            match name {
                "" => write!(f, "\n  {}", field.detail)?,
                name => write!(f, "\n  {name}: {}", field.detail)?,
            }
        }
        match &self.instance {
            Some(instance) if self.status >= 500 => write!(f, " (request {instance})"),
            _ => Ok(()),
        }
    }
}

impl Failure {
    /// How the command ends.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Api(problem) => Exit::of_status(problem.status),
            Self::Usage(_) => Exit::Usage,
            Self::NotFound(_) => Exit::NotFound,
            Self::NobodyReads => Exit::Done,
            Self::Other(_) => Exit::Failed,
        }
    }

    /// The API's answer as it came, where that is what failed.
    pub(crate) fn body(&self) -> Option<&[u8]> {
        match self {
            Self::Api(problem) if !problem.body.is_empty() => Some(&problem.body),
            _ => None,
        }
    }

    /// What to do next, where the failure does not say so itself.
    pub(crate) fn advice(&self) -> Option<&'static str> {
        match self {
            Self::Api(problem) => match problem.status {
                401 => Some("name a token with --token or WHOM_TOKEN; `whom key create` makes one"),
                404 if problem.detail.starts_with("property ") => {
                    Some("`whom rules show` names the properties")
                }
                404 if problem.detail.starts_with('`') && problem.detail.ends_with("is not known here") => {
                    Some(SEARCH)
                }
                429 => Some("wait a little and try again"),
                _ => None,
            },
            // What names a command already says what to do.
            Self::NotFound(why) if !why.contains("`whom ") => Some(SEARCH),
            _ => None,
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => Self::NobodyReads,
            _ => Self::Other(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(status: u16, body: &str, says: Expect) {
        let failure = Failure::Api(ApiProblem::read(status, body.as_bytes()));
        says.assert_eq(&format!("{failure} -> {:?}", failure.exit()));
    }

    #[test]
    fn a_problem_document_becomes_a_sentence() {
        check(
            404,
            r#"{"type":"urn:whom:problem:not-found","title":"There is no such thing","status":404,"detail":"`x` is not known here"}"#,
            expect!["`x` is not known here -> NotFound"],
        );
        check(
            422,
            r#"{"title":"Something in the request is wrong","status":422,"detail":"the profile was not made","errors":[{"pointer":"/identifiers/0/value","detail":"`x` is no e-mail address"}]}"#,
            expect![[r#"
                the profile was not made
                  value: `x` is no e-mail address -> Usage"#]],
        );
    }

    #[test]
    fn an_answer_without_words_still_says_something() {
        check(502, "<html>Bad gateway</html>", expect!["the server answered 502 -> Failed"]);
        check(
            500,
            r#"{"detail":"the store could not do it","instance":"r_1"}"#,
            expect!["the store could not do it (request r_1) -> Failed"],
        );
    }

    #[test]
    fn a_conflict_has_a_code_of_its_own() {
        for status in [409, 412, 428] {
            assert_eq!(Exit::of_status(status), Exit::Conflict);
        }
    }
}
