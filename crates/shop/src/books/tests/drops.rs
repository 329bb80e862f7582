//! Drops, the waitlist and the tab: each outcome by name.

use kernel::{Currency, DropId, PersonId, ShowId};

use super::*;
use crate::claim::ClaimQuote;
use crate::drop::{EndedBecause, Hold, Phase, Stage};
use crate::prize::Prize;
use crate::strikes::BAR;

const MINUTE: Millis = Millis::from_mins(1);

impl Shop {
    pub(super) fn viewer(&mut self) -> ViewerId {
        ViewerId::mint(noon(), &mut self.random)
    }

    pub(super) fn quote(&mut self) -> ClaimQuote {
        let (listed, unit) = (Money::new(PRICE, Currency::USD), Money::new(9_900, Currency::USD));
        ClaimQuote { listed, unit, price: EntryId::mint(noon(), &mut self.random) }
    }

    /// A planned drop of belts, two for each buyer, two minutes to pay.
    pub(super) fn planned(&mut self, quantity: i64, window: Option<Millis>) -> DropId {
        let at = ShowNumber { show: ShowId::mint(noon(), &mut self.random), number: 7 };
        let id = DropId::mint(noon(), &mut self.random);
        self.books.add_drop(Drop {
            id,
            at,
            product: self.product,
            variant: self.belt,
            unit: vec![Money::new(9_900, Currency::USD)],
            quantity,
            limit: 2,
            hold: Hold::Minutes(2),
            countries: None,
            window,
            rehearsal: false,
            prize: None,
            stage: Stage::Planned,
        });
        id
    }

    /// The prize of a question: one belt at 5 % off.
    pub(super) fn prize(&mut self) -> DropId {
        let drop = self.planned(1, Some(MINUTE));
        let prize = Some(Prize { basis_points: 500 });
        self.books.add_drop(Drop { prize, limit: 1, unit: vec![], ..self.drop(drop) });
        drop
    }

    /// One that opens now.
    pub(super) fn open_drop(&mut self, quantity: i64, window: Option<Millis>) -> DropId {
        let drop = self.planned(quantity, window);
        assert!(matches!(self.books.arm_drop(drop, Some(noon()), noon()), DropMoved::Done(_)));
        drop
    }

    pub(super) fn wish(&mut self, drop: DropId, viewer: ViewerId, quantity: u32, key: &str) -> ClaimInDrop {
        let (country, quote, key) = ("US".parse().expect("a country"), self.quote(), key.to_owned());
        ClaimInDrop { drop, viewer, person: None, quantity, country, quote, key, wait: false, won: false }
    }

    fn claim(&mut self, drop: DropId, viewer: ViewerId, quantity: u32, key: &str, at: Timestamp) -> Claimed {
        let wish = self.wish(drop, viewer, quantity, key);
        self.books.claim(wish, at, &mut self.random)
    }

    fn wait(&mut self, drop: DropId, viewer: ViewerId, quantity: u32) -> Claimed {
        let wish = ClaimInDrop { wait: true, ..self.wish(drop, viewer, quantity, "wait") };
        self.books.claim(wish, noon(), &mut self.random)
    }

    fn claimed(&mut self, drop: DropId, viewer: ViewerId, quantity: u32, key: &str) -> Claim {
        match self.claim(drop, viewer, quantity, key, noon()) {
            Claimed::New(claim) => *claim,
            other => panic!("not claimed: {other:?}"),
        }
    }

    pub(super) fn phase(&self, drop: DropId, at: Timestamp) -> Phase {
        self.books.drop_of(drop).expect("a drop").phase(at)
    }

    fn drop(&self, drop: DropId) -> Drop {
        self.books.drop_of(drop).expect("a drop").clone()
    }

    fn left(&self, drop: DropId) -> i64 {
        self.books.drop_of(drop).expect("a drop").left()
    }

    fn state(&self, claim: &Claim) -> ClaimState {
        self.books.claim_of(claim.id).expect("a claim").state
    }

    /// A checkout of these claims.
    fn pay_for(&mut self, viewer: ViewerId, claims: &[&Claim], key: &str) -> PlaceOrder {
        let mut place = self.checkout(1, key);
        let line = place.order.lines.pop().expect("one line");
        place.order.viewer = viewer;
        for claim in claims {
            let id = OrderLineId::mint(noon(), &mut self.random);
            place.adopted.insert(id, claim.id);
            place.order.lines.push(OrderLine { id, quantity: claim.quantity, ..line.clone() });
        }
        place
    }
}

