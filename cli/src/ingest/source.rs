//! What is to be taken in, one thing at a time, from whatever was named.
//!
//! A thread of its own reads; the channel behind it is short, so that memory stays bounded however
//! large a mailbox is.

use std::{
    ffi::OsStr,
    fs::{self, File},
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use anyhow::{Context, anyhow};
use bytes::Bytes;
use tokio::sync::mpsc;
use whom_server::mail::{MailFormat, MailReader};

/// How many things are read ahead.
const READ_AHEAD: usize = 256;

/// The longest line of a file of events, in bytes.
const LONGEST_LINE: usize = 1 << 20;

/// How deep folders are entered in search of events.
const MAX_DEPTH: usize = 16;

/// One thing to take in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    /// Where it was found, for whoever looks for it there.
    pub(crate) place: String,
    /// What it is.
    pub(crate) what: What,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A raw message.
    Mail(Bytes),
    /// A tracking message, as JSON.
    Event(Bytes),
    /// Something that could not be brought, and why.
    Broken(Sort, String),
}

/// What sort of thing it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// Mail.
    Mail,
    /// Events.
    Event,
}

impl Item {
    /// What sort of thing it is.
    pub(crate) fn sort(&self) -> Sort {
        match &self.what {
            What::Mail(_) => Sort::Mail,
            What::Event(_) => Sort::Event,
            What::Broken(sort, _) => *sort,
        }
    }

    /// How long it is, in bytes.
    pub(crate) fn len(&self) -> usize {
        match &self.what {
            What::Mail(bytes) | What::Event(bytes) => bytes.len(),
            What::Broken(..) => 0,
        }
    }
}

/// Everything that is to be taken in.
#[derive(Debug)]
pub(crate) struct Source {
    inputs: Vec<Input>,
    /// How many bytes there are, where that is known beforehand.
    pub(crate) bytes: Option<u64>,
}

#[derive(Debug)]
enum Input {
    Mail(PathBuf),
    Events(PathBuf),
    Standard,
    Memory { name: &'static str, events: bool, bytes: &'static [u8] },
}

impl Source {
    /// Looks at what was named; what is not there is said before anything is read.
    pub(crate) fn open(paths: &[PathBuf]) -> anyhow::Result<Self> {
        let (mut inputs, mut bytes) = (Vec::new(), Some(0));
        for path in paths {
            if path.as_os_str() == "-" {
                inputs.push(Input::Standard);
                bytes = None;
                continue;
            }
            let about = fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
            if about.is_dir() {
                inputs.push(Input::Mail(path.clone()));
                let mut events = Vec::new();
                let size = survey(path, 0, &mut events)?;
                events.sort();
                inputs.extend(events.into_iter().map(Input::Events));
                bytes = bytes.map(|known| known + size);
            } else {
                inputs.push(if is_events(path) {
                    Input::Events(path.clone())
                } else {
                    Input::Mail(path.clone())
                });
                bytes = bytes.map(|known| known + about.len());
            }
        }
        Ok(Self { inputs, bytes })
    }

    /// A mailbox and events that are part of this program.
    pub(crate) fn built_in(
        mail: (&'static str, &'static [u8]),
        events: (&'static str, &'static [u8]),
    ) -> Self {
        let inputs = vec![
            Input::Memory { name: mail.0, events: false, bytes: mail.1 },
            Input::Memory { name: events.0, events: true, bytes: events.1 },
        ];
        Self { inputs, bytes: Some((mail.1.len() + events.1.len()) as u64) }
    }

    /// Begins to read; what is read waits in the channel.
    pub(crate) fn start(self) -> mpsc::Receiver<anyhow::Result<Item>> {
        let (sender, receiver) = mpsc::channel(READ_AHEAD);
        tokio::task::spawn_blocking(move || {
            let several = self.inputs.len() > 1;
            for input in self.inputs {
                let mut give = |item| sender.blocking_send(Ok(item)).is_ok();
                match input.read(several, &mut give) {
                    Ok(true) => {}
                    // Whoever took the items has gone.
                    Ok(false) => return,
                    Err(error) => {
                        if sender.blocking_send(Err(error)).is_err() {
                            return;
                        }
                    }
                }
            }
        });
        receiver
    }
}

type Give<'a> = &'a mut dyn FnMut(Item) -> bool;

