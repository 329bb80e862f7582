//! Letters about what happens to an order after the sale: each says what goes back, line by line.

use kernel::{EntryId, Language};
use shop::buyer::Buyer;
use shop::change::{Changed, Piece, RefusedBecause, Wish};
use shop::give_back::Sum;
use shop::order::Order;
use shop::returns::Return;

use super::Letter;
use super::orders::label;

/// The letter about one change, on a sheet that says who writes and where to look; nothing for one that the buyer does not
/// notice.
pub(super) fn letter(order: &Order, buyer: &Buyer, id: EntryId, sheet: Letter) -> Option<Letter> {
    let change = order.changes.iter().find(|change| change.id == id)?;
    let language = &buyer.language;
    let say = |english: String, chinese: String| if language.is_chinese() { chinese } else { english };
    let number = &order.number;
    let of = |id| order.returns().into_iter().find(|one| one.id == id);
    let (subject, paragraphs, rows) = match &change.what {
        Changed::TakenElsewhere { .. } => return None,
        Changed::Refunded { taken_off, sum, .. } => {
            let all = order.lines.iter().all(|line| order.left(line) == 0);
            let left_out = if taken_off.is_empty() {
                say("You keep what you have.".into(), "您已收到的商品可以保留。".into())
            } else if all {
                say("Nothing of your order is left to send.".into(), "订单中已没有待发的商品。".into())
            } else {
                say("The rest of your order comes as planned.".into(), "其余商品将照常发出。".into())
            };
            let subject = say(format!("Money back for order {number}"), format!("订单 {number} 退款通知"));
            (subject, vec![going_back(sum, language), left_out], sum_rows(order, sum, language))
        }
        Changed::ReturnAsked { pieces, wish, .. } => {
            let seller = pieces.first().and_then(|piece| order.line(piece.line)).map(|line| &line.seller);
            let place = seller.map(|seller| format!("{}, {}", seller.legal_name, seller.address.join(", ")));
            let wished = match wish {
                Wish::Refund => say(
                    "When the pieces are here and in order, we return what you paid for them.".into(),
                    "我们收到并确认商品完好后，将退还相应款项。".into(),
                ),
                Wish::Exchange { .. } => say(
                    "When the pieces are here and in order, we send the others.".into(),
                    "我们收到并确认商品完好后，将为您换货寄出。".into(),
                ),
            };
            let send = place.map(|place| {
                say(
                    format!("Send them to: {place}. Put a note with {number} into the parcel."),
                    format!("请寄至：{place}，并在包裹内附上订单号 {number}。"),
                )
            });
            let subject = say(format!("Your return for order {number}"), format!("订单 {number} 的退货申请"));
            let paragraphs = send.into_iter().chain([wished]).collect();
            (subject, paragraphs, piece_rows(order, pieces, language))
        }
        Changed::Withdrawn { taken_off, coming, sum, .. } => {
            let at = change.at.to_string();
            let (day, time) = (&at[..10], &at[11..19]);
            let mut paragraphs = vec![say(
                format!("Your withdrawal from the contract came in on {day} at {time} UTC. Keep this as your receipt."),
                format!("我们于 {day} {time}（UTC）收到您撤销合同的声明。请保留此回执。"),
            )];
            paragraphs.extend(sum.as_ref().map(|sum| going_back(sum, language)));
            let seller = coming.first().and_then(|piece| order.line(piece.line)).map(|line| &line.seller);
            paragraphs.extend(seller.map(|seller| {
                let place = format!("{}, {}", seller.legal_name, seller.address.join(", "));
                say(
                    format!("Send back what you have within 14 days to: {place}. When it is here, we return what you paid for it."),
                    format!("请在 14 天内将已收到的商品寄回：{place}。收到后我们将退还相应款项。"),
                )
            }));
            let mut rows = piece_rows(order, coming, language);
            match sum {
                Some(sum) => rows.extend(sum_rows(order, sum, language)),
                None => rows.extend(piece_rows(order, taken_off, language)),
            }
            (
                say(format!("We have your withdrawal for order {number}"), format!("已收到订单 {number} 的撤销声明")),
                paragraphs,
                rows,
            )
        }
        Changed::ReturnReceived { id } => {
            let subject = say(format!("Your return for order {number} is here"), format!("订单 {number} 的退货已收到"));
            let next = say(
                "We look at the pieces and write to you again.".into(),
                "我们正在检查商品，稍后会再通知您。".into(),
            );
            (subject, vec![next], piece_rows(order, &of(*id)?.pieces, language))
        }
        Changed::ReturnRefused { id, why } => {
            let subject =
                say(format!("We cannot take your return for order {number}"), format!("订单 {number} 的退货未获接受"));
            (subject, vec![because(*why, language)], piece_rows(order, &of(*id)?.pieces, language))
        }
        Changed::ReturnRefunded { sum, .. } => {
            let subject = say(format!("Money back for order {number}"), format!("订单 {number} 退款通知"));
            (subject, vec![going_back(sum, language)], sum_rows(order, sum, language))
        }
        Changed::ReturnReplaced { id, with, .. } => {
            let Return { pieces, .. } = of(*id)?;
            let with = order.line(*with)?;
            let subject = say(format!("Your exchange for order {number}"), format!("订单 {number} 的换货"));
            let next = say(
                format!(
                    "We pack {} for you, and write again when it is on its way.",
                    label(with, with.quantity, language)
                ),
                format!("我们正在为您准备 {}，发货后会再通知您。", label(with, with.quantity, language)),
            );
            (subject, vec![next], piece_rows(order, &pieces, language))
        }
    };
    let brief =
        say(format!("order {number}: {}", paragraphs.join(" ")), format!("订单 {number}：{}", paragraphs.join("")));
    Some(Letter { subject, paragraphs, rows, brief, ..sheet })
}

