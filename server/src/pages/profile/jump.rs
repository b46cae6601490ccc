//! Where in the record to go: a drawing of all the years, a day, a month.

use maud::{Markup, html};
use whom_core::model::{KindCounts, Month, ProfileId, Tally};

use crate::pages::{
    frame::Frame,
    icons::Icon,
    words::{self, profile as say},
};

const WIDTH: u32 = 720;
const HEIGHT: u64 = 34;
/// The most bars that can be told apart.
const MOST_BARS: u32 = 120;

/// One bar: its first month, and how much fell in it.
struct Bar {
    first: Month,
    counts: KindCounts,
}

/// The months of a tally in bars of one, three or twelve, from the first to today.
fn bars(tally: &Tally, today: Month) -> (u16, Vec<Bar>) {
    let Some((first, _)) = tally.months().first() else { return (1, Vec::new()) };
    // A year at least, so that a customer of two weeks is not drawn as a giant.
    let last = today.max(tally.months().last().map_or(today, |(month, _)| *month));
    let start = first.place().min(last.place().saturating_sub(11));
    let wide = |step: u16| u32::from(last.place() - start) / u32::from(step) < MOST_BARS;
    let step = [1, 3].into_iter().find(|step| wide(*step)).unwrap_or(12);
    let start = start - start % step;
    let bars = (start..=last.place()).step_by(usize::from(step)).map(|place| {
        let within = |(month, _): &&(Month, KindCounts)| (place..place + step).contains(&month.place());
        let sum = |sum: KindCounts, (_, counts): &(Month, KindCounts)| sum.and(*counts);
        let first = Month::in_year(1990 + (place / 12) as i16, (place % 12) as i8 + 1);
        Bar { first, counts: tally.months().iter().filter(within).fold(KindCounts::default(), sum) }
    });
    (step, bars.collect())
}

/// The drawing. A bar leads to its month; for whoever does not see it, the list of months does the same.
pub(crate) fn years(frame: &Frame, profile: ProfileId, tally: &Tally) -> Markup {
    let (step, bars) = bars(tally, Month::of(frame.moments.now()));
    if bars.is_empty() {
        return Markup::default();
    }
    // Square roots keep a quiet month in sight beside a busy one.
    let size = |count: u64| (count as f64).sqrt();
    let most = bars.iter().map(|bar| size(bar.counts.all())).fold(2.0, f64::max);
    let width = f64::from(WIDTH) / bars.len() as f64;
    let total = tally.total();
    let label = words::profile::happened_in(
        say::ALL_YEARS,
        u64::from(total.messages),
        total.all() - u64::from(total.messages),
    );
    let marks = year_marks(&bars, step);
    html! {
        div.years #years data-live=(format!("profile:{profile}")) data-live-quiet data-years=(format!("/customers/{profile}")) {
            svg.spark viewBox=(format!("0 0 {WIDTH} {}", HEIGHT + 1)) preserveAspectRatio="none" role="img" aria-label=(label) {
                line.floor x1="0" y1=(HEIGHT) x2=(WIDTH) y2=(HEIGHT) {}
                @for (place, bar) in bars.iter().enumerate() {
                    @let x = place as f64 * width;
                    @let all = bar.counts.all();
                    @let messages = u64::from(bar.counts.messages);
                    @let high = if all == 0 { 0.0 } else { (size(all) / most * HEIGHT as f64).max(2.0) };
                    @let low = if all == 0 { 0.0 } else { high * messages as f64 / all as f64 };
                    g data-on=[(all > 0).then(|| on(bar.first))] {
                        title { (words::profile::happened_in(&name(bar.first, step), messages, all - messages)) }
                        rect.hit x=(short(x)) y="0" width=(short(width)) height=(HEIGHT) {}
                        @if high > low { rect.others x=(short(x + width * 0.12)) y=(short(HEIGHT as f64 - high)) width=(short(width * 0.76)) height=(short(high - low)) {} }
                        @if low > 0.0 { rect.messages x=(short(x + width * 0.12)) y=(short(HEIGHT as f64 - low)) width=(short(width * 0.76)) height=(short(low)) {} }
                    }
                }
            }
            div.year-marks aria-hidden="true" { @for mark in marks { span { (mark) } } }
        }
    }
}

