//! From ground state to what is shown.

use std::collections::BTreeMap;

use crate::{
    model::{
        Account, Assertion, Claim, Confidence, Contact, ContactKey, Decided, Evidence, IdKey, Profile,
        ProfileKind, PropertyDefinition, PropertyKey, Source, SourceKind, Timestamp, Value, standing,
    },
    rules::Rules,
};

use super::{
    AccountView, ClaimView, ContactView, Explanation, FieldValue, FieldView, LosingClaim, NamedBy, Pinned,
    ProfileView,
    decide::{decide, decisions, ruled_out},
};

/// Everything a view is made of. The same input gives the same bytes, always.
pub struct ViewInput<'a> {
    /// The store's key, for the claims that contacts make by themselves.
    pub key: &'a IdKey,
    /// The profile.
    pub profile: &'a Profile,
    /// Its contacts with their claims.
    pub contacts: &'a [(Contact, Vec<Claim>)],
    /// The accounts that its contacts are linked to.
    pub accounts: &'a [Account],
    /// The rules in force.
    pub rules: &'a Rules,
    /// The time for which it is made.
    pub now: Timestamp,
}

/// Makes the view of a profile.
pub fn assemble(input: &ViewInput<'_>) -> ProfileView {
    let sorted = sorted_contacts(input);
    let claims = claims_by_property(input, &sorted);
    let rulings = standing(input.contacts.iter().flat_map(|(_, claims)| claims));

    let mut fields = Vec::new();
    for (definition, claims) in in_order_of_schema(input.rules, &claims) {
        let field = field_of(input, &definition, claims, &rulings);
        if !field.values.is_empty() || !field.offered.is_empty() || field.problem.is_some() {
            fields.push(field);
        }
    }

    // What an agent writes about somebody is no sign of life of theirs, save where nothing else is known.
    let has_theirs = sorted.iter().any(|contact| contact.was_seen());
    let seen = || sorted.iter().filter(|contact| !has_theirs || contact.was_seen());
    let first_seen = seen().map(|contact| contact.first_seen).min().unwrap_or(input.profile.created);
    let last_seen = seen().map(|contact| contact.last_seen).max().unwrap_or(input.profile.created);
    let is_customer =
        sorted.iter().any(|contact| contact.proves_customer() && contact.identifier().is_some())
            || !sorted.iter().any(|contact| contact.identifier().is_some());
    let mut view = ProfileView {
        id: input.profile.id,
        name: String::new(),
        kind: if is_customer { ProfileKind::Customer } else { ProfileKind::Visitor },
        state: input.profile.state.clone(),
        fields,
        contacts: sorted.iter().map(|contact| contact_view(contact)).collect(),
        accounts: input
            .accounts
            .iter()
            .map(|account| AccountView { id: account.id, name: account.name.clone() })
            .collect(),
        first_seen,
        last_seen,
        messages: sorted.iter().map(|contact| contact.messages).sum(),
        events: sorted.iter().map(|contact| contact.events).sum(),
        version: version_of(input),
        rules: input.rules.hash().to_owned(),
    };
    view.name = display_name(&view);
    compute_properties(input, &mut view);
    view
}

/// Says why a property has its value.
pub fn explain(input: &ViewInput<'_>, property: &PropertyKey) -> Explanation {
    let sorted = sorted_contacts(input);
    let by_property = claims_by_property(input, &sorted);
    let definition = input.rules.schema().get_or_free(property);
    let nothing = Vec::new();
    let claims = by_property.get(property).unwrap_or(&nothing);
    let rulings = standing(input.contacts.iter().flat_map(|(_, claims)| claims));
    let (offers, claims): (Vec<Claim>, Vec<Claim>) =
        claims.iter().cloned().partition(|claim| is_offer(&definition, claim));
    let decided = decide(input.rules, &definition, &claims, &rulings);

    let through: BTreeMap<_, _> = sorted
        .iter()
        .map(|contact| {
            (contact.id, contact.identifier().map_or("the profile itself".to_owned(), ToString::to_string))
        })
        .collect();
    let show = |claim: &Claim| ClaimView {
        id: (!is_of_contact_itself(claim)).then_some(claim.id),
        assertion: claim.assertion.clone(),
        source: claim.source.clone(),
        contact: claim.contact,
        through: through.get(&claim.contact).cloned().unwrap_or_default(),
        confidence: claim.confidence,
        evidence: claim.evidence.clone(),
        first_observed: claim.first_observed,
        last_observed: claim.last_observed,
        recorded: claim.recorded,
    };
    let mut explanation = Explanation {
        profile: input.profile.id,
        property: property.clone(),
        label: definition.label.clone(),
        values: Vec::new(),
        winning: decided.survivors.winners.iter().map(|place| show(&claims[*place])).collect(),
        losing: decided
            .survivors
            .losers
            .iter()
            .map(|(place, because)| LosingClaim { claim: show(&claims[*place]), because: because.clone() })
            .collect(),
        decided_by: decided.decided_by,
        decisions: decisions(&definition, &rulings, decided.pinned),
        rules: input.rules.hash().to_owned(),
        problem: decided.problem,
    };
    explanation.losing.extend(offers.iter().map(|offer| {
        LosingClaim {
            claim: show(offer),
            because: ruled_out(&definition, offer, &rulings)
                .unwrap_or_else(|| "it is offered, and counts once somebody has taken it".to_owned()),
        }
    }));
    explanation.values =
        explanation.winning.iter().filter_map(|claim| claim.assertion.value().cloned()).collect();
    if definition.computed {
        let view = assemble(input);
        explanation.values = view
            .field(property.as_str())
            .map_or_else(Vec::new, |field| field.values.iter().map(|shown| shown.value.clone()).collect());
        explanation.decided_by =
            format!("computed by {}", definition.defined_in.as_deref().unwrap_or("a script"));
        explanation.problem = view.field(property.as_str()).and_then(|field| field.problem.clone());
    }
    explanation
}

