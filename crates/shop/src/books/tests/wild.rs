//! Random runs of drops, waitlists, tabs and orders: after each command the stock adds up, nobody is over the limit, the
//! line is kept, and nothing that ended begins again.

use kernel::{DropId, PersonId, ReturnId};

use super::*;
use crate::change::{Change, Changed, Piece, RefusedBecause, ReturnReason, Wish};
use crate::drop::{EndedBecause, Hold, Phase, Stage};
use crate::returns::{Return, Step};

const BUYERS: usize = 5;

struct Wild {
    shop: Shop,
    at: Timestamp,
    start: i64,
    over_counter: i64,
    buyers: Vec<ViewerId>,
    drops: Vec<DropId>,
    ended: BTreeSet<DropId>,
    /// Tickets of who was served, a drop: they only ever rise.
    served: BTreeMap<DropId, i64>,
    steps: usize,
}

type Move = (u8, usize, usize, u8);

impl Wild {
    fn new(start: i64) -> Self {
        let mut shop = Shop::with(start);
        let buyers = (0..BUYERS).map(|_| shop.viewer()).collect();
        let (drops, ended, served) = (Vec::new(), BTreeSet::new(), BTreeMap::new());
        Self { shop, at: noon(), start, over_counter: 0, buyers, drops, ended, served, steps: 0 }
    }

    fn any_drop(&mut self, which: usize) -> DropId {
        if self.drops.is_empty() || (which.is_multiple_of(9) && self.drops.len() < 4) {
            let quantity = i64::try_from(which % 4).unwrap_or(0) + 1;
            let window = which.is_multiple_of(2).then_some(Millis::from_mins(3));
            let drop = if which.is_multiple_of(5) { self.shop.prize() } else { self.shop.planned(quantity, window) };
            self.drops.push(drop);
        }
        self.drops[which % self.drops.len()]
    }

    fn any_claim(&self, which: usize) -> Option<Claim> {
        let count = self.shop.books.claims().count();
        self.shop.books.claims().nth(which % count.max(1)).cloned()
    }

    fn any_order(&self, which: usize) -> Option<Order> {
        let count = self.shop.books.orders().count();
        self.shop.books.orders().nth(which % count.max(1)).cloned()
    }

    fn step(&mut self, (what, which, other, how): Move) {
        self.steps += 1;
        let (at, buyer) = (self.at, self.buyers[other % BUYERS]);
        let drop = self.any_drop(which);
        let key = format!("k{}", self.steps % 30);
        match what % 24 {
            0 => drop_it(self.shop.books.arm_drop(drop, how.is_multiple_of(2).then_some(at), at)),
            1 => drop_it(self.shop.books.fire_drop(drop, Millis::from_secs(i64::from(how % 8)), at)),
            2 => drop_it(self.shop.books.end_drop(drop, EndedBecause::ALL[usize::from(how) % 3], at)),
            3..=7 => {
                let wish = self.shop.wish(drop, buyer, u32::from(how % 3) + 1, &key);
                let prize = self.shop.books.drop_of(drop).is_some_and(|drop| drop.prize.is_some());
                let wish = ClaimInDrop { wait: how > 100, won: prize != (how == 7), ..wish };
                drop_it(self.shop.books.claim(wish, at, &mut self.shop.random));
            }
            8 => drop_it(self.shop.books.leave_line(drop, buyer)),
            9 | 10 => self.offer(drop),
            11 => self.at = self.at + Millis::from_secs(i64::from(how)),
            12 => {
                let due: Vec<ClaimId> = self.shop.books.claims().map(|claim| claim.id).collect();
                self.shop.books.expire_claims(&due, at);
                let orders: Vec<OrderId> = self.shop.books.orders().map(|order| order.id).collect();
                orders.into_iter().for_each(|order| drop_it(self.shop.books.expire(order, at)));
            }
            13 => {
                if let Some(claim) = self.any_claim(which) {
                    drop_it(self.shop.books.let_go(claim.id, (how > 60).then_some((buyer, None)), at));
                }
            }
            14 => {
                if let Some(claim) = self.any_claim(which) {
                    drop_it(self.shop.books.extend(claim.id, at + Millis::from_mins(i64::from(how)), at));
                }
            }
            15 => {
                let (variant, product, by) =
                    (self.shop.belt, self.shop.product, PersonId::mint(at, &mut self.shop.random));
                let (quote, hold, quantity) = (self.shop.quote(), Hold::Minutes(3), u32::from(how % 2) + 1);
                let wish =
                    SetAside { variant, product, viewer: buyer, person: None, show: None, quantity, quote, hold, by };
                drop_it(self.shop.books.set_aside(wish, at, &mut self.shop.random));
            }
            16 => self.check_out(buyer, how, &key),
            17 => {
                if let Some(order) = self.any_order(which) {
                    let reference = format!("c-{}-{}", order.id, how % 2);
                    self.shop.settle(order.id, &[(Captured, order.totals.total.minor, &reference)]);
                }
            }
            18 => {
                if let Some(order) = self.any_order(which) {
                    let reason = CancelReason::ALL[usize::from(how) % CancelReason::ALL.len()];
                    drop_it(self.shop.books.cancel(order.id, reason, at, &mut self.shop.random));
                }
            }
            20..=23 if how.is_multiple_of(16) => {
                let parcel = self.any_order(which).and_then(|order| Some((order.id, order.parcels.last()?.id)));
                if let Some((order, parcel)) = parcel {
                    drop_it(self.shop.books.deliver(order, parcel, at));
                }
            }
            20..=23 => {
                if let Some(order) = self.any_order(which) {
                    self.change(&order, other, how);
                }
            }
            _ if how.is_multiple_of(4) => {
                let sold = self.shop.books.sell_in_shop(self.shop.belt, at, &mut self.shop.random);
                self.over_counter += i64::from(matches!(sold, ShopSold::Done { .. }));
            }
            _ => {
                if let Some(order) = self.any_order(which) {
                    let parcel = self.shop.parcel();
                    drop_it(self.shop.books.send(order.id, parcel, None));
                }
            }
        }
    }

