//! What somebody wrote, parted from what their program put below it.
//!
//! Nothing is thrown away: the pieces joined are the text. A quote at the end is folded, one that
//! somebody answers below stays where it is, and a message that is passed on is no quote.

mod lines;
mod phrases;

#[cfg(test)]
mod tests;

pub(crate) use lines::is_forward_subject;
use lines::{Announces, Rule};

/// What a piece of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// What the sender wrote.
    Own,
    /// A quote with an answer below it.
    Inline,
    /// A quote that is folded away.
    Quoted,
    /// A signature.
    Signature,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// What it is.
    pub(crate) sort: Sort,
    /// Its lines.
    pub(crate) text: String,
}

/// Whether a message answers or passes on, by its subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meant {
    /// To answer.
    Answer,
    /// To pass something on, which is to be read.
    Forward,
}

/// A quote with an answer below stays open up to this many lines.
const INLINE_LINES: usize = 12;
/// The most lines below a ruler that are a foot by a link alone.
const SHORT_FOOT: usize = 4;
/// The most lines of a signature.
const SIGNATURE_LINES: usize = 16;

/// Parts a text. The pieces in order, joined with line ends, are the text without the blank lines at its end.
pub(crate) fn fold(text: &str, meant: Meant) -> Vec<Piece> {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    let marked: Vec<bool> = lines.iter().map(|line| lines::is_marked(line)).collect();
    pieces(&lines, &sorts(&lines, &marked, meant))
}

/// What each line is, where some are marked as quoted.
pub(super) fn sorts(lines: &[&str], marked: &[bool], meant: Meant) -> Vec<Sort> {
    let mut sorts = vec![Sort::Own; lines.len()];
    mark_quotes(lines, marked, meant, &mut sorts);
    mark_signature(lines, &mut sorts);
    open_answered(lines, &mut sorts);
    let says_nothing = |sort: Sort, line: &str| sort != Sort::Own || line.trim().is_empty();
    if lines.iter().zip(&sorts).all(|(line, sort)| says_nothing(*sort, line)) {
        // A message that is nothing but a quote would show nothing.
        sorts.fill(Sort::Own);
    }
    sorts
}

/// Whether a text of one paragraph announces the quote right below it, as `On … wrote:` does.
pub(super) fn announces_below(text: &str) -> bool {
    let joined = lines::plain(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    joined.chars().count() < 320 && lines::announces(&joined).is_some()
}

/// Whether a text begins with a line that says that a message is passed on.
pub(super) fn begins_forward(text: &str) -> bool {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty());
    first.and_then(lines::rule) == Some(Rule::Forwarded)
}

/// Whether lines begin with the block over a quoted message.
pub(super) fn is_header_block(lines: &[&str]) -> bool {
    lines::header_block(lines).is_some()
}

fn mark_quotes(lines: &[&str], marked: &[bool], meant: Meant, sorts: &mut [Sort]) {
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        if marked[at] {
            sorts[at] = Sort::Quoted;
            at += 1;
            continue;
        }
        match lines::rule(line) {
            // What is passed on is to be read, to its end.
            Some(Rule::Forwarded) => return,
            Some(Rule::Original) if meant == Meant::Answer => return sorts[at..].fill(Sort::Quoted),
            _ => {}
        }
        let is_block = meant == Meant::Answer && lines::header_block(&lines[at..]).is_some();
        if is_block {
            // The line that Outlook draws above belongs to the block.
            let above = lines[..at].iter().rposition(|line| !line.trim().is_empty());
            let start = above.filter(|place| lines::is_ruler(lines[*place])).unwrap_or(at);
            return sorts[start..].fill(Sort::Quoted);
        }
        let open = marked[at..].iter().take(lines::MOST_LINES).take_while(|is_marked| !**is_marked).count();
        if let Some((count, sure)) = lines::announcement(&lines[at..at + open]) {
            let next = lines[at + count..].iter().position(|line| !line.trim().is_empty());
            let is_marked = next.is_some_and(|next| next < 3 && marked[at + count + next]);
            if is_marked {
                sorts[at..at + count].fill(Sort::Quoted);
                at += count;
                continue;
            }
            if sure == Announces::Surely && next.is_some() {
                if is_own_above(lines, sorts, at) {
                    return sorts[at..].fill(Sort::Quoted);
                }
                // Its own first line is nothing that somebody wrote above the rest of it.
                at += count;
                continue;
            }
        }
        at += 1;
    }
}

