//! The till in memory: one set of books for good, decided under a lock.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use kernel::{
    Currency, DropId, EntryId, LocationId, Millis, OrderId, PaymentId, Random, ReturnId, Timestamp, VariantId, ViewerId,
};
use shop::basket::Basket;
use shop::books::{Books, Command, Outcome, next_step};
use shop::buyer::Buyer;
use shop::offer::Offer;
use shop::order::{Order, OrderState};
use shop::shelf::Stock;
use shop::shipping::ShippingRate;

use crate::ports::{
    Baskets, OrderFilter, Orders, Outbox, Rates, StockCount, StockCounts, StoreError, Stuck, Till, TriviaRow,
    WaitingEvent, WaitingMessage,
};

#[derive(Debug)]
pub(super) struct Rows {
    pub(super) books: Books,
    buyers: BTreeMap<OrderId, Buyer>,
    stuck: BTreeMap<OrderId, Stuck>,
    /// With their versions.
    pub(super) offers: BTreeMap<EntryId, (Offer, i64)>,
    pub(super) trivia: BTreeMap<DropId, TriviaRow>,
    baskets: BTreeMap<ViewerId, Basket>,
    /// With when each is due.
    outbox: Vec<(Timestamp, WaitingEvent)>,
    rates: Vec<ShippingRate>,
    random: Random,
}

/// Everything that the till's tables hold.
#[derive(Debug)]
pub struct MemoryTill(Mutex<Rows>);

impl Default for MemoryTill {
    fn default() -> Self {
        let (books, buyers, baskets) = (Books::default(), BTreeMap::new(), BTreeMap::new());
        let (stuck, offers, trivia) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let (outbox, rates, random) = (vec![], vec![], Random::seeded(0));
        Self(Mutex::new(Rows { books, buyers, stuck, offers, trivia, baskets, outbox, rates, random }))
    }
}

impl MemoryTill {
    pub(super) fn rows(&self) -> MutexGuard<'_, Rows> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at everything at once, as an auditor would.
    pub fn audit<T>(&self, with: impl FnOnce(&Books) -> T) -> T {
        with(&self.rows().books)
    }
}

#[async_trait]
impl Till for MemoryTill {
    async fn run(&self, command: Command) -> Result<Outcome, StoreError> {
        let mut rows = self.rows();
        let rows = &mut *rows;
        let at = command.at;
        for (viewer, basket) in &rows.baskets {
            rows.books.add_basket(*viewer, basket.version);
        }
        let outcome = rows.books.decide(command);
        let changes = rows.books.changes();
        for (order, buyer) in &changes.placed {
            rows.buyers.insert(order.id, (*buyer).clone());
        }
        for viewer in &changes.emptied {
            if let Some(basket) = rows.baskets.get_mut(viewer) {
                basket.version += 1;
                basket.lines.clear();
            }
        }
        for event in changes.events {
            let id = EntryId::mint(at, &mut rows.random);
            rows.outbox.push((at, WaitingEvent { id, event: Some(event), tries: 0 }));
        }
        rows.books.written();
        Ok(outcome)
    }
}

#[async_trait]
impl Orders for MemoryTill {
    async fn order(&self, id: OrderId) -> Result<Option<Order>, StoreError> {
        Ok(self.rows().books.order(id).cloned())
    }

    async fn with_buyers(&self, ids: Vec<OrderId>) -> Result<Vec<(Order, Option<Buyer>)>, StoreError> {
        let rows = self.rows();
        let orders = ids.iter().filter_map(|id| rows.books.order(*id));
        Ok(orders.map(|order| (order.clone(), rows.buyers.get(&order.id).cloned())).collect())
    }

    async fn buyer(&self, id: OrderId) -> Result<Option<Buyer>, StoreError> {
        Ok(self.rows().buyers.get(&id).cloned())
    }

    async fn placed_with(&self, viewer: ViewerId, idempotency_key: &str) -> Result<Option<Order>, StoreError> {
        let rows = self.rows();
        let same = |order: &&Order| order.viewer == viewer && order.idempotency_key == idempotency_key;
        Ok(rows.books.orders().find(same).cloned())
    }

    async fn numbered(&self, numbers: &[String]) -> Result<Vec<OrderId>, StoreError> {
        let rows = self.rows();
        Ok(rows.books.orders().filter(|order| numbers.contains(&order.number)).map(|order| order.id).collect())
    }

    async fn by_payment(&self, payment: PaymentId) -> Result<Option<OrderId>, StoreError> {
        Ok(self.rows().books.orders().find(|order| order.payment == payment).map(|order| order.id))
    }

