//! Arguments of the commands that serve, and of those about rules and plugins.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use whom_server::LmtpAddress;

/// How to serve.
#[derive(Clone, Debug, Args)]
pub(crate) struct ServeArgs {
    /// The address to serve on [default: 127.0.0.1:7001]
    #[arg(long, env = "WHOM_ADDRESS", value_name = "ADDRESS:PORT")]
    pub(crate) address: Option<SocketAddr>,
    /// Take mail from a mail server on this machine over LMTP, such as 127.0.0.1:2424 or /run/whom/lmtp.sock
    #[arg(long, env = "WHOM_LMTP", value_name = "ADDRESS")]
    pub(crate) lmtp: Option<LmtpAddress>,
    /// The settings [default: whom.toml in the data folder, where there is one]
    #[arg(long, env = "WHOM_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The form of the log; WHOM_LOG says how much of it
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(crate) log: LogForm,
}

/// The form of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogForm {
    /// Lines for people
    Text,
    /// One JSON object on each line
    Json,
}

/// How to show the demo.
#[derive(Clone, Debug, Args)]
pub(crate) struct DemoArgs {
    /// Keep the data here; a second start finds it again [default: a folder that goes at the end]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) folder: Option<PathBuf>,
    /// The port to serve on; 0 takes any that is free
    #[arg(long, default_value_t = 7001)]
    pub(crate) port: u16,
    /// Take in the sample data, print the figures and end
    #[arg(long)]
    pub(crate) no_serve: bool,
}

/// What to do with the rules.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// Compile the rules, run their cases and say what is wrong
    Check {
        /// The folder of scripts [default: `rules` in the data folder, else the rules that come with Whom]
        folder: Option<PathBuf>,
    },
    /// Show the properties and what decides
    Show,
}

/// What to do with plugins.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum PluginsCommand {
    /// Show the plugins there are
    List,
}
