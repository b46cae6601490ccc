//! The customers page: look somebody up while typing, filter and sort the list, choose some of them.

use maud::{Markup, html};
use whom_core::search::{
    Direction, Hit, Page, Sort, Vocabulary,
    filter::{Field, FieldSort},
};

use super::{
    asked::{Asked, order_word},
    cells, filters,
    side::{self, Line},
};
use crate::pages::{
    components::{Size, avatar, empty, menu, toast},
    frame::{Frame, Part},
    icons::{self, Icon},
    words,
    words::customers as says,
};

/// Up to so many columns fit beside the name on an ordinary screen.
const FITTING: usize = 7;

/// All that the page shows.
pub(super) struct Shown<'a> {
    pub(super) asked: &'a Asked,
    pub(super) found: &'a Page,
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) lines: &'a [Line],
    /// What was done before this page, and the path of the form that takes it back.
    pub(super) news: Option<(&'static str, Option<String>)>,
}

/// The whole page.
pub(super) fn page(frame: &Frame, shown: &Shown<'_>) -> Markup {
    let Shown { asked, found, vocabulary, lines, news } = shown;
    let title = title(asked);
    frame.page(Part::Customers, title, &["lookup.js", "more.js", "list.js"], html! {
        div.customers {
            @if let Some((done, undo)) = news { (toast(html! { (done) }, undo.as_deref())) }
            (side::side(asked, lines, frame.may_write))
            div.list-main {
                div.list-head {
                    h1 { (title) }
                    span.soft #result-count role="status" { (how_many(found)) }
                    div.list-deeds {
                        (segment_deeds(asked))
                        (columns_menu(asked, vocabulary))
                        (export_menu(asked))
                        @if frame.may_write {
                            a.button.primary href="/customers/new" data-key="n" data-key-says=(says::CREATE_PROFILE) { (Icon::Plus.svg()) span { (says::CREATE_PROFILE) } }
                        }
                    }
                }
                div.list-tools {
                    form.search role="search" action="/customers" data-lookup {
                        label.unseen for="q" { (words::SEARCH_CUSTOMERS) }
                        (Icon::Search.svg())
                        input #q type="search" name="q" value=(asked.question.q) placeholder=(words::SEARCH_HINT) autocomplete="off" spellcheck="false" autofocus;
                        (asked.hidden(&["q"]))
                        kbd aria-hidden="true" { "/" }
                    }
                    (filters::bar(asked, vocabulary))
                }
                div #results { (results(frame, asked, found, vocabulary)) }
            }
        }
    })
}

fn title(asked: &Asked) -> &str {
    match (&asked.saved, &asked.segment) {
        (Some(segment), _) => &segment.name,
        (None, Some(id)) => side::built_in_name(id),
        (None, None) => words::CUSTOMERS,
    }
}

/// What stands below the field: the list, or why there is none.
pub(super) fn results(frame: &Frame, asked: &Asked, found: &Page, vocabulary: &Vocabulary) -> Markup {
    if found.hits.is_empty() {
        return html! { div.card data-count=(words::NOTHING_FOUND) { (nobody(frame, asked)) } };
    }
    let fields: Vec<&Field> = asked.columns.iter().filter_map(|key| vocabulary.field(key)).collect();
    html! {
        form.card.list-form method="post" action="/customers/bulk" data-list data-count=(how_many(found)) {
            (asked.hidden(&[]))
            // Few columns keep their heads in sight; more than fit can be moved through sideways.
            div.people-wide[fields.len() > FITTING] {
                table.people {
                    thead {
                        tr {
                            @if frame.may_write {
                                th.tick-cell scope="col" { label.tick { input type="checkbox" data-all hidden aria-label=(says::SELECT_ALL); span.unseen { (says::SELECT) } } }
                            }
                            (head(asked, "name", words::NAME, FieldSort::Text, true))
                            @for field in &fields { (head(asked, &field.key, &field.label, field.sort, field.is_sortable)) }
                        }
                    }
                    tbody { (rows(frame, asked, found, vocabulary)) }
                }
            }
            @if frame.may_write { (deeds(found)) }
        }
    }
}

/// How many there are, as far as that is known.
fn how_many(found: &Page) -> String {
    match found.total {
        _ if found.behind > 0 => words::behind(found.behind),
        Some(0) => String::new(),
        Some(total) => words::count(total as u64, "profile", "profiles"),
        None if found.next.is_none() => words::count(found.hits.len() as u64, "profile", "profiles"),
        None => String::new(),
    }
}

