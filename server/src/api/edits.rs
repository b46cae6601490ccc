//! From a merge patch (RFC 7396) to what the engine is asked to change.

use serde_json::{Map, Value as Json};
use whom_core::{
    engine::Edit,
    model::{Assertion, Cardinality, PropertyKey, Schema, Value},
    view::ProfileView,
};

use crate::problem::Problem;

/// The edits that a patch means.
///
/// A property with one value takes a value, or null for none. A property with many takes the list that
/// it is to show: what is new is claimed, what is missing from the list is taken away.
pub(crate) fn edits_of(
    patch: &Map<String, Json>,
    view: Option<&ProfileView>,
    schema: &Schema,
    pointer: &str,
) -> Result<Vec<Edit>, Problem> {
    let mut edits = Vec::new();
    for (name, given) in patch {
        let property: PropertyKey = name.parse().map_err(|why: String| {
            Problem::invalid("a property has no such name").at(format!("{pointer}/{name}"), why)
        })?;
        let definition = schema.get_or_free(&property);
        let shown: Vec<&Value> = view
            .and_then(|view| view.field(name))
            .map_or_else(Vec::new, |field| field.values.iter().map(|shown| &shown.value).collect());
        let mut push = |assertion| edits.push(Edit { property: property.clone(), assertion });
        match definition.cardinality {
            Cardinality::One => match Value::from_json(given) {
                Some(value) if shown.first() == Some(&&value) => {}
                Some(value) => push(Assertion::Is(value)),
                None if view.is_some() => push(Assertion::Empty),
                None => {}
            },
            Cardinality::Many => {
                let wanted: Vec<Value> = match given {
                    Json::Array(items) => items.iter().filter_map(Value::from_json).collect(),
                    one => Value::from_json(one).into_iter().collect(),
                };
                for gone in shown.iter().filter(|value| !wanted.contains(value)) {
                    push(Assertion::IsNot((*gone).clone()));
                }
                for new in wanted.iter().filter(|value| !shown.contains(value)) {
                    push(Assertion::Is(new.clone()));
                }
            }
        }
    }
    Ok(edits)
}
