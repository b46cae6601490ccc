//! What can be done with a customer: write, call, look at sessions, edit, export, merge, put into the trash.

use maud::{Markup, html};
use whom_core::model::ProfileState;

use super::{InfoPane, Place};
use crate::pages::{
    components::more_menu,
    frame::Frame,
    icons::Icon,
    words::{self, profile as say},
};

/// The card.
pub(super) fn card(frame: &Frame, pane: &InfoPane) -> Markup {
    let id = pane.view.id;
    let is_trashed = matches!(pane.view.state, ProfileState::Trashed { .. });
    let is_phone =
        |kind: &whom_core::model::IdentifierKind| matches!(kind.as_str(), "phone" | "whatsapp" | "sms");
    let phone = pane
        .view
        .contacts
        .iter()
        .find(|contact| !contact.masked && contact.kind.as_ref().is_some_and(is_phone));
    let export = |end: &str| format!("/v1/profiles/{id}/{end}");
    html! {
        div.block.deeds {
            h2.unseen { (say::ACTIONS) }
            div.buttons {
                @if frame.may_write { a.button.small href=(format!("/conversations/new?to={id}")) { (Icon::Chat.svg()) (say::NEW_CONVERSATION) } }
                @if let Some(phone) = phone { a.button.small href=(format!("tel:{}", phone.value)) { (Icon::Phone.svg()) (say::CALL) } }
                @if frame.may_write { (edit_details(pane)) }
                @if pane.view.events > 0 { a.button.small data-goto[pane.place == Place::Own] href=(format!("/customers/{id}?show=event,page_view")) { (Icon::Play.svg()) (say::SESSIONS) } }
                (more_menu(say::MORE_ACTIONS, html! {
                    a href=(export("export")) download { (Icon::Down.svg()) (say::EXPORT_JSON) }
                    a href=(export("export.vcf")) download { (Icon::Badge.svg()) (say::EXPORT_CARD) }
                    @if frame.may_write {
                        form.inline-form action=(format!("/customers/{id}/merge")) {
                            label.unseen for="with" { (words::MERGE_WITH) }
                            input #with name="with" placeholder=(say::MERGE_WITH_SHORT) title=(words::MERGE_WITH) autocomplete="off" spellcheck="false" required
                                data-suggest=(format!("/suggest/customers?not={id}")) data-suggest-sends;
                            button { (Icon::Together.svg()) (words::COMPARE) }
                        }
                        hr;
                        @if is_trashed {
                            form method="post" action=(pane.deed("restore")) data-quick { button { (Icon::Undo.svg()) (say::RESTORE) } }
                        } @else {
                            form method="post" action=(pane.deed("trash")) data-quick { button.danger { (Icon::Trash.svg()) (say::TRASH) } }
                        }
                    }
                }))
            }
        }
    }
}

/// Leads to the fields; with scripts the first one is in hand at once.
fn edit_details(pane: &InfoPane) -> Markup {
    // Beside a conversation `e` closes it.
    let key = (pane.place == Place::Own).then_some("e");
    html! {
        a.button.small data-edits href=(if pane.place == Place::Own { "#about" } else { "#about-person" }) data-key=[key] data-key-says=(say::KEY_DETAILS) {
            (Icon::Pencil.svg()) (say::EDIT_DETAILS)
        }
    }
}
