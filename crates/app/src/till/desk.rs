//! The till's desk: what completing a payment takes, and nothing of the rest of the house. The simulation drives it alone.

use std::sync::Arc;
use std::time::Duration;

use kernel::{EntryId, OrderId, Timestamp};
use shop::books::{Command, NextStep, PaidBy, Settled, What, next_step, refund_due};
use shop::order::{CancelReason, Order, OrderState};
use shop::payment::ProviderEvent;
use shop::wallet::{Kept, SavedMethod};

use super::{Providers, marks};
use crate::context::Entropy;
use crate::ports::{Clock, Next, NoAnswer, Orders, Status, Till, Wallets, till};
use crate::{Code, Problem};

/// A provider that has not answered by then is asked again by a job; nobody waits longer at a page.
const PROVIDER_TIMEOUT: Duration = Duration::from_secs(8);
/// authorise → paid → capture → recorded is three rounds; more is a provider that contradicts itself.
const MAX_ROUNDS: usize = 6;

#[derive(Debug)]
pub struct Desk {
    pub clock: Arc<dyn Clock>,
    pub till: Arc<dyn Till>,
    pub orders: Arc<dyn Orders>,
    pub providers: Providers,
    /// Where methods go that buyers want to pay with again.
    pub wallets: Arc<dyn Wallets>,
    /// Seals by what buyers are known again.
    pub master_key: [u8; 32],
    /// Names the rows that the till's decisions add.
    pub entropy: Entropy,
}

/// An order after its payment was looked at.
#[derive(Debug)]
pub(crate) struct Looked {
    pub(crate) order: Order,
    /// Whether the provider said how the payment stands, where it had to be asked.
    pub(crate) answered: bool,
    /// What it did not answer.
    pub(crate) silent: Option<NoAnswer>,
}

