//! The top of the page: who it is, and what tells them from others of that name.

use maud::{Markup, html};
use whom_core::view::{NamedBy, ProfileView};

use super::info_pane::InfoPane;
use crate::pages::{
    components::{Size, avatar, kind_chip, presence},
    frame::Frame,
    icons::Icon,
    words::{self, profile as say},
};

/// The top of the page.
pub(crate) fn head(frame: &Frame, pane: &InfoPane) -> Markup {
    let (view, moments) = (&pane.view, &frame.moments);
    html! {
        header.profile-head #profile-head data-live=(format!("profile:{}", view.id)) {
            div.photo {
                (avatar(&view.into(), Size::Large))
                @if frame.may_write && view.photo().is_some() {
                    form method="post" action=(format!("/customers/{}/photo/remove", view.id)) data-quick {
                        button.icon-button.small title=(say::REMOVE_PHOTO) aria-label=(say::REMOVE_PHOTO) { (Icon::Trash.svg()) }
                    }
                }
            }
            div.title {
                (name(frame, pane))
                p.line { (line(view)) }
                (presence(&format!("profile:{}", view.id)))
            }
            dl.figures {
                div { dt { (words::FIRST_SEEN) } dd { (moments.date(view.first_seen)) } }
                div { dt { (words::LAST_SEEN) } dd { (moments.ago(view.last_seen)) } }
                div { dt { (words::MESSAGES) } dd { (words::thousands(view.messages)) } }
                div { dt { (words::EVENTS) } dd { (words::thousands(view.events)) } }
            }
        }
    }
}

/// The name, edited where it stands: whatever properties it is made of.
fn name(frame: &Frame, pane: &InfoPane) -> Markup {
    let view = &pane.view;
    let keys: &[&str] = match view.named_by() {
        NamedBy::Parts => &["first_name", "last_name"],
        NamedBy::Whole | NamedBy::Nothing => &["name"],
    };
    let stand_in = (view.named_by() == NamedBy::Nothing).then_some(view.name.as_str());
    let controls: Vec<Markup> = keys.iter().filter_map(|key| pane.control(frame, key, stand_in)).collect();
    html! {
        @if controls.is_empty() {
            h1 { (view.name) " " (kind_chip(view.kind)) }
        } @else {
            div.name-line {
                h1.unseen { (view.name) }
                @for control in controls { (control) }
                (kind_chip(view.kind))
            }
        }
    }
}

/// What tells them from others of that name: `Structural engineer, Fjällbro Konsult · Åre, Sweden`.
fn line(view: &ProfileView) -> Markup {
    let text = |key: &str| view.value(key).map(ToString::to_string);
    let company = text("company").or_else(|| view.accounts.first().map(|account| account.name.clone()));
    let work: Vec<String> = [text("job_title"), company].into_iter().flatten().collect();
    let reach = view.contacts.iter().find(|contact| contact.reaches).map(|contact| contact.raw.clone());
    let parts = [Some(work.join(", ")).filter(|work| !work.is_empty()), text("location"), reach];
    html! {
        @for (place, part) in parts.iter().flatten().enumerate() {
            span.part { @if place > 0 { span.dot {} } (part) }
        }
    }
}
