//! The few things that an inline style may say. Everything else of it is dropped.

/// The most declarations of one style that are read.
const MOST: usize = 60;

/// Reads a style into words of our own, joined with blanks; nothing where it says nothing of use.
///
/// `hide` is not shown at all; `b`, `i`, `u`, `s`, `mid` and `end` become classes; `rule` is the line
/// that Outlook draws over what it quotes; `dot` is the size of a pixel that only counts readers.
pub(super) fn words(style: &str) -> Option<String> {
    let mut words: Vec<&str> = Vec::new();
    let (mut no_height, mut clipped, mut ruled, mut padded) = (false, false, false, false);
    let (mut thin, mut low) = (false, false);
    for declaration in style.split(';').take(MOST) {
        let Some((name, value)) = declaration.split_once(':') else { continue };
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().to_ascii_lowercase());
        let value = value.trim_end_matches("!important").trim();
        match name.as_str() {
            "display" if value == "none" => words.push("hide"),
            "visibility" if value == "hidden" => words.push("hide"),
            "mso-hide" if value == "all" => words.push("hide"),
            "opacity" if number(value) == Some(0.0) => words.push("hide"),
            "font-size" if number(value) == Some(0.0) => words.push("hide"),
            "max-height" | "height" if number(value) == Some(0.0) => no_height = true,
            "overflow" if value == "hidden" => clipped = true,
            "width" | "max-width" if number(value).is_some_and(|n| n <= 2.0) && !value.ends_with('%') => {
                thin = true
            }
            "height" | "max-height" if number(value).is_some_and(|n| n <= 2.0) && !value.ends_with('%') => {
                low = true
            }
            "font-weight" if value.starts_with("bold") || number(value).is_some_and(|n| n >= 600.0) => {
                words.push("b")
            }
            "font-style" if value == "italic" => words.push("i"),
            "text-decoration" | "text-decoration-line" => {
                if value.contains("underline") {
                    words.push("u");
                }
                if value.contains("line-through") {
                    words.push("s");
                }
            }
            "text-align" if value == "center" => words.push("mid"),
            "text-align" if matches!(value, "right" | "end") => words.push("end"),
            "border-top" if value.contains("solid") => ruled = true,
            "padding" | "padding-top" if value.starts_with("3.0pt") || value.starts_with("3pt") => {
                padded = true
            }
            _ => {}
        }
    }
    if no_height && clipped {
        words.push("hide");
    }
    if thin && (low || no_height) {
        words.push("dot");
    }
    if ruled && padded {
        words.push("rule");
    }
    (!words.is_empty()).then(|| words.join(" "))
}

/// The number at the start of a length.
fn number(value: &str) -> Option<f64> {
    let end = value.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(value.len());
    value[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_style_is_read_into_few_words() {
        for (style, expected) in [
            ("font-weight: bold; color: red", Some("b")),
            ("FONT-WEIGHT:700;text-decoration:underline line-through", Some("b u s")),
            ("display:none!important", Some("hide")),
            ("display:block;max-height:0px;overflow:hidden", Some("hide")),
            ("border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm", Some("rule")),
            ("width:1px;height:1px", Some("dot")),
            ("width:100%;height:0", None),
            ("position:fixed;inset:0;z-index:99", None),
            ("background:url(https://evil.example/x)", None),
            ("behavior:url(#x);x:expression(alert(1))", None),
            ("", None),
        ] {
            assert_eq!(words(style).as_deref(), expected, "{style}");
        }
    }
}
