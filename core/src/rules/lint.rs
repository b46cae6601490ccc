//! What can be found out without running: functions and properties that do not exist, and two traps.

use std::collections::{BTreeMap, BTreeSet};

use rhai::{AST, ASTNode, Engine, Expr, FnCallExpr, Position, Stmt};

use super::{Problem, sources::Sources, subject, suggest};
use crate::model::Schema;

/// What a script may name.
pub(super) struct Known<'a> {
    /// None while the properties are not read yet.
    pub(super) schema: Option<&'a Schema>,
    pub(super) sources: &'a Sources,
    /// The functions of the engine.
    pub(super) functions: &'a BTreeSet<String>,
    /// The functions of each library, by what is imported, such as `lib/names`.
    pub(super) libraries: &'a BTreeMap<String, BTreeSet<String>>,
}

/// What the engine does itself, without a function of that name.
const KEYWORDS: [&str; 7] = ["Fn", "call", "curry", "is_def_var", "is_def_fn", "is_shared", "type_of"];

/// Names an administrator may know from elsewhere in the manual, and where they belong.
const ELSEWHERE: [(&str, &str); 4] = [
    ("property", "properties are defined in properties.rhai"),
    ("on", "scripts cannot react to events yet"),
    ("before_save", "scripts cannot take part in saving yet"),
    ("expect", "expectations stand in tests/"),
];

/// The functions that an engine knows.
pub(super) fn functions_of(engine: &Engine) -> BTreeSet<String> {
    engine.collect_fn_metadata(None, |info| Some(info.metadata.name.to_string()), true).into_iter().collect()
}

/// The functions that a script defines.
pub(super) fn functions_in(ast: &AST) -> BTreeSet<String> {
    ast.iter_functions().map(|function| function.name.to_owned()).collect()
}

/// Looks a script over.
pub(super) fn check(known: &Known<'_>, file: &str, ast: &AST) -> Vec<Problem> {
    let mut looking = Looking {
        known,
        file,
        own: functions_in(ast),
        imports: imports_of(ast),
        people: people_of(ast),
        problems: Vec::new(),
    };
    ast.walk(&mut |path: &[ASTNode]| {
        match path.last() {
            Some(ASTNode::Expr(expression)) => looking.expression(expression),
            Some(ASTNode::Stmt(statement)) => looking.statement(statement),
            _ => {}
        }
        true
    });
    looking.problems.sort_by_key(|problem| (problem.line, problem.column));
    looking.problems.dedup();
    looking.problems
}

/// Names that stand for people, and where they do; everywhere if nowhere in particular.
struct People {
    within: Option<(Position, Position)>,
    names: Vec<String>,
}

struct Looking<'a> {
    known: &'a Known<'a>,
    file: &'a str,
    own: BTreeSet<String>,
    imports: BTreeMap<String, String>,
    people: Vec<People>,
    problems: Vec<Problem>,
}

