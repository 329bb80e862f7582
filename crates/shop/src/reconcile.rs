//! Adding the books up again from their rows: what every row says must follow from the others.
//!
//! Rows come in one pass, in the order of [`Row`]; what is kept of them is sums and one small entry a claim.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use kernel::{ClaimId, DropId, EntryId, LocationId, OrderId, OrderLineId, ReturnId, VariantId};

use crate::books::{change_key, corrected, limited, next_step, owed};
use crate::claim::{Claim, ClaimState, InOrder};
use crate::drop::{Drop, Stage};
use crate::order::{Order, OrderState};
use crate::payment::{Balance, EventKind};
use crate::shelf::{Place, Stock};

/// A row as it is stored, in the order in which rows must come.
#[derive(Clone, Debug)]
pub enum Row {
    Stock(Stock),
    Drop {
        drop: Box<Drop>,
        /// How many wait for it, counted.
        waiters: i64,
    },
    Claim(Box<Claim>),
    /// Paid pieces that wait to be sent.
    Allocation {
        line: OrderLineId,
        variant: VariantId,
        quantity: i64,
        places: Vec<Place>,
    },
    /// A limited offer, and in how many orders it says to count.
    Offer {
        offer: EntryId,
        used: i64,
    },
    /// How far a return is, as lists find it.
    Return {
        id: ReturnId,
        order: OrderId,
        step: String,
    },
    Order {
        order: Box<Order>,
        /// The total as lists sum it.
        total_minor: i64,
        /// Whether jobs ask the provider about it.
        unfinished: bool,
    },
}

/// A row that does not follow from the others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Disagreement {
    /// Which row: `order 2611-K7QM-2X4R (01M8…)`.
    pub row: String,
    /// What it says, and what the others make of it.
    pub what: String,
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.row, self.what)
    }
}

/// What is kept of a claim until its order comes.
#[derive(Clone, Copy, Debug)]
struct Held {
    line: Option<InOrder>,
    variant: VariantId,
    quantity: u32,
    state: ClaimState,
    rehearsal: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Pieces {
    claimed: i64,
    allocated: i64,
}

/// Sums over the rows so far.
#[derive(Debug, Default)]
pub struct Reconcile {
    stock: BTreeMap<(VariantId, LocationId), Stock>,
    pieces: BTreeMap<(VariantId, LocationId), Pieces>,
    drops: BTreeMap<DropId, (Drop, i64)>,
    claims: BTreeMap<ClaimId, Held>,
    of_line: BTreeMap<OrderLineId, Vec<ClaimId>>,
    allocated: BTreeMap<OrderLineId, i64>,
    lines: BTreeSet<OrderLineId>,
    returns: BTreeMap<(OrderId, ReturnId), String>,
    /// Orders that an offer says to count in, less those that it counts in.
    offers: BTreeMap<EntryId, i64>,
    orders: u64,
    found: Vec<Disagreement>,
}

impl Reconcile {
    /// Takes the next row.
    pub fn row(&mut self, row: Row) {
        match row {
            Row::Stock(stock) => drop(self.stock.insert((stock.variant, stock.location), stock)),
            Row::Drop { drop, waiters } => self.drop(*drop, waiters),
            Row::Claim(claim) => self.claim(&claim),
            Row::Allocation { line, variant, quantity, places } => {
                self.allocated.insert(line, quantity);
                self.check(quantity == sum(&places), || {
                    (
                        format!("allocation of line {line}"),
                        format!("of {quantity} pieces has {} in places", sum(&places)),
                    )
                });
                for place in &places {
                    self.pieces.entry((variant, place.location)).or_default().allocated += place.quantity;
                }
            }
            Row::Offer { offer, used } => *self.offers.entry(offer).or_default() += used,
            Row::Return { id, order, step } => drop(self.returns.insert((order, id), step)),
            Row::Order { order, total_minor, unfinished } => self.order(&order, total_minor, unfinished),
        }
    }

    /// How many orders and claims were looked at.
    #[must_use]
    pub fn looked_at(&self) -> (u64, usize) {
        (self.orders, self.claims.len())
    }

