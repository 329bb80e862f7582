//! What happens to an order after the sale, on the wire.

use kernel::OrderLineId;
use serde::{Deserialize, Serialize};
use shop::catalogue::Faults;
use shop::change::{Changed, Piece, Wish};
use shop::give_back::{Sum, SumRow};
use shop::order::Order;
use shop::returns::{Return, Step};
use utoipa::ToSchema;

use super::{MoneyBody, Reading};

/// Some pieces of a line.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinePiecesBody {
    line_id: String,
    /// At least 1.
    quantity: u32,
}

impl From<&Piece> for LinePiecesBody {
    fn from(piece: &Piece) -> Self {
        Self { line_id: piece.line.to_string(), quantity: piece.quantity }
    }
}

impl LinePiecesBody {
    /// The pieces, noting the place of what is none.
    pub(crate) fn read(all: &[Self], faults: &mut Faults) -> Vec<Piece> {
        let one = |(at, body): (usize, &Self)| {
            let line = faults.id::<OrderLineId>(&format!("pieces.{at}.line_id"), &body.line_id)?;
            Some(Piece { line, quantity: body.quantity })
        };
        all.iter().enumerate().filter_map(one).collect()
    }
}

/// What goes back for pieces of one line.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SumRowBody {
    line_id: String,
    quantity: u32,
    /// What was paid for them, with what offers took off.
    goods: MoneyBody,
    /// Their part of a tax that was added on top.
    tax: MoneyBody,
}

/// What goes back: rows and sending, less `less` and `before`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SumBody {
    rows: Vec<SumRowBody>,
    /// Goes back once the money for every piece has gone back.
    sending: MoneyBody,
    /// Kept by the shop: a piece came back worth less.
    less: MoneyBody,
    /// Went back earlier without pieces, so that no more is left.
    before: MoneyBody,
    total: MoneyBody,
}

impl From<&Sum> for SumBody {
    fn from(sum: &Sum) -> Self {
        let row = |row: &SumRow| SumRowBody {
            line_id: row.line.to_string(),
            quantity: row.quantity,
            goods: row.goods.into(),
            tax: row.tax.into(),
        };
        Self {
            rows: sum.rows.iter().map(row).collect(),
            sending: sum.sending.into(),
            less: sum.less.into(),
            before: sum.before.into(),
            total: sum.total.into(),
        }
    }
}

/// Money that went back for pieces without their coming back.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PaidBackBody {
    at: String,
    /// `missing`, `damaged`, `buyer_asked`, `goodwill`, `wrong_price`, `other` or `withdrawal`.
    reason: String,
    sum: SumBody,
}

impl PaidBackBody {
    pub(crate) fn all(order: &Order) -> Vec<Self> {
        let one = |change: &shop::change::Change| match &change.what {
            Changed::Refunded { why, sum, .. } => {
                Some(Self { at: change.at.to_string(), reason: why.as_str().into(), sum: sum.into() })
            }
            Changed::Withdrawn { sum: Some(sum), .. } => {
                Some(Self { at: change.at.to_string(), reason: "withdrawal".into(), sum: sum.into() })
            }
            _ => None,
        };
        order.changes.iter().filter_map(one).collect()
    }
}

/// Pieces that a buyer sends back.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReturnBody {
    id: String,
    asked_at: String,
    /// `does_not_fit`, `not_as_shown`, `damaged`, `wrong_piece`, `changed_mind` or `withdrawal`.
    reason: String,
    /// The variant that the buyer would like instead; null for the money.
    exchange_for: Option<String>,
    pieces: Vec<LinePiecesBody>,
    /// `requested`, `received`, `refused`, `refunded` or `replaced`.
    step: String,
    /// When it came to this step.
    at: String,
    /// `never_came`, `worn`, `not_ours`, `too_late` or `buyer_keeps`.
    refused_because: Option<String>,
    /// Whether the pieces are on sale again, once it is decided.
    restocked: Option<bool>,
    /// What went back for it.
    sum: Option<SumBody>,
    /// The line that is sent for it.
    replaced_by: Option<String>,
}

impl From<&Return> for ReturnBody {
    fn from(one: &Return) -> Self {
        let (at, refused, restocked, sum, with) = match &one.step {
            Step::Requested => (one.asked_at, None, None, None, None),
            Step::Received { at } => (*at, None, None, None, None),
            Step::Refused { at, why } => (*at, Some(*why), None, None, None),
            Step::Refunded { at, restocked, sum } => (*at, None, Some(*restocked), Some(sum), None),
            Step::Replaced { at, restocked, with } => (*at, None, Some(*restocked), None, Some(*with)),
        };
        let exchange_for = match one.wish {
            Wish::Refund => None,
            Wish::Exchange { variant } => Some(variant.to_string()),
        };
        Self {
            id: one.id.to_string(),
            asked_at: one.asked_at.to_string(),
            reason: one.why.as_str().into(),
            exchange_for,
            pieces: one.pieces.iter().map(Into::into).collect(),
            step: one.step.as_str().into(),
            at: at.to_string(),
            refused_because: refused.map(|why| why.as_str().into()),
            restocked,
            sum: sum.map(Into::into),
            replaced_by: with.map(|line| line.to_string()),
        }
    }
}

/// A change as the order's timeline names it; nothing for one that concerns the packing alone.
pub(crate) const fn happened(changed: &Changed) -> Option<&'static str> {
    match changed {
        Changed::Refunded { .. } => Some("pieces_refunded"),
        Changed::TakenElsewhere { .. } => None,
        Changed::ReturnAsked { .. } => Some("return_asked"),
        Changed::Withdrawn { .. } => Some("withdrawn"),
        Changed::ReturnReceived { .. } => Some("return_received"),
        Changed::ReturnRefused { .. } => Some("return_refused"),
        Changed::ReturnRefunded { .. } => Some("return_refunded"),
        Changed::ReturnReplaced { .. } => Some("return_replaced"),
    }
}
