//! Confines the process before any foreign code is in it: landlock for files, seccomp for
//! everything else, rlimits for what it may use up. Needs no privilege.

mod files;
mod limits;
mod syscalls;

use std::path::PathBuf;

use crate::Confine;

/// What the process will run, and therefore has to read.
pub(crate) enum Runs {
    /// One library.
    Library(PathBuf),
    /// A program with its interpreter and the folders of its scripts.
    Program(Vec<PathBuf>),
}

/// Confines this process for good and says what is in force, as `landlock + seccomp`.
///
/// Has to be called while there is one thread, as landlock holds for the thread that asks and
/// those it starts later.
pub(crate) fn confine(how: Confine, runs: &Runs) -> Result<String, String> {
    if how == Confine::Off {
        return Ok("nothing, by setting".to_owned());
    }
    let threads = std::fs::read_dir("/proc/self/task").map_or(1, Iterator::count);
    if threads != 1 {
        return Err(format!(
            "the plugin host has to confine itself before there are threads; there are {threads}"
        ));
    }
    let mut in_force = Vec::new();
    let mut missing = Vec::new();
    let mut note = |name: &'static str, done: Result<(), String>| match done {
        Ok(()) => in_force.push(name),
        Err(why) => missing.push(format!("no {name}: {why}")),
    };
    note("rlimits", limits::set());
    note("landlock", files::restrict(runs));
    note("seccomp", syscalls::restrict(matches!(runs, Runs::Program(_))));
    if how == Confine::Required && !missing.is_empty() {
        return Err(format!("confinement is required, but there is {}", missing.join(", ")));
    }
    in_force.retain(|name| *name != "rlimits");
    let mut said = if in_force.is_empty() { "its own process only".to_owned() } else { in_force.join(" + ") };
    for why in missing {
        said.push_str(&format!("; {why}"));
    }
    Ok(said)
}
