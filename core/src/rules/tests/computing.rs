//! `compute`, and what a view makes of rules.

use expect_test::{Expect, expect};
use serde_json::json;

use super::{NOW, person, rules};

/// What a property of this type gives, computed by this function.
fn check(kind: &str, function: &str, expected: Expect) {
    let rules = rules(&format!("property(\"x\", #{{ {kind}, compute: {function} }});"), "");
    let ana = person(json!({ "name": "Ana", "email": ["a@x.org", "b@x.org"] }));
    let value = rules.compute(rules.schema().get("x").unwrap(), &ana, NOW);
    expected.assert_eq(&match value {
        Ok(Some(value)) => value.to_json().to_string(),
        Ok(None) => "nothing".into(),
        Err(error) => error.in_full(),
    });
}

#[test]
fn each_type_takes_its_own_values() {
    check("type: \"text\"", "|person| `Dear ${person.name}`", expect![[r#""Dear Ana""#]]);
    check("type: \"number\"", "|person| person.messages * 2", expect!["6"]);
    check("type: \"percent\"", "|person| person.messages / 2.0", expect!["1.5"]);
    check("type: \"yes or no\"", "|person| person.messages > 2", expect!["true"]);
    check("type: \"date\"", "|person| person.first_seen.day()", expect![[r#""2024-05-01T00:00:00Z""#]]);
    check("type: \"date\"", "|person| \"2024-05-01\"", expect![[r#""2024-05-01T00:00:00Z""#]]);
    check("type: \"list\"", "|person| person.email", expect![[r#"["a@x.org","b@x.org"]"#]]);
    check("type: \"list\"", "|person| [\"a\", 1, true]", expect![[r#"["a",1,true]"#]]);
    check("type: \"choice\", options: [\"a\", \"b\"]", "|person| \"a\"", expect![[r#""a""#]]);
    check("type: \"address\"", "|person| #{ city: \"Bonn\" }", expect![[r#"{"city":"Bonn"}"#]]);
}

#[test]
fn nothing_is_no_value() {
    for function in ["|person| ()", "|person| person.company", "|person| \"\""] {
        check("type: \"text\"", function, expect!["nothing"]);
    }
}

#[test]
fn the_wrong_sort_of_answer_is_told() {
    check(
        "type: \"number\"",
        "|person| person.name",
        expect![[r#"
        properties.rhai:1:52: `x` is a number, and its function gave a text
           1 | property("x", #{ type: "number", compute: |person| person.name });
             |                                                    ^"#]],
    );
    check(
        "type: \"text\"",
        "|person| person.email",
        expect![[r#"
        properties.rhai:1:50: `x` is a text, and its function gave several values
           1 | property("x", #{ type: "text", compute: |person| person.email });
             |                                                  ^"#]],
    );
    check(
        "type: \"choice\", options: [\"a\", \"b\"]",
        "|person| \"c\"",
        expect![[r#"
        properties.rhai:1:73: `c` is none of the options of `x`: a, b
           1 | property("x", #{ type: "choice", options: ["a", "b"], compute: |person| "c" });
             |                                                                         ^"#]],
    );
    check(
        "type: \"text\"",
        "|person| yes(\"x\")",
        expect![[r#"
        properties.rhai:1:50: `x` is a text, and its function gave a verdict
           1 | property("x", #{ type: "text", compute: |person| yes("x") });
             |                                                  ^"#]],
    );
}

#[test]
fn functions_and_constants_of_the_file_are_there() {
    let rules = rules(
        "const LIMIT = 2;\nlet word = \"many\";\nfn much(person) { person.messages > global::LIMIT }\nproperty(\"x\", #{ compute: |person| if much(person) { word } else { \"few\" } });",
        "",
    );
    let value = rules.compute(rules.schema().get("x").unwrap(), &person(json!({})), NOW).unwrap();
    assert_eq!(value.unwrap().to_string(), "many");
}
