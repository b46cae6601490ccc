//! Where words go: answers to standard output, everything about them to standard error.

use std::io::{self, IsTerminal, Write};

use crate::problem::Failure;

/// In which form answers are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Tables and sentences.
    People,
    /// The API's answers as they come.
    Json,
}

/// How much is said beside the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Talk {
    /// Progress and hints.
    Usual,
    /// Failures alone.
    Quiet,
}

/// Where a command's words go, and in which form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    /// In which form answers are printed.
    pub(crate) form: Form,
    /// How much is said beside the answer.
    pub(crate) talk: Talk,
    /// How to make words stand out on standard output.
    pub(crate) paint: Paint,
    /// How many columns there are.
    pub(crate) width: usize,
}

impl Output {
    /// Looks at the terminal, where there is one.
    pub(crate) fn new(form: Form, talk: Talk) -> Self {
        let is_terminal = io::stdout().is_terminal();
        let wants_colour = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { form, talk, paint: Paint { on: is_terminal && wants_colour }, width: width(is_terminal) }
    }

    /// Whether answers are printed as they come.
    pub(crate) fn is_json(&self) -> bool {
        self.form == Form::Json
    }

    /// Prints a part of the answer, with a line end.
    pub(crate) fn line(&self, text: impl AsRef<str>) -> Result<(), Failure> {
        self.bytes(text.as_ref().as_bytes())
    }

    /// Prints bytes of the answer as they are, with a line end where there is none.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        if !bytes.ends_with(b"\n") {
            out.write_all(b"\n")?;
        }
        Ok(out.flush()?)
    }

    /// Says something beside the answer; nothing when quiet was asked for.
    pub(crate) fn note(&self, text: impl AsRef<str>) {
        if self.talk == Talk::Usual {
            say(text.as_ref());
        }
    }

    /// Says something that has to be heard.
    pub(crate) fn warn(&self, text: impl AsRef<str>) {
        say(text.as_ref());
    }

    /// Asks a question with yes or no; without a terminal the answer is no.
    pub(crate) fn asks(&self, question: &str) -> Result<bool, Failure> {
        if !io::stdin().is_terminal() {
            return Ok(false);
        }
        let mut err = io::stderr().lock();
        write!(err, "{question} [y/N] ")?;
        err.flush()?;
        let mut answer = String::new();
        io::stdin().read_line(&mut answer)?;
        Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
    }
}

/// Prints to standard error; nothing helps when nobody can hear it.
fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

fn width(is_terminal: bool) -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    match told {
        Some(columns) => usize::max(columns, 40),
        None if is_terminal => {
            terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0).max(40))
        }
        // A file or a pipe has no edge; long lines would only be cut for nothing.
        None => 160,
    }
}

/// Makes words stand out, where the terminal can.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paint {
    /// Whether it does.
    pub(crate) on: bool,
}

impl Paint {
    /// Paints nothing.
    #[cfg(test)]
    pub(crate) const PLAIN: Self = Self { on: false };

    /// In bold.
    pub(crate) fn bold(self, text: impl AsRef<str>) -> String {
        self.wrap("1", text.as_ref())
    }

    /// Less visible.
    pub(crate) fn dim(self, text: impl AsRef<str>) -> String {
        self.wrap("2", text.as_ref())
    }

    /// Good news.
    pub(crate) fn green(self, text: impl AsRef<str>) -> String {
        self.wrap("32", text.as_ref())
    }

    /// To be looked at.
    pub(crate) fn yellow(self, text: impl AsRef<str>) -> String {
        self.wrap("33", text.as_ref())
    }

    /// Bad news.
    pub(crate) fn red(self, text: impl AsRef<str>) -> String {
        self.wrap("31", text.as_ref())
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.on && !text.is_empty() { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// Takes control characters out of what strangers wrote, so that it cannot steer the terminal.
pub(crate) fn harmless(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' | '\r' => ' ',
            // Marks that turn the direction of writing would let a name pass for another.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => ' ',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect::<String>()
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_strangers_wrote_cannot_steer_the_terminal() {
        assert_eq!(harmless("Ana\x1b[2J \u{202e}gro.live\r\nnext"), "Ana [2J gro.live next");
    }
}
