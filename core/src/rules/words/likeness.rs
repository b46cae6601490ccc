//! How alike two names are: Jaro–Winkler on letters without case and accents.

use rhai::{Dynamic, Engine, ImmutableString};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::{Answer, Values, sort_of};

/// Longer texts are compared by their beginnings: the work grows with the square of the length.
const MAX_LETTERS: usize = 128;

/// From 0.0, nothing in common, to 1.0, the same.
///
/// Winkler, W. E. (1990): String comparator metrics and enhanced decision rules in the Fellegi–Sunter
/// model of record linkage; prefix of at most four letters, weight 0.1.
pub(in crate::rules) fn alike(a: &str, b: &str) -> f64 {
    let (a, b) = (letters(a), letters(b));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let reach = (a.len().max(b.len()) / 2).saturating_sub(1);
    let mut taken = vec![false; b.len()];
    let mut from_a = Vec::with_capacity(a.len());
    for (place, letter) in a.iter().enumerate() {
        let near = place.saturating_sub(reach)..(place + reach + 1).min(b.len());
        if let Some(found) = near.into_iter().find(|other| !taken[*other] && b[*other] == *letter) {
            taken[found] = true;
            from_a.push(*letter);
        }
    }
    if from_a.is_empty() {
        return 0.0;
    }
    let from_b = b.iter().zip(&taken).filter(|(_, taken)| **taken).map(|(letter, _)| letter);
    let swapped = from_a.iter().zip(from_b).filter(|(a, b)| a != b).count();
    let common = from_a.len() as f64;
    let jaro =
        (common / a.len() as f64 + common / b.len() as f64 + (common - swapped as f64 / 2.0) / common) / 3.0;
    let prefix = a.iter().zip(&b).take(4).take_while(|(a, b)| a == b).count();
    jaro + prefix as f64 * 0.1 * (1.0 - jaro)
}

/// The letters that count: small, without accents, blanks at the ends or more than one between.
fn letters(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = Vec::with_capacity(text.len().min(MAX_LETTERS));
    let push = |letters: &mut Vec<char>, c: char| {
        if !c.is_whitespace() {
            letters.push(c);
        } else if letters.last().is_some_and(|last| *last != ' ') {
            letters.push(' ');
        }
    };
    if text.is_ascii() {
        text.chars().take(MAX_LETTERS).for_each(|c| push(&mut letters, c.to_ascii_lowercase()));
    } else {
        let plain = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
        plain.take(MAX_LETTERS).for_each(|c| push(&mut letters, c));
    }
    if letters.last() == Some(&' ') {
        letters.pop();
    }
    letters
}

pub(super) fn register(engine: &mut Engine) {
    engine.register_fn("alike", |a: ImmutableString, b: ImmutableString| alike(&a, &b));
    engine.register_fn("alike", |a: Dynamic, b: Dynamic| -> Answer<f64> {
        let (a, b) = (texts("first", &a)?, texts("second", &b)?);
        let pairs = a.iter().take(20).flat_map(|a| b.iter().take(20).map(|b| alike(a, b)));
        Ok(pairs.fold(0.0, f64::max))
    });
}

/// What can be compared: a text, several values, or nothing where the value is unknown.
fn texts(which: &str, given: &Dynamic) -> Answer<Vec<String>> {
    if given.is_unit() {
        return Ok(Vec::new());
    }
    if let Ok(text) = given.as_immutable_string_ref() {
        return Ok(vec![text.to_string()]);
    }
    match given.read_lock::<Values>() {
        Some(values) => Ok(values.texts()),
        None => {
            Err(format!("alike(text, text): the {which} argument has to be a text and is {}", sort_of(given))
                .into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::alike;

    #[test]
    fn published_examples_give_the_published_figures() {
        for (a, b, expected) in [
            ("MARTHA", "MARHTA", 0.961),
            ("DWAYNE", "DUANE", 0.840),
            ("DIXON", "DICKSONX", 0.813),
            ("José", "jose", 1.0),
            (" Ana  Lee ", "ana lee", 1.0),
            ("Ana", "", 0.0),
            ("abc", "xyz", 0.0),
        ] {
            assert!((alike(a, b) - expected).abs() < 0.001, "{a} {b} {}", alike(a, b));
        }
    }
}
