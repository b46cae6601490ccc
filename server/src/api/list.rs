//! Lists: a page of items and an opaque word for where the next page begins.

use std::{fmt::Display, str::FromStr};

use axum::Json;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::problem::Problem;

/// How many items a page has when nobody says.
const USUAL: usize = 50;
/// How many items a page has at most.
const MOST: usize = 200;

/// Which page is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct PageQuery {
    cursor: Option<String>,
    limit: Option<usize>,
}

/// A page of a list.
#[derive(Debug, Serialize)]
pub(crate) struct Items<T> {
    items: Vec<T>,
    next_cursor: Option<String>,
}

impl PageQuery {
    /// The page that a longer query asks for.
    pub(crate) fn new(cursor: Option<String>, limit: Option<usize>) -> Self {
        Self { cursor, limit }
    }

    /// How many items, between 1 and 200.
    pub(crate) fn limit(&self) -> usize {
        self.limit.unwrap_or(USUAL).clamp(1, MOST)
    }

    /// The word that the answer before gave, as the list wrote it.
    pub(crate) fn cursor<C: FromStr>(&self) -> Result<Option<C>, Problem> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        let decoded = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        match decoded.and_then(|text| text.parse().ok()) {
            Some(cursor) => Ok(Some(cursor)),
            None => Err(Problem::bad_request("the cursor is none of this list's")
                .at("?cursor", "take it from the answer before, as it is")),
        }
    }
}

impl<T: Serialize> Items<T> {
    /// A page, and where the next one begins.
    pub(crate) fn page(items: Vec<T>, next: Option<impl Display>) -> Json<Self> {
        let next_cursor = next.map(|next| URL_SAFE_NO_PAD.encode(next.to_string()));
        Json(Self { items, next_cursor })
    }

    /// A page cut from one item more than was asked for; `key` says where an item stands.
    pub(crate) fn cut<C: Display>(mut items: Vec<T>, limit: usize, key: impl Fn(&T) -> C) -> Json<Self> {
        let goes_on = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| goes_on).map(key);
        Self::page(items, next)
    }

    /// A whole list.
    pub(crate) fn all(items: Vec<T>) -> Json<Self> {
        Self::page(items, None::<String>)
    }
}
