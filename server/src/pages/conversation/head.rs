//! The head of a conversation: what it is about, where it stands, and what can be done with it.

use maud::{Markup, html};
use whom_core::model::{Conversation, ConversationStatus, Priority, Value};

use super::{deeds::PROPERTY, place::Beside};
use crate::pages::{
    components::{Control, InlineEdit, channel_icon, menu, more_menu, presence, tag},
    encoded,
    frame::Frame,
    icons::Icon,
    inbox::View,
    words::{self, conversation as said, inbox as list},
};

/// Another conversation: its number and its subject.
pub(super) type Other = (u64, String);

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
    /// The conversation that it was split off.
    pub(super) split_from: Option<Other>,
    /// Those that were merged into it.
    pub(super) merged: Vec<Other>,
}

/// The head; `customer` is what the customer is called.
pub(super) fn head(
    frame: &Frame,
    conversation: &Conversation,
    customer: &str,
    around: &Around<'_>,
) -> Markup {
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
                    (InlineEdit { value: &conversation.subject, control: Control::Lines, ..edit("subject", said::SUBJECT, "subject") }.markup())
                } @else {
                    span.soft { (conversation.subject) }
                }
                (presence(&format!("conversation:{}", conversation.id)))
                div.buttons {
                    (beside(around))
                    @if frame.may_write { (deeds(frame, conversation, around, &action)) }
                }
            }
            @if !customer.is_empty() { a.talk-who href="#customer" { (Icon::Person.svg()) span.name { (customer) } (Icon::Down.svg()) } }
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
            (related(frame, conversation, around))
            (unfolded(frame, conversation, &action, &version))
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
                (snooze("hours", list::LATER_TODAY)) (snooze("tomorrow", list::TOMORROW)) (snooze("week", &list::next_week(&frame.moments.next_week_begins())))
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
            a href=(format!("/conversations/{}/profile", conversation.number)) data-pick { (Icon::Person.svg()) (said::ADD_TO_PROFILE_MENU) }
            a href=(format!("/conversations/{}/merge", conversation.number)) data-pick { (Icon::Together.svg()) (said::MERGE_INTO) }
            @if conversation.messages > 1 {
                a href=(format!("/conversations/{}?choose=1", conversation.number)) { (Icon::Split.svg()) (said::CHOOSE_SOME) }
            }
            @if frame.may_administer { a href=(format!("/v1/conversations/{}", conversation.number)) { "JSON" } }
        }))
    }
}

/// What it was split off, and what was merged into it, each with the way back.
fn related(frame: &Frame, conversation: &Conversation, around: &Around<'_>) -> Markup {
    let other = |(number, subject): &Other| {
        html! { a href=(format!("/conversations/{number}")) { "#" (number) } @if !subject.is_empty() { " " span.soft { (subject) } } }
    };
    let back = |number: u64, shown: &str| {
        html! {
            @if frame.may_write {
                form method="post" action=(format!("/conversations/{number}/threads/undo")) { button.small.quiet { (Icon::Undo.svg()) (shown) } }
            }
        }
    };
    html! {
        @if around.split_from.is_some() || !around.merged.is_empty() {
            ul.talk-related {
                @if let Some(from) = &around.split_from {
                    li { (Icon::Split.svg()) (said::SPLIT_FROM) " " (other(from)) (back(conversation.number, &format!("{} #{}", said::PUT_BACK, from.0))) }
                }
                @for one in &around.merged {
                    // Its own number leads here; what was merged is named for the way back.
                    li { (Icon::Together.svg()) (said::MERGED_HERE) ": #" (one.0) " " span.soft { (one.1) } (back(one.0, said::TAKE_OUT)) }
                }
            }
        }
    }
}

