//! The words of a mail server: commands and their arguments.

/// One command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Command {
    Lhlo,
    /// `HELO` and `EHLO`: this is another protocol.
    Hello,
    Mail {
        size: Option<u64>,
    },
    Rcpt,
    Data,
    Rset,
    Noop,
    Vrfy,
    Quit,
}

/// Why a line is no command that can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mistake {
    Unknown,
    Argument,
    Parameter,
}

impl Mistake {
    pub(super) fn answer(self) -> &'static str {
        match self {
            Self::Unknown => "500 5.5.2 This is no command of LMTP",
            Self::Argument => "501 5.5.4 This command needs an address in angle brackets",
            Self::Parameter => "555 5.5.4 This parameter is not known",
        }
    }
}

/// The longest path in a command; RFC 5321 says 256, and letters beyond ASCII take several bytes each.
const LONGEST_PATH: usize = 1_000;

impl Command {
    pub(super) fn read(line: &str) -> Result<Self, Mistake> {
        let line = line.trim_end();
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim();
        match verb.to_ascii_uppercase().as_str() {
            "LHLO" if !rest.is_empty() => Ok(Self::Lhlo),
            "LHLO" => Err(Mistake::Argument),
            "HELO" | "EHLO" => Ok(Self::Hello),
            "MAIL" => {
                let parameters = path(rest, "FROM:")?;
                let mut size = None;
                for parameter in parameters.split_ascii_whitespace() {
                    let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
                    match (name.to_ascii_uppercase().as_str(), value.to_ascii_uppercase().as_str()) {
                        ("SIZE", value) => size = Some(value.parse().map_err(|_| Mistake::Parameter)?),
                        ("BODY", "7BIT" | "8BITMIME") | ("SMTPUTF8", "") | ("AUTH", _) => {}
                        _ => return Err(Mistake::Parameter),
                    }
                }
                Ok(Self::Mail { size })
            }
            "RCPT" => {
                let parameters = path(rest, "TO:")?;
                if parameters.is_empty() { Ok(Self::Rcpt) } else { Err(Mistake::Parameter) }
            }
            "DATA" => Ok(Self::Data),
            "RSET" => Ok(Self::Rset),
            "NOOP" => Ok(Self::Noop),
            "VRFY" => Ok(Self::Vrfy),
            "QUIT" => Ok(Self::Quit),
            _ => Err(Mistake::Unknown),
        }
    }
}

/// Reads `FROM:<…>` and gives what stands behind it. Whose address it is does not matter here: the
/// message itself says who wrote to whom.
fn path<'a>(text: &'a str, word: &str) -> Result<&'a str, Mistake> {
    let has_word = text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let rest = text.get(word.len()..).filter(|_| has_word).ok_or(Mistake::Argument)?;
    let inner = rest.trim_start().strip_prefix('<').ok_or(Mistake::Argument)?;
    let mut is_quoted = false;
    let mut is_escaped = false;
    for (at, c) in inner.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            '>' if !is_quoted => {
                let (path, rest) = (&inner[..at], &inner[at + 1..]);
                let is_path = path.len() <= LONGEST_PATH && !path.contains(char::is_control);
                let is_apart = rest.is_empty() || rest.starts_with(' ');
                return if is_path && is_apart { Ok(rest.trim_start()) } else { Err(Mistake::Argument) };
            }
            _ => {}
        }
    }
    Err(Mistake::Argument)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_as_mail_servers_write_them() {
        for (line, expected) in [
            ("LHLO mx.example\r\n", Ok(Command::Lhlo)),
            ("lhlo mx.example", Ok(Command::Lhlo)),
            ("LHLO", Err(Mistake::Argument)),
            ("EHLO mx.example", Ok(Command::Hello)),
            ("MAIL FROM:<>", Ok(Command::Mail { size: None })),
            ("mail from:<a@x> SIZE=12 BODY=8BITMIME SMTPUTF8", Ok(Command::Mail { size: Some(12) })),
            ("MAIL FROM: <a@x>", Ok(Command::Mail { size: None })),
            ("MAIL FROM:<a@x> SIZE=many", Err(Mistake::Parameter)),
            ("MAIL FROM:<a@x> HOLDFOR=1", Err(Mistake::Parameter)),
            ("MAIL FROM:a@x", Err(Mistake::Argument)),
            ("RCPT TO:<\"a>b\"@x>", Ok(Command::Rcpt)),
            ("RCPT TO:<björn@x>", Ok(Command::Rcpt)),
            ("RCPT TO:<a@x", Err(Mistake::Argument)),
            ("RCPT TO:<a@x>x", Err(Mistake::Argument)),
            ("RCPT", Err(Mistake::Argument)),
            ("DATA", Ok(Command::Data)),
            ("BDAT 4", Err(Mistake::Unknown)),
            ("", Err(Mistake::Unknown)),
        ] {
            assert_eq!(Command::read(line), expected, "{line}");
        }
    }
}
