//! The entries that `export!` puts together: one function per hook, named like its trait.
#![allow(non_snake_case, missing_docs)]

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::export::HookEntry;
use crate::{Event, Message, Person, Result, WebhookRequest};

pub const fn Enrich<T: crate::Enrich>() -> HookEntry<T> {
    HookEntry::new("enrich", T::READS, T::WRITES, |plugin: &T, params, host| {
        answer(&plugin.enrich(&input::<Person>(params)?, host)?)
    })
}

pub const fn OnMessage<T: crate::OnMessage>() -> HookEntry<T> {
    HookEntry::new("on_message", T::READS, T::WRITES, |plugin: &T, params, host| {
        let with: WithMessage = input(params)?;
        answer(&plugin.on_message(&with.message, &with.person, host)?)
    })
}

pub const fn OnEvent<T: crate::OnEvent>() -> HookEntry<T> {
    HookEntry::new("on_event", T::READS, T::WRITES, |plugin: &T, params, host| {
        let with: WithEvent = input(params)?;
        answer(&plugin.on_event(&with.event, &with.person, host)?)
    })
}

pub const fn Webhook<T: crate::Webhook>() -> HookEntry<T> {
    HookEntry::new("webhook", &[], &[], |plugin: &T, params, host| {
        answer(&plugin.webhook(&input::<WebhookRequest>(params)?, host)?)
    })
    .signed(T::SIGNED)
}

pub const fn Cards<T: crate::Cards>() -> HookEntry<T> {
    HookEntry::new("card", T::READS, &[], |plugin: &T, params, host| {
        answer(&plugin.card(&input::<Person>(params)?, host)?)
    })
}

#[derive(Deserialize)]
struct WithMessage {
    message: Message,
    #[serde(default)]
    person: Person,
}

#[derive(Deserialize)]
struct WithEvent {
    event: Event,
    #[serde(default)]
    person: Person,
}

#[derive(Deserialize)]
struct Params<I> {
    with: I,
}

fn input<I: DeserializeOwned>(params: &str) -> Result<I> {
    Ok(serde_json::from_str::<Params<I>>(params)?.with)
}

fn answer(output: &impl serde::Serialize) -> Result<String> {
    Ok(serde_json::to_string(output)?)
}