    async fn list(&self, filter: OrderFilter) -> Result<Vec<(Order, String)>, StoreError> {
        let rows = self.rows();
        let buyer = |order: &Order| rows.buyers.get(&order.id).map(|buyer| buyer.contact.clone());
        let asked = |order: &&Order| {
            let found = filter.query.as_deref().map(str::trim).is_none_or(|query| {
                let contact = buyer(order);
                let by_contact = contact.is_some_and(|contact| {
                    contact.email == Some(query.to_lowercase())
                        || contact.phone.as_deref() == Some(query)
                        || contact.name.starts_with(query)
                });
                order.number == query.to_uppercase() || by_contact
            });
            found
                && filter.state.is_none_or(|state| order.state == state)
                && filter.own.as_ref().is_none_or(|own| {
                    let contact = buyer(order);
                    let same = |one: &Option<String>, other: Option<String>| one.is_some() && *one == other;
                    own.viewer == Some(order.viewer)
                        || (own.person.is_some() && own.person == order.person)
                        || same(&own.email, contact.as_ref().and_then(|contact| contact.email.clone()))
                        || same(&own.phone, contact.and_then(|contact| contact.phone))
                })
                && filter.after.is_none_or(|after| order.id < after)
        };
        let mut found: Vec<&Order> = rows.books.orders().filter(asked).collect();
        found.sort_by_key(|order| std::cmp::Reverse(order.id));
        let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        let named = |order: &Order| (order.clone(), buyer(order).map(|contact| contact.name).unwrap_or_default());
        Ok(found.into_iter().take(limit).map(named).collect())
    }

    async fn overdue(&self, now: Timestamp, limit: u32) -> Result<Vec<OrderId>, StoreError> {
        let rows = self.rows();
        let due = |order: &&Order| order.state == OrderState::AwaitingPayment && order.held_until <= now;
        let mut found: Vec<&Order> = rows.books.orders().filter(due).collect();
        found.sort_by_key(|order| order.held_until);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(found.into_iter().take(limit).map(|order| order.id).collect())
    }

    async fn unfinished(
        &self,
        now: Timestamp,
        patience: Millis,
        after: Option<OrderId>,
        limit: u32,
    ) -> Result<Vec<OrderId>, StoreError> {
        let rows = self.rows();
        let open = |order: &&Order| order.state == OrderState::AwaitingPayment || next_step(order).is_some();
        let due = |order: &Order| {
            rows.stuck.get(&order.id).is_none_or(|stuck| stuck.next_at.is_some_and(|next_at| next_at <= now))
        };
        let asked = |order: &&Order| {
            order.placed_at < now - patience && after.is_none_or(|after| order.id > after) && due(order)
        };
        let mut found: Vec<&Order> = rows.books.orders().filter(open).filter(asked).collect();
        found.sort_by_key(|order| order.id);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(found.into_iter().take(limit).map(|order| order.id).collect())
    }

    async fn stuck(&self, order: OrderId) -> Result<Option<Stuck>, StoreError> {
        Ok(self.rows().stuck.get(&order).cloned())
    }

    async fn keep_stuck(&self, order: OrderId, stuck: Option<Stuck>) -> Result<(), StoreError> {
        let known = &mut self.rows().stuck;
        match stuck {
            Some(stuck) => drop(known.insert(order, stuck)),
            None => drop(known.remove(&order)),
        }
        Ok(())
    }

    async fn given_up(&self, limit: u32) -> Result<Vec<(OrderId, Stuck)>, StoreError> {
        let rows = self.rows();
        let mut found: Vec<(OrderId, Stuck)> =
            rows.stuck.iter().filter(|(_, stuck)| stuck.next_at.is_none()).map(|(id, s)| (*id, s.clone())).collect();
        found.sort_by_key(|(id, stuck)| (stuck.since, *id));
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(found)
    }

    async fn at_prices(
        &self,
        variant: VariantId,
        versions: &[EntryId],
        limit: u32,
    ) -> Result<Vec<OrderId>, StoreError> {
        let rows = self.rows();
        let at_price =
            |order: &&Order| order.lines.iter().any(|line| line.variant == variant && versions.contains(&line.price));
        let mut found: Vec<OrderId> = rows.books.orders().filter(at_price).map(|order| order.id).collect();
        found.reverse();
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(found)
    }