    /// Something of an order after the sale, as often as not something that cannot be.
    fn change(&mut self, order: &Order, other: usize, how: u8) {
        let Some(line) = order.lines.get(other % order.lines.len().max(1)) else { return };
        let piece = Piece { line: line.id, quantity: u32::from(how % 2) + 1 };
        let returns = order.returns();
        let one = returns.get(other % returns.len().max(1)).map(|one| one.id);
        let id = one.unwrap_or_else(|| ReturnId::mint(self.at, &mut self.shop.random));
        let what = match how % 8 {
            7 => Asked::Withdraw { pieces: crate::withdrawal::pieces(order) },
            0 => Asked::Refund { pieces: vec![piece], why: RefundReason::ALL[other % RefundReason::ALL.len()] },
            1 => Asked::TakeElsewhere { pieces: piece },
            2 => Asked::Return { pieces: vec![piece], why: ReturnReason::DoesNotFit, wish: Wish::Refund },
            3 => Asked::Receive { id },
            4 => Asked::Refuse { id, why: RefusedBecause::Worn },
            5 => Asked::PayBack { id, less_minor: i64::from(how % 3) * 100, restock: how.is_multiple_of(2) },
            _ => {
                let id_of_line = OrderLineId::mint(self.at, &mut self.shop.random);
                let nothing = Money::zero(Currency::USD);
                let quantity = returns.iter().find(|one| one.id == id).map_or(1, |one| one.pieces[0].quantity);
                let with = OrderLine { id: id_of_line, unit: nothing, total: nothing, quantity, ..line.clone() };
                let with = OrderLine { reductions: vec![], parcel: None, claim: None, ..with };
                Asked::Replace { id, with: Box::new(with), restock: how.is_multiple_of(2) }
            }
        };
        let version = order.version() - u32::from(how == 77 && order.version() > 0);
        let command = ChangeOrder { order: order.id, version, by: None, what };
        let done = self.shop.books.change(command, self.at, &mut self.shop.random);
        let OrderChanged::Order(now) = done else { return };
        let balance = Balance::of(&now.ledger);
        assert!(balance.refund_asked <= balance.captured, "more goes back than was taken: {now:?}");
    }

    fn offer(&mut self, drop: DropId) {
        let line: Vec<(WaiterId, ViewerId, i64)> =
            self.shop.books.waiting(drop).map(|waiter| (waiter.id, waiter.viewer, waiter.ticket)).collect();
        let offers: Vec<_> = line.iter().map(|(id, ..)| (*id, self.at + Millis::from_mins(1))).collect();
        let offered = self.shop.books.offer_waiting(drop, &offers, self.at, &mut self.shop.random);
        for (claim, (_, viewer, ticket)) in offered.iter().zip(&line) {
            assert_eq!(claim.viewer, *viewer, "the line was not kept");
            let before = self.served.insert(drop, *ticket);
            assert!(before.is_none_or(|before| before < *ticket), "served twice or backwards");
        }
    }

    /// Everything on the buyer's tab, and sometimes a belt off the shelf.
    fn check_out(&mut self, buyer: ViewerId, how: u8, key: &str) {
        let mut place = self.shop.checkout(1, key);
        place.order.viewer = buyer;
        place.order.held_until = self.at + CHECKOUT_HOLD;
        let line = place.order.lines[0].clone();
        if how.is_multiple_of(3) {
            place.order.lines.clear();
        }
        let tab: Vec<(ClaimId, u32)> = self
            .shop
            .books
            .claims()
            .filter(|claim| claim.on_tab() && claim.viewer == buyer)
            .map(|claim| (claim.id, claim.quantity))
            .collect();
        for (claim, quantity) in tab {
            let id = OrderLineId::mint(self.at, &mut self.shop.random);
            place.adopted.insert(id, claim);
            place.order.lines.push(OrderLine { id, quantity, ..line.clone() });
        }
        if !place.order.lines.is_empty() {
            drop_it(self.shop.books.place(place, self.at, &mut self.shop.random));
        }
    }

