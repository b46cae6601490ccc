//! `property=value`, as people type it.

use serde_json::Value as Json;
use whom_core::model::PropertyKey;

use crate::problem::Failure;

/// One assignment. A value that is none takes away what was there.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Assignment {
    pub(super) name: String,
    pub(super) value: Option<Json>,
}

/// Reads assignments.
///
/// What reads as a number, `true`, `false`, a list or a record in JSON is that; everything else, and
/// everything in quotes, is text.
pub(super) fn assignments(typed: &[String]) -> Result<Vec<Assignment>, Failure> {
    typed.iter().map(|text| assignment(text)).collect()
}

fn assignment(text: &str) -> Result<Assignment, Failure> {
    let wrong = || Failure::Usage(format!("`{text}` sets nothing: write it like `job_title=Carpenter`"));
    let (name, value) = text.split_once('=').ok_or_else(wrong)?;
    let name = PropertyKey::fold(name).ok_or_else(wrong)?.to_string();
    let value = value.trim();
    let json = match value.chars().next() {
        None => None,
        // Numbers with a leading zero or plus are postcodes and telephone numbers.
        Some('[' | '{' | '"') => serde_json::from_str(value).ok(),
        Some('-' | '1'..='9') => serde_json::from_str::<serde_json::Number>(value).ok().map(Json::Number),
        Some(_) => match value {
            "0" => Some(Json::from(0)),
            "true" | "yes" => Some(Json::Bool(true)),
            "false" | "no" => Some(Json::Bool(false)),
            _ => None,
        },
    };
    let value = (!value.is_empty()).then(|| json.unwrap_or_else(|| Json::String(value.to_owned())));
    Ok(Assignment { name, value })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_what_it_looks_like() {
        let cases = [
            ("job_title=Carpenter", "job_title", Some(json!("Carpenter"))),
            ("Job Title= a = b ", "job_title", Some(json!("a = b"))),
            ("seats=12", "seats", Some(json!(12))),
            ("postcode=01069", "postcode", Some(json!("01069"))),
            ("vip=yes", "vip", Some(json!(true))),
            ("name=\"12\"", "name", Some(json!("12"))),
            ("address={\"city\":\"Åre\"}", "address", Some(json!({ "city": "Åre" }))),
            ("nickname=[sic", "nickname", Some(json!("[sic"))),
            ("company=", "company", None),
        ];
        for (typed, name, value) in cases {
            assert_eq!(assignment(typed).unwrap(), Assignment { name: name.into(), value }, "{typed}");
        }
        assert!(assignment("carpenter").is_err());
        assert!(assignment("=carpenter").is_err());
    }
}
