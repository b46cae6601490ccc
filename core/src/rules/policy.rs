//! Protection of identities: what never identifies, and how much one person can have of it.

use std::collections::BTreeMap;

use crate::model::{Identifier, IdentifierKind};

/// What protects identities from joining by accident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityPolicy {
    /// Values that identify nobody, by kind; `*` stands for any run of characters.
    pub never: Vec<(IdentifierKind, String)>,
    /// The most values of a kind that one profile takes by itself.
    pub at_most: BTreeMap<IdentifierKind, usize>,
    /// The most values of any other kind.
    pub at_most_otherwise: usize,
    /// Kinds that several people may share, such as the telephone of a household or an office:
    /// one of them never joins two profiles that are each known by something of their own.
    pub shared: Vec<IdentifierKind>,
}

/// Why an identifier is not taken for recognising somebody.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The value identifies nobody.
    #[error("this {kind} identifies nobody: it matches `{pattern}`")]
    Never {
        /// The kind.
        kind: IdentifierKind,
        /// The pattern it matches.
        pattern: String,
    },
}

impl Default for IdentityPolicy {
    /// Placeholders that applications are known to send, and generous limits.
    fn default() -> Self {
        let never = [
            (IdentifierKind::EMAIL, "*@localhost"),
            (IdentifierKind::EMAIL, "*@example.invalid"),
            (IdentifierKind::EMAIL, "test@test.*"),
            (IdentifierKind::EMAIL, "unknown@*"),
            (IdentifierKind::EMAIL, "undisclosed-recipients*"),
        ];
        let mut never: Vec<_> = never.into_iter().map(|(kind, pattern)| (kind, pattern.to_owned())).collect();
        for kind in [IdentifierKind::USER_ID, IdentifierKind::ANONYMOUS_ID] {
            for word in [
                "null",
                "undefined",
                "none",
                "anonymous",
                "nil",
                "nan",
                "unknown",
                "guest",
                "-1",
                "0",
                "true",
                "false",
                "[object object]",
                "00000000-0000-0000-0000-000000000000",
            ] {
                never.push((kind.clone(), word.to_owned()));
            }
        }
        let at_most = BTreeMap::from([
            (IdentifierKind::USER_ID, 1),
            (IdentifierKind::EMAIL, 25),
            (IdentifierKind::PHONE, 25),
            (IdentifierKind::ANONYMOUS_ID, 500),
        ]);
        let shared = vec![IdentifierKind::PHONE, IdentifierKind::WHATSAPP];
        Self { never, at_most, at_most_otherwise: 50, shared }
    }
}

impl IdentityPolicy {
    /// Whether an identifier may recognise somebody.
    pub fn admits(&self, identifier: &Identifier) -> Result<(), Refusal> {
        let value = identifier.value().to_lowercase();
        match self.never.iter().find(|(kind, pattern)| kind == identifier.kind() && matches(pattern, &value))
        {
            Some((kind, pattern)) => Err(Refusal::Never { kind: kind.clone(), pattern: pattern.clone() }),
            None => Ok(()),
        }
    }

    /// The most values of `kind` that one profile takes by itself.
    pub fn limit(&self, kind: &IdentifierKind) -> usize {
        self.at_most.get(kind).copied().unwrap_or(self.at_most_otherwise)
    }
}

/// Whether `text` is what `pattern` says, where `*` stands for any run of characters.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_run_of_characters() {
        for (pattern, text, expected) in [
            ("info@*", "info@x.org", true),
            ("info@*", "my.info@x.org", false),
            ("*@test.*", "a@test.org", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c", false),
            ("null", "null", true),
            ("null", "nullable", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
