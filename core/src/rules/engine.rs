//! The engine: which packages, which limits, and what does not exist for a script.

use rhai::{
    AST, Dynamic, Engine, ParseError, Scope,
    packages::{
        ArithmeticPackage, BasicArrayPackage, BasicFnPackage, BasicIteratorPackage, BasicMapPackage,
        BasicMathPackage, BasicStringPackage, LogicPackage, MoreStringPackage, Package,
    },
};

use super::{budget, modules::Modules, words};

/// The names by which a declaration says which claim wins.
const STRATEGIES: [&str; 6] = ["most_trusted", "latest", "oldest", "longest", "all", "surest"];

/// The names by which a rule asks for the time.
const TIMES: [&str; 2] = ["now", "today"];

/// An engine without any effect: a script can compute an answer and nothing else.
///
/// There is no `eval`, no printing, no clock, no sleeping, no file and no socket.
pub(super) fn pure(modules: Modules) -> Engine {
    let mut engine = Engine::new_raw();
    LogicPackage::new().register_into_engine(&mut engine);
    ArithmeticPackage::new().register_into_engine(&mut engine);
    BasicStringPackage::new().register_into_engine(&mut engine);
    MoreStringPackage::new().register_into_engine(&mut engine);
    BasicArrayPackage::new().register_into_engine(&mut engine);
    BasicMapPackage::new().register_into_engine(&mut engine);
    BasicIteratorPackage::new().register_into_engine(&mut engine);
    BasicMathPackage::new().register_into_engine(&mut engine);
    BasicFnPackage::new().register_into_engine(&mut engine);

    engine.disable_symbol("eval").disable_symbol("print").disable_symbol("debug");
    engine.set_strict_variables(true);
    engine
        .set_max_call_levels(24)
        .set_max_expr_depths(64, 32)
        .set_max_variables(64)
        .set_max_functions(500)
        .set_max_modules(50)
        .set_max_string_size(64 * 1024)
        .set_max_array_size(10_000)
        .set_max_map_size(1_000);
    engine.on_progress(|_| if budget::spend() { None } else { Some(Dynamic::UNIT) });
    engine.set_module_resolver(modules);
    tell_the_time(&mut engine);
    words::register(&mut engine);
    engine
}

/// Compiles a script so that its errors name it.
pub(super) fn compile(engine: &Engine, file: &str, text: &str) -> Result<AST, ParseError> {
    let mut names = known_names();
    for name in TIMES {
        // No constant, or the optimiser would put the placeholder in its place.
        names.push(name, ());
    }
    let mut ast = engine.compile_with_scope(&names, text)?;
    ast.set_source(file);
    Ok(ast)
}

/// What a script may name without defining it.
pub(super) fn known_names() -> Scope<'static> {
    let mut scope = Scope::new();
    for name in STRATEGIES {
        scope.push_constant(name, name);
    }
    scope
}

/// `now` and `today` are what the caller says, also inside functions, which see no variable from outside.
fn tell_the_time(engine: &mut Engine) {
    #[expect(
        deprecated,
        reason = "the engine marks what it may still change by this; there is no other way"
    )]
    engine.on_var(|name, _, context| {
        if !TIMES.contains(&name) || context.scope().contains(name) {
            return Ok(None);
        }
        match words::Moment::now() {
            Some(now) => Ok(Some(Dynamic::from(if name == "today" { now.start_of_day() } else { now }))),
            None => Err(format!("`{name}` is known while a rule runs, not while the file is read").into()),
        }
    });
}
