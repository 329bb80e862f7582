//! The promises of offers: kept by version, codes unique, a limited one never counted past its limit, and given back.

use futures::future::join_all;
use kernel::{EntryId, Language, Money, Texts};
use shop::books::{Command, PaidBy, PlaceOrder, Placed, What};
use shop::offer::{Applied, Gives, Offer, Scope};
use shop::order::CancelReason;

use super::till::{NOW, Sample};
use crate::ports::{OfferRow, Offers, Orders, StockCounts, StoreError, Till, till};

/// What the suite needs of a store.
pub trait Tables: Till + Orders + Offers + StockCounts {}
impl<T: Till + Orders + Offers + StockCounts> Tables for T {}

/// Runs every check against empty tables.
///
/// # Panics
/// When a promise is broken.
pub async fn check(store: &impl Tables) {
    let mut sample = Sample::new(53);
    offers_are_kept_by_version(store, &mut sample).await;
    a_limit_is_never_passed(store, &mut sample).await;
    a_card_counts_too(store, &mut sample).await;
    a_buyer_counts_by_every_mark(store, &mut sample).await;
}

fn offer(sample: &mut Sample, code: &str) -> Offer {
    Offer {
        id: EntryId::mint(NOW, &mut sample.random),
        name: Texts::new([(Language::english(), "Silk week".to_owned())]),
        code: Some(code.to_owned()),
        gives: Gives::Percent { basis_points: 500 },
        scope: Scope::default(),
        minimum: Vec::new(),
        from: NOW,
        until: None,
        uses: None,
        per_buyer: None,
        combinable: true,
        stopped: false,
    }
}

async fn offers_are_kept_by_version(store: &impl Tables, sample: &mut Sample) {
    let first = offer(sample, "FIRST");
    assert_eq!(store.keep_offer(first.clone(), 0).await, Ok(()));
    assert_eq!(store.keep_offer(first.clone(), 0).await, Err(StoreError::Changed));
    let same_code = offer(sample, "FIRST");
    assert!(matches!(store.keep_offer(same_code, 0).await, Err(StoreError::Duplicate(_))));
    let changed = Offer { uses: Some(3), ..first };
    assert_eq!(store.keep_offer(changed.clone(), 1).await, Ok(()));
    assert_eq!(store.keep_offer(changed.clone(), 1).await, Err(StoreError::Changed));
    let row = OfferRow { offer: changed.clone(), version: 2, used: 0 };
    assert_eq!(store.offer(changed.id).await, Ok(Some(row.clone())));
    let second = offer(sample, "SECOND");
    store.keep_offer(second.clone(), 0).await.expect("kept");
    let listed: Vec<OfferRow> = store.offers(10).await.expect("a list");
    let mut ids = vec![changed.id, second.id];
    ids.sort_unstable_by(|one, other| other.cmp(one));
    assert_eq!(listed.iter().map(|row| row.offer.id).collect::<Vec<_>>(), ids);
    assert_eq!(store.offers(1).await.map(|rows| rows.len()), Ok(1));
}

/// A checkout in which a limited offer counts.
fn checkout(sample: &mut Sample, offer: &Offer, marks: &[&str]) -> PlaceOrder {
    let mut place = sample.checkout(1);
    let (name, code) = (offer.name.clone(), offer.code.clone());
    let off = Money::zero(place.order.totals.total.currency);
    place.order.totals.offers = vec![Applied { offer: offer.id, name, code, off, limited: true }];
    place.marks = marks.iter().map(|mark| (*mark).to_owned()).collect();
    place
}

fn command(sample: &mut Sample, what: What) -> Command {
    Command { what, at: NOW, random: sample.random.fork() }
}

async fn used(store: &impl Offers, offer: &Offer) -> i64 {
    store.offer(offer.id).await.expect("asked").expect("an offer").used
}

