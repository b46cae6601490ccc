//! The other side: what runs as `whom plugin-host libgravatar.so`, one process per plugin.
//!
//! The order is the point: give away every descriptor, confine, and only then open the library,
//! so that already its constructors run confined.

mod channel;
mod library;
mod program;
mod relay;

use std::ffi::OsString;
use std::fs::File;
use std::path::PathBuf;

use crate::Confine;

/// What the command line asks for.
enum Job {
    Library(PathBuf),
    Program(OsString, Vec<OsString>),
}

/// Runs a plugin in this process and never returns.
///
/// `args` is what stands behind `plugin-host`: `[--confine MODE] FILE`, or
/// `[--confine MODE] --exec PROGRAM ARGS…`. Descriptor 0 is the socket to the server. Has to be
/// called first thing in `main`, before there is a thread or an open file worth keeping.
pub fn plugin_host_main(args: impl IntoIterator<Item = OsString>) -> ! {
    // A plugin is never told more on a panic of ours than that there was one.
    let code = match run(args.into_iter()) {
        Ok(()) => 0,
        Err(why) => {
            complain(&why);
            64
        }
    };
    leave(code)
}

/// Keeps other processes of the same user from reading this one's memory, secrets included.
/// The server calls it once at its start.
pub fn protect_server() {
    #[cfg(target_os = "linux")]
    // SAFETY: a number in, a number out.
    unsafe {
        libc::prctl(libc::PR_SET_DUMPABLE, 0, 0, 0, 0);
    }
}

fn run(mut args: impl Iterator<Item = OsString>) -> Result<(), String> {
    let mut confine = Confine::WhenPossible;
    let mut next = args.next();
    if next.as_ref().is_some_and(|arg| arg == "--confine") {
        let mode = args.next().unwrap_or_default();
        confine =
            mode.to_str().and_then(Confine::parse).ok_or("--confine is required, when-possible or off")?;
        next = args.next();
    }
    let job = match next {
        Some(arg) if arg == "--exec" => {
            Job::Program(args.next().ok_or("--exec needs a program")?, args.collect())
        }
        Some(file) => Job::Library(file.into()),
        None => {
            return Err(
                "plugin-host needs the file of a plugin; the server starts it, not a person".to_owned()
            );
        }
    };
    match job {
        Job::Library(file) => {
            let channel = channel::take().map_err(|error| format!("descriptor 0: {error}"))?;
            let file = file.canonicalize().unwrap_or(file);
            let in_force = confine_for_library(confine, &file)?;
            say_confined(&channel, &in_force)?;
            relay::serve(channel, library::load(&file));
            Ok(())
        }
        Job::Program(program, args) => {
            channel::close_all_from(3);
            let in_force = program::confine(confine, &program, &args)?;
            let channel = channel::borrow()?;
            say_confined(&channel, &in_force)?;
            // The socket stays descriptor 0 of the program.
            std::mem::forget(channel);
            Err(program::become_it(&program, &args))
        }
    }
}

/// Said before any foreign code runs, so that no plugin can say it in our place.
fn say_confined(mut channel: &File, in_force: &str) -> Result<(), String> {
    use std::io::Write;
    let params = serde_json::json!({ "by": in_force }).to_string();
    channel
        .write_all(crate::wire::notification("confined", &params).as_bytes())
        .map_err(|error| format!("descriptor 0 is not a socket to the server: {error}"))
}

#[cfg(target_os = "linux")]
fn confine_for_library(how: Confine, file: &std::path::Path) -> Result<String, String> {
    crate::sandbox::confine(how, &crate::sandbox::Runs::Library(file.to_owned()))
}

#[cfg(not(target_os = "linux"))]
fn confine_for_library(how: Confine, _: &std::path::Path) -> Result<String, String> {
    no_sandbox(how)
}

/// What other systems than Linux offer: a process, and no more.
#[cfg(not(target_os = "linux"))]
fn no_sandbox(how: Confine) -> Result<String, String> {
    match how {
        Confine::Required => Err("confinement is required, but this system offers none".to_owned()),
        _ => Ok("its own process only".to_owned()),
    }
}

/// The server keeps the last lines of descriptor 2 as the reason of a crash.
fn complain(why: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "whom plugin-host: {why}");
}

/// Ends the process at once: no destructors, no `atexit` of a library that may hang in it.
fn leave(code: i32) -> ! {
    // SAFETY: `_exit` runs no code of this process.
    unsafe { libc::_exit(code) }
}
