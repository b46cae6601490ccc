//! Which files the process may read: libraries and the plugin itself, nothing else, and none to write.

use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetStatus, Scope,
};

use super::Runs;

/// Where the loader finds libraries, and what the C library opens by itself.
const LIBRARIES: &[&str] = &[
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/nix/store",
    "/gnu/store",
    "/etc/ld.so.cache",
    "/etc/ld-musl-x86_64.path",
    "/dev/null",
    "/dev/urandom",
    "/dev/random",
];

/// What an interpreter reads beside its libraries.
const PROGRAMS: &[&str] = &["/usr", "/bin", "/opt"];

pub(super) fn restrict(runs: &Runs) -> Result<(), String> {
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    let mut rules: Vec<(PathBuf, BitFlags<AccessFs>)> =
        LIBRARIES.iter().map(|path| (PathBuf::from(path), read)).collect();
    match runs {
        Runs::Library(file) => rules.push((file.clone(), AccessFs::ReadFile.into())),
        Runs::Program(paths) => {
            let programs = PROGRAMS.iter().map(PathBuf::from).chain(paths.iter().cloned());
            rules.extend(programs.map(|path| (path, read | AccessFs::Execute)));
        }
    }
    let status = apply(&rules).map_err(|error| error.to_string())?;
    match status {
        RulesetStatus::NotEnforced => Err("this kernel does not offer it".to_owned()),
        _ => Ok(()),
    }
}

fn apply(rules: &[(PathBuf, BitFlags<AccessFs>)]) -> Result<RulesetStatus, landlock::RulesetError> {
    // Older kernels enforce what they know of it.
    let abi = ABI::V6;
    let mut ruleset = Ruleset::default()
        .handle_access(AccessFs::from_all(abi))?
        .handle_access(AccessNet::from_all(abi))?
        .scope(Scope::from_all(abi))?
        .create()?;
    for (path, access) in rules {
        // A folder this system does not have needs no rule.
        let Ok(fd) = PathFd::new(path) else { continue };
        ruleset = ruleset.add_rule(PathBeneath::new(fd, fitting(path, *access)))?;
    }
    Ok(ruleset.restrict_self()?.ruleset)
}

/// Listing is a right of folders only.
fn fitting(path: &Path, access: BitFlags<AccessFs>) -> BitFlags<AccessFs> {
    if path.is_dir() { access } else { access & !BitFlags::from(AccessFs::ReadDir) }
}