#[test]
fn a_drop_goes_one_way() {
    let mut shop = Shop::with(3);
    let drop = shop.planned(3, Some(MINUTE));
    let buyer = shop.viewer();
    assert_eq!(shop.books.fire_drop(drop, Millis(0), noon()), DropMoved::NotArmed);
    assert_eq!(shop.claim(drop, buyer, 1, "a", noon()), Claimed::NotOpen { opens_at: None });
    assert_eq!(shop.stock(), (3, 0, 0));
    assert!(matches!(shop.books.arm_drop(drop, None, noon()), DropMoved::Done(_)));
    assert_eq!((shop.stock(), shop.left(drop)), ((3, 3, 0), 3), "arming it claims its pieces");
    assert_eq!(shop.claim(drop, buyer, 1, "a", noon()), Claimed::NotOpen { opens_at: None });
    let lead = Millis::from_secs(3);
    assert!(matches!(shop.books.fire_drop(drop, lead, noon()), DropMoved::Done(_)));
    assert_eq!(shop.claim(drop, buyer, 1, "a", noon()), Claimed::NotOpen { opens_at: Some(noon() + lead) });
    assert!(matches!(shop.books.arm_drop(drop, None, noon()), DropMoved::Done(_)), "the countdown is called off");
    assert_eq!(shop.phase(drop, noon() + lead), Phase::Armed);
    assert!(matches!(shop.books.fire_drop(drop, Millis::from_days(1), noon()), DropMoved::Done(_)));
    let opens = noon() + crate::drop::MAX_LEAD;
    assert_eq!(shop.phase(drop, opens), Phase::Open, "a countdown is bounded");
    assert!(matches!(shop.claim(drop, buyer, 1, "a", opens), Claimed::New(_)));
    assert_eq!((shop.stock(), shop.left(drop)), ((3, 3, 0), 2), "a claim takes from the pot, not from the shelf");
    assert!(matches!(shop.books.fire_drop(drop, lead, opens), DropMoved::Already(_)), "fired twice is fired once");
    assert_eq!(shop.books.arm_drop(drop, None, opens), DropMoved::Open);
    let end = |shop: &mut Shop, why, at| shop.books.end_drop(drop, why, at);
    assert_eq!(end(&mut shop, EndedBecause::Gone, opens), DropMoved::NotOver);
    assert_eq!(end(&mut shop, EndedBecause::Closed, opens), DropMoved::NotOver);
    let over = opens + MINUTE;
    assert_eq!(shop.claim(drop, buyer, 1, "b", over), Claimed::Ended);
    assert!(matches!(end(&mut shop, EndedBecause::Closed, over), DropMoved::Done(_)));
    assert_eq!((shop.stock(), shop.left(drop)), ((3, 1, 0), 0), "the claim stands, the pot is back on the shelf");
    assert_eq!(shop.books.arm_drop(drop, None, over), DropMoved::Ended);
    assert_eq!(shop.books.fire_drop(drop, lead, over), DropMoved::Ended);
    assert!(matches!(end(&mut shop, EndedBecause::Stopped, over), DropMoved::Already(_)));
    assert_eq!(shop.claim(drop, buyer, 1, "a", over), shop.claim(drop, buyer, 1, "a", over));
    assert!(matches!(shop.claim(drop, buyer, 1, "a", over), Claimed::Replayed(_)), "a lost answer is found again");
}

#[test]
fn arming_asks_for_what_is_free() {
    let mut shop = Shop::with(2);
    let drop = shop.planned(3, None);
    assert_eq!(shop.books.arm_drop(drop, None, noon()), DropMoved::SoldOut { free: 2 });
    shop.books.stop(shop.product);
    assert_eq!(shop.books.arm_drop(drop, None, noon()), DropMoved::Stopped);
    let nowhere = DropId::mint(noon(), &mut shop.random);
    assert_eq!(shop.books.arm_drop(nowhere, None, noon()), DropMoved::Unknown);
    assert_eq!(shop.stock(), (2, 0, 0));
}

