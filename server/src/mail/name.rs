//! What a person is called, from the name beside an address.
//!
//! The name is taken as it was written, without what programs add to it. It is split into first and
//! last name only where that is safe: two words in Latin letters, particles and initials between
//! them, or `Last, First`. Everywhere else a wrong split would be worse than none.

use unicode_normalization::UnicodeNormalization;

use super::header::decoded;

/// The longest name, in characters.
const MAX_CHARS: usize = 120;

/// A name as it can be claimed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PersonName {
    pub(super) whole: String,
    /// First and last name.
    pub(super) parts: Option<(String, String)>,
    /// Not in capitals or small letters alone.
    pub(super) is_well_written: bool,
}

/// Words of offices and machines; a name of nothing else names nobody.
const ROLES: &[&str] = &[
    "accounting",
    "accounts",
    "admin",
    "administrator",
    "alert",
    "alerts",
    "automatic",
    "billing",
    "care",
    "contact",
    "customer",
    "customers",
    "daemon",
    "desk",
    "do",
    "form",
    "formular",
    "formulaire",
    "formulario",
    "help",
    "helpdesk",
    "hr",
    "info",
    "invoice",
    "invoices",
    "it",
    "jobs",
    "kontakt",
    "kontaktformular",
    "kundendienst",
    "kundenservice",
    "mail",
    "mailer",
    "marketing",
    "message",
    "messages",
    "news",
    "newsletter",
    "no",
    "noreply",
    "not",
    "notification",
    "notifications",
    "office",
    "order",
    "orders",
    "postmaster",
    "press",
    "reply",
    "sales",
    "service",
    "services",
    "shop",
    "support",
    "system",
    "team",
    "the",
    "unknown",
    "user",
    "verkauf",
    "vertrieb",
    "web",
    "webmaster",
    "website",
];

/// Words of companies; a name with one is not split.
const COMPANIES: &[&str] = &[
    "ab",
    "ag",
    "aps",
    "association",
    "bv",
    "club",
    "co",
    "company",
    "corp",
    "ev",
    "foundation",
    "gbr",
    "gmbh",
    "group",
    "inc",
    "kg",
    "limited",
    "llc",
    "llp",
    "ltd",
    "nv",
    "ohg",
    "oy",
    "plc",
    "sarl",
    "school",
    "se",
    "sl",
    "spa",
    "srl",
    "store",
    "und",
    "and",
    "university",
    "verein",
];

const TITLES: &[&str] = &[
    "dr", "prof", "mr", "mrs", "ms", "miss", "mx", "sir", "herr", "frau", "ing", "dipl-ing", "mag", "mme",
    "mlle", "sr", "sra", "srta", "dott", "dra", "rev",
];

const SUFFIXES: &[&str] =
    &["jr", "sr", "ii", "iii", "iv", "phd", "md", "mba", "esq", "msc", "bsc", "ma", "dds"];

/// Words that belong to the last name behind them.
const PARTICLES: &[&str] = &[
    "af", "al", "am", "av", "bin", "bint", "da", "das", "de", "del", "della", "dem", "den", "der", "di",
    "do", "dos", "du", "el", "ibn", "la", "las", "le", "los", "mac", "ní", "nic", "ó", "st", "te", "ten",
    "ter", "van", "vom", "von", "zu", "zum", "zur", "ben", "'t",
];

/// Last names that stand first where their bearers come from. Whether these do, nobody can tell.
const OFTEN_FIRST: &[&str] = &[
    "bui", "cai", "cao", "chen", "cheng", "cho", "choi", "dang", "deng", "ding", "do", "dong", "du", "duong",
    "farkas", "feng", "gao", "guo", "he", "ho", "hoang", "horváth", "hu", "huang", "jang", "jiang", "jin",
    "jung", "kang", "kim", "kovács", "le", "lee", "li", "liang", "lim", "lin", "liu", "lu", "luo", "ma",
    "molnár", "nagy", "németh", "ngo", "nguyen", "nguyễn", "pan", "park", "peng", "pham", "phan", "ren",
    "shen", "song", "su", "sun", "szabó", "tang", "tian", "tran", "tóth", "varga", "vu", "wang", "wei", "wu",
    "xiao", "xie", "xu", "yang", "yao", "ye", "yoon", "yu", "yuan", "zeng", "zhang", "zhao", "zheng", "zhou",
    "zhu",
];

/// Reads the name beside an address; nothing when it names no person.
pub(super) fn person_name(written: &str, local_part: &str) -> Option<PersonName> {
    // Encoded and with additions it may be longer; beyond that nobody has to look closer.
    if written.len() > 20 * MAX_CHARS {
        return None;
    }
    let text = clean(&repaired(&decoded(written)));
    let text = without_additions(&text);
    let whole = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-' | '–'));
    let lower = whole.to_lowercase();
    let is_address = whole.contains('@') || lower.contains("://") || lower.starts_with("www.");
    let is_nobody = folded_words(&lower).all(|word| ROLES.contains(&&*word));
    let too_long = whole.chars().count() > MAX_CHARS;
    if is_address || is_nobody || too_long || lower == local_part || !whole.contains(char::is_alphabetic) {
        return None;
    }
    let is_well_written = whole != lower && whole != whole.to_uppercase() || !has_case(whole);
    if let Some((first, last)) = comma_name(whole) {
        let parts = Some((without_titles(&words(first)).join(" "), last.to_owned()))
            .filter(|(first, last)| !first.is_empty() && is_latin(first) && is_latin(last));
        return Some(PersonName { whole: format!("{first} {last}"), parts, is_well_written });
    }
    let parts = split(&words(whole));
    Some(PersonName { whole: whole.to_owned(), parts, is_well_written })
}

