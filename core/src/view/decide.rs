//! Which claims are shown: what people decided comes first, then a script, then the strategy of the property.

use super::{DecisionView, Survivors, assemble::is_of_contact_itself, survive};
use crate::{
    model::{
        Assertion, Cardinality, Claim, Decided, Decision, PropertyDefinition, SourceKind, Timestamp, Value,
    },
    rules::Rules,
};

/// Which claims are shown, and who or what decided.
pub(super) struct Shown {
    pub(super) survivors: Survivors,
    pub(super) decided_by: String,
    pub(super) problem: Option<String>,
    /// The place of the decision that pinned what is shown, among those that stand.
    pub(super) pinned: Option<usize>,
}

/// Says which claims about one property are shown.
pub(super) fn decide(
    rules: &Rules,
    definition: &PropertyDefinition,
    claims: &[Claim],
    rulings: &[Decided],
) -> Shown {
    if !rulings.iter().any(|ruling| ruling.property == definition.key) {
        return choose(rules, definition, claims);
    }
    let mut kept = Vec::new();
    let mut out = Vec::new();
    for (place, claim) in claims.iter().enumerate() {
        match ruled_out(definition, claim, rulings) {
            Some(because) => out.push((place, because)),
            None => kept.push(place),
        }
    }
    let among: Vec<Claim> = kept.iter().map(|place| claims[*place].clone()).collect();
    let mut shown = choose(rules, definition, &among);
    for winner in &mut shown.survivors.winners {
        *winner = kept[*winner];
    }
    for (loser, _) in &mut shown.survivors.losers {
        *loser = kept[*loser];
    }
    pin(definition, claims, rulings, &mut shown);
    shown.survivors.losers.extend(out);
    shown
}

/// Why a claim does not count at all, where somebody decided so.
pub(super) fn ruled_out(
    definition: &PropertyDefinition,
    claim: &Claim,
    rulings: &[Decided],
) -> Option<String> {
    if is_of_contact_itself(claim) || !matches!(claim.assertion, Assertion::Is(_)) {
        return None;
    }
    let ruling = rulings.iter().filter(|ruling| ruling.property == definition.key).find(|ruling| {
        match &ruling.decision {
            Decision::Never(source) => *source == claim.source,
            Decision::Hide(value) => claim.assertion.value() == Some(value),
            Decision::Pin(_) => false,
        }
    })?;
    let (by, day) = (&ruling.by, day(ruling.at));
    Some(match &ruling.decision {
        Decision::Never(source) => format!("{by} said on {day}: never from {source}"),
        _ => format!("{by} hid this value on {day}"),
    })
}

/// Shows what the latest pin that still counts says.
fn pin(definition: &PropertyDefinition, claims: &[Claim], rulings: &[Decided], shown: &mut Shown) {
    // An agent who says something after the pin means it: a pin holds against sources, never against people.
    let last_word = claims
        .iter()
        .filter(|claim| claim.source.kind() == SourceKind::Agent)
        .map(|claim| claim.last_observed)
        .max();
    let order: Vec<usize> = shown
        .survivors
        .winners
        .iter()
        .copied()
        .chain(shown.survivors.losers.iter().map(|(loser, _)| *loser))
        .collect();
    let pinned = rulings.iter().enumerate().rev().find_map(|(ruling, decided)| {
        let Decision::Pin(value) = &decided.decision else { return None };
        let is_asked = decided.property == definition.key && last_word.is_none_or(|last| last <= decided.at);
        let place = order.iter().find(|place| claims[**place].assertion == Assertion::Is(value.clone()));
        Some((ruling, *place.filter(|_| is_asked)?))
    });
    let Some((ruling, winner)) = pinned else { return };
    let (by, day) = (&rulings[ruling].by, day(rulings[ruling].at));
    let survivors = &mut shown.survivors;
    survivors.losers.retain(|(loser, _)| *loser != winner);
    match definition.cardinality {
        Cardinality::One => {
            let others = std::mem::take(&mut survivors.winners).into_iter().filter(|other| *other != winner);
            let others = others.map(|other| (other, String::new())).collect::<Vec<_>>();
            survivors.losers.splice(0..0, others);
            for (loser, because) in &mut survivors.losers {
                if claims[*loser].assertion == claims[winner].assertion {
                    *because = "another claim says the same".to_owned();
                } else if !is_removal(because) && matches!(claims[*loser].assertion, Assertion::Is(_)) {
                    *because = format!("{by} pinned another value on {day}");
                }
            }
            survivors.winners = vec![winner];
        }
        Cardinality::Many => {
            survivors.winners.retain(|other| *other != winner);
            survivors.winners.insert(0, winner);
        }
    }
    shown.decided_by = format!("pinned by {by} on {day}");
    shown.pinned = Some(ruling);
}

