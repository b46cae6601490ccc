//! What somebody is recognised by: a kind and a normalised value.
//!
//! Normalising is honest: it folds only what cannot tell two people apart. Dots and `+tags` of an
//! e-mail address stay, a user id keeps its case, and a telephone number that is not one is refused.

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// The longest identifier that is taken, in bytes.
const MAX_LEN: usize = 320;

/// The kind of an identifier: a short lower-case word. The list is open.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct IdentifierKind(Cow<'static, str>);

impl IdentifierKind {
    /// An e-mail address.
    pub const EMAIL: Self = Self(Cow::Borrowed("email"));
    /// A telephone number in E.164.
    pub const PHONE: Self = Self(Cow::Borrowed("phone"));
    /// The id that the company's own application gives a signed-in customer.
    pub const USER_ID: Self = Self(Cow::Borrowed("user_id"));
    /// The id that a browser or device has before anybody signed in.
    pub const ANONYMOUS_ID: Self = Self(Cow::Borrowed("anonymous_id"));
    /// A WhatsApp number in E.164.
    pub const WHATSAPP: Self = Self(Cow::Borrowed("whatsapp"));
    /// A Messenger sender.
    pub const MESSENGER: Self = Self(Cow::Borrowed("messenger"));
    /// A handle on X.
    pub const X: Self = Self(Cow::Borrowed("x"));
    /// A LinkedIn profile name.
    pub const LINKEDIN: Self = Self(Cow::Borrowed("linkedin"));
    /// A GitHub login.
    pub const GITHUB: Self = Self(Cow::Borrowed("github"));
    /// An Instagram handle.
    pub const INSTAGRAM: Self = Self(Cow::Borrowed("instagram"));
    /// A Facebook profile name.
    pub const FACEBOOK: Self = Self(Cow::Borrowed("facebook"));
    /// A Telegram handle.
    pub const TELEGRAM: Self = Self(Cow::Borrowed("telegram"));

    const HANDLES: [Self; 6] =
        [Self::X, Self::LINKEDIN, Self::GITHUB, Self::INSTAGRAM, Self::FACEBOOK, Self::TELEGRAM];

    /// The word for it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a person calls it.
    pub fn label(&self) -> &str {
        match self.as_str() {
            "email" => "E-mail",
            "phone" => "Phone",
            "user_id" => "User id",
            "anonymous_id" => "Visitor id",
            "whatsapp" => "WhatsApp",
            "messenger" => "Messenger",
            "x" => "X",
            "linkedin" => "LinkedIn",
            "github" => "GitHub",
            "instagram" => "Instagram",
            "facebook" => "Facebook",
            "telegram" => "Telegram",
            other => other,
        }
    }

    /// Whether one person has at most one of it, so that two different values never join by themselves.
    pub fn is_unique_per_person(&self) -> bool {
        *self == Self::USER_ID
    }

    /// Whether it is a public handle of a social network.
    pub fn is_social_handle(&self) -> bool {
        Self::HANDLES.contains(self)
    }

    /// Whether somebody can be written to or called by it.
    pub fn reaches(&self) -> bool {
        !matches!(self.as_str(), "user_id" | "anonymous_id")
    }
}

impl FromStr for IdentifierKind {
    type Err = IdentifierError;

    fn from_str(word: &str) -> Result<Self, IdentifierError> {
        let known =
            [Self::EMAIL, Self::PHONE, Self::USER_ID, Self::ANONYMOUS_ID, Self::WHATSAPP, Self::MESSENGER];
        if let Some(kind) = known.into_iter().chain(Self::HANDLES).find(|kind| kind.as_str() == word) {
            return Ok(kind);
        }
        let is_word = (1..=40).contains(&word.len())
            && word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if is_word {
            Ok(Self(Cow::Owned(word.to_owned())))
        } else {
            Err(IdentifierError::Kind { given: word.chars().take(60).collect() })
        }
    }
}

impl fmt::Display for IdentifierKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for IdentifierKind {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The country whose rules read a number written without country code, such as `GB`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PhoneRegion(Option<phonenumber::country::Id>);

impl PhoneRegion {
    /// No country: only numbers with `+` and country code are read.
    pub const NONE: Self = Self(None);
}

impl FromStr for PhoneRegion {
    type Err = IdentifierError;

