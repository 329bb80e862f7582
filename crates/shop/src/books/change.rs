//! Changing an order after the sale: pieces taken off or paid back, missing ones taken from elsewhere, returns.

use kernel::{ClaimId, EntryId, OrderId, PersonId, Random, ReturnId, Timestamp, VariantId};

use super::place::fresh_claim;
use super::refund::change_key;
use super::{Books, RefundReason, TillEvent, append_own};
use crate::change::{Change, Changed, Piece, RefusedBecause, ReturnReason, Wish};
use crate::claim::{Claim, ClaimState, InOrder};
use crate::give_back::{Sum, sum};
use crate::order::{CancelReason, Order, OrderLine, OrderState};
use crate::payment::{Balance, EventKind};
use crate::returns::{Return, Step};
use crate::shelf::Place;

/// A change that somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeOrder {
    pub order: OrderId,
    /// Of the order as they saw it: whoever asks twice, or a moment after somebody else, changes nothing.
    pub version: u32,
    /// Who of the staff asks; `None` for the buyer.
    pub by: Option<PersonId>,
    pub what: Asked,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Pay pieces back without getting them back. Those that were not sent leave the order.
    Refund {
        pieces: Vec<Piece>,
        why: RefundReason,
    },
    /// Take pieces that are missing from what is free.
    TakeElsewhere {
        pieces: Piece,
    },
    /// The buyer wants to send pieces back. An exchange is of one line.
    Return {
        pieces: Vec<Piece>,
        why: ReturnReason,
        wish: Wish,
    },
    /// The buyer withdraws from the contract about these pieces.
    Withdraw {
        pieces: Vec<Piece>,
    },
    Receive {
        id: ReturnId,
    },
    Refuse {
        id: ReturnId,
        why: RefusedBecause,
    },
    /// Take what was received, and pay it back.
    PayBack {
        id: ReturnId,
        less_minor: i64,
        restock: bool,
    },
    /// Take what was received, and send another piece for it: a line as it shall be stored, of as many pieces as come back.
    Replace {
        id: ReturnId,
        with: Box<OrderLine>,
        restock: bool,
    },
}

