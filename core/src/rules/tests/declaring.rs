//! `property(…)`.

use expect_test::{Expect, expect};

use super::{problems, rules};
use crate::model::{Identifier, IdentifierKind, PhoneRegion};

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&problems(&[("properties.rhai", text)]));
}

/// A definition as JSON.
fn defined(text: &str, key: &str, expected: Expect) {
    let rules = rules(text, "");
    expected.assert_eq(&serde_json::to_string(rules.schema().get(key).unwrap()).unwrap());
}

#[test]
fn a_property_says_what_is_particular_and_gets_the_rest() {
    defined(
        "property(\"favourite_tea\", #{});",
        "favourite_tea",
        expect![[
            r#"{"key":"favourite_tea","label":"Favourite tea","type":"text","cardinality":"one","mode":"free","resolve":"most_trusted","section":"custom","searchable":true,"may_leave":false,"sees":"read_only","edits":"agent","computed":false,"defined_in":"properties.rhai:1"}"#
        ]],
    );
    defined(
        "\nproperty(\"tier\", #{\n    label: \"Tier\", type: \"choice\", options: [\"free\", \"pro\"], resolve: latest, mode: \"locked\",\n    section: \"person\", help: \"What they pay for.\", searchable: false, may_leave: true, trusts: [\"plugin\", \"agent\"],\n});",
        "tier",
        expect![[
            r#"{"key":"tier","label":"Tier","help":"What they pay for.","type":"choice","cardinality":"one","mode":"locked","resolve":"latest","trusts":["plugin","agent"],"section":"person","options":["free","pro"],"searchable":false,"may_leave":true,"sees":"read_only","edits":"agent","computed":false,"defined_in":"properties.rhai:2"}"#
        ]],
    );
    defined(
        "property(\"tags\", #{ type: \"many-choice\", options: [\"a\"] });",
        "tags",
        expect![[
            r#"{"key":"tags","label":"Tags","type":"many_choice","cardinality":"many","mode":"free","resolve":"all","section":"person","options":["a"],"searchable":true,"may_leave":false,"sees":"read_only","edits":"agent","computed":false,"defined_in":"properties.rhai:1"}"#
        ]],
    );
    defined(
        "property(\"busy\", #{ type: \"yes or no\", compute: |person| person.messages > 9 });",
        "busy",
        expect![[
            r#"{"key":"busy","label":"Busy","type":"yes_no","cardinality":"one","mode":"locked","resolve":"most_trusted","section":"custom","searchable":true,"may_leave":false,"sees":"read_only","edits":"agent","computed":true,"defined_in":"properties.rhai:1"}"#
        ]],
    );
}

#[test]
fn a_built_in_property_keeps_what_is_not_said() {
    defined(
        "property(\"company\", #{ label: \"Firm\", resolve: \"most trusted\", trusts: [\"plugin\"] });",
        "company",
        expect![[
            r#"{"key":"company","label":"Firm","type":"text","cardinality":"one","mode":"overridable","resolve":"most_trusted","trusts":["plugin"],"section":"person","searchable":true,"may_leave":true,"sees":"read_only","edits":"agent","computed":false,"defined_in":"properties.rhai:1"}"#
        ]],
    );
}

