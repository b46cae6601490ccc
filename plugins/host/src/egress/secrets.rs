//! Puts secrets in the place of their placeholders, at the last moment.

use std::collections::HashMap;

use crate::{Said, SaidKind};

const START: &str = "{{secret:";
const END: &str = "}}";

/// What a secret is put into, and so how it is written there.
#[derive(Clone, Copy)]
pub(super) enum Into {
    Url,
    Header,
    Json,
    Text,
}

pub(super) fn holds_a_secret(text: &str) -> bool {
    text.contains(START)
}

/// Replaces every placeholder. One whose secret is not set is an error at that setting.
pub(super) fn fill(text: &str, into: Into, secrets: &HashMap<String, String>) -> Result<String, Said> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(START) {
        let (before, after) = (&rest[..start], &rest[start + START.len()..]);
        let end = after.find(END).ok_or_else(|| Said::failed("the placeholder of a secret has no end"))?;
        filled.push_str(before);
        filled.push_str(&written(find(&after[..end], secrets)?, into)?);
        rest = &after[end + END.len()..];
    }
    filled.push_str(rest);
    Ok(filled)
}

/// The secret behind a text that is exactly one placeholder.
pub(super) fn reveal<'a>(placeholder: &str, secrets: &'a HashMap<String, String>) -> Result<&'a str, Said> {
    let name = placeholder.strip_prefix(START).and_then(|rest| rest.strip_suffix(END));
    find(name.ok_or_else(|| Said::denied("only a secret setting can be a key"))?, secrets)
}

fn find<'a>(name: &str, secrets: &'a HashMap<String, String>) -> Result<&'a str, Said> {
    secrets.get(name).map(String::as_str).ok_or_else(|| {
        let said = Said::new(SaidKind::Settings, format!("the setting `{name}` is not set"));
        Said { field: Some(name.to_owned()), ..said }
    })
}

fn written(secret: &str, into: Into) -> Result<String, Said> {
    Ok(match into {
        Into::Url => {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
            secret
                .bytes()
                .map(|b| if plain(b) { (b as char).to_string() } else { format!("%{b:02X}") })
                .collect()
        }
        Into::Header if secret.chars().any(char::is_control) => {
            return Err(Said::new(
                SaidKind::Settings,
                "a secret with a line break cannot be sent in a header",
            ));
        }
        Into::Header | Into::Text => secret.to_owned(),
        Into::Json => {
            let quoted = serde_json::Value::from(secret).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        }
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_secret_is_written_as_its_place_demands() {
        let secrets = HashMap::from([("key".to_owned(), "a\"b&c".to_owned())]);
        let fill = |text, into| fill(text, into, &secrets).unwrap();
        assert_eq!(fill("Bearer {{secret:key}}", Into::Header), "Bearer a\"b&c");
        assert_eq!(fill("?k={{secret:key}}&x=1", Into::Url), "?k=a%22b%26c&x=1");
        assert_eq!(fill(r#"{"k":"{{secret:key}}"}"#, Into::Json), r#"{"k":"a\"b&c"}"#);
    }

    #[test]
    fn a_missing_secret_is_an_error_at_its_field() {
        let error = fill("{{secret:api_key}}", Into::Header, &HashMap::new()).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("api_key"));
    }
}
