//! Orders at a price that was wrong for a while: found, then honoured, made good or cancelled, with one message to all.

use kernel::{Language, Money, OrderId, Texts, Timestamp, VariantId};
use shop::books::{RefundReason, Refunded, What, price_key, repriced};
use shop::buyer::Buyer;
use shop::order::{CancelReason, Order, OrderLine};
use shop::price::{current, held_between};

use super::office::{cancel, find};
use super::order_key;
use super::orders::staff_may;
use crate::access::{Act, require_somewhere};
use crate::audit::{Deed, Entry, note};
use crate::messages::{self, Letter, Reach};
use crate::ports::{About, till};
use crate::{Actor, App, Code, Problem, house};

/// Orders that are looked at, and corrected, at once; the newest.
pub const ORDERS: usize = 500;
/// Longest message to all, in characters.
const MESSAGE_CHARS: usize = 1_000;

/// An order that stands, with pieces of the variant at another price than today's.
#[derive(Clone, Debug)]
pub struct Mispriced {
    pub order: Order,
    pub buyer: String,
    /// Pieces of the variant.
    pub quantity: u32,
    /// What the buyer paid for one of them, with what offers took off.
    pub unit: Money,
    /// What it costs today; none where it is not sold in that currency any more.
    pub right: Option<Money>,
    /// What all of them cost too much; negative where too little was paid.
    pub over: Money,
    /// What was promised back already.
    pub refunded: Money,
}

/// How orders are put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The price that the buyer saw stands.
    Honour,
    /// What was paid too much goes back.
    Refund,
    Cancel,
}

#[derive(Clone, Debug)]
pub struct Correction {
    pub variant: VariantId,
    pub orders: Vec<OrderId>,
    pub how: How,
    /// To every buyer, in their language where it is written in it; a plain sentence without.
    pub message: Texts,
}

