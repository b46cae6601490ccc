//! Single messages: the whole text, the header, the files.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use maud::html;
use serde::Deserialize;
use whom_core::model::{Body, Entry, EntryId};

use super::body::{Shape, body};
use crate::{
    app::AppState,
    http::{ApiPath, ApiQuery},
    mail,
    pages::{
        answer::Html,
        frame::{Frame, Part},
        words::{self, reading as said},
    },
    problem::Problem,
    reading::{self, Remote, attachments},
    sight::cover_mail,
};

/// How a message is wanted.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct MessageQuery {
    #[serde(rename = "as")]
    shape: Option<String>,
    images: Option<String>,
    fragment: Option<String>,
}

async fn kept(state: &AppState, entry: &str) -> Result<(Entry, Option<Body>), Problem> {
    let entry: EntryId = entry.parse().map_err(|_| Problem::not_found("there is no such message"))?;
    Ok(state.engine().entry(entry).await?)
}

/// `GET /entries/{entry}`: a message, in the shape that is asked for.
pub(crate) async fn message(
    State(state): State<AppState>,
    frame: Frame,
    ApiPath(entry): ApiPath<String>,
    ApiQuery(query): ApiQuery<MessageQuery>,
) -> Result<Html, Problem> {
    let (entry, kept) = kept(&state, &entry).await?;
    let pictures = query.images.is_some();
    let remote = if pictures { Remote::Shown } else { Remote::Held };
    let read = reading::read(&entry, kept.as_ref(), remote);
    let shape = query.shape.as_deref().map(Shape::from_word).unwrap_or_default();
    let drawn = body(entry.id, &read, shape, pictures);
    if query.fragment.is_some() {
        return Ok(Html::ok(drawn));
    }
    let title = if entry.title.is_empty() { words::entries(entry.kind) } else { &entry.title };
    let page = frame.page(
        Part::Customers,
        title,
        &["swap.js"],
        html! {
            div.column {
                h1 { (title) }
                p.soft { (frame.moments.full(entry.at)) }
                br;
                div.bubble.in { (drawn) }
            }
        },
    );
    Ok(Html::ok(page))
}

/// `GET /entries/{entry}/headers`: every line of the header, as it was written.
pub(crate) async fn headers(
    State(state): State<AppState>,
    frame: Frame,
    ApiPath(entry): ApiPath<String>,
    ApiQuery(query): ApiQuery<MessageQuery>,
) -> Result<Html, Problem> {
    let (entry, kept) = kept(&state, &entry).await?;
    let is_mail = |body: &&Body| body.media_type == "message/rfc822";
    let shown = kept.as_ref().filter(is_mail).map(|body| cover_mail(mail::show_mail(&body.bytes)));
    let shown = shown.ok_or_else(|| Problem::not_found("this message came without a header"))?;
    let table = html! {
        dl.headers { @for (name, value) in &shown.headers { div { dt { (name) } dd { (value) } } } }
    };
    if query.fragment.is_some() {
        return Ok(Html::ok(table));
    }
    let title = if entry.title.is_empty() { said::HEADERS_OF } else { &entry.title };
    let page = frame.page(
        Part::Customers,
        title,
        &[],
        html! {
            div.column {
                h1 { (title) }
                p.soft { (said::ALL_HEADERS) }
                br;
                div.card.padded { (table) }
            }
        },
    );
    Ok(Html::ok(page))
}

/// Whether a file is to be seen or saved.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct FileQuery {
    inline: Option<String>,
}

/// `GET /entries/{entry}/attachments/{index}`: a file to be saved; with `?inline=1` a picture to be seen.
pub(crate) async fn attached(
    State(state): State<AppState>,
    ApiPath((entry, index)): ApiPath<(String, usize)>,
    ApiQuery(query): ApiQuery<FileQuery>,
) -> Result<Response, Problem> {
    let nothing = || Problem::not_found("this message has no attachment of that number");
    let (_, kept) = kept(&state, &entry).await?;
    let found = kept.and_then(|body| mail::attachment(&body.bytes, index)).ok_or_else(nothing)?;
    let name = found.info.name;
    if query.inline.is_some() {
        return Ok(attachments::as_picture(&name, found.bytes, "private, no-cache")
            .ok_or_else(nothing)?
            .into_response());
    }
    Ok(attachments::as_file("application/octet-stream", &name, found.bytes))
}