/// The head of a column; where the list can be sorted by it, a link that does so or turns the order round.
fn head(asked: &Asked, key: &str, label: &str, sort: FieldSort, is_sortable: bool) -> Markup {
    let is_number = sort == FieldSort::Number;
    if !is_sortable {
        return html! { th.number[is_number] scope="col" { (label) } };
    }
    let usual = match sort {
        FieldSort::Number | FieldSort::Date => Direction::Descending,
        _ => Direction::Ascending,
    };
    let current = match &asked.question.sort {
        // What was typed decides the order by itself; otherwise whoever was seen last comes first.
        Sort::Relevance if asked.question.q.is_empty() => "last_seen",
        Sort::Relevance => "",
        sort => sort.word(),
    };
    let direction = (current == key).then(|| asked.question.order.unwrap_or(usual));
    let (said, next) = match direction {
        Some(Direction::Ascending) => (Some("ascending"), Direction::Descending),
        Some(Direction::Descending) => (Some("descending"), Direction::Ascending),
        None => (None, usual),
    };
    html! {
        th.number[is_number] scope="col" aria-sort=[said] {
            a href=(asked.address(&[("sort", key), ("order", order_word(next))])) {
                (label)
                @match direction {
                    Some(Direction::Ascending) => (Icon::Up.svg()),
                    Some(Direction::Descending) => (Icon::Down.svg()),
                    None => {},
                }
            }
        }
    }
}

/// The rows alone, with the link to the next ones below them.
pub(super) fn rows(frame: &Frame, asked: &Asked, found: &Page, vocabulary: &Vocabulary) -> Markup {
    let fields: Vec<&Field> = asked.columns.iter().filter_map(|key| vocabulary.field(key)).collect();
    let width = fields.len() + 1 + usize::from(frame.may_write);
    html! {
        @for hit in &found.hits { (row(frame, hit, &fields)) }
        @if let Some(next) = &found.next {
            tr data-more-place {
                td colspan=(width) {
                    div.more { a.button data-more="by-itself" href=(asked.address(&[("after", next)])) { (words::LOAD_MORE) } }
                }
            }
        }
    }
}

fn row(frame: &Frame, hit: &Hit, fields: &[&Field]) -> Markup {
    html! {
        tr data-row {
            @if frame.may_write {
                td.tick-cell { label.tick { input type="checkbox" name="id" value=(hit.id) aria-label=(hit.name); } }
            }
            td.person-cell {
                div.person {
                    (avatar(&hit.into(), Size::Medium))
                    div {
                        a href=(format!("/customers/{}", hit.id)) { (hit.name) }
                        @if let Some(line) = &hit.line { div.line { (line) } }
                    }
                }
            }
            @for field in fields {
                td class=(cells::class(field)) data-label=(field.label) { (cells::cell(frame, hit, field)) }
            }
        }
    }
}

/// What can be done with those that are chosen. It shows once one is.
fn deeds(found: &Page) -> Markup {
    let deed = |word: &str, icon: Icon, shown: &str| {
        html! { button.quiet name="do" value=(word) title=(shown) { (icon.svg()) span { (shown) } } }
    };
    html! {
        div.bulk-bar role="group" aria-label=(says::WITH_SELECTED) {
            span.chosen role="status" data-chosen-count data-word=(says::SELECTED) { (says::WITH_SELECTED) }
            @if let Some(total) = found.total.filter(|total| *total > found.hits.len()) {
                label.choice.all-found { input type="checkbox" name="all" value="1"; span { (says::all_found(total as u64)) } }
            }
            div.deeds {
                (deed("add_tag", Icon::Tag, says::TAG))
                (deed("assign", Icon::Person, says::ASSIGN))
                (deed("merge", Icon::Together, says::MERGE_SELECTED))
                (deed("set", Icon::Pencil, says::SET_PROPERTY))
                (deed("link", Icon::Building, says::LINK_ACCOUNT))
                (deed("remove_tag", Icon::Cross, says::UNTAG))
                (deed("export", Icon::Down, says::EXPORT))
                (deed("enrich", Icon::Plug, says::ENRICH))
                (deed("trash", Icon::Trash, says::TO_TRASH))
            }
            button.quiet.icon-button type="reset" data-clear aria-label=(says::CLEAR_SELECTION) title=(says::CLEAR_SELECTION) { (Icon::Cross.svg()) }
        }
    }
}

