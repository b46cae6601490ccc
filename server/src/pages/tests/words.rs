//! All words in one place: no page holds a text of its own.

use std::{fs, path::Path};

/// The markup of a source: what stands in `html!`, its texts with their line, and what stands before each.
fn texts(source: &str) -> Vec<(usize, String, String)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = source[from..].find("html! {").map(|at| from + at + 7) {
        let bytes = source.as_bytes();
        let (mut depth, mut inside, mut place) = (1, 0, at);
        while depth > 0 && place < bytes.len() {
            match bytes[place] {
                b'"' => {
                    let mut end = place + 1;
                    while bytes[end] != b'"' || bytes[end - 1] == b'\\' {
                        end += 1;
                    }
                    // Between round brackets stands an expression, not a text.
                    if inside == 0 {
                        let line = source[..place].matches('\n').count() + 1;
                        let before = source[at..place].trim_end();
                        let is_pattern = source[end + 1..].trim_start().starts_with(['=', '|']);
                        if !is_pattern {
                            found.push((line, before.to_owned(), source[place + 1..end].to_owned()));
                        }
                    }
                    place = end;
                }
                b'(' | b'[' => inside += 1,
                b')' | b']' => inside -= 1,
                b'{' => depth += 1,
                b'}' => depth -= 1,
                _ => {}
            }
            place += 1;
        }
        from = place;
    }
    found
}

/// Whether a text says something to people.
fn says_something(before: &str, text: &str) -> bool {
    let has_word = text.split(|c: char| !c.is_alphabetic()).any(|word| word.chars().count() > 1);
    let is_read = ["title=", "alt=", "placeholder=", "aria-label=", "aria-description="];
    // A value of an attribute is for the browser, save for those that are read out.
    let is_attribute = before.ends_with('=');
    // The name of a key, of a unit, of an algorithm is the same in every language.
    let is_name = before.ends_with("kbd {") || ["SHA-256", "kB", "ms", "Ctrl Enter"].contains(&text.trim());
    has_word && !is_name && (!is_attribute || is_read.iter().any(|name| before.ends_with(name)))
}

fn walk(folder: &Path, wrong: &mut Vec<String>) {
    for item in fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "words" && name != "tests" {
                walk(&path, wrong);
            }
        } else if name.ends_with(".rs") && name != "tests.rs" {
            let source = fs::read_to_string(&path).unwrap();
            let own = source.split("#[cfg(test)]").next().unwrap();
            for (line, before, text) in texts(own) {
                if says_something(&before, &text) {
                    wrong.push(format!("{}:{line}: {text:?}", path.display()));
                }
            }
        }
    }
}

#[test]
fn every_text_of_a_page_stands_with_the_words() {
    let mut wrong = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/pages"), &mut wrong);
    // An id of an example in the style guide.
    wrong.retain(|place| !place.contains("\"cv_"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_text_is_told_from_what_is_none() {
    let source = r#"html! { p class="one two" title="Read this" { "Say this" (f("not this")) kbd { "Enter" } @match x { "case" => "and this" } } }"#;
    let said: Vec<String> = texts(source)
        .into_iter()
        .filter(|(_, before, text)| says_something(before, text))
        .map(|(_, _, text)| text)
        .collect();
    assert_eq!(said, ["Read this", "Say this", "and this"]);
}
