//! The head of a conversation: what it is about, where it stands, and what can be done with it.

use maud::{Markup, html};
use whom_core::model::{Conversation, ConversationStatus, Priority};

use super::place::Beside;
use crate::pages::{
    components::{Control, InlineEdit, channel_icon, menu, more_menu, presence, tag},
    encoded,
    frame::Frame,
    icons::Icon,
    inbox::View,
    words::{self, conversation as said, inbox as list},
};

/// What the head has to know besides the conversation.
pub(super) struct Around<'a> {
    /// The view it was opened from.
    pub(super) view: View,
    /// The ones beside it.
    pub(super) beside: Beside,
    /// Who may look after it: login name and name.
    pub(super) people: &'a [(String, String)],
    /// The login name of whoever looks.
    pub(super) me: Option<&'a str>,
}

/// The head.
pub(super) fn head(frame: &Frame, conversation: &Conversation, around: &Around<'_>) -> Markup {
    let action = format!("/conversations/{}/edit", conversation.number);
    let version = conversation.version.to_string();
    let edit = |id: &'static str, label: &'static str, name: &'static str| InlineEdit {
        id,
        label,
        action: &action,
        name,
        value: "",
        version: &version,
        control: Control::Line("text"),
        hint: said::NO_SUBJECT,
    };
    html! {
        header.talk-head {
            div.talk-title {
                a.button.icon-button href=(around.view.address()) data-key="Backspace" data-key-says=(said::BACK) aria-label=(said::BACK) title=(said::BACK) { (Icon::Left.svg()) }
                h1.unseen { (if conversation.subject.is_empty() { said::NO_SUBJECT } else { &conversation.subject }) }
                @if frame.may_write {
                    (InlineEdit { value: &conversation.subject, ..edit("subject", said::SUBJECT, "subject") }.markup())
                } @else {
                    span.soft { (conversation.subject) }
                }
                (presence(&format!("conversation:{}", conversation.id)))
                div.buttons {
                    (beside(around))
                    @if frame.may_write { (deeds(frame, conversation, around, &action)) }
                }
            }
            div.talk-facts #talk-facts data-live=(format!("conversation:{}", conversation.id)) {
                @if frame.may_write { (edits(conversation, around, &edit)) }
                @else {
                    div { (words::capital(conversation.status.as_str())) }
                    div { (words::capital(conversation.priority.as_str())) }
                }
                div title=(said::CHANNEL) { (channel_icon(conversation.channel.as_str()).svg()) (words::channel(conversation.channel.as_str())) }
                div title=(said::NUMBER) { "#" (conversation.number) }
                div { (said::SUBMITTED) " " (frame.moments.date(conversation.started)) }
                @if let Some(until) = conversation.snoozed_until { div { (Icon::Clock.svg()) (said::SNOOZED_UNTIL) " " (frame.moments.date(until)) " " (frame.moments.clock(until)) } }
                div.tags {
                    @for one in &conversation.tags { (tag_of(frame, one, &action)) }
                    @if frame.may_write {
                        form.add-tag method="post" action=(action) data-quick {
                            label.unseen for="add-tag" { (said::ADD_TAG) }
                            input #add-tag name="add_tag" placeholder=(said::ADD_TAG) maxlength="60" autocomplete="off" required data-key="t" data-key-says=(said::ADD_TAG);
                            button.small { (Icon::Plus.svg()) }
                        }
                    }
                }
            }
            (unfolded(frame, conversation))
        }
    }
}

fn tag_of(frame: &Frame, name: &str, action: &str) -> Markup {
    tag(name, Some(&format!("/inbox?tag={}", encoded(name))), frame.may_write.then_some(action))
}

fn edits<'a>(
    conversation: &'a Conversation,
    around: &'a Around<'a>,
    edit: &dyn Fn(&'static str, &'static str, &'static str) -> InlineEdit<'a>,
) -> Markup {
    let statuses: Vec<(&str, String)> =
        ConversationStatus::ALL.iter().map(|one| (one.as_str(), words::capital(one.as_str()))).collect();
    let priorities: Vec<(&str, String)> =
        Priority::ALL.iter().rev().map(|one| (one.as_str(), words::capital(one.as_str()))).collect();
    let statuses: Vec<(&str, &str)> = statuses.iter().map(|(word, shown)| (*word, shown.as_str())).collect();
    let priorities: Vec<(&str, &str)> =
        priorities.iter().map(|(word, shown)| (*word, shown.as_str())).collect();
    let assignee = conversation.assignee.as_deref().unwrap_or_default();
    let mut people: Vec<(&str, &str)> = vec![("", said::NOBODY)];
    people.extend(around.people.iter().map(|(login, name)| (login.as_str(), name.as_str())));
    if !people.iter().any(|(login, _)| *login == assignee) {
        people.push((assignee, assignee));
    }
    let select = |field: InlineEdit<'_>, value: &str, options: &[(&str, &str)]| {
        InlineEdit { value, control: Control::Select(options), ..field }.markup()
    };
    html! {
        div title=(said::PRIORITY) { (select(edit("priority", said::PRIORITY, "priority"), conversation.priority.as_str(), &priorities)) }
        div title=(said::STATUS) { (select(edit("status", said::STATUS, "status"), conversation.status.as_str(), &statuses)) }
        div title=(said::ASSIGNEE) { (Icon::Person.svg()) (select(edit("assignee", said::ASSIGNEE, "assignee"), assignee, &people)) }
    }
}

