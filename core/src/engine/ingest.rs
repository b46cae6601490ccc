//! Taking in what arrives.

use super::{Engine, EngineError, MOST_TRIES, until_settled};
use crate::{
    hooks::Judgement,
    identity::{DecisionContext, Incoming, Known, Outcome, Receipt, SkipReason, decide},
    model::Timestamp,
    store::StoreError,
};

impl Engine {
    /// Takes in one arrival. The answer comes once it is durable.
    pub async fn ingest(&self, incoming: Incoming, now: Timestamp) -> Result<Receipt, EngineError> {
        let mut receipts = self.ingest_all(vec![incoming], now).await?;
        receipts.pop().ok_or_else(|| EngineError::NotFound { what: "the receipt".into() })
    }

    /// Takes in several arrivals, decided in order and committed as one: all of them are recorded or none.
    pub async fn ingest_all(
        &self,
        mut incoming: Vec<Incoming>,
        now: Timestamp,
    ) -> Result<Vec<Receipt>, EngineError> {
        let hooks = self.hooks();
        let mut refusals: Vec<Option<String>> = vec![None; incoming.len()];
        if !hooks.is_empty() {
            for (one, refusal) in incoming.iter_mut().zip(&mut refusals) {
                if let Judgement::Refuse(why) = hooks.before_record(one).await {
                    *refusal = Some(why);
                }
            }
        }
        let rules = self.rules();
        let context = DecisionContext { policy: rules.policy(), rules: rules.hash(), now };
        until_settled!(self.decide_and_commit(&incoming, &refusals, &context).await)
    }

    async fn decide_and_commit(
        &self,
        incoming: &[Incoming],
        refusals: &[Option<String>],
        context: &DecisionContext<'_>,
    ) -> Result<Vec<Receipt>, EngineError> {
        let mut known = Known::read_for(self.store().as_ref(), incoming).await?;
        let mut receipts: Vec<Receipt> = incoming
            .iter()
            .zip(refusals)
            .map(|(one, refusal)| match refusal {
                None => decide(one, &mut known, context),
                Some(why) => Receipt {
                    entry: self.key().entry(&one.external),
                    outcome: Outcome::Skipped { reason: SkipReason::Refused(why.clone()) },
                    profile: None,
                    contact: None,
                    conversation: None,
                    reasons: Vec::new(),
                    feed: None,
                },
            })
            .collect();
        let changes = known.into_change_set(context.now);
        if !changes.is_empty() {
            let number = self.store().commit(changes).await?;
            for receipt in &mut receipts {
                if matches!(receipt.outcome, Outcome::Created | Outcome::Updated) {
                    receipt.feed = Some(number);
                }
            }
        }
        Ok(receipts)
    }
}
