//! The words of a script: what can be asked of values, moments and claims.

mod claims;
mod likeness;
mod moment;
mod translate;
mod values;
mod verdict;

pub(super) use claims::{Claims, Offered};
pub(super) use likeness::alike;
pub(super) use moment::Moment;
pub(super) use translate::{from_script, sort_of, to_script, value_of};
pub(super) use values::Values;

/// What a word answers, or why it cannot.
type Answer<T> = Result<T, Box<rhai::EvalAltResult>>;

/// Makes the words known to an engine.
pub(super) fn register(engine: &mut rhai::Engine) {
    values::register(engine);
    moment::register(engine);
    claims::register(engine);
    verdict::register(engine);
    likeness::register(engine);
}