#[test]
fn every_mistake_is_told_at_its_place() {
    check(
        "property(\"tier\", #{\n    labl: \"Tier\",\n    type: \"chioce\",\n    many: \"yes\",\n    resolve: \"newest\",\n});",
        expect![[r#"
            properties.rhai:2:5: a property has no `labl`, did you mean "label"?
               2 |     labl: "Tier",
                 |     ^
            properties.rhai:3:12: `type` cannot be "chioce": did you mean "choice"?
               3 |     type: "chioce",
                 |            ^
            properties.rhai:4:5: `many` has to be true or false, not `yes`
               4 |     many: "yes",
                 |     ^
            properties.rhai:5:15: `resolve` cannot be "newest": it is one of most trusted, latest, oldest, longest, all, surest
               5 |     resolve: "newest",
                 |               ^"#]],
    );
    check(
        "property(\"Tier\", #{});",
        expect![[r#"
        properties.rhai:1:11: `Tier` is no property key: write `tier`
           1 | property("Tier", #{});
             |           ^"#]],
    );
    check(
        "property(\"messages\", #{});",
        expect![[r#"
        properties.rhai:1:11: every person has `messages`: choose another name
           1 | property("messages", #{});
             |           ^"#]],
    );
    check(
        "property(\"tier\", #{});\nproperty(\"tier\", #{});",
        expect![[r#"
        properties.rhai:2:11: `tier` is already defined at properties.rhai:1
           2 | property("tier", #{});
             |           ^"#]],
    );
    check(
        "property(\"name\", #{ type: \"number\" });",
        expect![[r#"
        properties.rhai:1:21: `name` is built in, and its type cannot change
           1 | property("name", #{ type: "number" });
             |                     ^"#]],
    );
    check(
        "property(\"name\", #{ compute: |person| \"x\" });",
        expect![[r#"
        properties.rhai:1:21: `name` is built in: give what is computed a name of its own
           1 | property("name", #{ compute: |person| "x" });
             |                     ^"#]],
    );
    check(
        "property(\"x\", #{ type: \"choice\" });",
        expect![[r#"
        properties.rhai:1:18: a choice needs `options`, such as ["free", "pro"]
           1 | property("x", #{ type: "choice" });
             |                  ^"#]],
    );
    check(
        "property(\"x\", #{ at_most: 3 });",
        expect![[r#"
        properties.rhai:1:18: `at_most` protects identities, and `x` identifies nobody
           1 | property("x", #{ at_most: 3 });
             |                  ^"#]],
    );
    check(
        "property(\"x\", #{ compute: 3 });",
        expect![[r#"
        properties.rhai:1:18: `compute` has to be a function such as |person| person.messages > 10, not `3`
           1 | property("x", #{ compute: 3 });
             |                  ^"#]],
    );
    check(
        "property(\"x\", #{ compute: |person| 3, resolve: latest });",
        expect![[r#"
        properties.rhai:1:39: what is computed has no `resolve`: nobody can claim it
           1 | property("x", #{ compute: |person| 3, resolve: latest });
             |                                       ^"#]],
    );
    check(
        "property(\"email\", #{ at_most: 0 });",
        expect![[r#"
        properties.rhai:1:22: `at_most` has to be a number of at least one, not `0`
           1 | property("email", #{ at_most: 0 });
             |                      ^"#]],
    );
    check(
        "property(\"x\");",
        expect![[r#"
        properties.rhai:1:1: `property` does not take (text)
           1 | property("x");
             | ^"#]],
    );
    check(
        "let early = now;",
        expect![[r#"
        properties.rhai:1:13: `now` is known while a rule runs, not while the file is read
           1 | let early = now;
             |             ^"#]],
    );
}

#[test]
fn what_protects_an_identity_joins_the_defaults() {
    let rules = rules(
        "property(\"email\", #{ at_most: 5, never: [\"INFO@*\"] });
         property(\"customer_number\", #{ identifies: \"certainly\", at_most: 1, never: [\"0000*\"] });",
        "",
    );
    let identifier =
        |kind: &str, value: &str| Identifier::new(kind.parse().unwrap(), value, PhoneRegion::NONE).unwrap();
    assert!(rules.policy().admits(&identifier("email", "info@x.org")).is_err());
    assert!(rules.policy().admits(&identifier("email", "ana@x.org")).is_ok());
    assert!(rules.policy().admits(&identifier("user_id", "null")).is_err());
    assert!(rules.policy().admits(&identifier("customer_number", "00001")).is_err());
    assert_eq!(rules.policy().limit(&IdentifierKind::EMAIL), 5);
    assert_eq!(rules.policy().limit(&"customer_number".parse().unwrap()), 1);
}
