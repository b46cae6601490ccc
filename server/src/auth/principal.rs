//! Whoever asks, once it is known.

use axum::{extract::FromRequestParts, http::request::Parts};
use whom_core::model::{Source, SourceKind};

use crate::problem::Problem;

use super::{Permission, Role, Scope};

/// Whoever asks, known from a session, a token, or by being this very process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// Somebody who works here, signed in.
    Person {
        /// Their login name.
        login: String,
        /// What to call them.
        name: String,
        /// What they may do.
        role: Role,
    },
    /// A program with a token.
    Token {
        /// The id of its key.
        key: String,
        /// What the key is called.
        name: String,
        /// What it may do.
        scopes: Vec<Scope>,
    },
    /// The command line in this process: whoever can read the data folder may do everything.
    Local,
}

impl Principal {
    /// Whether it holds a permission.
    pub fn may(&self, permission: Permission) -> bool {
        match self {
            Self::Person { role, .. } => role.may(permission),
            Self::Token { scopes, .. } => scopes.iter().any(|scope| scope.may(permission)),
            Self::Local => true,
        }
    }

    /// The login name of a person.
    pub(crate) fn login(&self) -> Option<&str> {
        match self {
            Self::Person { login, .. } => Some(login),
            Self::Token { .. } | Self::Local => None,
        }
    }

    /// Under whose name its claims and deeds are kept.
    pub fn source(&self) -> Source {
        match self {
            Self::Person { login, .. } => Source::agent(login),
            Self::Token { name, .. } => Source::new(SourceKind::Api, name),
            Self::Local => Source::agent("local"),
        }
    }

    /// What it may not do is refused with words.
    pub fn demand(&self, permission: Permission) -> Result<(), Problem> {
        if self.may(permission) {
            return Ok(());
        }
        Err(Problem::forbidden(match self {
            Self::Person { role, .. } => {
                format!(
                    "as {} you may not {}: ask an admin",
                    role.as_str().replace('_', "-"),
                    permission.deed()
                )
            }
            _ => format!("this token may not {}: it lacks the scope", permission.deed()),
        }))
    }

    /// A word that tells principals apart, for ids of requests that may be repeated.
    pub(crate) fn scope(&self) -> String {
        match self {
            Self::Person { login, .. } => format!("person:{login}"),
            Self::Token { key, .. } => format!("token:{key}"),
            Self::Local => "local".into(),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Principal {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        // The guard put it there; a route without guard has nobody to ask for.
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Problem::unauthorized("sign in first").challenge())
    }
}

/// Marks a request that this process itself makes. Nothing that comes over a socket can carry it.
#[derive(Clone, Debug)]
pub(crate) struct LocalCaller {
    /// The login name of the colleague in whose name it is made; none where it is the process's own.
    on_behalf_of: Option<String>,
}

impl LocalCaller {
    /// Made by [`crate::call_as_local`] alone.
    pub(crate) fn in_this_process() -> Self {
        Self { on_behalf_of: None }
    }

    /// Made by [`crate::call_as_person`] alone.
    pub(crate) fn on_behalf_of(login: &str) -> Self {
        Self { on_behalf_of: Some(login.to_owned()) }
    }

    /// In whose name the request is made.
    pub(crate) fn person(&self) -> Option<&str> {
        self.on_behalf_of.as_deref()
    }
}