#[test]
fn a_claim_is_refused_by_name() {
    let mut shop = Shop::with(9);
    let drop = shop.open_drop(4, None);
    let [ann, bea, cem] = [0, 1, 2].map(|_| shop.viewer());
    let nowhere = DropId::mint(noon(), &mut shop.random);
    assert_eq!(shop.claim(nowhere, ann, 1, "a", noon()), Claimed::Unknown);
    assert_eq!(shop.claim(drop, ann, 0, "a", noon()), Claimed::Limit { limit: 2 });
    assert_eq!(shop.claim(drop, ann, 3, "a", noon()), Claimed::Limit { limit: 2 });
    let first = shop.claimed(drop, ann, 1, "a");
    assert_eq!(shop.claim(drop, ann, 1, "a", noon()), Claimed::Replayed(Box::new(first.clone())));
    shop.claimed(drop, ann, 1, "b");
    assert_eq!(shop.claim(drop, ann, 1, "c", noon()), Claimed::Limit { limit: 2 });
    assert!(matches!(shop.books.let_go(first.id, Some((ann, None)), noon()), LetGo::Done(_)));
    shop.claimed(drop, ann, 1, "c");
    shop.claimed(drop, bea, 1, "a");
    assert_eq!(shop.claim(drop, cem, 2, "a", noon()), Claimed::SoldOut, "one is left");
    shop.books.stop(shop.product);
    assert_eq!(shop.claim(drop, cem, 1, "a", noon()), Claimed::Stopped);
    shop.books.resume(shop.product);
    let at_home = ClaimInDrop { country: "FR".parse().expect("a country"), ..shop.wish(drop, cem, 1, "a") };
    let known = shop.books.drop_of(drop).expect("a drop").clone();
    shop.books.add_drop(Drop { countries: Some(vec!["US".parse().expect("a country")]), ..known });
    assert_eq!(shop.books.claim(at_home, noon(), &mut shop.random), Claimed::NotInMarket);
    assert_eq!((shop.stock(), shop.left(drop)), ((9, 4, 0), 1));
}

#[test]
fn who_waits_is_served_in_order() {
    let mut shop = Shop::with(2);
    let drop = shop.open_drop(2, Some(MINUTE));
    let [ann, bea, cem, dan] = [0, 1, 2, 3].map(|_| shop.viewer());
    let pair = shop.claimed(drop, ann, 2, "a");
    assert_eq!(shop.wait(drop, bea, 2), Claimed::Waiting { place: 1 });
    assert_eq!(shop.wait(drop, cem, 1), Claimed::Waiting { place: 2 });
    assert_eq!(shop.wait(drop, dan, 1), Claimed::Waiting { place: 3 });
    assert_eq!(shop.wait(drop, cem, 1), Claimed::Waiting { place: 2 }, "a viewer waits once");
    assert!(shop.books.leave_line(drop, dan) && !shop.books.leave_line(drop, dan));
    assert!(matches!(shop.books.let_go(pair.id, None, noon()), LetGo::Done(_)));
    assert_eq!((shop.left(drop), shop.books.shelf.free(shop.belt)), (2, 0), "its pieces are the drop's again");
    assert_eq!(shop.claim(drop, ann, 1, "b", noon()), Claimed::SoldOut, "nobody overtakes who waits");
    assert_eq!(shop.claim(drop, dan, 1, "b", noon()), Claimed::SoldOut);
    let line: Vec<WaiterId> = shop.books.waiting(drop).map(|waiter| waiter.id).collect();
    let soon = noon() + MINUTE;
    let offer = |shop: &mut Shop, who: &[WaiterId]| {
        let offers: Vec<_> = who.iter().map(|waiter| (*waiter, soon)).collect();
        shop.books.offer_waiting(drop, &offers, noon(), &mut shop.random)
    };
    assert_eq!(offer(&mut shop, &line[1..]), [], "the first is not passed over");
    let offered = offer(&mut shop, &line);
    let got: Vec<_> = offered.iter().map(|claim| (claim.viewer, claim.quantity, claim.until)).collect();
    assert_eq!(got, [(bea, 2, soon)], "the pot was empty after the first");
    let told = TillEvent::Offered { claim: offered[0].id, viewer: bea };
    assert!(shop.books.changes().events.contains(&told));
    assert_eq!(shop.books.expire_claims(&[offered[0].id], soon), 1);
    assert_eq!(shop.books.strikes_of(bea), None, "who was away did not break a promise");
    assert_eq!(shop.books.end_drop(drop, EndedBecause::Closed, soon), DropMoved::NotOver, "somebody waits");
    let last = offer(&mut shop, &line[1..]);
    assert_eq!(last.iter().map(|claim| (claim.viewer, claim.quantity)).collect::<Vec<_>>(), [(cem, 1)]);
    assert!(matches!(shop.books.end_drop(drop, EndedBecause::Closed, soon), DropMoved::Done(_)));
    assert_eq!(shop.stock(), (2, 1, 0));
}

