//! Claim → order: the first half of a checkout.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{ClaimId, EntryId, OrderLineId, Random, Timestamp, VariantId};

use super::{Books, ClaimInDrop, Claimed, append_own};
use crate::buyer::Buyer;
use crate::claim::{Claim, ClaimState, InOrder, Source};
use crate::order::{Order, OrderLine, OrderState};
use crate::payment::EventKind;

/// A checkout that was priced and checked, and now wants its pieces.
#[derive(Clone, Debug)]
pub struct PlaceOrder {
    /// As it shall be stored; its lines have no claims yet, its ledger is empty.
    pub order: Order,
    pub buyer: Buyer,
    /// Lines whose pieces the buyer has claimed before. The others take theirs off the shelf.
    pub adopted: BTreeMap<OrderLineId, ClaimId>,
    /// Pieces of a drop that are claimed with it: those of its only line. A claim that was made stays with the buyer, whatever
    /// becomes of the order.
    pub claiming: Option<Box<ClaimInDrop>>,
    /// By what the buyer is known again under another name: against the limits of drops.
    pub marks: Vec<String>,
    /// The basket that the buyer saw. `None` for an order that comes of no basket.
    pub basket_version: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placed {
    New(Box<Order>),
    /// The same checkout came before: this is what became of it.
    Replayed(Box<Order>),
    /// The key came before, with another body.
    KeyReused,
    /// The basket is another one by now.
    BasketChanged,
    /// Staff stopped the sale of these.
    Stopped(Vec<VariantId>),
    /// Fewer are free than wanted.
    SoldOut(Vec<VariantId>),
    /// The drop gave no pieces: a refusal, or a place in its line.
    NotClaimed(Box<Claimed>),
    /// These claims are not the buyer's any more, or never were as the order has them.
    ClaimsGone(Vec<ClaimId>),
    /// With what the same contact or card has already, these claims are more than one buyer may have of their drop.
    OverLimit {
        limit: u32,
        claims: Vec<ClaimId>,
    },
    /// These offers are used up, in all or by this buyer, or were stopped.
    OffersGone(Vec<EntryId>),
}

impl Books {
    /// Takes the order's pieces and opens its payment, or says why not; then nothing has changed, but for pieces that
    /// were claimed with it.
    pub fn place(&mut self, command: PlaceOrder, at: Timestamp, random: &mut Random) -> Placed {
        let PlaceOrder { mut order, buyer, mut adopted, claiming, marks, basket_version } = command;
        let key = (order.viewer, order.idempotency_key.clone());
        if let Some(earlier) = self.by_key.get(&key).and_then(|id| self.orders.get(id)) {
            let same = earlier.request_hash == order.request_hash;
            return if same { Placed::Replayed(Box::new(earlier.clone())) } else { Placed::KeyReused };
        }
        if basket_version.is_some_and(|seen| self.baskets.get(&order.viewer).copied().unwrap_or(0) != seen) {
            return Placed::BasketChanged;
        }
        let stopped: Vec<VariantId> =
            order.lines.iter().filter(|line| self.stopped.contains(&line.product)).map(|line| line.variant).collect();
        if !stopped.is_empty() {
            return Placed::Stopped(stopped);
        }
        if let (Some(wish), [line]) = (claiming, order.lines.as_slice()) {
            match self.claim(*wish, at, random) {
                Claimed::New(claim) | Claimed::Replayed(claim) => adopted.insert(line.id, claim.id),
                refused => return Placed::NotClaimed(Box::new(refused)),
            };
        }
        let gone = self.unfit(&order, &adopted, at);
        if !gone.is_empty() {
            return Placed::ClaimsGone(gone);
        }
        if let Some((limit, claims)) = self.over_limit(&adopted, &marks) {
            return Placed::OverLimit { limit, claims };
        }
        let spent = self.spent(&order, &marks);
        if !spent.is_empty() {
            return Placed::OffersGone(spent);
        }
        let fresh = |line: &&OrderLine| !order.rehearsal && !adopted.contains_key(&line.id);
        let wanted: Vec<(VariantId, i64)> =
            order.lines.iter().filter(fresh).map(|line| (line.variant, i64::from(line.quantity))).collect();
        let mut places = match self.shelf.claim(&wanted) {
            Ok(places) => places.into_iter(),
            Err(short) => return Placed::SoldOut(short.variants),
        };
        for at_line in 0..order.lines.len() {
            let line = &order.lines[at_line];
            let in_order = Some(InOrder { order: order.id, line: line.id });
            order.lines[at_line].claim = match adopted.get(&line.id) {
                Some(id) => {
                    let claim = self.claims.change(*id);
                    claim.until = claim.until.max(order.held_until);
                    claim.order = in_order;
                    Some(*id)
                }
                None if order.rehearsal => None,
                None => {
                    let places = places.next().unwrap_or_default();
                    let claim = Claim { places, order: in_order, ..fresh_claim(&order, line, at, random) };
                    let id = claim.id;
                    self.claims.make(claim);
                    Some(id)
                }
            };
        }
        order.state = OrderState::AwaitingPayment;
        let (total, opening) = (order.totals.total.minor, format!("open:{}", order.payment));
        append_own(&mut order, EventKind::Opened, total, opening, at, random);
        if let Some(version) = basket_version {
            self.baskets.insert(order.viewer, version + 1);
            self.emptied.insert(order.viewer);
        }
        self.mark(order.lines.iter().filter_map(|line| line.claim), &marks);
        self.use_offers(&order, &marks);
        self.placed.insert(order.id, buyer);
        self.add_order(order.clone());
        Placed::New(Box::new(order))
    }

    /// Those of the claims that cannot become these lines: paid, let go or expired, somebody else's, of other pieces, in
    /// another order, or named twice.
    fn unfit(&self, order: &Order, adopted: &BTreeMap<OrderLineId, ClaimId>, at: Timestamp) -> Vec<ClaimId> {
        let mut seen = BTreeSet::new();
        let fits = |line: &OrderLineId, id: ClaimId| {
            let line = order.lines.iter().find(|own| own.id == *line);
            line.zip(self.claims.get(id)).is_some_and(|(line, claim)| {
                claim.on_tab()
                    && at < claim.until
                    && claim.belongs_to(order.viewer, order.person)
                    && (claim.variant, claim.quantity) == (line.variant, line.quantity)
                    && claim.is_rehearsal() == order.rehearsal
            })
        };
        adopted.iter().filter(|(line, id)| !fits(line, **id) || !seen.insert(**id)).map(|(_, id)| *id).collect()
    }
}

/// What a line of a checkout claims for itself; where it lies is not said yet.
pub(super) fn fresh_claim(order: &Order, line: &OrderLine, at: Timestamp, random: &mut Random) -> Claim {
    Claim {
        id: ClaimId::mint(at, random),
        variant: line.variant,
        product: line.product,
        quantity: line.quantity,
        places: Vec::new(),
        until: order.held_until,
        after_show_hours: None,
        state: ClaimState::Open,
        of: Source::Checkout,
        viewer: order.viewer,
        person: order.person,
        show: line.show,
        country: None,
        quote: None,
        key: None,
        made_at: at,
        order: None,
    }
}
