//! Whatever is returned in whatever order comes to what was paid, to the cent.

use kernel::{
    BrandId, Country, Currency, EntryId, Money, OrderId, OrderLineId, PaymentId, ProductId, Random, SellerId, Texts,
    Timestamp, VariantId, ViewerId,
};
use proptest::prelude::*;

use super::*;
use crate::books::{RefundReason, change_key};
use crate::catalogue::Seller;
use crate::change::{Change, Changed};
use crate::order::{OrderState, Totals};
use crate::payment::{EventKind, LedgerEntry};
use crate::quote::QuotedShipping;

const USD: Currency = Currency::USD;

/// An order that was paid and sent, of lines of (pieces, total).
pub(crate) fn order(lines: &[(u32, i64)], sending: i64, tax: Option<i64>, random: &mut Random) -> Order {
    let at = Timestamp::EPOCH;
    let us: Country = "US".parse().expect("a country");
    let seller = Seller {
        id: SellerId::mint(at, random),
        legal_name: "Maison".into(),
        address: vec![],
        country: us,
        email: None,
        phone: None,
        tax_numbers: vec![],
    };
    let usd = |minor| Money::new(minor, USD);
    let subtotal: i64 = lines.iter().map(|(_, total)| total).sum();
    let total = usd(subtotal + sending + tax.unwrap_or(0));
    let price = EntryId::mint(at, random);
    let lines = lines
        .iter()
        .map(|(quantity, total)| OrderLine {
            id: OrderLineId::mint(at, random),
            variant: VariantId::mint(at, random),
            product: ProductId::mint(at, random),
            brand: BrandId::mint(at, random),
            quantity: *quantity,
            unit: usd(*total),
            total: usd(*total),
            price,
            reductions: vec![],
            title: Texts::default(),
            values: vec![],
            sku: String::new(),
            picture: None,
            seller: seller.clone(),
            no_withdrawal: None,
            show: None,
            claim: None,
            parcel: Some(kernel::ParcelId::mint(at, random)),
            replaces: None,
        })
        .collect();
    let payment = PaymentId::mint(at, random);
    let captured = LedgerEntry {
        id: EntryId::mint(at, random),
        payment,
        kind: EventKind::Captured,
        amount: total,
        reference: None,
        idempotency_key: "captured".into(),
        at,
    };
    let rate = EntryId::mint(at, random);
    let shipping = QuotedShipping { rate, name: Texts::default(), price: usd(sending), days: (1, 2) };
    Order {
        id: OrderId::mint(at, random),
        number: "2611".into(),
        viewer: ViewerId::mint(at, random),
        person: None,
        state: OrderState::Sent,
        rehearsal: false,
        placed_at: at,
        held_until: at,
        payment,
        provider: "sandbox".into(),
        key_hash: String::new(),
        idempotency_key: String::new(),
        request_hash: String::new(),
        totals: Totals {
            subtotal: usd(subtotal),
            shipping,
            tax_included: tax.is_none(),
            tax: tax.map(usd),
            total,
            offers: vec![],
        },
        lines,
        ledger: vec![captured],
        parcels: vec![],
        changes: vec![],
        cancelled_because: None,
    }
}

/// Pays pieces back as the till does.
fn pay_back(order: &mut Order, pieces: Vec<Piece>, random: &mut Random) -> Sum {
    let sum = sum(order, &pieces, 0).expect("nothing is kept");
    let (id, why) = (EntryId::mint(Timestamp::EPOCH, random), RefundReason::BuyerAsked);
    promise(order, sum.total.minor, change_key(order.id, id), random);
    let what = Changed::Refunded { taken_off: vec![], kept: pieces, why, sum: sum.clone() };
    order.changes.push(Change { id, at: Timestamp::EPOCH, by: None, what });
    sum
}

fn promise(order: &mut Order, minor: i64, idempotency_key: String, random: &mut Random) {
    let (payment, amount, at) = (order.payment, Money::new(minor, USD), Timestamp::EPOCH);
    let id = EntryId::mint(at, random);
    let kind = EventKind::RefundAsked;
    order.ledger.push(LedgerEntry { id, payment, kind, amount, reference: None, idempotency_key, at });
}

