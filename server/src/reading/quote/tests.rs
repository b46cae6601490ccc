//! Messages of many programs and languages: `o|` is own, `i|` an open quote, `q|` folded, `s|` a signature.

use super::*;

const CASES: &str = include_str!("../testdata/quotes.txt");

fn mark(sort: Sort) -> &'static str {
    match sort {
        Sort::Own => "o",
        Sort::Inline => "i",
        Sort::Quoted => "q",
        Sort::Signature => "s",
    }
}

#[test]
fn what_programs_write_below_is_folded_and_nothing_else() {
    let mut failed = Vec::new();
    for case in CASES.split("=== ").skip(1) {
        let (name, body) = case.split_once('\n').unwrap();
        let body = body.trim_end();
        let text: Vec<&str> = body.lines().map(|line| line.get(2..).unwrap_or_default()).collect();
        let meant = if name.contains("(passed on)") { Meant::Forward } else { Meant::Answer };
        let pieces = fold(&text.join("\n"), meant);
        let joined: Vec<&str> = pieces.iter().map(|piece| piece.text.as_str()).collect();
        assert_eq!(joined.join("\n"), text.join("\n").trim_end(), "{name}: something was lost");
        let told: Vec<String> = pieces
            .iter()
            .flat_map(|piece| piece.text.split('\n').map(|line| format!("{}|{line}", mark(piece.sort))))
            .collect();
        let told = told.join("\n");
        if told != body {
            failed.push(format!("=== {name}\n{told}\n--- wanted\n{body}\n"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn a_text_of_any_shape_keeps_all_its_lines() {
    let parts = [
        "On 3 May 2024, Ana wrote:",
        "> a",
        "",
        "-- ",
        "Hello",
        "From: a@b.c",
        "Sent: now",
        "To: x",
        "Subject: y",
        "____________________",
    ];
    let mut seed = 7u64;
    for _ in 0..2_000 {
        let mut lines = Vec::new();
        for _ in 0..12 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            lines.push(parts[(seed >> 33) as usize % parts.len()]);
        }
        let text = lines.join("\n");
        let joined: Vec<String> = fold(&text, Meant::Answer).into_iter().map(|piece| piece.text).collect();
        assert_eq!(joined.join("\n"), text.trim_end());
    }
}

#[test]
fn a_long_text_takes_no_time() {
    let text = "On Monday\n".repeat(100_000);
    assert_eq!(fold(&text, Meant::Answer).len(), 1);
}
