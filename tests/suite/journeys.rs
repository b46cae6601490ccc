//! Journeys: messages in, views out, as data. Each file in `journeys/` is one story on a data folder of its own.
//!
//! A line that begins with `$` is a step; what follows up to an empty line is its input (`mail`, `events`) or what
//! it is expected to show. `UPDATE_EXPECT=1 cargo test` writes what is shown into the file instead.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;
use whom_tests::whom;

fn journeys() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("journeys")
}

#[test]
fn every_journey_shows_what_it_says() {
    let mut files: Vec<PathBuf> =
        fs::read_dir(journeys()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    let mut wrong = Vec::new();
    for file in files {
        let told = fs::read_to_string(&file).unwrap();
        let shown = run(&told);
        if shown != told {
            if std::env::var_os("UPDATE_EXPECT").is_some() {
                fs::write(&file, &shown).unwrap();
            } else {
                wrong.push(format!("{}\n--- told\n{told}\n--- shown\n{shown}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// One step of a story with the lines below it.
struct Step<'a> {
    command: &'a str,
    lines: Vec<&'a str>,
}

fn run(told: &str) -> String {
    let folder = whom_tests::folder();
    let (head, steps) = read(told);
    let mut shown = head;
    let mut last_change = String::new();
    for (number, step) in steps.iter().enumerate() {
        let words: Vec<&str> = step.command.split_whitespace().collect();
        let answer = match words[..] {
            ["mail"] => {
                take_in(folder.path(), &format!("{number}.eml"), &step.lines);
                step.lines.join("\n")
            }
            ["events"] => {
                take_in(folder.path(), &format!("{number}.jsonl"), &step.lines);
                step.lines.join("\n")
            }
            ["show", who] => view(folder.path(), who),
            ["why", who, property] => why(folder.path(), who, property),
            ["timeline", who] => timeline(folder.path(), who),
            ["duplicates", who] => duplicates(folder.path(), who),
            ["merge", from, into] => {
                let ran = whom(folder.path(), &["merge", from, into, "--json"]).good().json();
                last_change = ran["id"].as_str().unwrap().to_owned();
                String::new()
            }
            ["undo"] => {
                whom(folder.path(), &["unmerge", &last_change, "--json"]).good();
                String::new()
            }
            ["apart", a, b] => {
                whom(folder.path(), &["apart", a, b, "--json"]).good();
                String::new()
            }
            ["set", who, assignment] => {
                whom(folder.path(), &["set", who, assignment, "--json"]).good();
                String::new()
            }
            ["detach", who, contact] => {
                whom(folder.path(), &["detach", who, contact, "--json"]).good();
                String::new()
            }
            ["erase", who] => {
                whom(folder.path(), &["erase", who, "--yes", "--json"]).good();
                String::new()
            }
            _ => panic!("no such step: {}", step.command),
        };
        writeln!(shown, "$ {}", step.command).unwrap();
        if !answer.is_empty() {
            writeln!(shown, "{}", answer.trim_end()).unwrap();
        }
        if number + 1 < steps.len() {
            shown.push('\n');
        }
    }
    shown
}

/// A story's title and its steps. A mail may hold empty lines; its next step ends it.
fn read(told: &str) -> (String, Vec<Step<'_>>) {
    let mut head = String::new();
    let mut steps: Vec<Step<'_>> = Vec::new();
    for line in told.lines() {
        match (line.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => steps.push(Step { command, lines: Vec::new() }),
            (None, Some(step)) => step.lines.push(line),
            (None, None) => {
                head.push_str(line);
                head.push('\n');
            }
        }
    }
    for step in &mut steps {
        while step.lines.last().is_some_and(|line| line.is_empty()) {
            step.lines.pop();
        }
    }
    (head, steps)
}

fn take_in(folder: &Path, name: &str, lines: &[&str]) {
    let file = folder.join(name);
    fs::write(&file, lines.join("\n") + "\n").unwrap();
    let own = ["--own", "support@example.com"];
    let ran = whom(folder, &["ingest", file.to_str().unwrap(), own[0], own[1], "--json"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
}

fn texts(values: &Value) -> String {
    let values = values.as_array().map(Vec::as_slice).unwrap_or_default();
    let shown = values.iter().map(|shown| match &shown["value"] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    });
    shown.collect::<Vec<_>>().join(", ")
}

fn view(folder: &Path, who: &str) -> String {
    let ran = whom(folder, &["show", who, "--json"]);
    if ran.code == 3 {
        return "nobody\n".into();
    }
    let view = ran.good().json();
    let mut shown = format!("{} ({})\n", view["name"].as_str().unwrap(), view["kind"].as_str().unwrap());
    for field in view["fields"].as_array().unwrap() {
        let source = field["values"][0]["source"].as_str().unwrap_or("nobody");
        writeln!(shown, "  {}: {} [{source}]", field["key"].as_str().unwrap(), texts(&field["values"]))
            .unwrap();
    }
    for contact in view["contacts"].as_array().unwrap() {
        let kind = contact["kind"].as_str().unwrap_or("own");
        let (messages, events) = (&contact["messages"], &contact["events"]);
        writeln!(
            shown,
            "  - {kind} {}, {messages} messages, {events} events",
            contact["value"].as_str().unwrap()
        )
        .unwrap();
    }
    for account in view["accounts"].as_array().unwrap() {
        writeln!(shown, "  at {}", account["name"].as_str().unwrap()).unwrap();
    }
    shown
}

fn why(folder: &Path, who: &str, property: &str) -> String {
    let why = whom(folder, &["why", who, property, "--json"]).good().json();
    let claim = |claim: &Value| {
        let said = &claim["assertion"];
        let said = said
            .get("is")
            .map_or_else(|| said.to_string(), |value| value.as_str().unwrap_or_default().to_owned());
        format!(
            "{said} [{}, through {}]",
            claim["source"].as_str().unwrap(),
            claim["through"].as_str().unwrap()
        )
    };
    let mut shown = String::new();
    for winner in why["winning"].as_array().unwrap() {
        writeln!(shown, "  wins: {}", claim(winner)).unwrap();
    }
    for loser in why["losing"].as_array().unwrap() {
        writeln!(shown, "  loses: {}: {}", claim(loser), loser["because"].as_str().unwrap()).unwrap();
    }
    shown
}

fn duplicates(folder: &Path, who: &str) -> String {
    let found = whom(folder, &["duplicates", who, "--json"]).good().json();
    let mut shown = String::new();
    for one in found["items"].as_array().unwrap() {
        let (verdict, name, why) = (&one["verdict"], &one["name"], &one["why"]);
        writeln!(
            shown,
            "  {}: {}, {}",
            verdict.as_str().unwrap(),
            name.as_str().unwrap(),
            why.as_str().unwrap()
        )
        .unwrap();
    }
    if shown.is_empty() { "nobody\n".into() } else { shown }
}

fn timeline(folder: &Path, who: &str) -> String {
    let page = whom(folder, &["timeline", who, "--json"]).good().json();
    let mut shown = String::new();
    let entries = page.get("entries").or_else(|| page.get("items")).and_then(Value::as_array).unwrap();
    for entry in entries {
        let (at, kind, title) = (&entry["at"], &entry["kind"], &entry["title"]);
        writeln!(shown, "  {} {}: {}", at.as_str().unwrap(), kind.as_str().unwrap(), title.as_str().unwrap())
            .unwrap();
    }
    shown
}