impl Desk {
    /// A command of now, with its own draw of randomness.
    #[must_use]
    pub fn command(&self, what: What) -> Command {
        Command { what, at: self.now(), random: self.entropy.draw(kernel::Random::fork) }
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Brings an order's payment as far as it can go now: asks the provider what happened, writes it down, and takes,
    /// lets go or gives back what the outcome calls for. The one command that the browser, the webhook and the job after
    /// a crash all wake; running it twice, or twice at once, changes nothing more.
    pub async fn complete(&self, id: OrderId) -> Result<Order, Problem> {
        self.look(id).await.map(|looked| looked.order)
    }

    /// As [`Desk::complete`], with what the provider did not answer.
    pub(crate) async fn look(&self, id: OrderId) -> Result<Looked, Problem> {
        let order = self.orders.order(id).await?.ok_or(Code::NotFound)?;
        if order.state != OrderState::AwaitingPayment && next_step(&order).is_none() {
            return Ok(Looked { order, answered: true, silent: None });
        }
        let owed = refund_due(&order).is_some();
        let status = match self.status(&order).await {
            Ok(Some(status)) => status,
            // The provider never heard of it: nothing to write, but an order that is over closes it all the same.
            Ok(None) => Status { next: Next::Done, events: Vec::new(), payer: None, kept: None },
            Err(silent) => {
                tracing::warn!(order = %id, %silent, "the payment stands as it was");
                return Ok(Looked { order, answered: false, silent: Some(silent) });
            }
        };
        let (order, silent) = self.go_on(order, status).await?;
        if owed && refund_due(&order).is_none() {
            self.orders.keep_stuck(id, None).await?;
        }
        Ok(Looked { order, answered: true, silent })
    }

    /// Goes on from what the provider just said.
    pub async fn follow(&self, order: Order, status: Status) -> Result<Order, Problem> {
        self.go_on(order, status).await.map(|(order, _)| order)
    }

    async fn go_on(&self, mut order: Order, mut status: Status) -> Result<(Order, Option<NoAnswer>), Problem> {
        for _ in 0..MAX_ROUNDS {
            if let Some(kept) = status.kept.take() {
                self.keep(&order, kept).await;
            }
            if let Some(payer) = status.payer.take() {
                order = self.paid_by(order, &payer).await?;
            }
            self.capture_while_held(&order, &mut status).await;
            order = self.settle(order.id, std::mem::take(&mut status.events)).await?;
            let Some(step) = next_step(&order) else { return Ok((order, None)) };
            match self.step(&order, step).await {
                Ok(next) => status = next,
                Err(silent) => {
                    tracing::warn!(order = %order.id, %silent, "a job asks again");
                    return Ok((order, Some(silent)));
                }
            }
        }
        Ok((order, None))
    }

    /// Before the order is settled, so that a crash in between forgets nothing; only then, so that what the buyer has
    /// forgotten since stays forgotten. The order does not wait for it to succeed.
    async fn keep(&self, order: &Order, kept: Kept) {
        let Some(person) = order.person.filter(|_| order.state == OrderState::AwaitingPayment) else { return };
        let saved_at = self.now();
        let id = self.entropy.draw(|random| EntryId::mint(saved_at, random));
        let method = SavedMethod { id, provider: order.provider.clone(), kept, saved_at };
        if let Err(problem) = self.wallets.keep_method(person, method).await {
            tracing::warn!(order = %order.id, %problem, "how it was paid is not kept");
        }
    }

    /// Before money is taken, or brings an order back that had ended: whether who pays may have this, or has as many already
    /// as one buyer may.
    async fn paid_by(&self, order: Order, payer: &str) -> Result<Order, Problem> {
        if !matches!(order.state, OrderState::AwaitingPayment | OrderState::Expired) {
            return Ok(order);
        }
        let mark = marks::of_payer(&self.master_key, &order.provider, payer);
        match till::paid_by(&*self.till, self.command(What::PaidBy { order: order.id, mark })).await? {
            PaidBy::Fine => Ok(order),
            PaidBy::OverLimit(cancelled) => {
                tracing::info!(order = %cancelled.id, "paid by somebody who has as many as one buyer may");
                Ok(*cancelled)
            }
            PaidBy::Unknown => Err(Code::NotFound.into()),
        }
    }

    /// While the claims hold, authorised money is taken before the order is settled, so that one commit pays it.
    async fn capture_while_held(&self, order: &Order, status: &mut Status) {
        use shop::payment::EventKind::{Authorised, Captured, Voided};
        let has = |kind| status.events.iter().any(|event: &ProviderEvent| event.kind == kind);
        let held = order.state == OrderState::AwaitingPayment && self.now() < order.held_until;
        if held
            && has(Authorised)
            && !has(Captured)
            && !has(Voided)
            && let Ok(provider) = self.providers.of(order)
            && let Ok(captured) = self.ask(provider.capture(order.payment)).await
        {
            *status = captured;
        }
    }

    async fn step(&self, order: &Order, step: NextStep) -> Result<Status, NoAnswer> {
        let provider = self.providers.of(order)?;
        match step {
            NextStep::Capture { .. } => self.ask(provider.capture(order.payment)).await,
            NextStep::Void => self.ask(provider.void(order.payment, order.totals.total)).await,
            NextStep::Refund { minor } => {
                let amount = kernel::Money::new(minor, order.totals.total.currency);
                let due = refund_due(order).map(|(asked, _)| asked.idempotency_key.clone());
                let key = due.unwrap_or_else(|| format!("refund:{}", order.id));
                self.ask(provider.refund(order.payment, amount, &key)).await
            }
        }
    }

    /// How the order's payment stands with its provider; `None` when that one never heard of it.
    pub(crate) async fn status(&self, order: &Order) -> Result<Option<Status>, NoAnswer> {
        self.ask(self.providers.of(order)?.status(order.payment)).await
    }

    /// Asks the provider, for no longer than anybody would wait.
    pub(crate) async fn ask<T>(&self, answer: impl Future<Output = Result<T, NoAnswer>>) -> Result<T, NoAnswer> {
        let late = |_| Err(NoAnswer(format!("nothing for {} s", PROVIDER_TIMEOUT.as_secs())));
        tokio::time::timeout(PROVIDER_TIMEOUT, answer).await.unwrap_or_else(late)
    }

    /// Ends an order whose payment came to nothing.
    pub(crate) async fn cancel(&self, order: OrderId, reason: CancelReason) -> Result<(), Problem> {
        till::cancel(&*self.till, self.command(What::Cancel { order, reason })).await?;
        Ok(())
    }

    async fn settle(&self, order: OrderId, news: Vec<ProviderEvent>) -> Result<Order, Problem> {
        match till::settle(&*self.till, self.command(What::Settle { order, news })).await? {
            Settled::Order(order) => Ok(*order),
            Settled::Unknown => Err(Code::NotFound.into()),
        }
    }
}
