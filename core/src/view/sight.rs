//! Sight: what somebody may see of each property, and what they see instead.
//!
//! What is shown of a profile leaves the engine through here, whatever its shape: views, reasons, records,
//! entries, previews. A property is seen in full, masked (`a•••@example.org`, `•••• 1234`), or not at all.
//! In titles, subjects and summaries, addresses and numbers are found by their form. The texts of messages and
//! notes themselves are what somebody wrote, and are shown whole to whoever opens them.

use std::collections::BTreeMap;

use super::{ClaimView, Explanation, FieldValue, FieldView, ProfileView};
use crate::model::{
    Assertion, Claim, Contact, ContactKey, Entry, Evidence, Identifier, IdentifierKind, LeastRole, Mode,
    PropertyDefinition, PropertyKey, PropertyType, Schema, Value,
};

/// What stands for what is not shown.
pub(super) const DOTS: &str = "•••";

/// How much of a property somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Seen {
    /// Nothing, not even that there is a value.
    Hidden,
    /// That there is one, and a little of it.
    Masked,
    /// All of it.
    Full,
}

/// Who sees and who edits a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rights {
    /// The least role that sees it in full.
    pub sees: LeastRole,
    /// The least role below that one that sees it masked; for those below that it is hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub masked_for: Option<LeastRole>,
    /// The least role that edits it.
    pub edits: LeastRole,
}

impl Rights {
    /// What the definition of a property says.
    pub fn of(definition: &PropertyDefinition) -> Self {
        Self { sees: definition.sees, masked_for: definition.masked_for, edits: definition.edits }
    }

    /// How much a role sees.
    pub fn seen_by(&self, role: LeastRole) -> Seen {
        if role >= self.sees {
            Seen::Full
        } else if self.masked_for.is_some_and(|least| role >= least) {
            Seen::Masked
        } else {
            Seen::Hidden
        }
    }

    /// Whether a role edits it: nobody changes what they do not see.
    pub fn edited_by(&self, role: LeastRole) -> bool {
        role >= self.edits && self.seen_by(role) == Seen::Full
    }
}

/// What one role may see and edit. Properties that it names nothing about are seen and edited by all who may read and write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    seen: BTreeMap<PropertyKey, Seen>,
    kinds: BTreeMap<String, Seen>,
    not_edited: Vec<PropertyKey>,
}

impl Sight {
    /// What a role sees under a schema, where admins decided otherwise about some properties.
    pub fn of(schema: &Schema, decided: &BTreeMap<PropertyKey, Rights>, role: LeastRole) -> Self {
        let mut sight = Self::default();
        let by_schema = schema.iter().map(|definition| (definition.key.clone(), Rights::of(definition)));
        let mut all: BTreeMap<PropertyKey, Rights> = by_schema.collect();
        all.extend(decided.iter().map(|(key, rights)| (key.clone(), *rights)));
        for (key, rights) in all {
            let seen = rights.seen_by(role);
            if seen < Seen::Full {
                let kind = schema.get(key.as_str()).and_then(PropertyDefinition::identifier_kind);
                let kind = kind.map_or_else(|| key.as_str().to_owned(), |kind| kind.as_str().to_owned());
                // A number is a number, whichever way it rings.
                let same = if kind == "phone" { &["whatsapp", "sms"][..] } else { &[] };
                for kind in [kind.as_str()].iter().chain(same) {
                    let known = sight.kinds.entry((*kind).to_owned()).or_insert(seen);
                    *known = (*known).min(seen);
                }
                sight.seen.insert(key.clone(), seen);
            }
            if !rights.edited_by(role) {
                sight.not_edited.push(key);
            }
        }
        sight
    }

    /// Whether nothing is kept from whoever has it.
    pub fn is_whole(&self) -> bool {
        self.seen.is_empty() && self.not_edited.is_empty()
    }

    /// Whether some value is kept from whoever has it.
    pub fn covers_values(&self) -> bool {
        !self.seen.is_empty()
    }

    /// Whether identifiers of some kind are not seen in full.
    pub fn covers_identifiers(&self) -> bool {
        self.kinds
            .keys()
            .any(|kind| ["email", "phone", "whatsapp", "sms", "user_id"].contains(&kind.as_str()))
    }

    /// How much is seen of a property, or of a decision about it.
    pub fn of_property(&self, key: &str) -> Seen {
        // `_pin.tier@m_…` is about the tier.
        let about = key.strip_prefix('_').and_then(|rest| rest.split_once('.')).map_or(key, |(_, rest)| rest);
        let about = about.split('@').next().unwrap_or(about);
        self.seen.get(about).copied().unwrap_or(Seen::Full)
    }

