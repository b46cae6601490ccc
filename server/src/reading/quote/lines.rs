//! Single lines, and few that belong together: what announces a quote, what ends a message.

use super::phrases;

/// The most lines over which an announcement runs, and the most characters it has.
pub(super) const MOST_LINES: usize = 4;
const MOST_CHARS: usize = 320;

/// A line as it is compared: no marks of direction, ordinary blanks, small letters.
pub(super) fn plain(line: &str) -> String {
    let kept = line.chars().filter(|c| {
        !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    });
    let blank = kept.map(|c| if c.is_whitespace() || c == '\u{3164}' { ' ' } else { c });
    let text: String = blank.collect::<String>().to_lowercase();
    text.trim().to_owned()
}

/// Whether a line is quoted by its first character.
pub(super) fn is_marked(line: &str) -> bool {
    line.trim_start_matches([' ', '\u{feff}']).starts_with('>') && line.len() - line.trim_start().len() < 4
}

/// How sure it is that lines announce a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Announces {
    /// Only where marked lines follow.
    IfMarked,
    /// Also where what follows has no marks.
    Surely,
}

/// Whether lines announce a quote, and how many of them.
pub(super) fn announcement(lines: &[&str]) -> Option<(usize, Announces)> {
    let (count, sure) = starting_here(lines)?;
    let first = plain(lines[0]);
    // What somebody wrote right above the announcement is no part of it.
    let goes_on =
        first.ends_with(['<', ',', '(']) || begins(&first) && !first.ends_with(['.', '!', '?', '…']);
    let is_above = count > 1
        && !goes_on
        && starting_here(&lines[1..]).is_some_and(|(below, other)| below + 1 == count && other >= sure);
    (!is_above).then_some((count, sure))
}

fn starting_here(lines: &[&str]) -> Option<(usize, Announces)> {
    let mut joined = String::new();
    for (count, line) in lines.iter().take(MOST_LINES).enumerate() {
        let line = plain(line);
        if line.is_empty() || is_marked(&line) {
            return None;
        }
        if count > 0 {
            joined.push(' ');
        }
        joined.push_str(&line);
        if joined.chars().count() > MOST_CHARS {
            return None;
        }
        if let Some(sure) = announces(&joined) {
            return Some((count + 1, sure));
        }
    }
    None
}

/// Whether a text begins as announcements do: with a day, a date or the word before one.
fn begins(text: &str) -> bool {
    let is_end = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() || c.is_ascii_digit());
    text.starts_with(|c: char| c.is_ascii_digit())
        || phrases::ON.iter().any(|word| {
            text.strip_prefix(word)
                .is_some_and(|rest| word.ends_with(' ') || is_cjk(word) || is_end(rest.chars().next()))
        })
}

/// Whether a text of one line announces a quote.
pub(super) fn announces(text: &str) -> Option<Announces> {
    let ends = text.ends_with([':', '：']);
    let bare = text.trim_end_matches([':', '：', ' ', '.', '…', '*', '_']).trim_end();
    let has_digit = bare.chars().any(|c| c.is_ascii_digit());
    let has_address = bare.contains('@');
    let says = phrases::WROTE.iter().any(|word| ends_with_word(bare, word));
    // `schrieb Ana Flores <ana@example.org>:` and `a écrit le 3 mai :` have the verb before the name.
    let says_before = || {
        phrases::WROTE.iter().any(|word| {
            bare.find(word).is_some_and(|at| at > 0 && is_word_at(bare, at, word) && bare[at..].len() < 160)
        })
    };
    if !ends || bare.is_empty() {
        // Chinese programs leave the colon out, and `<ana@example.org> schrieb am 3. Mai 2024 um 10:00` does too.
        let is_known = says && has_digit && has_address || bare.contains("> schrieb am") && has_digit;
        return is_known.then_some(Announces::Surely);
    }
    let begins = begins(bare);
    let is_said = says || (has_digit && says_before());
    match (is_said, has_digit, has_address) {
        (true, true, _) if begins || has_address => Some(Announces::Surely),
        (true, _, true) => Some(Announces::Surely),
        // `2024年5月3日(金) 10:00 山田 <yamada@example.jp>:`, and GMX, and the Turkish order of words.
        (false, true, true) if bare.ends_with('>') && has_time(bare) => Some(Announces::Surely),
        (true, _, false) => Some(Announces::IfMarked),
        (false, _, true) => Some(Announces::IfMarked),
        (false, true, false) if has_time(bare) || begins => Some(Announces::IfMarked),
        _ => None,
    }
}

fn ends_with_word(text: &str, word: &str) -> bool {
    text.strip_suffix(word).is_some_and(|before| {
        before.is_empty() || !before.ends_with(char::is_alphanumeric) || !word.is_ascii() && is_cjk(word)
    })
}

