//! Claiming in a drop, waiting for it, and what who waited gets.

use std::collections::BTreeMap;

use kernel::{ClaimId, Country, DropId, PersonId, Random, Timestamp, ViewerId, WaiterId};

use super::{Books, TillEvent};
use crate::claim::{Claim, ClaimQuote, ClaimState, Source};
use crate::drop::{Drop, MAX_WAITING, Phase, Waiter};

/// A buyer wants pieces of a drop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimInDrop {
    pub drop: DropId,
    pub viewer: ViewerId,
    pub person: Option<PersonId>,
    /// At least 1.
    pub quantity: u32,
    /// Where it is to be delivered.
    pub country: Country,
    /// The price that the buyer is promised.
    pub quote: ClaimQuote,
    /// The same key finds its claim again.
    pub key: String,
    /// Whether to wait when there is none now.
    pub wait: bool,
    /// By a right answer: a prize is had no other way, and nothing else is had so.
    pub won: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claimed {
    New(Box<Claim>),
    /// The same request came before: this is what became of it.
    Replayed(Box<Claim>),
    /// The place in the line when the buyer joined it, from 1.
    Waiting {
        place: i64,
    },
    /// Fewer are left than wanted, or others wait for them.
    SoldOut,
    /// It opens then; `None` until it is fired.
    NotOpen {
        opens_at: Option<Timestamp>,
    },
    Ended,
    /// Staff stopped the sale.
    Stopped,
    /// The buyer has as many as one may have.
    Limit {
        limit: u32,
    },
    /// Not for delivery there.
    NotInMarket,
    /// The buyer left too many claims unpaid.
    Barred {
        until: Timestamp,
    },
    Unknown,
}

impl Books {
    /// Takes pieces out of a drop's pot for one buyer, or says why not.
    pub fn claim(&mut self, wish: ClaimInDrop, at: Timestamp, random: &mut Random) -> Claimed {
        let Some(drop) = self.drops.get(&wish.drop) else { return Claimed::Unknown };
        if drop.prize.is_some() != wish.won {
            return Claimed::Unknown;
        }
        let earlier = self.claims.in_drop(wish.drop, wish.viewer).find(|claim| claim.key.as_ref() == Some(&wish.key));
        if let Some(earlier) = earlier {
            return Claimed::Replayed(Box::new(earlier.clone()));
        }
        if let Some(waiter) = self.line.waiting(wish.drop, wish.viewer) {
            return Claimed::Waiting { place: waiter.place };
        }
        match drop.phase(at) {
            Phase::Open => {}
            // It was given while answers were taken, and is judged a moment later.
            Phase::Closed if wish.won => {}
            Phase::Planned => return Claimed::NotOpen { opens_at: None },
            Phase::Armed => return Claimed::NotOpen { opens_at: drop.armed().and_then(|armed| armed.opens_at) },
            Phase::Closed | Phase::Ended => return Claimed::Ended,
        }
        if let Some(refused) = self.refuses(drop, &wish, at) {
            return refused;
        }
        let Some(armed) = drop.armed() else { return Claimed::Ended };
        if armed.waiting > 0 || armed.left < i64::from(wish.quantity) {
            return if wish.wait && armed.waiting < MAX_WAITING {
                self.join(wish, at, random)
            } else {
                Claimed::SoldOut
            };
        }
        let ClaimInDrop { drop, viewer, person, quantity, country, quote, key, .. } = wish;
        let (of, id) = (Source::Drop { drop }, ClaimId::mint(at, random));
        let buyer = Waiter {
            id: WaiterId::mint(at, random),
            drop,
            viewer,
            person,
            quantity,
            country,
            quote,
            ticket: 0,
            place: 0,
            joined_at: at,
        };
        let claim = self.out_of_pot(id, of, &buyer, None, at);
        let claim = Claim { key: Some(key), ..claim };
        self.claims.make(claim.clone());
        Claimed::New(Box::new(claim))
    }

