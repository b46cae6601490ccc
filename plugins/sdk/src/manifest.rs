//! What a plugin says about itself, written from its types.

use serde_json::{Value, json};

use crate::Exported;

/// The manifest of a plugin: who it is, where it goes, what it reads and writes, its settings.
#[must_use]
pub fn manifest<T: Exported>() -> Value {
    let about = T::ABOUT;
    let hooks: Vec<Value> = T::HOOKS
        .iter()
        .map(|hook| {
            let mut entry = json!({ "on": hook.name, "reads": hook.reads, "writes": hook.writes });
            if let Some((header, secret)) = hook.signed {
                entry["verify"] = json!({ "hmac_sha256": { "header": header, "secret": secret } });
            }
            entry
        })
        .collect();
    json!({
        "id": about.id,
        "name": about.name,
        "summary": about.summary,
        "version": T::VERSION,
        "sdk": concat!("rust/", env!("CARGO_PKG_VERSION")),
        "needs": about.needs,
        "reaches": about.reaches,
        "reveals": about.reveals,
        "hooks": hooks,
        "settings": schemars::schema_for!(T::Settings),
    })
}
