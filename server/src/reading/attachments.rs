//! Files of others as answers: to be saved, or pictures to be seen, and never a part of our own pages.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};

use super::PictureKind;

/// What stands on every answer with bytes that somebody else wrote: should a browser open it after all,
/// it runs nothing, loads nothing and belongs to nobody.
const ALONE: &str = "sandbox; default-src 'none'";

/// The longest name of a file, in characters.
const NAME: usize = 150;

/// Bytes to be saved as a file.
pub(crate) fn as_file(media_type: &str, name: &str, bytes: Vec<u8>) -> Response {
    let media = HeaderValue::from_str(media_type);
    let media = media.unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let disposition = HeaderValue::from_str(&format!("attachment; {}", file_name(name)));
    let disposition = disposition.unwrap_or(HeaderValue::from_static("attachment"));
    answer(media, disposition, bytes, "no-store")
}

/// A picture to be seen; what is none is nothing.
pub(crate) fn as_picture(name: &str, bytes: Vec<u8>, keep: &'static str) -> Option<Response> {
    let kind = PictureKind::of(&bytes)?;
    let disposition = HeaderValue::from_str(&format!("inline; {}", file_name(name)));
    let disposition = disposition.unwrap_or(HeaderValue::from_static("inline"));
    Some(answer(HeaderValue::from_static(kind.media_type()), disposition, bytes, keep))
}

fn answer(media: HeaderValue, disposition: HeaderValue, bytes: Vec<u8>, keep: &'static str) -> Response {
    let mut response = Body::from(bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, media);
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(ALONE));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    );
    response
}

/// A name as both old and new browsers read it (RFC 6266, RFC 8187).
fn file_name(name: &str) -> String {
    let name = clean_name(name);
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_ ".contains(c) { c } else { '_' }).collect();
    if plain == name {
        return format!("filename=\"{plain}\"");
    }
    let mut encoded = String::new();
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

/// A name without a path, without signs that turn the direction of writing, and without dots at its ends,
/// so that a program does not look like a picture.
pub(crate) fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_turn = |c: &char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let kept: String = last.chars().filter(|c| !c.is_control() && !is_turn(c)).take(NAME).collect();
    let kept = kept.trim().trim_start_matches('.').trim_end_matches(['.', ' ']).to_owned();
    if kept.is_empty() { "file".to_owned() } else { kept }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_name_breaks_out_of_the_header() {
        for (name, expected) in [
            ("photo.png", "filename=\"photo.png\""),
            ("rachunek ż.pdf", "filename=\"rachunek _.pdf\"; filename*=UTF-8''rachunek%20%C5%BC.pdf"),
            (
                "a\"; filename=\"evil.exe",
                "filename=\"a__ filename=_evil.exe\"; filename*=UTF-8''a%22%3B%20filename%3D%22evil.exe",
            ),
            (
                "x\r\nSet-Cookie: a=b",
                "filename=\"xSet-Cookie_ a_b\"; filename*=UTF-8''xSet-Cookie%3A%20a%3Db",
            ),
            ("../../etc/passwd", "filename=\"passwd\""),
            ("C:\\Windows\\evil.exe", "filename=\"evil.exe\""),
            ("invoice\u{202e}fdp.exe", "filename=\"invoicefdp.exe\""),
            (".htaccess", "filename=\"htaccess\""),
            ("..", "filename=\"file\""),
            ("", "filename=\"file\""),
        ] {
            assert_eq!(file_name(name).replace("filename_", "filename="), expected, "{name}");
        }
    }

    #[test]
    fn only_pictures_are_shown_and_everything_stands_alone() {
        assert!(as_picture("x.png", b"<svg onload=alert(1)>".to_vec(), "no-store").is_none());
        let shown = as_picture("x.txt", b"GIF89a".to_vec(), "no-store").unwrap();
        assert_eq!(shown.headers()["content-type"], "image/gif");
        for answer in [shown, as_file("text/html", "x.html", b"<script>".to_vec())] {
            assert_eq!(answer.headers()["content-security-policy"], ALONE);
            assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
            assert_eq!(answer.headers()["cross-origin-resource-policy"], "same-origin");
        }
    }
}
