//! The engine's errors in the words of people who write rules.

use rhai::{EvalAltResult, ParseError, Position};

use super::{Problem, sources::Sources};

/// An error of the parser.
pub(super) fn parsing(error: &ParseError, file: &str, sources: &Sources) -> Problem {
    Problem::at(sources, file, error.position(), sentence(&error.err_type().to_string()))
}

/// An error of a running script; `start` is where its function starts.
pub(super) fn describe(mut error: EvalAltResult, file: &str, start: Position, sources: &Sources) -> Problem {
    let mut file = file.to_owned();
    let mut trail = Vec::new();
    loop {
        match error {
            EvalAltResult::ErrorInFunctionCall(name, source, inner, position) => {
                // The outermost call is ours and not the script's.
                if !position.is_none() && position != start {
                    trail.push(format!("in {}, called at {file}{}", called(&name), place(position)));
                }
                if !source.is_empty() {
                    file = source;
                }
                error = *inner;
            }
            EvalAltResult::ErrorInModule(module, inner, position) => {
                if !position.is_none() {
                    trail.push(format!("imported at {file}{}", place(position)));
                }
                file = module;
                error = *inner;
            }
            _ => break,
        }
    }
    let position = error.take_position();
    let mut problem = Problem::at(sources, file, position, message(&error));
    trail.reverse();
    problem.trail = trail;
    problem
}

fn place(position: Position) -> String {
    position.line().map_or_else(String::new, |line| format!(":{line}"))
}

fn called(name: &str) -> String {
    if name.starts_with("anon$") { "a function without name".into() } else { format!("{name}()") }
}

fn message(error: &EvalAltResult) -> String {
    match error {
        EvalAltResult::ErrorRuntime(value, _) => value.to_string(),
        EvalAltResult::ErrorParsing(kind, _) => sentence(&kind.to_string()),
        EvalAltResult::ErrorFunctionNotFound(signature, _) => no_such_function(signature),
        EvalAltResult::ErrorDotExpr(text, _) => no_such_part(text),
        EvalAltResult::ErrorStackOverflow(_) => "functions call one another too deeply".into(),
        EvalAltResult::ErrorDataTooLarge(what, _) => format!("{} grew too large", large(what)),
        EvalAltResult::ErrorTooManyVariables(_) => "there are too many variables".into(),
        EvalAltResult::ErrorTooManyModules(_) => "there are too many imports".into(),
        other => sentence(&other.to_string()),
    }
}

/// Our messages start small; the engine's do not.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}

/// `alike (&str | ImmutableString | String, i64)` is how the engine says it.
fn no_such_function(signature: &str) -> String {
    let Some((name, parameters)) = signature.split_once('(') else {
        return format!("there is no function {}()", signature.trim());
    };
    let sorts: Vec<String> =
        parameters.trim_end_matches(')').split(',').map(|sort| plain(sort.trim())).collect();
    let name = name.trim();
    if let Some(property) = name.strip_prefix("get$").or_else(|| name.strip_prefix("set$")) {
        return format!("{} has no part \"{property}\"", sorts.join(", "));
    }
    format!("`{name}` does not take ({})", sorts.join(", "))
}

/// `Length of string`, `Size of array/BLOB`, `Size of object map` is how the engine says it.
fn large(what: &str) -> &str {
    match what {
        what if what.contains("string") => "a text",
        what if what.contains("array") => "a list",
        what if what.contains("map") => "a record",
        other => other,
    }
}

fn no_such_part(text: &str) -> String {
    // Unknown property 'x' - a getter is not registered for type 'several values'
    let mut quoted = text.split('\'').skip(1).step_by(2);
    match (quoted.next(), quoted.next()) {
        (Some(part), Some("person")) if text.contains("setter") => {
            format!("a rule cannot change a person: work with a copy, such as `let {part} = person.{part};`")
        }
        (Some(part), Some(sort)) => format!("{} has no part \"{part}\"", plain(sort)),
        _ => sentence(text),
    }
}

/// The sort of a value as people say it.
fn plain(sort: &str) -> String {
    let first = sort.split('|').next().unwrap_or_default().trim().trim_start_matches("&mut ");
    let word = match first {
        "&str" | "string" | "String" | "ImmutableString" | "char" => "text",
        "i64" | "f64" | "int" | "float" | "INT" | "FLOAT" => "number",
        "bool" => "yes or no",
        "()" => "unknown",
        "array" => "list",
        "map" => "record",
        "" => "",
        other => other,
    };
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_said_in_words() {
        assert_eq!(
            no_such_function("alike (&str | ImmutableString | String, i64)"),
            "`alike` does not take (text, number)"
        );
        assert_eq!(
            no_such_part("Unknown property 'x' - a getter is not registered for type 'several values'"),
            "several values has no part \"x\""
        );
    }
}
