//! Survivorship: of all claims about one property, which are shown.

use std::cmp::Reverse;

use crate::model::{Assertion, Cardinality, Claim, PropertyDefinition, SourceKind, Strategy, Value};

/// Which claims win, and why the others do not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survivors {
    /// The places of the winning claims, the best first.
    pub winners: Vec<usize>,
    /// The places of the losing claims with the reason, the next best first.
    pub losers: Vec<(usize, String)>,
}

/// How much the word of a claim's source counts for this property.
fn trust(definition: &PropertyDefinition, claim: &Claim) -> u8 {
    let kind = claim.source.kind();
    match definition.trusts.iter().position(|trusted| *trusted == kind) {
        Some(place) => u8::MAX - place.min(100) as u8,
        None => kind as u8,
    }
}

/// The order of claims under a strategy; the greatest wins.
///
/// Ties end at the value and the source, never at an id: ids differ from store to store, and the same
/// claims have to give the same view on each.
fn rank<'a>(definition: &PropertyDefinition, claim: &'a Claim) -> impl Ord + use<'a> {
    let trusted = i64::from(trust(definition, claim));
    // Enrichment is heard where nobody else says anything, unless the property names it as trusted.
    let direct = i64::from(claim.source.kind() != SourceKind::Plugin || !definition.trusts.is_empty());
    let (first, last) = (claim.first_observed.as_millis(), claim.last_observed.as_millis());
    let sure = i64::from(claim.confidence.as_percent());
    let length = || {
        let text = claim.assertion.value().map_or_else(String::new, Value::to_string);
        text.chars().count() as i64
    };
    let order = match definition.resolve {
        Strategy::MostTrusted => [trusted, last, sure, 0],
        Strategy::Latest => [direct, last, trusted, sure],
        Strategy::Oldest => [direct, -first, trusted, sure],
        Strategy::Longest => [direct, length(), trusted, last],
        Strategy::HighestConfidence => [sure, trusted, last, 0],
        // All are shown; the best reached comes first.
        Strategy::All => [direct, -first, trusted, sure],
    };
    (order, Reverse(&claim.assertion), Reverse(&claim.source))
}

/// Says which claims about one property are shown.
pub fn survive(definition: &PropertyDefinition, claims: &[&Claim]) -> Survivors {
    let mut order: Vec<usize> = (0..claims.len()).collect();
    order.sort_by(|a, b| rank(definition, claims[*b]).cmp(&rank(definition, claims[*a])));

    let mut survivors = Survivors { winners: Vec::new(), losers: Vec::new() };
    let mut shown: Vec<&Value> = Vec::new();
    for place in order {
        let claim = claims[place];
        let because = match &claim.assertion {
            Assertion::IsNot(_) => Some("it takes a value away and shows none".to_owned()),
            Assertion::Empty => Some("it says that there is no value".to_owned()),
            Assertion::Is(value) => {
                if let Some(stronger) = claims.iter().find(|other| takes_away(definition, other, claim)) {
                    Some(match stronger.assertion {
                        Assertion::Empty => format!("{} says that there is no value", stronger.source),
                        _ => format!("{} took this value away", stronger.source),
                    })
                } else if shown.contains(&value) {
                    Some("another claim says the same".to_owned())
                } else if !shown.is_empty() && definition.cardinality == Cardinality::One {
                    Some(lost_to(definition, claims[survivors.winners[0]], claim))
                } else {
                    shown.push(value);
                    None
                }
            }
        };
        match because {
            None => survivors.winners.push(place),
            Some(because) => survivors.losers.push((place, because)),
        }
    }
    survivors
}

/// Whether `no` takes `claim` away: a stronger source does so for good, an equal one until it says otherwise.
fn takes_away(definition: &PropertyDefinition, no: &Claim, claim: &Claim) -> bool {
    let concerns = match (&no.assertion, &claim.assertion) {
        (Assertion::Empty, Assertion::Is(_)) => true,
        (Assertion::IsNot(taken), Assertion::Is(value)) => taken == value,
        _ => false,
    };
    let (theirs, ours) = (trust(definition, no), trust(definition, claim));
    concerns && (theirs > ours || (theirs == ours && no.last_observed >= claim.last_observed))
}

/// Why `claim` lost to `winner`, in words.
fn lost_to(definition: &PropertyDefinition, winner: &Claim, claim: &Claim) -> String {
    let who = &winner.source;
    match definition.resolve {
        Strategy::MostTrusted if trust(definition, winner) > trust(definition, claim) => {
            format!("{who} is trusted more")
        }
        Strategy::MostTrusted | Strategy::Latest if winner.last_observed > claim.last_observed => {
            format!("{who} said something else later")
        }
        Strategy::Oldest if winner.first_observed < claim.first_observed => {
            format!("{who} said something else earlier")
        }
        Strategy::Longest => format!("what {who} says is longer"),
        Strategy::HighestConfidence if winner.confidence > claim.confidence => format!("{who} is surer"),
        _ if claim.source.kind() == SourceKind::Plugin => format!("{who} beats enrichment"),
        _ => format!("{who} stands before it in the order of claims"),
    }
}
