//! What the till does by itself: claims end, open payments are asked about.

use futures::stream::{self, StreamExt};
use kernel::{Millis, OrderId};
use shop::books::What;

use super::desk::Desk;
use crate::Problem;
use crate::ports::till;

/// Orders per round; the rest comes in the next.
const ROUND: u32 = 200;
/// Ended methods per round, and how long a provider that does not answer is left alone.
const METHODS: u32 = 20;
const ASK_AGAIN: Millis = Millis::from_mins(5);
/// Orders looked at side by side: a provider that hangs on one costs the others nothing.
const AT_ONCE: usize = 16;
/// A browser confirms within this; what is still open after it, the job asks about.
const PATIENCE: Millis = Millis::from_secs(5);

impl Desk {
    /// Ends the claims whose deadline has passed. Returns how many orders expired.
    pub async fn expire_overdue(&self) -> Result<usize, Problem> {
        let overdue = self.orders.overdue(self.now(), ROUND).await?;
        let ended = stream::iter(overdue).map(|order| self.expire(order)).buffer_unordered(AT_ONCE);
        Ok(ended.fold(0, async |sum, expired| sum + usize::from(expired)).await)
    }

    /// Whether the order expired now. One that cannot comes again in the next round; the others do not wait for it.
    async fn expire(&self, order: OrderId) -> bool {
        // The provider may have the money without our having heard: then the order is paid, not expired.
        self.look_after(order).await;
        match till::expire(&*self.till, self.command(What::Expire { order })).await {
            Ok(expired) => expired,
            Err(problem) => {
                tracing::warn!(%order, %problem, "a claim stays for now");
                false
            }
        }
    }

    /// Asks the provider about every payment that is open for longer than a browser takes: after a crash between
    /// payment and confirmation, this finds the money. Returns how many orders it looked at.
    pub async fn finish_open(&self) -> Result<usize, Problem> {
        let open = self.orders.unfinished(self.now(), PATIENCE, None, ROUND).await?;
        Ok(self.look_after_all(open).await)
    }

    /// As [`Desk::finish_open`] for every one of them, whatever their age and number: what a start does first.
    pub async fn finish_all(&self) -> Result<usize, Problem> {
        let (mut looked_at, mut last) = (0, None);
        loop {
            let open = self.orders.unfinished(self.now(), Millis::from_days(-1), last, ROUND).await?;
            let Some(newest) = open.last().copied() else { return Ok(looked_at) };
            last = Some(newest);
            looked_at += self.look_after_all(open).await;
        }
    }

    /// Providers let go of methods that buyers do not want to be kept any more. Returns how many are gone.
    pub async fn forget_methods(&self) -> Result<usize, Problem> {
        let now = self.now();
        let mut gone = 0;
        for method in self.wallets.ended_methods(now, METHODS).await? {
            // A provider that the house has no more keeps nothing that the house could use.
            let asked = match self.providers.named(&method.provider) {
                Some(provider) => self.ask(provider.forget(&method.kept.token)).await,
                None => Ok(()),
            };
            match asked {
                Ok(()) => {
                    self.wallets.forget_method(method.id).await?;
                    gone += 1;
                }
                Err(silent) => {
                    tracing::warn!(%silent, "a method is let go later");
                    self.wallets.put_off_method(method.id, now + ASK_AGAIN).await?;
                }
            }
        }
        Ok(gone)
    }

    async fn look_after_all(&self, open: Vec<OrderId>) -> usize {
        let orders = open.len();
        stream::iter(open).for_each_concurrent(AT_ONCE, |order| self.look_after(order)).await;
        orders
    }

    /// One order that cannot be completed must not keep the others waiting: it comes again in the next round.
    async fn look_after(&self, order: OrderId) {
        let counted = match self.look(order).await {
            Ok(looked) => self.count_try(&looked.order, looked.silent).await,
            Err(problem) => Err(problem),
        };
        if let Err(problem) = counted {
            tracing::warn!(%order, %problem, "a payment stays open for now");
        }
    }
}
