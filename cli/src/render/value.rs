//! Values as people read them.

use serde_json::Value as Json;
use whom_core::model::Timestamp;

use crate::{moment, output::harmless};

/// A value in one line.
pub(crate) fn plain(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::Bool(true) => "yes".into(),
        Json::Bool(false) => "no".into(),
        Json::Number(number) => number.to_string(),
        Json::String(text) => match Timestamp::parse(text) {
            // A day is a moment at midnight, wherever it is read; others are easier to read without seconds.
            Ok(_) if text.ends_with("T00:00:00Z") => text.chars().take(10).collect(),
            Ok(at) if text.contains('T') => moment::minute(at),
            _ => harmless(text),
        },
        Json::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Json::Object(parts) => {
            parts.values().map(plain).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_one_line() {
        assert_eq!(plain(&json!({ "street": "Storgatan 1", "city": "Åre" })), "Storgatan 1, Åre");
        assert_eq!(plain(&json!(["a", true, 3])), "a, yes, 3");
        assert_eq!(plain(&json!("1990-04-01")), "1990-04-01");
        assert_eq!(plain(&json!("1990-04-01T00:00:00Z")), "1990-04-01");
        assert_eq!(plain(&json!("two\nlines")), "two lines");
    }
}