fn unfolded(frame: &Frame, conversation: &Conversation, action: &str, version: &str) -> Markup {
    html! {
        details.talk-more {
            summary { (Icon::Right.svg()) (said::ALL_PROPERTIES) @if !conversation.issues.is_empty() { span.faint { " · " (said::ISSUES) " " (conversation.issues.len()) } } }
            div.card { div.card-body #talk-properties data-live=(format!("conversation:{}", conversation.id)) {
                dl.pairs {
                    dt { (said::NUMBER) } dd { "#" (conversation.number) " " code { (conversation.id) } }
                    dt title=(said::TOPIC_WHY) { (said::TOPIC) } dd { @if conversation.topic.is_empty() { (said::NO_SUBJECT) } @else { (conversation.topic) } }
                    dt { (said::SUBMITTED) } dd { (frame.moments.full(conversation.started)) }
                    dt { (said::LAST_MESSAGE) } dd { (frame.moments.full(conversation.last_message)) }
                    dt { (said::MESSAGES) } dd { (conversation.messages) }
                }
                (properties(frame, conversation, action, version))
                (issues(frame, conversation))
            } }
        }
    }
}

fn properties(frame: &Frame, conversation: &Conversation, action: &str, version: &str) -> Markup {
    html! {
        h3.talk-label { (said::PROPERTIES) }
        dl.pairs {
            @for (place, (name, value)) in conversation.properties.iter().enumerate() {
                @let label = crate::pages::components::field_name(name);
                dt { (label) }
                dd {
                    // A list or a record is what a program put there, and no line of text.
                    @if frame.may_write && !matches!(value, Value::List(_) | Value::Record(_)) {
                        (InlineEdit {
                            id: &format!("property-{place}"), label: &label, action, name: &format!("{PROPERTY}{name}"),
                            value: &value.to_string(), version, control: Control::Line("text"), hint: said::PROPERTY_VALUE,
                        }.markup())
                    } @else { (value) }
                }
            }
        }
        @if frame.may_write {
            form.inline-form method="post" action=(action) {
                label.unseen for="property-name" { (said::PROPERTY_NAME) }
                input #property-name name="property" placeholder=(said::PROPERTY_NAME) required maxlength="60" autocomplete="off";
                label.unseen for="property-value" { (said::PROPERTY_VALUE) }
                input #property-value name="value" placeholder=(said::PROPERTY_VALUE) required maxlength="1000" autocomplete="off";
                button { (Icon::Plus.svg()) (said::ADD_PROPERTY) }
            }
        }
    }
}

fn issues(frame: &Frame, conversation: &Conversation) -> Markup {
    let action = format!("/conversations/{}/issues", conversation.number);
    html! {
        h3.talk-label { (said::ISSUES) }
        ul {
            @for issue in &conversation.issues {
                li.inline-form {
                    @match issue.url.as_deref().filter(|url| crate::pages::components::is_web_address(url)) {
                        Some(url) => a href=(url) rel="noopener noreferrer" target="_blank" { (issue.key) },
                        None => span { (issue.key) },
                    }
                    span.soft { (issue.system) @if !issue.title.is_empty() { " · " (issue.title) } @if !issue.state.is_empty() { " · " (issue.state) } }
                    @if frame.may_write {
                        form method="post" action=(action) {
                            input type="hidden" name="system" value=(issue.system);
                            button.icon-button.small name="unlink" value=(issue.key) aria-label=(format!("{} {}", said::UNLINK, issue.key)) { (Icon::Cross.svg()) }
                        }
                    }
                }
            }
        }
        @if frame.may_write {
            form.inline-form method="post" action=(action) {
                input name="system" placeholder=(said::ISSUE_SYSTEM) required maxlength="40" aria-label=(said::ISSUE_SYSTEM_LABEL);
                input name="key" placeholder=(said::ISSUE_KEY) required maxlength="60" aria-label=(said::ISSUE_KEY_LABEL);
                input name="url" type="url" placeholder=(said::ISSUE_URL) aria-label=(said::ISSUE_URL_LABEL);
                button { (Icon::Link.svg()) (said::LINK_ISSUE) }
            }
        }
    }
}
