//! The stored form of a body: compressed where that pays, and cut into pieces.
//!
//! sled holds sixteen rows in a page and writes a page of more than 128 KB to a file of its own,
//! with a flush of its own. Pieces of 6 KB keep every page below that.

use serde::{Deserialize, Serialize};

use super::form::RowError;
use crate::model::Body;

const FORMAT: u8 = 1;
const PIECE: usize = 6 * 1024;

/// Below this compressing saves less than it costs.
const WORTH_PACKING: usize = 256;

/// LZ4 shrinks nothing further than this, so a greater length is damage and not a reason to allocate.
const MOST_SHRUNK: usize = 256;

#[derive(Serialize, Deserialize)]
struct Head<'a> {
    pieces: u32,
    media_type: &'a str,
    packed: bool,
    len: usize,
}

/// How many pieces a body has, by its first one.
pub(crate) struct PieceCount(pub(crate) u32);

impl PieceCount {
    pub(crate) fn of(first: &[u8]) -> Result<Self, RowError> {
        head(first).map(|(head, _)| Self(head.pieces))
    }
}

/// The rows of a body, in order.
pub(crate) fn split_body(body: &Body) -> Result<Vec<Vec<u8>>, RowError> {
    let packed = (body.bytes.len() >= WORTH_PACKING)
        .then(|| lz4_flex::block::compress(&body.bytes))
        .filter(|packed| packed.len() < body.bytes.len() / 8 * 7);
    let bytes = packed.as_deref().unwrap_or(&body.bytes);
    let first_len = bytes.len().min(PIECE);
    let rest: Vec<_> = bytes[first_len..].chunks(PIECE).map(<[u8]>::to_vec).collect();
    let head = Head {
        pieces: 1 + rest.len() as u32,
        media_type: &body.media_type,
        packed: packed.is_some(),
        len: body.bytes.len(),
    };
    let mut first = postcard::to_extend(&head, vec![FORMAT])?;
    first.extend_from_slice(&bytes[..first_len]);
    Ok(std::iter::once(first).chain(rest).collect())
}

/// The body that pieces make, in order.
pub(crate) fn join_body(pieces: &[Vec<u8>]) -> Result<Body, RowError> {
    let (first, rest) = pieces.split_first().ok_or_else(|| RowError::broken("its first piece is missing"))?;
    let (head, start) = head(first)?;
    if head.pieces as usize != pieces.len() {
        return Err(RowError::Broken(format!(
            "it has {} pieces and {} are there",
            head.pieces,
            pieces.len()
        )));
    }
    let mut bytes = start.to_vec();
    rest.iter().for_each(|piece| bytes.extend_from_slice(piece));
    if head.packed {
        if head.len > bytes.len().saturating_mul(MOST_SHRUNK) {
            return Err(RowError::broken("its length is not believable"));
        }
        bytes = lz4_flex::block::decompress(&bytes, head.len).map_err(RowError::broken)?;
    }
    if bytes.len() != head.len {
        return Err(RowError::Broken(format!("it has {} bytes instead of {}", bytes.len(), head.len)));
    }
    Ok(Body { media_type: head.media_type.to_owned(), bytes })
}

fn head(first: &[u8]) -> Result<(Head<'_>, &[u8]), RowError> {
    match first.split_first() {
        Some((&FORMAT, rest)) => Ok(postcard::take_from_bytes(rest)?),
        Some((found, _)) if *found > FORMAT => Err(RowError::Newer { found: *found, known: FORMAT }),
        _ => Err(RowError::broken("it does not start as a body does")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: Vec<u8>, pieces: usize) {
        let body = Body { media_type: "text/plain".into(), bytes };
        let rows = split_body(&body).unwrap();
        assert_eq!(rows.len(), pieces);
        assert_eq!(join_body(&rows).unwrap(), body);
    }

    #[test]
    fn a_body_reads_back_whatever_its_length() {
        let noise: Vec<u8> =
            (0u32..20_000).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        check(vec![], 1);
        check(b"hello".to_vec(), 1);
        check(b"the same words again, ".repeat(1000), 1);
        check(noise[..PIECE].to_vec(), 1);
        check(noise[..=PIECE].to_vec(), 2);
        check(noise.clone(), noise.len().div_ceil(PIECE));
    }

    #[test]
    fn a_body_with_a_piece_missing_is_broken() {
        let noise: Vec<u8> =
            (0u32..4_000).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        let mut rows = split_body(&Body { media_type: "x/y".into(), bytes: noise }).unwrap();
        rows.pop();
        assert_eq!(join_body(&rows).unwrap_err().to_string(), "it has 3 pieces and 2 are there");
    }
}
