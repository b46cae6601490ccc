//! Subjects: what is left of one without what answers and forwards put before it.

/// What an answer puts before the subject, in lower case. Forwards stand apart: they begin something new.
const REPLY: &[&str] = &[
    "re",
    "aw",
    "antw",
    "antwort",
    "sv",
    "odp",
    "ref",
    "rif",
    "r",
    "res",
    "resp",
    "ynt",
    "bls",
    "atb",
    "vá",
    "απ",
    "σχετ",
    "отв",
    "ответ",
    "відп",
    "רד",
    "השב",
    "תשובה",
    "رد",
    "回复",
    "回覆",
    "答复",
    "返信",
    "답장",
];
const FORWARD: &[&str] = &[
    "fwd",
    "fw",
    "wg",
    "tr",
    "rv",
    "enc",
    "vs",
    "vb",
    "vl",
    "i",
    "doorst",
    "pd",
    "fs",
    "trs",
    "yml",
    "πρθ",
    "пер",
    "пересл",
    "הועבר",
    "转发",
    "轉寄",
    "轉發",
    "전달",
];

/// The subject without `Re:` and the like, where it begins with one.
pub fn answered_subject(subject: &str) -> Option<String> {
    let (mut rest, first) = without_prefix(subject)?;
    if first == Prefix::Forward {
        return None;
    }
    while let Some((shorter, _)) = without_prefix(rest) {
        rest = shorter;
    }
    (!rest.is_empty()).then(|| rest.to_owned())
}

/// The subject without what answers and forwards put before it; one that is nothing else stays as it is.
pub fn bare_subject(subject: &str) -> String {
    let mut rest = subject.trim();
    while let Some((shorter, _)) = without_prefix(rest) {
        rest = shorter;
    }
    if rest.is_empty() { subject.trim().to_owned() } else { rest.to_owned() }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Prefix {
    Reply,
    Forward,
}

fn without_prefix(subject: &str) -> Option<(&str, Prefix)> {
    let subject = subject.trim();
    // `[Extern] Re: …`: what gateways and lists put in front counts only when an answer follows.
    if let Some((_, rest)) = subject.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        return without_prefix(rest);
    }
    let (word, rest) = subject.split_once([':', '：'])?;
    if word.len() > 40 {
        return None;
    }
    // `Re[2]:`, `Re(2):`, `Re^2:`, `RE :`
    let word =
        word.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '[' | ']' | '(' | ')' | '^' | '*'));
    let word = word.trim_end().trim_end_matches('.').to_lowercase();
    let prefix = if REPLY.contains(&&*word) {
        Prefix::Reply
    } else if FORWARD.contains(&&*word) {
        Prefix::Forward
    } else {
        return None;
    };
    Some((rest.trim(), prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bare_subject_of_an_answer_is_found_in_many_languages() {
        for (subject, expected) in [
            ("Re: Tent", Some("Tent")),
            ("RE[2]: Re: AW: Tent", Some("Tent")),
            ("Antw.: Zelt", Some("Zelt")),
            ("SV: Tält", Some("Tält")),
            ("Odp: Namiot", Some("Namiot")),
            ("Ответ: Палатка", Some("Палатка")),
            ("回复：帐篷", Some("帐篷")),
            ("RE : Tente", Some("Tente")),
            ("Re: Fwd: Tent", Some("Tent")),
            ("[Extern] Re: Tent", Some("Tent")),
            ("Fwd: Re: Tent", None),
            ("Tent", None),
            ("Regarding: the tent", None),
            ("[Sale] Tents: half price", None),
            ("Re:", None),
            ("", None),
        ] {
            assert_eq!(answered_subject(subject).as_deref(), expected, "{subject}");
        }
    }

    #[test]
    fn a_topic_is_the_subject_of_the_thread_whoever_answers_or_forwards() {
        for (subject, expected) in
            [("Re: Fwd: Tent", "Tent"), ("WG: Tent", "Tent"), (" Tent ", "Tent"), ("Re:", "Re:"), ("", "")]
        {
            assert_eq!(bare_subject(subject), expected, "{subject}");
        }
    }
}