#[test]
fn a_smaller_rest_goes_to_who_wants_more() {
    let mut shop = Shop::with(2);
    let drop = shop.open_drop(2, None);
    let [ann, bea] = [0, 1].map(|_| shop.viewer());
    let one = shop.claimed(drop, ann, 1, "a");
    shop.claimed(drop, ann, 1, "b");
    assert_eq!(shop.wait(drop, bea, 2), Claimed::Waiting { place: 1 });
    shop.books.let_go(one.id, None, noon());
    let line: Vec<_> = shop.books.waiting(drop).map(|waiter| (waiter.id, noon() + MINUTE)).collect();
    let offered = shop.books.offer_waiting(drop, &line, noon(), &mut shop.random);
    assert_eq!(offered.iter().map(|claim| (claim.viewer, claim.quantity)).collect::<Vec<_>>(), [(bea, 1)]);
}

#[test]
fn a_tab_is_paid_once_with_its_own_pieces() {
    let mut shop = Shop::with(3);
    let drop = shop.open_drop(2, None);
    let [ann, bea] = [0, 1].map(|_| shop.viewer());
    let pair = shop.claimed(drop, ann, 2, "a");
    let place = |shop: &mut Shop, viewer, claims: &[&Claim], key: &str, at| {
        let command = shop.pay_for(viewer, claims, key);
        shop.books.place(command, at, &mut shop.random)
    };
    assert_eq!(place(&mut shop, bea, &[&pair], "x", noon()), Placed::ClaimsGone(vec![pair.id]), "somebody else's");
    assert_eq!(place(&mut shop, ann, &[&pair, &pair], "x", noon()), Placed::ClaimsGone(vec![pair.id]), "named twice");
    let other = Claim { quantity: 1, ..pair.clone() };
    assert_eq!(place(&mut shop, ann, &[&other], "x", noon()), Placed::ClaimsGone(vec![pair.id]), "other pieces");
    assert_eq!(place(&mut shop, ann, &[&pair], "x", pair.until), Placed::ClaimsGone(vec![pair.id]), "too late");
    let Placed::New(order) = place(&mut shop, ann, &[&pair], "x", noon()) else { panic!("not placed") };
    assert_eq!(place(&mut shop, ann, &[&pair], "y", noon()), Placed::ClaimsGone(vec![pair.id]), "in an order already");
    assert_eq!(shop.stock(), (3, 2, 0), "nothing was taken twice");
    let held = shop.books.claim_of(pair.id).expect("a claim");
    assert_eq!((held.until, held.order.map(|at| at.order)), (noon() + CHECKOUT_HOLD, Some(order.id)));
    assert_eq!(shop.books.let_go(pair.id, Some((ann, None)), noon()), LetGo::InOrder);
    assert_eq!(shop.books.extend(pair.id, noon() + MINUTE, noon()), Extended::NotOpen);
    assert_eq!(shop.books.expire_claims(&[pair.id], noon() + Millis::from_days(9)), 0, "its order decides");
    shop.settle(order.id, &[(Captured, PRICE, "c1")]);
    assert_eq!((shop.state(&pair), shop.stock()), (ClaimState::Paid, (3, 0, 2)));
    shop.books.cancel(order.id, CancelReason::OutOfStock, noon(), &mut shop.random);
    assert_eq!((shop.stock(), shop.left(drop)), ((3, 2, 0), 2), "an open drop gets its pieces back");
}

