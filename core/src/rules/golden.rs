//! Golden cases: `expect(same_person(#{ email: ["a@x"] }, #{ email: ["a@x"] })).yes();`
//!
//! They stand in `tests/` and run whenever rules are loaded. A set that breaks one is not put in force.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use rhai::{
    AST, Array, Dynamic, Engine, EvalAltResult, FnPtr, ImmutableString, Map, NativeCallContext, Position,
};

use super::{
    Person, Problem, Rules, Verdict,
    budget::Allowance,
    engine, faults,
    script::{Fault, guarded},
    sources::Sources,
    subject,
    words::{Moment, value_of},
};
use crate::model::{
    Assertion, Claim, Confidence, ContactId, Evidence, IdKey, ProfileId, ProfileKind, Source, Timestamp,
    Value,
};

type Answer<T> = Result<T, Box<EvalAltResult>>;

/// The moment at which golden cases take place: 2026-01-01.
const NOW: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// What a golden case found, waiting to be compared.
#[derive(Clone)]
struct Found(Dynamic);

/// The words of golden cases, for looking a file over before the rules are there.
pub(super) fn register_names(engine: &mut Engine) {
    engine.register_type_with_name::<Found>("what was found");
    engine.register_fn("expect", |found: Dynamic| Found(found));
    engine.register_fn("to_be", |found: &mut Found, wanted: Dynamic| same(&found.0, &wanted));
    engine.register_fn("to_be_unknown", |found: &mut Found| same(&found.0, &Dynamic::UNIT));
    for word in ["yes", "perhaps", "no"] {
        engine.register_fn(word, move |found: &mut Found| verdict(&found.0, word, None));
        engine.register_fn(word, move |found: &mut Found, why: ImmutableString| {
            verdict(&found.0, word, Some(why.as_str()))
        });
    }
    let nothing = |_: Dynamic, _: Dynamic| Dynamic::UNIT;
    for word in ["same_person", "resolve", "compute", "example"] {
        engine.register_fn(word, nothing);
    }
}

/// Runs the golden cases and tells which fail.
pub(super) fn run<'a>(
    rules: &Arc<Rules>,
    mut engine: Engine,
    tests: impl Iterator<Item = (&'a String, &'a AST)>,
    sources: &Arc<Sources>,
) -> Vec<Problem> {
    let problems = Arc::new(Mutex::new(Vec::new()));
    register_rules(&mut engine, rules);
    register_example(&mut engine, &problems, sources);
    for (file, ast) in tests {
        let mut scope = engine::known_names();
        let result = guarded(Allowance::FILE, Some(NOW), || engine.run_ast_with_scope(&mut scope, ast));
        if let Err(fault) = result {
            let problem = match fault {
                Fault::Failed(error) => faults::describe(*error, file, Position::NONE, sources),
                Fault::UsedUp(limit) => Problem::of_file(file, format!("the cases used up their {limit}")),
            };
            problems.lock().unwrap_or_else(PoisonError::into_inner).push(problem);
        }
    }
    let mut problems = problems.lock().unwrap_or_else(PoisonError::into_inner);
    std::mem::take(&mut *problems)
}

/// The rules under test.
fn register_rules(engine: &mut Engine, rules: &Arc<Rules>) {
    let asked = Arc::clone(rules);
    engine.register_fn("same_person", move |a: Map, b: Map| -> Answer<Verdict> {
        let (a, b) = (person(&asked, &a)?, person(&asked, &b)?);
        asked.same_person(&a, &b, NOW).map_err(|error| error.in_full().into())
    });
    let asked = Arc::clone(rules);
    engine.register_fn("compute", move |property: ImmutableString, given: Map| -> Answer<Dynamic> {
        let definition = asked.schema().get(&property).filter(|definition| definition.computed);
        let Some(definition) = definition else {
            return Err(format!("`{property}` is no computed property").into());
        };
        let value =
            asked.compute(definition, &person(&asked, &given)?, NOW).map_err(|error| error.in_full())?;
        Ok(value.map_or(Dynamic::UNIT, |value| super::words::to_script(&value, definition.kind)))
    });
    let asked = Arc::clone(rules);
    engine.register_fn("resolve", move |property: ImmutableString, given: Array| -> Answer<Dynamic> {
        let key = property.parse().map_err(|why: String| why)?;
        let definition = asked.schema().get_or_free(&key);
        let claims =
            given.iter().map(|given| claim(&definition.key, given)).collect::<Answer<Vec<Claim>>>()?;
        let borrowed: Vec<&Claim> = claims.iter().collect();
        let winners = match asked.resolve(&definition, &borrowed) {
            Some(choice) => choice.map_err(|error| error.in_full())?.winners,
            None => crate::view::survive(&definition, &borrowed).winners,
        };
        let shown = |place: &usize| {
            let value = claims[*place].assertion.value();
            value.map_or(Dynamic::UNIT, |value| super::words::to_script(value, definition.kind))
        };
        if definition.cardinality == crate::model::Cardinality::One {
            return Ok(winners.first().map_or(Dynamic::UNIT, shown));
        }
        Ok(winners.iter().map(shown).collect::<Array>().into())
    });
}

