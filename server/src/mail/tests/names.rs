//! Names beside addresses.

use super::{mail, policy, received, told_party};
use crate::mail::{Mail, read_mail};

#[track_caller]
fn check(from: &str, expected: &str) {
    let raw = mail(&format!("From: {from}\nSubject: Hi"));
    let told = match read_mail(&raw, &policy(), received()) {
        Mail::Arrived(incoming) => told_party(&incoming.parties[0]),
        other => format!("{other:?}"),
    };
    let name = told.split_once(", ").map_or("", |(_, said)| said);
    let name = name.replace("first_name", "first").replace("last_name", "last").replace(" 60%", "");
    assert_eq!(name.replace("name `", "`"), expected, "{from}");
}

#[test]
fn two_words_are_a_first_and_a_last_name() {
    check("Ada Lovelace <a@x.example>", "`Ada Lovelace` 80%, first `Ada`, last `Lovelace`");
    check("\"Lovelace, Ada\" <a@x.example>", "`Ada Lovelace` 80%, first `Ada`, last `Lovelace`");
    check("Lovelace, Ada <a@x.example>", "`Ada Lovelace` 80%, first `Ada`, last `Lovelace`");
    check("a@x.example (Ada Lovelace)", "`Ada Lovelace` 80%, first `Ada`, last `Lovelace`");
    check(
        "=?iso-8859-1?q?Ren=E9e_N=FA=F1ez?= <a@x.example>",
        "`Renée Núñez` 80%, first `Renée`, last `Núñez`",
    );
    check("\"=?utf-8?q?Ren=C3=A9e?= Roy\" <a@x.example>", "`Renée Roy` 80%, first `Renée`, last `Roy`");
    check("Jack O'Neill <a@x.example>", "`Jack O'Neill` 80%, first `Jack`, last `O'Neill`");
    check("ADA LOVELACE <a@x.example>", "`ADA LOVELACE` 70%, first `ADA`, last `LOVELACE`");
}

#[test]
fn particles_initials_titles_and_suffixes_are_known() {
    check("Bram de Vries <a@x.example>", "`Bram de Vries` 80%, first `Bram`, last `de Vries`");
    check("Lotte van der Berg <a@x.example>", "`Lotte van der Berg` 80%, first `Lotte`, last `van der Berg`");
    check("\"von Ohlen, Karl\" <a@x.example>", "`Karl von Ohlen` 80%, first `Karl`, last `von Ohlen`");
    check("Siobhán Ní Bhriain <a@x.example>", "`Siobhán Ní Bhriain` 80%, first `Siobhán`, last `Ní Bhriain`");
    check("John Q. Public <a@x.example>", "`John Q. Public` 80%, first `John`, last `Public`");
    check("Dr. Anna Berg <a@x.example>", "`Dr. Anna Berg` 80%, first `Anna`, last `Berg`");
    check("\"Sam Hill, Jr.\" <a@x.example>", "`Sam Hill, Jr.` 80%, first `Sam`, last `Hill,`");
}

#[test]
fn what_cannot_be_split_safely_is_left_whole() {
    check("Ada <a@x.example>", "`Ada` 80%");
    check("Hanne Lindqvist Berg <a@x.example>", "`Hanne Lindqvist Berg` 80%");
    check("Zhang Wei <a@x.example>", "`Zhang Wei` 80%");
    check("Bell Kettles GmbH <a@x.example>", "`Bell Kettles GmbH` 80%");
    check("Bell Support <a@x.example>", "`Bell Support` 80%");
    check("田中 由紀 <a@x.example>", "`田中 由紀` 80%");
    check("김민수 <a@x.example>", "`김민수` 80%");
    check("Елена Петрова <a@x.example>", "`Елена Петрова` 80%");
    check("عمر الفارسي <a@x.example>", "`عمر الفارسي` 80%");
    check("Δήμητρα Παππά <a@x.example>", "`Δήμητρα Παππά` 80%");
    check("J. Smith <a@x.example>", "`J. Smith` 80%");
    check("de Vries <a@x.example>", "`de Vries` 80%");
}

#[test]
fn what_programs_add_is_taken_away() {
    check("\"'Ada King'\" <a@x.example>", "`Ada King` 80%, first `Ada`, last `King`");
    check("Ada King via Walkers <a@x.example>", "`Ada King` 80%, first `Ada`, last `King`");
    check("\"Ada King (via Docs)\" <a@x.example>", "`Ada King` 80%, first `Ada`, last `King`");
    check("Ada King on behalf of Bell <a@x.example>", "`Ada King` 80%, first `Ada`, last `King`");
    check("\"Ada King | Bell Kettles\" <a@x.example>", "`Ada King` 80%, first `Ada`, last `King`");
    check("\"[EXT] Ada King\" <a@x.example>", "`Ada King` 80%, first `Ada`, last `King`");
    check("\"King, Ada (Sales)\" <a@x.example>", "`Ada King` 80%, first `Ada`, last `King`");
    check("\"Ada\u{200b} \u{202e}King\" <a@x.example>", "`Ada King` 80%, first `Ada`, last `King`");
    check("JÃ¶rg KÃ¶nig <a@x.example>", "`Jörg König` 80%, first `Jörg`, last `König`");
    check("Jo\u{308}rg Ko\u{308}nig <a@x.example>", "`Jörg König` 80%, first `Jörg`, last `König`");
}

#[test]
fn what_names_nobody_is_no_name() {
    for nobody in [
        "a@x.example",
        "\"a@x.example\" <a@x.example>",
        "a <a@x.example>",
        "Support <a@x.example>",
        "\"Customer Service Team\" <a@x.example>",
        "\"+49 30 1234567\" <a@x.example>",
        "\"www.x.example\" <a@x.example>",
        "\"\" <a@x.example>",
        "\"()\" <a@x.example>",
    ] {
        check(nobody, "");
    }
}
