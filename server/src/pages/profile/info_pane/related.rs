//! Relationships: who this customer is related to, named from both sides.

use maud::{Markup, html};
use whom_core::model::Relationship;

use super::InfoPane;
use crate::pages::{
    frame::Frame,
    icons::Icon,
    words::{kept, profile as say},
};

/// The card.
pub(super) fn card(frame: &Frame, pane: &InfoPane) -> Markup {
    if pane.relationships.is_empty() && !frame.may_write {
        return Markup::default();
    }
    html! {
        div.block {
            h2 { (say::RELATIONSHIPS) }
            ul.contacts {
                @for one in &pane.relationships {
                    li data-id=(one.id) {
                        (Icon::People.svg())
                        div {
                            a href=(format!("/customers/{}", one.profile)) { (one.name) }
                            div.faint { (say::sides(&one.they_are, &one.this_is)) }
                        }
                        @if frame.may_write {
                            div.contact-deeds {
                                form method="post" action=(pane.deed(&format!("relationships/{}/remove", one.id))) data-quick {
                                    button.icon-button.small title=(say::UNRELATE) aria-label=(format!("{}: {}", say::UNRELATE, one.name)) { (Icon::Cross.svg()) }
                                }
                            }
                        }
                    }
                }
            }
            @if frame.may_write { (add(pane)) }
        }
    }
}

fn add(pane: &InfoPane) -> Markup {
    html! {
        details.adds {
            summary.faint { (kept::RELATE) }
            form.stacked method="post" action=(pane.deed("relationships")) data-quick {
                input type="hidden" name="request" value=(crate::secret::hex(&crate::secret::random::<12>()));
                div.field {
                    label for="related-with" { (kept::CUSTOMER) }
                    input #related-with name="with" required placeholder=(say::WHO_HINT) autocomplete="off" spellcheck="false"
                        data-suggest=(format!("/suggest/customers?not={}", pane.view.id));
                }
                div.field {
                    label for="they-are" { (kept::THEY_ARE) }
                    input #they-are name="they_are" required maxlength="60" placeholder=(kept::THEY_ARE_HINT) autocomplete="off" list="kinds-of-relations";
                }
                div.field {
                    label for="this-is" { (say::this_is(&pane.view.name)) }
                    input #this-is name="this_is" maxlength="60" placeholder=(kept::THIS_IS_HINT) autocomplete="off" list="kinds-of-relations";
                }
                datalist #kinds-of-relations { @for word in Relationship::known_words() { option value=(word) {} } }
                button.small { (kept::ADD) }
            }
        }
    }
}