/// Orders that bought the variant at a price that held at some time between, and is not today's; newest first.
pub async fn list(
    app: &App,
    actor: &Actor,
    variant: VariantId,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Mispriced>, Problem> {
    require_somewhere(actor, Act::SeeOrders)?;
    let prices = app.ports.catalogue.price_lists(&[variant]).await?.remove(&variant).unwrap_or_default();
    let versions = held_between(from, until, &prices);
    let limit = u32::try_from(ORDERS).unwrap_or(u32::MAX);
    let mut found = Vec::new();
    let orders = app.till.orders().at_prices(variant, &versions, limit).await?;
    for (order, buyer) in app.till.orders().with_buyers(orders).await? {
        if !staff_may(actor, Act::SeeOrders, &order) || order.rehearsal || !order.state.stands() {
            continue;
        }
        let buyer = buyer.map(|buyer| buyer.contact.name).unwrap_or_default();
        found.extend(mispriced(app.now(), order, buyer, variant, &prices));
    }
    Ok(found)
}

fn mispriced(
    now: Timestamp,
    order: Order,
    buyer: String,
    variant: VariantId,
    prices: &[shop::price::PriceVersion],
) -> Option<Mispriced> {
    let currency = order.totals.total.currency;
    let right = current(now, currency, prices).and_then(shop::price::PriceVersion::unit);
    let own: Vec<_> = order.lines.iter().filter(|line| line.variant == variant && line.replaces.is_none()).collect();
    let each = |line: &&OrderLine| line.total.minor / i64::from(line.quantity.max(1));
    let unit = Money::new(own.iter().map(each).max()?, currency);
    let stands = order.line_stands();
    let kept = |line: &OrderLine| line.quantity - stands.get(&line.id).map_or(0, |stand| stand.paid_back);
    let over: i64 = own.iter().map(|line| over_for(line, kept(line), right_total(line, right, prices))).sum();
    let quantity = own.iter().map(|line| kept(line)).sum();
    let refunded = Money::new(repriced(&order, variant), currency);
    (over != 0).then_some(Mispriced { order, buyer, quantity, unit, right, over: Money::new(over, currency), refunded })
}

/// What so many pieces of a line, whose money did not go back, cost too much.
fn over_for(line: &OrderLine, pieces: u32, right_minor: i64) -> i64 {
    let over = i128::from(line.total.minor - right_minor) * i128::from(pieces) / i128::from(line.quantity.max(1));
    i64::try_from(over).unwrap_or(i64::MAX)
}

/// What a line would have come to at the right price. What offers took off is taken off in the same part. A line that was
/// promised less than the list said, in a drop or for a claim, keeps that where it is lower.
fn right_total(line: &OrderLine, right: Option<Money>, prices: &[shop::price::PriceVersion]) -> i64 {
    let Some(right) = right else { return line.total.minor };
    let listed = prices.iter().find(|version| version.id == line.price).and_then(shop::price::PriceVersion::unit);
    let promised = listed.is_some_and(|listed| line.unit.minor < listed.minor);
    let unit = if promised { right.minor.min(line.unit.minor) } else { right.minor };
    let quantity = i128::from(line.quantity);
    match i128::from(line.unit.minor) * quantity {
        0 => line.total.minor,
        gross => i64::try_from(i128::from(unit) * quantity * i128::from(line.total.minor) / gross).unwrap_or(i64::MAX),
    }
}

/// Puts each of the orders right, and writes to its buyer. One that cannot be is named with its problem; the others go on.
/// Done again, nothing is given back twice.
pub async fn correct(
    app: &App,
    actor: &Actor,
    correction: &Correction,
) -> Result<Vec<(OrderId, Result<(), Problem>)>, Problem> {
    require_somewhere(actor, Act::Refund)?;
    if correction.orders.is_empty() {
        return Err(Problem::field("orders", "missing"));
    }
    if correction.orders.len() > ORDERS {
        return Err(Problem::field("orders", "too_many"));
    }
    if correction.message.0.values().any(|text| text.chars().count() > MESSAGE_CHARS) {
        return Err(Problem::field("message", "too_long"));
    }
    let prices = app.ports.catalogue.price_lists(&[correction.variant]).await?.remove(&correction.variant);
    let prices = prices.unwrap_or_default();
    let house = house::get(app).await?.name;
    let mut done = Vec::with_capacity(correction.orders.len());
    for id in &correction.orders {
        done.push((*id, one(app, actor, correction, *id, &prices, &house).await));
    }
    Ok(done)
}

async fn one(
    app: &App,
    actor: &Actor,
    correction: &Correction,
    id: OrderId,
    prices: &[shop::price::PriceVersion],
    house: &str,
) -> Result<(), Problem> {
    let order = find(app, actor, id, Act::Refund).await?;
    if !order.lines.iter().any(|line| line.variant == correction.variant) {
        return Err(Code::NotFound.into());
    }
    let number = order.number.clone();
    let back = match correction.how {
        How::Honour => None,
        How::Refund => Some(refund(app, order, correction.variant, prices).await?),
        How::Cancel => {
            cancel(app, actor, id, CancelReason::WrongPrice).await?;
            None
        }
    };
    let how = match correction.how {
        How::Honour => "honoured",
        How::Refund => "refunded",
        How::Cancel => "cancelled",
    };
    note(app, actor, Entry::new(Deed::PriceCorrected, &number).detail(how)).await;
    if let Some(buyer) = app.till.orders().buyer(id).await?
        && let Some(reach) = Reach::of(buyer.contact.email.as_deref(), buyer.contact.phone.as_deref())
    {
        let page = format!("{}/orders/{id}?key={}", app.messages.public_url, order_key::derive(&app.master_key, id));
        let letter = letter(house, &number, &buyer, correction, back, page);
        messages::queue(app, About::Order, reach, &letter, messages::orders::USEFUL).await?;
    }
    Ok(())
}

/// Promises back what was paid too much, once for each right price, and asks the provider for it.
async fn refund(
    app: &App,
    order: Order,
    variant: VariantId,
    prices: &[shop::price::PriceVersion],
) -> Result<Money, Problem> {
    let desk = &app.till.desk;
    let (id, currency) = (order.id, order.totals.total.currency);
    let over = mispriced(app.now(), order, String::new(), variant, prices);
    let (over, back) = over.map_or((0, 0), |found| (found.over.minor, found.refunded.minor));
    let minor = over - back;
    if minor <= 0 {
        return Err(Code::NothingToRefund.into());
    }
    // Two who correct at once make one refund.
    let key = price_key(variant, over);
    let what = What::Refund { order: id, minor, reason: RefundReason::WrongPrice, key };
    match till::refund(&*desk.till, desk.command(what)).await? {
        Refunded::Order(_) => {
            desk.complete(id).await?;
            Ok(Money::new(minor, currency))
        }
        Refunded::NotPaid => Err(Code::NotPaid.into()),
        Refunded::TooMuch { .. } | Refunded::KeyReused => Err(Code::NothingToRefund.into()),
        Refunded::Unknown => Err(Code::NotFound.into()),
    }
}

fn letter(
    house: &str,
    number: &str,
    buyer: &Buyer,
    correction: &Correction,
    back: Option<Money>,
    page: String,
) -> Letter {
    let chinese = buyer.language.is_chinese();
    let say = |english: String, in_chinese: String| if chinese { in_chinese } else { english };
    let written = correction.message.pick(&[buyer.language.clone(), Language::english()]).map(|text| text.text);
    let first = written.filter(|text| !text.trim().is_empty()).unwrap_or_else(|| {
        say(
            "For a while we showed a wrong price. We are sorry, and put it right.".into(),
            "我们曾显示错误的价格，非常抱歉，现予更正。".into(),
        )
    });
    let then = match (correction.how, back) {
        (How::Refund, Some(back)) => say(
            format!("We return {back} to the way you paid. That can take a few days."),
            format!("{back} 将原路退回，可能需要几天时间。"),
        ),
        (How::Cancel, _) => {
            say("Your order is cancelled; what you paid comes back.".into(), "您的订单已取消，已付款项将退回。".into())
        }
        (How::Honour | How::Refund, _) => say("The price that you saw stands.".into(), "您看到的价格依然有效。".into()),
    };
    Letter {
        from: house.to_owned(),
        subject: say(format!("About the price of order {number}"), format!("关于订单 {number} 的价格")),
        brief: say(format!("order {number}: {first} {then}"), format!("订单 {number}：{first}{then}")),
        paragraphs: vec![first, then],
        links: vec![(say("See your order".into(), "查看订单".into()), page)],
        ..Letter::default()
    }
}