/// Whether somebody wrote something above a line: without that, a quote without marks is the message.
fn is_own_above(lines: &[&str], sorts: &[Sort], at: usize) -> bool {
    lines[..at].iter().zip(sorts).any(|(line, sort)| *sort == Sort::Own && !line.trim().is_empty())
}

/// Marks the signature: below two dashes, under the ruler of a list, or the line of a telephone.
fn mark_signature(lines: &[&str], sorts: &mut [Sort]) {
    // What follows the own text at the end may be quotes and blank lines.
    let Some(last) =
        (0..lines.len()).rev().find(|at| sorts[*at] == Sort::Own && !lines[*at].trim().is_empty())
    else {
        return;
    };
    let start = (0..=last).rev().take_while(|at| sorts[*at] == Sort::Own).last().unwrap_or(last);
    let block = start..=last;
    // A ruler may stand over anything; what a list puts below one names itself, or is short and links somewhere.
    let says_how_to_leave = |from: usize| {
        let says = |words: &[&str]| {
            lines[from..=last].iter().any(|line| {
                let line = line.to_lowercase();
                words.iter().any(|word| line.contains(word))
            })
        };
        says(&["mailing list", "unsubscribe", "listinfo", "sponsored"])
            || last - from <= SHORT_FOOT && says(&["http"])
    };
    let mark = block.clone().find(|at| {
        let below = last - at;
        let is_list = lines::is_ruler(lines[*at]) && below > 0 && below <= 10 && says_how_to_leave(*at);
        let is_mark = lines::is_signature_mark(lines[*at]) || says_program(lines, *at);
        below <= SIGNATURE_LINES && is_mark || is_list
    });
    let by_itself = || {
        // A telephone writes one line; some programs add an address of theirs below.
        let near = block.clone().rev().filter(|at| !lines[*at].trim().is_empty()).take(2);
        near.filter(|at| lines::is_sent_from(lines[*at])).last()
    };
    if let Some(from) = mark.or_else(by_itself) {
        sorts[from..=last].fill(Sort::Signature);
        // Two signs, one below the other, as on a list.
        if lines[..from].iter().any(|line| !line.trim().is_empty()) && from > start {
            mark_signature_above(lines, sorts, start, from);
        }
    }
}

/// Whether three dashes stand over what a program adds of itself, such as that it found no virus.
fn says_program(lines: &[&str], at: usize) -> bool {
    let next = lines.get(at + 1).filter(|_| lines[at].trim_end() == "---");
    next.is_some_and(|next| lines::is_sent_from(next))
}

fn mark_signature_above(lines: &[&str], sorts: &mut [Sort], start: usize, from: usize) {
    let mark = (start..from).find(|at| {
        from - at <= SIGNATURE_LINES && lines::is_signature_mark(lines[*at])
            || lines::is_sent_from(lines[*at])
                && lines[*at + 1..from].iter().all(|line| line.trim().is_empty())
    });
    if let Some(mark) = mark.filter(|mark| *mark > 0) {
        sorts[mark..from].fill(Sort::Signature);
    }
}

/// Quotes with own text below stay where they are and, unless they are long, open.
fn open_answered(lines: &[&str], sorts: &mut [Sort]) {
    let is_own = |sorts: &[Sort], at: usize| sorts[at] == Sort::Own && !lines[at].trim().is_empty();
    let Some(last) = (0..lines.len()).rev().find(|at| is_own(sorts, *at)) else { return };
    let mut at = 0;
    while at < last {
        if sorts[at] != Sort::Quoted {
            at += 1;
            continue;
        }
        let end = (at..last).find(|place| is_own(sorts, *place)).unwrap_or(last);
        if end - at <= INLINE_LINES {
            sorts[at..end].fill(Sort::Inline);
        }
        at = end;
    }
}

fn pieces(lines: &[&str], sorts: &[Sort]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (line, sort) in lines.iter().zip(sorts) {
        // A blank line belongs to what stands above it.
        let sort = match pieces.last() {
            Some(piece) if line.trim().is_empty() => piece.sort,
            _ => *sort,
        };
        match pieces.last_mut() {
            Some(piece) if piece.sort == sort => {
                piece.text.push('\n');
                piece.text.push_str(line);
            }
            _ => pieces.push(Piece { sort, text: (*line).to_owned() }),
        }
    }
    pieces
}
