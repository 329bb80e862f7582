//! Offers with a limit: counted as orders are placed, and given back when these end.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{EntryId, OrderId};

use super::Books;
use crate::order::Order;

/// How often a limited offer counts, and may.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfferCount {
    /// Orders in all, and of one buyer.
    pub uses: Option<u32>,
    pub per_buyer: Option<u32>,
    pub stopped: bool,
    /// Orders that it counts in and that did not end.
    pub used: i64,
    /// Those of them that buyers with these marks placed; only the marks of who buys now.
    pub by_mark: BTreeMap<String, BTreeSet<OrderId>>,
}

/// An order that an offer counts in, by one of its buyer's marks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OfferUse {
    pub offer: EntryId,
    pub order: OrderId,
    pub mark: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Offers {
    counts: BTreeMap<EntryId, OfferCount>,
    changed: BTreeSet<EntryId>,
    used: Vec<OfferUse>,
    given_back: BTreeSet<OrderId>,
}

impl Offers {
    pub(super) fn add(&mut self, id: EntryId, count: OfferCount) {
        self.counts.insert(id, count);
    }

    pub(super) fn get(&self, id: EntryId) -> Option<&OfferCount> {
        self.counts.get(&id)
    }

    pub(super) fn changed(&self) -> impl Iterator<Item = (EntryId, i64)> {
        self.changed.iter().filter_map(|id| Some((*id, self.counts.get(id)?.used)))
    }

    pub(super) fn used(&self) -> impl Iterator<Item = &OfferUse> {
        self.used.iter()
    }

    pub(super) fn given_back(&self) -> impl Iterator<Item = OrderId> {
        self.given_back.iter().copied()
    }

    pub(super) fn written(&mut self) {
        self.changed.clear();
        self.used.clear();
        self.given_back.clear();
    }

    fn count(&mut self, order: &Order, by: i64) {
        for offer in limited(order) {
            if let Some(count) = self.counts.get_mut(&offer) {
                count.used += by;
                self.changed.insert(offer);
            }
        }
    }
}

/// The limited offers of an order; a rehearsal uses none up.
pub fn limited(order: &Order) -> impl Iterator<Item = EntryId> {
    order.totals.offers.iter().filter(|one| one.limited && !order.rehearsal).map(|one| one.offer)
}

/// The marks under which a buyer's uses of offers are counted: who they are here, and by what they are known.
pub fn marks_of<'a>(order: &Order, marks: &'a [String]) -> impl Iterator<Item = String> + use<'a> {
    std::iter::once(format!("viewer:{}", order.viewer)).chain(marks.iter().cloned())
}

impl Books {
    /// Those of the order's offers that are used up, in all or by this buyer, or that staff stopped.
    pub(super) fn spent(&self, order: &Order, marks: &[String]) -> Vec<EntryId> {
        let spent = |id: &EntryId| {
            let Some(count) = self.offers.get(*id) else { return true };
            let reached = |limit: Option<u32>, used: i64| limit.is_some_and(|limit| used >= i64::from(limit));
            let own = marks_of(order, marks).filter_map(|mark| count.by_mark.get(&mark)).map(BTreeSet::len).max();
            let own = i64::try_from(own.unwrap_or(0)).unwrap_or(i64::MAX);
            count.stopped || reached(count.uses, count.used) || reached(count.per_buyer, own)
        };
        limited(order).filter(spent).collect()
    }

    pub(super) fn use_offers(&mut self, order: &Order, marks: &[String]) {
        self.offers.count(order, 1);
        for offer in limited(order) {
            for mark in marks_of(order, marks) {
                if let Some(count) = self.offers.counts.get_mut(&offer) {
                    count.by_mark.entry(mark.clone()).or_default().insert(order.id);
                }
                self.offers.used.push(OfferUse { offer, order: order.id, mark });
            }
        }
    }

    /// Whether somebody with this mark has used an offer of the order in as many others as one buyer may.
    pub(super) fn used_too_often(&self, order: &Order, mark: &str) -> bool {
        limited(order).filter_map(|offer| self.offers.get(offer)).any(|count| {
            let others = count.by_mark.get(mark).into_iter().flatten().filter(|other| **other != order.id).count();
            count.per_buyer.is_some_and(|limit| u32::try_from(others).unwrap_or(u32::MAX) >= limit)
        })
    }

    /// What the order has used counts for somebody with this mark too.
    pub(super) fn mark_offers(&mut self, order: &Order, mark: &str) {
        for offer in limited(order) {
            if let Some(count) = self.offers.counts.get_mut(&offer) {
                count.by_mark.entry(mark.to_owned()).or_default().insert(order.id);
            }
            self.offers.used.push(OfferUse { offer, order: order.id, mark: mark.to_owned() });
        }
    }

    /// The order ended: its offers count for somebody else again.
    pub(super) fn give_offers_back(&mut self, id: OrderId) {
        let Some(order) = self.orders.get(&id) else { return };
        self.offers.count(order, -1);
        for offer in limited(order) {
            if let Some(count) = self.offers.counts.get_mut(&offer) {
                count.by_mark.values_mut().for_each(|orders| orders.retain(|order| *order != id));
            }
            self.offers.used.retain(|one| one.order != id);
            self.offers.given_back.insert(id);
        }
    }

    /// Money came for an order that had ended: it has its price, whatever is left of its offers.
    pub(super) fn use_offers_again(&mut self, id: OrderId) {
        if let Some(order) = self.orders.get(&id).cloned() {
            self.use_offers(&order, &[]);
        }
    }
}