fn going_back(sum: &Sum, language: &Language) -> String {
    let total = sum.total;
    if language.is_chinese() {
        format!("{total} 将原路退回，可能需要几天时间。")
    } else {
        format!("We return {total} to the way you paid. That can take a few days.")
    }
}

fn because(why: RefusedBecause, language: &Language) -> String {
    let (english, chinese) = match why {
        RefusedBecause::NeverCame => ("The pieces have not come to us.", "我们未收到退回的商品。"),
        RefusedBecause::Worn => ("The pieces were worn. We send them back to you.", "商品有使用痕迹，我们将寄回给您。"),
        RefusedBecause::NotOurs => {
            ("What came is not what we sent. We send it back to you.", "退回的商品与我们寄出的不符，我们将寄回给您。")
        }
        RefusedBecause::TooLate => ("The time to send them back is over.", "退货期限已过。"),
        RefusedBecause::BuyerKeeps => ("You keep the pieces, as you told us.", "按您的要求，商品由您保留。"),
    };
    if language.is_chinese() { chinese.into() } else { english.into() }
}

/// "2 × Belt, Red", and what goes back for them; then what is added and taken off.
fn sum_rows(order: &Order, sum: &Sum, language: &Language) -> Vec<(String, String)> {
    let word = |english: &str, chinese: &str| if language.is_chinese() { chinese } else { english }.to_owned();
    let named = |row: &shop::give_back::SumRow| {
        let line = order.line(row.line)?;
        Some((label(line, row.quantity, language), row.goods.to_string()))
    };
    let mut rows: Vec<(String, String)> = sum.rows.iter().filter_map(named).collect();
    let tax = kernel::Money::new(sum.rows.iter().map(|row| row.tax.minor).sum(), sum.total.currency);
    let further = [
        (word("Tax", "税费"), tax, false),
        (word("Sending", "运费"), sum.sending, false),
        (word("For wear and damage", "折损扣除"), sum.less, true),
        (word("Returned before", "此前已退"), sum.before, true),
    ];
    for (label, money, off) in further.into_iter().filter(|(_, money, _)| money.minor != 0) {
        rows.push((label, if off { format!("-{money}") } else { money.to_string() }));
    }
    rows.push((word("Comes back", "退款合计"), sum.total.to_string()));
    rows
}

fn piece_rows(order: &Order, pieces: &[Piece], language: &Language) -> Vec<(String, String)> {
    let named = |piece: &Piece| {
        let line = order.line(piece.line)?;
        Some((label(line, piece.quantity, language), line.sku.clone()))
    };
    pieces.iter().filter_map(named).collect()
}