    /// How much is seen of identifiers of a kind.
    pub fn of_kind(&self, kind: &IdentifierKind) -> Seen {
        self.kinds.get(kind.as_str()).copied().unwrap_or(Seen::Full)
    }

    /// Whether a property may be edited.
    pub fn edits(&self, key: &str) -> bool {
        self.of_property(key) == Seen::Full && !self.not_edited.iter().any(|known| known.as_str() == key)
    }

    /// How much is seen of something that a source calls by any name, such as a property of an event.
    fn of_name(&self, name: &str) -> Seen {
        let Some(key) = PropertyKey::fold(name) else { return Seen::Full };
        let kind = self.kinds.get(key.as_str()).copied().unwrap_or(Seen::Full);
        self.of_property(key.as_str()).min(kind)
    }

    /// Takes out of a view what is not seen.
    pub fn cover_view(&self, view: &mut ProfileView) {
        if self.is_whole() {
            return;
        }
        view.fields.retain(|field| self.of_property(field.key.as_str()) != Seen::Hidden);
        for field in &mut view.fields {
            self.cover_field(field);
        }
        view.contacts
            .retain(|contact| contact.kind.as_ref().is_none_or(|kind| self.of_kind(kind) != Seen::Hidden));
        for contact in &mut view.contacts {
            let Some(kind) = contact.kind.as_ref().filter(|kind| self.of_kind(kind) == Seen::Masked) else {
                continue;
            };
            contact.value = masked_identifier(kind, &contact.value);
            contact.raw.clone_from(&contact.value);
            contact.masked = true;
        }
        view.name = super::assemble::display_name(view);
    }

    fn cover_field(&self, field: &mut FieldView) {
        if !self.edits(field.key.as_str()) {
            field.mode = Mode::Locked;
        }
        if self.of_property(field.key.as_str()) == Seen::Full {
            return;
        }
        field.masked = true;
        let kind = field.kind;
        for shown in field.values.iter_mut().chain(&mut field.offered) {
            shown.value = masked(kind, &shown.value);
        }
        // What went wrong with a script may quote what it was given.
        field.problem = field.problem.take().map(|_| DOTS.to_owned());
    }

    /// Takes out of an explanation what is not seen; nothing is left of one about what is hidden.
    pub fn cover_explanation(&self, kind: PropertyType, mut why: Explanation) -> Option<Explanation> {
        let seen = self.of_property(why.property.as_str());
        if seen == Seen::Hidden {
            return None;
        }
        let losing = why.losing.iter_mut().map(|lost| &mut lost.claim);
        for claim in why.winning.iter_mut().chain(losing) {
            self.cover_claim_view(seen, kind, claim);
        }
        if seen == Seen::Masked {
            why.values = why.values.iter().map(|value| masked(kind, value)).collect();
            for decision in &mut why.decisions {
                decision.value = decision.value.take().map(|value| masked(kind, &value));
            }
            why.problem = why.problem.take().map(|_| DOTS.to_owned());
        }
        Some(why)
    }

    fn cover_claim_view(&self, seen: Seen, kind: PropertyType, claim: &mut ClaimView) {
        if seen < Seen::Full {
            claim.assertion = masked_assertion(kind, &claim.assertion);
            if let Evidence::Note(_) = claim.evidence {
                claim.evidence = Evidence::Word;
            }
        }
        // What a contact is called is `email:ana@example.org`.
        let through = claim.through.split_once(':');
        let Some((word, value)) = through else { return };
        let Ok(of) = word.parse::<IdentifierKind>() else { return };
        match self.of_kind(&of) {
            Seen::Full => {}
            Seen::Masked => claim.through = format!("{word}:{}", masked_identifier(&of, value)),
            Seen::Hidden => claim.through = DOTS.to_owned(),
        }
    }

    /// Takes out of the values of a property what is not seen.
    pub fn cover_values(&self, key: &str, kind: PropertyType, values: &mut Vec<FieldValue>) {
        match self.of_property(key) {
            Seen::Full => {}
            Seen::Hidden => values.clear(),
            Seen::Masked => values.iter_mut().for_each(|shown| shown.value = masked(kind, &shown.value)),
        }
    }

    /// Takes out of an entry what is not seen among the properties of its event.
    pub fn cover_entry(&self, entry: &mut Entry) {
        if !self.covers_values() {
            return;
        }
        if self.covers_identifiers() {
            entry.title = self.cover_text(&entry.title);
            entry.summary = self.cover_text(&entry.summary);
        }
        let names: Vec<String> = entry.properties.keys().cloned().collect();
        for name in names {
            let seen = self.of_name(&name);
            if seen == Seen::Full {
                continue;
            }
            let value = entry.properties.remove(&name);
            let kind = match PropertyKey::fold(&name).as_ref().map(PropertyKey::as_str) {
                Some("email") => PropertyType::Email,
                Some("phone") => PropertyType::Phone,
                _ => PropertyType::Text,
            };
            let Some(value) = value else { continue };
            let covered = masked(kind, &value);
            // An event may tell its properties in one line as well.
            entry.summary = entry.summary.replace(&value.to_string(), &covered.to_string());
            if seen == Seen::Masked {
                entry.properties.insert(name, covered);
            }
        }
    }

