//! Messages out of a folder: a Maildir with its subfolders, or files with one message each.
//!
//! The order is that of the names without the flags behind them, so that a message that was read or
//! answered since keeps its place, and a Maildir comes in about the order of arrival.

use std::{
    ffi::OsStr,
    fs::{self, File},
    io::{self, BufReader},
    path::{Path, PathBuf},
};

use super::{
    mbox::MboxReader,
    reader::{MailFailure, MailItem, read_whole},
};

/// How deep folders are entered.
const MAX_DEPTH: usize = 16;

/// The messages of a folder and the folders in it.
pub(super) struct MailFolder {
    root: PathBuf,
    /// What is still to be read, the next one last.
    waiting: Vec<Waiting>,
    /// The mbox file that is being read.
    mbox: Option<(String, MboxReader<BufReader<File>>)>,
}

enum Waiting {
    Folder { path: PathBuf, depth: usize },
    Message(PathBuf),
    Mbox(PathBuf),
}

impl MailFolder {
    pub(super) fn open(root: &Path) -> io::Result<Self> {
        let waiting = listed(root, 0)?;
        Ok(Self { root: root.to_owned(), waiting, mbox: None })
    }

    pub(super) fn is_maildir(path: &Path) -> bool {
        path.join("cur").is_dir() && path.join("new").is_dir()
    }

    pub(super) fn next_message(&mut self, limit: usize) -> Option<Result<MailItem, MailFailure>> {
        loop {
            if let Some((place, mbox)) = &mut self.mbox {
                if let Some(item) = mbox.next_message(limit) {
                    return Some(within(place, item));
                }
                self.mbox = None;
            }
            let (path, failed) = match self.waiting.pop()? {
                Waiting::Folder { path, depth } => match listed(&path, depth) {
                    Ok(found) => {
                        self.waiting.extend(found);
                        continue;
                    }
                    Err(error) => (path, error),
                },
                Waiting::Mbox(path) => match File::open(&path) {
                    Ok(file) => {
                        self.mbox = Some((self.place(&path), MboxReader::new(BufReader::new(file))));
                        continue;
                    }
                    Err(error) => (path, error),
                },
                Waiting::Message(path) => match File::open(&path) {
                    Ok(mut file) => return Some(read_whole(&mut file, self.place(&path), limit)),
                    Err(error) => (path, error),
                },
            };
            return Some(Err(MailFailure::Unreadable { place: self.place(&path), error: failed }));
        }
    }

    fn place(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }
}

fn within(file: &str, item: Result<MailItem, MailFailure>) -> Result<MailItem, MailFailure> {
    let inside = |place: String| format!("{file}, {place}");
    match item {
        Ok(item) => Ok(MailItem { place: inside(item.place), ..item }),
        Err(MailFailure::TooLarge { place, size, limit }) => {
            Err(MailFailure::TooLarge { place: inside(place), size, limit })
        }
        Err(MailFailure::Stray { place }) => Err(MailFailure::Stray { place: inside(place) }),
        Err(MailFailure::Unreadable { place, error }) => {
            Err(MailFailure::Unreadable { place: inside(place), error })
        }
    }
}

/// What a folder holds, the first one last.
fn listed(folder: &Path, depth: usize) -> io::Result<Vec<Waiting>> {
    let is_maildir = MailFolder::is_maildir(folder);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let name = entry.file_name();
        if entry.file_type()?.is_dir() {
            let is_part = is_maildir && ["cur", "new", "tmp"].iter().any(|part| name == *part);
            // A link to a folder is not entered, so no folder comes twice.
            if !is_part && depth < MAX_DEPTH {
                found.push(Waiting::Folder { path, depth: depth + 1 });
            }
        } else {
            match path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase).as_deref() {
                Some("eml") if !is_maildir => found.push(Waiting::Message(path)),
                Some("mbox" | "mbx") if !is_maildir => found.push(Waiting::Mbox(path)),
                // Beside `cur` and `new` lie the index files of mail servers, and elsewhere anything.
                _ => {}
            }
        }
    }
    if is_maildir {
        for part in ["cur", "new"] {
            for entry in fs::read_dir(folder.join(part))? {
                let entry = entry?;
                let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
                if !is_hidden && !entry.file_type()?.is_dir() {
                    found.push(Waiting::Message(entry.path()));
                }
            }
        }
    }
    found.sort_by(|a, b| b.order().cmp(&a.order()));
    Ok(found)
}

impl Waiting {
    /// Messages before folders, then by name without flags.
    fn order(&self) -> (bool, &[u8], &Path) {
        let (is_folder, path) = match self {
            Self::Folder { path, .. } => (true, path),
            Self::Message(path) | Self::Mbox(path) => (false, path),
        };
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        let base = name.split(|byte| *byte == b':').next().unwrap_or(name);
        (is_folder, base, path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::{MailFormat, MailReader};

    fn places(root: &Path) -> (MailFormat, Vec<String>) {
        let reader = MailReader::open(root).unwrap();
        (reader.format(), reader.map(|item| item.map_or_else(|e| e.to_string(), |i| i.place)).collect())
    }

    fn write(root: &Path, files: &[&str]) {
        for file in files {
            let path = root.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, format!("Subject: {file}\n\n")).unwrap();
        }
    }

    #[test]
    fn a_maildir_keeps_its_order_when_flags_change() {
        let dir = tempfile::tempdir().unwrap();
        let files =
            ["new/102.b.host", "cur/101.a.host:2,S", "cur/103.c.host:2,", "tmp/99.x", ".Sent/cur/7:2,S"];
        write(dir.path(), &files);
        fs::create_dir_all(dir.path().join(".Sent/new")).unwrap();
        let expected = ["cur/101.a.host:2,S", "new/102.b.host", "cur/103.c.host:2,", ".Sent/cur/7:2,S"];
        assert_eq!(places(dir.path()), (MailFormat::Maildir, expected.map(str::to_owned).into()));
    }

    #[test]
    fn a_folder_gives_its_messages_and_mbox_files() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &["b.eml", "a.EML", "notes.txt", "2024/c.eml"]);
        fs::write(dir.path().join("old.mbox"), "From a Thu Aug 22 12:36:23 2002\nSubject: d\n\n").unwrap();
        let expected = ["a.EML", "b.eml", "old.mbox, message 1 (byte 0)", "2024/c.eml"];
        assert_eq!(places(dir.path()), (MailFormat::Folder, expected.map(str::to_owned).into()));
    }

    #[test]
    fn a_file_that_is_too_large_does_not_end_the_run() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &["a.eml", "b.eml"]);
        fs::write(dir.path().join("a.eml"), "x".repeat(100)).unwrap();
        let mut reader = MailReader::open(dir.path()).unwrap().with_limit(50);
        let failure = reader.next().unwrap().unwrap_err().to_string();
        assert_eq!(failure, "a.eml: the message has 100 bytes; at most 50 are taken");
        assert_eq!(reader.next().unwrap().unwrap().place, "b.eml");
    }
}
