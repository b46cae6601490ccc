//! Moments: how long ago, before, after.

use std::fmt;

use rhai::{Dynamic, Engine, ImmutableString};

use super::Answer;
use crate::{model::Timestamp, rules::budget};

const DAY: i64 = 86_400_000;

/// A moment as a script holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::rules) struct Moment(pub(in crate::rules) Timestamp);

impl Moment {
    /// The moment for which the running evaluation is made.
    pub(in crate::rules) fn now() -> Option<Self> {
        budget::now().map(Self)
    }

    /// The first moment of its day, in UTC.
    pub(in crate::rules) fn start_of_day(self) -> Self {
        let millis = self.0.as_millis();
        Self(Timestamp::from_millis(millis - millis.rem_euclid(DAY)))
    }

    /// Whether both lie on one day: what people mean when they compare dates.
    pub(super) fn same_day(self, other: Self) -> bool {
        self.start_of_day() == other.start_of_day()
    }

    fn days_ago(self) -> Answer<i64> {
        match Self::now() {
            Some(now) => Ok(self.0.days_until(now.0)),
            None => {
                Err("how long ago something was is known while a rule runs, not while the file is read"
                    .into())
            }
        }
    }
}

impl fmt::Display for Moment {
    /// The day alone where it is one, else the whole moment.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        match text.strip_suffix("T00:00:00Z") {
            Some(day) => f.write_str(day),
            None => f.write_str(&text),
        }
    }
}

pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Moment>("moment");
    engine.register_fn("days_ago", |moment: &mut Moment| moment.days_ago());
    engine.register_fn("years_ago", |moment: &mut Moment| {
        moment.days_ago().map(|days| (days as f64 / 365.2425) as i64)
    });
    engine.register_fn("days_until", |moment: &mut Moment, later: Moment| moment.0.days_until(later.0));
    engine.register_fn("day", |moment: &mut Moment| moment.start_of_day());
    engine.register_fn("to_string", |moment: &mut Moment| moment.to_string());
    engine.register_fn("to_debug", |moment: &mut Moment| moment.to_string());
    engine.register_fn("moment", |text: ImmutableString| -> Answer<Moment> {
        Timestamp::parse(&text).map(Moment).map_err(|error| error.to_string().into())
    });
    engine.register_fn("==", |a: Moment, b: Moment| a == b);
    engine.register_fn("!=", |a: Moment, b: Moment| a != b);
    engine.register_fn("<", |a: Moment, b: Moment| a < b);
    engine.register_fn("<=", |a: Moment, b: Moment| a <= b);
    engine.register_fn(">", |a: Moment, b: Moment| a > b);
    engine.register_fn(">=", |a: Moment, b: Moment| a >= b);
    engine.register_fn("is_empty", |_: &mut Moment| false);
    engine.register_fn("shares", |a: &mut Moment, b: Moment| a.same_day(b));
    engine.register_fn("differs", |a: &mut Moment, b: Moment| !a.same_day(b));
    // What is unknown stays unknown, and no comparison with it holds.
    for word in ["days_ago", "years_ago", "day"] {
        engine.register_fn(word, |_: ()| Dynamic::UNIT);
    }
}