    fn check(&mut self) {
        let books = &self.shop.books;
        let (on_hand, claimed, allocated) = self.shop.stock();
        let pieces = |claim: &Claim| claim.places.iter().map(|place| place.quantity).sum::<i64>();
        let pots: i64 = books.drops().map(Drop::left).sum();
        let (mut open, mut waiting, mut sent, mut lost, mut restocked) = (0, 0, 0, 0, 0);
        for claim in books.claims() {
            assert_eq!(pieces(claim), i64::from(claim.quantity), "{claim:?}");
            if claim.state == ClaimState::Open {
                open += pieces(claim);
                if let Some(order) = claim.order.and_then(|at| books.order(at.order)) {
                    assert_eq!(order.state, OrderState::AwaitingPayment, "{claim:?}");
                }
            }
        }
        for order in books.orders() {
            let mut seen = BTreeSet::new();
            for line in &order.lines {
                let claim = line.claim.and_then(|claim| books.claim_of(claim));
                let left = i64::from(order.left(line));
                let paid = claim.is_some_and(|claim| claim.state == ClaimState::Paid);
                assert_eq!(order.state.stands() && left > 0, paid, "{order:?}");
                let Some(claim) = claim else { continue };
                assert_eq!(claim.order, Some(crate::claim::InOrder { order: order.id, line: line.id }));
                assert!(seen.insert(claim.id), "one claim for two lines");
                let pieces = if order.state.stands() { left } else { 0 };
                assert!(pieces == 0 || pieces == i64::from(claim.quantity), "{order:?}");
                if line.parcel.is_some() { sent += pieces } else { waiting += pieces }
            }
            lost += lost_of(order);
            restocked += restocked_of(order);
        }
        assert_eq!((claimed, allocated), (open + pots, waiting));
        assert_eq!(on_hand, self.start - sent - self.over_counter - lost + restocked);
        let sold = sent + self.over_counter + allocated + lost - restocked;
        assert_eq!(sold + claimed + books.shelf.free(self.shop.belt), self.start, "sold + claimed + free = on hand");
        for drop in books.drops() {
            let of = |claim: &&Claim| claim.of.drop() == Some(drop.id) && claim.counts();
            let taken: i64 = books.claims().filter(of).map(|claim| i64::from(claim.quantity)).sum();
            if let Some(armed) = drop.armed() {
                assert_eq!(drop.quantity, armed.left + taken, "{drop:?}");
                assert_eq!(armed.places.iter().map(|place| place.quantity).sum::<i64>(), armed.left);
                assert_eq!(usize::try_from(armed.waiting), Ok(books.waiting(drop.id).count()));
            }
            for buyer in &self.buyers {
                let own = books.claims().filter(of).filter(|claim| claim.viewer == *buyer);
                assert!(own.map(|claim| claim.quantity).sum::<u32>() <= drop.limit, "over the limit of {drop:?}");
            }
            if drop.phase(self.at) == Phase::Ended {
                self.ended.insert(drop.id);
                assert_eq!(books.waiting(drop.id).count(), 0);
            }
            let ended = matches!(drop.stage, Stage::Ended { .. });
            assert_eq!(ended, self.ended.contains(&drop.id), "what ended began again");
        }
    }
}

/// Pieces that were there on paper only.
fn lost_of(order: &Order) -> i64 {
    let of = |change: &Change| match &change.what {
        Changed::Refunded { taken_off, why, .. } if why.loses_pieces() => {
            taken_off.iter().map(|piece| i64::from(piece.quantity)).sum()
        }
        Changed::TakenElsewhere { pieces } => i64::from(pieces.quantity),
        _ => 0,
    };
    order.changes.iter().map(of).sum()
}

/// Pieces that came back and can be sold again.
fn restocked_of(order: &Order) -> i64 {
    let back = |one: &Return| match one.step {
        Step::Refunded { restocked: true, .. } | Step::Replaced { restocked: true, .. } => {
            one.pieces.iter().map(|piece| i64::from(piece.quantity)).sum()
        }
        _ => 0,
    };
    order.returns().iter().map(back).sum()
}

fn drop_it<T>(_outcome: T) {}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn no_run_of_drops_oversells_or_overtakes(
        start in 0i64..10,
        steps in prop::collection::vec((any::<u8>(), any::<usize>(), any::<usize>(), any::<u8>()), 1..150),
    ) {
        let mut wild = Wild::new(start);
        for step in steps {
            wild.step(step);
            wild.check();
        }
    }
}