    /// After the last row: every row that disagrees, in the order in which it was seen.
    #[must_use]
    pub fn finish(mut self) -> Vec<Disagreement> {
        self.stock_adds_up();
        self.drops_add_up();
        for (offer, apart) in std::mem::take(&mut self.offers) {
            self.check(apart == 0, || {
                (format!("offer {offer}"), format!("counts in {apart} orders more than there are"))
            });
        }
        for (order, id) in std::mem::take(&mut self.returns).into_keys() {
            self.say(format!("return {id}"), format!("is of order {order}, which knows of none"));
        }
        let stray: Vec<OrderLineId> = self.of_line.keys().filter(|line| !self.lines.contains(line)).copied().collect();
        for line in stray {
            for claim in self.of_line.get(&line).cloned().unwrap_or_default() {
                self.say(format!("claim {claim}"), format!("is in line {line}, which no order has"));
            }
        }
        let stray: Vec<OrderLineId> =
            self.allocated.keys().filter(|line| !self.lines.contains(line)).copied().collect();
        for line in stray {
            self.say(format!("allocation of line {line}"), "no order has that line".into());
        }
        self.found
    }

    fn say(&mut self, row: String, what: String) {
        self.found.push(Disagreement { row, what });
    }

    fn check(&mut self, holds: bool, else_say: impl FnOnce() -> (String, String)) {
        if !holds {
            let (row, what) = else_say();
            self.say(row, what);
        }
    }

    fn drop(&mut self, drop: Drop, waiters: i64) {
        if let Some(armed) = drop.armed() {
            for place in &armed.places {
                self.pieces.entry((drop.variant, place.location)).or_default().claimed += place.quantity;
            }
        }
        // Its claims are counted as they come.
        self.drops.insert(drop.id, (Drop { quantity: drop.quantity - drop.left(), ..drop }, waiters));
    }

    fn claim(&mut self, claim: &Claim) {
        let (name, pieces) = (|| format!("claim {}", claim.id), sum(&claim.places));
        let whole = pieces == i64::from(claim.quantity) || claim.is_rehearsal();
        self.check(whole, || (name(), format!("of {} pieces has {pieces} in places", claim.quantity)));
        if claim.state == ClaimState::Open {
            for place in &claim.places {
                self.pieces.entry((claim.variant, place.location)).or_default().claimed += place.quantity;
            }
        }
        let lost = claim.state == ClaimState::Paid && claim.order.is_none();
        self.check(!lost, || (name(), "is paid, and in no order".into()));
        if let Some(drop) = claim.of.drop() {
            let known = self.drops.get_mut(&drop);
            let missing = known.is_none();
            if let Some((drop, _)) = known.filter(|_| claim.counts()) {
                drop.quantity -= i64::from(claim.quantity);
            }
            self.check(!missing, || (name(), format!("is of drop {drop}, which is not there")));
        }
        if let Some(at) = claim.order {
            self.of_line.entry(at.line).or_default().push(claim.id);
        }
        let (line, variant, quantity, state) = (claim.order, claim.variant, claim.quantity, claim.state);
        self.claims.insert(claim.id, Held { line, variant, quantity, state, rehearsal: claim.is_rehearsal() });
    }

    fn order(&mut self, order: &Order, total_minor: i64, unfinished: bool) {
        if order.state == OrderState::AwaitingPayment || order.state.stands() {
            limited(order).for_each(|offer| *self.offers.entry(offer).or_default() -= 1);
        }
        self.orders += 1;
        let name = || format!("order {} ({})", order.number, order.id);
        self.lines_add_up(order);
        let total = order.totals.total.minor;
        self.check(total == total_minor, || (name(), format!("lists say {total_minor}, its totals say {total}")));
        for one in order.returns() {
            let listed = self.returns.remove(&(order.id, one.id));
            self.check(listed.as_deref() == Some(one.step.as_str()), || {
                let (listed, step) = (listed.as_deref().unwrap_or("missing"), one.step.as_str());
                (format!("return {} of order {}", one.id, order.number), format!("is {step}, lists say {listed}"))
            });
        }
        for fault in sums(order).into_iter().chain(ledger(order)).chain(changes(order)) {
            self.say(name(), fault);
        }
        let open = order.state == OrderState::AwaitingPayment || next_step(order).is_some();
        self.check(open == unfinished, || {
            let what =
                if open { "the provider has to be asked, and no job will" } else { "jobs ask about it for nothing" };
            (name(), what.into())
        });
    }

