//! A setting whose value a plugin never sees.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A secret setting, such as an API key.
///
/// It holds a placeholder, `{{secret:api_key}}`. The server puts the value in at the last
/// moment, and only towards the hosts an admin confirmed; so what a plugin logs, leaks or writes
/// on a tape is a placeholder.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The secret of the setting `name`, for tests.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self(format!("{{{{secret:{name}}}}}"))
    }

    /// The placeholder, to be put into a header, a query or a body.
    #[must_use]
    pub fn placeholder(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl JsonSchema for Secret {
    fn schema_name() -> Cow<'static, str> {
        "Secret".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "password", "writeOnly": true })
    }
}
