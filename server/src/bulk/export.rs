//! Many profiles as a file: CSV, JSON Lines or vCards, written while they are read.

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use futures::{StreamExt as _, stream};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use whom_core::{
    engine::EngineError,
    model::{ProfileId, ProfileKind, ProfileState},
    search::Vocabulary,
    view::ProfileView,
};

use super::{MOST_NAMED, MOST_PROFILES, Whom};
use crate::{
    app::AppState,
    auth::Principal,
    http::{ApiJson, ApiQuery},
    problem::Problem,
    segments::{self, GivenFilter, GivenQuestion},
};

/// How many profiles are read for one piece of the file.
const PIECE: usize = 100;

/// How many of them side by side.
const SIDE_BY_SIDE: usize = 8;

/// The most columns of a file.
const MOST_COLUMNS: usize = 100;

/// What sort of file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Format {
    /// One line a profile, for spreadsheets.
    #[default]
    Csv,
    /// One JSON object a line, for programs.
    Jsonl,
    /// vCards, for address books.
    Vcard,
}

/// What is asked for behind `?`.
#[derive(Deserialize)]
pub(crate) struct ExportQuery {
    #[serde(default)]
    format: Format,
    #[serde(default)]
    q: String,
    kind: Option<ProfileKind>,
    #[serde(default)]
    filter: String,
    segment: Option<String>,
    /// Properties, with commas between them.
    #[serde(default)]
    columns: String,
}

/// The same in a body, where profiles can be named.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExportBody {
    #[serde(default)]
    format: Format,
    #[serde(default)]
    profiles: Vec<ProfileId>,
    #[serde(default)]
    columns: Vec<String>,
}

/// `GET /v1/export/profiles`
pub(crate) async fn get(
    State(state): State<AppState>,
    by: Principal,
    ApiQuery(asked): ApiQuery<ExportQuery>,
) -> Result<Response, Problem> {
    let question = match asked.segment {
        Some(id) => segments::question_of(&state, &by, &id).await?,
        None => {
            let filter = GivenFilter::Written(asked.filter);
            GivenQuestion { q: asked.q, kind: asked.kind, filter, ..GivenQuestion::default() }.read(&state)?
        }
    };
    let columns = asked.columns.split(',').map(str::trim).filter(|key| !key.is_empty());
    export(&state, Whom::Found(question), asked.format, columns.map(str::to_owned).collect()).await
}

/// `POST /v1/export/profiles`
pub(crate) async fn post(
    State(state): State<AppState>,
    ApiJson(asked): ApiJson<ExportBody>,
) -> Result<Response, Problem> {
    if asked.profiles.len() > MOST_NAMED {
        let why = format!("name at most {MOST_NAMED}; for more give a filter");
        return Err(Problem::invalid("too many are named").at("/profiles", why));
    }
    export(&state, Whom::Profiles(asked.profiles), asked.format, asked.columns).await
}

