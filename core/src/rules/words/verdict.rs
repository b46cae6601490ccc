//! Verdicts: yes, perhaps, no, always with a reason.

use rhai::{Engine, ImmutableString};

use super::Answer;
use crate::rules::Verdict;

pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Verdict>("verdict");
    for (word, verdict) in [
        ("yes", (|why| Verdict::Yes { why }) as fn(String) -> Verdict),
        ("perhaps", |why| Verdict::Perhaps { why }),
        ("no", |why| Verdict::No { why }),
    ] {
        // The reason is what an agent reads in the history, so there is no verdict without one.
        let wanted =
            move || Err(format!("`{word}` needs a reason, such as {word}(\"same e-mail address\")").into());
        engine.register_fn(word, move |why: ImmutableString| -> Answer<Verdict> {
            let why = why.trim();
            if why.is_empty() { wanted() } else { Ok(verdict(why.to_owned())) }
        });
        engine.register_fn(word, move || -> Answer<Verdict> { wanted() });
    }
    engine.register_fn("to_string", |verdict: &mut Verdict| verdict.to_string());
    engine.register_fn("to_debug", |verdict: &mut Verdict| verdict.to_string());
}
