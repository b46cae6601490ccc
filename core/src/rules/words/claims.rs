//! Claims about one property, and the words that choose among them.
//!
//! Every word answers with claims or, where none fits, with nothing; so `claims.from("crm") ?? claims.latest()`
//! reads as it is meant. A script can choose among claims and cannot make one.

use std::sync::Arc;

use rhai::{Dynamic, Engine, EvalAltResult, FnPtr, ImmutableString, NativeCallContext};

use super::{Answer, Moment, to_script};
use crate::{
    model::{Cardinality, Claim, PropertyDefinition, Strategy},
    rules::budget,
    view::survive,
};

/// What a script is asked to choose from.
pub(in crate::rules) struct Offered {
    pub(in crate::rules) definition: PropertyDefinition,
    pub(in crate::rules) claims: Vec<Claim>,
}

/// Some of the claims about one property, best first; never none of them.
#[derive(Clone)]
pub(in crate::rules) struct Claims {
    of: Arc<Offered>,
    places: Arc<[usize]>,
    chosen_at: Option<(ImmutableString, usize)>,
}

impl Claims {
    /// All claims that are offered.
    pub(in crate::rules) fn new(of: Offered) -> Self {
        let places = (0..of.claims.len()).collect();
        Self { of: Arc::new(of), places, chosen_at: None }
    }

    /// The places of the chosen claims among those offered.
    pub(in crate::rules) fn places(&self) -> &[usize] {
        &self.places
    }

    /// The script and line that chose.
    pub(in crate::rules) fn chosen_at(&self) -> Option<(&str, usize)> {
        self.chosen_at.as_ref().map(|(script, line)| (script.as_str(), *line))
    }

    fn claims(&self) -> impl Iterator<Item = &Claim> {
        self.places.iter().map(|place| &self.of.claims[*place])
    }

    fn choose(&self, context: &NativeCallContext, places: Vec<usize>) -> Dynamic {
        if places.is_empty() {
            return Dynamic::UNIT;
        }
        let script = context.call_source().unwrap_or_default();
        let line = context.call_position().line().unwrap_or(0);
        Dynamic::from(Self {
            of: Arc::clone(&self.of),
            places: places.into(),
            chosen_at: Some((script.into(), line)),
        })
    }

    /// The winners among `places` when `strategy` decides: the same order that decides without any script.
    fn ordered(&self, places: &[usize], strategy: Strategy, cardinality: Cardinality) -> Vec<usize> {
        budget::charge(places.len() * places.len() / 8);
        let definition = PropertyDefinition { resolve: strategy, cardinality, ..self.of.definition.clone() };
        let claims: Vec<&Claim> = places.iter().map(|place| &self.of.claims[*place]).collect();
        survive(&definition, &claims).winners.into_iter().map(|winner| places[winner]).collect()
    }

    fn best(&self, context: &NativeCallContext, strategy: Strategy) -> Dynamic {
        self.choose(context, self.ordered(&self.places, strategy, Cardinality::One))
    }

    /// Those from a source of this name, sort or both, such as `crm`, `import` or `import:crm`.
    fn of_source(&self, name: &str, wanted: bool) -> Vec<usize> {
        let is_from = |claim: &Claim| {
            let source = &claim.source;
            source.name() == name || source.kind().as_str() == name || source.to_string() == name
        };
        let places = self.places.iter().copied();
        places.filter(|place| is_from(&self.of.claims[*place]) == wanted).collect()
    }

    fn each(&self) -> Vec<Dynamic> {
        let one = |place: &usize| Self { places: Arc::new([*place]), ..self.clone() };
        self.places.iter().map(|place| Dynamic::from(one(place))).collect()
    }

    fn first<T>(&self, read: impl Fn(&Claim) -> T) -> Answer<T> {
        match self.claims().next() {
            Some(claim) => Ok(read(claim)),
            None => Err("there are no claims here".into()),
        }
    }
}

impl IntoIterator for Claims {
    type Item = Dynamic;
    type IntoIter = std::vec::IntoIter<Dynamic>;

    fn into_iter(self) -> Self::IntoIter {
        self.each().into_iter()
    }
}

pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Claims>("claims");
    engine.register_iterator::<Claims>();
    for (word, strategy) in [
        ("latest", Strategy::Latest),
        ("oldest", Strategy::Oldest),
        ("longest", Strategy::Longest),
        ("most_trusted", Strategy::MostTrusted),
        ("surest", Strategy::HighestConfidence),
    ] {
        engine.register_fn(word, move |context: NativeCallContext, claims: &mut Claims| {
            claims.best(&context, strategy)
        });
        engine.register_fn(word, |_: ()| Dynamic::UNIT);
    }
    engine.register_fn("all", |context: NativeCallContext, claims: &mut Claims| {
        claims.choose(&context, claims.ordered(&claims.places, Strategy::All, Cardinality::Many))
    });
    engine.register_fn("from", |context: NativeCallContext, claims: &mut Claims, source: ImmutableString| {
        let found = claims.of_source(&source, true);
        claims.choose(&context, claims.ordered(&found, Strategy::Latest, Cardinality::Many))
    });
    engine.register_fn(
        "except",
        |context: NativeCallContext, claims: &mut Claims, source: ImmutableString| {
            claims.choose(&context, claims.of_source(&source, false))
        },
    );
    engine.register_fn(
        "filter",
        |context: NativeCallContext, claims: &mut Claims, keep: FnPtr| -> Answer<Dynamic> {
            let mut kept = Vec::new();
            for (place, claim) in claims.places.iter().zip(claims.each()) {
                match keep.call_within_context::<Dynamic>(&context, (claim,))?.as_bool() {
                    Ok(true) => kept.push(*place),
                    Ok(false) => {}
                    Err(_) => return Err("the function given to `filter` has to answer yes or no".into()),
                }
            }
            Ok(claims.choose(&context, kept))
        },
    );
    engine.register_fn("all", |_: ()| Dynamic::UNIT);
    for word in ["from", "except"] {
        engine.register_fn(word, |_: (), _: ImmutableString| Dynamic::UNIT);
    }
    engine.register_fn("count", |claims: &mut Claims| claims.places.len() as i64);
    engine.register_fn("is_empty", |_: &mut Claims| false);
    engine.register_get("value", |claims: &mut Claims| {
        let kind = claims.of.definition.kind;
        claims.first(|claim| claim.assertion.value().map_or(Dynamic::UNIT, |value| to_script(value, kind)))
    });
    engine.register_get("source", |claims: &mut Claims| claims.first(|claim| claim.source.to_string()));
    engine.register_get("confidence", |claims: &mut Claims| {
        claims.first(|claim| i64::from(claim.confidence.as_percent()))
    });
    engine.register_get("first_observed", |claims: &mut Claims| {
        claims.first(|claim| Moment(claim.first_observed))
    });
    engine.register_get("last_observed", |claims: &mut Claims| {
        claims.first(|claim| Moment(claim.last_observed))
    });
    engine.register_fn("to_string", |claims: &mut Claims| -> Result<String, Box<EvalAltResult>> {
        Ok(format!("{} claims", claims.places.len()))
    });
}
