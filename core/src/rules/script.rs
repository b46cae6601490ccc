//! A loaded script, and how one of its functions is called.

use std::sync::Arc;

use rhai::{
    AST, Array, Dynamic, Engine, EvalAltResult, FnPtr, GlobalRuntimeState, Map, Module, NativeCallContext,
    Position, Scope, Shared,
};

use super::{
    RuleError,
    budget::{Allowance, Budget},
    faults,
    sources::Sources,
};
use crate::model::Timestamp;

/// A script whose top level ran once. Its functions carry what they import and the constants beside them.
pub(super) struct Script {
    file: String,
    module: Shared<Module>,
    /// What a call starts from; it is copied for every call and never changed.
    state: GlobalRuntimeState,
    sources: Arc<Sources>,
}

/// A function of a script that can be called from outside.
#[derive(Clone, Debug)]
pub(super) struct Function {
    pointer: FnPtr,
    /// What it is called when something goes wrong: `resolve`, or the property it computes.
    pub(super) name: String,
    /// Where it starts.
    pub(super) position: Position,
}

impl Function {
    /// The line where it starts.
    pub(super) fn line(&self) -> usize {
        self.position.line().unwrap_or(1)
    }
}

impl Script {
    /// Runs the top level of a script once.
    pub(super) fn run(
        engine: &Engine,
        file: &str,
        ast: &AST,
        scope: Scope<'static>,
        sources: &Arc<Sources>,
    ) -> Result<Self, RuleError> {
        let module = guarded(Allowance::FILE, None, || Module::eval_ast_as_new(scope, ast, engine))
            .map_err(|fault| fault.named(file, "the script", Position::NONE, sources))?;
        let module: Shared<Module> = module.into();
        let mut state = engine.new_global_runtime_state();
        state.lib.push(Shared::clone(&module));
        state.source = Some(file.into());
        Ok(Self { file: file.to_owned(), module, state, sources: Arc::clone(sources) })
    }

    /// The script's name.
    pub(super) fn file(&self) -> &str {
        &self.file
    }

    /// The function of this name with so many parameters.
    pub(super) fn function(&self, name: &str, parameters: usize) -> Option<Function> {
        let definition = self.module.get_script_fn(name, parameters)?;
        let position = definition.body.start_position();
        Some(Function { pointer: FnPtr::from(Shared::clone(definition)), name: name.to_owned(), position })
    }

    /// A function given to a declaration.
    pub(super) fn closure(&self, name: &str, mut pointer: FnPtr, declared: Position) -> Function {
        let parameters = pointer.curry().len() + 1;
        let definition = self.module.get_script_fn(pointer.fn_name(), parameters);
        let position = definition.map_or(declared, |definition| definition.body.start_position());
        // A captured variable is shared with every call; copied apart, no call can leave a trace for the next.
        pointer.iter_curry_mut().for_each(detach);
        Function { pointer, name: name.to_owned(), position }
    }

    /// Calls a function within the budget of a rule.
    pub(super) fn call(
        &self,
        engine: &Engine,
        function: &Function,
        arguments: impl AsMut<[Dynamic]>,
        now: Timestamp,
    ) -> Result<Dynamic, RuleError> {
        let name = function.pointer.fn_name();
        let context =
            NativeCallContext::new_with_all_fields(engine, name, None, &self.state, function.position);
        guarded(Allowance::RULE, Some(now), || function.pointer.call_raw(&context, None, arguments))
            .map_err(|fault| fault.named(&self.file, &function.name, function.position, &self.sources))
    }
}

/// What went wrong, before it is known whose fault it is.
pub(super) enum Fault {
    UsedUp(super::Limit),
    Failed(Box<EvalAltResult>),
}

impl Fault {
    /// Says whose fault it is.
    pub(super) fn named(
        self,
        file: &str,
        function: &str,
        position: Position,
        sources: &Sources,
    ) -> RuleError {
        match self {
            Self::UsedUp(limit) => RuleError::UsedUp {
                script: file.to_owned(),
                line: position.line().unwrap_or(1),
                function: function.to_owned(),
                limit,
            },
            Self::Failed(error) => RuleError::Failed(faults::describe(*error, file, position, sources)),
        }
    }
}

/// Runs something within a budget. What ended well after its budget was used up did not end well.
pub(super) fn guarded<T>(
    allowance: Allowance,
    now: Option<Timestamp>,
    run: impl FnOnce() -> Result<T, Box<EvalAltResult>>,
) -> Result<T, Fault> {
    let budget = Budget::start(allowance, now);
    let result = run();
    match (budget.used_up(), result) {
        (Some(limit), _) => Err(Fault::UsedUp(limit)),
        (None, result) => result.map_err(Fault::Failed),
    }
}

/// Copies shared values apart, however deep they lie.
fn detach(value: &mut Dynamic) {
    if value.is_shared() {
        *value = value.flatten_clone();
    }
    if let Some(mut array) = value.write_lock::<Array>() {
        array.iter_mut().for_each(detach);
    } else if let Some(mut map) = value.write_lock::<Map>() {
        map.values_mut().for_each(detach);
    } else if let Some(mut pointer) = value.write_lock::<FnPtr>() {
        pointer.iter_curry_mut().for_each(detach);
    }
}