impl Looking<'_> {
    fn note(&mut self, position: Position, message: String) {
        self.problems.push(Problem::at(self.known.sources, self.file, position, message));
    }

    fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::FnCall(call, position) => self.call(call, *position),
            Stmt::Assignment(assignment) => {
                if let Some((property, position)) = self.property_of_person(&assignment.1.lhs) {
                    let copy = format!("`let {property} = …;`");
                    self.note(
                        position,
                        format!("a rule cannot change a person: work with a copy, such as {copy}"),
                    );
                }
            }
            _ => {}
        }
    }

    fn expression(&mut self, expression: &Expr) {
        match expression {
            Expr::FnCall(call, position) | Expr::MethodCall(call, position) => self.call(call, *position),
            Expr::Dot(..) => {
                if let Some(schema) = self.known.schema
                    && let Some((property, position)) = self.property_of_person(expression)
                    && schema.get(&property).is_none()
                    && !subject::FIGURES.contains(&property.as_str())
                {
                    let all = schema.iter().map(|definition| definition.key.as_str());
                    self.note(position, subject::unknown(&property, all));
                }
            }
            _ => {}
        }
    }

    fn call(&mut self, call: &FnCallExpr, position: Position) {
        let name = call.name.as_str();
        if call.op_token.is_some() {
            self.unknown_equals_unknown(call, position);
            return;
        }
        let is_name = name.starts_with(|c: char| c.is_alphabetic() || c == '_') && !name.contains('$');
        if !is_name {
            return;
        }
        if call.is_qualified() {
            let Some(root) = call.namespace.path.first().map(|root| root.as_str()) else { return };
            let Some(library) = self.imports.get(root) else { return };
            let Some(functions) = self.known.libraries.get(library) else { return };
            if !functions.contains(name) {
                let hint = suggest::hint(name, functions.iter().map(String::as_str));
                self.note(position, format!("`{library}` has no function {name}(){hint}"));
            }
            return;
        }
        let exists =
            self.own.contains(name) || self.known.functions.contains(name) || KEYWORDS.contains(&name);
        if exists {
            return;
        }
        let message = match ELSEWHERE.iter().find(|(word, _)| *word == name) {
            Some((_, where_else)) => format!("there is no function {name}() here: {where_else}"),
            None => {
                let known = self.own.iter().chain(self.known.functions).map(String::as_str);
                let words = known.filter(|known| known.chars().all(|c| c.is_alphanumeric() || c == '_'));
                format!("there is no function {name}(){}", suggest::hint(name, words))
            }
        };
        self.note(position, message);
    }

    /// `a.company == b.company` holds where both are unknown, and would make one person of two strangers.
    fn unknown_equals_unknown(&mut self, call: &FnCallExpr, position: Position) {
        if call.name != "==" && call.name != "!=" {
            return;
        }
        let [left, right] = call.args.as_slice() else { return };
        let (Some((one, _)), Some((other, _))) =
            (self.property_of_person(left), self.property_of_person(right))
        else {
            return;
        };
        if one == other && !subject::FIGURES.contains(&one.as_str()) {
            let word = if call.name == "==" { "shares" } else { "differs" };
            let message = format!(
                "two unknown values are equal: write a.{one}.{word}(b.{one}), which holds only for known ones"
            );
            self.note(position, message);
        }
    }

    /// The property in `person.property…`, where the name stands for a person.
    fn property_of_person(&self, expression: &Expr) -> Option<(String, Position)> {
        let Expr::Dot(dot, ..) = expression else { return None };
        let Expr::Variable(variable, ..) = &dot.lhs else { return None };
        let position = dot.lhs.position();
        let is_person = self.people.iter().any(|people| {
            people.within.is_none_or(|(from, to)| from <= position && position <= to)
                && people.names.iter().any(|name| *name == variable.1.as_str())
        });
        let part = match &dot.rhs {
            Expr::Dot(rest, ..) | Expr::Index(rest, ..) => &rest.lhs,
            other => other,
        };
        let Expr::Property(property, place) = part else { return None };
        is_person.then(|| (property.2.to_string(), *place))
    }
}

/// What each import is called, and what it imports.
fn imports_of(ast: &AST) -> BTreeMap<String, String> {
    let mut imports = BTreeMap::new();
    ast.walk(&mut |path: &[ASTNode]| {
        if let Some(ASTNode::Stmt(Stmt::Import(import, _))) = path.last()
            && let Expr::StringConstant(what, _) = &import.0
        {
            imports.insert(import.1.as_str().to_owned(), what.to_string());
        }
        true
    });
    imports
}

/// Where names stand for people: the parameters of `same_person` inside of it, and `person` everywhere,
/// as long as it is only ever a parameter.
fn people_of(ast: &AST) -> Vec<People> {
    let mut people = Vec::new();
    for definition in ast.iter_fn_def().filter(|definition| definition.name == "same_person") {
        let names = definition.params.iter().map(ToString::to_string).collect();
        let (from, to) = (definition.body.start_position(), definition.body.end_position());
        people.push(People { within: Some((from, to)), names });
    }
    let mut is_variable = false;
    ast.walk(&mut |path: &[ASTNode]| {
        if let Some(ASTNode::Stmt(Stmt::Var(variable, ..))) = path.last() {
            is_variable |= variable.0.as_str() == "person";
        }
        true
    });
    if !is_variable {
        people.push(People { within: None, names: vec!["person".into()] });
    }
    people
}
