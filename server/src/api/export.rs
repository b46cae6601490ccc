//! Everything that is known about one person, to be handed to them: as JSON, and as a card (vCard 4.0).
//!
//! The engine covers what whoever asks may not see, here as everywhere.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value as Json, json};
use whom_core::{
    model::{ProfileId, TimelineCursor},
    store::DocumentKind,
    view::ProfileView,
};

use crate::{app::AppState, http::ApiPath, problem::Problem};

use super::profiles::meant;

/// How many entries of the timeline one export holds; it says where it broke off.
const ENTRIES: usize = 20_000;
/// How many lines of the ledger are looked at.
const LEDGER: usize = 100_000;
const STEP: usize = 500;

/// `GET /v1/profiles/{handle}/export`
pub(crate) async fn json(
    State(state): State<AppState>,
    ApiPath(handle): ApiPath<String>,
) -> Result<Response, Problem> {
    let id = meant(&state, &handle).await?;
    let (engine, now) = (state.engine(), state.now());
    let view = engine.view(id, now).await?;
    let mut properties = Vec::new();
    for field in &view.fields {
        properties.push(engine.why(id, &field.key, now).await?);
    }
    let (timeline, goes_on_at) = timeline(&state, id).await?;
    let whole = json!({
        "exported": now,
        "profile": view,
        "properties": properties,
        "conversations": engine.conversations(id, 10_000).await?,
        "timeline": timeline,
        "timeline_goes_on_at": goes_on_at,
        "pinned_notes": engine.pinned_notes(id).await?,
        "tasks": engine.tasks_of(id).await?,
        "relationships": engine.relationships(id, now).await?,
        "history": engine.history(id).await?,
        "told_to_others": told(&state, id).await?,
    });
    Ok(as_file("application/json", &format!("{id}.json"), whole.to_string()))
}

/// The timeline, the latest first; messages name their attachments where their body has some.
async fn timeline(state: &AppState, id: ProfileId) -> Result<(Vec<Json>, Option<String>), Problem> {
    let mut entries = Vec::new();
    let mut before: Option<TimelineCursor> = None;
    loop {
        let page = state.engine().timeline(id, before, STEP, &[]).await?;
        for entry in page.entries {
            let mut row = serde_json::to_value(&entry).unwrap_or_default();
            if entry.has_body {
                row["body"] = json!(format!("/v1/entries/{}/body", entry.id));
            }
            entries.push(row);
        }
        before = page.next;
        match before {
            None => return Ok((entries, None)),
            Some(next) if entries.len() >= ENTRIES => return Ok((entries, Some(next.to_string()))),
            Some(_) => {}
        }
    }
}

/// What left the house about this person: to whom, when, by which rule.
async fn told(state: &AppState, id: ProfileId) -> Result<Vec<Json>, Problem> {
    let id = id.to_string();
    let (mut told, mut after, mut looked) = (Vec::new(), None::<String>, 0);
    while looked < LEDGER {
        let rows = state.store().documents(DocumentKind::Ledger, after.as_deref(), STEP).await?;
        let was_last = rows.len() < STEP;
        looked += rows.len();
        for row in rows {
            let line: Json = serde_json::from_slice(&row.bytes).unwrap_or_default();
            let whose = line["profile"].as_str().and_then(|profile| profile.parse::<ProfileId>().ok());
            let is_theirs = match whose {
                Some(whose) if whose.to_string() == id => true,
                // It may have been asked about a profile that was merged into this one since.
                Some(whose) => state.engine().resolve(whose).await.is_ok_and(|now| now.to_string() == id),
                None => false,
            };
            if is_theirs {
                told.push(line);
            }
            after = Some(row.id);
        }
        if was_last {
            break;
        }
    }
    Ok(told)
}

/// `GET /v1/profiles/{handle}/export.vcf`
pub(crate) async fn card(
    State(state): State<AppState>,
    ApiPath(handle): ApiPath<String>,
) -> Result<Response, Problem> {
    let id = meant(&state, &handle).await?;
    let view = state.engine().view(id, state.now()).await?;
    Ok(as_file("text/vcard; charset=utf-8", &format!("{id}.vcf"), vcard(&view)))
}

/// A card by RFC 6350.
fn vcard(view: &ProfileView) -> String {
    let text = |key: &str| view.value(key).map(ToString::to_string);
    let mut lines = vec!["BEGIN:VCARD".to_owned(), "VERSION:4.0".to_owned()];
    let mut put = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            lines.push(format!("{name}:{}", escaped(&value)));
        }
    };
    put("FN", Some(view.name.clone()));
    put("ORG", text("company"));
    put("TITLE", text("job_title"));
    put("BDAY", text("birthday").map(|day| day.chars().take(10).filter(|c| *c != '-').collect()));
    put("TZ", text("timezone"));
    put("LANG", text("language"));
    put("NOTE", text("about"));
    for field in &view.fields {
        let name = match field.key.as_str() {
            "website" | "social_profiles" => "URL",
            _ => continue,
        };
        for shown in &field.values {
            put(name, Some(shown.value.to_string()));
        }
    }
    for contact in &view.contacts {
        match contact.kind.as_ref().map(|kind| kind.as_str()) {
            Some("email") => put("EMAIL", Some(contact.value.clone())),
            Some("phone") => put("TEL;VALUE=uri", Some(format!("tel:{}", contact.value))),
            _ => {}
        }
    }
    let (last, first) = (text("last_name").unwrap_or_default(), text("first_name").unwrap_or_default());
    lines.push(format!("N:{};{};;;", escaped(&last), escaped(&first)));
    lines.push(format!("UID:urn:whom:{}", view.id));
    lines.push("END:VCARD".to_owned());
    lines.iter().map(|line| folded(line)).collect()
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace(',', "\\,")
        .replace(';', "\\;")
        .replace("\r\n", "\\n")
        .replace(['\n', '\r'], "\\n")
}

/// A line of at most 75 bytes, going on behind a blank; never inside a letter.
fn folded(line: &str) -> String {
    let mut folded = String::with_capacity(line.len() + 8);
    let mut width = 0;
    for letter in line.chars() {
        if width + letter.len_utf8() > 75 {
            folded.push_str("\r\n ");
            width = 1;
        }
        folded.push(letter);
        width += letter.len_utf8();
    }
    folded.push_str("\r\n");
    folded
}

fn as_file(media_type: &'static str, name: &str, text: String) -> Response {
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    let file = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    headers.insert(header::CONTENT_DISPOSITION, file.unwrap_or(HeaderValue::from_static("attachment")));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_goes_on_and_what_would_end_a_value_does_not() {
        let line = folded(&format!("NOTE:{}", escaped(&"é;".repeat(40))));
        assert!(line.split("\r\n").all(|part| part.len() <= 75) && line.ends_with("\r\n"));
        assert_eq!(line.replace("\r\n ", "").matches("é\\;").count(), 40);
        assert_eq!(escaped("a\r\nBEGIN:VCARD"), "a\\nBEGIN:VCARD");
    }
}
