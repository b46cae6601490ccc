//! A picture of squares (QR code) for a camera, drawn as one path.

use maud::{Markup, html};
use qrcodegen::{QrCode, QrCodeEcc};

/// Squares of nothing around the picture, without which cameras do not find it.
const MARGIN: i32 = 4;

/// The picture of a text; nothing where the text is too long for one.
pub(crate) fn squares(text: &str, label: &str) -> Markup {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else { return html! {} };
    let size = code.size() + 2 * MARGIN;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            path.push_str(&format!("M{},{}h1v1h-1z", x + MARGIN, y + MARGIN));
        }
    }
    html! {
        svg.squares viewBox=(format!("0 0 {size} {size}")) role="img" aria-label=(label) shape-rendering="crispEdges" {
            // Cameras want dark on light, whatever the page looks like.
            rect width=(size) height=(size) fill="#fff" {}
            path d=(path) fill="#000" {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_has_the_three_corners_that_cameras_look_for() {
        let drawn =
            squares("otpauth://totp/Whom:ana?secret=GEZDGNBVGY3TQOJQ&issuer=Whom", "code").into_string();
        assert!(drawn.contains("M4,4h1v1h-1z") && drawn.contains("role=\"img\""), "{drawn}");
        assert!(!drawn.contains("style="));
        assert_eq!(squares(&"x".repeat(4_000), "code").into_string(), "");
    }
}
