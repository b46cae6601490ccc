//! What an identify call says about somebody.

use serde_json::{Map, Value as Json};
use whom_core::{
    identity::{GivenIdentifier, IncomingAccount, Said},
    model::{Assertion, Confidence, Identifier, IdentifierKind, PhoneRegion, PropertyKey, Value},
};

use super::{
    map::account_named,
    message::{Tracked, text_of},
    notes::Note,
};

/// What the traits of a call say.
#[derive(Debug, Default)]
pub(super) struct Traits {
    /// E-mail addresses and telephone numbers.
    pub(super) reached_by: Vec<GivenIdentifier>,
    /// Everything else, as claims.
    pub(super) said: Vec<Said>,
    /// The company, where it has an id.
    pub(super) account: Option<IncomingAccount>,
}

/// Reads the traits of a call; those in its context are what libraries repeat, so the call's own go first.
pub(super) fn read(message: &Tracked, region: PhoneRegion, notes: &mut Vec<Note>) -> Traits {
    let mut all: Vec<(PropertyKey, Json)> = Vec::new();
    let own = message.object("traits").into_iter().flatten();
    let repeated = message.context("traits").and_then(Json::as_object).into_iter().flatten();
    for (name, value) in own.chain(repeated) {
        let Some(key) = PropertyKey::fold(name) else { continue };
        if !value.is_null() && !all.iter().any(|(known, _)| *known == key) {
            all.push((key, value.clone()));
        }
    }
    let mut traits = Traits::default();
    for (key, value) in &all {
        match key.as_str() {
            // The id of the person again.
            "id" => {}
            "email" => traits.reach(IdentifierKind::EMAIL, value, region, message, notes),
            "phone" => traits.reach(IdentifierKind::PHONE, value, region, message, notes),
            "avatar" => traits.say("photo", value),
            "title" => traits.say("job_title", value),
            "description" => traits.say("about", value),
            "company" => traits.company(value),
            "address" => traits.address(value),
            other => traits.say(other, value),
        }
    }
    for (name, property) in [("locale", "language"), ("timezone", "timezone")] {
        if let Some(value) = message.context(name).filter(|value| value.is_string()) {
            traits.say(property, value);
        }
    }
    traits
}

impl Traits {
    /// A claim, unless the call has said something of the property already.
    fn say(&mut self, property: &str, value: &Json) {
        let (Some(property), Some(value)) = (PropertyKey::fold(property), Value::from_json(value)) else {
            return;
        };
        if self.said.iter().any(|said| said.property == property) {
            return;
        }
        let confidence = Confidence::CERTAIN;
        self.said.push(Said { property, assertion: Assertion::Is(value), confidence });
    }

    /// An address to reach somebody by, or several.
    fn reach(
        &mut self,
        kind: IdentifierKind,
        value: &Json,
        region: PhoneRegion,
        message: &Tracked,
        notes: &mut Vec<Note>,
    ) {
        let values = match value {
            Json::Array(values) => values.as_slice(),
            one => std::slice::from_ref(one),
        };
        for raw in values.iter().filter_map(text_of) {
            match Identifier::new(kind.clone(), &raw, region) {
                Ok(identifier) => self.reached_by.push(GivenIdentifier::new(identifier, raw)),
                Err(error) => {
                    let (code, words) = (
                        if kind == IdentifierKind::EMAIL { "invalid_email" } else { "invalid_phone" },
                        format!("the trait `{kind}` was left out: {error}"),
                    );
                    notes.push(Note::new(code, words).about(message.text("messageId").as_deref()));
                }
            }
        }
    }

    fn company(&mut self, value: &Json) {
        let Json::Object(parts) = value else { return self.say("company", value) };
        if let Some(name) = parts.get("name") {
            self.say("company", name);
        }
        self.account = parts.get("id").and_then(text_of).map(|id| account_named(id, parts));
    }

    /// The parts of an address under the names that Whom uses.
    fn address(&mut self, value: &Json) {
        let Json::Object(parts) = value else { return self.say("address", value) };
        let folded: Map<String, Json> = parts
            .iter()
            .filter_map(|(name, part)| Some((PropertyKey::fold(name)?.as_str().to_owned(), part.clone())))
            .collect();
        self.say("address", &Json::Object(folded));
    }
}