impl Asked {
    /// The variant whose stock must be read, beside those of the order.
    #[must_use]
    pub fn other_variant(&self) -> Option<VariantId> {
        match self {
            Self::Replace { with, .. } => Some(with.variant),
            _ => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderChanged {
    /// Changed; [`super::next_step`] says what money goes back.
    Order(Box<Order>),
    /// The order is another one by now.
    Stale,
    /// Its money is not ours, or it does not stand.
    NotPaid,
    /// Not so many pieces of these lines can be had for this.
    NoSuchPieces,
    /// There is no such return.
    NoSuchReturn,
    /// The return is not as far yet, or was decided before.
    WrongStep,
    /// More shall be kept than the pieces come to.
    LessTooMuch,
    /// Fewer are free than wanted.
    SoldOut(VariantId),
    Unknown,
}

impl Books {
    /// Appends a change to an order and does what it means for stock and money, or says why not; then nothing has changed.
    pub fn change(&mut self, command: ChangeOrder, at: Timestamp, random: &mut Random) -> OrderChanged {
        let ChangeOrder { order: id, version, by, what } = command;
        let Some(order) = self.orders.get(&id) else { return OrderChanged::Unknown };
        if !order.state.stands() || order.rehearsal || Balance::of(&order.ledger).captured == 0 {
            return OrderChanged::NotPaid;
        }
        if order.version() != version {
            return OrderChanged::Stale;
        }
        let order = order.clone();
        let done = match what {
            Asked::Refund { pieces, why } => self.pay_pieces_back(&order, &pieces, why),
            Asked::TakeElsewhere { pieces } => self.take_elsewhere(&order, pieces),
            Asked::Return { pieces, why, wish } => ask_return(&order, pieces, why, wish, at, random),
            Asked::Withdraw { pieces } => self.withdraw(&order, &pieces, at, random),
            Asked::Receive { id } => {
                step_of(&order, id, |step| *step == Step::Requested).map(|_| Changed::ReturnReceived { id })
            }
            Asked::Refuse { id, why } => step_of(&order, id, Step::is_open).map(|_| Changed::ReturnRefused { id, why }),
            Asked::PayBack { id, less_minor, restock } => self.pay_return_back(&order, id, less_minor, restock),
            Asked::Replace { id, with, restock } => self.replace(&order, id, *with, restock, at, random),
        };
        let what = match done {
            Ok(what) => what,
            Err(refused) => return refused,
        };
        let change = Change { id: EntryId::mint(at, random), at, by, what };
        let order = self.orders.get_mut(&id).expect("it was there a moment ago");
        if let Some(owed) = owed(&change.what).filter(|sum| sum.total.minor > 0) {
            append_own(order, EventKind::RefundAsked, owed.total.minor, change_key(id, change.id), at, random);
        }
        self.events.push(TillEvent::OrderChanged { order: id, change: change.id });
        let asked =
            matches!(change.what, Changed::Withdrawn { .. } | Changed::Refunded { why: RefundReason::BuyerAsked, .. });
        order.changes.push(change);
        order.state = progress(order);
        if order.state == OrderState::Cancelled {
            order.cancelled_because = Some(if asked { CancelReason::BuyerAsked } else { CancelReason::OutOfStock });
            self.give_offers_back(id);
        }
        self.changed.insert(id);
        OrderChanged::Order(Box::new(self.orders[&id].clone()))
    }

    fn pay_pieces_back(&mut self, order: &Order, pieces: &[Piece], why: RefundReason) -> Result<Changed, OrderChanged> {
        let sent = |piece: &Piece| order.line(piece.line).is_some_and(|line| line.parcel.is_some());
        let had = |line: &OrderLine| if line.parcel.is_some() { order.with_buyer(line) } else { order.left(line) };
        check(order, pieces, had)?;
        let sum = sum(order, pieces, 0).map_err(|_| OrderChanged::LessTooMuch)?;
        let (kept, taken_off): (Vec<Piece>, Vec<Piece>) = pieces.iter().copied().partition(sent);
        for piece in &taken_off {
            let claim = order.line(piece.line).and_then(|line| line.claim);
            self.take_off(claim.expect("a paid line has a claim"), i64::from(piece.quantity), why.loses_pieces());
        }
        Ok(Changed::Refunded { taken_off, kept, why, sum })
    }

    fn withdraw(
        &mut self,
        order: &Order,
        pieces: &[Piece],
        at: Timestamp,
        random: &mut Random,
    ) -> Result<Changed, OrderChanged> {
        let allowed = crate::withdrawal::pieces(order);
        let most =
            |line: &OrderLine| allowed.iter().find(|piece| piece.line == line.id).map_or(0, |piece| piece.quantity);
        check(order, pieces, most)?;
        let sent = |piece: &Piece| order.line(piece.line).is_some_and(|line| line.parcel.is_some());
        let (coming, taken_off): (Vec<Piece>, Vec<Piece>) = pieces.iter().copied().partition(sent);
        let sum = sum(order, &taken_off, 0).ok().filter(|_| !taken_off.is_empty());
        for piece in &taken_off {
            let claim = order.line(piece.line).and_then(|line| line.claim);
            self.take_off(claim.expect("a paid line has a claim"), i64::from(piece.quantity), false);
        }
        Ok(Changed::Withdrawn { id: ReturnId::mint(at, random), taken_off, coming, sum })
    }

    /// Pieces of a paid claim go back where they came from, or are gone.
    fn take_off(&mut self, id: ClaimId, pieces: i64, lost: bool) {
        let claim = self.claims.change(id);
        let all = pieces == i64::from(claim.quantity);
        let places = if all { claim.places.clone() } else { taken(&mut claim.places, pieces) };
        if all {
            claim.state = ClaimState::Released;
        } else {
            claim.quantity -= u32::try_from(pieces).unwrap_or(claim.quantity);
        }
        let (variant, of_drop) = (claim.variant, claim.of.drop());
        let drop = of_drop.and_then(|drop| self.drops.get_mut(&drop));
        if lost {
            self.shelf.lose(variant, &places);
        } else if drop.as_ref().is_some_and(|drop| drop.armed().is_some()) {
            self.shelf.set_back_aside(variant, &places);
        } else {
            self.shelf.give_back(variant, &places);
        }
        let Some(drop) = drop else { return };
        self.moved.extend(of_drop);
        match drop.armed_mut() {
            Some(pot) if !lost => pot.put(pieces, &places),
            _ => drop.quantity -= pieces,
        }
    }

    fn take_elsewhere(&mut self, order: &Order, pieces: Piece) -> Result<Changed, OrderChanged> {
        check(order, &[pieces], |line| if line.parcel.is_none() { order.left(line) } else { 0 })?;
        let claim = order.line(pieces.line).and_then(|line| line.claim).expect("a paid line has a claim");
        let variant = self.claims.change(claim).variant;
        let quantity = i64::from(pieces.quantity);
        let found = self.shelf.claim(&[(variant, quantity)]).map_err(|_short| OrderChanged::SoldOut(variant))?;
        let found = found.into_iter().next().unwrap_or_default();
        self.shelf.allocate(variant, &found);
        let claim = self.claims.change(claim);
        let gone = taken(&mut claim.places, quantity);
        claim.places.extend(found);
        self.shelf.lose(variant, &gone);
        Ok(Changed::TakenElsewhere { pieces })
    }

    fn pay_return_back(
        &mut self,
        order: &Order,
        id: ReturnId,
        less_minor: i64,
        restock: bool,
    ) -> Result<Changed, OrderChanged> {
        let found = received(order, id)?;
        let sum = sum(order, &found.pieces, less_minor).map_err(|_| OrderChanged::LessTooMuch)?;
        self.put_back(order, &found, restock);
        Ok(Changed::ReturnRefunded { id, restocked: restock, sum })
    }

    fn replace(
        &mut self,
        order: &Order,
        id: ReturnId,
        mut with: OrderLine,
        restock: bool,
        at: Timestamp,
        random: &mut Random,
    ) -> Result<Changed, OrderChanged> {
        let found = received(order, id)?;
        let [piece] = found.pieces.as_slice() else { return Err(OrderChanged::NoSuchPieces) };
        let line = order.line(piece.line).ok_or(OrderChanged::NoSuchPieces)?;
        if (line.product, piece.quantity) != (with.product, with.quantity) {
            return Err(OrderChanged::NoSuchPieces);
        }
        let wanted = [(with.variant, i64::from(with.quantity))];
        let places = self.shelf.claim(&wanted).map_err(|_short| OrderChanged::SoldOut(with.variant))?;
        let places = places.into_iter().next().unwrap_or_default();
        self.shelf.allocate(with.variant, &places);
        with.replaces = Some(order.paid_by(line).id);
        let in_order = Some(InOrder { order: order.id, line: with.id });
        let claim = fresh_claim(order, &with, at, random);
        let claim = Claim { places, order: in_order, state: ClaimState::Paid, ..claim };
        with.claim = Some(claim.id);
        self.claims.make(claim);
        self.put_back(order, &found, restock);
        let with_id = with.id;
        self.orders.get_mut(&order.id).expect("it was there a moment ago").lines.push(with);
        Ok(Changed::ReturnReplaced { id, restocked: restock, with: with_id })
    }

    /// Pieces that came back lie again where they were sent from, if they can be sold again.
    fn put_back(&mut self, order: &Order, found: &Return, restock: bool) {
        for piece in found.pieces.iter().filter(|_| restock) {
            let line = order.line(piece.line).expect("a return names lines of its order");
            let claim = line.claim.and_then(|claim| self.claims.get(claim)).expect("a paid line has a claim");
            let first = claim.places.first().expect("a claim of a sold line lies somewhere").location;
            let places = [Place { location: first, quantity: i64::from(piece.quantity) }];
            self.shelf.restock(line.variant, &places);
        }
    }
}

/// The money that a change owes the buyer.
pub(crate) const fn owed(changed: &Changed) -> Option<&Sum> {
    match changed {
        Changed::Refunded { sum, .. } | Changed::ReturnRefunded { sum, .. } => Some(sum),
        Changed::Withdrawn { sum, .. } => sum.as_ref(),
        _ => None,
    }
}

/// How far an order is whose pieces stand as they do now.
fn progress(order: &Order) -> OrderState {
    let waits = order.lines.iter().any(|line| line.parcel.is_none() && order.left(line) > 0);
    let sent = order.lines.iter().any(|line| line.parcel.is_some());
    match (waits, sent) {
        (true, false) => OrderState::Paid,
        (true, true) => OrderState::PartlySent,
        (false, true) if order.state == OrderState::Delivered => OrderState::Delivered,
        (false, true) => OrderState::Sent,
        (false, false) => OrderState::Cancelled,
    }
}

/// Each line is named once, and has so many.
fn check(order: &Order, pieces: &[Piece], had: impl Fn(&OrderLine) -> u32) -> Result<(), OrderChanged> {
    let named_once = |at: usize| pieces[..at].iter().all(|before| before.line != pieces[at].line);
    let fits = |piece: &Piece| order.line(piece.line).is_some_and(|line| (1..=had(line)).contains(&piece.quantity));
    let fine = !pieces.is_empty() && pieces.iter().all(fits) && (0..pieces.len()).all(named_once);
    if fine { Ok(()) } else { Err(OrderChanged::NoSuchPieces) }
}

fn ask_return(
    order: &Order,
    pieces: Vec<Piece>,
    why: ReturnReason,
    wish: Wish,
    at: Timestamp,
    random: &mut Random,
) -> Result<Changed, OrderChanged> {
    check(order, &pieces, |line| order.with_buyer(line))?;
    if matches!(wish, Wish::Exchange { .. }) && pieces.len() != 1 {
        return Err(OrderChanged::NoSuchPieces);
    }
    Ok(Changed::ReturnAsked { id: ReturnId::mint(at, random), pieces, why, wish })
}

fn step_of(order: &Order, id: ReturnId, fits: impl Fn(&Step) -> bool) -> Result<Return, OrderChanged> {
    let found = order.returns().into_iter().find(|one| one.id == id).ok_or(OrderChanged::NoSuchReturn)?;
    if fits(&found.step) { Ok(found) } else { Err(OrderChanged::WrongStep) }
}

fn received(order: &Order, id: ReturnId) -> Result<Return, OrderChanged> {
    step_of(order, id, |step| matches!(step, Step::Received { .. }))
}

/// Takes so many pieces out of the places of a claim, which has more.
fn taken(places: &mut Vec<Place>, pieces: i64) -> Vec<Place> {
    let (mut missing, mut taken) = (pieces, Vec::new());
    for place in places.iter_mut() {
        let part = place.quantity.min(missing);
        if part > 0 {
            place.quantity -= part;
            missing -= part;
            taken.push(Place { location: place.location, quantity: part });
        }
    }
    places.retain(|place| place.quantity > 0);
    taken
}