fn segment_deeds(asked: &Asked) -> Markup {
    let id = asked.segment.as_deref().unwrap_or_default();
    html! {
        @if asked.saved.is_some() && asked.may_change && asked.is_changed {
            form method="post" action=(format!("/customers/segments/{id}")) {
                (asked.hidden(&["segment"]))
                input type="hidden" name="what" value="question";
                button.quiet { (Icon::Tick.svg()) (says::SAVE_CHANGES) }
            }
        }
        @if !asked.is_everybody() && (asked.segment.is_none() || asked.is_changed) {
            (menu(says::SAVE_SEGMENT, html! { (Icon::Star.svg()) span { (says::SAVE_SEGMENT) } }, naming("/customers/segments", asked, "", false)))
        }
        @if let Some(segment) = asked.saved.as_ref().filter(|_| asked.may_change) {
            (menu(says::SEGMENT_MENU, html! { (Icon::Star.svg()) span { (says::EDIT_SEGMENT) } }, html! {
                (naming(&format!("/customers/segments/{id}"), asked, &segment.name, segment.shared))
                hr;
                form method="post" action=(format!("/customers/segments/{id}/remove")) {
                    button.danger.quiet { (Icon::Trash.svg()) (says::REMOVE_SEGMENT) }
                }
            }))
        }
    }
}

fn naming(action: &str, asked: &Asked, name: &str, shared: bool) -> Markup {
    html! {
        form.naming method="post" action=(action) {
            (asked.hidden(&["segment"]))
            label for="segment-name" { (says::SEGMENT_NAME) }
            input #segment-name name="name" value=(name) placeholder=(says::SEGMENT_NAME_HINT) required maxlength="60" autocomplete="off";
            label.choice { input type="checkbox" name="shared" value="1" checked[shared]; span { (says::SHARE_SEGMENT) } }
            button.primary { (words::SAVE) }
        }
    }
}

fn columns_menu(asked: &Asked, vocabulary: &Vocabulary) -> Markup {
    let chosen = || asked.columns.iter().filter_map(|key| vocabulary.field(key));
    let others = || vocabulary.fields().iter().filter(|field| !asked.columns.contains(&field.key));
    let shown = html! { (Icon::Gear.svg()) span { (says::COLUMNS) } };
    let items = html! {
        form.columns-form method="post" action="/customers/columns" {
            (asked.hidden(&[]))
            // Enter in the form keeps the columns rather than moving the first one.
            button.unseen tabindex="-1" { (says::KEEP_COLUMNS) }
            p.help { (says::COLUMNS_HELP) }
            div.columns-list {
                @for (place, field) in chosen().enumerate() {
                    div.column-line {
                        label.choice { input type="checkbox" name="column" value=(field.key) checked; span { (field.label) } }
                        @if place > 0 { button.icon-button.small name="up" value=(field.key) aria-label=(format!("{}: {}", field.label, says::MOVE_UP)) title=(says::MOVE_UP) { (Icon::Up.svg()) } }
                    }
                }
                hr;
                @for field in others() {
                    div.column-line { label.choice { input type="checkbox" name="column" value=(field.key); span { (field.label) } } }
                }
            }
            button.primary { (says::KEEP_COLUMNS) }
        }
    };
    menu(says::COLUMNS, shown, items)
}

fn export_menu(asked: &Asked) -> Markup {
    let address =
        |format: &str| asked.address(&[("format", format)]).replacen("/customers", "/customers/export", 1);
    menu(
        says::EXPORT,
        html! { (Icon::Down.svg()) span { (says::EXPORT) } },
        html! {
            @for (format, shown) in [("csv", says::EXPORT_CSV), ("jsonl", says::EXPORT_JSONL), ("vcard", says::EXPORT_VCARD)] {
                a href=(address(format)) download { (shown) }
            }
        },
    )
}

/// Why there is nobody, and what to do next.
fn nobody(frame: &Frame, asked: &Asked) -> Markup {
    let everybody = html! { a.button href="/customers" { (words::SHOW_EVERYBODY) } };
    if asked.is_everybody() {
        return nobody_yet(frame);
    }
    if let Some((_, why)) = &asked.wrong {
        return empty(says::FILTER_WRONG, &words::sentence(why), everybody);
    }
    if asked.segment.as_deref() == Some("mine") && !asked.is_changed {
        return empty(says::NOBODY_OF_YOURS, says::NOBODY_OF_YOURS_NEXT, everybody);
    }
    if asked.question.q.is_empty() {
        return empty(says::NO_FILTER_MATCH, says::NO_FILTER_MATCH_NEXT, everybody);
    }
    empty(words::NOTHING_FOUND, words::NOTHING_FOUND_NEXT, everybody)
}

fn nobody_yet(frame: &Frame) -> Markup {
    html! {
        div.empty {
            (icons::mark())
            h2 { (words::NOBODY_YET) }
            p { (words::NOBODY_YET_NEXT) }
            h3 { (words::BEGIN_MAIL) }
            pre { code { (words::BEGIN_MAIL_EXAMPLE) } }
            h3 { (words::BEGIN_APP) }
            p { (words::BEGIN_APP_NEXT) }
            pre { code { (words::begin_app_example(&frame.origin)) } }
            h3 { (words::BEGIN_DEMO) }
            pre { code { (words::BEGIN_DEMO_EXAMPLE) } }
        }
    }
}