impl Input {
    /// Gives everything there is; says whether somebody still wants more.
    fn read(self, several: bool, give: Give<'_>) -> anyhow::Result<bool> {
        match self {
            Self::Mail(path) => {
                let reader =
                    MailReader::open(&path).with_context(|| format!("cannot read {}", path.display()))?;
                // A message in a file of its own has no better place than the file.
                let prefix = match reader.format() {
                    MailFormat::Message => None,
                    _ => several.then(|| format!("{}, ", path.display())),
                };
                Ok(mails(reader, &prefix.unwrap_or_default(), give))
            }
            Self::Events(path) => {
                let file = File::open(&path).with_context(|| format!("cannot read {}", path.display()))?;
                events(BufReader::new(file), &path.display().to_string(), give)
            }
            Self::Memory { name, events: true, bytes } => events(bytes, name, give),
            Self::Memory { name, bytes, .. } => {
                let reader = MailReader::new(bytes).with_context(|| format!("cannot read {name}"))?;
                Ok(mails(reader, &format!("{name}, "), give))
            }
            Self::Standard => {
                let mut input = BufReader::with_capacity(128 << 10, io::stdin());
                let start = input.fill_buf()?;
                let first = start.iter().find(|byte| !byte.is_ascii_whitespace());
                match first {
                    None => Ok(true),
                    Some(b'{') => events(input, "standard input", give),
                    Some(_) => {
                        let reader = MailReader::new(input).context("cannot read standard input")?;
                        Ok(mails(reader, "standard input, ", give))
                    }
                }
            }
        }
    }
}

fn mails(reader: MailReader, prefix: &str, give: Give<'_>) -> bool {
    for found in reader {
        let item = match found {
            Ok(mail) => {
                Item { place: format!("{prefix}{}", mail.place), what: What::Mail(mail.bytes.into()) }
            }
            Err(failure) => {
                let said = failure.to_string();
                let (place, why) = said.split_once(": ").unwrap_or(("", &said));
                Item { place: format!("{prefix}{place}"), what: What::Broken(Sort::Mail, why.to_owned()) }
            }
        };
        if !give(item) {
            return false;
        }
    }
    true
}

fn events(mut input: impl BufRead, name: &str, give: Give<'_>) -> anyhow::Result<bool> {
    let mut number = 0_u64;
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = (&mut input).take(LONGEST_LINE as u64 + 1).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(true);
        }
        number += 1;
        if read > LONGEST_LINE && !line.ends_with(b"\n") {
            return Err(anyhow!(
                "{name}, line {number}: the line is longer than a megabyte, so this is no file of events"
            ));
        }
        let text = line.trim_ascii();
        if text.is_empty() {
            continue;
        }
        let place = format!("{name}, line {number}");
        let what = if serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok() && text.starts_with(b"{")
        {
            What::Event(Bytes::copy_from_slice(text))
        } else {
            What::Broken(Sort::Event, "the line is no JSON object".into())
        };
        if !give(Item { place, what }) {
            return Ok(false);
        }
    }
}

fn is_events(path: &Path) -> bool {
    matches!(extension(path).as_deref(), Some("jsonl" | "ndjson"))
}

fn extension(path: &Path) -> Option<String> {
    path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase)
}

/// Finds files of events in a folder and adds up the size of all files in it.
fn survey(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> anyhow::Result<u64> {
    let mut size = 0;
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let entry = entry?;
        let (kind, path) = (entry.file_type()?, entry.path());
        if kind.is_dir() && depth < MAX_DEPTH {
            size += survey(&path, depth + 1, found)?;
        } else if kind.is_file() {
            size += entry.metadata()?.len();
            if is_events(&path) {
                found.push(path);
            }
        }
    }
    Ok(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        let all = events(text.as_bytes(), "e.jsonl", &mut |item| {
            let what = match &item.what {
                What::Event(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                What::Broken(_, why) => why.clone(),
                What::Mail(_) => "mail".into(),
            };
            found.push(format!("{}: {what}", item.place));
            true
        });
        assert!(all.unwrap());
        found
    }

    #[test]
    fn a_broken_line_costs_itself_alone() {
        assert_eq!(
            read("{\"type\":\"track\"}\n\nnonsense\n[1]\n{\"type\":\"page\"}"),
            [
                "e.jsonl, line 1: {\"type\":\"track\"}",
                "e.jsonl, line 3: the line is no JSON object",
                "e.jsonl, line 4: the line is no JSON object",
                "e.jsonl, line 5: {\"type\":\"page\"}",
            ]
        );
    }

    #[test]
    fn a_path_that_is_not_there_is_said_before_anything_is_read() {
        let error = Source::open(&["/nowhere/mail.mbox".into()]).unwrap_err();
        assert!(error.to_string().contains("/nowhere/mail.mbox"));
    }
}
