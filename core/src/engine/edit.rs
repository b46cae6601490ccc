//! What people and providers say about a profile: edits, new profiles, identifiers, notes, enrichment.

use super::{Engine, EngineError, MOST_TRIES, read::Loaded, until_settled};
use crate::{
    feed::Change,
    hooks::{Judgement, ProposedEdit},
    identity::{GivenIdentifier, Known, Said},
    model::{
        Assertion, Claim, Confidence, ContactId, ContactKey, Entry, EntryId, EntryKind, Evidence, ExternalId,
        IdentifierKind, Mode, Profile, ProfileId, ProfileState, PropertyDefinition, PropertyKey, Source,
        SourceKind, Timestamp, note_text,
    },
    store::StoreError,
    view::ProfileView,
};

/// One thing that somebody says about a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The property.
    pub property: PropertyKey,
    /// What is said of it.
    pub assertion: Assertion,
}

/// What a provider found out about a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrichment {
    /// The contact it was asked about.
    pub contact: ContactId,
    /// The provider.
    pub source: Source,
    /// What it says.
    pub said: Vec<Said>,
    /// Where it says so, such as the address of its page.
    pub evidence: Option<String>,
}

impl Engine {
    /// Changes what is said about a profile. With a version, only while that is still what is shown.
    pub async fn edit(
        &self,
        id: ProfileId,
        edits: Vec<Edit>,
        by: &Source,
        if_version: Option<&str>,
        now: Timestamp,
    ) -> Result<ProfileView, EngineError> {
        until_settled!(self.try_edit(id, &edits, by, if_version, now).await)
    }

    async fn try_edit(
        &self,
        id: ProfileId,
        edits: &[Edit],
        by: &Source,
        if_version: Option<&str>,
        now: Timestamp,
    ) -> Result<ProfileView, EngineError> {
        let loaded = self.load(id).await?;
        let view = self.view_of(&loaded, now);
        if if_version.is_some_and(|version| version != view.version) {
            return Err(EngineError::Changed { version: view.version });
        }
        let edits = self.judged(&view, edits, by).await?;
        let id = loaded.profile.id;
        let mut known = know_loaded(self, &loaded);
        for edit in &edits {
            self.check(edit, by)?;
            let contact = self.contact_to_edit(&view, edit, &mut known, id, by, now);
            say(&mut known, id, contact, by, edit, Confidence::CERTAIN, Evidence::Word, now);
        }
        if if_version.is_some() {
            known.rely_on(id);
            for (contact, _) in &loaded.contacts {
                known.rely_on_contact(contact.id);
            }
        }
        let changes = known.into_change_set(now);
        if !changes.is_empty() {
            self.store().commit(changes).await?;
        }
        self.view(id, now).await
    }

    /// What the deciders make of an edit.
    async fn judged(
        &self,
        view: &ProfileView,
        edits: &[Edit],
        by: &Source,
    ) -> Result<Vec<Edit>, EngineError> {
        let hooks = self.hooks();
        if hooks.is_empty() {
            return Ok(edits.to_vec());
        }
        let mut proposed = ProposedEdit {
            profile: view.id,
            edits: edits.iter().map(|edit| (edit.property.clone(), edit.assertion.clone())).collect(),
            by: by.clone(),
            shown: view.person().values.into_iter().collect(),
        };
        match hooks.before_save(&mut proposed).await {
            Judgement::Refuse(why) => Err(EngineError::Refused { why }),
            Judgement::GoOn => Ok(proposed
                .edits
                .into_iter()
                .map(|(property, assertion)| Edit { property, assertion })
                .collect()),
        }
    }

    fn check(&self, edit: &Edit, by: &Source) -> Result<(), EngineError> {
        self.check_theirs(&edit.property)?;
        let definition = self.rules().schema().get_or_free(&edit.property);
        let invalid = |why: String| EngineError::Invalid { what: edit.property.to_string(), why };
        if definition.computed {
            return Err(invalid("a script computes it; nobody can set it".into()));
        }
        if definition.identifier_kind().is_some() {
            return Err(invalid("it shows the profile's contacts: add a contact, or detach one".into()));
        }
        let sets = matches!(edit.assertion, Assertion::Is(_));
        if sets && definition.mode == Mode::Locked && by.kind() != SourceKind::Plugin {
            return Err(EngineError::Locked { property: edit.property.to_string() });
        }
        match &edit.assertion {
            Assertion::Is(value) => definition.accept(value).map_err(invalid),
            _ => Ok(()),
        }
    }

    /// Refuses to add identifiers of a kind that whoever asks may not change.
    fn check_kind(&self, kind: &IdentifierKind) -> Result<(), EngineError> {
        let rules = self.rules();
        let shows = |definition: &&PropertyDefinition| definition.identifier_kind().as_ref() == Some(kind);
        match rules.schema().iter().find(shows) {
            Some(definition) => self.check_theirs(&definition.key),
            None => Ok(()),
        }
    }