fn beside(around: &Around<'_>) -> Markup {
    let address = |number: u64| format!("/conversations/{number}?view={}", around.view.as_str());
    html! {
        @if let Some(previous) = around.beside.previous {
            a.button.icon-button href=(address(previous)) data-key="k" data-key-says=(said::PREVIOUS) aria-label=(said::PREVIOUS) title=(said::PREVIOUS) { (Icon::Up.svg()) }
        }
        @if let Some(next) = around.beside.next {
            a.button.icon-button href=(address(next)) data-key="j" data-key-says=(said::NEXT) aria-label=(said::NEXT) title=(said::NEXT) { (Icon::Down.svg()) }
        }
    }
}

fn deeds(frame: &Frame, conversation: &Conversation, around: &Around<'_>, action: &str) -> Markup {
    let status = |word: &str, shown: Markup, key: Option<&str>, class: &str| {
        html! {
            form method="post" action=(action) {
                input type="hidden" name="view" value=(around.view.as_str());
                button class=(class) name="status" value=(word) data-key=[key] { (shown) }
            }
        }
    };
    let is_done = matches!(conversation.status, ConversationStatus::Closed | ConversationStatus::Spam);
    let snooze =
        |word: &str, shown: &str| html! { button name="snooze" value=(word) { (Icon::Clock.svg()) (shown) } };
    let mine = around.me.is_some() && conversation.assignee.as_deref() == around.me;
    html! {
        @if is_done {
            (status("open", html! { (Icon::Undo.svg()) (said::REOPEN) }, Some("u"), ""))
        } @else {
            (status("closed", html! { (Icon::Check.svg()) (said::CLOSE_IT) }, Some("e"), ""))
        }
        (menu(said::SNOOZE, Icon::Clock.svg(), html! {
            form method="post" action=(action) {
                input type="hidden" name="view" value=(around.view.as_str());
                (snooze("hours", list::LATER_TODAY)) (snooze("tomorrow", list::TOMORROW)) (snooze("week", list::NEXT_WEEK))
                @if conversation.snoozed_until.is_some() { button name="snooze" value="wake" { (said::WAKE) } }
            }
        }))
        (more_menu(said::MORE, html! {
            @if let Some(me) = around.me.filter(|_| !mine) {
                form method="post" action=(action) { button name="assignee" value=(me) data-key="a" { (Icon::Person.svg()) (said::TAKE_IT) kbd { "a" } } }
            }
            @if conversation.status == ConversationStatus::Spam {
                (status("open", html! { (said::NOT_SPAM) }, None, ""))
            } @else {
                (status("spam", html! { (Icon::Warn.svg()) (said::SPAM) kbd { "!" } }, Some("!"), ""))
            }
            hr;
            form.inline-form method="post" action=(format!("/conversations/{}/threads", conversation.number)) {
                label.unseen for="merge-into" { (said::MERGE_INTO) }
                input #merge-into name="into" placeholder=(format!("{} {}", said::MERGE_INTO, said::MERGE_HINT)) autocomplete="off";
                button name="what" value="merge" { (said::MERGE) }
            }
            @if !conversation.merged.is_empty() || conversation.split_from.is_some() {
                form method="post" action=(format!("/conversations/{}/threads", conversation.number)) {
                    button name="what" value="undo" { (Icon::Undo.svg()) (said::UNDO_THREADING) }
                }
            }
            @if frame.may_administer { a href=(format!("/v1/conversations/{}", conversation.number)) { "JSON" } }
        }))
    }
}

fn unfolded(frame: &Frame, conversation: &Conversation) -> Markup {
    html! {
        details.talk-more {
            summary { (Icon::Right.svg()) (said::ALL_PROPERTIES) @if !conversation.issues.is_empty() { span.faint { " · " (said::ISSUES) " " (conversation.issues.len()) } } }
            div.card { div.card-body {
                dl.pairs {
                    dt { (said::NUMBER) } dd { "#" (conversation.number) " " code { (conversation.id) } }
                    dt { (said::SUBMITTED) } dd { (frame.moments.full(conversation.started)) }
                    dt { (said::LAST_MESSAGE) } dd { (frame.moments.full(conversation.last_message)) }
                    dt { (said::MESSAGES) } dd { (conversation.messages) }
                    @for (name, value) in &conversation.properties { dt { (crate::pages::components::field_name(name)) } dd { (value) } }
                    dt { (said::ISSUES) }
                    dd {
                        ul {
                            @for issue in &conversation.issues {
                                li.inline-form {
                                    @match issue.url.as_deref().filter(|url| crate::pages::components::is_web_address(url)) {
                                        Some(url) => a href=(url) rel="noopener noreferrer" target="_blank" { (issue.key) },
                                        None => span { (issue.key) },
                                    }
                                    span.soft { (issue.system) @if !issue.title.is_empty() { " · " (issue.title) } @if !issue.state.is_empty() { " · " (issue.state) } }
                                    @if frame.may_write {
                                        form method="post" action=(format!("/conversations/{}/issues", conversation.number)) {
                                            input type="hidden" name="system" value=(issue.system);
                                            button.icon-button.small name="unlink" value=(issue.key) aria-label=(said::UNLINK) { (Icon::Cross.svg()) }
                                        }
                                    }
                                }
                            }
                        }
                        @if frame.may_write {
                            form.inline-form method="post" action=(format!("/conversations/{}/issues", conversation.number)) {
                                input name="system" placeholder=(said::ISSUE_SYSTEM) required maxlength="40" aria-label="System";
                                input name="key" placeholder=(said::ISSUE_KEY) required maxlength="60" aria-label="Key";
                                input name="url" type="url" placeholder=(said::ISSUE_URL) aria-label="Address";
                                button { (said::LINK_ISSUE) }
                            }
                        }
                    }
                }
            } }
        }
    }
}
