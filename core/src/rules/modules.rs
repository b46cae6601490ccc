//! Imports: scripts import `lib/…` of their own set and nothing else.
//!
//! The resolver knows only texts that were read when the set was loaded, so there is no path it could be
//! talked into opening.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use rhai::{Engine, EvalAltResult, Module, ModuleResolver, Position, Scope, Shared};

use super::{engine, sources::Sources, suggest};

/// The modules of one set of scripts.
#[derive(Clone)]
pub(super) struct Modules {
    sources: Arc<Sources>,
    made: Arc<Mutex<BTreeMap<String, Making>>>,
}

#[derive(Clone)]
enum Making {
    /// It is being made: importing it now would go round in a circle.
    Begun,
    Done(Shared<Module>),
}

impl Modules {
    pub(super) fn new(sources: Arc<Sources>) -> Self {
        Self { sources, made: Arc::default() }
    }

    fn state(&self, name: &str) -> Option<Making> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    fn set(&self, name: &str, making: Option<Making>) {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        match making {
            Some(making) => made.insert(name.to_owned(), making),
            None => made.remove(name),
        };
    }
}

impl ModuleResolver for Modules {
    fn resolve(
        &self,
        engine: &Engine,
        _source: Option<&str>,
        path: &str,
        position: Position,
    ) -> Result<Shared<Module>, Box<EvalAltResult>> {
        // The text of "module not found" would be replaced by the engine; that of a run-time error stays.
        let refuse = |why: String| Err(Box::new(EvalAltResult::ErrorRuntime(why.into(), position)));
        let is_name = |name: &str| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        };
        if !path.strip_prefix("lib/").is_some_and(is_name) {
            return refuse(format!("`{path}` cannot be imported: imports are written \"lib/name\""));
        }
        let file = format!("{path}.rhai");
        match self.state(path) {
            Some(Making::Done(module)) => return Ok(module),
            Some(Making::Begun) => return refuse(format!("`{path}` imports itself, perhaps through others")),
            None => {}
        }
        let Some(text) = self.sources.get(&file) else {
            let libraries = self
                .sources
                .iter()
                .filter(|(name, _)| name.starts_with("lib/"))
                .map(|(name, _)| &name[..name.len() - 5]);
            return refuse(format!("there is no script `{file}`{}", suggest::hint(path, libraries)));
        };
        self.set(path, Some(Making::Begun));
        let module = engine::compile(engine, &file, text)
            .map_err(|error| Box::new(EvalAltResult::from(error)))
            .and_then(|ast| Module::eval_ast_as_new(Scope::new(), &ast, engine))
            .map_err(|error| Box::new(EvalAltResult::ErrorInModule(file, error, position)));
        self.set(path, module.as_ref().ok().map(|module| Making::Done(module.clone().into())));
        module.map(Into::into)
    }
}
