//! What an order's changes come to: what is left of each line, and how each return stands.

use std::collections::BTreeMap;

use kernel::{OrderLineId, ReturnId, Timestamp};

use crate::change::{Changed, Piece, RefusedBecause, ReturnReason, Wish};
use crate::give_back::Sum;
use crate::order::{Order, OrderLine};

/// What became of a line's pieces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stand {
    /// Left the order before they were sent.
    pub taken_off: u32,
    /// Were sent and are done with: the money went back, or another piece was sent for them.
    pub settled: u32,
    /// Those whose money went back, sent or not.
    pub paid_back: u32,
    /// In a return that is not decided.
    pub coming: u32,
}

/// How far a return has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Requested,
    Received { at: Timestamp },
    Refused { at: Timestamp, why: RefusedBecause },
    Refunded { at: Timestamp, restocked: bool, sum: Sum },
    Replaced { at: Timestamp, restocked: bool, with: OrderLineId },
}

impl Step {
    pub const WORDS: [&str; 5] = ["requested", "received", "refused", "refunded", "replaced"];

    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Received { .. } => "received",
            Self::Refused { .. } => "refused",
            Self::Refunded { .. } => "refunded",
            Self::Replaced { .. } => "replaced",
        }
    }

    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Requested | Self::Received { .. })
    }
}

/// Pieces that come back together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Return {
    pub id: ReturnId,
    pub asked_at: Timestamp,
    pub pieces: Vec<Piece>,
    pub why: ReturnReason,
    pub wish: Wish,
    pub step: Step,
}

impl Order {
    /// How often it was changed after the sale: whoever changes it next names this.
    #[must_use]
    pub fn version(&self) -> u32 {
        u32::try_from(self.changes.len()).unwrap_or(u32::MAX)
    }

    #[must_use]
    pub fn line(&self, id: OrderLineId) -> Option<&OrderLine> {
        self.lines.iter().find(|line| line.id == id)
    }

    /// What became of each line's pieces; a line to whose pieces nothing happened is left out.
    #[must_use]
    pub fn line_stands(&self) -> BTreeMap<OrderLineId, Stand> {
        let mut found: BTreeMap<OrderLineId, Stand> = BTreeMap::new();
        for change in &self.changes {
            let (taken_off, kept) = match &change.what {
                Changed::Refunded { taken_off, kept, .. } => (taken_off.as_slice(), kept.as_slice()),
                Changed::Withdrawn { taken_off, .. } => (taken_off.as_slice(), &[][..]),
                _ => continue,
            };
            for piece in taken_off {
                let stand = found.entry(piece.line).or_default();
                stand.taken_off += piece.quantity;
                stand.paid_back += piece.quantity;
            }
            for piece in kept {
                let stand = found.entry(piece.line).or_default();
                stand.settled += piece.quantity;
                stand.paid_back += piece.quantity;
            }
        }
        for one in self.returns() {
            for piece in &one.pieces {
                let stand = found.entry(piece.line).or_default();
                match one.step {
                    Step::Requested | Step::Received { .. } => stand.coming += piece.quantity,
                    Step::Refused { .. } => {}
                    Step::Refunded { .. } => {
                        stand.settled += piece.quantity;
                        stand.paid_back += piece.quantity;
                    }
                    Step::Replaced { .. } => stand.settled += piece.quantity,
                }
            }
        }
        found
    }

    /// The pieces of a line that were sent or shall be.
    #[must_use]
    pub fn left(&self, line: &OrderLine) -> u32 {
        let taken_off = |stand: &Stand| stand.taken_off;
        if self.changes.is_empty() {
            return line.quantity;
        }
        line.quantity.saturating_sub(self.line_stands().get(&line.id).map_or(0, taken_off))
    }

    /// The pieces of a line that the buyer has, and about which nothing is under way: those may come back.
    #[must_use]
    pub fn with_buyer(&self, line: &OrderLine) -> u32 {
        let stand = self.line_stands().get(&line.id).copied().unwrap_or_default();
        let gone = stand.taken_off + stand.settled + stand.coming;
        if line.parcel.is_some() { line.quantity.saturating_sub(gone) } else { 0 }
    }

    /// The line that paid for this one's pieces: itself, unless it was sent in exchange.
    #[must_use]
    pub fn paid_by<'a>(&'a self, line: &'a OrderLine) -> &'a OrderLine {
        line.replaces.and_then(|root| self.line(root)).unwrap_or(line)
    }

    /// Every return, oldest first.
    #[must_use]
    pub fn returns(&self) -> Vec<Return> {
        let mut found: Vec<Return> = Vec::new();
        for change in &self.changes {
            let at = change.at;
            let (id, step) = match &change.what {
                Changed::Refunded { .. } | Changed::TakenElsewhere { .. } => continue,
                Changed::ReturnAsked { id, pieces, why, wish } => {
                    let (pieces, why, wish) = (pieces.clone(), *why, *wish);
                    found.push(Return { id: *id, asked_at: at, pieces, why, wish, step: Step::Requested });
                    continue;
                }
                Changed::Withdrawn { id, coming, .. } => {
                    if !coming.is_empty() {
                        let (pieces, why, wish) = (coming.clone(), ReturnReason::Withdrawal, Wish::Refund);
                        found.push(Return { id: *id, asked_at: at, pieces, why, wish, step: Step::Requested });
                    }
                    continue;
                }
                Changed::ReturnReceived { id } => (id, Step::Received { at }),
                Changed::ReturnRefused { id, why } => (id, Step::Refused { at, why: *why }),
                Changed::ReturnRefunded { id, restocked, sum } => {
                    (id, Step::Refunded { at, restocked: *restocked, sum: sum.clone() })
                }
                Changed::ReturnReplaced { id, restocked, with } => {
                    (id, Step::Replaced { at, restocked: *restocked, with: *with })
                }
            };
            if let Some(known) = found.iter_mut().find(|known| known.id == *id) {
                known.step = step;
            }
        }
        found
    }
}
