//! Claims on a tab: set aside by staff, given more time, let go, not paid in time.

use kernel::{ClaimId, DropId, PersonId, ProductId, Random, Timestamp, VariantId, ViewerId};

use super::{Books, TillEvent};
use crate::claim::{Claim, ClaimQuote, ClaimState, Source};
use crate::drop::{Drop, Hold, Waiter};
use crate::order::ShowNumber;

/// Staff set pieces aside for a viewer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    pub variant: VariantId,
    pub product: ProductId,
    pub viewer: ViewerId,
    pub person: Option<PersonId>,
    pub show: Option<ShowNumber>,
    /// At least 1.
    pub quantity: u32,
    pub quote: ClaimQuote,
    pub hold: Hold,
    pub by: PersonId,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LetGo {
    /// Its pieces can be had again.
    Done(Box<Claim>),
    /// It ended before.
    Already(Box<Claim>),
    /// It is being paid, or was: cancel the order.
    InOrder,
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extended {
    Done(Box<Claim>),
    /// It ended, or is being paid.
    NotOpen,
    /// That time is over.
    Past,
    Unknown,
}

impl Books {
    /// Takes pieces off the shelf for a viewer; `None` when there are not as many.
    pub fn set_aside(&mut self, wish: SetAside, at: Timestamp, random: &mut Random) -> Option<Claim> {
        let places = self.shelf.claim(&[(wish.variant, i64::from(wish.quantity))]).ok()?.pop()?;
        let (until, after_show_hours) = wish.hold.from(at);
        let claim = Claim {
            id: ClaimId::mint(at, random),
            variant: wish.variant,
            product: wish.product,
            quantity: wish.quantity,
            places,
            until,
            after_show_hours,
            state: ClaimState::Open,
            of: Source::Staff { by: wish.by },
            viewer: wish.viewer,
            person: wish.person,
            show: wish.show,
            country: None,
            quote: Some(wish.quote),
            key: None,
            made_at: at,
            order: None,
        };
        self.claims.make(claim.clone());
        self.events.push(TillEvent::ClaimMade { claim: claim.id, viewer: claim.viewer });
        Some(claim)
    }

    /// A claim on a tab is let go: by its buyer, who is named, or by staff.
    pub fn let_go(&mut self, id: ClaimId, buyer: Option<(ViewerId, Option<PersonId>)>, at: Timestamp) -> LetGo {
        let own = |claim: &&Claim| buyer.is_none_or(|(viewer, person)| claim.belongs_to(viewer, person));
        let Some(claim) = self.claims.get(id).filter(own) else { return LetGo::Unknown };
        if claim.order.is_some() {
            return LetGo::InOrder;
        }
        if claim.state != ClaimState::Open {
            return LetGo::Already(Box::new(claim.clone()));
        }
        self.end_claim(id, ClaimState::Released, at);
        self.claims.get(id).map_or(LetGo::Unknown, |claim| LetGo::Done(Box::new(claim.clone())))
    }

    /// Ends those of the claims that lie on a tab past their deadline. Returns how many.
    pub fn expire_claims(&mut self, claims: &[ClaimId], at: Timestamp) -> u32 {
        let mut ended = 0;
        for id in claims {
            if self.claims.get(*id).is_some_and(|claim| claim.on_tab() && claim.until <= at) {
                self.end_claim(*id, ClaimState::Expired, at);
                ended += 1;
            }
        }
        ended
    }

    /// Moves the deadline of a claim on a tab; from then on it is the one that holds, whenever the show ends.
    pub fn extend(&mut self, id: ClaimId, until: Timestamp, at: Timestamp) -> Extended {
        let Some(claim) = self.claims.get(id) else { return Extended::Unknown };
        if !claim.on_tab() {
            return Extended::NotOpen;
        }
        if until <= at {
            return Extended::Past;
        }
        let claim = self.claims.change(id);
        claim.until = until;
        claim.after_show_hours = None;
        let claim = claim.clone();
        self.events.push(TillEvent::ClaimMoved { claim: id, viewer: claim.viewer });
        Extended::Done(Box::new(claim))
    }

    /// A viewer signed in: what lies on the device's tab, and its places in lines, are the account's from now on. Where the
    /// account waits itself, the device's place is given up. Returns how many claims came along.
    pub fn take_along(&mut self, device: ViewerId, account: ViewerId, person: PersonId) -> u32 {
        let own = |claim: &&Claim| claim.viewer == device && claim.on_tab();
        let along: Vec<ClaimId> = self.claims.all().filter(own).map(|claim| claim.id).collect();
        for id in &along {
            self.claims.hand_over(*id, account, person);
        }
        let drops: Vec<DropId> = self.drops.keys().copied().collect();
        for drop in drops {
            if self.line.waiting(drop, account).is_some() {
                self.leave_line(drop, device);
            } else if let Some(waiter) = self.line.leave(drop, device) {
                self.line.join(Waiter { viewer: account, person: Some(person), ..waiter });
            }
        }
        u32::try_from(along.len()).unwrap_or(u32::MAX)
    }

    /// Staff let a viewer claim again. Returns whether there was something to forget.
    pub fn unbar(&mut self, viewer: ViewerId) -> bool {
        let strikes = self.strikes.entry(viewer).or_default();
        let had = strikes.barred_until.is_some() || !strikes.expired.is_empty();
        *strikes = crate::strikes::Strikes::default();
        self.struck.insert(viewer);
        had
    }

    /// Ends an open or paid claim that was not sent. Its pieces go back where they came from: into the pot of a drop that
    /// is armed, else on the shelf. Who claimed in a drop and did not pay is remembered for it.
    pub(super) fn end_claim(&mut self, id: ClaimId, into: ClaimState, at: Timestamp) {
        let Some(claim) = self.claims.get(id).filter(|claim| claim.counts()) else { return };
        let claim = claim.clone();
        let of_drop = claim.of.drop();
        let drop = of_drop.map(|drop| self.drops.get_mut(&drop).expect("the drop of a claim that ends was read"));
        let paid = claim.state == ClaimState::Paid;
        if let Some(pot) = drop.and_then(Drop::armed_mut) {
            pot.put(i64::from(claim.quantity), &claim.places);
            self.moved.extend(of_drop);
            if paid {
                self.shelf.set_back_aside(claim.variant, &claim.places);
            }
        } else if paid {
            self.shelf.give_back(claim.variant, &claim.places);
        } else {
            self.shelf.release(claim.variant, &claim.places);
        }
        self.claims.change(id).state = into;
        if claim.of == Source::Checkout {
            return;
        }
        self.events.push(TillEvent::ClaimEnded { claim: id, viewer: claim.viewer, state: into });
        let promised = matches!(claim.of, Source::Drop { .. } | Source::Staff { .. });
        if into == ClaimState::Expired && promised && !claim.is_rehearsal() {
            self.strikes.entry(claim.viewer).or_default().add(at);
            self.struck.insert(claim.viewer);
        }
    }
}