/// What stands below the drawing: where it begins, its middle, where it ends.
fn year_marks(bars: &[Bar], step: u16) -> Vec<String> {
    let ends = [bars.first(), bars.get(bars.len() / 2), bars.last()];
    let is_long = bars.len() * usize::from(step) > 24;
    let text = |bar: &Bar| if is_long { bar.first.year().to_string() } else { name(bar.first, 1) };
    ends.into_iter().flatten().map(text).collect()
}

fn short(number: f64) -> String {
    format!("{number:.1}")
}

/// The word for a month behind `?on=`.
pub(crate) fn on(month: Month) -> String {
    format!("{:04}-{:02}", month.year(), month.number())
}

fn name(first: Month, step: u16) -> String {
    match step {
        12 => first.year().to_string(),
        _ => {
            let day = jiff::civil::Date::new(first.year(), first.number(), 1).unwrap_or_default();
            day.strftime("%B %Y").to_string()
        }
    }
}

/// A day to type, and every month in which something happened.
pub(crate) fn dates(profile: ProfileId, tally: &Tally, on_day: Option<&str>) -> Markup {
    let here = format!("/customers/{profile}");
    let mut years: Vec<(i16, Vec<&(Month, KindCounts)>)> = Vec::new();
    for month in tally.months().iter().rev() {
        match years.last_mut() {
            Some((year, months)) if *year == month.0.year() => months.insert(0, month),
            _ => years.push((month.0.year(), vec![month])),
        }
    }
    html! {
        details.menu.end.jump data-menu {
            summary.chip-link { (Icon::Calendar.svg()) (say::JUMP) }
            div.menu-list.jump-list {
                form.inline-form action=(here) data-jump {
                    label.unseen for="on" { (say::JUMP_DAY) }
                    input #on type="date" name="on" value=[on_day] required;
                    button { (say::JUMP_GO) }
                }
                @for (year, months) in years {
                    section {
                        h3 { (year) }
                        ul { @for (month, counts) in months {
                            li { a data-goto href=(format!("{here}?on={}", on(*month))) title=(words::count(counts.all(), "entry", "entries")) { (short_name(*month)) } }
                        } }
                    }
                }
            }
        }
    }
}

fn short_name(month: Month) -> String {
    let day = jiff::civil::Date::new(month.year(), month.number(), 1).unwrap_or_default();
    day.strftime("%b").to_string()
}

#[cfg(test)]
mod tests {
    use whom_core::model::{EntryKind, Timestamp};

    use super::*;

    fn tally(days: &[&str]) -> Tally {
        let mut tally = Tally::default();
        days.iter().for_each(|day| tally.count(EntryKind::Message, Timestamp::parse(day).unwrap()));
        tally
    }

    #[test]
    fn many_years_share_the_bars_that_can_be_told_apart() {
        let today = Month::in_year(2026, 3);
        let shown = |days: &[&str]| {
            let (step, bars) = bars(&tally(days), today);
            assert_eq!(bars.iter().map(|bar| bar.counts.all()).sum::<u64>(), days.len() as u64);
            (step, bars.len())
        };
        assert_eq!(shown(&["2026-02-27"]), (1, 12));
        assert_eq!(shown(&["2019-02-27", "2026-02-27"]), (1, 86));
        assert_eq!(shown(&["2009-05-27", "2026-02-27"]), (3, 68));
        assert_eq!(shown(&["1970-01-01", "2026-02-27"]), (12, 37));
        assert_eq!(shown(&[]), (1, 0));
        assert_eq!(shown(&["2026-02-27", "2399-01-01"]).0, 12, "a time that cannot be meant");
    }
}
