//! `/styleguide`: every part that pages are put together from, to be looked at.

use axum::{
    extract::Query,
    response::{IntoResponse, Response},
};
use maud::{Markup, html};
use serde::Deserialize;
use whom_core::model::{ProfileId, ProfileKind};

use super::{
    answer::Html,
    components::{
        AskedBy, Choice, Control, Field, InlineEdit, Notice, Size, Stands, Tab, Tone, avatar, badge, choice,
        empty, failed_toast, key, kind_chip, menu, more_menu, notice, presence, progress, skeleton, tabs,
        tag, toast,
    },
    frame::{Frame, Part},
    icons::Icon,
    sent::Sent,
    words::guide as words,
};
use crate::{face::Face, problem::Problem};

/// What stands behind `?`.
#[derive(Debug, Deserialize)]
pub(crate) struct GuideQuery {
    done: Option<String>,
}

/// `GET /styleguide`
pub(crate) async fn page(frame: Frame, Query(query): Query<GuideQuery>) -> Html {
    let block = |title: &str, id: &str, content: Markup| {
        html! {
            section.card aria-labelledby=(id) {
                div.card-head { h2 id=(id) { (title) } }
                div.card-body { (content) }
            }
        }
    };
    Html::ok(frame.page(Part::None, words::TITLE, &["edit.js"], html! {
        div.column.guide {
            div.page-head { h1 { (words::TITLE) } p { (words::INTRO) } }
            @match query.done.as_deref() {
                Some("sent") => (toast(html! { (words::DONE) }, Some("/styleguide"))),
                Some("not") => (failed_toast(html! { (words::NOT_DONE) })),
                _ => {},
            }
            (block(words::COLOURS, "colours", colours()))
            (block(words::TYPE, "type", letters()))
            (block(words::BUTTONS, "buttons", buttons()))
            (block(words::FIELDS, "fields", fields()))
            (block(words::IN_PLACE, "in-place", in_place()))
            (block(words::LABELS, "labels", labels()))
            (block(words::TABLES, "tables", tables()))
            (block(words::MENUS, "menus", menus()))
            (block(words::NEWS, "news", news()))
            (block(words::NOTHING, "nothing", nothing()))
            (block(words::DRAWINGS, "drawings", html! { div.drawings { @for icon in Icon::ALL { (icon.svg()) } } }))
        }
    }))
}

fn colours() -> Markup {
    html! {
        div.swatches {
            @for name in ["rail", "ground", "surface", "raised", "line", "edge", "ink", "ink-soft", "ink-faint", "accent", "accent-tint", "agent", "note", "good-tint", "warn-tint", "bad-tint"] {
                div { span class=(format!("swatch {name}")) {} (name) }
            }
        }
    }
}

fn letters() -> Markup {
    html! {
        h3 { (words::EXAMPLE_TITLE) }
        p { (words::EXAMPLE_TEXT) }
        p.soft { (words::EXAMPLE_TEXT) }
        p.faint { (words::EXAMPLE_TEXT) }
        p { (key("g i")) " " (key("Enter")) " " code { "cv_1qzv4ves7h110syt" } }
    }
}

fn buttons() -> Markup {
    html! {
        div.buttons {
            button.primary data-key="n" data-key-says=(words::EXAMPLE_DEED) { (Icon::Plus.svg()) (words::EXAMPLE_DEED) }
            button { (words::EXAMPLE_DEED) }
            button.quiet { (words::EXAMPLE_DEED) }
            button.danger { (Icon::Trash.svg()) (words::EXAMPLE_DANGER) }
            button disabled { (words::EXAMPLE_DEED) }
            button.small { (words::EXAMPLE_DEED) }
            button.icon-button aria-label=(words::EXAMPLE_DEED) { (Icon::Pencil.svg()) }
            a.button href="#buttons" { (words::EXAMPLE_LINK) }
            button.link { (words::EXAMPLE_LINK) }
        }
    }
}

fn fields() -> Markup {
    let plain = Field { name: "guide-name", label: words::NAME, value: "Ana Flores", ..Field::default() };
    html! {
        div.fields-form.two {
            (plain.line("text"))
            (Field { name: "guide-empty", hint: Some("ana@example.org"), help: Some(words::HELP), value: "", ..plain }.line("email"))
            (Field { name: "guide-wrong", wrong: Some(words::WRONG), value: "ana@", ..plain }.line("text"))
            (Field { name: "guide-tier", value: "pro", ..plain }.select(&[("free", "Free"), ("pro", "Pro")]))
            (Field { name: "guide-lines", ..plain }.lines(3))
            fieldset {
                legend { (words::CHOICES) }
                (choice(Choice::Check, "guide-check", "1", true, words::CHOICE, Some(words::HELP)))
                (choice(Choice::Check, "guide-check", "2", false, words::CHOICE, None))
                (choice(Choice::Radio, "guide-radio", "1", true, words::CHOICE, None))
                (choice(Choice::Radio, "guide-radio", "2", false, words::CHOICE, None))
                (choice(Choice::Switch, "guide-switch", "1", true, words::CHOICE, None))
                (choice(Choice::Switch, "guide-switch-off", "1", false, words::CHOICE, None))
            }
        }
    }
}

