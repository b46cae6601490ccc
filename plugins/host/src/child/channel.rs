//! The descriptor that leads to the server.

use std::fs::File;
use std::io;
use std::os::fd::{FromRawFd, OwnedFd};

/// Closes every other descriptor and moves the socket away from 0, where the plugin's standard
/// input becomes `/dev/null`: so a plugin that reads or prints does not meet the protocol.
pub(super) fn take() -> io::Result<File> {
    close_all_from(3);
    // SAFETY: plain descriptor calls; the results are checked and owned once.
    unsafe {
        let moved = libc::fcntl(0, libc::F_DUPFD_CLOEXEC, 3);
        if moved < 0 {
            return Err(io::Error::last_os_error());
        }
        let channel = File::from(OwnedFd::from_raw_fd(moved));
        let null = libc::open(c"/dev/null".as_ptr(), libc::O_RDWR);
        if null < 0 || libc::dup2(null, 0) < 0 {
            return Err(io::Error::last_os_error());
        }
        libc::close(null);
        Ok(channel)
    }
}

/// Descriptor 0 where it is. The caller forgets the file if the descriptor is to stay open.
pub(super) fn borrow() -> Result<File, String> {
    // SAFETY: descriptor 0 is the socket the server gave us; nothing else owns it here.
    Ok(unsafe { File::from_raw_fd(0) })
}

/// Closes every descriptor from `first` on: what the server had open is not the plugin's business.
pub(super) fn close_all_from(first: u32) {
    #[cfg(target_os = "linux")]
    // SAFETY: nothing in this process owns these descriptors yet.
    if unsafe { libc::syscall(libc::SYS_close_range, first, u32::MAX, 0) } == 0 {
        return;
    }
    for descriptor in first..1024 {
        // SAFETY: as above; closing what is not open does nothing.
        unsafe { libc::close(descriptor.cast_signed()) };
    }
}