    fn from_str(code: &str) -> Result<Self, IdentifierError> {
        code.to_ascii_uppercase()
            .parse()
            .map(|id| Self(Some(id)))
            .map_err(|_| IdentifierError::Region { given: code.chars().take(20).collect() })
    }
}

/// Why something is not an identifier. The texts never repeat the value, which may be somebody's address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierError {
    /// The kind is no word.
    #[error("`{given}` is no kind of identifier: use a lower-case word such as `email` or `customer_number`")]
    Kind {
        /// What was given.
        given: String,
    },
    /// The region is unknown.
    #[error("`{given}` is no country: use its two letters, such as `GB`")]
    Region {
        /// What was given.
        given: String,
    },
    /// There is nothing left after trimming.
    #[error("the {kind} is empty")]
    Empty {
        /// The kind it was to be.
        kind: IdentifierKind,
    },
    /// It is longer than any identifier.
    #[error("the {kind} is {len} bytes long; at most {MAX_LEN} are taken")]
    TooLong {
        /// The kind it was to be.
        kind: IdentifierKind,
        /// How long it is.
        len: usize,
    },
    /// It cannot be an e-mail address.
    #[error("this is not an e-mail address: it needs one `@` and a domain with a dot")]
    Email,
    /// It cannot be a telephone number.
    #[error("this is not a telephone number: write it with `+` and country code, or set the default country")]
    Phone,
    /// It has characters that no identifier has.
    #[error("the {kind} has control characters in it")]
    Control {
        /// The kind it was to be.
        kind: IdentifierKind,
    },
}

/// Something a person is recognised by, already normalised.
///
/// Two identifiers mean the same contact exactly when they compare equal. The raw form is kept
/// beside it by whoever holds it, for showing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Identifier {
    kind: IdentifierKind,
    value: String,
}

impl Identifier {
    /// Normalises `raw` by the rules of its kind, or says why it is none.
    pub fn new(kind: IdentifierKind, raw: &str, region: PhoneRegion) -> Result<Self, IdentifierError> {
        let trimmed = raw.trim();
        if trimmed.is_empty() {
            return Err(IdentifierError::Empty { kind });
        }
        if trimmed.len() > MAX_LEN {
            return Err(IdentifierError::TooLong { kind, len: trimmed.len() });
        }
        if trimmed.chars().any(char::is_control) {
            return Err(IdentifierError::Control { kind });
        }
        let value = match kind.as_str() {
            "email" => email(trimmed)?,
            "phone" | "whatsapp" => phone(trimmed, region)?,
            _ if kind.is_social_handle() => handle(trimmed),
            _ => trimmed.nfc().collect(),
        };
        if value.is_empty() {
            return Err(IdentifierError::Empty { kind });
        }
        Ok(Self { kind, value })
    }

    /// An e-mail address.
    pub fn email(raw: &str) -> Result<Self, IdentifierError> {
        Self::new(IdentifierKind::EMAIL, raw, PhoneRegion::NONE)
    }

    /// Takes an identifier back from a store, where only normalised ones are.
    pub(crate) fn from_stored(kind: IdentifierKind, value: String) -> Self {
        Self { kind, value }
    }

    /// Its kind.
    pub fn kind(&self) -> &IdentifierKind {
        &self.kind
    }

    /// Its normalised value.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The domain of an e-mail address.
    pub fn domain(&self) -> Option<&str> {
        (self.kind == IdentifierKind::EMAIL)
            .then(|| self.value.rsplit_once('@').map(|(_, domain)| domain))
            .flatten()
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.value)
    }
}

fn email(raw: &str) -> Result<String, IdentifierError> {
    let raw = raw.strip_prefix("mailto:").unwrap_or(raw);
    let raw = raw.strip_prefix('<').and_then(|inner| inner.strip_suffix('>')).unwrap_or(raw);
    let folded: String = raw.nfc().flat_map(char::to_lowercase).collect();
    // A trailing dot of the domain is the same domain written in full.
    let folded = folded.strip_suffix('.').unwrap_or(&folded).to_owned();
    let strict =
        email_address::Options::default().with_required_tld().without_display_text().without_domain_literal();
    match email_address::EmailAddress::parse_with_options(&folded, strict) {
        Ok(_) => Ok(folded),
        Err(_) => Err(IdentifierError::Email),
    }
}