    fn lines_add_up(&mut self, order: &Order) {
        for line in &order.lines {
            self.lines.insert(line.id);
            let name = || format!("line {} of order {}", line.id, order.number);
            let claims = self.of_line.get(&line.id).cloned().unwrap_or_default();
            self.check(claims.len() <= 1, || (name(), format!("has {} claims", claims.len())));
            let held = claims.first().and_then(|claim| self.claims.get(claim)).copied();
            let left = order.left(line);
            let (wanted, needed) = match order.state {
                OrderState::AwaitingPayment => (vec![ClaimState::Open], true),
                state if state.stands() && left == 0 => (vec![ClaimState::Released], true),
                state if state.stands() => (vec![ClaimState::Paid], true),
                _ => (vec![ClaimState::Released, ClaimState::Expired], false),
            };
            match held {
                None => self.check(order.rehearsal || !needed, || (name(), "has no claim".into())),
                Some(held) => {
                    let (variant, quantity, state) = (held.variant, held.quantity, held.state.as_str());
                    let own = held.line.is_some_and(|at| at.order == order.id);
                    self.check(own, || (name(), "its claim names another order".into()));
                    self.check(variant == line.variant && (left == 0 || quantity == left), || {
                        (name(), format!("is {left} pieces, its claim is {quantity} of variant {variant}"))
                    });
                    self.check(wanted.contains(&held.state), || {
                        (name(), format!("of a {} order has a claim that is {state}", order.state.as_str()))
                    });
                }
            }
            let pieces = self.allocated.get(&line.id).copied();
            let waits =
                order.state.stands() && left > 0 && line.parcel.is_none() && held.is_some_and(|held| !held.rehearsal);
            let due = waits.then(|| i64::from(left));
            self.check(pieces == due, || {
                let [has, due] = [pieces, due].map(Option::unwrap_or_default);
                (name(), format!("{has} pieces are allocated, {due} wait to be sent"))
            });
        }
    }

    fn stock_adds_up(&mut self) {
        let keys: BTreeSet<(VariantId, LocationId)> = self.stock.keys().chain(self.pieces.keys()).copied().collect();
        for key in keys {
            let name = || format!("stock of variant {} at location {}", key.0, key.1);
            let pieces = self.pieces.get(&key).copied().unwrap_or_default();
            let Some(stock) = self.stock.get(&key).copied() else {
                self.say(name(), "is not there, and pieces are promised from it".into());
                continue;
            };
            self.check(stock.claimed == pieces.claimed, || {
                (name(), format!("claimed is {}, claims and pots hold {}", stock.claimed, pieces.claimed))
            });
            self.check(stock.allocated == pieces.allocated, || {
                (name(), format!("allocated is {}, allocations hold {}", stock.allocated, pieces.allocated))
            });
            self.check(stock.on_hand >= stock.allocated, || {
                (name(), format!("{} lie there, {} are paid for", stock.on_hand, stock.allocated))
            });
        }
    }

