//! Who says so, and whose word counts for more.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What sort of source it is, in the default order of trust, the least trusted first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceKind {
    /// An enrichment provider.
    Plugin,
    /// A script.
    Rule,
    /// Read out of a message, such as the name beside a sender's address.
    Message,
    /// A file brought in from another system.
    Import,
    /// The company's own application, through the tracking API.
    Event,
    /// A program with a key of its own, through the JSON API.
    Api,
    /// A person at work.
    Agent,
}

impl SourceKind {
    const ALL: [(Self, &'static str); 7] = [
        (Self::Plugin, "plugin"),
        (Self::Rule, "rule"),
        (Self::Message, "message"),
        (Self::Import, "import"),
        (Self::Event, "event"),
        (Self::Api, "api"),
        (Self::Agent, "agent"),
    ];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("plugin", |(_, word)| word)
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind)
    }
}

/// Who claims something: a sort of source and its name, written `plugin:gravatar`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    kind: SourceKind,
    name: String,
}

impl Source {
    /// Names a source; blanks and control characters in the name become `-`.
    pub fn new(kind: SourceKind, name: impl AsRef<str>) -> Self {
        let name = name.as_ref().trim();
        let name = name
            .chars()
            .map(|c| if c.is_whitespace() || c.is_control() { '-' } else { c })
            .take(120)
            .collect();
        Self { kind, name }
    }

    /// An agent, by login name.
    pub fn agent(name: impl AsRef<str>) -> Self {
        Self::new(SourceKind::Agent, name)
    }

    /// A channel that brings messages, such as `mail`.
    pub fn message(channel: impl AsRef<str>) -> Self {
        Self::new(SourceKind::Message, channel)
    }

    /// A plugin, by its id.
    pub fn plugin(id: impl AsRef<str>) -> Self {
        Self::new(SourceKind::Plugin, id)
    }

    /// What sort of source it is.
    pub fn kind(&self) -> SourceKind {
        self.kind
    }

    /// Its own name, without the sort.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.as_str(), self.name)
    }
}

impl FromStr for Source {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, name) = text.split_once(':').unwrap_or((text, ""));
        let kind = SourceKind::from_word(kind).ok_or_else(|| {
            let known: Vec<_> = SourceKind::ALL.iter().map(|(_, word)| *word).collect();
            format!(
                "`{text}` names no source: write one of {} and a name, like `agent:ana`",
                known.join(", ")
            )
        })?;
        Ok(Self::new(kind, name))
    }
}

impl Serialize for Source {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
