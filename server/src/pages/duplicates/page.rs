//! The queue as a page.

use maud::{Markup, html};
use whom_core::{model::Stamp, rules::Verdict};

use crate::duplicates::{Merged, Pair, Side, Which};
use crate::pages::{
    components::{Size, Tab, Tone, avatar, badge, empty, tabs},
    encoded,
    frame::{Frame, Part},
    icons::Icon,
    words::{self as all_words, kept as words},
};

/// What the page shows.
pub(crate) struct Queue {
    pub(crate) which: Which,
    pub(crate) pairs: Vec<Pair>,
    pub(crate) merges: Vec<Merged>,
    pub(crate) next: Option<String>,
    pub(crate) news: Option<Markup>,
}

/// The address of a part of the queue.
pub(crate) fn address(which: Which) -> &'static str {
    match which {
        Which::Open => "/duplicates",
        Which::Decided => "/duplicates?state=decided",
        Which::Merged => "/duplicates?state=merged",
    }
}

/// The page.
pub(crate) fn page(frame: &Frame, queue: &Queue) -> Markup {
    let here = address(queue.which);
    let is_nobody = queue.pairs.is_empty() && queue.merges.is_empty() && queue.next.is_none();
    let tab =
        |which, words| Tab { href: address(which), words, count: None, is_current: queue.which == which };
    let all = [
        tab(Which::Open, words::OPEN),
        tab(Which::Decided, words::NOT_THE_SAME),
        tab(Which::Merged, words::MERGED),
    ];
    frame.page(Part::Duplicates, words::DUPLICATES, &[], html! {
        div.column.kept {
            div.page-head { h1 { (words::DUPLICATES) } p { (words::DUPLICATES_INTRO) } }
            @if let Some(news) = &queue.news { (news) }
            (tabs(words::DUPLICATES, &all))
            div #queue data-live="duplicates" {
                @if is_nobody {
                    div.card {
                        @match queue.which {
                            Which::Open => (empty(words::NO_DUPLICATES, words::NO_DUPLICATES_NEXT, html! {})),
                            Which::Decided => (empty(words::NO_DECIDED, words::NO_DECIDED_NEXT, html! {})),
                            Which::Merged => (empty(words::NO_MERGES, words::NO_MERGES_NEXT, html! {})),
                        }
                    }
                }
                ul.pairs-list {
                    @for pair in &queue.pairs { (row(frame, pair, here)) }
                    @for merge in &queue.merges { (merge_row(frame, merge, here)) }
                }
                @if let Some(next) = &queue.next {
                    div.more { a.button href=(format!("{here}{}after={}", if here.contains('?') { '&' } else { '?' }, encoded(next))) { (all_words::LOAD_MORE) } }
                }
            }
        }
    })
}

fn row(frame: &Frame, pair: &Pair, here: &str) -> Markup {
    let (a, b) = (pair.a.face.profile, pair.b.face.profile);
    let back = encoded(here);
    html! {
        li.card.pair-card data-row data-id=(format!("{a}-{b}")) {
            div.pair-why {
                @match &pair.verdict {
                    Some(Verdict::Yes { why }) => { (badge(Tone::Good, words::SAME_LIKELY)) " " span { (all_words::sentence(why)) } },
                    Some(verdict) => { (badge(Tone::Warn, words::SAME_PERHAPS)) " " span { (all_words::sentence(verdict.why())) } },
                    None => (badge(Tone::Plain, words::SAID_APART)),
                }
                @match (&pair.undone, &pair.told_apart_by) {
                    (Some(undone), _) => span.faint { span.dot {} (words::MERGE_UNDONE) ", " (who_and_when(frame, undone)) },
                    (None, Some(said)) => span.faint { span.dot {} (who_and_when(frame, said)) },
                    (None, None) => {},
                }
            }
            div.pair-sides { (side(frame, &pair.a)) (Icon::Together.svg()) (side(frame, &pair.b)) }
            div.buttons {
                a.button href=(format!("/customers/{a}/merge?with={b}&back={back}")) { (words::COMPARE) }
                @if frame.may_write {
                    @if pair.told_apart {
                        form method="post" action=(format!("/customers/{a}/maybe-the-same/{b}?back={back}")) data-quick { button { (words::LOOK_AGAIN) } }
                    } @else {
                        form method="post" action=(format!("/customers/{a}/not-the-same/{b}?back={back}")) data-quick { button { (words::NOT_THE_SAME) } }
                    }
                }
            }
        }
    }
}

/// Who, and on which day.
pub(super) fn who_and_when(frame: &Frame, stamp: &Stamp) -> Markup {
    html! { (all_words::source(&stamp.by)) ", " (frame.moments.date(stamp.at)) }
}

/// A merge that stands: who took in whom, and its way back.
fn merge_row(frame: &Frame, merge: &Merged, here: &str) -> Markup {
    let id = merge.face.profile;
    html! {
        li.card.pair-card.merged data-row data-id=(merge.id) {
            div.pair-side {
                (avatar(&merge.face, Size::Medium))
                div {
                    a href=(format!("/customers/{id}")) { strong { (merge.face.name) } }
                    @if !merge.took_in.is_empty() { div { span.soft { (words::TOOK_IN) } " " (merge.took_in.join(", ")) } }
                    div.faint {
                        (all_words::source(&merge.by)) span.dot {} (frame.moments.ago(merge.at))
                        @for why in merge.why.iter().filter(|why| !why.is_empty()) { span.dot {} (all_words::sentence(why)) }
                    }
                }
            }
            @if frame.may_write {
                div.buttons {
                    form method="post" action=(format!("/customers/{id}/undo/{}?back={}", merge.id, encoded(here))) data-quick { button { (words::UNDO_MERGE) } }
                }
            }
        }
    }
}

fn side(frame: &Frame, side: &Side) -> Markup {
    html! {
        div.pair-side {
            (avatar(&side.face, Size::Medium))
            div {
                strong { (side.face.name) }
                @for fact in &side.facts { div.faint { (fact) } }
                div.faint { (all_words::count(side.messages, "message", "messages")) span.dot {} (frame.moments.ago(side.last_seen)) }
            }
        }
    }
}
