//! From the body of a call to its JSON, whatever its headers say about it.

use std::io::Read as _;

use axum::body::{Body, to_bytes};
use flate2::read::MultiGzDecoder;
use serde_json::{Map, Value};

use super::answer::Refusal;

/// How gzip begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Reads a body of at most `limit` bytes, before and after unpacking.
///
/// Whether it is packed is seen from its first bytes: one library packs and calls it a form, another
/// sends plain JSON as text, and proxies unpack without changing the header.
pub(super) async fn read(body: Body, limit: usize) -> Result<Map<String, Value>, Refusal> {
    let too_large = || Refusal::TooLarge(format!("at most {limit} bytes are taken at once"));
    let mut bytes = to_bytes(body, limit).await.map_err(|_| too_large())?.to_vec();
    if bytes.starts_with(&GZIP) {
        let mut unpacked = Vec::new();
        let mut reader = MultiGzDecoder::new(bytes.as_slice()).take(limit as u64 + 1);
        reader.read_to_end(&mut unpacked).map_err(|_| Refusal::Packing)?;
        if unpacked.len() > limit {
            return Err(too_large());
        }
        bytes = unpacked;
    }
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(Refusal::Shape("the body is to be a JSON object")),
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            Err(Refusal::Json(format!("the body is not JSON: it breaks at line {line}, column {column}")))
        }
    }
}
