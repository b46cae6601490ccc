//! Which plugins there are, and what they say about themselves.

use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::desk::{CallContext, Desk};
use crate::supervise::{Launcher, Lost, PluginSpec, Process};
use crate::{Gate, Manifest, Said, wire};

/// How long a plugin may take to say what it is.
const PATIENCE: Duration = Duration::from_secs(5);

/// Folders with plugins in them.
#[derive(Clone, Debug)]
pub struct PluginFolder {
    folders: Vec<PathBuf>,
}

/// A plugin that was found and asked.
#[derive(Clone, Debug)]
pub struct Inspected {
    /// Its file.
    pub file: PathBuf,
    /// SHA-256 of the file, for consent and pinning.
    pub sha256: String,
    /// What it says about itself.
    pub manifest: Manifest,
    /// What its process was confined by.
    pub confined: String,
}

/// A file that looks like a plugin but cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{why}")]
pub struct Refused {
    /// The file.
    pub file: PathBuf,
    /// A sentence that names the file and says what to do.
    pub why: String,
}

impl PluginFolder {
    /// The plugins in these folders, the first with an id winning. A folder that is not there is
    /// empty.
    #[must_use]
    pub fn new(folders: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        Self { folders: folders.into_iter().map(Into::into).collect() }
    }

    /// Shared libraries that hold the name of a plugin's symbol, in the order of their names.
    /// None of them is opened as a library here.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for folder in &self.folders {
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            let mut files: Vec<PathBuf> = entries
                .map(|entry| entry.path())
                .filter(|file| is_library(file) && names_the_symbol(file))
                .collect();
            files.sort();
            found.extend(files);
        }
        found
    }

    /// Asks every plugin what it is, each in a confined process of its own.
    pub async fn find(&self, launcher: &Launcher) -> Vec<Result<Inspected, Refused>> {
        let mut found: Vec<Result<Inspected, Refused>> = Vec::new();
        for file in self.files() {
            let plugin = inspect(&file, launcher).await;
            let is_known = |id: &str| found.iter().flatten().any(|other| other.manifest.id == id);
            match &plugin {
                Ok(plugin) if is_known(&plugin.manifest.id) => {}
                _ => found.push(plugin),
            }
        }
        found
    }
}

fn is_library(file: &Path) -> bool {
    let is_named = file.extension().is_some_and(|end| end == "so" || end == "dylib" || end == "dll");
    is_named && file.is_file()
}

/// Keeps other libraries from being started only to be refused.
fn names_the_symbol(file: &Path) -> bool {
    let symbol = whom_plugin_abi::SYMBOL.as_bytes();
    std::fs::read(file).is_ok_and(|bytes| bytes.windows(symbol.len()).any(|window| window == symbol))
}

/// Starts a plugin in a confined process, asks what it is, and ends it again.
///
/// # Errors
/// A sentence that names the file and says what to do.
pub async fn inspect(file: &Path, launcher: &Launcher) -> Result<Inspected, Refused> {
    let refused = |why: String| Refused { file: file.to_owned(), why };
    let name = file.file_name().unwrap_or(file.as_os_str()).display().to_string();
    let sha256 = sha256_of(file).map_err(|error| refused(format!("{name} cannot be read: {error}")))?;
    let spec = PluginSpec::library("", file, serde_json::Value::Null);
    let desk = Desk::new("", Arc::new(Gate::closed()));
    let process = Process::start(launcher, &spec, desk, PATIENCE, |_| {})
        .map_err(|error| refused(format!("no process for {name}: {error}")))?;
    let manifest = greet(&process, PATIENCE).await;
    let confined = process.confined().to_owned();
    process.stop();
    process.ended().await;
    match manifest {
        Ok(manifest) => Ok(Inspected { file: file.to_owned(), sha256, manifest, confined }),
        Err(Lost::Said(said)) => Err(refused(said.message)),
        Err(Lost::Ended { how, tail, .. }) => {
            let tail = if tail.is_empty() { String::new() } else { format!("\n{tail}") };
            Err(refused(format!("{name} ended before it said what it is: {how}{tail}")))
        }
        Err(Lost::TimedOut | Lost::Closed) => Err(refused(format!("{name} did not say in time what it is"))),
    }
}

/// Exchanges `hello` and checks that both sides can work together.
pub(crate) async fn greet(process: &Process, patience: Duration) -> Result<Manifest, Lost> {
    #[derive(Deserialize)]
    struct Hello {
        protocol: String,
        manifest: Manifest,
    }
    let host = concat!("whom/", env!("CARGO_PKG_VERSION"));
    let params = serde_json::json!({ "protocol": wire::PROTOCOL, "host": host }).to_string();
    let context = Arc::new(CallContext::new("hello", false, "", patience));
    let answer = process.call("hello", &params, context, patience, Duration::ZERO).await?;
    let refused = |why: String| Lost::Said(Said::new(crate::SaidKind::Refused, why));
    let hello: Hello = serde_json::from_str(answer.get())
        .map_err(|error| refused(format!("the plugin's manifest cannot be read: {error}")))?;
    if hello.protocol.split('.').next() != wire::PROTOCOL.split('.').next() {
        return Err(refused(format!(
            "{} speaks protocol {}; this version of whom speaks {}",
            hello.manifest.id,
            hello.protocol,
            wire::PROTOCOL
        )));
    }
    hello.manifest.check().map_err(refused)?;
    Ok(hello.manifest)
}

/// SHA-256 of a file, in hexadecimal.
///
/// # Errors
/// When it cannot be read.
pub fn sha256_of(file: &Path) -> std::io::Result<String> {
    let mut file = std::fs::File::open(file)?;
    let mut digest = Sha256::new();
    let mut chunk = vec![0; 64 * 1024];
    loop {
        match file.read(&mut chunk)? {
            0 => break,
            length => digest.update(&chunk[..length]),
        }
    }
    Ok(hexadecimal(&digest.finalize()))
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