/// Writes a file of those who are meant.
pub(crate) async fn export(
    state: &AppState,
    whom: Whom,
    format: Format,
    columns: Vec<String>,
) -> Result<Response, Problem> {
    let vocabulary = state.directory().vocabulary();
    let columns = columns_of(&vocabulary, columns)?;
    let ids = match whom {
        Whom::Profiles(ids) => ids,
        Whom::Found(question) => {
            state.directory().ids(question.query(None, 0), MOST_PROFILES, state.now()).await?
        }
    };
    let (media, ending) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "csv"),
        Format::Jsonl => ("application/x-ndjson", "jsonl"),
        Format::Vcard => ("text/vcard; charset=utf-8", "vcf"),
    };
    let head = match format {
        Format::Csv => {
            let labels: Vec<String> = columns
                .iter()
                .map(|key| vocabulary.field(key).map_or(key.clone(), |field| field.key.clone()))
                .collect();
            // Spreadsheets read what begins so as UTF-8.
            format!("\u{feff}{}", csv_line(std::iter::once("id".to_owned()).chain(labels)))
        }
        _ => String::new(),
    };
    let pieces: Vec<Vec<ProfileId>> = ids.chunks(PIECE).map(<[ProfileId]>::to_vec).collect();
    let state = state.clone();
    let body = stream::iter(pieces).then(move |ids| {
        let (state, columns) = (state.clone(), columns.clone());
        async move { piece(&state, &ids, format, &columns).await }
    });
    let body = stream::once(async move { Ok(Bytes::from(head)) }).chain(body);
    let name = format!("attachment; filename=\"customers.{ending}\"");
    let headers = [
        (header::CONTENT_TYPE, media.to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

fn columns_of(vocabulary: &Vocabulary, columns: Vec<String>) -> Result<Vec<String>, Problem> {
    if columns.is_empty() {
        return Ok(vocabulary
            .fields()
            .iter()
            .filter(|field| field.key != "events" && field.key != "created")
            .take(MOST_COLUMNS)
            .map(|field| field.key.clone())
            .collect());
    }
    let unknown = columns.iter().find(|key| vocabulary.field(key).is_none());
    match unknown {
        Some(key) => Err(Problem::invalid("there is no such column")
            .at("/columns", format!("there is no property `{key}`"))),
        None if columns.len() > MOST_COLUMNS => {
            let why = format!("a file has at most {MOST_COLUMNS} columns");
            Err(Problem::invalid("there are too many columns").at("/columns", why))
        }
        None => Ok(columns),
    }
}

/// Some profiles as text. What cannot be read ends the file, so that a short one is not taken for whole.
async fn piece(
    state: &AppState,
    ids: &[ProfileId],
    format: Format,
    columns: &[String],
) -> Result<Bytes, std::io::Error> {
    let now = state.now();
    let engine = state.engine();
    let views = ids.iter().map(|id| engine.view(*id, now)).collect::<Vec<_>>();
    let views: Vec<_> = stream::iter(views).buffered(SIDE_BY_SIDE).collect().await;
    let mut text = String::new();
    for view in views {
        let view = match view {
            Ok(view) => view,
            Err(EngineError::NotFound { .. }) => continue,
            Err(error) => {
                tracing::warn!(%error, "an export was cut off");
                return Err(std::io::Error::other("the export was cut off"));
            }
        };
        match format {
            Format::Csv => {
                let id = std::iter::once(view.id.to_string());
                let cells = columns.iter().map(|key| values_of(&view, key).join("; "));
                text.push_str(&csv_line(id.chain(cells)));
            }
            Format::Jsonl => {
                text.push_str(&json_of(&view, columns).to_string());
                text.push('\n');
            }
            Format::Vcard => text.push_str(&vcard_of(&view)),
        }
    }
    Ok(Bytes::from(text))
}

/// What a column shows of a profile.
pub(crate) fn values_of(view: &ProfileView, key: &str) -> Vec<String> {
    match key {
        "kind" => vec![kind_word(view.kind).to_owned()],
        "last_seen" => vec![view.last_seen.to_string()],
        "first_seen" | "created" => vec![view.first_seen.to_string()],
        "messages" => vec![view.messages.to_string()],
        "events" => vec![view.events.to_string()],
        "channel" => {
            let mut kinds: Vec<String> = view
                .contacts
                .iter()
                .filter_map(|contact| contact.kind.as_ref())
                .map(ToString::to_string)
                .collect();
            kinds.dedup();
            kinds
        }
        "account" => view.accounts.iter().map(|account| account.name.clone()).collect(),
        key => view.field(key).map_or_else(Vec::new, |field| {
            field.values.iter().map(|shown| shown.value.to_string()).collect()
        }),
    }
}

fn kind_word(kind: ProfileKind) -> &'static str {
    match kind {
        ProfileKind::Customer => "customer",
        ProfileKind::Visitor => "visitor",
    }
}

fn json_of(view: &ProfileView, columns: &[String]) -> Json {
    let mut properties = Map::new();
    for key in columns {
        let json = match view.field(key) {
            Some(field) if field.values.len() == 1 => field.values[0].value.to_json(),
            Some(field) => field.values.iter().map(|shown| shown.value.to_json()).collect(),
            None => match values_of(view, key) {
                values if values.is_empty() => continue,
                values => values.into_iter().map(Json::from).collect(),
            },
        };
        properties.insert(key.clone(), json);
    }
    let state = if view.state == ProfileState::Live { "live" } else { "trashed" };
    json!({ "id": view.id, "name": view.name, "kind": view.kind, "state": state, "properties": properties })
}

/// One line of a table, quoted where that is needed.
fn csv_line(cells: impl Iterator<Item = String>) -> String {
    let mut line = cells.map(|cell| csv_cell(&cell)).collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}

pub(super) fn csv_cell(text: &str) -> String {
    // What a stranger wrote must not become a formula in somebody's spreadsheet.
    let is_number =
        text.trim_start_matches(['+', '-']).chars().all(|c| c.is_ascii_digit() || ". ".contains(c));
    let is_formula = text.starts_with(['=', '@', '\t', '\r']) || (text.starts_with(['+', '-']) && !is_number);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\n', '\r', ';']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

/// A card as RFC 6350 has it, with what an address book can use.
fn vcard_of(view: &ProfileView) -> String {
    let mut card = String::from("BEGIN:VCARD\r\nVERSION:4.0\r\n");
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            fold_line(&format!("{name}:{}", escaped(value)), &mut card);
        }
    };
    line("UID", &format!("urn:whom:{}", view.id));
    line("FN", &view.name);
    let first = |key: &str| values_of(view, key).into_iter().next().unwrap_or_default();
    for email in values_of(view, "email") {
        line("EMAIL", &email);
    }
    for phone in values_of(view, "phone") {
        line("TEL", &phone);
    }
    line("ORG", &first("company"));
    line("TITLE", &first("job_title"));
    for website in values_of(view, "website") {
        line("URL", &website);
    }
    let tags = values_of(view, "tags");
    if !tags.is_empty() {
        let tags: Vec<String> = tags.iter().map(|tag| escaped(tag)).collect();
        fold_line(&format!("CATEGORIES:{}", tags.join(",")), &mut card);
    }
    card.push_str("END:VCARD\r\n");
    card
}

fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace(',', "\\,")
        .replace(';', "\\;")
        .replace("\r\n", "\\n")
        .replace(['\n', '\r'], "\\n")
}

/// Lines of a card have at most 75 bytes; longer ones go on after a blank.
fn fold_line(line: &str, card: &mut String) {
    let mut length = 0;
    for letter in line.chars() {
        if length + letter.len_utf8() > 74 {
            card.push_str("\r\n ");
            length = 1;
        }
        card.push(letter);
        length += letter.len_utf8();
    }
    card.push_str("\r\n");
}
