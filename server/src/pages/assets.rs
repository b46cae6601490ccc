//! The files that pages ask for: embedded in the binary, named with a hash of what they hold.

use std::sync::LazyLock;

use axum::{
    extract::{Path, Query},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

/// A file that pages ask for.
#[derive(Debug)]
pub(crate) struct Asset {
    name: &'static str,
    media_type: &'static str,
    text: String,
    hash: String,
}

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

macro_rules! embedded {
    ($($path:literal),*) => { concat!($(include_str!(concat!("../../assets/", $path))),*) };
}

static ALL: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let files = [
        (
            "whom.css",
            CSS,
            embedded!(
                "css/tokens.css",
                "css/base.css",
                "css/shell.css",
                "css/controls.css",
                "css/components.css",
                "css/customers.css",
                "css/kept.css",
                "css/profile.css",
                "css/people.css",
                "css/message.css",
                "css/inbox.css",
                "css/touch.css"
            ),
        ),
        // What is imported stands before what imports it.
        ("words.js", JS, embedded!("js/words.js")),
        ("morph.js", JS, embedded!("js/morph.js")),
        ("place.js", JS, embedded!("js/place.js")),
        ("toast.js", JS, embedded!("js/toast.js")),
        ("edit.js", JS, embedded!("js/edit.js")),
        ("live.js", JS, embedded!("js/live.js")),
        ("presence.js", JS, embedded!("js/presence.js")),
        ("notices.js", JS, embedded!("js/notices.js")),
        ("theme.js", JS, embedded!("js/theme.js")),
        ("time.js", JS, embedded!("js/time.js")),
        ("keys.js", JS, embedded!("js/keys.js")),
        ("palette.js", JS, embedded!("js/palette.js")),
        ("menu.js", JS, embedded!("js/menu.js")),
        ("lookup.js", JS, embedded!("js/lookup.js")),
        ("list.js", JS, embedded!("js/list.js")),
        ("job.js", JS, embedded!("js/job.js")),
        ("more.js", JS, embedded!("js/more.js")),
        ("fragment.js", JS, embedded!("js/fragment.js")),
        ("inbox.js", JS, embedded!("js/inbox.js")),
        ("sent.js", JS, embedded!("js/sent.js")),
        ("thread.js", JS, embedded!("js/thread.js")),
        ("pick.js", JS, embedded!("js/pick.js")),
        ("composer.js", JS, embedded!("js/composer.js")),
        ("files.js", JS, embedded!("js/files.js")),
        ("swap.js", JS, embedded!("js/swap.js")),
        ("copy.js", JS, embedded!("js/copy.js")),
        ("compare.js", JS, embedded!("js/compare.js")),
        ("note.js", JS, embedded!("js/note.js")),
        ("record.js", JS, embedded!("js/record.js")),
        ("suggest.js", JS, embedded!("js/suggest.js")),
        ("loads.js", JS, embedded!("js/loads.js")),
        ("reveal.js", JS, embedded!("js/reveal.js")),
        ("details.js", JS, embedded!("js/details.js")),
        ("arrange.js", JS, embedded!("js/arrange.js")),
        ("timeline.js", JS, embedded!("js/timeline.js")),
        ("copies.js", JS, embedded!("js/copies.js")),
        ("filter.js", JS, embedded!("js/filter.js")),
        ("icon.svg", SVG, embedded!("icon.svg")),
    ];
    let mut all: Vec<Asset> = Vec::with_capacity(files.len());
    for (name, media_type, text) in files {
        // A module is imported under the address that a page loads it from, or it would run twice.
        let text = all.iter().fold(lean(media_type, text), |text, known| {
            let versioned = format!("\"./{}?v={}\"", known.name, known.hash);
            text.replace(&format!("\"./{}\"", known.name), &versioned)
        });
        let hash = blake3::hash(text.as_bytes()).to_hex()[..12].to_owned();
        all.push(Asset { name, media_type, text, hash });
    }
    all
});

/// A file without what only whoever writes it reads: comments that have lines of their own, and indentation.
/// Our modules have no text that goes over several lines.
fn lean(media_type: &str, text: &str) -> String {
    let mut rest = text;
    let mut bare = String::with_capacity(text.len());
    while let Some((before, comment)) = rest.split_once("/*").filter(|_| media_type == CSS) {
        bare.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    bare.push_str(rest);
    let is_comment = |line: &&str| {
        media_type == JS && (line.starts_with("//") || (line.starts_with("/**") && line.ends_with("*/")))
    };
    let lines = bare.lines().map(str::trim).filter(|line| !line.is_empty() && !is_comment(line));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The address of a file, which changes whenever the file does.
pub(crate) fn address(name: &str) -> String {
    match ALL.iter().find(|asset| asset.name == name) {
        Some(asset) => format!("/assets/{name}?v={}", asset.hash),
        None => format!("/assets/{name}"),
    }
}

/// Which version of a file is meant.
#[derive(Debug, Deserialize)]
pub(crate) struct Version {
    v: Option<String>,
}

/// `GET /assets/{name}`: one file.
pub(crate) async fn serve(
    Path(name): Path<String>,
    Query(version): Query<Version>,
    headers: HeaderMap,
) -> Response {
    let Some(asset) = ALL.iter().find(|asset| asset.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag = format!("\"{}\"", asset.hash);
    // A page of an older or newer server may name another version: that answer must not be kept.
    let keep = if version.v.as_deref() == Some(&asset.hash) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let known = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, keep.to_owned()),
        (header::CONTENT_TYPE, asset.media_type.to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    let asked = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if asked.split(',').any(|one| one.trim().trim_start_matches("W/") == tag) {
        return (StatusCode::NOT_MODIFIED, known).into_response();
    }
    (known, asset.text.as_str()).into_response()
}

#[cfg(test)]
pub(crate) fn texts() -> impl Iterator<Item = (&'static str, &'static str)> {
    ALL.iter().map(|asset| (asset.name, asset.text.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_writers_read_does_not_travel() {
        let module =
            "// What it does.\n\nexport const x = 1; // stays\n  /** Says. */\n  const y = \"/* no */\";\n";
        assert_eq!(lean(JS, module), "export const x = 1; // stays\nconst y = \"/* no */\";\n");
        assert_eq!(lean(CSS, "/* One\n   two */\n.a { b: c; }\n  /* x */ .d {}\n"), ".a { b: c; }\n.d {}\n");
    }
}