#[test]
fn sums_are_explained() {
    let mut random = Random::seeded(6);
    // Three pieces for 100.00, one for 40.00, sending for 12.00, and 10 % tax on all of it.
    let mut bought = order(&[(3, 10_000), (1, 4_000)], 1_200, Some(1_520), &mut random);
    let [three, one] = [bought.lines[0].id, bought.lines[1].id];
    let piece = |line, quantity| vec![Piece { line, quantity }];
    let check = |sum: &Sum, goods: i64, tax: i64, sending: i64| {
        let row = &sum.rows[0];
        assert_eq!((row.goods.minor, row.tax.minor, sum.sending.minor), (goods, tax, sending), "{sum:?}");
        assert_eq!((sum.total.minor, sum.before.minor), (goods + tax + sending, 0));
    };
    check(&pay_back(&mut bought, piece(three, 1), &mut random), 3_333, 333, 0);
    check(&pay_back(&mut bought, piece(one, 1), &mut random), 4_000, 400, 0);
    check(&pay_back(&mut bought, piece(three, 2), &mut random), 6_667, 667, 1_320);
    assert_eq!(Balance::of(&bought.ledger).refund_asked, bought.totals.total.minor);

    // What a wrong price gave back is not given back again, and goodwill ends at what was taken.
    let mut wrong = order(&[(2, 10_000)], 500, None, &mut random);
    let (line, variant) = (wrong.lines[0].id, wrong.lines[0].variant);
    let key = format!("refund:{}:asked:{}", wrong.id, crate::books::price_key(variant, 2_000));
    promise(&mut wrong, 2_000, key, &mut random);
    check(&pay_back(&mut wrong, piece(line, 1), &mut random), 4_000, 0, 0);
    let key = format!("refund:{}:asked:goodwill", wrong.id);
    promise(&mut wrong, 300, key, &mut random);
    let last = pay_back(&mut wrong, piece(line, 1), &mut random);
    assert_eq!((last.sending.minor, last.before.minor, last.total.minor), (500, 300, 4_200));
    assert_eq!(sum(&wrong, &[], 1), Err(LessTooMuch));
    assert_eq!(sum(&wrong, &[], -1), Err(LessTooMuch));
}

proptest! {
    #[test]
    fn pieces_in_any_order_come_to_what_was_paid(
        lines in prop::collection::vec((1u32..6, 0i64..100_000_000_000), 1..6),
        sending in 0i64..5_000,
        tax in prop::option::of(0u32..3_000),
        goodwill in 0i64..2_000,
        steps in prop::collection::vec((any::<usize>(), 1u32..4), 0..30),
        seed in any::<u64>(),
    ) {
        let mut random = Random::seeded(seed);
        let taxed: i64 = lines.iter().map(|(_, total)| total).sum::<i64>() + sending;
        let tax = tax.map(|points| Money::new(taxed, USD).share(points).expect("a tax").minor);
        let mut bought = order(&lines, sending, tax, &mut random);
        let total = bought.totals.total.minor;
        let goodwill = goodwill.min(total);
        if goodwill > 0 {
            let key = format!("refund:{}:asked:goodwill", bought.id);
            promise(&mut bought, goodwill, key, &mut random);
        }
        let rest = (0..lines.len()).map(|line| (line, u32::MAX));
        for (which, quantity) in steps.into_iter().chain(rest) {
            let line = bought.lines[which % lines.len()].clone();
            let quantity = quantity.min(bought.with_buyer(&line));
            if quantity > 0 {
                let sum = pay_back(&mut bought, vec![Piece { line: line.id, quantity }], &mut random);
                prop_assert!(sum.total.minor >= 0 && sum.before.minor <= goodwill);
                let rows: i64 = sum.rows.iter().map(|row| row.goods.minor + row.tax.minor).sum();
                prop_assert_eq!(sum.total.minor, rows + sum.sending.minor - sum.less.minor - sum.before.minor);
            }
            prop_assert!(Balance::of(&bought.ledger).refund_asked <= total, "more than was taken");
        }
        // Goods that cost nothing bring no sending back; then it stays paid.
        let free = lines.iter().all(|(_, total)| *total == 0);
        let kept = if free { sending + tax.unwrap_or(0) } else { 0 };
        let back = Balance::of(&bought.ledger).refund_asked;
        prop_assert_eq!(back.max(total - kept), back, "{} of {} came back", back, total);
        for line in &bought.lines {
            let rows = bought.changes.iter().filter_map(|change| crate::books::owed(&change.what));
            let own = rows.flat_map(|sum| &sum.rows).filter(|row| row.line == line.id);
            prop_assert_eq!(own.map(|row| row.goods.minor).sum::<i64>(), line.total.minor);
        }
    }
}
