//! How a process ended, in words.

use std::process::ExitStatus;

pub(super) fn in_words(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        let words = match signal {
            libc::SIGSEGV => "segmentation fault (SIGSEGV)",
            libc::SIGABRT => "aborted (SIGABRT)",
            libc::SIGBUS => "bus error (SIGBUS)",
            libc::SIGILL => "illegal instruction (SIGILL)",
            libc::SIGFPE => "arithmetic error (SIGFPE)",
            libc::SIGTRAP => "trap (SIGTRAP)",
            libc::SIGKILL => "killed (SIGKILL)",
            libc::SIGTERM => "told to end (SIGTERM)",
            libc::SIGSYS => "forbidden system call (SIGSYS)",
            _ => return format!("signal {signal}"),
        };
        return words.to_owned();
    }
    match status.code() {
        Some(code) => format!("exited with {code}"),
        None => "ended".to_owned(),
    }
}
