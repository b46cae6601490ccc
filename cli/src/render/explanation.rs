//! Why a property has its value.

use serde_json::Value as Json;

use super::{Page, plain};
use crate::{
    moment::{ago, day},
    output::harmless,
    wire,
};

/// The winning claims, the losing ones, and what decided.
pub(crate) fn explanation(page: Page<'_>, why: &wire::Explanation) -> String {
    let paint = page.output.paint;
    let values = why.values.iter().map(plain).collect::<Vec<_>>().join(", ");
    let mut text = vec![match values.as_str() {
        "" => format!("{} has no value.", paint.bold(&why.label)),
        values => format!("{}: {}", paint.bold(&why.label), paint.bold(values)),
    }];
    if !why.winning.is_empty() || !why.losing.is_empty() {
        text.push(format!("decided by {}", harmless(&why.decided_by)));
    }
    if let Some(problem) = &why.problem {
        text.push(paint.red(format!("! {}", harmless(problem))));
    }
    for claim in &why.winning {
        text.push(String::new());
        text.push(format!("  {} {}", paint.green("shown "), says(claim)));
        text.extend(details(page, claim));
    }
    for claim in &why.losing {
        text.push(String::new());
        text.push(format!("  {} {}", paint.yellow("hidden"), says(claim)));
        text.extend(claim.because.as_ref().map(|because| format!("         because {}", harmless(because))));
        text.extend(details(page, claim));
    }
    text.join("\n")
}

fn says(claim: &wire::Claim) -> String {
    match &claim.assertion {
        Json::Object(assertion) => match assertion.iter().next() {
            Some((word, value)) if word == "is_not" => format!("not {}", plain(value)),
            Some((_, value)) => plain(value),
            None => String::new(),
        },
        _ => "no value".into(),
    }
}

fn details(page: Page<'_>, claim: &wire::Claim) -> Vec<String> {
    let paint = page.output.paint;
    let when = if claim.first_observed == claim.last_observed {
        format!("said {}", ago(claim.last_observed, page.now))
    } else {
        format!("said since {}, last {}", day(claim.first_observed), ago(claim.last_observed, page.now))
    };
    let sure = if claim.confidence < 100 { format!(", {} % sure", claim.confidence) } else { String::new() };
    let rests_on = match &claim.evidence {
        Json::Object(evidence) => evidence.values().next().map(|on| format!(", read in {}", plain(on))),
        _ => None,
    };
    let line = format!(
        "by {} through {}{sure}, {when}{}",
        harmless(&claim.source),
        harmless(&claim.through),
        rests_on.unwrap_or_default()
    );
    vec![format!("         {}", paint.dim(line))]
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::*;
    use crate::render::testing::page;

    #[test]
    fn the_winner_and_the_losers_say_where_they_come_from() {
        let claim = |value: &str, source: &str, confidence: u8, evidence: Json| {
            json!({ "assertion": { "is": value }, "source": source, "contact": "c_1", "through": "hanne@example.com",
                "confidence": confidence, "evidence": evidence, "first_observed": "2026-01-01T12:00:00Z",
                "last_observed": "2026-11-19T08:00:00Z", "recorded": "2026-11-19T08:00:00Z" })
        };
        let mut loser = claim(
            "Bridge builder",
            "plugin:gravatar",
            80,
            json!({ "note": "https://gravatar.example/hanne" }),
        );
        loser["because"] = json!("an agent's word counts for more");
        let why = serde_json::from_value(json!({
            "profile": "p_1", "property": "job_title", "label": "Job title", "values": ["Engineer"],
            "winning": [claim("Engineer", "agent:mia", 100, json!("word"))], "losing": [loser],
            "decided_by": "the most trusted source", "rules": "r"
        }))
        .unwrap();
        expect![[r#"
            Job title: Engineer
            decided by the most trusted source

              shown  Engineer
                     by agent:mia through hanne@example.com, said since 2026-01-01, last 1 day ago

              hidden Bridge builder
                     because an agent's word counts for more
                     by plugin:gravatar through hanne@example.com, 80 % sure, said since 2026-01-01, last 1 day ago, read in https://gravatar.example/hanne"#]].assert_eq(&explanation(page(), &why));
    }
}