#[test]
fn an_order_that_ends_unpaid_gives_the_tab_back() {
    let mut shop = Shop::with(4);
    let drop = shop.open_drop(2, None);
    let ann = shop.viewer();
    let [short, long] = ["a", "b"].map(|key| shop.claimed(drop, ann, 1, key));
    let later = noon() + Millis::from_mins(60);
    assert!(matches!(shop.books.extend(long.id, later, noon()), Extended::Done(_)));
    assert_eq!(shop.books.extend(long.id, noon(), noon()), Extended::Past);
    let command = shop.pay_for(ann, &[&short, &long], "x");
    let Placed::New(order) = shop.books.place(command, noon(), &mut shop.random) else { panic!("not placed") };
    assert!(shop.books.expire(order.id, noon() + CHECKOUT_HOLD));
    assert_eq!((shop.state(&short), shop.left(drop)), (ClaimState::Expired, 1));
    assert!(shop.books.claim_of(long.id).is_some_and(Claim::on_tab), "it was promised for longer");
    // Money that comes after all takes the tab's claim back, and what is free for the other.
    let paid = shop.settle(order.id, &[(Captured, PRICE, "c1")]);
    assert_eq!(paid.state, OrderState::Paid);
    assert!(paid.lines.iter().all(|line| line.claim.is_some()));
    assert_eq!((shop.state(&long), shop.stock()), (ClaimState::Paid, (4, 1, 2)));
    let bought = shop.books.claims().filter(|claim| claim.state == ClaimState::Paid).count();
    assert_eq!(bought, 2, "each line has one claim");

    let second = shop.claimed(drop, shop.belt_owner(), 1, "c");
    let command = shop.pay_for(second.viewer, &[&second], "y");
    let Placed::New(order) = shop.books.place(command, noon(), &mut shop.random) else { panic!("not placed") };
    shop.books.cancel(order.id, CancelReason::BuyerAsked, noon(), &mut shop.random);
    assert!(shop.books.claim_of(second.id).is_some_and(Claim::on_tab), "the buyer may pay it another way");
}

impl Shop {
    fn belt_owner(&self) -> ViewerId {
        ViewerId::mint(Timestamp::EPOCH, &mut Random::seeded(99))
    }
}

#[test]
fn who_does_not_pay_may_not_claim_for_a_while() {
    let mut shop = Shop::with(9);
    let drop = shop.open_drop(9, None);
    let ann = shop.viewer();
    for key in ["a", "b", "c"] {
        let claim = shop.claimed(drop, ann, 1, key);
        assert_eq!(shop.books.expire_claims(&[claim.id], claim.until - Millis(1)), 0, "not due");
        assert_eq!(shop.books.expire_claims(&[claim.id, claim.id], claim.until), 1);
    }
    let until = noon() + Millis::from_mins(2) + BAR;
    assert_eq!(shop.claim(drop, ann, 1, "d", noon() + MINUTE), Claimed::Barred { until });
    assert!(shop.books.unbar(ann) && !shop.books.unbar(ann));
    assert!(matches!(shop.claim(drop, ann, 1, "d", noon() + MINUTE), Claimed::New(_)));
}

#[test]
fn staff_set_aside_and_let_go() {
    let mut shop = Shop::with(2);
    let (viewer, by) = (shop.viewer(), PersonId::mint(noon(), &mut shop.random));
    let hold = Hold::AfterShow { hours: 12 };
    let (variant, product, quote) = (shop.belt, shop.product, shop.quote());
    let wish = SetAside { variant, product, viewer, person: None, show: None, quantity: 2, quote, hold, by };
    let claim = shop.books.set_aside(wish.clone(), noon(), &mut shop.random).expect("two are free");
    assert_eq!((claim.after_show_hours, shop.stock()), (Some(12), (2, 2, 0)));
    assert_eq!(shop.books.set_aside(wish, noon(), &mut shop.random), None);
    let stranger = shop.viewer();
    assert_eq!(shop.books.let_go(claim.id, Some((stranger, None)), noon()), LetGo::Unknown);
    assert!(matches!(shop.books.let_go(claim.id, None, noon()), LetGo::Done(_)));
    assert!(matches!(shop.books.let_go(claim.id, None, noon()), LetGo::Already(_)));
    assert_eq!(shop.stock(), (2, 0, 0));
}

