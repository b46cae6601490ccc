//! Settings without their secrets.

use std::collections::HashMap;

use serde_json::Value;

/// Settings in two parts: what the plugin sees, and what only the gate sees.
#[derive(Clone, Default, PartialEq)]
pub struct Split {
    /// The settings with placeholders, `{{secret:api_key}}`, in place of secrets.
    pub settings: Value,
    /// The secrets by name.
    pub secrets: HashMap<String, String>,
}

/// Takes the secrets out of settings, by the plugin's JSON Schema: text of `"format": "password"`
/// or `"writeOnly": true`. Those that the admin let the plugin see (`reveals`) stay in as well.
#[must_use]
pub fn split_secrets(schema: &Value, settings: &Value, reveals: &[String]) -> Split {
    let mut split = Split { settings: settings.clone(), secrets: HashMap::new() };
    let Some(fields) = schema.get("properties").and_then(Value::as_object) else { return split };
    for (name, field) in fields {
        let is_secret = field.get("format").is_some_and(|format| format == "password")
            || field.get("writeOnly").is_some_and(|is| is == true);
        let Some(slot) = split.settings.get_mut(name).filter(|_| is_secret) else { continue };
        let Some(secret) = slot.as_str().filter(|secret| !secret.is_empty()) else { continue };
        split.secrets.insert(name.clone(), secret.to_owned());
        if !reveals.contains(name) {
            *slot = Value::from(format!("{{{{secret:{name}}}}}"));
        }
    }
    split
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_plugin_sees_a_placeholder_and_the_gate_the_secret() {
        let schema = json!({ "properties": {
            "api_key": { "type": ["string", "null"], "format": "password", "writeOnly": true },
            "size": { "type": "integer" },
        } });
        let split = split_secrets(&schema, &json!({ "api_key": "s3cret", "size": 3 }), &[]);
        assert_eq!(split.settings, json!({ "api_key": "{{secret:api_key}}", "size": 3 }));
        assert_eq!(split.secrets["api_key"], "s3cret");
    }

    #[test]
    fn a_secret_that_is_not_set_stays_absent() {
        let schema = json!({ "properties": { "api_key": { "format": "password" } } });
        let split = split_secrets(&schema, &json!({ "api_key": null }), &[]);
        assert_eq!(split.settings, json!({ "api_key": null }));
        assert!(split.secrets.is_empty());
    }
}
