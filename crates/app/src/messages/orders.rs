//! Letters about an order, in the language that the buyer chose at checkout.

use kernel::{EntryId, Language, Millis, Money, OrderId, Texts};
use shop::books::TillEvent;
use shop::buyer::Buyer;
use shop::order::{CancelReason, Order, OrderLine};
use shop::parcel::Parcel;
use shop::payment::Balance;

use super::{Letter, Reach, changes, message};
use crate::App;
use crate::ports::{About, Message};
use crate::till::order_key;

/// News of an order is worth telling for so long.
pub const USEFUL: Millis = Millis::from_days(3);

/// An order that an event tells of, and who bought it.
pub(crate) type Told = (Order, Option<Buyer>);

/// The letter that an order's event calls for; nothing for what concerns no buyer, and for who was erased.
pub(crate) fn write(app: &App, house: &str, id: EntryId, event: &TillEvent, told: &Told) -> Option<Message> {
    let news = match event {
        TillEvent::OrderPaid { .. } => News::Paid,
        TillEvent::OrderCancelled { reason, .. } => News::Cancelled(*reason),
        TillEvent::MoneyReturned { .. } => News::MoneyReturned,
        TillEvent::ParcelSent { parcel, .. } => News::Sent(*parcel),
        TillEvent::OrderChanged { change, .. } => News::Changed(*change),
        TillEvent::Sold { .. }
        | TillEvent::StockMoved { .. }
        | TillEvent::RefundPromised { .. }
        | TillEvent::DropMoved { .. }
        | TillEvent::ClaimMade { .. }
        | TillEvent::Offered { .. }
        | TillEvent::ClaimMoved { .. }
        | TillEvent::ClaimEnded { .. } => return None,
    };
    let (order, Some(buyer)) = told else { return None };
    if order.rehearsal {
        return None;
    }
    let contact = &buyer.contact;
    let reach = Reach::of(contact.email.as_deref(), contact.phone.as_deref())?;
    let key = order_key::derive(&app.master_key, order.id);
    let page = format!("{}/orders/{}?key={key}", app.messages.public_url, order.id);
    let letter = letter(house, order, buyer, news, page)?;
    Some(message(id, About::Order, reach, &letter))
}

/// The order whose buyer an event concerns.
pub(crate) const fn told_of(event: &TillEvent) -> Option<OrderId> {
    match event {
        TillEvent::OrderPaid { order }
        | TillEvent::OrderCancelled { order, .. }
        | TillEvent::MoneyReturned { order }
        | TillEvent::OrderChanged { order, .. }
        | TillEvent::ParcelSent { order, .. } => Some(*order),
        TillEvent::Sold { .. }
        | TillEvent::StockMoved { .. }
        | TillEvent::RefundPromised { .. }
        | TillEvent::DropMoved { .. }
        | TillEvent::ClaimMade { .. }
        | TillEvent::Offered { .. }
        | TillEvent::ClaimMoved { .. }
        | TillEvent::ClaimEnded { .. } => None,
    }
}

#[derive(Clone, Copy, Debug)]
enum News {
    Paid,
    Sent(kernel::ParcelId),
    Changed(EntryId),
    Cancelled(CancelReason),
    MoneyReturned,
}

