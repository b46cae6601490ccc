//! Numbers as people read them.

/// A count with commas between the thousands.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count with its word: `1 message`, `2,500 messages`.
pub(crate) fn counted(number: u64, word: &str) -> String {
    let plural = match (number, word.strip_suffix('y')) {
        (1, _) => word.to_owned(),
        (_, Some(stem)) if !stem.ends_with(['a', 'e', 'o']) => format!("{stem}ies"),
        _ => format!("{word}s"),
    };
    format!("{} {plural}", count(number))
}

/// A size in bytes.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1_000 {
        return counted(bytes, "byte");
    }
    let mut size = bytes as f64 / 1_000.0;
    let mut unit = 0;
    while size >= 999.5 && unit + 1 < UNITS.len() {
        size /= 1_000.0;
        unit += 1;
    }
    if size < 10.0 { format!("{size:.1} {}", UNITS[unit]) } else { format!("{size:.0} {}", UNITS[unit]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(
            [count(0), count(999), count(1_000), count(1_234_567)],
            ["0", "999", "1,000", "1,234,567"]
        );
        assert_eq!(
            [counted(1, "entry"), counted(2, "entry"), counted(0, "message")],
            ["1 entry", "2 entries", "0 messages"]
        );
        assert_eq!([size(12), size(8_607_418), size(999_900)], ["12 bytes", "8.6 MB", "1.0 MB"]);
    }
}
