//! A face: the photo where there is one that may be shown, else initials on a colour of its own.

use maud::{Markup, html};
use whom_core::model::ProfileKind;

use crate::{face::Face, pages::icons::Icon};

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
pub(crate) fn avatar(face: &Face, size: Size) -> Markup {
    let id = face.profile;
    let hue = id.as_bytes()[9] % HUES;
    let size = match size {
        Size::Medium => "",
        Size::Large => " large",
    };
    let initials = initials(&face.name);
    let is_nobody = face.kind == ProfileKind::Visitor || initials.is_empty();
    let sort = if is_nobody { "visitor".to_owned() } else { format!("hue-{hue}") };
    html! {
        span class=(format!("avatar {sort}{size}")) aria-hidden="true" {
            @if is_nobody { (Icon::Person.svg()) } @else { (initials) }
            // Over the letters, which stay where the photo cannot be had. It comes from us also where it is
            // kept elsewhere: that place learns nothing of who looks.
            @if let Some(mark) = &face.photo { img src=(format!("/customers/{id}/photo?v={mark}")) alt="" loading="lazy"; }
        }
    }
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
}