/// What a script chooses, or the strategy of the property.
fn choose(rules: &Rules, definition: &PropertyDefinition, claims: &[Claim]) -> Shown {
    let borrowed: Vec<&Claim> = claims.iter().collect();
    let built_in = survive(definition, &borrowed);
    let by_strategy = |problem| Shown {
        survivors: built_in.clone(),
        decided_by: definition.resolve.describe().to_owned(),
        problem,
        pinned: None,
    };
    // A script chooses among what is claimed and not taken away; it cannot bring back what an agent removed.
    let candidates: Vec<usize> = (0..claims.len())
        .filter(|place| {
            matches!(claims[*place].assertion, Assertion::Is(_))
                && !built_in.losers.iter().any(|(loser, because)| loser == place && is_removal(because))
        })
        .collect();
    if candidates.is_empty() {
        return by_strategy(None);
    }
    let offered: Vec<&Claim> = candidates.iter().map(|place| &claims[*place]).collect();
    match rules.resolve(definition, &offered) {
        None => by_strategy(None),
        Some(Err(error)) => by_strategy(Some(error.to_string())),
        Some(Ok(choice)) => {
            let mut winners: Vec<usize> =
                choice.winners.iter().filter_map(|place| candidates.get(*place).copied()).collect();
            if definition.cardinality == Cardinality::One {
                winners.truncate(1);
            }
            let mut order = built_in.winners.clone();
            order.extend(built_in.losers.iter().map(|(place, _)| *place));
            let losers = order
                .into_iter()
                .filter(|place| !winners.contains(place))
                .map(|place| {
                    let is_value = matches!(claims[place].assertion, Assertion::Is(_));
                    let because = built_in
                        .losers
                        .iter()
                        .find(|(loser, because)| *loser == place && (is_removal(because) || !is_value));
                    (
                        place,
                        because.map_or_else(
                            || format!("{} chose another", choice.decided_by),
                            |(_, why)| why.clone(),
                        ),
                    )
                })
                .collect();
            let survivors = Survivors { winners, losers };
            Shown { survivors, decided_by: choice.decided_by, problem: None, pinned: None }
        }
    }
}

fn is_removal(because: &str) -> bool {
    because.ends_with("took this value away") || because.ends_with("says that there is no value")
}

/// The decisions about a property, for whoever asks why.
pub(super) fn decisions(
    definition: &PropertyDefinition,
    rulings: &[Decided],
    pinned: Option<usize>,
) -> Vec<DecisionView> {
    let about = rulings.iter().enumerate().filter(|(_, ruling)| ruling.property == definition.key);
    about
        .map(|(place, ruling)| {
            let (value, source): (Option<&Value>, _) = match &ruling.decision {
                Decision::Pin(value) | Decision::Hide(value) => (Some(value), None),
                Decision::Never(source) => (None, Some(source)),
            };
            DecisionView {
                deed: ruling.decision.word(),
                value: value.cloned(),
                source: source.cloned(),
                by: ruling.by.clone(),
                at: ruling.at,
                contact: ruling.contact,
                merge: ruling.merge,
                counts: !matches!(ruling.decision, Decision::Pin(_)) || pinned == Some(place),
            }
        })
        .collect()
}

/// The day of a moment, as `2026-03-01`.
fn day(at: Timestamp) -> String {
    at.to_string().chars().take(10).collect()
}
