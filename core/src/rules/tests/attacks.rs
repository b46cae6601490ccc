//! Whatever a script tries, it costs its one evaluation, soon, and without much memory.

use std::time::{Duration, Instant};

use expect_test::{Expect, expect};

use super::{NOW, person, problems, rules};
use crate::rules::{Rules, Sources};

/// What comes of a `same_person` with this body.
fn check(body: &str, expected: Expect) {
    expected.assert_eq(&outcome(body));
}

/// That a `same_person` with this body is stopped by its budget: by operations, or in a debug build by time.
fn check_used_up(body: &str) {
    let said = outcome(body);
    assert!(said.starts_with("identity.rhai:2: `same_person` used up its "), "{body}: {said}");
}

fn outcome(body: &str) -> String {
    let rules = rules("", &format!("fn again(x) {{ again(x + 1) }}\nfn same_person(a, b) {{ {body} }}"));
    let nobody = person(serde_json::json!({}));
    let started = Instant::now();
    let result = rules.same_person(&nobody, &nobody, NOW);
    let took = started.elapsed();
    // Measured in a few milliseconds; the rest is for a debug build on a busy machine.
    assert!(took < Duration::from_secs(2), "{took:?}");
    result.map_or_else(|error| error.to_string(), |verdict| verdict.to_string())
}

#[test]
fn endless_loops_end() {
    for body in [
        "while true {}",
        "loop { let x = 1; }",
        "for i in 0..1000000000000 { let x = i; }",
        "do {} while true",
        "loop { try { loop {} } catch {} }",
        "loop { try { throw 1; } catch {} }",
    ] {
        check_used_up(body);
    }
}

#[test]
fn callbacks_count() {
    let many = "let a = []; for i in 0..2000 { a.push(i); }";
    for word in [
        "map(|x| { let n = 0; while n < 1000 { n += 1; } n })",
        "filter(|x| { loop {} })",
        "sort(|x, y| { let n = 0; while n < 1000 { n += 1; } x - y })",
    ] {
        check_used_up(&format!("{many} a.{word}; yes(\"done\")"));
    }
}

#[test]
fn memory_is_bounded() {
    check("let s = \"aaaaaaaa\"; loop { s += s; }", expect!["identity.rhai:2:22: a text grew too large"]);
    check(
        "let s = \"a\"; s.pad(2000000000, 'x'); yes(s)",
        expect!["identity.rhai:2:22: a text grew too large"],
    );
    check("let a = [1]; loop { a += a; }", expect!["identity.rhai:2:22: a list grew too large"]);
    check(
        "let a = []; a.pad(2000000000, 1); yes(\"x\")",
        expect!["identity.rhai:2:22: a list grew too large"],
    );
    check_used_up("let m = #{}; let i = 0; loop { m[`${i}`] = i; i += 1; }");
}

#[test]
fn recursion_ends() {
    check("again(1)", expect!["identity.rhai:2:22: functions call one another too deeply"]);
    check(
        "let f = |f, x| f.call(f, x); f.call(f, 1)",
        expect!["identity.rhai:2:22: functions call one another too deeply"],
    );
}

#[test]
fn what_could_reach_outside_does_not_exist() {
    for (call, name) in [
        ("sleep(3)", "sleep"),
        ("timestamp()", "timestamp"),
        ("blob(2000000000)", "blob"),
        ("exit()", "exit"),
        ("parse_json(\"{}\")", "parse_json"),
        ("rand()", "rand"),
        ("open(\"x\")", "open"),
    ] {
        let said = problems(&[("identity.rhai", &format!("fn same_person(a, b) {{ {call} }}"))]);
        assert!(said.contains(&format!("there is no function {name}()")), "{said}");
    }
    for keyword in ["eval(\"1\")", "print(1)", "debug(1)"] {
        let said = problems(&[("identity.rhai", &format!("fn same_person(a, b) {{ {keyword} }}"))]);
        assert!(said.contains("reserved"), "{said}");
    }
}