    /// Takes out of the rows of a profile what is not seen. They are for showing and must not be written back.
    pub(crate) fn cover_rows(&self, schema: &Schema, contacts: &mut [(Contact, Vec<Claim>)]) {
        if !self.covers_values() {
            return;
        }
        for (contact, claims) in contacts {
            if let ContactKey::Identified { identifier, .. } = &contact.key {
                let kind = identifier.kind().clone();
                match self.of_kind(&kind) {
                    Seen::Full => {}
                    Seen::Masked => {
                        let raw = masked_identifier(&kind, identifier.value());
                        let identifier = Identifier::from_stored(kind, raw.clone());
                        contact.key = ContactKey::Identified { identifier, raw };
                    }
                    Seen::Hidden => contact.key = ContactKey::Own { of: contact.profile },
                }
            }
            claims.retain(|claim| self.of_property(claim.property.as_str()) != Seen::Hidden);
            for claim in claims {
                if self.of_property(claim.property.as_str()) == Seen::Masked {
                    let kind = schema.get_or_free(&claim.property).kind;
                    claim.assertion = masked_assertion(kind, &claim.assertion);
                    claim.evidence = Evidence::Word;
                }
            }
        }
    }
}

fn masked_assertion(kind: PropertyType, assertion: &Assertion) -> Assertion {
    match assertion {
        Assertion::Is(value) => Assertion::Is(masked(kind, value)),
        Assertion::IsNot(value) => Assertion::IsNot(masked(kind, value)),
        Assertion::Empty => Assertion::Empty,
    }
}

/// What is seen of a masked value.
pub fn masked(kind: PropertyType, value: &Value) -> Value {
    let text = value.to_string();
    Value::Text(match kind {
        PropertyType::Email => masked_address(&text),
        PropertyType::Phone => masked_number(&text),
        _ => DOTS.to_owned(),
    })
}

/// What is seen of a masked identifier.
pub fn masked_identifier(kind: &IdentifierKind, value: &str) -> String {
    match kind.as_str() {
        "email" => masked_address(value),
        "phone" | "whatsapp" | "sms" => masked_number(value),
        _ => DOTS.to_owned(),
    }
}

/// `a•••@example.org`
fn masked_address(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((name, host)) => {
            let first: String = name.chars().take(1).collect();
            format!("{first}{DOTS}@{host}")
        }
        None => DOTS.to_owned(),
    }
}

/// `•••• 1234`
fn masked_number(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    // Of a short number the last four would be nearly all of it.
    if digits.len() < 8 {
        return DOTS.to_owned();
    }
    format!("•••• {}", digits[digits.len() - 4..].iter().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_value_tells_enough_to_know_it_again_and_no_more() {
        let check = |kind, value: &str, seen: &str| {
            assert_eq!(masked(kind, &Value::text(value).unwrap()).to_string(), seen, "{value}");
        };
        check(PropertyType::Email, "ana@example.org", "a•••@example.org");
        check(PropertyType::Phone, "+49 30 1234 5678", "•••• 5678");
        check(PropertyType::Phone, "12345", "•••");
        check(PropertyType::Text, "anything", "•••");
    }

    #[test]
    fn roles_see_from_nothing_over_a_little_to_all() {
        let rights =
            Rights { sees: LeastRole::Admin, masked_for: Some(LeastRole::Agent), edits: LeastRole::Agent };
        let seen = LeastRole::ALL.map(|role| rights.seen_by(role));
        assert_eq!(seen, [Seen::Hidden, Seen::Masked, Seen::Full, Seen::Full]);
        // Nobody changes what they do not see.
        assert_eq!(LeastRole::ALL.map(|role| rights.edited_by(role)), [false, false, true, true]);
    }

    #[test]
    fn whoever_may_not_see_a_number_does_not_see_it_by_another_way_either() {
        let key = PropertyKey::fold("phone").unwrap();
        let rights = Rights { sees: LeastRole::Agent, masked_for: None, edits: LeastRole::Agent };
        let sight = Sight::of(&Schema::built_in(), &[(key, rights)].into(), LeastRole::ReadOnly);
        assert_eq!(sight.of_kind(&IdentifierKind::WHATSAPP), Seen::Hidden);
        assert_eq!(sight.of_property("_hide.phone@m_1"), Seen::Hidden);
        assert_eq!(sight.of_kind(&IdentifierKind::EMAIL), Seen::Full);
    }
}