/// What stands as evidence of the claims that contacts make by being there.
const CONTACT_ITSELF: &str = "the contact itself";

/// Whether it is a provider's word on how to reach somebody: offered to an agent, and shown as nobody's value.
fn is_offer(definition: &PropertyDefinition, claim: &Claim) -> bool {
    definition.identifier_kind().is_some()
        && claim.source.kind() == SourceKind::Plugin
        && !is_of_contact_itself(claim)
}

/// Whether a contact makes the claim by being there.
pub(super) fn is_of_contact_itself(claim: &Claim) -> bool {
    matches!(&claim.evidence, Evidence::Note(note) if note == CONTACT_ITSELF)
}

fn field_of(
    input: &ViewInput<'_>,
    definition: &PropertyDefinition,
    claims: &[Claim],
    rulings: &[Decided],
) -> FieldView {
    let (offers, counted): (Vec<Claim>, Vec<Claim>) =
        claims.iter().cloned().partition(|claim| is_offer(definition, claim));
    let decided = decide(input.rules, definition, &counted, rulings);
    let shown = |claim: &Claim| {
        Some(FieldValue {
            value: claim.assertion.value()?.clone(),
            source: claim.source.clone(),
            contact: Some(claim.contact),
            confidence: claim.confidence,
            observed: claim.last_observed,
        })
    };
    let values: Vec<FieldValue> =
        decided.survivors.winners.iter().filter_map(|place| shown(&counted[*place])).collect();
    let offered = offers
        .iter()
        .filter(|offer| matches!(offer.assertion, Assertion::Is(_)))
        .filter(|offer| ruled_out(definition, offer, rulings).is_none())
        .filter_map(shown)
        .filter(|offer| !values.iter().any(|value| value.value == offer.value))
        .collect();
    FieldView {
        key: definition.key.clone(),
        label: definition.label.clone(),
        kind: definition.kind,
        section: definition.section,
        mode: definition.mode,
        values,
        offered,
        losing: decided.survivors.losers.len(),
        pinned: decided.pinned.map(|place| Pinned { by: rulings[place].by.clone(), at: rulings[place].at }),
        problem: decided.problem,
        masked: false,
    }
}

fn sorted_contacts<'a>(input: &'a ViewInput<'_>) -> Vec<&'a Contact> {
    let mut sorted: Vec<&Contact> = input.contacts.iter().map(|(contact, _)| contact).collect();
    sorted.sort_by_cached_key(|contact| contact.listing_key());
    sorted
}

/// All claims, those that contacts make by being there included.
fn claims_by_property(input: &ViewInput<'_>, sorted: &[&Contact]) -> BTreeMap<PropertyKey, Vec<Claim>> {
    let mut by_property: BTreeMap<PropertyKey, Vec<Claim>> = BTreeMap::new();
    for (_, claims) in input.contacts {
        for claim in claims.iter().filter(|claim| !claim.property.is_reserved()) {
            by_property.entry(claim.property.clone()).or_default().push(claim.clone());
        }
    }
    for contact in sorted {
        let Some(identifier) = contact.identifier() else { continue };
        let by_kind = input
            .rules
            .schema()
            .iter()
            .find(|property| property.identifier_kind().is_some_and(|kind| kind == *identifier.kind()));
        let Some(definition) = by_kind else { continue };
        let Some(value) = Value::text(identifier.value()) else { continue };
        let mut claim = Claim::new(
            input.key,
            contact.id,
            definition.key.clone(),
            Assertion::Is(value),
            contact.source.clone(),
            Confidence::CERTAIN,
            Evidence::Note(CONTACT_ITSELF.into()),
            contact.first_seen,
            contact.first_seen,
        );
        claim.last_observed = contact.last_seen;
        by_property.entry(definition.key.clone()).or_default().push(claim);
    }
    by_property
}

