//! Where to write: an answer to the customer, or a note for colleagues.

use maud::{Markup, html};
use whom_core::model::Conversation;

use super::{drafts::Draft, keeping::Kept};
use crate::pages::{
    icons::Icon,
    inbox::View,
    meant::RECIPIENTS,
    words::{conversation as said, reading},
};

/// What stands in the composer.
pub(super) struct Composer<'a> {
    /// What was written and not sent.
    pub(super) draft: Draft,
    /// To whom an answer goes, in words.
    pub(super) to: String,
    /// What went wrong with the last try.
    pub(super) wrong: Option<&'a str>,
    /// Tells this form from the next, so that sending it twice sends it once.
    pub(super) request: String,
    /// The view that the conversation was opened from.
    pub(super) view: View,
    /// Whether there is another behind it, to which closing goes on.
    pub(super) has_next: bool,
}

/// Where files are chosen: the browser's own field without scripts, a button and a list with them. With scripts each
/// is kept with the draft at `keep` as soon as it is chosen.
pub(super) fn files(id: &str, keep: &str, kept: &[Kept]) -> Markup {
    html! {
        div.file-pick data-files data-keep=(keep) data-keeping=(said::KEEPING) {
            label.button.small for=(id) { (Icon::Clip.svg()) (said::ADD_FILES) }
            input id=(id) type="file" name="files" multiple aria-label=(said::FILES);
            ul.files-chosen data-files-chosen data-remove=(said::REMOVE_FILE) aria-live="polite" {
                @for file in kept {
                    li data-kept=(file.id) {
                        label { input type="checkbox" name="kept" value=(file.id) checked; span.name title=(file.name) { (file.name) } }
                        span.faint { (reading::size(file.size)) }
                    }
                }
            }
        }
    }
}

/// The composer.
pub(super) fn composer(conversation: &Conversation, composer: &Composer<'_>) -> Markup {
    let base = format!("/conversations/{}", conversation.number);
    let is_note = composer.draft.kind == "note";
    html! {
        form.composer #composer method="post" action=(format!("{base}/write")) enctype="multipart/form-data"
            data-draft=(format!("{base}/draft")) data-draft-at=(composer.draft.at) data-draft-key=(conversation.id)
            data-saved=(said::DRAFT_SAVED) data-only-here=(said::ONLY_HERE) data-saving=(said::SAVING)
            data-answered=(said::ANSWERED_MEANWHILE) data-wrote=(said::WROTE_MEANWHILE) {
            input type="hidden" name="request" value=(composer.request);
            input type="hidden" name="seen" value=(conversation.last_message.as_millis());
            input type="hidden" name="view" value=(composer.view.as_str());
            div.composer-tabs role="radiogroup" aria-label=(said::WRITE) {
                label.choice-tab { input type="radio" name="kind" value="reply" checked[!is_note] data-composer="reply"; (Icon::Reply.svg()) (said::REPLY) }
                label.choice-tab { input type="radio" name="kind" value="note" checked[is_note] data-composer="note"; (Icon::Note.svg()) (said::NOTE) }
                span.saved data-draft-state role="status" {}
            }
            @if let Some(wrong) = composer.wrong { p.notice.bad role="alert" { (wrong) } }
            div.composer-people.for-reply {
                label for="composer-to" { (said::TO) }
                div { input #composer-to name="to" value=(composer.draft.to) placeholder=(composer.to) autocomplete="off" data-suggest=(RECIPIENTS) data-suggest-list; }
                label for="composer-cc" { (said::COPY) }
                div { input #composer-cc name="cc" value=(composer.draft.cc) autocomplete="off" data-suggest=(RECIPIENTS) data-suggest-list; }
            }
            label.unseen for="composer-text" { (said::WRITE) }
            textarea #composer-text name="text" rows="4" placeholder=(said::REPLY_HINT) { (composer.draft.text) }
            div.composer-foot {
                div.for-reply { (files("composer-files", &format!("{base}/draft/files"), &composer.draft.files)) }
                label.choice.for-reply { input type="checkbox" name="quote" value="1"; span { (said::QUOTE) } }
                div.end {
                    button.for-reply name="then" value="closed" title=[composer.has_next.then_some(said::GOES_ON)] { (said::SEND_AND_CLOSE) }
                    button.primary.for-reply name="then" value="pending" data-sends title="Ctrl Enter" { (Icon::Send.svg()) (said::SEND) }
                    button.primary.for-note name="then" value="note" data-sends title="Ctrl Enter" { (said::SAVE_NOTE) }
                }
            }
        }
    }
}
