//! What the company says about its mail: whose addresses are its own, and what else may make a profile.

use std::{collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize};
use whom_core::model::Identifier;

/// How messages are told apart. The defaults suit a mailbox of customers; only `own` has to be set.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailPolicy {
    /// The company's own addresses and domains: mail from them is outbound, and they never become
    /// profiles.
    pub own: Vec<AddressPattern>,
    /// Senders that write for somebody else, such as a contact form: the customer is in `Reply-To`.
    pub contact_forms: Vec<AddressPattern>,
    /// Sorts of mail to take in that are passed over otherwise.
    pub include: BTreeSet<MailSort>,
    /// A message of ours to more people than this is a mailing and makes no profiles.
    pub max_recipients: usize,
}

impl Default for MailPolicy {
    fn default() -> Self {
        Self { own: Vec::new(), contact_forms: Vec::new(), include: BTreeSet::new(), max_recipients: 20 }
    }
}

impl MailPolicy {
    pub(super) fn is_own(&self, address: &Identifier) -> bool {
        self.own.iter().any(|pattern| pattern.matches(address.value()))
    }

    pub(super) fn is_contact_form(&self, address: &Identifier) -> bool {
        self.contact_forms.iter().any(|pattern| pattern.matches(address.value()))
    }

    pub(super) fn includes(&self, sort: MailSort) -> bool {
        self.include.contains(&sort)
    }
}

/// A sort of mail that makes no profiles unless it is included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MailSort {
    /// Mailing lists and newsletters.
    Lists,
    /// What a program sent by itself.
    Automatic,
    /// Reports that a message did not arrive.
    Bounces,
    /// Senders that take no answer.
    NoReply,
}

impl MailSort {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Lists, "lists"),
        (Self::Automatic, "automatic"),
        (Self::Bounces, "bounces"),
        (Self::NoReply, "no_reply"),
    ];
}

impl FromStr for MailSort {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(sort, _)| *sort).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|(_, word)| *word).collect();
            format!("`{word}` is no sort of mail: use {}", known.join(", "))
        })
    }
}

impl fmt::Display for MailSort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::ALL.iter().find(|(sort, _)| sort == self).map_or("", |(_, word)| word))
    }
}

/// Addresses by their form: `support@x.example`, `x.example` for all of a domain, `*.x.example` for
/// those below it, `sales-*@x.example` for some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressPattern(String);

/// Why something is no pattern of addresses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{given}` is no address and no domain: write `support@example.com`, `example.com` or `*.example.com`"
)]
pub struct AddressPatternError {
    given: String,
}

impl AddressPattern {
    /// Whether the address, normalised, has this form.
    pub fn matches(&self, address: &str) -> bool {
        is_like(self.0.as_bytes(), address.as_bytes())
    }
}

impl FromStr for AddressPattern {
    type Err = AddressPatternError;

    fn from_str(text: &str) -> Result<Self, AddressPatternError> {
        let folded = text.trim().to_lowercase();
        let (local, domain) = folded.rsplit_once('@').unwrap_or(("*", &folded));
        let local = if local.is_empty() { "*" } else { local };
        // `*` alone would make every address an own one, and with that nobody a customer.
        let is_domain = domain.contains('.') && !domain.contains(char::is_whitespace);
        if !is_domain || local.contains(char::is_whitespace) {
            return Err(AddressPatternError { given: text.chars().take(80).collect() });
        }
        Ok(Self(format!("{local}@{domain}")))
    }
}

impl fmt::Display for AddressPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for AddressPattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Matches with `*` for any run of characters.
fn is_like(mut pattern: &[u8], mut text: &[u8]) -> bool {
    let mut retry: Option<(&[u8], &[u8])> = None;
    loop {
        match (pattern, text) {
            ([b'*', rest @ ..], _) => {
                retry = Some((rest, text));
                pattern = rest;
            }
            ([p, pattern_rest @ ..], [t, text_rest @ ..]) if p == t => {
                (pattern, text) = (pattern_rest, text_rest);
            }
            ([], []) => return true,
            _ => match retry {
                Some((after_star, [_, rest @ ..])) => {
                    retry = Some((after_star, rest));
                    (pattern, text) = (after_star, rest);
                }
                _ => return false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_names_an_address_a_domain_or_part_of_one() {
        for (pattern, address, expected) in [
            ("Support@X.example", "support@x.example", true),
            ("x.example", "anybody@x.example", true),
            ("x.example", "anybody@mail.x.example", false),
            ("*.x.example", "anybody@mail.x.example", true),
            ("*.x.example", "anybody@x.example", false),
            ("sales-*@x.example", "sales-emea@x.example", true),
            ("sales-*@x.example", "presales-emea@x.example", false),
            ("@x.example", "a@x.example", true),
            ("a*b*c@x.example", "aXbXbXc@x.example", true),
        ] {
            let parsed: AddressPattern = pattern.parse().unwrap();
            assert_eq!(parsed.matches(&address.to_lowercase()), expected, "{pattern} on {address}");
        }
        for nonsense in ["*", "", "x", "a b@x.example"] {
            assert!(nonsense.parse::<AddressPattern>().is_err(), "{nonsense}");
        }
    }

    #[test]
    fn a_policy_is_read_from_its_words_and_needs_none() {
        let policy: MailPolicy =
            serde_json::from_str(r#"{ "own": ["x.example"], "include": ["lists"] }"#).unwrap();
        assert!(policy.includes(MailSort::Lists) && !policy.includes(MailSort::Bounces));
        assert_eq!(policy.max_recipients, 20);
        assert_eq!(serde_json::from_str::<MailPolicy>("{}").unwrap(), MailPolicy::default());
        assert!(serde_json::from_str::<MailPolicy>(r#"{ "owns": [] }"#).is_err());
    }
}
