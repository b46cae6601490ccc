//! Folding: what two ways of writing the same word have in common.
//!
//! Case, accents and the width of letters go; what tells two words apart in its own script stays,
//! such as the vowel signs of Hindi. Scripts written without spaces are cut into single letters and
//! pairs, so that any part of a name finds it.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The longest token that is kept, in characters.
const TOKEN_LEN: usize = 64;

/// The text in the form in which it is compared.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_accent(*c)).flat_map(char::to_lowercase) {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            'ς' => folded.push('σ'),
            '’' | 'ʼ' | '`' => folded.push('\''),
            // A Japanese name is typed in either syllabary.
            'ァ'..='ヶ' => folded.extend(char::from_u32(u32::from(c) - 0x60)),
            _ if c.is_control() => folded.push(' '),
            _ => folded.push(c),
        }
    }
    folded.nfc().collect()
}

/// The same word as a German writes it without umlauts, folded; nothing where there is none.
pub(super) fn fold_umlauts(text: &str) -> Option<String> {
    let mut any = false;
    let mut spelled = String::with_capacity(text.len() + 4);
    for c in text.nfc().flat_map(char::to_lowercase) {
        let spelling = match c {
            'ä' => "ae",
            'ö' => "oe",
            'ü' => "ue",
            _ => {
                spelled.push(c);
                continue;
            }
        };
        any = true;
        spelled.push_str(spelling);
    }
    any.then(|| fold(&spelled))
}

/// Every token under which a text is found, without repetition, in order.
pub(super) fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    for folded in [Some(fold(text)), fold_umlauts(text)].into_iter().flatten() {
        for chunk in folded.split_whitespace() {
            tokens_of_chunk(chunk, &mut tokens);
        }
    }
    tokens.sort_unstable();
    tokens.dedup();
    tokens
}

fn tokens_of_chunk(chunk: &str, tokens: &mut Vec<String>) {
    for part in parts(chunk) {
        match part {
            Part::Word(word) => tokens.push(cut(word)),
            Part::Run(run) => {
                let letters: Vec<char> = run.chars().collect();
                tokens.extend(letters.iter().map(char::to_string));
                tokens.extend(letters.windows(2).map(|pair| pair.iter().collect()));
            }
        }
    }
    if let Some(whole) = whole(chunk) {
        // `O'Brien` and `Anne-Marie` are typed in one word as well.
        if whole.chars().all(|c| is_letter(c) || matches!(c, '\'' | '-')) {
            tokens.push(cut(&whole.replace(['\'', '-'], "")));
        }
        tokens.push(cut(whole));
    }
}

/// One part of a chunk of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// A word of a script with spaces.
    Word(&'a str),
    /// A run of a script without.
    Run(&'a str),
}

/// The parts of a chunk that holds no blanks, in order.
pub(super) fn parts(chunk: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut begin = 0;
    let mut class = None;
    let ends = chunk.char_indices().map(|(at, c)| (at, class_of(c))).chain([(chunk.len(), None)]);
    for (at, next) in ends {
        if next == class && at < chunk.len() {
            continue;
        }
        match class {
            Some(true) => parts.push(Part::Run(&chunk[begin..at])),
            Some(false) => parts.push(Part::Word(&chunk[begin..at])),
            None => {}
        }
        (begin, class) = (at, next);
    }
    parts
}

/// The chunk without the punctuation around it, where there is some left inside it, as in an e-mail address.
pub(super) fn whole(chunk: &str) -> Option<&str> {
    let whole = chunk.trim_matches(|c| !is_letter(c));
    whole.chars().any(|c| !is_letter(c)).then_some(whole)
}

/// The digits of what looks like a telephone number: as they stand, and without what only dials out.
///
/// Nothing with fewer than four digits, or with anything beside them that is not written into numbers.
pub(super) fn digits(text: &str) -> Vec<String> {
    let is_number = text.chars().all(|c| c.is_ascii_digit() || " \u{a0}+-–()./".contains(c));
    if !is_number {
        return Vec::new();
    }
    let text = if text.trim_start().starts_with('+') { text.replacen("(0)", "", 1) } else { text.to_owned() };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let dialled = digits.strip_prefix("00").or_else(|| digits.strip_prefix('0')).map(str::to_owned);
    [Some(digits), dialled].into_iter().flatten().filter(|digits| digits.len() >= 4).collect()
}

/// At most [`TOKEN_LEN`] characters of it.
pub(super) fn cut(token: &str) -> String {
    token.chars().take(TOKEN_LEN).collect()
}

/// Nothing for what separates words; otherwise whether it belongs to a script without spaces.
fn class_of(c: char) -> Option<bool> {
    is_letter(c).then(|| is_unspaced(c))
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x3005..=0x3007 | 0x3040..=0x30FF | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF
        | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0x20000..=0x323AF
        | 0x0E00..=0x0E7F)
}

/// Marks that people leave out; those that make another letter of it stay.
fn is_accent(c: char) -> bool {
    matches!(u32::from(c),
        0x0300..=0x036F | 0x0483..=0x0487 | 0x0591..=0x05C7 | 0x0610..=0x061A | 0x064B..=0x065F | 0x0670
        | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x20D0..=0x20FF | 0xFE20..=0xFE2F)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(tokens(text).join(" "), expected, "`{text}`");
    }

    #[test]
    fn accents_case_and_width_go() {
        check("Zoë LÓPEZ", "lopez zoe");
        check("Ｔｏｋｙｏ", "tokyo");
        check("Łukasz Ørsted Đoković İnce", "dokovic ince lukasz orsted");
    }

    #[test]
    fn german_is_found_both_ways() {
        check("Müller", "mueller muller");
        check("Weiß", "weiss");
    }

    #[test]
    fn a_mark_that_makes_another_letter_stays() {
        check("हिंदी", "हिंदी");
        check("Йордан", "иордан");
    }

    #[test]
    fn scripts_without_spaces_are_cut_into_letters_and_pairs() {
        check("田中タロ", "た たろ ろ 中 中た 田 田中");
    }

    #[test]
    fn what_is_written_together_is_found_apart_and_together() {
        check("O’Brien", "brien o o'brien obrien");
        check("ana.lopez@example.org", "ana ana.lopez@example.org example lopez org");
    }

    #[test]
    fn digits_of_a_number_lose_what_only_dials_out() {
        assert_eq!(digits("+44 (0)7700 900-123"), ["447700900123"]);
        assert_eq!(digits("030 / 23125 014"), ["03023125014", "3023125014"]);
        assert_eq!(digits("0044 7700"), ["00447700", "447700"]);
        assert_eq!(digits("0142"), ["0142"]);
        assert!(digits("042").is_empty());
        assert!(digits("flat 4200").is_empty());
    }
}
