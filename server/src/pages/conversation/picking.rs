//! Looking something up to do something with it: a page with a field and what fits, and the same in a dialog.
//!
//! `pick.js` opens the link to such a page as a dialog and asks while somebody types; without it the page is a page.

use maud::{Markup, html};

use crate::pages::{
    frame::{Frame, Part},
    icons::Icon,
    words::{self, conversation as said},
};

/// A page that looks something up.
pub(super) struct Picking<'a> {
    /// What is done with what is found.
    pub(super) title: &'a str,
    /// What that comes to.
    pub(super) help: Markup,
    /// Its own address.
    pub(super) address: &'a str,
    /// The page it goes back to.
    pub(super) back: &'a str,
    /// What was typed.
    pub(super) typed: &'a str,
    /// What stands in the empty field.
    pub(super) hint: &'a str,
    /// What is sent along with the field.
    pub(super) hidden: Markup,
    /// What was found, and what can be done without finding anything.
    pub(super) found: Markup,
    pub(super) beside: Markup,
}

impl Picking<'_> {
    /// The page.
    pub(super) fn page(&self, frame: &Frame) -> Markup {
        frame.page(
            Part::Inbox,
            self.title,
            &["pick.js"],
            html! { div.column.narrow data-pick-page { (self.body()) } },
        )
    }

    fn body(&self) -> Markup {
        html! {
            div.pick {
                h1.pick-title { (self.title) }
                p.soft { (self.help) }
                form.search method="get" action=(self.address) role="search" data-pick-form {
                    label.unseen for="pick-q" { (self.hint) }
                    (Icon::Search.svg())
                    input #pick-q type="search" name="q" value=(self.typed) placeholder=(self.hint) autocomplete="off" spellcheck="false" autofocus;
                    (self.hidden)
                    button.unseen { (words::SEARCH) }
                }
                div.pick-found data-pick-found aria-live="polite" { (self.found) }
                div.pick-foot { (self.beside) a.button.quiet href=(self.back) data-pick-close { (said::CANCEL) } }
            }
        }
    }
}
