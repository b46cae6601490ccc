//! A year of activity, drawn small.

use jiff::{ToSpan, civil};
use maud::{Markup, html};
use whom_core::model::{Entry, EntryKind};

use super::Moments;
use crate::pages::words;

/// How much happened in one month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Month {
    /// Messages.
    pub(crate) messages: u64,
    /// Everything else.
    pub(crate) others: u64,
}

/// Counts entries by month over the last twelve, this one last.
pub(crate) fn months<'a>(entries: impl Iterator<Item = &'a Entry>, moments: &Moments) -> [Month; 12] {
    let mut months = [Month::default(); 12];
    let place = |day: civil::Date| i32::from(day.year()) * 12 + i32::from(day.month());
    let last = place(moments.day(moments.now()));
    for entry in entries {
        let Ok(back) = usize::try_from(last - place(moments.day(entry.at))) else { continue };
        let Some(month) = 11usize.checked_sub(back).and_then(|place| months.get_mut(place)) else { continue };
        match entry.kind {
            EntryKind::Message => month.messages += 1,
            _ => month.others += 1,
        }
    }
    months
}

const WIDTH: u64 = 132;
const HEIGHT: u64 = 28;
const STEP: u64 = WIDTH / 12;

/// The drawing: messages below, everything else on top.
pub(crate) fn spark(months: &[Month; 12], moments: &Moments) -> Markup {
    let most = months.iter().map(|month| month.messages + month.others).max().unwrap_or(0).max(4);
    // What happened at all is seen, however much happened at another time.
    let height = |count: u64| if count == 0 { 0 } else { (count * HEIGHT / most).max(2) };
    let today = moments.day(moments.now()).first_of_month();
    let (messages, others) =
        months.iter().fold((0, 0), |(m, o), month| (m + month.messages, o + month.others));
    let label = format!(
        "{}: {}, {}",
        words::LAST_YEAR,
        words::count(messages, "message", "messages"),
        words::count(others, "other entry", "other entries"),
    );
    html! {
        svg.spark viewBox=(format!("0 0 {WIDTH} {}", HEIGHT + 1)) preserveAspectRatio="none" role="img" aria-label=(label) {
            line.floor x1="0" y1=(HEIGHT) x2=(WIDTH) y2=(HEIGHT) {}
            @for (place, month) in (0u64..).zip(months) {
                @let (low, high) = (height(month.messages), height(month.others));
                @let name = today.checked_sub((11 - place as i64).months()).map(|day| day.strftime("%B %Y").to_string());
                g {
                    title { (name.unwrap_or_default()) ": " (words::count(month.messages, "message", "messages")) ", " (words::count(month.others, "other entry", "other entries")) }
                    @if high > 0 { rect.others x=(place * STEP + 1) y=(HEIGHT.saturating_sub(low + high)) width=(STEP - 2) height=(high) {} }
                    @if low > 0 { rect.messages x=(place * STEP + 1) y=(HEIGHT.saturating_sub(low)) width=(STEP - 2) height=(low) {} }
                }
            }
        }
    }
}
