//! The hooks as the server calls them: what goes in, what comes out, how long it may take.
//!
//! Another hook is another type that implements [`Hook`]; nothing else changes.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::HookAbout;

/// A named point where plugins take part.
pub trait Hook {
    /// Its name in the protocol.
    const NAME: &'static str;
    /// How long a call may take.
    const WITHIN: Duration;
    /// Whether a plugin may send requests during the call.
    const MAY_ASK: bool;
    /// What the plugin is given.
    type Input: Serialize + Clone + Send + Sync;
    /// What it answers.
    type Output: DeserializeOwned + Send;

    /// The person in the input, which is cut down to what the plugin reads.
    fn person(_input: &mut Self::Input) -> Option<&mut Person> {
        None
    }

    /// Refuses an answer that says more than the plugin may.
    ///
    /// # Errors
    /// What it may not say.
    fn check(_output: &Self::Output, _about: &HookAbout) -> Result<(), String> {
        Ok(())
    }
}

/// The part of a profile that a plugin is shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Id of the profile.
    pub id: String,
    /// Every property has a list of values, the winning one first.
    pub properties: BTreeMap<String, Vec<Value>>,
}

/// One value of one property, as a plugin says it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Key of the property.
    pub property: String,
    /// The value. Null says that there is none (any more).
    pub value: Value,
    /// How sure the provider is, from 0 to 1.
    #[serde(default = "half")]
    pub confidence: f32,
    /// What to call this value among others of its property.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Where the provider saw it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
}

fn half() -> f32 {
    0.5
}

/// How a look-up ended. About a property without a claim nothing is said: absent is not empty.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// The provider knows this person.
    Found {
        /// What it says, perhaps nothing.
        claims: Vec<Claim>,
    },
    /// The provider does not know this person.
    Nobody,
    /// The provider is still searching; ask again.
    Pending {
        /// Milliseconds from now.
        after_ms: u64,
    },
    /// This person does not want to be looked up there. Not to be asked again.
    OptedOut,
}

impl<'de> Deserialize<'de> for Outcome {
    /// A bare list of claims means found: the shape that is shortest to write in a script.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "snake_case", tag = "outcome")]
        enum Named {
            Found { claims: Vec<Claim> },
            Nobody,
            Pending { after_ms: u64 },
            OptedOut,
        }
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            List(Vec<Claim>),
            Named(Named),
        }
        Ok(match Either::deserialize(deserializer)? {
            Either::List(claims) | Either::Named(Named::Found { claims }) => Self::Found { claims },
            Either::Named(Named::Nobody) => Self::Nobody,
            Either::Named(Named::Pending { after_ms }) => Self::Pending { after_ms },
            Either::Named(Named::OptedOut) => Self::OptedOut,
        })
    }
}

/// Looks up what is known elsewhere about a person. A job after the commit, never in its way.
pub struct Enrich;

impl Hook for Enrich {
    const NAME: &'static str = "enrich";
    const WITHIN: Duration = Duration::from_secs(30);
    const MAY_ASK: bool = true;
    type Input = Person;
    type Output = Outcome;

    fn person(input: &mut Person) -> Option<&mut Person> {
        Some(input)
    }

    fn check(output: &Outcome, about: &HookAbout) -> Result<(), String> {
        match output {
            Outcome::Found { claims } => check_claims(claims, about),
            _ => Ok(()),
        }
    }
}

/// A message together with the person who wrote it or gets it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct WithMessage {
    /// The message, in the SDK's shape: `id, conversation, channel, is_incoming, subject, text, at`.
    pub message: Value,
    /// The person.
    pub person: Person,
}

/// What a plugin makes of a message or an event.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Reaction {
    /// What was learnt about the person.
    pub claims: Vec<Claim>,
    /// Tags for the conversation.
    pub tags: Vec<String>,
    /// A note for the agents.
    pub note: Option<String>,
}

/// Sees every message, after it was recorded.
pub struct OnMessage;

impl Hook for OnMessage {
    const NAME: &'static str = "on_message";
    const WITHIN: Duration = Duration::from_secs(5);
    const MAY_ASK: bool = true;
    type Input = WithMessage;
    type Output = Reaction;

    fn person(input: &mut WithMessage) -> Option<&mut Person> {
        Some(&mut input.person)
    }

    fn check(output: &Reaction, about: &HookAbout) -> Result<(), String> {
        check_claims(&output.claims, about)
    }
}

/// A request of another system, stored before the plugin sees it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct WebhookRequest {
    /// The last part of the address it was sent to.
    pub source: String,
    /// Its headers, without credentials.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: String,
}

/// An event for a timeline.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct TimelineEvent {
    /// Its name.
    pub name: String,
    /// Whose: identifiers by kind.
    pub who: BTreeMap<String, String>,
    /// Milliseconds since 1970.
    pub at: i64,
    /// The same text for the same event.
    pub dedupe: String,
    /// What comes with it.
    #[serde(default)]
    pub properties: Value,
}

/// Turns a request of another system into events.
pub struct Webhook;

impl Hook for Webhook {
    const NAME: &'static str = "webhook";
    const WITHIN: Duration = Duration::from_secs(10);
    const MAY_ASK: bool = true;
    type Input = WebhookRequest;
    type Output = Vec<TimelineEvent>;
}

/// A card beside a profile.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Its title.
    pub title: String,
    /// Its rows.
    #[serde(default)]
    pub rows: Vec<Row>,
    /// Where there is more.
    #[serde(default)]
    pub link: Option<String>,
}

/// One row of a card.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// What it is.
    pub label: String,
    /// Its value.
    pub value: String,
}

/// Makes a card while somebody looks at a profile.
pub struct Cards;

impl Hook for Cards {
    const NAME: &'static str = "card";
    const WITHIN: Duration = Duration::from_secs(2);
    const MAY_ASK: bool = true;
    type Input = Person;
    type Output = Option<Card>;

    fn person(input: &mut Person) -> Option<&mut Person> {
        Some(input)
    }
}

fn check_claims(claims: &[Claim], about: &HookAbout) -> Result<(), String> {
    for claim in claims {
        if !about.writes.contains(&claim.property) {
            return Err(format!("it claims `{}`, which its manifest does not list", claim.property));
        }
        if !(0.0..=1.0).contains(&claim.confidence) {
            return Err(format!("its confidence in `{}` is not between 0 and 1", claim.property));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_bare_list_means_found() {
        let outcome: Outcome =
            serde_json::from_str(r#"[{"property":"name","value":"Ada","confidence":0.6}]"#).unwrap();
        assert!(matches!(outcome, Outcome::Found { claims } if claims[0].property == "name"));
        let outcome: Outcome = serde_json::from_str(r#"{"outcome":"opted_out"}"#).unwrap();
        assert_eq!(outcome, Outcome::OptedOut);
    }

    #[test]
    fn a_plugin_may_not_claim_what_it_did_not_announce() {
        let about = HookAbout { writes: vec!["name".into()], ..HookAbout::default() };
        let claim = |property: &str, confidence| Claim {
            property: property.into(),
            value: Value::Null,
            confidence,
            label: None,
            evidence: None,
        };
        let check = |claim| Enrich::check(&Outcome::Found { claims: vec![claim] }, &about);
        assert!(check(claim("name", 0.6)).is_ok());
        assert!(check(claim("email", 0.6)).unwrap_err().contains("`email`"));
        assert!(check(claim("name", 7.0)).is_err());
    }
}
