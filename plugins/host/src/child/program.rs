//! A plugin that is a program: this process confines itself and becomes it.

use std::ffi::{OsStr, OsString};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use crate::Confine;

#[cfg(target_os = "linux")]
pub(super) fn confine(how: Confine, program: &OsStr, args: &[OsString]) -> Result<String, String> {
    crate::sandbox::confine(how, &crate::sandbox::Runs::Program(folders(program, args)))
}

#[cfg(not(target_os = "linux"))]
pub(super) fn confine(how: Confine, program: &OsStr, args: &[OsString]) -> Result<String, String> {
    let _ = folders(program, args);
    super::no_sandbox(how)
}

/// Becomes the program; returns only why not.
pub(super) fn become_it(program: &OsStr, args: &[OsString]) -> String {
    let error = Command::new(program).args(args).env_clear().exec();
    format!("`{}` cannot be started: {error}", program.display())
}

/// What the program reads beside the system: itself, and the folders its scripts are in.
fn folders(program: &OsStr, args: &[OsString]) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = PathBuf::from(program).canonicalize().into_iter().collect();
    for arg in args {
        let Ok(path) = PathBuf::from(arg).canonicalize() else { continue };
        match path.parent() {
            Some(folder) if path.is_file() && folder.parent().is_some() => paths.push(folder.to_owned()),
            _ => {}
        }
    }
    paths
}
