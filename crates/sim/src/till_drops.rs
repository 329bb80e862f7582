//! Drops in the simulated town: armed, fired, claimed in, waited for, paid as a tab, let go, stopped.

use std::collections::BTreeMap;

use app::ports::{Clock, Drops, till};
use kernel::{ClaimId, Country, DropId, EntryId, Millis, PersonId, ShowId, ViewerId, WaiterId};
use shop::books::{Books, ClaimInDrop, Claimed, SetAside, What};
use shop::claim::{Claim, ClaimQuote, ClaimState};
use shop::drop::{Drop, EndedBecause, Hold, Phase, Stage};
use shop::order::ShowNumber;
use shop::prize::Prize;

use crate::till::Town;

/// Few enough that the same buyer comes again: limits, bars and tabs of several claims.
const BUYERS: usize = 5;
/// Drops of an evening.
const MOST_DROPS: usize = 5;

/// What the town knows of its drops.
#[derive(Debug, Default)]
pub(crate) struct Evening {
    drops: Vec<DropId>,
    pub(crate) buyers: Vec<ViewerId>,
    wishes: Vec<ClaimInDrop>,
    /// The ticket that was served last, a drop.
    served: BTreeMap<DropId, i64>,
    ended: Vec<DropId>,
}

impl Town {
    pub(crate) async fn open_doors(&mut self) {
        let now = self.clock.now();
        self.evening.buyers = (0..BUYERS).map(|_| ViewerId::mint(now, &mut self.random)).collect();
        // Before the first checkout has emptied the shelf.
        for _ in 0..2 {
            let drop = self.plan().await;
            let command = self.desk.command(What::ArmDrop { drop, opens_at: Some(now) });
            till::move_drop(&*self.store, command).await.expect("the till answers");
        }
    }