    fn drops_add_up(&mut self) {
        for (id, (drop, waiters)) in std::mem::take(&mut self.drops) {
            let name = || format!("drop {id}");
            match &drop.stage {
                // Who waited for one that ended is forgotten a page at a time.
                Stage::Ended { .. } => {}
                Stage::Planned => {
                    self.check(waiters == 0, || (name(), format!("{waiters} wait for it, and it is not armed")));
                }
                Stage::Armed(armed) => {
                    let whole = armed.left == sum(&armed.places) || drop.rehearsal;
                    self.check(whole, || {
                        (name(), format!("{} are left, {} lie in places", armed.left, sum(&armed.places)))
                    });
                    self.check(drop.quantity == 0, || {
                        (name(), format!("pot and claims are {} pieces apart from its quantity", drop.quantity))
                    });
                    self.check(armed.waiting == waiters, || {
                        (name(), format!("says that {} wait, {waiters} do", armed.waiting))
                    });
                }
            }
        }
    }
}

fn sum(places: &[Place]) -> i64 {
    places.iter().map(|place| place.quantity).sum()
}

/// Where an order's sums do not follow from its lines.
fn sums(order: &Order) -> Vec<String> {
    let mut faults = Vec::new();
    for line in &order.lines {
        let off: i128 = line.reductions.iter().map(|one| i128::from(one.off.minor)).sum();
        let worth = i128::from(line.unit.minor) * i128::from(line.quantity) - off;
        if worth != i128::from(line.total.minor) {
            faults.push(format!("line {} is {worth}, its total says {}", line.id, line.total.minor));
        }
    }
    let totals = &order.totals;
    let lines: i64 = order.lines.iter().map(|line| line.total.minor).sum();
    if lines != totals.subtotal.minor {
        faults.push(format!("its lines are {lines}, the subtotal says {}", totals.subtotal.minor));
    }
    let added = totals.tax.filter(|_| !totals.tax_included).map_or(0, |tax| tax.minor);
    let worth = totals.subtotal.minor + totals.shipping.price.minor + added;
    if worth != totals.total.minor {
        faults.push(format!("subtotal, shipping and tax are {worth}, the total says {}", totals.total.minor));
    }
    faults
}

/// Where an order's changes do not follow from its lines and its ledger.
fn changes(order: &Order) -> Vec<String> {
    let mut faults = Vec::new();
    for change in &order.changes {
        let key = change_key(order.id, change.id);
        let entry = order.ledger.iter().find(|entry| entry.idempotency_key == key);
        let promised = entry.map_or(0, |entry| entry.amount.minor);
        let due = owed(&change.what).map_or(0, |sum| sum.total.minor);
        if promised != due {
            faults.push(format!("change {} owes {due}, the ledger promises {promised}", change.id));
        }
    }
    let stands = order.line_stands();
    for (line, stand) in &stands {
        let bought = order.line(*line).map_or(0, |line| line.quantity);
        let spoken_for = stand.taken_off + stand.settled + stand.coming;
        if spoken_for > bought {
            faults.push(format!("line {line} is {bought} pieces, its changes are of {spoken_for}"));
        }
    }
    faults
}

/// Where an order's ledger does not bear its state.
fn ledger(order: &Order) -> Vec<String> {
    let (balance, total) = (Balance::of(&order.ledger), order.totals.total);
    let mut faults = Vec::new();
    let opened: Vec<i64> =
        order.ledger.iter().filter(|e| e.kind == EventKind::Opened).map(|e| e.amount.minor).collect();
    if opened != [total.minor] {
        faults.push(format!("its payment was opened over {opened:?}, the total says {}", total.minor));
    }
    if let Some(entry) = order.ledger.iter().find(|entry| entry.amount.currency != total.currency) {
        faults.push(format!("ledger entry {} is in {}", entry.id, entry.amount.currency));
    }
    if let Some(entry) = order.ledger.iter().find(|entry| entry.payment != order.payment) {
        faults.push(format!("ledger entry {} is of payment {}", entry.id, entry.payment));
    }
    if balance.refund_asked > balance.captured {
        faults.push(format!("{} were promised back of {} that were paid", balance.refund_asked, balance.captured));
    }
    if balance.refunded > balance.refund_asked {
        faults.push(format!("{} went back, {} were promised", balance.refunded, balance.refund_asked));
    }
    let kept = balance.captured - balance.refund_asked;
    if order.state.stands() {
        let due = total.minor - corrected(order);
        if kept != due && (balance.captured > 0 || balance.held() < total.minor) {
            faults.push(format!("is {}, and keeps {kept} of {due}", order.state.as_str()));
        }
    } else if kept > 0 && order.state != OrderState::AwaitingPayment {
        faults.push(format!("is {}, and keeps {kept}", order.state.as_str()));
    }
    faults
}