async fn a_limit_is_never_passed(store: &impl Tables, sample: &mut Sample) {
    sample.fresh_variant();
    sample.stock(store, 20, 0).await;
    let three = Offer { uses: Some(3), ..offer(sample, "THREE") };
    store.keep_offer(three.clone(), 0).await.expect("kept");
    let mut asked = Vec::new();
    for _ in 0..10 {
        let place = checkout(sample, &three, &[]);
        asked.push(command(sample, What::Place(Box::new(place))));
    }
    let outcomes = join_all(asked.into_iter().map(|command| till::place(store, command))).await;
    let gone = outcomes.iter().filter(|outcome| **outcome == Ok(Placed::OffersGone(vec![three.id]))).count();
    let placed: Vec<_> = outcomes
        .into_iter()
        .filter_map(|outcome| match outcome {
            Ok(Placed::New(order)) => Some(*order),
            _ => None,
        })
        .collect();
    assert_eq!((placed.len(), gone, used(store, &three).await), (3, 7, 3));
    assert_eq!(store.used_by(placed[0].viewer, &[three.id]).await, Ok(vec![(three.id, 1)]));
    assert_eq!(store.order(placed[0].id).await, Ok(Some(placed[0].clone())), "read back as it was decided");
    // One ends, twice asked: it counts once less, and somebody else has it.
    for reason in [CancelReason::BuyerAsked, CancelReason::Other] {
        let cancel = command(sample, What::Cancel { order: placed[0].id, reason });
        till::cancel(store, cancel).await.expect("cancelled");
    }
    assert_eq!((used(store, &three).await, store.used_by(placed[0].viewer, &[three.id]).await), (2, Ok(vec![])));
    let expire = Command { at: placed[1].held_until, ..command(sample, What::Expire { order: placed[1].id }) };
    assert_eq!(till::expire(store, expire).await, Ok(true));
    let late = command(sample, What::Cancel { order: placed[1].id, reason: CancelReason::Other });
    till::cancel(store, late).await.expect("cancelled");
    assert_eq!(used(store, &three).await, 1, "what had expired is not given back twice");
    let place = checkout(sample, &three, &[]);
    let next = command(sample, What::Place(Box::new(place)));
    assert!(matches!(till::place(store, next).await, Ok(Placed::New(_))));
    store.keep_offer(Offer { stopped: true, ..three.clone() }, 1).await.expect("stopped");
    assert_eq!(used(store, &three).await, 2, "a change keeps what is counted");
    let place = checkout(sample, &three, &[]);
    let stopped = command(sample, What::Place(Box::new(place)));
    assert_eq!(till::place(store, stopped).await, Ok(Placed::OffersGone(vec![three.id])));
}

/// Nobody uses an offer twice by paying with the same card under two names.
async fn a_card_counts_too(store: &impl Tables, sample: &mut Sample) {
    sample.fresh_variant();
    sample.stock(store, 20, 0).await;
    let once = Offer { per_buyer: Some(1), ..offer(sample, "CARD") };
    store.keep_offer(once.clone(), 0).await.expect("kept");
    let mut outcomes = Vec::new();
    for contact in ["one", "two"] {
        let place = checkout(sample, &once, &[contact]);
        let place = command(sample, What::Place(Box::new(place)));
        let Ok(Placed::New(order)) = till::place(store, place).await else { panic!("not placed") };
        let paid_by = command(sample, What::PaidBy { order: order.id, mark: "card".into() });
        outcomes.push(till::paid_by(store, paid_by).await);
    }
    assert!(matches!(outcomes.as_slice(), [Ok(PaidBy::Fine), Ok(PaidBy::OverLimit(_))]), "{outcomes:?}");
    assert_eq!(used(store, &once).await, 1, "the refused one is given back");
}

async fn a_buyer_counts_by_every_mark(store: &impl Tables, sample: &mut Sample) {
    sample.fresh_variant();
    sample.stock(store, 20, 0).await;
    let once = Offer { per_buyer: Some(1), ..offer(sample, "ONCE") };
    store.keep_offer(once.clone(), 0).await.expect("kept");
    let mut refused = Vec::new();
    for marks in [["ann", "1"], ["bea", "1"], ["ann", "2"], ["cem", "3"]] {
        let place = checkout(sample, &once, &marks);
        let place = command(sample, What::Place(Box::new(place)));
        refused.push(till::place(store, place).await == Ok(Placed::OffersGone(vec![once.id])));
    }
    assert_eq!((refused, used(store, &once).await), (vec![false, true, true, false], 2));
}