fn letter(house: &str, order: &Order, buyer: &Buyer, news: News, page: String) -> Option<Letter> {
    let language = &buyer.language;
    let chinese = language.is_chinese();
    let say = |english: String, in_chinese: String| if chinese { in_chinese } else { english };
    let (number, name) = (&order.number, &buyer.contact.name);
    let money = |minor| Money::new(minor, order.totals.total.currency);
    let see = (say("See your order".into(), "查看订单".into()), page);
    let letter = Letter { from: house.to_owned(), links: vec![see], ..Letter::default() };
    let letter = match news {
        News::Changed(change) => return changes::letter(order, buyer, change, letter),
        News::Paid => Letter {
            subject: say(format!("Order {number} is paid"), format!("订单 {number} 已付款")),
            paragraphs: vec![
                say(format!("Thank you, {name}."), format!("{name}，感谢您的购买。")),
                say(
                    "We have your payment and are packing your order. We write again when it is on its way.".into(),
                    "我们已收到您的付款，正在备货。发货后会再通知您。".into(),
                ),
            ],
            rows: bill(order, language, chinese),
            brief: say(format!("order {number} is paid. Thank you!"), format!("订单 {number} 已付款，谢谢！")),
            ..letter
        },
        News::Sent(id) => {
            let Some(parcel) = order.parcels.iter().find(|parcel| parcel.id == id) else { return Some(letter) };
            let Parcel { carrier, tracking_number, tracking_url, .. } = parcel;
            let inside = order.lines.iter().filter(|line| line.parcel == Some(id));
            let mut links = letter.links;
            let follow = say("Follow the parcel".into(), "查询物流".into());
            links.extend(tracking_url.clone().map(|url| (follow, url)));
            Letter {
                subject: say(format!("Order {number} is on its way"), format!("订单 {number} 已发货")),
                paragraphs: vec![say(
                    format!("{carrier} has your parcel. Its number is {tracking_number}."),
                    format!("包裹已交给 {carrier}，运单号：{tracking_number}。"),
                )],
                rows: inside.map(|line| row(line, language)).collect(),
                links,
                brief: say(
                    format!("order {number} is on its way with {carrier}, {tracking_number}."),
                    format!("订单 {number} 已由 {carrier} 发出，运单号 {tracking_number}。"),
                ),
                ..letter
            }
        }
        News::Cancelled(reason) => {
            let balance = Balance::of(&order.ledger);
            let back = if balance.refund_asked > 0 {
                let amount = money(balance.refund_asked);
                say(
                    format!("We return {amount} to the way you paid. That can take a few days."),
                    format!("{amount} 将原路退回，可能需要几天时间。"),
                )
            } else {
                say("Nothing was charged.".into(), "没有扣款。".into())
            };
            // Who learns it after having paid is told why, however short the message.
            let told = match reason {
                CancelReason::OverLimit => format!("{} ", because(reason, chinese)),
                _ => String::new(),
            };
            Letter {
                subject: say(format!("Order {number} is cancelled"), format!("订单 {number} 已取消")),
                paragraphs: vec![because(reason, chinese).to_owned(), back.clone()],
                brief: say(
                    format!("order {number} is cancelled. {told}{back}"),
                    format!("订单 {number} 已取消。{told}{back}"),
                ),
                ..letter
            }
        }
        News::MoneyReturned => {
            let amount = money(Balance::of(&order.ledger).refund_asked);
            let over = order.cancelled_because.filter(|reason| *reason == CancelReason::OverLimit);
            let late = say(
                format!("Your payment for order {number} came after we could hold the pieces, and they are gone."),
                format!("订单 {number} 的付款到达时已超过保留时间，商品已售出。"),
            );
            let why = over.map_or(late, |reason| because(reason, chinese).to_owned());
            let back = say(format!("We return {amount} in full."), format!("{amount} 将全额退回。"));
            Letter {
                subject: say(
                    format!("Your money for order {number} comes back"),
                    format!("订单 {number} 的款项将退回"),
                ),
                paragraphs: vec![why.clone(), back.clone()],
                brief: if over.is_some() {
                    format!("{number}: {why} {back}")
                } else {
                    say(format!("order {number} came too late. {back}"), format!("订单 {number} 已超时。{back}"))
                },
                ..letter
            }
        }
    };
    Some(letter)
}

fn because(reason: CancelReason, chinese: bool) -> &'static str {
    match (reason, chinese) {
        (CancelReason::BuyerAsked, false) => "We cancelled your order, as you asked.",
        (CancelReason::BuyerAsked, true) => "已按您的要求取消订单。",
        (CancelReason::OutOfStock, false) => "We are sorry: we do not have the piece after all.",
        (CancelReason::OutOfStock, true) => "非常抱歉，商品已无库存。",
        (CancelReason::WrongPrice, false) => "We are sorry: the price that we showed was wrong.",
        (CancelReason::WrongPrice, true) => "非常抱歉，之前显示的价格有误。",
        (CancelReason::SoldInShop, false) => "We are sorry: somebody bought the piece in our shop a moment before.",
        (CancelReason::SoldInShop, true) => "非常抱歉，该商品刚刚在门店售出。",
        (CancelReason::OverLimit, false) => {
            "You paid with a card that has bought as many of this as one buyer may. So we could not sell you more."
        }
        (CancelReason::OverLimit, true) => "您付款所用的卡已达到该商品的每人限购数量，因此无法成交。",
        (CancelReason::Declined, false) => "The bank declined the payment. What you held is on your tab again.",
        (CancelReason::Declined, true) => "银行拒绝了付款。您保留的商品仍在清单中。",
        (CancelReason::Suspicious | CancelReason::Other, false) => {
            "We cancelled your order. Write to us if you wonder why."
        }
        (CancelReason::Suspicious | CancelReason::Other, true) => "订单已取消。如有疑问，请联系我们。",
    }
}

pub(super) fn picked(texts: &Texts, language: &Language) -> String {
    texts.pick(&[language.clone(), Language::english()]).map(|text| text.text).unwrap_or_default()
}

/// "2 × Belt, Red".
pub(super) fn label(line: &OrderLine, quantity: u32, language: &Language) -> String {
    let mut label = format!("{quantity} × {}", picked(&line.title, language));
    for value in &line.values {
        label.push_str(", ");
        label.push_str(&picked(value, language));
    }
    label
}

/// "2 × Belt, Red", and what it costs.
fn row(line: &OrderLine, language: &Language) -> (String, String) {
    (label(line, line.quantity, language), line.total.to_string())
}

fn bill(order: &Order, language: &Language, chinese: bool) -> Vec<(String, String)> {
    let totals = &order.totals;
    let label = |english: &str, in_chinese: &str| if chinese { in_chinese } else { english }.to_owned();
    let mut rows: Vec<(String, String)> = order.lines.iter().map(|line| row(line, language)).collect();
    rows.push((label("Sending", "运费"), totals.shipping.price.to_string()));
    rows.extend(totals.tax.filter(|_| !totals.tax_included).map(|tax| (label("Tax", "税费"), tax.to_string())));
    rows.push((label("Total", "合计"), totals.total.to_string()));
    rows
}
