//! What became of everything that was brought, counted.

use std::{collections::BTreeMap, time::Duration};

use serde::Serialize;

use crate::{
    exit::Exit,
    figures::{count, counted},
    moment::took,
    output::Paint,
};

/// What became of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It made a profile.
    Created,
    /// It added to a profile that was there.
    Updated,
    /// It had arrived before.
    Repeated,
    /// It is not meant for here, for this reason.
    Skipped(String),
    /// It could not be taken in, for this reason.
    Failed(String),
}

/// How much became of what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Tally {
    /// How many there were.
    pub(crate) total: u64,
    /// How many made a profile.
    pub(crate) created: u64,
    /// How many added to one.
    pub(crate) updated: u64,
    /// How many had arrived before.
    pub(crate) repeated: u64,
    /// How many were not meant for here, by reason.
    pub(crate) skipped: BTreeMap<String, u64>,
    /// How many could not be taken in, by reason.
    pub(crate) failed: BTreeMap<String, u64>,
}

/// What a run took in, by sort.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Report {
    /// Messages.
    pub(crate) messages: Tally,
    /// Events.
    pub(crate) events: Tally,
    /// Whether nothing was recorded because nothing was meant to be.
    pub(crate) dry_run: bool,
}

impl Tally {
    /// Counts one.
    pub(crate) fn add(&mut self, fate: &Fate) {
        self.total += 1;
        match fate {
            Fate::Created => self.created += 1,
            Fate::Updated => self.updated += 1,
            Fate::Repeated => self.repeated += 1,
            Fate::Skipped(reason) => *self.skipped.entry(reason.clone()).or_default() += 1,
            Fate::Failed(reason) => *self.failed.entry(reason.clone()).or_default() += 1,
        }
    }

    fn lines(&self, paint: Paint) -> Vec<String> {
        let (skipped, failed) = (self.skipped.values().sum::<u64>(), self.failed.values().sum::<u64>());
        let line = |word: &str, number: u64, reasons: &BTreeMap<String, u64>| {
            let mut by_count: Vec<_> = reasons.iter().collect();
            by_count.sort_by_key(|(reason, number)| (std::cmp::Reverse(**number), reason.as_str()));
            let all: Vec<String> = by_count
                .iter()
                .map(|(reason, number)| format!("{} {}", count(**number), words(reason)))
                .collect();
            let text = format!("  {word:9}{:>8}", count(number));
            if all.is_empty() { text } else { format!("{text}  {}", paint.dim(all.join(" · "))) }
        };
        let none = BTreeMap::new();
        vec![
            line("created", self.created, &none),
            line("updated", self.updated, &none),
            line("repeated", self.repeated, &none),
            line("skipped", skipped, &self.skipped),
            match failed {
                0 => line("failed", 0, &none),
                _ => paint.red(line("failed", failed, &self.failed)),
            },
        ]
    }
}

/// What people call a reason that the API has a word for.
fn words(reason: &str) -> &str {
    match reason {
        "mailing_list" => "from mailing lists",
        "auto_submitted" => "automatic",
        "bounce" => "reports of lost mail",
        "no_reply" => "from addresses that take no answer",
        "own_only" => "among own people",
        "no_sender" => "without a sender",
        "no_recipient" => "without a recipient",
        "mailing" => "mailings of ours",
        "no_identifier" => "name nobody",
        "identifies_nobody" => "name what identifies nobody",
        "erased" => "of people who were erased",
        other => other,
    }
}

impl Report {
    /// The report for people.
    pub(crate) fn text(&self, time: Duration, paint: Paint) -> String {
        let mut lines = Vec::new();
        let sorts = [(&self.messages, "message"), (&self.events, "event")];
        let total: u64 = sorts.iter().map(|(tally, _)| tally.total).sum();
        if total == 0 {
            return "Nothing to take in was found.".into();
        }
        for (tally, word) in sorts {
            if tally.total == 0 {
                continue;
            }
            let dry = if self.dry_run { ", dry run: nothing was recorded" } else { "" };
            lines.push(paint.bold(format!("{}{dry}", counted(tally.total, word))));
            lines.extend(tally.lines(paint));
        }
        let rate = total as f64 / time.as_secs_f64().max(0.001);
        lines.push(paint.dim(format!("in {}, {} each second", took(time), count(rate.round() as u64))));
        lines.join("\n")
    }

    /// How the run ends.
    pub(crate) fn exit(&self) -> Exit {
        let is_whole = self.messages.failed.is_empty() && self.events.failed.is_empty();
        if is_whole { Exit::Done } else { Exit::Partly }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn the_report_counts_every_fate_by_its_reason() {
        let mut report = Report::default();
        let mailing = || Fate::Skipped("mailing_list".into());
        let fates = [
            Fate::Created,
            Fate::Updated,
            Fate::Updated,
            mailing(),
            mailing(),
            Fate::Skipped("auto_submitted".into()),
        ];
        fates.iter().for_each(|fate| report.messages.add(fate));
        report.events.add(&Fate::Failed("it has neither userId nor anonymousId".into()));
        expect![[r#"
            6 messages
              created         1
              updated         2
              repeated        0
              skipped         3  2 from mailing lists · 1 automatic
              failed          0
            1 event
              created         0
              updated         0
              repeated        0
              skipped         0
              failed          1  1 it has neither userId nor anonymousId
            in 2.0 s, 4 each second"#]]
        .assert_eq(&report.text(Duration::from_secs(2), Paint::PLAIN));
        assert_eq!(report.exit(), Exit::Partly);
    }

    #[test]
    fn what_is_skipped_is_no_failure() {
        let mut report = Report::default();
        report.messages.add(&Fate::Skipped("mailing_list".into()));
        assert_eq!(report.exit(), Exit::Done);
    }
}
