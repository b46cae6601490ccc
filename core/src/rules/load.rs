//! From texts to rules: compile, read declarations, look over, run the golden cases.
//!
//! A set with any problem is no set. All problems of one step are reported together.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use rhai::{AST, Engine, ModuleResolver, Position};

use super::{
    IdentityPolicy, Problem, RuleError, Rules, Runtime,
    declare::{self, Declared},
    engine, faults, golden,
    lint::{self, Known},
    modules::Modules,
    script::Script,
    sources::Sources,
    subject,
};
use crate::model::Schema;

const PROPERTIES: &str = "properties.rhai";
const IDENTITY: &str = "identity.rhai";

/// Makes rules of texts.
pub(super) fn load(sources: Sources) -> Result<Rules, Vec<Problem>> {
    let sources = Arc::new(sources);
    let modules = Modules::new(Arc::clone(&sources));
    let declared = Arc::new(Mutex::new(Declared::new(Arc::clone(&sources))));
    let mut declaring = engine::pure(modules.clone());
    declare::register(&mut declaring, &declared);

    let compiled = compile(&declaring, &sources)?;
    let empty = AST::empty();
    let ast_of = |file: &str| compiled.get(file).unwrap_or(&empty);
    // Names first: a misspelt word in a declaration is found where it stands, not where it bites.
    let libraries = libraries_of(&compiled);
    let functions = lint::functions_of(&declaring);
    let known = |schema, functions| Known { schema, sources: &sources, functions, libraries: &libraries };
    refuse(lint::check(&known(None, &functions), PROPERTIES, ast_of(PROPERTIES)))?;
    let properties = Script::run(&declaring, PROPERTIES, ast_of(PROPERTIES), engine::known_names(), &sources)
        .map_err(|error| vec![problem(&sources, error)])?;
    let (schema, policy, computed) = take(&declared)?;

    let mut pure = engine::pure(modules.clone());
    subject::register(&mut pure, &schema);
    let mut testing = engine::pure(modules.clone());
    golden::register_names(&mut testing);
    let mut problems = Vec::new();
    let (rule_words, test_words) = (lint::functions_of(&pure), lint::functions_of(&testing));
    for (file, ast) in &compiled {
        let functions = match file.as_str() {
            PROPERTIES => &functions,
            test if test.starts_with("tests/") => &test_words,
            _ => &rule_words,
        };
        problems.append(&mut lint::check(&known(Some(&schema), functions), file, ast));
    }
    refuse(problems)?;

    // Every library is made now, so that an import while a rule runs only ever finds what is there.
    for library in libraries.keys() {
        super::script::guarded(super::budget::Allowance::FILE, None, || {
            modules.resolve(&pure, None, library, Position::NONE).map(drop)
        })
        .map_err(|fault| {
            vec![problem(
                &sources,
                fault.named(&format!("{library}.rhai"), "the script", Position::NONE, &sources),
            )]
        })?;
    }
    let identity = Script::run(&pure, IDENTITY, ast_of(IDENTITY), engine::known_names(), &sources)
        .map_err(|error| vec![problem(&sources, error)])?;
    refuse(wrong_parameters(ast_of(IDENTITY), &sources))?;

    let computed = computed
        .into_iter()
        .map(|(key, (pointer, position))| {
            let function = properties.closure(key.as_str(), pointer, position);
            (key, function)
        })
        .collect();
    let rules = Arc::new(Rules {
        hash: sources.hash(),
        schema,
        policy,
        runtime: Some(Runtime {
            same_person: identity.function("same_person", 2),
            resolve: identity.function("resolve", 2),
            engine: pure,
            properties,
            identity,
            computed,
        }),
        sources: Arc::clone(&sources),
    });
    let tests = compiled.iter().filter(|(file, _)| file.starts_with("tests/"));
    refuse(golden::run(&rules, testing, tests, &sources))?;
    Arc::into_inner(rules)
        .ok_or_else(|| vec![Problem::of_file("tests", "a golden case kept hold of the rules")])
}

fn refuse(problems: Vec<Problem>) -> Result<(), Vec<Problem>> {
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn problem(sources: &Sources, error: RuleError) -> Problem {
    match error {
        RuleError::Failed(problem) => problem,
        RuleError::UsedUp { ref script, line, .. } => {
            let message = error.to_string();
            let message = message.split_once(": ").map_or(message.as_str(), |(_, what)| what);
            let position = u16::try_from(line).map_or(Position::NONE, |line| Position::new(line, 1));
            Problem::at(sources, script, position, message)
        }
    }
}

/// Compiles every file that has a place in a set of scripts.
fn compile(engine: &Engine, sources: &Sources) -> Result<BTreeMap<String, AST>, Vec<Problem>> {
    let (mut compiled, mut problems) = (BTreeMap::new(), Vec::new());
    for (file, text) in sources.iter() {
        let has_a_place =
            [PROPERTIES, IDENTITY].contains(&file) || file.starts_with("lib/") || file.starts_with("tests/");
        if !has_a_place {
            let message =
                format!("nothing would run it: rules stand in {PROPERTIES}, {IDENTITY}, lib/ and tests/");
            problems.push(Problem::of_file(file, message));
            continue;
        }
        match engine::compile(engine, file, text) {
            Ok(ast) => drop(compiled.insert(file.to_owned(), ast)),
            Err(error) => problems.push(faults::parsing(&error, file, sources)),
        }
    }
    if problems.is_empty() { Ok(compiled) } else { Err(problems) }
}

/// The functions of each library, by what is imported.
fn libraries_of(compiled: &BTreeMap<String, AST>) -> BTreeMap<String, BTreeSet<String>> {
    let libraries = compiled.iter().filter(|(file, _)| file.starts_with("lib/"));
    libraries
        .map(|(file, ast)| (file.trim_end_matches(".rhai").to_owned(), lint::functions_in(ast)))
        .collect()
}

type Computed = BTreeMap<crate::model::PropertyKey, (rhai::FnPtr, Position)>;

/// What was declared, or what is wrong with it.
fn take(declared: &Mutex<Declared>) -> Result<(Schema, IdentityPolicy, Computed), Vec<Problem>> {
    let mut declared = declared.lock().unwrap_or_else(PoisonError::into_inner);
    refuse(std::mem::take(&mut declared.problems))?;
    Ok((declared.schema.clone(), declared.policy.clone(), std::mem::take(&mut declared.computed)))
}

/// A function of the right name with other parameters would silently never be asked.
fn wrong_parameters(identity: &AST, sources: &Sources) -> Vec<Problem> {
    let expected = [("same_person", "same_person(a, b)"), ("resolve", "resolve(property, claims)")];
    let wrong = identity.iter_fn_def().filter_map(|definition| {
        let (_, signature) = expected.iter().find(|(name, _)| *name == definition.name)?;
        if definition.params.len() == 2 {
            return None;
        }
        let message = format!("this function is asked as {signature}");
        Some(Problem::at(sources, IDENTITY, definition.body.start_position(), message))
    });
    wrong.collect()
}
