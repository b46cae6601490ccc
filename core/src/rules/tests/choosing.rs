//! `resolve`.

use expect_test::{Expect, expect};

use super::{Rules, rules};
use crate::model::{Assertion, Claim, Confidence, ContactId, Evidence, IdKey, Source, Timestamp, Value};

/// Claims from `agent:ana 2025-01-01 Acme | import:crm 2025-02-01 Acme Inc`.
fn claims(text: &str) -> Vec<Claim> {
    let one = |text: &str| {
        let mut parts = text.trim().splitn(3, ' ');
        let source: Source = parts.next().unwrap().parse().unwrap();
        let at = Timestamp::parse(parts.next().unwrap()).unwrap();
        let value = Value::text(parts.next().unwrap()).unwrap();
        Claim::new(
            &IdKey::from_bytes([1; 32]),
            ContactId::from_bytes([1; 10]),
            "company".parse().unwrap(),
            Assertion::Is(value),
            source,
            Confidence::percent(80),
            Evidence::Word,
            at,
            at,
        )
    };
    text.split('|').map(one).collect()
}

const CLAIMS: &str = "plugin:fullcontact 2025-09-01 Acme Incorporated | import:crm 2025-02-01 Acme | import:crm 2025-03-01 Acme Inc | event:app 2025-08-01 ACME";

fn choose(rules: &Rules) -> String {
    let claims = claims(CLAIMS);
    let borrowed: Vec<&Claim> = claims.iter().collect();
    match rules.resolve(rules.schema().get("company").unwrap(), &borrowed) {
        None => "the strategy of the property decides".into(),
        Some(Err(error)) => error.in_full(),
        Some(Ok(choice)) => {
            let shown = |place: &usize| claims[*place].assertion.value().unwrap().to_string();
            let winners: Vec<_> = choice.winners.iter().map(shown).collect();
            format!("{} by {}", winners.join(", "), choice.decided_by)
        }
    }
}

fn check(answer: &str, expected: Expect) {
    let rules = rules("", &format!("fn resolve(property, claims) {{\n    {answer}\n}}"));
    expected.assert_eq(&choose(&rules));
}

#[test]
fn words_choose() {
    check("claims.from(\"crm\") ?? claims.latest()", expect!["Acme Inc, Acme by identity.rhai:2 resolve"]);
    check("claims.from(\"billing\") ?? claims.latest()", expect!["ACME by identity.rhai:2 resolve"]);
    check("claims.from(\"import:crm\").oldest()", expect!["Acme by identity.rhai:2 resolve"]);
    check("claims.from(\"billing\").oldest()", expect!["the strategy of the property decides"]);
    check("claims.except(\"plugin\").longest()", expect!["Acme Inc by identity.rhai:2 resolve"]);
    check("claims.most_trusted()", expect!["ACME by identity.rhai:2 resolve"]);
    check("claims.all()", expect!["Acme, Acme Inc, ACME, Acme Incorporated by identity.rhai:2 resolve"]);
    check(
        "claims.filter(|claim| claim.value.len() < 6 && claim.source != \"event:app\")",
        expect!["Acme by identity.rhai:2 resolve"],
    );
    check(
        "for claim in claims { if claim.last_observed.day() == moment(\"2025-03-01\") { return claim.latest(); } }",
        expect!["Acme Inc by identity.rhai:2 resolve"],
    );
}

#[test]
fn a_property_that_is_not_named_is_decided_as_it_says() {
    check(
        "switch property { \"name\" => claims.longest() }",
        expect!["the strategy of the property decides"],
    );
    check("", expect!["the strategy of the property decides"]);
}

#[test]
fn a_script_cannot_make_a_claim() {
    check(
        "\"Acme\"",
        expect![[r#"
        identity.rhai:1:30: `resolve` has to give claims, such as claims.latest(), and gave a text
           1 | fn resolve(property, claims) {
             |                              ^"#]],
    );
    check(
        "claims.latest().value",
        expect![[r#"
        identity.rhai:1:30: `resolve` has to give claims, such as claims.latest(), and gave a text
           1 | fn resolve(property, claims) {
             |                              ^"#]],
    );
}

#[test]
fn the_reason_names_the_line_of_the_library_that_chose() {
    let rules = Rules::from_sources(crate::rules::Sources::from_iter([
        (
            "identity.rhai",
            "import \"lib/trust\" as trust;\nfn resolve(property, claims) { trust::best(claims) }",
        ),
        ("lib/trust.rhai", "\n\nfn best(claims) { claims.latest() }"),
    ]))
    .unwrap();
    expect!["ACME by lib/trust.rhai:3 resolve"].assert_eq(&choose(&rules));
}
