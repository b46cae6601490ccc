//! A face: the photo where there is one that may be shown, else initials on a colour of its own.

use maud::{Markup, html};
use whom_core::model::{ProfileId, ProfileKind};

use super::is_web_address;
use crate::pages::icons::Icon;

const HUES: u8 = 10;

/// How large a face is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    /// In a list.
    Medium,
    /// On a page of its own.
    Large,
}

/// A face. It is decoration: the name has to stand beside it.
pub(crate) fn avatar(
    id: ProfileId,
    name: &str,
    kind: ProfileKind,
    photo: Option<&str>,
    size: Size,
) -> Markup {
    let hue = id.as_bytes()[9] % HUES;
    let size = match size {
        Size::Medium => "",
        Size::Large => " large",
    };
    let initials = initials(name);
    let photo = photo.and_then(|photo| address(id, photo));
    html! {
        @if let Some(photo) = photo {
            span class=(format!("avatar hue-{hue}{size}")) { img src=(photo) alt="" loading="lazy"; }
        } @else if kind == ProfileKind::Visitor || initials.is_empty() {
            span class=(format!("avatar visitor{size}")) aria-hidden="true" { (Icon::Person.svg()) }
        } @else {
            span class=(format!("avatar hue-{hue}{size}")) aria-hidden="true" { (initials) }
        }
    }
}

/// The address of a photo with us. One from elsewhere is fetched by the server: that place learns nothing.
fn address(id: ProfileId, photo: &str) -> Option<String> {
    if is_ours(photo) {
        return Some(photo.to_owned());
    }
    // Another photo has another address, so that a browser does not keep showing the old one.
    let version = blake3::hash(photo.as_bytes()).to_hex();
    is_web_address(photo).then(|| format!("/customers/{id}/photo?v={}", &version[..12]))
}

/// Whether a picture comes from this server. Showing one from elsewhere would tell that place who is looked at.
fn is_ours(address: &str) -> bool {
    (address.starts_with('/') && !address.starts_with("//") && !address.contains('\\'))
        || address.starts_with("data:image/")
}

/// The first letters of the first and the last word that begin with a letter.
pub(crate) fn initials(name: &str) -> String {
    let name = name.split('@').next().unwrap_or_default();
    let letters: Vec<char> = name
        .split(|c: char| c.is_whitespace() || matches!(c, '.' | '_' | '-' | '+'))
        .filter_map(|word| word.chars().next().filter(|c| c.is_alphabetic()))
        .collect();
    let ends = [letters.first(), letters.last().filter(|_| letters.len() > 1)];
    ends.into_iter().flatten().flat_map(|letter| letter.to_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_the_first_letters_of_first_and_last_word() {
        for (name, expected) in [
            ("Hanne Lindqvist Berg", "HB"),
            ("n.doyle@brackenfold.example", "ND"),
            ("Yuki", "Y"),
            ("田中 由紀", "田由"),
            ("+61 491 570 156", ""),
            ("", ""),
        ] {
            assert_eq!(initials(name), expected, "{name}");
        }
    }

    #[test]
    fn a_picture_from_elsewhere_is_not_shown() {
        assert!(is_ours("/photos/1") && is_ours("data:image/png;base64,AA"));
        for elsewhere in ["//evil.example/x", "https://evil.example/x", "data:text/html,x", "/\\evil.example"]
        {
            assert!(!is_ours(elsewhere), "{elsewhere}");
        }
    }
}
