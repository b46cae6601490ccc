//! What to run, how to run it, and how much patience to have.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

/// How much confinement a plugin has to run under.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Confine {
    /// It does not run without all of it.
    Required,
    /// As much as the system offers; the list of plugins says what is in force.
    #[default]
    WhenPossible,
    /// None, for whoever debugs a plugin.
    Off,
}

impl Confine {
    /// The name in settings and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::WhenPossible => "when-possible",
            Self::Off => "off",
        }
    }

    /// The value of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Required, Self::WhenPossible, Self::Off].into_iter().find(|mode| mode.name() == name)
    }
}

/// How a host process is started.
#[derive(Clone, Debug)]
pub struct Launcher {
    /// The program that calls `plugin_host_main`.
    pub program: PathBuf,
    /// What stands before the host's own arguments.
    pub args: Vec<OsString>,
    /// How much confinement it runs under.
    pub confine: Confine,
}

impl Launcher {
    /// This very program, with the hidden command `plugin-host`.
    ///
    /// # Errors
    /// When the system does not say which program this is.
    pub fn of_this_program() -> std::io::Result<Self> {
        Ok(Self::new(std::env::current_exe()?, ["plugin-host"]))
    }

    /// Another program.
    pub fn new(program: impl Into<PathBuf>, args: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        let args = args.into_iter().map(Into::into).collect();
        Self { program: program.into(), args, confine: Confine::default() }
    }

    /// The same under other confinement.
    #[must_use]
    pub fn confined(self, confine: Confine) -> Self {
        Self { confine, ..self }
    }
}

/// One plugin as it is to run.
#[derive(Clone, Debug)]
pub struct PluginSpec {
    /// Its id; a manifest that says another one is refused.
    pub id: String,
    /// The library, or the program if there are `args`.
    pub file: PathBuf,
    /// Arguments of a plugin that is a program, run as `FILE ARGS…`.
    pub args: Option<Vec<OsString>>,
    /// SHA-256 of the file as an admin confirmed it. Another file is not started.
    pub sha256: Option<String>,
    /// Settings with placeholders for secrets; see [`crate::split_secrets`].
    pub settings: Value,
}

impl PluginSpec {
    /// A library with settings, not pinned.
    pub fn library(id: impl Into<String>, file: impl AsRef<Path>, settings: Value) -> Self {
        let file = file.as_ref().to_owned();
        Self { id: id.into(), file, args: None, sha256: None, settings }
    }

    /// The same, started only while the file has this SHA-256.
    #[must_use]
    pub fn pinned(self, sha256: impl Into<String>) -> Self {
        Self { sha256: Some(sha256.into()), ..self }
    }
}

/// How much patience to have with a plugin.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// A process without calls ends after this time.
    pub idle: Duration,
    /// From the start of a process to its manifest, and again to its opening.
    pub start: Duration,
    /// Time after `within` in which an answer still counts, before the process is killed.
    pub grace: Duration,
    /// The wait after the first crash; doubles with every further one.
    pub first_wait: Duration,
    /// The longest wait after a crash.
    pub longest_wait: Duration,
    /// A process that lived this long starts the waits anew.
    pub healthy: Duration,
    /// So many crashes …
    pub crashes: usize,
    /// … within this time quarantine the plugin.
    pub window: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            idle: Duration::from_secs(600),
            start: Duration::from_secs(5),
            grace: Duration::from_millis(200),
            first_wait: Duration::from_millis(100),
            longest_wait: Duration::from_secs(60),
            healthy: Duration::from_secs(60),
            crashes: 5,
            window: Duration::from_secs(600),
        }
    }
}

/// Why a plugin is called: goes to the ledger with everything that leaves because of it.
#[derive(Clone, Debug, Default)]
pub struct Why {
    /// The rule or the button: "new conversation", "check now".
    pub rule: String,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// Another time limit than the hook's own.
    pub within: Option<Duration>,
}

impl Why {
    /// A first attempt because of `rule`.
    pub fn rule(rule: impl Into<String>) -> Self {
        Self { rule: rule.into(), attempt: 1, within: None }
    }
}