#[test]
fn a_file_that_never_ends_is_no_rule() {
    let said = problems(&[("properties.rhai", "let x = 0;\nwhile true { x += 1; }")]);
    // By operations or by time, whichever the machine reaches first.
    assert!(said.starts_with("properties.rhai:1:1: `the script` used up its "), "{said}");
    assert!(said.ends_with("\n   1 | let x = 0;\n     | ^"), "{said}");
    let said = problems(&[("tests/identity.rhai", "while true {}")]);
    assert!(said.starts_with("tests/identity.rhai: the cases used up their "), "{said}");
}

#[test]
fn nesting_without_end_is_refused() {
    let deep = format!("fn same_person(a, b) {{ {}1{} }}", "(".repeat(5000), ")".repeat(5000));
    let said = problems(&[("identity.rhai", &deep)]);
    expect!["identity.rhai:1:38: expression exceeds maximum complexity"]
        .assert_eq(said.lines().next().unwrap_or_default());
}

#[test]
fn imports_stay_in_the_library() {
    for path in [
        "../outside",
        "lib/../../outside",
        "/absolute/outside",
        "lib/",
        "lib/a/b",
        "names",
        "lib/.hidden",
        "lib\\\\x",
    ] {
        let said = problems(&[("identity.rhai", &format!("import \"{path}\" as x;"))]);
        assert!(said.contains("cannot be imported: imports are written \"lib/name\""), "{path}: {said}");
    }
}

#[test]
fn imports_of_what_is_not_there_and_circles_are_told() {
    expect![[r#"
        identity.rhai:2:8: there is no script `lib/name.rhai`, did you mean "lib/names"?
           2 | import "lib/name" as names;
             |        ^"#]]
    .assert_eq(&problems(&[("lib/names.rhai", ""), ("identity.rhai", "\nimport \"lib/name\" as names;")]));
    expect![[r#"
        lib/b.rhai:1:8: `lib/a` imports itself, perhaps through others
           1 | import "lib/a" as a;
             |        ^
             imported at lib/a.rhai:1"#]]
    .assert_eq(&problems(&[
        ("lib/a.rhai", "import \"lib/b\" as b;"),
        ("lib/b.rhai", "import \"lib/a\" as a;"),
        ("identity.rhai", "import \"lib/a\" as a;"),
    ]));
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_folder_is_not_read() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret.rhai"), "fn secret() { 1 }").unwrap();
    for place in ["lib/escape.rhai", "properties.rhai"] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("lib")).unwrap();
        std::os::unix::fs::symlink(outside.path().join("secret.rhai"), folder.path().join(place)).unwrap();
        let problems = Rules::load(folder.path()).unwrap_err();
        assert_eq!(
            super::in_full(&problems),
            format!("{place}: it is a link that leads out of the scripts folder")
        );
    }
    // A whole folder behind a link is no better.
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(outside.path(), folder.path().join("lib")).unwrap();
    assert!(Sources::read(folder.path()).is_err());
}

#[cfg(unix)]
#[test]
fn a_link_within_the_folder_is_read() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("versions")).unwrap();
    std::fs::write(folder.path().join("versions/7"), "fn same_person(a, b) { no(\"never\") }").unwrap();
    std::os::unix::fs::symlink("versions/7", folder.path().join("identity.rhai")).unwrap();
    assert!(Rules::load(folder.path()).is_ok());
}

#[test]
fn a_huge_file_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("identity.rhai"), "// long\n".repeat(40_000)).unwrap();
    let problems = Rules::load(folder.path()).unwrap_err();
    expect!["identity.rhai: it has 320000 bytes; scripts have at most 262144"]
        .assert_eq(&super::in_full(&problems));
}

#[test]
fn a_captured_variable_carries_nothing_from_one_evaluation_to_the_next() {
    let rules = rules(
        "let n = 0; let seen = [0];
         property(\"counter\", #{ type: \"number\", compute: |person| { n += 1; seen[0] += 1; n + seen[0] } });",
        "",
    );
    let definition = rules.schema().get("counter").unwrap();
    let nobody = person(serde_json::json!({}));
    let first = rules.compute(definition, &nobody, NOW).unwrap();
    assert!(first.is_some());
    for _ in 0..3 {
        assert_eq!(rules.compute(definition, &nobody, NOW).unwrap(), first);
    }
}