/// NFC on one line, without characters that cannot be seen.
pub(super) fn clean(text: &str) -> String {
    let is_invisible = |c: char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fffd}');
    let visible = text.nfc().filter(|c| !is_invisible(*c));
    let blank = |c: char| if c.is_control() { ' ' } else { c };
    visible.map(blank).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The name without quotes, and without `via …`, `on behalf of …`, `(…)`, `[…]` and `| …` around it.
fn without_additions(text: &str) -> &str {
    const QUOTES: &[char] = &['"', '\'', '`', '“', '”', '„', '‘', '’', '«', '»', '\\'];
    let mut text = text;
    loop {
        let before = text;
        // A quote that belongs to the name, as in `d'Arc`, stands inside it.
        text = text.trim_matches(QUOTES).trim();
        for addition in [" via ", " on behalf of ", " im auftrag von ", " (via ", " | "] {
            if let Some(at) = text.to_ascii_lowercase().find(addition) {
                text = text[..at].trim_end();
            }
        }
        for (open, close) in [('(', ')'), ('[', ']')] {
            if let Some(inner) = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)) {
                text = inner.trim();
            } else if let Some((rest, _)) = text.strip_suffix(close).and_then(|rest| rest.rsplit_once(open)) {
                text = rest.trim_end();
            }
        }
        if let Some((_, rest)) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            text = rest.trim_start();
        }
        if text.len() == before.len() {
            return text;
        }
    }
}

/// UTF-8 that was once read as the encoding of western Windows, such as `JÃ¶rg`, is turned back.
fn repaired(text: &str) -> String {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    let byte = |c: char| match HIGH.iter().position(|high| *high == c) {
        Some(at) => Some(0x80 + at as u8),
        None => u8::try_from(u32::from(c)).ok(),
    };
    if !text.contains(['Ã', 'Â', 'Å', 'Ä', 'Ð', 'Ñ', 'Ø', 'Ù', 'â', 'ã', 'å', 'æ', 'ç', 'è', 'é'])
    {
        return text.to_owned();
    }
    let bytes: Option<Vec<u8>> = text.chars().map(byte).collect();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| text.to_owned())
}

/// First and last name of `Last, First`; nothing when the comma separates something else.
fn comma_name(text: &str) -> Option<(&str, &str)> {
    let (last, first) = text.split_once(',').map(|(last, first)| (last.trim(), first.trim()))?;
    let has_few_words = |text: &str| (1..=4).contains(&text.split_whitespace().count());
    let is_more = folded_words(&first.to_lowercase())
        .all(|word| SUFFIXES.contains(&&*word) || COMPANIES.contains(&&*word) || TITLES.contains(&&*word));
    (!first.contains(',') && has_few_words(last) && has_few_words(first) && !is_more && is_latin(text))
        .then_some((first, last))
}

fn split(words: &[&str]) -> Option<(String, String)> {
    let mut words = without_titles(words);
    while words.last().is_some_and(|word| SUFFIXES.contains(&&*folded(word))) {
        words = &words[..words.len() - 1];
    }
    let (first, rest) = words.split_first()?;
    let is_initial = |word: &str| word.trim_end_matches('.').chars().count() <= 1;
    let start = rest.iter().position(|word| !is_initial(word))?;
    let last = &rest[start..];
    let (family, particles) = last.split_last()?;
    let is_safe = words.iter().all(|word| is_latin(word) && !COMPANIES.contains(&&*folded(word)))
        && words.iter().all(|word| !ROLES.contains(&&*folded(word)) || PARTICLES.contains(&&*folded(word)))
        && particles.iter().all(|word| PARTICLES.contains(&&*word.to_lowercase()))
        && !PARTICLES.contains(&&*folded(family))
        && !PARTICLES.contains(&&*first.to_lowercase())
        && !OFTEN_FIRST.contains(&&*first.to_lowercase())
        && !is_initial(first)
        && !family.ends_with('.');
    is_safe.then(|| ((*first).to_owned(), last.join(" ")))
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

fn without_titles<'w, 't>(mut words: &'w [&'t str]) -> &'w [&'t str] {
    while let [title, rest @ ..] = words
        && TITLES.contains(&&*folded(title))
    {
        words = rest;
    }
    words
}

/// A word in small letters and without dots, as the lists have it.
fn folded(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '.' | ',')).flat_map(char::to_lowercase).collect()
}

fn folded_words(lower: &str) -> impl Iterator<Item = String> {
    lower
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | '_' | '/' | '&'))
        .filter(|w| !w.is_empty())
        .map(folded)
}

fn is_latin(text: &str) -> bool {
    let is_letter = |c: char| c.is_alphabetic() && (c < '\u{250}' || ('\u{1e00}'..'\u{1f00}').contains(&c));
    text.chars().all(|c| is_letter(c) || matches!(c, ' ' | '.' | '-' | '\'' | '’' | ','))
}

fn has_case(text: &str) -> bool {
    text.chars().any(|c| c.is_lowercase() || c.is_uppercase())
}