/// `example("what it shows", || …)`: the others run even where this one fails.
fn register_example(engine: &mut Engine, problems: &Arc<Mutex<Vec<Problem>>>, sources: &Arc<Sources>) {
    let (problems, sources) = (Arc::clone(problems), Arc::clone(sources));
    engine.register_fn("example", move |context: NativeCallContext, name: ImmutableString, run: FnPtr| {
        if let Err(error) = run.call_within_context::<Dynamic>(&context, ()) {
            let file = context.call_source().unwrap_or_default();
            let mut problem = faults::describe(*error, file, context.call_position(), &sources);
            problem.message = format!("{name}: {}", problem.message);
            problems.lock().unwrap_or_else(PoisonError::into_inner).push(problem);
        }
    });
}

/// A person from `#{ email: ["a@x"], last_seen: "2025-12-01" }`.
fn person(rules: &Rules, given: &Map) -> Answer<Person> {
    let mut person = Person {
        id: ProfileId::from_bytes([0; 10]),
        values: BTreeMap::new(),
        kind: ProfileKind::Customer,
        first_seen: NOW,
        last_seen: NOW,
        messages: 0,
        events: 0,
    };
    for (name, value) in given {
        let count =
            || value.as_int().ok().and_then(|count| u64::try_from(count).ok()).ok_or("a count is a number");
        match name.as_str() {
            "messages" => person.messages = count()?,
            "events" => person.events = count()?,
            "first_seen" => person.first_seen = moment(value)?,
            "last_seen" => person.last_seen = moment(value)?,
            "is_visitor" if value.as_bool() == Ok(true) => person.kind = ProfileKind::Visitor,
            "is_visitor" => {}
            name => {
                let Some(definition) = rules.schema().get(name) else {
                    let properties = rules.schema().iter().map(|definition| definition.key.as_str());
                    return Err(subject::unknown(name, properties).into());
                };
                let values = match value_of(value) {
                    Some(Value::List(values)) => values,
                    other => other.into_iter().collect(),
                };
                person.values.insert(definition.key.clone(), values);
            }
        }
    }
    Ok(person)
}

/// A claim from `#{ value: "Acme", from: "import:crm", at: "2025-12-01", confidence: 80 }`.
fn claim(property: &crate::model::PropertyKey, given: &Dynamic) -> Answer<Claim> {
    let wanted = "a claim is written #{ value: \"Acme\", from: \"import:crm\", at: \"2025-12-01\" }";
    let given = given.read_lock::<Map>().ok_or(wanted)?;
    let value = given.get("value").and_then(value_of).ok_or(wanted)?;
    let source: Source = match given.get("from") {
        Some(source) => source.to_string().parse().map_err(|why: String| why)?,
        None => return Err(wanted.into()),
    };
    let observed = given.get("at").map_or(Ok(NOW), moment)?;
    let confidence = given.get("confidence").and_then(|given| given.as_int().ok()).unwrap_or(100);
    Ok(Claim::new(
        &IdKey::from_bytes([0; 32]),
        ContactId::from_bytes([0; 10]),
        property.clone(),
        Assertion::Is(value),
        source,
        Confidence::percent(u8::try_from(confidence).unwrap_or(100)),
        Evidence::Word,
        observed,
        observed,
    ))
}

fn moment(given: &Dynamic) -> Answer<Timestamp> {
    match given.read_lock::<Moment>() {
        Some(moment) => Ok(moment.0),
        None => Timestamp::parse(&given.to_string()).map_err(|error| error.to_string().into()),
    }
}

fn verdict(found: &Dynamic, word: &str, why: Option<&str>) -> Answer<()> {
    let Some(verdict) = found.read_lock::<Verdict>() else {
        return Err(format!("expected `{word}`, and it is no verdict").into());
    };
    let is_it = matches!(
        (word, &*verdict),
        ("yes", Verdict::Yes { .. }) | ("perhaps", Verdict::Perhaps { .. }) | ("no", Verdict::No { .. })
    );
    if is_it && why.is_none_or(|why| why == verdict.why()) {
        return Ok(());
    }
    let wanted = why.map_or_else(|| word.to_owned(), |why| format!("{word}: {why}"));
    Err(format!("expected `{wanted}`, and the rules say `{}`", *verdict).into())
}

fn same(found: &Dynamic, wanted: &Dynamic) -> Answer<()> {
    let (found, mut wanted) = (value_of(found), value_of(wanted));
    // A date is written as a text.
    if let (Some(Value::Moment(_)), Some(Value::Text(text))) = (&found, &wanted)
        && let Ok(moment) = Timestamp::parse(text)
    {
        wanted = Some(Value::Moment(moment));
    }
    if found == wanted {
        return Ok(());
    }
    let say = |value: Option<Value>| value.map_or_else(|| "unknown".to_owned(), |value| value.to_string());
    Err(format!("expected `{}`, and it is `{}`", say(wanted), say(found)).into())
}
