//! The plugin against a tape: no network, no clock, no server.
#![allow(clippy::unwrap_used)]

use super::*;

const ALEX: &str = include_str!("../tests/alex.jsonl");

fn gravatar(settings: Value) -> Gravatar {
    Gravatar::open(serde_json::from_value(settings).unwrap()).unwrap()
}

fn enrich(tape: &str, emails: &[&str]) -> Result<Outcome> {
    let tape = Recording::parse(tape).unwrap();
    let person = emails.iter().fold(Person::new("p1"), |p, email| p.with("email", *email));
    let plugin = gravatar(json!({ "api_key": "{{secret:api_key}}" }));
    let outcome = plugin.enrich(&person, &Host::new(&tape, 1));
    assert!(tape.is_played(), "something on the tape was not asked for");
    outcome
}

#[test]
fn an_address_is_hashed_as_gravatar_hashes_it() {
    assert_eq!(
        hash("MyEmailAddress@example.com "),
        "84059b07d4be67b806386c0aad8070a23f18836bbaae342275dc0a83414c32ee"
    );
}

#[test]
fn a_profile_becomes_claims() {
    let Ok(Outcome::Found { claims }) = enrich(ALEX, &["MyEmailAddress@example.com"]) else {
        panic!("not found")
    };
    let said: Vec<String> = claims
        .as_slice()
        .iter()
        .map(|c| format!("{} = {} [{}]", c.property, c.value, c.label.as_deref().unwrap_or("")))
        .collect();
    assert_eq!(
        said,
        [
            r#"name = "Alex Morgan" []"#,
            r#"job_title = "Landscape Architect" []"#,
            r#"company = "ACME Corp" []"#,
            r#"location = "New York, USA" []"#,
            r#"photo = "https://0.gravatar.com/avatar/84059b07?s=256&d=404" []"#,
            r#"gravatar_profile = "https://gravatar.com/example" [Gravatar profile]"#,
            r#"social_profiles = "https://github.com/example" [GitHub]"#,
        ]
    );
    assert!(claims.as_slice().iter().all(|c| c.evidence.as_deref() == Some("https://gravatar.com/example")));
    assert!(claims.as_slice().iter().all(|c| Gravatar::WRITES.contains(&&*c.property)));
}

#[test]
fn an_unknown_address_is_nobody() {
    let tape = r#"{"method":"http","params":{"method":"GET","url":"https://api.gravatar.com/v3/profiles/84059b07d4be67b806386c0aad8070a23f18836bbaae342275dc0a83414c32ee","headers":[["authorization","Bearer {{secret:api_key}}"]],"cache_s":86400},"result":{"status":404,"body":"{\"error\":\"Profile not found\"}"}}"#;
    assert_eq!(enrich(tape, &["myemailaddress@example.com"]), Ok(Outcome::Nobody));
    assert_eq!(enrich("", &[]), Ok(Outcome::Nobody));
}

#[test]
fn a_reached_limit_says_when_to_come_back() {
    let tape = r#"{"method":"http","params":{"method":"GET","url":"https://api.gravatar.com/v3/profiles/84059b07d4be67b806386c0aad8070a23f18836bbaae342275dc0a83414c32ee","headers":[["authorization","Bearer {{secret:api_key}}"]],"cache_s":86400},"result":{"status":429,"headers":[["X-RateLimit-Reset","1700000090"]],"body":"{\"error\":\"Rate limit exceeded\",\"code\":\"rate_limit_exceeded\"}"}}
{"method":"now","params":{},"result":1700000000000}"#;
    let error = enrich(tape, &["myemailaddress@example.com"]).unwrap_err();
    assert_eq!(error.after(), Some(Duration::from_secs(90)));
}

#[test]
fn the_form_for_the_admin_comes_from_the_types() {
    let manifest = whom_plugin::manifest::<Gravatar>();
    let fields = &manifest["settings"]["properties"];
    assert_eq!(fields["api_key"]["format"], "password");
    assert_eq!(fields["picture_size"]["maximum"], 2048);
    assert_eq!(fields["picture_size"]["default"], 256);
    assert_eq!(fields["address"]["default"], "https://api.gravatar.com/v3");
    assert_eq!(manifest["settings"]["description"], "Gravatar");
    assert_eq!(manifest["hooks"][0]["reads"], json!(["email"]));
}

#[test]
fn a_picture_of_no_size_is_refused_at_its_field() {
    let settings = serde_json::from_value(json!({ "picture_size": 0 })).unwrap();
    let error = Gravatar::open(settings).err().unwrap();
    assert_eq!(error, Error::setting("picture_size", "a picture has 16 to 2048 pixels"));
}