    async fn returns(
        &self,
        step: Option<&str>,
        after: Option<ReturnId>,
        limit: u32,
    ) -> Result<Vec<(ReturnId, OrderId)>, StoreError> {
        let rows = self.rows();
        let of = |order: &Order| -> Vec<(ReturnId, OrderId)> {
            let fits = order.returns().into_iter().filter(|one| step.is_none_or(|step| one.step.as_str() == step));
            fits.map(|one| (one.id, order.id)).collect()
        };
        let mut found: Vec<(ReturnId, OrderId)> = rows.books.orders().flat_map(of).collect();
        found.retain(|(id, _)| after.is_none_or(|after| *id < after));
        found.sort_by_key(|(id, _)| std::cmp::Reverse(*id));
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(found)
    }

    async fn taken(&self, since: Timestamp) -> Result<Vec<(Currency, i64, i64)>, StoreError> {
        let mut sums: BTreeMap<Currency, (i64, i64)> = BTreeMap::new();
        for order in self.rows().books.orders() {
            if order.state.stands() && !order.rehearsal && order.placed_at >= since {
                let sum = sums.entry(order.totals.total.currency).or_default();
                *sum = (sum.0 + 1, sum.1 + order.totals.total.minor);
            }
        }
        Ok(sums.into_iter().map(|(currency, (orders, minor))| (currency, orders, minor)).collect())
    }
}

#[async_trait]
impl Baskets for MemoryTill {
    async fn basket(&self, viewer: ViewerId) -> Result<Basket, StoreError> {
        Ok(self.rows().baskets.get(&viewer).cloned().unwrap_or_default())
    }

    async fn keep(&self, viewer: ViewerId, basket: Basket, seen: i64) -> Result<(), StoreError> {
        let mut rows = self.rows();
        if rows.baskets.get(&viewer).is_some_and(|kept| kept.version != seen) {
            return Err(StoreError::Changed);
        }
        rows.baskets.insert(viewer, basket);
        Ok(())
    }
}

#[async_trait]
impl StockCounts for MemoryTill {
    async fn set_on_hand(
        &self,
        variant: VariantId,
        location: LocationId,
        on_hand: i64,
        buffer: i64,
    ) -> Result<(), StoreError> {
        let shelf = &mut self.rows().books.shelf;
        let known = shelf.rows().find(|row| row.variant == variant && row.location == location);
        let (claimed, allocated) = known.map_or((0, 0), |row| (row.claimed, row.allocated));
        shelf.put(Stock { variant, location, on_hand, buffer, claimed, allocated });
        Ok(())
    }

    async fn counts(&self, variants: &[VariantId]) -> Result<Vec<StockCount>, StoreError> {
        let rows = self.rows();
        let wanted = rows.books.shelf.rows().filter(|row| variants.contains(&row.variant));
        let count = |row: &Stock| StockCount {
            variant: row.variant,
            location: row.location,
            on_hand: row.on_hand,
            buffer: row.buffer,
            free: row.free(),
        };
        Ok(wanted.map(count).collect())
    }
}

#[async_trait]
impl Rates for MemoryTill {
    async fn rates(&self) -> Result<Vec<ShippingRate>, StoreError> {
        Ok(self.rows().rates.clone())
    }

    async fn keep_rates(&self, rates: Vec<ShippingRate>) -> Result<(), StoreError> {
        self.rows().rates = rates;
        Ok(())
    }
}

#[async_trait]
impl Outbox for MemoryTill {
    async fn waiting(&self, now: Timestamp, limit: u32) -> Result<Vec<WaitingEvent>, StoreError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let rows = self.rows();
        let due = rows.outbox.iter().filter(|(due, _)| *due <= now);
        Ok(due.take(limit).map(|(_, event)| event.clone()).collect())
    }

    async fn put_off(&self, event: EntryId, next_at: Timestamp) -> Result<(), StoreError> {
        for (due, waiting) in &mut self.rows().outbox {
            if waiting.id == event {
                *due = next_at;
                waiting.tries += 1;
            }
        }
        Ok(())
    }

    async fn set_aside(&self, event: EntryId, _nobody_reads_it_here: String, _at: Timestamp) -> Result<(), StoreError> {
        self.rows().outbox.retain(|(_, waiting)| waiting.id != event);
        Ok(())
    }

    async fn hand_over(
        &self,
        events: Vec<EntryId>,
        _nobody_sends_here: Vec<WaitingMessage>,
    ) -> Result<Vec<EntryId>, StoreError> {
        let mut rows = self.rows();
        let (taken, left) =
            std::mem::take(&mut rows.outbox).into_iter().partition(|(_, waiting)| events.contains(&waiting.id));
        rows.outbox = left;
        Ok(Vec::into_iter(taken).map(|(_, waiting)| waiting.id).collect())
    }
}
