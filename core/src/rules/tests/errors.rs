//! Every problem names file, line and column, shows the line, and says what to do.

use expect_test::{Expect, expect};

use super::{NOW, person, problems, rules};

fn check(file: &str, text: &str, expected: Expect) {
    expected.assert_eq(&problems(&[(file, text)]));
}

#[test]
fn what_does_not_compile() {
    check(
        "identity.rhai",
        "fn same_person(a, b) {\n    let score = 0;\n    scroe += 1;\n}",
        expect![[r#"
            identity.rhai:3:5: undefined variable: scroe
               3 |     scroe += 1;
                 |     ^"#]],
    );
    check(
        "properties.rhai",
        "property(\"tier\", #{\n    label: \"Tier\"\n    options: [\"free\"],\n});",
        expect![[r#"
            properties.rhai:3:5: expecting ',' to separate the items of this object map literal
               3 |     options: ["free"],
                 |     ^"#]],
    );
    check(
        "properties.rhai",
        "property(\"tier\", #{\n\tlabel: \"Tier\",\n\tlabel: \"Rank\" });",
        expect![[r#"
            properties.rhai:3:2: duplicated property for object map literal: label
               3 | 	label: "Rank" });
                 | 	^"#]],
    );
}

#[test]
fn names_that_do_not_exist() {
    check(
        "identity.rhai",
        "fn same_person(a, b) {\n    if alikee(a.name, b.name) > 0.9 { return yes(\"x\"); }\n    if a.emial.shares(b.email) { return yes(\"y\"); }\n    no(\"z\")\n}",
        expect![[r#"
            identity.rhai:2:8: there is no function alikee(), did you mean "alike"?
               2 |     if alikee(a.name, b.name) > 0.9 { return yes("x"); }
                 |        ^
            identity.rhai:3:10: a person has no property "emial", did you mean "email"?
               3 |     if a.emial.shares(b.email) { return yes("y"); }
                 |          ^"#]],
    );
    check(
        "properties.rhai",
        "property(\"x\", #{ type: \"yes or no\", compute: |person| person.messagse > 3 });",
        expect![[r#"
            properties.rhai:1:62: a person has no property "messagse", did you mean "messages"?
               1 | property("x", #{ type: "yes or no", compute: |person| person.messagse > 3 });
                 |                                                              ^"#]],
    );
    check(
        "properties.rhai",
        "propertie(\"x\", #{});",
        expect![[r#"
        properties.rhai:1:1: there is no function propertie(), did you mean "property"?
           1 | propertie("x", #{});
             | ^"#]],
    );
    check(
        "identity.rhai",
        "property(\"x\", #{});",
        expect![[r#"
        identity.rhai:1:1: there is no function property() here: properties are defined in properties.rhai
           1 | property("x", #{});
             | ^"#]],
    );
    check(
        "properties.rhai",
        "on(\"signup\", |event, person| { });",
        expect![[r#"
        properties.rhai:1:1: there is no function on() here: scripts cannot react to events yet
           1 | on("signup", |event, person| { });
             | ^"#]],
    );
    expect![[r#"
        identity.rhai:2:31: `lib/names` has no function plan(), did you mean "plain"?
           2 | fn same_person(a, b) { names::plan(a.name); no("x") }
             |                               ^"#]]
    .assert_eq(&problems(&[
        ("lib/names.rhai", "fn plain(name) { name }"),
        (
            "identity.rhai",
            "import \"lib/names\" as names;\nfn same_person(a, b) { names::plan(a.name); no(\"x\") }",
        ),
    ]));
    check(
        "automation.rhai",
        "",
        expect![
            "automation.rhai: nothing would run it: rules stand in properties.rhai, identity.rhai, lib/ and tests/"
        ],
    );
}

#[test]
fn traps() {
    check(
        "identity.rhai",
        "fn same_person(a, b) {\n    if a.company == b.company { return yes(\"same company\"); }\n    no(\"x\")\n}",
        expect![[r#"
            identity.rhai:2:18: two unknown values are equal: write a.company.shares(b.company), which holds only for known ones
               2 |     if a.company == b.company { return yes("same company"); }
                 |                  ^"#]],
    );
    check(
        "identity.rhai",
        "fn same_person(a, b) {\n    a.name = \"Ana\";\n    no(\"x\")\n}",
        expect![[r#"
            identity.rhai:2:7: a rule cannot change a person: work with a copy, such as `let name = …;`
               2 |     a.name = "Ana";
                 |       ^"#]],
    );
    check(
        "identity.rhai",
        "fn same_person(a) {\n    no(\"x\")\n}",
        expect![[r#"
        identity.rhai:1:19: this function is asked as same_person(a, b)
           1 | fn same_person(a) {
             |                   ^"#]],
    );
}

/// What an administrator reads when `same_person` with this body is asked.
fn running(body: &str, expected: Expect) {
    let identity = format!(
        "import \"lib/helper\" as helper;\n\nfn middle(x) {{\n    helper::inner(x)\n}}\n\nfn same_person(a, b) {{\n    {body}\n}}"
    );
    let sources =
        [("lib/helper.rhai", "fn inner(x) {\n    x.nothing\n}"), ("identity.rhai", identity.as_str())];
    let rules = super::Rules::from_sources(super::Sources::from_iter(sources))
        .unwrap_or_else(|problems| panic!("{}", super::in_full(&problems)));
    let ana = person(serde_json::json!({ "name": "Ana", "email": ["a@x.org"], "birthday": "1990-01-01" }));
    let error = rules.same_person(&ana, &ana, NOW).unwrap_err();
    expected.assert_eq(&error.in_full());
}

#[test]
fn what_goes_wrong_while_running() {
    running(
        "middle(a); no(\"x\")",
        expect![[r#"
        lib/helper.rhai:2:6: a person has no property "nothing"
           2 |     x.nothing
             |      ^
             in inner(), called at identity.rhai:4
             in middle(), called at identity.rhai:8"#]],
    );
    running(
        "[1].map(|x| middle(a)); no(\"x\")",
        expect![[r#"
        lib/helper.rhai:2:6: a person has no property "nothing"
           2 |     x.nothing
             |      ^
             in inner(), called at identity.rhai:4
             in middle(), called at identity.rhai:8
             in a function without name, called at identity.rhai:8
             in map(), called at identity.rhai:8"#]],
    );
    running(
        "alike(a.name, 3) > 0.9",
        expect![[r#"
        identity.rhai:8:5: alike(text, text): the second argument has to be a text and is a number
           8 |     alike(a.name, 3) > 0.9
             |     ^"#]],
    );
    running(
        "a.name.days_ago() > 3",
        expect![[r#"
        identity.rhai:8:12: `days_ago` does not take (text)
           8 |     a.name.days_ago() > 3
             |            ^"#]],
    );
    running(
        "throw \"that was that\"",
        expect![[r#"
        identity.rhai:8:5: that was that
           8 |     throw "that was that"
             |     ^"#]],
    );
    running(
        "1 / 0",
        expect![[r#"
        identity.rhai:8:7: division by zero: 1 / 0
           8 |     1 / 0
             |       ^"#]],
    );
    running(
        "let x = a; x.name = \"Ben\"; no(\"x\")",
        expect![[r#"
        identity.rhai:8:18: a rule cannot change a person: work with a copy, such as `let name = person.name;`
           8 |     let x = a; x.name = "Ben"; no("x")
             |                  ^"#]],
    );
    running(
        "let x = a; x.birthday = now; no(\"x\")",
        expect![[r#"
        identity.rhai:8:18: a rule cannot change a person: work with a copy, such as `let birthday = person.birthday;`
           8 |     let x = a; x.birthday = now; no("x")
             |                  ^"#]],
    );
    running(
        "let x = a; x.email = [\"b@x.org\"]; no(\"x\")",
        expect![[r#"
        identity.rhai:8:18: a rule cannot change a person: work with a copy, such as `let email = person.email;`
           8 |     let x = a; x.email = ["b@x.org"]; no("x")
             |                  ^"#]],
    );
    running(
        "let x = a; x.messages = 3; no(\"x\")",
        expect![[r#"
        identity.rhai:8:18: a rule cannot change a person: work with a copy, such as `let messages = person.messages;`
           8 |     let x = a; x.messages = 3; no("x")
             |                  ^"#]],
    );
    running(
        "yes()",
        expect![[r#"
        identity.rhai:8:5: `yes` needs a reason, such as yes("same e-mail address")
           8 |     yes()
             |     ^"#]],
    );
    running(
        "yes(\"  \")",
        expect![[r#"
        identity.rhai:8:5: `yes` needs a reason, such as yes("same e-mail address")
           8 |     yes("  ")
             |     ^"#]],
    );
    running(
        "true",
        expect![[r#"
        identity.rhai:7:22: `same_person` has to answer yes(…), perhaps(…) or no(…), and gave a yes or no
           7 | fn same_person(a, b) {
             |                      ^"#]],
    );
}

#[test]
fn an_error_is_one_line_for_a_log_and_several_for_a_person() {
    let rules = rules("", "fn same_person(a, b) {\n    throw \"no\";\n}");
    let nobody = person(serde_json::json!({}));
    let error = rules.same_person(&nobody, &nobody, NOW).unwrap_err();
    assert_eq!(error.to_string(), "identity.rhai:2:5: no");
    assert_eq!(error.in_full(), "identity.rhai:2:5: no\n   2 |     throw \"no\";\n     |     ^");
}

#[test]
fn golden_cases_that_fail_are_told_all() {
    expect![[r#"
        tests/identity.rhai:2:67: one: expected `no`, and the rules say `yes: same`
           2 |     expect(same_person(#{ email: ["a@x"] }, #{ email: ["a@x"] })).no();
             |                                                                   ^
        tests/identity.rhai:5:12: two: a person has no property "emial", did you mean "email"?
           5 |     expect(same_person(#{ emial: ["a@x"] }, #{})).no();
             |            ^
        tests/identity.rhai:7:51: three: expected `no: another`, and the rules say `no: other`
           7 | example("three", || expect(same_person(#{}, #{})).no("another"));
             |                                                   ^"#]].assert_eq(&problems(&[
        ("identity.rhai", "fn same_person(a, b) {\n    if a.email.shares(b.email) { return yes(\"same\"); }\n    no(\"other\")\n}"),
        (
            "tests/identity.rhai",
            "example(\"one\", || {\n    expect(same_person(#{ email: [\"a@x\"] }, #{ email: [\"a@x\"] })).no();\n});\nexample(\"two\", || {\n    expect(same_person(#{ emial: [\"a@x\"] }, #{})).no();\n});\nexample(\"three\", || expect(same_person(#{}, #{})).no(\"another\"));",
        ),
    ]));
}
