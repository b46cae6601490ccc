//! What a view makes of rules, from ground state to the explanation of a field.

use expect_test::{Expect, expect};

use super::{NOW, rules};
use crate::{
    model::{
        Assertion, Claim, Confidence, Contact, ContactId, ContactKey, Evidence, IdKey, Identifier,
        IdentifierKind, PhoneRegion, Profile, ProfileId, Source, Timestamp, Value,
    },
    view::{ViewInput, assemble, explain},
};

/// What a view shows of a profile with these claims, and why: `agent:ana company is Acme | …`.
fn check(properties: &str, identity: &str, claims: &str, ask: &str, expected: Expect) {
    let rules = rules(properties, identity);
    let (key, profile) = (IdKey::from_bytes([1; 32]), ProfileId::from_bytes([2; 10]));
    let contact = contact(profile);
    let claims =
        claims.split('|').enumerate().map(|(day, text)| claim(&key, contact.id, day, text)).collect();
    let profile = Profile { contacts: vec![contact.id], ..Profile::new(profile, contact.first_seen) };
    let contacts = [(contact, claims)];
    let input = ViewInput {
        key: &key,
        profile: &profile,
        contacts: &contacts,
        accounts: &[],
        rules: &rules,
        now: NOW,
    };

    let view = assemble(&input);
    assert_eq!(view.rules, rules.hash());
    assert_eq!(assemble(&input), view);
    let values = |values: Vec<String>| if values.is_empty() { "nothing".into() } else { values.join(", ") };
    let mut said = Vec::new();
    for field in view.fields.iter().filter(|field| field.key.as_str() != "email") {
        let shown =
            field.values.iter().map(|shown| format!("{} from {}", shown.value, shown.source)).collect();
        let problem = field.problem.as_ref().map_or_else(String::new, |problem| format!(" ({problem})"));
        said.push(format!("{}: {}{problem}", field.key, values(shown)));
    }
    let why = explain(&input, &ask.parse().unwrap());
    said.push(format!("{ask}: {}", why.decided_by));
    said.extend(why.losing.iter().map(|lost| format!("{:?} lost: {}", lost.claim.assertion, lost.because)));
    expected.assert_eq(&said.join("\n"));
}

fn contact(profile: ProfileId) -> Contact {
    let identifier = Identifier::new(IdentifierKind::EMAIL, "ana@x.org", PhoneRegion::NONE).unwrap();
    Contact {
        id: ContactId::from_bytes([3; 10]),
        key: ContactKey::Identified { identifier, raw: "ana@x.org".into() },
        profile,
        home: profile,
        born: 0,
        links: Vec::new(),
        changes: Vec::new(),
        accounts: Vec::new(),
        source: Source::message("mail"),
        first_seen: Timestamp::parse("2025-01-01").unwrap(),
        last_seen: Timestamp::parse("2025-06-01").unwrap(),
        messages: 2,
        events: 0,
        tally: Default::default(),
        version: 1,
    }
}

fn claim(key: &IdKey, contact: ContactId, day: usize, text: &str) -> Claim {
    let mut parts = text.trim().splitn(4, ' ');
    let source: Source = parts.next().unwrap().parse().unwrap();
    let property = parts.next().unwrap().parse().unwrap();
    let word = parts.next().unwrap();
    let value = Value::text(parts.next().unwrap()).unwrap();
    let assertion = if word == "is" { Assertion::Is(value) } else { Assertion::IsNot(value) };
    let at = Timestamp::parse(&format!("2025-05-{:02}", day + 1)).unwrap();
    Claim::new(key, contact, property, assertion, source, Confidence::CERTAIN, Evidence::Word, at, at)
}

const CRM_FIRST: &str = "fn resolve(property, claims) {
    switch property {
        \"company\" => claims.from(\"crm\") ?? claims.latest(),
    }
}";

#[test]
fn a_script_chooses_and_the_explanation_says_where() {
    check(
        "",
        CRM_FIRST,
        "import:crm company is Acme | event:app company is ACME | event:app location is Bonn",
        "company",
        expect![[r#"
            company: Acme from import:crm
            location: Bonn from event:app
            company: identity.rhai:3 resolve
            Is(Text("ACME")) lost: identity.rhai:3 resolve chose another"#]],
    );
}

#[test]
fn what_an_agent_took_away_is_not_brought_back() {
    check(
        "",
        CRM_FIRST,
        "import:crm company is Acme | event:app company is ACME | agent:ana company not Acme",
        "company",
        expect![[r#"
            company: ACME from event:app
            company: identity.rhai:3 resolve
            IsNot(Text("Acme")) lost: it takes a value away and shows none
            Is(Text("Acme")) lost: agent:ana took this value away"#]],
    );
}

#[test]
fn computed_properties_stand_beside_claimed_ones_and_build_on_each_other() {
    check(
        "property(\"tier\", #{ type: \"choice\", options: [\"free\", \"pro\"], resolve: latest });
         property(\"silent\", #{ type: \"yes or no\", compute: |person| person.last_seen.days_ago() > 30 });
         property(\"at_risk\", #{ type: \"yes or no\", compute: |person| person.tier == \"pro\" && person.silent });",
        "",
        "event:app tier is free | event:app tier is pro",
        "at_risk",
        expect![[r#"
            tier: pro from event:app
            silent: yes from rule:properties.rhai:2
            at_risk: yes from rule:properties.rhai:3
            at_risk: computed by properties.rhai:3"#]],
    );
}

#[test]
fn a_rule_that_fails_costs_its_one_property_and_says_so() {
    check(
        "property(\"broken\", #{ type: \"number\", compute: |person| person.messages / 0 });
         property(\"fine\", #{ type: \"number\", compute: |person| person.messages * 2 });",
        "fn resolve(property, claims) { if property == \"company\" { throw \"no idea\"; } }",
        "import:crm company is Acme | event:app location is Bonn",
        "broken",
        expect![[r#"
            company: Acme from import:crm (identity.rhai:1:59: no idea)
            location: Bonn from event:app
            broken: nothing (properties.rhai:1:73: division by zero: 2 / 0)
            fine: 4 from rule:properties.rhai:2
            broken: computed by properties.rhai:1"#]],
    );
}

#[test]
fn who_is_known_by_the_parts_of_a_name_has_one_for_rules() {
    check(
        "property(\"greeting\", #{ type: \"text\", compute: |person| \"Dear \" + person.name });",
        "",
        "event:app first_name is Ana | event:app last_name is Lee",
        "greeting",
        expect![[r#"
            first_name: Ana from event:app
            last_name: Lee from event:app
            greeting: Dear Ana Lee from rule:properties.rhai:1
            greeting: computed by properties.rhai:1"#]],
    );
}