#[test]
fn the_shop_s_customer_goes_before_pots_and_tabs() {
    let mut shop = Shop::with(3);
    let drop = shop.open_drop(3, None);
    let [ann, bea] = [0, 1].map(|_| shop.viewer());
    let first = shop.claimed(drop, ann, 1, "a");
    let Claimed::New(last) = shop.claim(drop, bea, 1, "a", noon() + MINUTE) else { panic!("not claimed") };
    let sell = |shop: &mut Shop| shop.books.sell_in_shop(shop.belt, noon(), &mut shop.random);
    assert_eq!(sell(&mut shop), ShopSold::Done { lost: vec![], claims: vec![] }, "the pot gives it up");
    assert_eq!((shop.left(drop), shop.stock()), (0, (2, 2, 0)));
    assert_eq!(sell(&mut shop), ShopSold::Done { lost: vec![], claims: vec![last.id] });
    assert_eq!((shop.state(&first), shop.stock()), (ClaimState::Open, (1, 1, 0)));
    assert_eq!(shop.books.drop_of(drop).map(|drop| drop.quantity), Some(1));
}

#[test]
fn a_rehearsed_drop_touches_no_stock() {
    let mut shop = Shop::with(0);
    let drop = shop.planned(2, None);
    let planned = shop.books.drop_of(drop).expect("a drop").clone();
    shop.books.add_drop(Drop { rehearsal: true, ..planned });
    assert!(matches!(shop.books.arm_drop(drop, Some(noon()), noon()), DropMoved::Done(_)));
    let ann = shop.viewer();
    let claim = shop.claimed(drop, ann, 1, "a");
    let command = shop.pay_for(ann, &[&claim], "x");
    assert_eq!(shop.books.place(command, noon(), &mut shop.random), Placed::ClaimsGone(vec![claim.id]));
    let mut command = shop.pay_for(ann, &[&claim], "x");
    command.order.rehearsal = true;
    let Placed::New(order) = shop.books.place(command, noon(), &mut shop.random) else { panic!("not placed") };
    assert_eq!(shop.settle(order.id, &[(Captured, PRICE, "c1")]).state, OrderState::Paid);
    assert!(matches!(shop.books.end_drop(drop, EndedBecause::Stopped, noon()), DropMoved::Done(_)));
    assert_eq!(shop.stock(), (0, 0, 0));
}

#[test]
fn a_prize_passes_to_the_next_right_answer_and_back_on_sale() {
    let mut shop = Shop::with(2);
    let planned = shop.prize();
    assert!(matches!(shop.books.arm_drop(planned, Some(noon()), noon()), DropMoved::Done(_)));
    let [ann, bea, cem] = [(); 3].map(|()| shop.viewer());
    let answer = |shop: &mut Shop, viewer: ViewerId, key: &str, at: Timestamp| {
        let wish = ClaimInDrop { won: true, wait: true, ..shop.wish(planned, viewer, 1, key) };
        shop.books.claim(wish, at, &mut shop.random)
    };
    assert_eq!(shop.claim(planned, cem, 1, "button", noon()), Claimed::Unknown, "nobody claims a prize by a button");
    let Claimed::New(first) = answer(&mut shop, ann, "answer-5", noon()) else { panic!("not won") };
    assert_eq!(shop.stock(), (2, 1, 0), "the piece was set aside when the question was armed");
    assert_eq!(answer(&mut shop, ann, "answer-5", noon()), Claimed::Replayed(first.clone()));
    // Judged when the time for answers is just over.
    assert_eq!(answer(&mut shop, bea, "answer-6", noon() + MINUTE), Claimed::Waiting { place: 1 });
    assert_eq!(shop.books.expire_claims(&[first.id], first.until), 1);
    let line = shop.books.waiting(planned).map(|waiter| (waiter.id, first.until + MINUTE)).collect::<Vec<_>>();
    let passed = shop.books.offer_waiting(planned, &line, first.until, &mut shop.random);
    assert_eq!(passed.iter().map(|claim| claim.viewer).collect::<Vec<_>>(), [bea]);
    assert_eq!(shop.books.expire_claims(&[passed[0].id], passed[0].until), 1);
    let ended = shop.books.end_drop(planned, EndedBecause::Stopped, passed[0].until);
    assert!(matches!(ended, DropMoved::Done(_)));
    assert_eq!(shop.stock(), (2, 0, 0), "nobody paid: it is on sale again");
    let other = shop.open_drop(1, None);
    let wish = ClaimInDrop { won: true, ..shop.wish(other, cem, 1, "answer-9") };
    assert_eq!(shop.books.claim(wish, noon(), &mut shop.random), Claimed::Unknown, "a drop is not won");
}
