//! What goes back for pieces, line by line.
//!
//! A piece goes back at what was paid for it: its line's total, which has the line's own reductions in it, and its part of a
//! tax that was added on top, shared out over lines and sending in proportion. Pieces of a line take its cents in turn, so
//! that together they come to the line, whatever the division leaves over. What was returned of a wrong price before is not
//! returned twice. Sending goes back once: with the refund after which the money for every piece that cost something has
//! gone back. Never more goes back than was taken.

use std::collections::BTreeMap;

use kernel::{Money, OrderLineId};
use serde::{Deserialize, Serialize};

use crate::books::repriced;
use crate::change::Piece;
use crate::order::{Order, OrderLine};
use crate::payment::Balance;
use crate::quote::spread;

/// Pieces of one line, and what goes back for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SumRow {
    pub line: OrderLineId,
    pub quantity: u32,
    pub goods: Money,
    /// Tax that was added on top; nothing where prices hold it.
    pub tax: Money,
}

/// `total = rows + sending − less − before`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    pub rows: Vec<SumRow>,
    /// With its added tax; nothing while the buyer keeps pieces.
    pub sending: Money,
    /// Kept by the shop: a piece came back worth less.
    pub less: Money,
    /// Went back earlier without pieces, so that no more is left.
    pub before: Money,
    pub total: Money,
}

/// `less` is negative, or more than the pieces come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LessTooMuch;

/// What goes back for these pieces of an order, on top of all that went back before.
pub fn sum(order: &Order, pieces: &[Piece], less_minor: i64) -> Result<Sum, LessTooMuch> {
    let money = |minor| Money::new(minor, order.totals.total.currency);
    let paid = Paid::of(order);
    let mut back = paid_back(order);
    let all_before = paid.all(&back);
    let mut rows = Vec::new();
    for piece in pieces {
        let Some(line) = order.line(piece.line) else { continue };
        let root = order.paid_by(line);
        let done = back.entry(root.id).or_default();
        let (from, to) = (*done, (*done + piece.quantity).min(root.quantity));
        let (goods, tax) = paid.lines.get(&root.id).copied().unwrap_or_default();
        let part = |minor| in_turn(minor, to, root.quantity) - in_turn(minor, from, root.quantity);
        *done = to;
        rows.push(SumRow {
            line: piece.line,
            quantity: piece.quantity,
            goods: money(part(goods)),
            tax: money(part(tax)),
        });
    }
    let sending = if paid.all(&back) && !all_before { paid.sending } else { 0 };
    let worth = rows.iter().map(|row| row.goods.minor + row.tax.minor).sum::<i64>() + sending;
    if !(0..=worth).contains(&less_minor) {
        return Err(LessTooMuch);
    }
    let balance = Balance::of(&order.ledger);
    let left = (balance.captured - balance.refund_asked).max(0);
    let before = (worth - less_minor - left).max(0);
    let total = money(worth - less_minor - before);
    Ok(Sum { rows, sending: money(sending), less: money(less_minor), before: money(before), total })
}

/// What the first `pieces` of a line's `all` come to of an amount.
fn in_turn(minor: i64, pieces: u32, all: u32) -> i64 {
    let part = i128::from(minor) * i128::from(pieces) / i128::from(all.max(1));
    i64::try_from(part).unwrap_or(minor)
}

/// For each line that was paid, the pieces whose money went back, those sent in exchange for its own among them.
fn paid_back(order: &Order) -> BTreeMap<OrderLineId, u32> {
    let mut found = BTreeMap::new();
    for (line, stand) in order.line_stands() {
        if let Some(line) = order.line(line) {
            *found.entry(order.paid_by(line).id).or_default() += stand.paid_back;
        }
    }
    found
}

/// What was paid for each line and for sending, in minor units: together, the order's total less what a wrong price gave back.
struct Paid {
    /// Goods and added tax of each line.
    lines: BTreeMap<OrderLineId, (i64, i64)>,
    quantities: BTreeMap<OrderLineId, u32>,
    /// With its added tax.
    sending: i64,
}

impl Paid {
    fn of(order: &Order) -> Self {
        let totals = &order.totals;
        let bought: Vec<&OrderLine> = order.lines.iter().filter(|line| line.replaces.is_none()).collect();
        let mut goods: Vec<i64> = bought.iter().map(|line| line.total.minor).collect();
        let mut worth = goods.clone();
        worth.push(totals.shipping.price.minor);
        let every: Vec<usize> = (0..worth.len()).collect();
        let added = totals.tax.filter(|_| !totals.tax_included).map_or(0, |tax| tax.minor);
        let mut taxes = vec![0; worth.len()];
        spread(&worth, &every, added).into_iter().for_each(|(at, minor)| taxes[at] = minor);
        let sending_tax = added - taxes[..bought.len()].iter().sum::<i64>();
        for variant in bought.iter().map(|line| line.variant).collect::<std::collections::BTreeSet<_>>() {
            let own: Vec<usize> = (0..bought.len()).filter(|at| bought[*at].variant == variant).collect();
            let off = spread(&goods, &own, repriced(order, variant));
            off.into_iter().for_each(|(at, minor)| goods[at] -= minor);
        }
        let each = || bought.iter().map(|line| line.id);
        Self {
            lines: each().zip(goods.into_iter().zip(taxes)).collect(),
            quantities: each().zip(bought.iter().map(|line| line.quantity)).collect(),
            sending: totals.shipping.price.minor + sending_tax,
        }
    }

    /// Whether the money for every piece that cost something went back.
    fn all(&self, back: &BTreeMap<OrderLineId, u32>) -> bool {
        let whole = |id: &OrderLineId| back.get(id).copied().unwrap_or(0) >= self.quantities[id];
        self.lines.iter().all(|(id, (goods, tax))| goods + tax == 0 || whole(id))
    }
}

#[cfg(test)]
pub(crate) mod tests;