/// Properties in the order of the schema, then those nobody defined, by key; computed ones come later.
fn in_order_of_schema<'a>(
    rules: &Rules,
    claims: &'a BTreeMap<PropertyKey, Vec<Claim>>,
) -> Vec<(PropertyDefinition, &'a [Claim])> {
    let defined = rules
        .schema()
        .iter()
        .filter(|definition| !definition.computed)
        .filter_map(|definition| Some((definition.clone(), claims.get(&definition.key)?.as_slice())));
    let free = claims
        .iter()
        .filter(|(key, _)| rules.schema().get(key.as_str()).is_none())
        .map(|(key, claims)| (rules.schema().get_or_free(key), claims.as_slice()));
    defined.chain(free).collect()
}

fn compute_properties(input: &ViewInput<'_>, view: &mut ProfileView) {
    let computed: Vec<_> = input.rules.schema().iter().filter(|definition| definition.computed).collect();
    if computed.is_empty() {
        return;
    }
    let mut person = view.person();
    for definition in computed {
        let (values, problem) = match input.rules.compute(definition, &person, input.now) {
            Ok(Some(value)) => {
                // A later property may build on an earlier one.
                person.values.insert(definition.key.clone(), vec![value.clone()]);
                let source = definition.defined_in.as_deref().unwrap_or("script");
                let shown = FieldValue {
                    value,
                    source: Source::new(SourceKind::Rule, source),
                    contact: None,
                    confidence: Confidence::CERTAIN,
                    observed: input.now,
                };
                (vec![shown], None)
            }
            Ok(None) => continue,
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        view.fields.push(FieldView {
            key: definition.key.clone(),
            label: definition.label.clone(),
            kind: definition.kind,
            section: definition.section,
            mode: definition.mode,
            values,
            offered: Vec::new(),
            losing: 0,
            pinned: None,
            problem,
            masked: false,
        });
    }
}

fn contact_view(contact: &Contact) -> ContactView {
    let (kind, label, value, raw) = match &contact.key {
        ContactKey::Identified { identifier, raw } => (
            Some(identifier.kind().clone()),
            identifier.kind().label().to_owned(),
            identifier.value().to_owned(),
            raw.clone(),
        ),
        ContactKey::Own { .. } => (None, "Profile".to_owned(), String::new(), String::new()),
    };
    ContactView {
        id: contact.id,
        reaches: kind.as_ref().is_some_and(|kind| kind.reaches()),
        kind,
        masked: false,
        label,
        value,
        raw,
        source: contact.source.clone(),
        first_seen: contact.first_seen,
        last_seen: contact.last_seen,
        messages: contact.messages,
        events: contact.events,
    }
}

/// What the person is called: a name, or the parts of one.
pub(super) fn full_name(view: &ProfileView) -> Option<String> {
    let values = |keys: &[&str]| {
        let shown = keys.iter().filter_map(|key| view.field(key)?.values.first());
        shown.map(|shown| shown.value.to_string()).collect::<Vec<_>>().join(" ")
    };
    match view.named_by() {
        NamedBy::Parts => Some(values(&["first_name", "last_name"])),
        NamedBy::Whole => Some(values(&["name"])),
        NamedBy::Nothing => None,
    }
}

/// What to call the person: a name, else an address, else the end of the id.
pub(super) fn display_name(view: &ProfileView) -> String {
    if let Some(name) = full_name(view) {
        return name;
    }
    let reachable = view.contacts.iter().find(|contact| contact.reaches);
    if let Some(contact) = reachable {
        return contact.value.clone();
    }
    let id = view.id.to_string();
    let end = &id[id.len() - 5..];
    match view.kind {
        ProfileKind::Visitor => format!("Visitor {end}"),
        ProfileKind::Customer => match view.contacts.iter().find(|contact| contact.kind.is_some()) {
            Some(contact) => format!("{} {}", contact.label, contact.value),
            None => format!("Customer {end}"),
        },
    }
}

/// Names the state a view was made from: it changes whenever any row under the profile does.
fn version_of(input: &ViewInput<'_>) -> String {
    let contacts: u64 = input.contacts.iter().map(|(contact, _)| contact.version).sum();
    let accounts: u64 = input.accounts.iter().map(|account| account.version).sum();
    format!("{}.{}.{}", input.profile.version, contacts, accounts)
}
