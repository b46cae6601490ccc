//! `same_person`.

use expect_test::{Expect, expect};
use serde_json::{Value as Json, json};

use super::{NOW, person, rules};

/// What a condition gives for two people: `yes: it holds` or `no: it does not`.
fn check(condition: &str, a: Json, b: Json, expected: Expect) {
    let body = format!(
        "fn same_person(a, b) {{ if {condition} {{ yes(\"it holds\") }} else {{ no(\"it does not\") }} }}"
    );
    let verdict = rules("", &body).same_person(&person(a), &person(b), NOW);
    expected.assert_eq(&verdict.map_or_else(|error| error.in_full(), |verdict| verdict.to_string()));
}

#[test]
fn sharing_takes_one_common_value_whatever_its_case() {
    let two = json!({ "email": ["Ana@x.org", "b@x.org"], "company": " ACME " });
    check(
        "a.email.shares(b.email)",
        two.clone(),
        json!({ "email": ["ana@x.org"] }),
        expect!["yes: it holds"],
    );
    check(
        "a.email.shares(b.email)",
        two.clone(),
        json!({ "email": ["c@x.org"] }),
        expect!["no: it does not"],
    );
    check("a.company.shares(b.company)", two, json!({ "company": "acme" }), expect!["yes: it holds"]);
}

#[test]
fn what_is_unknown_is_neither_shared_nor_different() {
    let known = json!({ "email": ["a@x.org"], "company": "Acme", "birthday": "1990-01-01", "name": "Ana" });
    for property in ["email", "company", "birthday"] {
        for word in ["shares", "differs"] {
            let condition = format!("a.{property}.{word}(b.{property})");
            check(&condition, known.clone(), json!({}), expect!["no: it does not"]);
            check(&condition, json!({}), known.clone(), expect!["no: it does not"]);
            check(&condition, json!({}), json!({}), expect!["no: it does not"]);
        }
    }
    check("alike(a.name, b.name) > 0.0", known.clone(), json!({}), expect!["no: it does not"]);
    check("a.birthday.days_ago() > 0", json!({}), json!({}), expect!["no: it does not"]);
    check("a.company.is_empty() && a.email.is_empty()", json!({}), json!({}), expect!["yes: it holds"]);
}

#[test]
fn dates_are_compared_by_their_day() {
    let (morning, evening) =
        (json!({ "birthday": "1990-01-01T08:00:00Z" }), json!({ "birthday": "1990-01-01" }));
    check("a.birthday.differs(b.birthday)", morning.clone(), evening, expect!["no: it does not"]);
    check(
        "a.birthday.differs(b.birthday)",
        morning,
        json!({ "birthday": "1990-01-02" }),
        expect!["yes: it holds"],
    );
}

#[test]
fn values_can_be_looked_at() {
    let ana = json!({ "email": ["a@x.org", "b@x.org"], "notes": "likes tea" });
    for condition in [
        "a.email.count() == 2",
        "a.email.first() == \"a@x.org\" && a.email[1] == \"b@x.org\" && a.email[5] == ()",
        "a.email.contains(\"B@x.org\")",
        "`${a.email}` == \"a@x.org, b@x.org\"",
        "a.email.list().some(|address| address.starts_with(\"b\"))",
        "a[\"notes\"] == \"likes tea\"",
        "a.notes.contains(\"tea\")",
        "a.messages == 3 && a.events == 12 && !a.is_visitor",
        "a.first_seen < a.last_seen && a.last_seen.days_ago() == 32",
        "now.days_ago() == 0 && `${today}` == \"2026-01-01\" && a.first_seen.day() == moment(\"2024-05-01\")",
    ] {
        check(condition, ana.clone(), json!({}), expect!["yes: it holds"]);
    }
}

#[test]
fn values_can_be_gone_through() {
    let count = "fn letters(values) { let n = 0; for value in values { n += value.len(); } n }";
    let rules = rules("", &format!("{count}\nfn same_person(a, b) {{ no(`${{letters(a.email)}}`) }}"));
    let ana = person(json!({ "email": ["a@x.org", "b@x.org"] }));
    assert_eq!(rules.same_person(&ana, &ana, NOW).unwrap().why(), "14");
}

#[test]
fn constants_beside_a_function_are_seen_by_it() {
    let rules = rules(
        "",
        "const ENOUGH = 0.5;\nfn same_person(a, b) { if global::ENOUGH < 0.9 { yes(\"seen\") } else { no(\"x\") } }",
    );
    assert_eq!(
        rules.same_person(&person(json!({})), &person(json!({})), NOW).unwrap().to_string(),
        "yes: seen"
    );
}

#[test]
fn who_says_nothing_joins_nobody() {
    for identity in ["", "fn same_person(a, b) { }"] {
        let verdict = rules("", identity).same_person(&person(json!({})), &person(json!({})), NOW);
        assert_eq!(verdict.unwrap().to_string(), "no: no rule says so");
    }
}
