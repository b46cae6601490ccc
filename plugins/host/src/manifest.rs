//! What a plugin says about itself.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use whom_plugin_abi as abi;

/// What a plugin says about itself. Unknown fields are ignored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Its id, under which settings, consent and claims are kept.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// One sentence.
    #[serde(default)]
    pub summary: String,
    /// Its own version.
    #[serde(default)]
    pub version: String,
    /// What it was written with.
    #[serde(default)]
    pub sdk: String,
    /// The oldest plugin ABI it works with.
    #[serde(default = "oldest")]
    pub needs: String,
    /// The hosts it wants to send requests to.
    #[serde(default)]
    pub reaches: Vec<String>,
    /// The secret settings whose value it has to see.
    #[serde(default)]
    pub reveals: Vec<String>,
    /// Where it takes part.
    #[serde(default)]
    pub hooks: Vec<HookAbout>,
    /// JSON Schema of its settings; the admin's form.
    #[serde(default)]
    pub settings: Value,
}

/// One hook of a plugin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HookAbout {
    /// Name of the hook.
    pub on: String,
    /// The properties it is sent.
    #[serde(default)]
    pub reads: Vec<String>,
    /// The properties it may claim.
    #[serde(default)]
    pub writes: Vec<String>,
    /// How the server checks the signature of a webhook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verify: Option<Value>,
}

fn oldest() -> String {
    "1.0".to_owned()
}

impl Manifest {
    /// The entry of a hook, if the plugin has it.
    #[must_use]
    pub fn hook(&self, name: &str) -> Option<&HookAbout> {
        self.hooks.iter().find(|hook| hook.on == name)
    }

    /// Whether this version of Whom can work with it; if not, a sentence that says why.
    pub(crate) fn check(&self) -> Result<(), String> {
        let is_id = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if self.id.is_empty() || self.id.len() > 64 || !self.id.bytes().all(is_id) {
            return Err(format!(
                "`{}` is not the id of a plugin: small letters, digits and hyphens, at most 64",
                self.id
            ));
        }
        let version = |text: &str| {
            let (major, minor) = text.split_once('.')?;
            Some((major.parse::<u16>().ok()?, minor.parse::<u16>().ok()?))
        };
        let needs = version(&self.needs).ok_or_else(|| {
            format!("{} needs plugin ABI `{}`, which is not a version", self.id, self.needs)
        })?;
        if needs.0 != abi::ABI_MAJOR || needs.1 > abi::ABI_MINOR {
            return Err(format!(
                "{} needs plugin ABI {}; this version of whom speaks {}.{} — update whom, or use an older release of the plugin",
                self.id,
                self.needs,
                abi::ABI_MAJOR,
                abi::ABI_MINOR
            ));
        }
        for host in &self.reaches {
            let is_host =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
            if host.is_empty() || !host.bytes().all(is_host) {
                return Err(format!("{} wants to reach `{host}`, which is not the name of a host", self.id));
            }
        }
        Ok(())
    }
}