    fn any<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        let count = of.len() as u64;
        (count > 0).then(|| of[usize::try_from(self.random.below(count)).unwrap_or_default()].clone())
    }

    fn buyer(&mut self) -> ViewerId {
        let buyers = self.evening.buyers.clone();
        self.any(&buyers).expect("the doors are open")
    }

    async fn any_drop(&mut self) -> DropId {
        let drops = self.evening.drops.clone();
        let plan = drops.is_empty() || (drops.len() < MOST_DROPS && self.random.below(8) == 0);
        match self.any(&drops) {
            Some(drop) if !plan => drop,
            _ => self.plan().await,
        }
    }

    async fn plan(&mut self) -> DropId {
        let now = self.clock.now();
        let id = DropId::mint(now, &mut self.random);
        // Every fourth is the prize of a question: right answers come for it as buyers come for the others.
        let prize = (self.random.below(4) == 0).then_some(Prize { basis_points: 500 });
        let pieces = i64::try_from(self.random.below(5)).unwrap_or_default() + 1;
        let (quantity, limit) = if prize.is_some() { (1, 1) } else { (pieces, 2) };
        let window = (prize.is_some() || self.random.below(2) == 0).then_some(Millis::from_mins(4));
        let hold = if self.random.below(4) == 0 { Hold::AfterShow { hours: 2 } } else { Hold::Minutes(2) };
        let variant = self.any_variant();
        let drop = Drop {
            id,
            at: ShowNumber { show: ShowId::mint(now, &mut self.random), number: 1 },
            product: self.sample.product,
            variant,
            unit: vec![],
            quantity,
            limit,
            hold,
            countries: None,
            window,
            rehearsal: false,
            prize,
            stage: Stage::Planned,
        };
        self.store.plan_drop(drop).await.expect("planned");
        self.evening.drops.push(id);
        id
    }

    fn quote(&mut self) -> ClaimQuote {
        let unit = kernel::Money::new(19_800, kernel::Currency::USD);
        ClaimQuote { listed: unit, price: EntryId::mint(self.clock.now(), &mut self.random), unit }
    }

    pub(crate) async fn step_of_drops(&mut self) {
        let now = self.clock.now();
        match self.random.below(15) {
            13 => self.tap().await,
            0 => {
                let drop = self.any_drop().await;
                let opens_at = (self.random.below(2) == 0).then_some(now);
                let command = self.desk.command(What::ArmDrop { drop, opens_at });
                till::move_drop(&*self.store, command).await.expect("the till answers");
            }
            1 => {
                let drop = self.any_drop().await;
                let lead = Millis::from_secs(i64::try_from(self.random.below(5)).unwrap_or_default());
                let command = self.desk.command(What::FireDrop { drop, lead });
                till::move_drop(&*self.store, command).await.expect("the till answers");
            }
            2 if self.random.below(3) == 0 => {
                let drop = self.any_drop().await;
                let command = self.desk.command(What::EndDrop { drop, why: EndedBecause::Stopped });
                till::move_drop(&*self.store, command).await.expect("the till answers");
            }
            3..=6 => {
                let (drop, viewer, quote) = (self.any_drop().await, self.buyer(), self.quote());
                let country: Country = "US".parse().expect("a country");
                let quantity = u32::try_from(self.random.below(2)).unwrap_or_default() + 1;
                let key = format!("k{}", self.evening.wishes.len());
                let wait = self.random.below(4) > 0;
                let prize = self.store.audit(|books| books.drop_of(drop).is_some_and(|drop| drop.prize.is_some()));
                // Nobody wins by a button, and nobody claims by an answer.
                let won = prize != (self.random.below(8) == 0);
                let quantity = if won { 1 } else { quantity };
                let wish = ClaimInDrop { drop, viewer, person: None, quantity, country, quote, key, wait, won };
                self.evening.wishes.push(wish.clone());
                self.wish(wish).await;
            }
            // The same request again: the network lost our answer.
            7 => {
                let wishes = self.evening.wishes.clone();
                if let Some(wish) = self.any(&wishes) {
                    self.wish(wish).await;
                }
            }
            8 | 9 => self.tend().await,
            10 => {
                if let Some(claim) = self.any_claim() {
                    let buyer = (self.random.below(2) == 0).then_some((claim.viewer, None));
                    let command = self.desk.command(What::LetGo { claim: claim.id, buyer });
                    till::let_go(&*self.store, command).await.expect("the till answers");
                }
            }
            11 => {
                if let Some(claim) = self.any_claim() {
                    let until = now + Millis::from_mins(i64::try_from(self.random.below(30)).unwrap_or_default());
                    let command = self.desk.command(What::Extend { claim: claim.id, until });
                    till::extend(&*self.store, command).await.expect("the till answers");
                }
            }
            12 => {
                let (viewer, quote, variant) = (self.buyer(), self.quote(), self.any_variant());
                let (product, by) = (self.sample.product, PersonId::mint(now, &mut self.random));
                let hold = Hold::Minutes(5);
                let wish =
                    SetAside { variant, product, viewer, person: None, show: None, quantity: 1, quote, hold, by };
                let command = self.desk.command(What::SetAside(Box::new(wish)));
                till::set_aside(&*self.store, command).await.expect("the till answers");
            }
            _ => self.pay_tab().await,
        }
    }

    async fn wish(&mut self, wish: ClaimInDrop) {
        let command = self.desk.command(What::Claim(Box::new(wish.clone())));
        // The process may die before it or after it; the buyer asks again.
        let till = self.desk.till.clone();
        let answer = self.until_crash(async move { till::claim(&*till, command).await }).await;
        match answer.map(|outcome| outcome.expect("the till answers")) {
            Some(Claimed::New(claim)) => {
                self.tally.claimed += 1;
                let prize =
                    self.store.drop_of(wish.drop).await.expect("asked").is_some_and(|drop| drop.prize.is_some());
                assert_eq!(prize, wish.won, "{claim:?}");
                self.tally.won += u32::from(prize);
            }
            Some(Claimed::Replayed(claim)) => assert_eq!((claim.viewer, claim.key), (wish.viewer, Some(wish.key))),
            Some(Claimed::Waiting { .. }) => self.tally.waited += 1,
            _ => {}
        }
    }

    /// Claims in a drop and orders at once.
    async fn tap(&mut self) {
        let (drop, viewer, quote) = (self.any_drop().await, self.buyer(), self.quote());
        let country: Country = "US".parse().expect("a country");
        let Some(known) = self.store.drop_of(drop).await.expect("asked") else { return };
        self.sample.variant = known.variant;
        let mut checkout = self.sample.checkout_at(1, self.clock.now());
        let key = checkout.order.idempotency_key.clone();
        checkout.order.viewer = viewer;
        let (person, wait, won) = (None, false, false);
        let wish = ClaimInDrop { drop, viewer, person, quantity: 1, country, quote, key, wait, won };
        checkout.claiming = Some(Box::new(wish));
        self.checkouts.push(checkout.clone());
        self.tally.tapped += u32::from(self.place(checkout).await);
    }

    fn any_claim(&mut self) -> Option<Claim> {
        let tabs = self.store.audit(|books| books.claims().filter(|claim| claim.on_tab()).cloned().collect::<Vec<_>>());
        self.any(&tabs)
    }

    /// What the jobs do: end what is due, give to who waits, end what is over.
    pub(crate) async fn tend(&mut self) {
        let now = self.clock.now();
        let claims = self.store.due_claims(now, 100).await.expect("a list");
        let expire = self.desk.command(What::ExpireClaims { claims });
        self.tally.let_lapse += till::expire_claims(&*self.store, expire).await.expect("the till answers");
        for drop in self.store.armed_drops(100).await.expect("a list") {
            self.offer(&drop).await;
            let over = if drop.phase(now) == Phase::Closed { EndedBecause::Closed } else { EndedBecause::Gone };
            let unpaid = self.store.unpaid_drops(&[drop.id]).await.expect("a list");
            if over == EndedBecause::Closed || (drop.left() == 0 && unpaid.is_empty()) {
                let end = self.desk.command(What::EndDrop { drop: drop.id, why: over });
                till::move_drop(&*self.store, end).await.expect("the till answers");
            }
        }
    }

    async fn offer(&mut self, drop: &Drop) {
        let line = self.store.waiters(drop.id, 100).await.expect("a line");
        let until = self.clock.now() + Millis::from_mins(1);
        let offers: Vec<(WaiterId, _)> = line.iter().map(|waiter| (waiter.id, until)).collect();
        let offer = self.desk.command(What::OfferWaiting { drop: drop.id, offers });
        let offered = till::offer_waiting(&*self.store, offer).await.expect("the till answers");
        for (claim, waiter) in offered.iter().zip(&line) {
            assert_eq!(claim.viewer, waiter.viewer, "the line was not kept");
            let before = self.evening.served.insert(drop.id, waiter.ticket);
            assert!(before.is_none_or(|before| before < waiter.ticket), "served twice, or backwards");
            self.tally.offered += 1;
        }
    }

    /// A buyer pays everything on the tab, in one order.
    async fn pay_tab(&mut self) {
        let viewer = self.buyer();
        let tab = self.store.tab(viewer, None).await.expect("a tab");
        let mine: Vec<Claim> = tab.claims.into_iter().filter(Claim::on_tab).collect();
        if mine.is_empty() {
            return;
        }
        let checkout = self.sample.checkout_of(viewer, &mine, self.clock.now());
        self.tally.tabs += 1;
        self.checkouts.push(checkout.clone());
        self.place(checkout).await;
    }

    /// Nobody is over the limit, pots and claims make up their drops, nothing that ended begins again.
    pub(crate) fn check_drops(&mut self) {
        let (evening, now) = (&mut self.evening, self.clock.now());
        self.store.audit(|books| {
            for drop in books.drops() {
                let own = |claim: &&Claim| claim.of.drop() == Some(drop.id) && claim.counts();
                let taken: i64 = books.claims().filter(own).map(|claim| i64::from(claim.quantity)).sum();
                if let Some(armed) = drop.armed() {
                    assert_eq!(drop.quantity, armed.left + taken, "{drop:?}");
                    assert_eq!(armed.places.iter().map(|place| place.quantity).sum::<i64>(), armed.left);
                    assert_eq!(usize::try_from(armed.waiting), Ok(books.waiting(drop.id).count()));
                }
                for buyer in &evening.buyers {
                    let his = books.claims().filter(own).filter(|claim| claim.viewer == *buyer);
                    assert!(his.map(|claim| claim.quantity).sum::<u32>() <= drop.limit, "over the limit: {drop:?}");
                }
                let known = evening.ended.contains(&drop.id);
                let ended = drop.phase(now) == Phase::Ended;
                assert!(ended || !known, "what ended began again: {drop:?}");
                if ended && !known {
                    evening.ended.push(drop.id);
                }
            }
        });
    }

    /// At the end of the evening every drop is over, and no claim is left open.
    pub(crate) async fn close_doors(&mut self) {
        tokio::time::advance(shop::claim::LONGEST_SHOW.to_std()).await;
        for drop in self.store.armed_drops(100).await.expect("a list") {
            let end = self.desk.command(What::EndDrop { drop: drop.id, why: EndedBecause::Stopped });
            till::move_drop(&*self.store, end).await.expect("the till answers");
        }
        self.tend().await;
        self.check_drops();
        self.store.audit(|books| {
            let open: Vec<ClaimId> = claims_in(books, ClaimState::Open);
            assert_eq!(open, [], "a claim outlived its deadline");
            assert!(books.drops().all(|drop| drop.armed().is_none()));
        });
        let sums = app::till::reconcile::reconcile(&*self.store).await.expect("the books are read");
        assert_eq!(sums.disagreements, [], "the books do not add up");
    }
}

fn claims_in(books: &Books, state: ClaimState) -> Vec<ClaimId> {
    books.claims().filter(|claim| claim.state == state).map(|claim| claim.id).collect()
}
