//! How a command ends, for whoever started it from a script. `whom help` names the same codes.

/// How a command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done = 0,
    /// Failed.
    Failed = 1,
    /// Typed wrongly.
    Usage = 2,
    /// There is no such thing.
    NotFound = 3,
    /// It does not go with what is there.
    Conflict = 4,
    /// Done in part.
    Partly = 5,
}

impl Exit {
    /// What an answer of the API with this status ends in.
    pub(crate) fn of_status(status: u16) -> Self {
        match status {
            0..=399 => Self::Done,
            400 | 422 => Self::Usage,
            404 | 410 => Self::NotFound,
            409 | 412 | 428 => Self::Conflict,
            _ => Self::Failed,
        }
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
