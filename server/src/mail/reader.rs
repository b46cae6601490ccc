//! Messages out of a mailbox, one at a time, whatever form it has.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use super::{
    folder::MailFolder,
    mbox::{MboxReader, is_from_line},
};

/// The largest message that is taken unless another limit is set, in bytes.
const DEFAULT_LIMIT: usize = 25 * 1024 * 1024;

/// How much is read at once.
const BUFFER: usize = 128 * 1024;

/// The form of a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailFormat {
    /// One file of many messages, each after a line that starts with `From `.
    Mbox,
    /// A folder with the folders `cur` and `new`.
    Maildir,
    /// A folder of files, one message each.
    Folder,
    /// One message.
    Message,
}

/// One message as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailItem {
    /// The message, without what the mailbox put around it.
    pub bytes: Vec<u8>,
    /// Where it was found, in words such as `message 17 (byte 40311)`.
    pub place: String,
}

/// Why one message could not be brought; the ones after it still come.
#[derive(Debug, thiserror::Error)]
pub enum MailFailure {
    /// It is larger than the limit.
    #[error("{place}: the message has {size} bytes; at most {limit} are taken")]
    TooLarge {
        /// Where it is.
        place: String,
        /// How large it is.
        size: u64,
        /// The limit.
        limit: usize,
    },
    /// There is text before the first message of an mbox file.
    #[error("{place}: this is not part of any message: an mbox file starts with a `From ` line")]
    Stray {
        /// Where it is.
        place: String,
    },
    /// It cannot be read.
    #[error("{place}: {error}")]
    Unreadable {
        /// Where it is.
        place: String,
        /// What the system said.
        error: io::Error,
    },
}

/// Why a mailbox could not be opened.
#[derive(Debug, thiserror::Error)]
#[error("`{path}` cannot be read as mail: {error}")]
pub struct MailOpenError {
    path: PathBuf,
    error: io::Error,
}

/// Reads the messages of a mailbox one after the other.
///
/// Memory holds one message at a time, and of a folder the names of its files.
pub struct MailReader {
    messages: Messages,
    format: MailFormat,
    limit: usize,
}

enum Messages {
    Mbox(MboxReader<Box<dyn BufRead + Send>>),
    Folder(MailFolder),
    One(Option<Box<dyn BufRead + Send>>),
}

impl MailReader {
    /// Opens a file or a folder and finds out which form it has.
    pub fn open(path: &Path) -> Result<Self, MailOpenError> {
        let failed = |error| MailOpenError { path: path.to_owned(), error };
        if !fs::metadata(path).map_err(failed)?.is_dir() {
            return Self::new(File::open(path).map_err(failed)?).map_err(failed);
        }
        let folder = MailFolder::open(path).map_err(failed)?;
        let format = if MailFolder::is_maildir(path) { MailFormat::Maildir } else { MailFormat::Folder };
        Ok(Self { messages: Messages::Folder(folder), format, limit: DEFAULT_LIMIT })
    }

    /// Reads an mbox file or one message from `input`; the first line tells which it is.
    pub fn new(input: impl Read + Send + 'static) -> io::Result<Self> {
        let mut input: Box<dyn BufRead + Send> = Box::new(BufReader::with_capacity(BUFFER, input));
        let beginning = input.fill_buf()?;
        let beginning = beginning.strip_prefix(b"\xef\xbb\xbf").unwrap_or(beginning).trim_ascii_start();
        let first_line = beginning.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let (messages, format) = if is_from_line(first_line) {
            (Messages::Mbox(MboxReader::new(input)), MailFormat::Mbox)
        } else {
            (Messages::One(Some(input)), MailFormat::Message)
        };
        Ok(Self { messages, format, limit: DEFAULT_LIMIT })
    }

    /// Takes messages up to `limit` bytes; a larger one is a failure of its own.
    pub fn with_limit(self, limit: usize) -> Self {
        Self { limit, ..self }
    }

    /// The form that was found.
    pub fn format(&self) -> MailFormat {
        self.format
    }
}

impl Iterator for MailReader {
    type Item = Result<MailItem, MailFailure>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.messages {
            Messages::Mbox(mbox) => mbox.next_message(self.limit),
            Messages::Folder(folder) => folder.next_message(self.limit),
            Messages::One(input) => {
                Some(read_whole(&mut input.take()?, "the message".to_owned(), self.limit))
            }
        }
    }
}

/// Reads one message to its end.
pub(super) fn read_whole(input: &mut dyn Read, place: String, limit: usize) -> Result<MailItem, MailFailure> {
    let mut bytes = Vec::new();
    let read = input.take(limit as u64).read_to_end(&mut bytes);
    let rest = read.and_then(|_| io::copy(input, &mut io::sink()));
    match rest {
        Ok(0) => Ok(MailItem { bytes, place }),
        Ok(more) => Err(MailFailure::TooLarge { place, size: bytes.len() as u64 + more, limit }),
        Err(error) => Err(MailFailure::Unreadable { place, error }),
    }
}