fn in_place() -> Markup {
    let edit = InlineEdit {
        id: "guide-edit",
        label: words::NAME,
        action: "/styleguide",
        name: "value",
        value: "Ana Flores",
        version: "1",
        control: Control::Line("text"),
        hint: words::HINT,
    };
    html! {
        p.soft { (words::IN_PLACE_NEXT) }
        dl.pairs {
            dt { (words::NAME) } dd { (edit.markup()) }
            dt { (words::NOTE) } dd { (InlineEdit { id: "guide-edit-lines", value: "", control: Control::Lines, ..edit }.markup()) }
            dt { (words::CHOICE) } dd { (InlineEdit { id: "guide-edit-choice", value: "pro", control: Control::Select(&[("free", "Free"), ("pro", "Pro")]), ..edit }.markup()) }
        }
    }
}

fn labels() -> Markup {
    let faces = ["Ana Flores", "Yuki Tanaka", "Zoë Müller", "Omar Haddad"];
    html! {
        div.buttons {
            (kind_chip(ProfileKind::Customer)) (kind_chip(ProfileKind::Visitor))
            (badge(Tone::Plain, "12")) (badge(Tone::Good, words::GOOD)) (badge(Tone::Warn, words::WARN)) (badge(Tone::Bad, words::BAD)) (badge(Tone::Info, words::INFO))
        }
        br;
        div.tags { (tag("vip", Some("#labels"), Some("/styleguide"))) (tag("refund", None, Some("/styleguide"))) (tag("quiet", None, None)) }
        br;
        div.buttons {
            @for (place, name) in (0u8..).zip(faces) {
                @let profile = ProfileId::from_bytes([place * 3; 10]);
                (avatar(&Face { profile, name: name.to_owned(), kind: ProfileKind::Customer, photo: None }, Size::Medium))
            }
            (avatar(&Face { profile: ProfileId::from_bytes([0; 10]), name: String::new(), kind: ProfileKind::Visitor, photo: None }, Size::Medium))
            (presence("page:styleguide"))
        }
        br;
        (progress(words::PROGRESS, 1300, 4200))
    }
}

fn tables() -> Markup {
    html! {
        (tabs(words::TABLES, &[
            Tab { href: "#tables", words: words::TAB_ONE, count: Some(12), is_current: true },
            Tab { href: "#tables", words: words::TAB_TWO, count: Some(1804), is_current: false },
        ]))
        div.table-scroll {
            table.table {
                thead { tr { th scope="col" { span.unseen { (words::CHOICE) } } th scope="col" { (words::NAME) } th scope="col" { (words::STATE) } th.number scope="col" { (words::NUMBER) } } }
                tbody {
                    @for (name, tone, state, number) in [("Ana Flores", Tone::Good, words::GOOD, 42), ("Yuki Tanaka", Tone::Warn, words::WARN, 1804)] {
                        tr data-row {
                            td { input type="checkbox" aria-label=(name); }
                            td { a href="#tables" { (name) } }
                            td { (badge(tone, state)) }
                            td.number { (super::words::thousands(number)) }
                        }
                    }
                }
            }
        }
    }
}

fn menus() -> Markup {
    let items = html! {
        h3 { (words::MENUS) }
        a href="#menus" { (Icon::Pencil.svg()) (words::EXAMPLE_LINK) kbd { "e" } }
        button type="button" aria-checked="true" role="menuitemcheckbox" { (words::CHOICE) }
        hr;
        button.danger type="button" { (Icon::Trash.svg()) (words::EXAMPLE_DANGER) }
    };
    html! {
        div.buttons {
            (menu(words::MENUS, html! { (words::MENUS) (Icon::Fold.svg()) }, items.clone()))
            (more_menu(words::MENUS_MORE, items))
            button type="button" hidden data-opens-help { (words::DIALOG) }
            div.segmented { a href="#menus" aria-current="true" { (words::TAB_ONE) } a href="#menus" { (words::TAB_TWO) } }
        }
    }
}

fn news() -> Markup {
    html! {
        (notice(Notice::Done, html! { (words::DONE) }))
        (notice(Notice::Failed, html! { (words::NOT_DONE) }))
        div.buttons {
            form method="post" action="/styleguide" data-quick { button name="value" value="toast" { (words::SHOW_TOAST) } }
            form method="post" action="/styleguide" data-quick { button name="value" value="nobody" { (words::SHOW_FAILED) } }
        }
    }
}

fn nothing() -> Markup {
    html! {
        (empty(words::EMPTY, words::EMPTY_NEXT, html! { button.primary { (words::EXAMPLE_DEED) } }))
        (skeleton(3))
    }
}

/// What the examples send.
#[derive(Debug, Deserialize)]
pub(crate) struct Example {
    #[serde(default)]
    value: String,
    #[serde(default)]
    version: String,
}

/// `POST /styleguide`: answers the examples as a page of its own would, and keeps nothing.
pub(crate) async fn try_out(asked_by: AskedBy, Sent(example): Sent<Example>) -> Result<Response, Problem> {
    let version = example.version.parse::<u32>().unwrap_or(0);
    match example.value.as_str() {
        "nobody" => Err(Problem::invalid(words::WRONG)),
        "faster" if version < 10 => {
            let current =
                Stands { version: "10".into(), value: "Ana M. Flores".into(), by: Some("Mia".into()) };
            Ok(current.conflict().into_response())
        }
        _ => {
            let stands =
                Stands { version: version.saturating_add(1).to_string(), value: example.value, by: None };
            Ok(stands.saved(asked_by, "/styleguide?done=sent"))
        }
    }
}
