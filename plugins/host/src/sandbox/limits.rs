//! What the process may use up.

#![allow(unsafe_code)]

use std::io::Error;

/// Memory a plugin may hold: leaks end here.
const MEMORY: u64 = 512 * 1024 * 1024;

pub(super) fn set() -> Result<(), String> {
    // The allocator reserves 64 MB per arena; two arenas leave the memory to the plugin.
    #[cfg(target_env = "gnu")]
    // SAFETY: only sets an option of the allocator, while there is one thread.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, 2);
    }
    // A write over the limit then fails instead of killing the process.
    // SAFETY: ignoring a signal runs no code of ours.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
    // `RLIMIT_DATA` and not `RLIMIT_AS`: what is only reserved does not count.
    for (resource, most) in [
        (libc::RLIMIT_DATA, MEMORY),
        (libc::RLIMIT_FSIZE, 0),
        (libc::RLIMIT_CORE, 0),
        (libc::RLIMIT_NOFILE, 64),
    ] {
        let limit = libc::rlimit { rlim_cur: most, rlim_max: most };
        // SAFETY: `limit` is valid for the call.
        if unsafe { libc::setrlimit(resource, &raw const limit) } != 0 {
            return Err(Error::last_os_error().to_string());
        }
    }
    // SAFETY: a number in, a number out.
    if unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 0, 0, 0, 0) } != 0 {
        return Err(Error::last_os_error().to_string());
    }
    Ok(())
}