    /// The contact whose claim an edit replaces, so that it goes back with its owner; else the profile's own.
    fn contact_to_edit(
        &self,
        view: &ProfileView,
        edit: &Edit,
        known: &mut Known,
        profile: ProfileId,
        by: &Source,
        now: Timestamp,
    ) -> ContactId {
        let field = view.field(edit.property.as_str());
        let replaced = field.and_then(|field| match &edit.assertion {
            Assertion::IsNot(value) => field.values.iter().find(|shown| shown.value == *value),
            _ => field.values.first(),
        });
        match replaced.and_then(|shown| shown.contact) {
            Some(contact) => contact,
            None => known.own_contact(profile, by, now),
        }
    }

    /// Makes a profile by hand. The same request again gives the same profile.
    pub async fn create_profile(
        &self,
        request: ExternalId,
        edits: Vec<Edit>,
        identifiers: Vec<GivenIdentifier>,
        by: &Source,
        now: Timestamp,
    ) -> Result<ProfileId, EngineError> {
        until_settled!(self.try_create(&request, &edits, &identifiers, by, now).await)
    }

    async fn try_create(
        &self,
        request: &ExternalId,
        edits: &[Edit],
        identifiers: &[GivenIdentifier],
        by: &Source,
        now: Timestamp,
    ) -> Result<ProfileId, EngineError> {
        if edits.is_empty() && identifiers.is_empty() {
            let why = "give it a name or an identifier; an empty one could never be found again";
            return Err(EngineError::Invalid { what: "profile".into(), why: why.into() });
        }
        let id = self.key().created(request);
        let mut known = self.know_profiles(&[id]).await?;
        if known.profile(id).is_some() {
            return Ok(id);
        }
        known.put_profile(Profile::new(id, now));
        known.tell(Change::ProfileCreated { profile: id });
        for given in identifiers {
            self.found_contact(&mut known, id, given, by, now).await?;
        }
        if !edits.is_empty() {
            let own = known.own_contact(id, by, now);
            for edit in edits {
                self.check(edit, by)?;
                say(&mut known, id, own, by, edit, Confidence::CERTAIN, Evidence::Word, now);
            }
        }
        self.store().commit(known.into_change_set(now)).await?;
        Ok(id)
    }

    /// Adds an identifier to a profile: a contact of its own, made here.
    pub async fn add_identifier(
        &self,
        id: ProfileId,
        given: GivenIdentifier,
        by: &Source,
        now: Timestamp,
    ) -> Result<ContactId, EngineError> {
        until_settled!(self.try_add_identifier(id, &given, by, now).await)
    }

    async fn try_add_identifier(
        &self,
        id: ProfileId,
        given: &GivenIdentifier,
        by: &Source,
        now: Timestamp,
    ) -> Result<ContactId, EngineError> {
        let id = self.resolve(id).await?;
        let mut known = self.know_profiles(&[id]).await?;
        let contact = self.found_contact(&mut known, id, given, by, now).await?;
        let changes = known.into_change_set(now);
        if !changes.is_empty() {
            self.store().commit(changes).await?;
        }
        Ok(contact)
    }

    async fn found_contact(
        &self,
        known: &mut Known,
        profile: ProfileId,
        given: &GivenIdentifier,
        by: &Source,
        now: Timestamp,
    ) -> Result<ContactId, EngineError> {
        let kind = given.identifier.kind().to_string();
        self.check_kind(given.identifier.kind())?;
        self.rules()
            .policy()
            .admits(&given.identifier)
            .map_err(|refusal| EngineError::Invalid { what: kind.clone(), why: refusal.to_string() })?;
        let id = self.key().contact(&given.identifier);
        known.read_contacts(self.store().as_ref(), [id].into()).await?;
        if let Some(contact) = known.contact(id) {
            return if contact.profile == profile {
                Ok(id)
            } else {
                Err(EngineError::TakenBy { kind, profile: contact.profile })
            };
        }
        if self.store().erased(&[id]).await?.pop().flatten().is_some() {
            let why = "this person was erased; a named override has to bring them back first";
            return Err(EngineError::Invalid { what: kind, why: why.into() });
        }
        let key = ContactKey::Identified { identifier: given.identifier.clone(), raw: given.raw.clone() };
        known.found_contact(id, key, profile, by, now);
        known.tell(Change::ContactAdded { profile, contact: id });
        Ok(id)
    }

    /// Records what a provider found. Identifiers among it are offered, never joined.
    pub async fn record_enrichment(
        &self,
        enrichment: &Enrichment,
        now: Timestamp,
    ) -> Result<(), EngineError> {
        until_settled!(self.try_record_enrichment(enrichment, now).await)
    }

