//! `property("tier", #{ … })`: what a declaration may say, and what becomes of it.
//!
//! A declaration that is wrong is collected and not thrown, so that one look shows everything there is to mend.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use rhai::{Dynamic, Engine, FnPtr, ImmutableString, Map, NativeCallContext, Position};

use super::{IdentityPolicy, Problem, sources::Sources, subject::FIGURES, suggest, words::sort_of};
use crate::model::{
    Cardinality, IdentifierKind, Identifies, LeastRole, Mode, PropertyDefinition, PropertyKey, PropertyType,
    Schema, Section, SourceKind, Strategy,
};

/// What one may say of a property.
const SETTINGS: [&str; 18] = [
    "label",
    "help",
    "type",
    "options",
    "many",
    "mode",
    "resolve",
    "trusts",
    "section",
    "identifies",
    "at_most",
    "never",
    "searchable",
    "may_leave",
    "sees",
    "masked_for",
    "edits",
    "compute",
];

const TYPES: [(&str, PropertyType); 15] = [
    ("text", PropertyType::Text),
    ("long text", PropertyType::LongText),
    ("number", PropertyType::Number),
    ("money", PropertyType::Money),
    ("percent", PropertyType::Percent),
    ("date", PropertyType::Date),
    ("link", PropertyType::Link),
    ("picture", PropertyType::Picture),
    ("choice", PropertyType::Choice),
    ("many choice", PropertyType::ManyChoice),
    ("yes or no", PropertyType::YesNo),
    ("list", PropertyType::List),
    ("address", PropertyType::Address),
    ("email", PropertyType::Email),
    ("phone", PropertyType::Phone),
];

const STRATEGIES: [(&str, Strategy); 6] = [
    ("most trusted", Strategy::MostTrusted),
    ("latest", Strategy::Latest),
    ("oldest", Strategy::Oldest),
    ("longest", Strategy::Longest),
    ("all", Strategy::All),
    ("surest", Strategy::HighestConfidence),
];

const MODES: [(&str, Mode); 3] =
    [("locked", Mode::Locked), ("overridable", Mode::Overridable), ("free", Mode::Free)];

const SECTIONS: [(&str, Section); 3] =
    [("person", Section::Person), ("reach", Section::Reach), ("custom", Section::Custom)];

const IDENTIFIES: [(&str, Identifies); 3] = [
    ("certainly", Identifies::Certainly),
    ("probably", Identifies::Probably),
    ("alone never", Identifies::AloneNever),
];

/// The least role that may do something with a property.
const ROLES: [(&str, LeastRole); 4] = [
    ("read only", LeastRole::ReadOnly),
    ("agent", LeastRole::Agent),
    ("admin", LeastRole::Admin),
    ("owner", LeastRole::Owner),
];

const SOURCES: [(&str, SourceKind); 7] = [
    ("agent", SourceKind::Agent),
    ("api", SourceKind::Api),
    ("event", SourceKind::Event),
    ("import", SourceKind::Import),
    ("message", SourceKind::Message),
    ("rule", SourceKind::Rule),
    ("plugin", SourceKind::Plugin),
];

/// Everything that declarations said.
pub(super) struct Declared {
    pub(super) schema: Schema,
    pub(super) policy: IdentityPolicy,
    /// The functions that compute, with the place of their declaration.
    pub(super) computed: BTreeMap<PropertyKey, (FnPtr, Position)>,
    pub(super) problems: Vec<Problem>,
    built_in: BTreeSet<PropertyKey>,
    sources: Arc<Sources>,
}

impl Declared {
    /// Starts from what every set of rules has.
    pub(super) fn new(sources: Arc<Sources>) -> Self {
        let schema = Schema::built_in();
        let built_in = schema.iter().map(|definition| definition.key.clone()).collect();
        let policy = IdentityPolicy::default();
        Self { schema, policy, computed: BTreeMap::new(), problems: Vec::new(), built_in, sources }
    }

    /// Takes one declaration.
    fn declare(&mut self, file: &str, position: Position, name: &str, settings: &Map) {
        let mut reading = Reading { file, position, settings, sources: &self.sources, problems: Vec::new() };
        let definition = reading.key(name).and_then(|key| {
            let before = self.schema.get(key.as_str());
            if let Some(place) = before.and_then(|before| before.defined_in.as_deref()) {
                reading.refuse(name, format!("`{key}` is already defined at {place}"));
                return None;
            }
            let is_built_in = self.built_in.contains(&key);
            Some(reading.definition(key, before.filter(|_| is_built_in)))
        });
        if let Some(definition) = definition {
            reading.protect(&definition, &mut self.policy);
            if let Some(compute) = reading.function("compute") {
                self.computed.insert(definition.key.clone(), (compute, position));
            }
            self.schema.define(definition);
        }
        self.problems.append(&mut reading.problems);
    }
}

