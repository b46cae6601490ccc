//! One message as it was sent, field by field. Fields that are null count as left out.

use serde_json::{Map, Value};
use whom_core::model::Timestamp;

/// What sort of message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MessageKind {
    Identify,
    Track,
    Page,
    Screen,
    Group,
    Alias,
}

impl MessageKind {
    fn from_word(word: &str) -> Option<Self> {
        match word {
            "identify" => Some(Self::Identify),
            "track" => Some(Self::Track),
            "page" => Some(Self::Page),
            "screen" => Some(Self::Screen),
            "group" => Some(Self::Group),
            "alias" => Some(Self::Alias),
            _ => None,
        }
    }
}

/// One message as it was sent.
#[derive(Clone, Debug)]
pub(super) struct Tracked {
    /// What sort of message it is; none where it does not say so in a way that is known.
    pub(super) kind: Option<MessageKind>,
    fields: Map<String, Value>,
}

impl Tracked {
    /// A message, with what its batch says for all of its messages. The path of a call beats the field `type`.
    pub(super) fn new(
        kind: Option<MessageKind>,
        mut fields: Map<String, Value>,
        shared: Option<&Map<String, Value>>,
    ) -> Self {
        if let Some(shared) = shared {
            for name in ["context", "integrations"] {
                let Some(Value::Object(common)) = shared.get(name) else { continue };
                let mut own = match fields.remove(name) {
                    Some(Value::Object(own)) => own,
                    _ => Map::new(),
                };
                // The message knows better than its batch.
                for (key, value) in common {
                    own.entry(key.clone()).or_insert_with(|| value.clone());
                }
                fields.insert(name.to_owned(), Value::Object(own));
            }
            for name in ["sentAt", "timestamp"] {
                let is_said = fields.get(name).is_some_and(|value| !value.is_null());
                if let (false, Some(common)) = (is_said, shared.get(name)) {
                    fields.insert(name.to_owned(), common.clone());
                }
            }
        }
        let kind = kind.or_else(|| MessageKind::from_word(fields.get("type")?.as_str()?));
        Self { kind, fields }
    }

    /// A text, or a number written as one: ids are often numbers in the sender's database.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        text_of(self.fields.get(name)?)
    }

    /// An object.
    pub(super) fn object(&self, name: &str) -> Option<&Map<String, Value>> {
        self.fields.get(name)?.as_object()
    }

    /// A part of the context.
    pub(super) fn context(&self, name: &str) -> Option<&Value> {
        self.object("context")?.get(name).filter(|value| !value.is_null())
    }

    /// A moment; an error where there is something that is none.
    pub(super) fn moment(&self, name: &str) -> Result<Option<Timestamp>, ()> {
        match self.fields.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Timestamp::parse(text).map(Some).map_err(|_| ()),
            // Milliseconds since 1970, as some mobile libraries write them.
            Some(Value::Number(number)) => {
                number.as_i64().map(|millis| Some(Timestamp::from_millis(millis))).ok_or(())
            }
            Some(_) => Err(()),
        }
    }

    /// The id that an alias call replaces.
    pub(super) fn previous_id(&self) -> Option<String> {
        (self.kind == Some(MessageKind::Alias)).then(|| self.text("previousId")).flatten()
    }

    /// The message as it is kept, without what concerns only its transport.
    pub(super) fn to_kept(&self) -> Vec<u8> {
        let transport = ["writeKey", "integrations", "_metadata", "sentAt"];
        let kept: Map<_, _> = self
            .fields
            .iter()
            .filter(|(name, value)| !transport.contains(&name.as_str()) && !value.is_null())
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        serde_json::to_vec(&kept).unwrap_or_default()
    }
}

/// A text that is not empty, or a number or truth value written as one.
pub(super) fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}