    fn refuses(&self, drop: &Drop, wish: &ClaimInDrop, at: Timestamp) -> Option<Claimed> {
        let has: u32 = self
            .claims
            .in_drop(drop.id, wish.viewer)
            .filter(|claim| claim.counts())
            .fold(0, |sum, claim| sum.saturating_add(claim.quantity));
        let barred = self.strikes.get(&wish.viewer).and_then(|strikes| strikes.barred(at));
        if self.stopped.contains(&drop.product) {
            Some(Claimed::Stopped)
        } else if !drop.ships_to(wish.country) {
            Some(Claimed::NotInMarket)
        } else if let Some(until) = barred {
            Some(Claimed::Barred { until })
        } else if wish.quantity == 0 || has.saturating_add(wish.quantity) > drop.limit {
            Some(Claimed::Limit { limit: drop.limit })
        } else {
            None
        }
    }

    fn join(&mut self, wish: ClaimInDrop, at: Timestamp, random: &mut Random) -> Claimed {
        let Some(armed) = self.drops.get_mut(&wish.drop).and_then(Drop::armed_mut) else { return Claimed::Ended };
        let ticket = armed.next_ticket;
        armed.next_ticket += 1;
        armed.waiting += 1;
        let place = armed.waiting;
        self.moved.insert(wish.drop);
        self.line.join(Waiter {
            id: WaiterId::mint(at, random),
            drop: wish.drop,
            viewer: wish.viewer,
            person: wish.person,
            quantity: wish.quantity,
            country: wish.country,
            quote: wish.quote,
            ticket,
            place,
            joined_at: at,
        });
        Claimed::Waiting { place }
    }

    /// A buyer waits no longer. Returns whether one did.
    pub fn leave_line(&mut self, drop: DropId, viewer: ViewerId) -> bool {
        let gone = self.line.leave(drop, viewer).is_some();
        if gone && let Some(armed) = self.drops.get_mut(&drop).and_then(Drop::armed_mut) {
            armed.waiting -= 1;
            self.moved.insert(drop);
        }
        gone
    }

    /// Gives what lies in the pot to who waits, in the order of the line: it stops at the first who is not named, and
    /// when the pot is empty. Each has until then to pay. Who wants more than is left gets what is left.
    pub fn offer_waiting(
        &mut self,
        drop: DropId,
        offers: &[(WaiterId, Timestamp)],
        at: Timestamp,
        random: &mut Random,
    ) -> Vec<Claim> {
        let until: BTreeMap<WaiterId, Timestamp> = offers.iter().copied().collect();
        let mut made = Vec::new();
        while self.drops.get(&drop).is_some_and(|drop| drop.left() > 0 && !self.stopped.contains(&drop.product)) {
            let Some(first) = self.line.of(drop).next().cloned() else { break };
            let Some(until) = until.get(&first.id) else { break };
            self.leave_line(drop, first.viewer);
            let (of, id) = (Source::Waitlist { drop }, ClaimId::mint(at, random));
            let claim = self.out_of_pot(id, of, &first, Some(*until), at);
            self.events.push(TillEvent::Offered { claim: id, viewer: first.viewer });
            self.claims.make(claim.clone());
            made.push(claim);
        }
        made
    }

    /// A claim of pieces out of the pot. Both callers have seen that the drop is armed and the pot not empty.
    fn out_of_pot(
        &mut self,
        id: ClaimId,
        of: Source,
        buyer: &Waiter,
        until: Option<Timestamp>,
        at: Timestamp,
    ) -> Claim {
        let drop = self.drops.get_mut(&buyer.drop).expect("a claim in a drop has read it");
        let (hold, after_show_hours) = drop.hold.from(at);
        let (variant, product, show, left) = (drop.variant, drop.product, drop.at, drop.left());
        let armed = drop.armed_mut().expect("a claim in a drop found it armed");
        let quantity = u32::try_from(left).unwrap_or(u32::MAX).min(buyer.quantity);
        let places = armed.take(i64::from(quantity));
        self.moved.insert(buyer.drop);
        Claim {
            id,
            variant,
            product,
            quantity,
            places,
            until: until.unwrap_or(hold),
            after_show_hours: until.map_or(after_show_hours, |_| None),
            state: ClaimState::Open,
            of,
            viewer: buyer.viewer,
            person: buyer.person,
            show: Some(show),
            country: Some(buyer.country),
            quote: Some(buyer.quote),
            key: None,
            made_at: at,
            order: None,
        }
    }
}