/// Makes `property` known to the engine that reads declarations.
pub(super) fn register(engine: &mut Engine, declared: &Arc<Mutex<Declared>>) {
    let declared = Arc::clone(declared);
    engine.register_fn(
        "property",
        move |context: NativeCallContext, name: ImmutableString, settings: Map| {
            let file = context.call_source().unwrap_or_default().to_owned();
            let mut declared = declared.lock().unwrap_or_else(PoisonError::into_inner);
            declared.declare(&file, context.call_position(), &name, &settings);
        },
    );
}

/// One declaration while it is read.
struct Reading<'a> {
    file: &'a str,
    position: Position,
    settings: &'a Map,
    sources: &'a Sources,
    problems: Vec<Problem>,
}

impl Reading<'_> {
    /// Notes what is wrong, at the place where `word` stands in the declaration.
    fn refuse(&mut self, word: &str, message: impl Into<String>) {
        let position = find(self.sources, self.file, self.position, word).unwrap_or(self.position);
        self.problems.push(Problem::at(self.sources, self.file, position, message));
    }

    fn key(&mut self, name: &str) -> Option<PropertyKey> {
        if FIGURES.contains(&name) {
            self.refuse(name, format!("every person has `{name}`: choose another name"));
            return None;
        }
        name.parse().map_err(|why: String| self.refuse(name, why)).ok()
    }

    fn definition(&mut self, key: PropertyKey, built_in: Option<&PropertyDefinition>) -> PropertyDefinition {
        for setting in self.settings.keys() {
            if !SETTINGS.contains(&setting.as_str()) {
                let hint = suggest::hint(setting, SETTINGS);
                self.refuse(setting, format!("a property has no `{setting}`{hint}"));
            }
        }
        let kind = self.word("type", &TYPES);
        let many = self.yes_or_no("many");
        if let (Some(kind), Some(before)) = (kind, built_in)
            && kind != before.kind
            // A list of words may be narrowed to options.
            && (before.kind, kind) != (PropertyType::List, PropertyType::ManyChoice)
        {
            self.refuse("type", format!("`{key}` is built in, and its type cannot change"));
        }
        let mut definition = built_in.cloned().unwrap_or_else(|| {
            let label = key.as_str().replace('_', " ");
            let mut letters = label.chars();
            let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
            PropertyDefinition::text(key.clone(), first + letters.as_str())
        });
        definition.kind = kind.unwrap_or(definition.kind);
        if let Some(many) = many.or_else(|| {
            let is_list = matches!(definition.kind, PropertyType::ManyChoice | PropertyType::List);
            (built_in.is_none() && is_list).then_some(true)
        }) {
            definition.cardinality = if many { Cardinality::Many } else { Cardinality::One };
            definition.resolve = if many { Strategy::All } else { definition.resolve };
        }
        set(&mut definition.resolve, self.word("resolve", &STRATEGIES));
        set(&mut definition.mode, self.word("mode", &MODES));
        set(&mut definition.section, self.word("section", &SECTIONS));
        set(&mut definition.label, self.text("label"));
        set(&mut definition.help, self.text("help"));
        set(&mut definition.searchable, self.yes_or_no("searchable"));
        set(&mut definition.may_leave, self.yes_or_no("may_leave"));
        set(&mut definition.sees, self.word("sees", &ROLES));
        set(&mut definition.edits, self.word("edits", &ROLES));
        definition.masked_for = self.word("masked_for", &ROLES).or(definition.masked_for);
        self.roles_fit(&definition);
        set(&mut definition.options, self.texts("options"));
        definition.identifies = self.word("identifies", &IDENTIFIES).or(definition.identifies);
        if let Some(trusts) = self.texts("trusts") {
            definition.trusts =
                trusts.iter().filter_map(|word| self.one_of("trusts", word, &SOURCES)).collect();
        }
        self.options_fit(&definition);
        definition.computed = self.settings.contains_key("compute");
        if definition.computed {
            if built_in.is_some() {
                self.refuse(
                    "compute",
                    format!("`{key}` is built in: give what is computed a name of its own"),
                );
            }
            for setting in ["resolve", "trusts", "identifies", "many"] {
                if self.settings.contains_key(setting) {
                    self.refuse(setting, format!("what is computed has no `{setting}`: nobody can claim it"));
                }
            }
            definition.mode = Mode::Locked;
            definition.cardinality = Cardinality::One;
        }
        let line = self.position.line().unwrap_or(0);
        definition.defined_in = Some(format!("{}:{line}", self.file));
        definition
    }

    fn roles_fit(&mut self, definition: &PropertyDefinition) {
        if definition.masked_for.is_some_and(|least| least >= definition.sees) {
            let message = "`masked_for` names the least role that sees a part of it, so it has to be weaker than \
                `sees`: sees: \"agent\", masked_for: \"read only\"";
            self.refuse("masked_for", message);
        }
    }

    fn options_fit(&mut self, definition: &PropertyDefinition) {
        let is_choice = matches!(definition.kind, PropertyType::Choice | PropertyType::ManyChoice);
        if is_choice && definition.options.is_empty() {
            self.refuse("type", "a choice needs `options`, such as [\"free\", \"pro\"]");
        }
        if !is_choice && !definition.options.is_empty() {
            self.refuse("options", "only a choice has `options`");
        }
    }

    /// What protects the identities that this property shows.
    fn protect(&mut self, definition: &PropertyDefinition, policy: &mut IdentityPolicy) {
        let (at_most, never) = (self.count("at_most"), self.texts("never"));
        if at_most.is_none() && never.is_none() {
            return;
        }
        let by_key =
            || definition.identifies.and_then(|_| definition.key.as_str().parse::<IdentifierKind>().ok());
        let Some(kind) = definition.identifier_kind().or_else(by_key) else {
            for setting in
                ["at_most", "never"].into_iter().filter(|setting| self.settings.contains_key(*setting))
            {
                let message =
                    format!("`{setting}` protects identities, and `{}` identifies nobody", definition.key);
                self.refuse(setting, message);
            }
            return;
        };
        if let Some(at_most) = at_most {
            policy.at_most.insert(kind.clone(), at_most);
        }
        for pattern in never.unwrap_or_default() {
            policy.never.push((kind.clone(), pattern.to_lowercase()));
        }
    }

    /// One setting read by `read`; what it cannot read is a problem.
    fn setting<T>(
        &mut self,
        setting: &str,
        wanted: &str,
        read: impl FnOnce(&Dynamic) -> Option<T>,
    ) -> Option<T> {
        let given = self.settings.get(setting)?;
        let value = read(given);
        if value.is_none() {
            let is_plain = given.is_string() || given.is_int() || given.is_bool();
            let given = if is_plain { format!("`{given}`") } else { sort_of(given).to_owned() };
            self.refuse(setting, format!("`{setting}` has to be {wanted}, not {given}"));
        }
        value
    }

    fn text(&mut self, setting: &str) -> Option<String> {
        self.setting(setting, "a text", |given| given.clone().into_string().ok())
    }

    fn yes_or_no(&mut self, setting: &str) -> Option<bool> {
        self.setting(setting, "true or false", |given| given.as_bool().ok())
    }

    fn count(&mut self, setting: &str) -> Option<usize> {
        let count = |given: &Dynamic| given.as_int().ok().and_then(|count| usize::try_from(count).ok());
        self.setting(setting, "a number of at least one", |given| count(given).filter(|count| *count > 0))
    }

    fn texts(&mut self, setting: &str) -> Option<Vec<String>> {
        self.setting(setting, "a list of texts", |given| {
            let texts = given.clone().into_typed_array::<ImmutableString>().ok()?;
            Some(texts.iter().map(ToString::to_string).collect())
        })
    }

    fn function(&mut self, setting: &str) -> Option<FnPtr> {
        self.setting(setting, "a function such as |person| person.messages > 10", |given| {
            given.clone().try_cast()
        })
    }

    fn word<T: Copy>(&mut self, setting: &str, words: &[(&str, T)]) -> Option<T> {
        let given = self.text(setting)?;
        self.one_of(setting, &given, words)
    }

    fn one_of<T: Copy>(&mut self, setting: &str, given: &str, words: &[(&str, T)]) -> Option<T> {
        let folded = given.trim().to_lowercase().replace(['_', '-'], " ");
        let found = words.iter().find(|(word, _)| *word == folded).map(|(_, meant)| *meant);
        if found.is_none() {
            let known = || words.iter().map(|(word, _)| *word);
            let hint = match suggest::closest(&folded, known()) {
                Some(word) => format!("did you mean \"{word}\"?"),
                None => format!("it is one of {}", known().collect::<Vec<_>>().join(", ")),
            };
            self.refuse(given, format!("`{setting}` cannot be \"{given}\": {hint}"));
        }
        found
    }
}

fn set<T>(slot: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *slot = given;
    }
}

/// The place of a word in the declaration that starts at `start`: the engine keeps no places inside of values.
fn find(sources: &Sources, file: &str, start: Position, word: &str) -> Option<Position> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    for line in start.line()?..start.line()? + 40 {
        let text = sources.line(file, line)?;
        if line > start.line()? && text.starts_with("property(") {
            return None;
        }
        for (at, _) in text.match_indices(word) {
            let (before, after) = (&text[..at], &text[at + word.len()..]);
            if !before.ends_with(is_part) && !after.starts_with(is_part) {
                let column = before.chars().count() + 1;
                return Some(Position::new(u16::try_from(line).ok()?, u16::try_from(column).ok()?));
            }
        }
    }
    None
}