    async fn try_record_enrichment(
        &self,
        enrichment: &Enrichment,
        now: Timestamp,
    ) -> Result<(), EngineError> {
        let not_found = || EngineError::NotFound { what: format!("contact `{}`", enrichment.contact) };
        let found = self.store().contacts_with_claims(&[enrichment.contact]).await?.pop().flatten();
        let (contact, claims) = found.ok_or_else(not_found)?;
        let (id, profile) = (contact.id, contact.profile);
        let mut known = Known::empty(self.key().clone());
        known.take_in_contact(contact);
        claims.into_iter().for_each(|claim| known.take_in_claim(claim));
        let evidence = enrichment.evidence.clone().map_or(Evidence::Word, Evidence::Note);
        for said in &enrichment.said {
            let edit = Edit { property: said.property.clone(), assertion: said.assertion.clone() };
            say(&mut known, profile, id, &enrichment.source, &edit, said.confidence, evidence.clone(), now);
        }
        let changes = known.into_change_set(now);
        if !changes.is_empty() {
            self.store().commit(changes).await?;
        }
        Ok(())
    }

    /// Adds a note to a profile. The same request again gives the same note.
    pub async fn add_note(
        &self,
        id: ProfileId,
        text: &str,
        request: ExternalId,
        by: &Source,
        now: Timestamp,
    ) -> Result<EntryId, EngineError> {
        let text = sound_note(text)?;
        until_settled!(self.try_add_note(id, text, &request, by, now).await)
    }

    async fn try_add_note(
        &self,
        id: ProfileId,
        text: &str,
        request: &ExternalId,
        by: &Source,
        now: Timestamp,
    ) -> Result<EntryId, EngineError> {
        let id = self.resolve(id).await?;
        let entry = self.key().entry(request);
        if self.store().seen(&[entry]).await?.pop().flatten().is_some() {
            return Ok(entry);
        }
        let mut known = self.know_profiles(&[id]).await?;
        let own = self.key().own_contact(id);
        known.read_contacts(self.store().as_ref(), [own].into()).await?;
        let own = known.own_contact(id, by, now);
        if let Some(contact) = known.edit_contact(own) {
            contact.happened(EntryKind::Note, now);
        }
        known.note(Entry {
            id: entry,
            contact: own,
            at: now,
            recorded: now,
            kind: EntryKind::Note,
            source: by.clone(),
            channel: None,
            direction: None,
            conversation: None,
            title: String::new(),
            summary: text.to_owned(),
            properties: Default::default(),
            has_body: false,
        });
        known.tell(Change::EntryAdded { profile: id, contact: own, entry, kind: EntryKind::Note });
        self.store().commit(known.into_change_set(now)).await?;
        Ok(entry)
    }

    /// Puts a profile in the trash, from where it can be restored.
    pub async fn trash(&self, id: ProfileId, by: &Source, now: Timestamp) -> Result<(), EngineError> {
        let state = ProfileState::Trashed { at: now, by: by.clone() };
        until_settled!(self.try_set_state(id, &state, now).await)
    }

    /// Takes a profile out of the trash.
    pub async fn restore(&self, id: ProfileId, now: Timestamp) -> Result<(), EngineError> {
        until_settled!(self.try_set_state(id, &ProfileState::Live, now).await)
    }

    async fn try_set_state(
        &self,
        id: ProfileId,
        state: &ProfileState,
        now: Timestamp,
    ) -> Result<(), EngineError> {
        let id = self.resolve(id).await?;
        let mut known = self.know_profiles(&[id]).await?;
        let was_live = known.profile(id).is_some_and(Profile::is_live);
        let is_live = *state == ProfileState::Live;
        if was_live == is_live {
            return Ok(());
        }
        if let Some(profile) = known.edit_profile(id) {
            profile.state = state.clone();
        }
        known.tell(if is_live {
            Change::ProfileRestored { profile: id }
        } else {
            Change::ProfileTrashed { profile: id }
        });
        self.store().commit(known.into_change_set(now)).await?;
        Ok(())
    }
}

/// What a note says, unless it is empty or too long.
pub(super) fn sound_note(text: &str) -> Result<&str, EngineError> {
    note_text(text).map_err(|why| EngineError::Invalid { what: "note".into(), why })
}

/// The rows of a loaded profile, to be changed.
pub(super) fn know_loaded(engine: &Engine, loaded: &Loaded) -> Known {
    let mut known = Known::empty(engine.store().id_key().clone());
    known.take_in_profile(loaded.profile.clone());
    for (contact, claims) in &loaded.contacts {
        known.take_in_contact(contact.clone());
        claims.iter().for_each(|claim| known.take_in_claim(claim.clone()));
    }
    known
}

#[allow(clippy::too_many_arguments, reason = "the parts of a claim")]
fn say(
    known: &mut Known,
    profile: ProfileId,
    contact: ContactId,
    by: &Source,
    edit: &Edit,
    confidence: Confidence,
    evidence: Evidence,
    now: Timestamp,
) {
    let claim = Claim::new(
        known.key(),
        contact,
        edit.property.clone(),
        edit.assertion.clone(),
        by.clone(),
        confidence,
        evidence,
        now,
        now,
    );
    if known.hear(claim) {
        // The contact's version is what tells readers that its claims changed.
        known.edit_contact(contact);
        known.tell(Change::PropertiesChanged { profile, properties: vec![edit.property.clone()] });
    }
}
