//! A deed before it is written down.

use serde::{Deserialize, Serialize};

use crate::auth::Principal;

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "sort", content = "id", rename_all = "snake_case")]
pub(crate) enum Who {
    /// Somebody who works here, by login name.
    Person(String),
    /// A program, by the id of its key.
    Token(String),
    /// The command line on the server itself.
    Local,
    /// Whoever tried to sign in; a hash of the login name they typed.
    Unknown(String),
    /// The server itself.
    House,
}

impl Who {
    /// The word by which a list is filtered: a login name, the id of a key, `local`, `house`.
    pub(crate) fn word(&self) -> &str {
        match self {
            Self::Person(id) | Self::Token(id) | Self::Unknown(id) => id,
            Self::Local => "local",
            Self::House => "house",
        }
    }
}

impl From<&Principal> for Who {
    fn from(principal: &Principal) -> Self {
        match principal {
            Principal::Person { login, .. } => Self::Person(login.clone()),
            Principal::Token { key, .. } => Self::Token(key.clone()),
            Principal::Local => Self::Local,
        }
    }
}

/// A deed before it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Deed {
    pub(crate) who: Who,
    pub(crate) what: &'static str,
    pub(crate) on: Vec<String>,
    pub(crate) surface: Option<&'static str>,
    pub(crate) why: Option<String>,
}

impl Deed {
    /// Somebody did something.
    pub(crate) fn new(who: impl Into<Who>, what: &'static str) -> Self {
        Self { who: who.into(), what, on: Vec::new(), surface: None, why: None }
    }

    /// On something, by what sort of thing it is and its id.
    pub(crate) fn on(mut self, sort: &str, id: impl std::fmt::Display) -> Self {
        self.on.push(format!("{sort}:{id}"));
        self
    }

    /// On things that are named already.
    pub(crate) fn on_all(mut self, named: Vec<String>) -> Self {
        self.on.extend(named);
        self
    }

    /// By a surface that is known better here than around the request.
    pub(crate) fn by_way_of(mut self, surface: &'static str) -> Self {
        self.surface = Some(surface);
        self
    }

    /// For a reason.
    pub(crate) fn because(mut self, why: &str) -> Self {
        self.why = Some(why.chars().take(500).collect());
        self
    }
}

/// What stands for a login name that may be nobody's: people type passwords into the wrong field.
pub(crate) fn hidden_login(key: &[u8], login: &str) -> String {
    let mut hasher = blake3::Hasher::new_derive_key("whom 2026 login in the audit log");
    hasher.update(key);
    hasher.update(login.as_bytes());
    format!("#{}", &hasher.finalize().to_hex()[..16])
}
