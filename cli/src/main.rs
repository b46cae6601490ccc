//! The `whom` command: a client of the HTTP API that can also serve it.
//!
//! `args` says what was typed, `meant` what is meant by it; `client` is the way to the API, in this
//! process (`house`) or behind a socket; `commands` asks it and `render` makes tables of its answers.

mod args;
mod meant;

mod client;
mod directory;
mod folder;
mod house;
mod settings;

mod commands;
mod demo;
mod ingest;

mod render;
mod wire;

mod exit;
mod figures;
mod moment;
mod output;
mod problem;
mod table;

use std::process::ExitCode;

use clap::Parser;

use crate::{
    args::Typed,
    exit::Exit,
    meant::Meant,
    output::{Form, Output, Talk},
    problem::Failure,
};

fn main() -> ExitCode {
    // A plugin's process confines itself before it has threads, so this goes before everything else.
    commands::plugin_host();
    let typed = Typed::parse();
    install_crypto();
    let form = if typed.global.json { Form::Json } else { Form::People };
    match run(typed) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            tell(&failure, form);
            failure.exit().into()
        }
    }
}

fn run(typed: Typed) -> Result<Exit, Failure> {
    let meant = Meant::read(&typed.global)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(commands::run(typed.command, &meant));
    // A thread that still waits for standard input would keep the process for ever.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    outcome
}

fn tell(failure: &Failure, form: Form) {
    let output = Output::new(form, Talk::Usual);
    match (failure, failure.body()) {
        (Failure::NobodyReads, _) => {}
        (_, Some(body)) if form == Form::Json => {
            // Where nobody reads it, the exit code still says it.
            let _ = output.bytes(body);
        }
        _ => {
            output.warn(format!("whom: {failure}"));
            if let Some(advice) = failure.advice() {
                output.warn(format!("      {advice}"));
            }
        }
    }
}

/// Chooses the cryptography of connections, once for the process.
fn install_crypto() {
    // Somebody who was faster chose the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