fn is_word_at(text: &str, at: usize, word: &str) -> bool {
    let is_end = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    is_cjk(word) || is_end(text[..at].chars().next_back()) && is_end(text[at + word.len()..].chars().next())
}

fn is_cjk(word: &str) -> bool {
    word.chars()
        .any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'))
}

/// Whether there is a time of day in it.
fn has_time(text: &str) -> bool {
    text.as_bytes().windows(4).any(|four| {
        four[0].is_ascii_digit()
            && matches!(four[1], b':' | b'.' | b'h')
            && four[2].is_ascii_digit()
            && four[3].is_ascii_digit()
    })
}

/// What a line between messages says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// Here begins the message that is answered.
    Original,
    /// Here begins a message that is passed on.
    Forwarded,
}

/// Reads `-----Original Message-----` and `---------- Forwarded message ---------`.
pub(super) fn rule(line: &str) -> Option<Rule> {
    let line = plain(line);
    let dashes = |c: char| matches!(c, '-' | '_' | '=' | '—' | '–' | '*' | ' ' | ':' | '：' | '>');
    let words = line.trim_matches(dashes);
    if words.is_empty() || words.chars().count() > 60 {
        return None;
    }
    let is_ruled =
        line.starts_with("--") || line.starts_with("__") || line.starts_with("==") || line.starts_with("—");
    if phrases::FORWARDED.contains(&words) && (is_ruled || line.ends_with([':', '：'])) {
        return Some(Rule::Forwarded);
    }
    (is_ruled && phrases::ORIGINAL.contains(&words)).then_some(Rule::Original)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Label {
    From,
    Sent,
    To,
    Subject,
    Other,
}

/// The name before the colon of a line such as `*Von:* Ana Flores`.
fn label(line: &str) -> Option<Label> {
    let line = plain(line);
    let line = line.trim_start_matches(['*', '|', '_', ' ']);
    let (name, _) = line.split_once([':', '：'])?;
    let name = name.trim_end_matches(['*', '_', ' ', '\u{a0}']);
    if name.chars().count() > 20 {
        return None;
    }
    let is = |names: &[&str]| names.contains(&name);
    // `De :` and `Da:` are also words of other lists, so the order of asking decides.
    if is(phrases::FROM) {
        Some(Label::From)
    } else if is(phrases::SUBJECT) {
        Some(Label::Subject)
    } else if is(phrases::SENT) {
        Some(Label::Sent)
    } else if is(phrases::TO) {
        Some(Label::To)
    } else {
        is(phrases::OTHER).then_some(Label::Other)
    }
}

/// How many lines the block over a quoted message has: `From:`, `Sent:`, `To:`, `Subject:` in any language.
pub(super) fn header_block(lines: &[&str]) -> Option<usize> {
    let first = label(lines.first()?)?;
    if first == Label::Other {
        return None;
    }
    let mut seen = vec![first];
    let mut last = 1;
    for (place, line) in lines.iter().enumerate().skip(1).take(14) {
        match label(line) {
            Some(found) => {
                seen.push(found);
                last = place + 1;
            }
            // A line may be folded, and some programs leave one free after each.
            None if line.trim().is_empty() && seen.len() < 3 => {}
            None if line.trim().is_empty() => break,
            None if seen.len() < 2 && place > 2 => break,
            None => {}
        }
    }
    let has = |label| seen.contains(&label);
    let kinds =
        [Label::From, Label::Sent, Label::To, Label::Subject].into_iter().filter(|kind| has(*kind)).count();
    (kinds >= 3 && has(Label::From) && (has(Label::Subject) || has(Label::Sent))).then_some(last)
}

/// Whether a telephone or a program wrote this line by itself.
pub(super) fn is_sent_from(line: &str) -> bool {
    let line = plain(line);
    let line = line.trim_start_matches(['-', '*', '_', '[', '<', ' ', '~']);
    line.chars().count() <= 120 && phrases::SENT_FROM.iter().any(|words| line.starts_with(words))
}

/// Whether a line is the mark over a signature: two dashes and a blank, which some programs lose.
pub(super) fn is_signature_mark(line: &str) -> bool {
    matches!(line.trim_end_matches(['\r', '\u{a0}']), "-- " | "--" | "—" | "— " | "- -- ")
}

/// Whether a line is a ruler under which lists of mail say how to leave them.
pub(super) fn is_ruler(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 20 && line.chars().all(|c| matches!(c, '_' | '-' | '=' | '~'))
}

/// Whether a subject says that a message is passed on.
pub(crate) fn is_forward_subject(subject: &str) -> bool {
    let subject = plain(subject);
    phrases::FORWARD_SUBJECT.iter().any(|word| subject.starts_with(word))
}
