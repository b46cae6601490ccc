//! Holds the token sheet to WCAG 2.2 AA: the pairs of colours that meet, in both themes.

use std::collections::BTreeMap;

type Pair = [[f64; 3]; 2];

/// Every token or tint that has a light and a dark colour.
fn colours() -> BTreeMap<String, Pair> {
    let sheet = include_str!("../../assets/css/tokens.css");
    let mut colours = BTreeMap::new();
    for line in sheet.lines() {
        let tint = line.strip_prefix(".hue-").and_then(|rest| rest.split(' ').next()).unwrap_or_default();
        for declaration in line.split("--").skip(1) {
            let Some((name, rest)) = declaration.split_once(": light-dark(#") else { continue };
            let (light, dark) = rest.split_once(", #").unwrap();
            colours.insert(format!("{name}{tint}"), [read(light), read(&dark[..6])]);
        }
    }
    colours
}

fn read(hex: &str) -> [f64; 3] {
    [0, 2, 4].map(|place| f64::from(u8::from_str_radix(&hex[place..place + 2], 16).unwrap()) / 255.0)
}

/// Relative luminance, as WCAG defines it.
fn luminance(colour: [f64; 3]) -> f64 {
    let [r, g, b] =
        colour.map(|part| if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn check(on: &[&str], over: &[&str], least: f64) {
    let colours = colours();
    for (ink, ground) in on.iter().flat_map(|ink| over.iter().map(move |ground| (ink, ground))) {
        let themes = colours[*ink].into_iter().zip(colours[*ground]).zip(["light", "dark"]);
        for ((one, other), theme) in themes {
            let (one, other) = (luminance(one), luminance(other));
            let contrast = (one.max(other) + 0.05) / (one.min(other) + 0.05);
            assert!(contrast >= least, "{ink} on {ground}, {theme}: {contrast:.2}");
        }
    }
}

#[test]
fn text_stands_out_from_what_it_stands_on() {
    let plain = ["ground", "surface", "raised"];
    check(&["ink", "ink-soft", "ink-faint", "accent-strong"], &["rail"], 4.5);
    check(&["good", "ink"], &["good-tint"], 4.5);
    check(&["warn", "ink"], &["warn-tint"], 4.5);
    // A toast is the page turned over.
    check(&["ground"], &["ink"], 4.5);
    check(&["ink", "ink-soft", "ink-faint", "accent", "accent-strong", "bad", "good"], &plain, 4.5);
    check(&["ink", "ink-soft", "accent"], &["agent", "note"], 4.5);
    check(&["accent-strong", "ink", "ink-soft"], &["accent-tint"], 4.5);
    check(&["on-accent"], &["accent", "accent-strong"], 4.5);
    check(&["bad", "ink"], &["bad-tint"], 4.5);
    for hue in 0..10 {
        check(&[&format!("on-tint{hue}")], &[&format!("tint{hue}")], 4.5);
    }
}

#[test]
fn the_edge_of_a_field_can_be_seen() {
    check(&["edge"], &["ground", "surface"], 3.0);
    check(&["accent"], &["ground", "surface", "raised", "agent", "note"], 3.0);
}
