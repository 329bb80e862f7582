//! What happens to orders after the sale: pieces are missing, paid back, come back and are exchanged.

use app::ports::{Clock, till};
use kernel::{Currency, Money, OrderLineId};
use shop::books::{Asked, ChangeOrder, OrderChanged, RefundReason, What};
use shop::change::{Changed, Piece, ReturnReason, Wish};
use shop::order::{Order, OrderLine};
use shop::returns::Step;

use crate::till::Town;

impl Town {
    /// Something of an order after the sale, asked twice, as often as not something that cannot be.
    pub(crate) async fn change(&mut self) {
        let Some(id) = self.any_order() else { return };
        let order = self.order(id);
        let line =
            order.lines[usize::try_from(self.random.below(order.lines.len() as u64)).unwrap_or_default()].clone();
        let quantity = u32::try_from(self.random.below(2) + 1).unwrap_or(1);
        let piece = Piece { line: line.id, quantity };
        let open = order.returns().into_iter().find(|one| one.step.is_open()).map(|one| (one.id, one.pieces));
        let restock = self.random.below(2) == 0;
        let what = match (self.random.below(5), open) {
            (0, _) => Asked::TakeElsewhere { pieces: piece },
            (1, _) => {
                let why = if restock { RefundReason::BuyerAsked } else { RefundReason::Missing };
                Asked::Refund { pieces: vec![piece], why }
            }
            (2, Some((id, _))) => Asked::Receive { id },
            (3, Some((id, _))) => Asked::PayBack { id, less_minor: 100, restock },
            (4, Some((id, pieces))) => {
                let nothing = Money::zero(Currency::USD);
                let quantity = pieces.first().map_or(1, |piece| piece.quantity);
                let new = OrderLineId::mint(self.clock.now(), &mut self.random);
                let with = OrderLine { id: new, quantity, unit: nothing, total: nothing, ..line };
                let with = OrderLine { reductions: vec![], claim: None, parcel: None, ..with };
                Asked::Replace { id, with: Box::new(with), restock }
            }
            _ => Asked::Return { pieces: vec![piece], why: ReturnReason::ChangedMind, wish: Wish::Refund },
        };
        for _ in 0..2 {
            let change = ChangeOrder { order: id, version: order.version(), by: None, what: what.clone() };
            let command = self.desk.command(What::Change(Box::new(change)));
            let done = till::change(&*self.store, command).await.expect("the till answers");
            self.tally.changed += u32::from(matches!(done, OrderChanged::Order(_)));
        }
        self.complete(id).await;
    }
}

/// The pieces that an order's changes say were not there, less those that came back and can be sold again.
pub(crate) fn gone(order: &Order) -> Vec<(OrderLineId, i64)> {
    let mut found = Vec::new();
    for change in &order.changes {
        match &change.what {
            Changed::Refunded { taken_off, why, .. } if why.loses_pieces() => {
                found.extend(taken_off.iter().map(|piece| (piece.line, i64::from(piece.quantity))));
            }
            Changed::TakenElsewhere { pieces } => found.push((pieces.line, i64::from(pieces.quantity))),
            _ => {}
        }
    }
    for one in order.returns() {
        let restocked =
            matches!(one.step, Step::Refunded { restocked: true, .. } | Step::Replaced { restocked: true, .. });
        found.extend(one.pieces.iter().filter(|_| restocked).map(|piece| (piece.line, -i64::from(piece.quantity))));
    }
    found
}