fn phone(raw: &str, region: PhoneRegion) -> Result<String, IdentifierError> {
    let raw = raw.strip_prefix("tel:").or_else(|| raw.strip_prefix("whatsapp:")).unwrap_or(raw);
    // `+44 (0)20 …` is how a number is printed for readers at home and abroad; the zero is for those at home.
    let raw =
        &*if raw.starts_with('+') { Cow::Owned(raw.replacen("(0)", "", 1)) } else { Cow::Borrowed(raw) };
    // WhatsApp and some providers write E.164 without the plus; `00` is the plus of a telephone.
    let digits_only = raw.chars().all(|c| c.is_ascii_digit());
    let with_plus = match raw.strip_prefix("00") {
        Some(rest) if !rest.starts_with('0') => Cow::Owned(format!("+{rest}")),
        _ => Cow::Borrowed(raw),
    };
    let read = |text: &str, region| phonenumber::parse(region, text).ok().filter(is_possible);
    let number = read(&with_plus, region.0)
        .or_else(|| {
            (digits_only && raw.len() >= 10 && !raw.starts_with('0'))
                .then(|| read(&format!("+{raw}"), None))?
        })
        .ok_or(IdentifierError::Phone)?;
    Ok(number.format().mode(phonenumber::Mode::E164).to_string())
}

/// Possible rather than assigned: numbers of new ranges and of films must not be lost.
fn is_possible(number: &phonenumber::PhoneNumber) -> bool {
    let digits = number.format().mode(phonenumber::Mode::E164).to_string().len() - 1;
    (7..=15).contains(&digits)
}

fn handle(raw: &str) -> String {
    // A link to somebody's page names the handle in its last part.
    let path = raw.trim_start_matches("https://").trim_start_matches("http://");
    let name = if path.len() < raw.len() || path.starts_with("www.") {
        path.split(['?', '#']).next().unwrap_or(path).trim_end_matches('/').rsplit('/').next().unwrap_or(path)
    } else {
        raw
    };
    name.trim_start_matches('@').nfc().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: &str, raw: &str, expected: Result<&str, &str>) {
        let region = "DE".parse().unwrap();
        let found = Identifier::new(kind.parse().unwrap(), raw, region).map(|id| id.value().to_owned());
        let found = found.as_deref().map_err(ToString::to_string);
        assert_eq!(found.as_ref().map(|v| *v).map_err(String::as_str), expected, "{kind} `{raw}`");
    }

    #[test]
    fn an_address_folds_case_and_nothing_else() {
        check("email", " Ada.Lovelace+list@Example.ORG ", Ok("ada.lovelace+list@example.org"));
        check("email", "mailto:<ada@example.org>", Ok("ada@example.org"));
        check("email", "ZOË@Bücher.example", Ok("zoë@bücher.example"));
        check("email", "a@b", Err("this is not an e-mail address: it needs one `@` and a domain with a dot"));
        check(
            "email",
            "Ada <ada@example.org>",
            Err("this is not an e-mail address: it needs one `@` and a domain with a dot"),
        );
    }

    #[test]
    fn a_number_becomes_e164_by_the_country_it_was_dialled_in() {
        check("phone", "030 23125-014", Ok("+493023125014"));
        check("phone", "+44 (0)7700 900123", Ok("+447700900123"));
        check("phone", "0044 7700 900123", Ok("+447700900123"));
        check("whatsapp", "whatsapp:+12025550123", Ok("+12025550123"));
        check(
            "phone",
            "12",
            Err(
                "this is not a telephone number: write it with `+` and country code, or set the default country",
            ),
        );
    }

    #[test]
    fn a_user_id_keeps_its_case_and_a_handle_loses_its_page() {
        check("user_id", " AbC-1 ", Ok("AbC-1"));
        check("github", "https://github.com/Octo-Cat/?tab=repositories", Ok("octo-cat"));
        check("x", "@Ada", Ok("ada"));
        check("user_id", "a\u{0}b", Err("the user_id has control characters in it"));
    }
}
