//! What happens to an order's pieces after the sale. An order is never edited in place: a change is appended to it under
//! its next version, and whoever asks for one names the version that they saw.

use kernel::{EntryId, OrderLineId, PersonId, ReturnId, Timestamp, VariantId};
use serde::{Deserialize, Serialize};

use crate::books::RefundReason;
use crate::give_back::Sum;

/// Some pieces of a line, at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    pub line: OrderLineId,
    pub quantity: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub id: EntryId,
    pub at: Timestamp,
    /// Who of the staff did it; `None` where the buyer did.
    pub by: Option<PersonId>,
    pub what: Changed,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Changed {
    /// Money for pieces goes back, and none comes back for it.
    Refunded {
        /// Left the order before they were sent.
        taken_off: Vec<Piece>,
        /// Were sent, and stay with the buyer.
        kept: Vec<Piece>,
        why: RefundReason,
        sum: Sum,
    },
    /// Pieces that did not lie where they should were taken from elsewhere.
    TakenElsewhere {
        pieces: Piece,
    },
    ReturnAsked {
        id: ReturnId,
        pieces: Vec<Piece>,
        why: ReturnReason,
        wish: Wish,
    },
    /// The buyer withdrew from the contract: what was not sent leaves the order, what was sent comes back.
    Withdrawn {
        /// Of the return of `coming`.
        id: ReturnId,
        taken_off: Vec<Piece>,
        coming: Vec<Piece>,
        /// For `taken_off`; what is sent back is paid back when it is here.
        sum: Option<Sum>,
    },
    ReturnReceived {
        id: ReturnId,
    },
    /// Not taken: the buyer keeps the pieces, or gets them again.
    ReturnRefused {
        id: ReturnId,
        why: RefusedBecause,
    },
    ReturnRefunded {
        id: ReturnId,
        /// Whether the pieces can be sold again.
        restocked: bool,
        sum: Sum,
    },
    ReturnReplaced {
        id: ReturnId,
        restocked: bool,
        /// The line that is sent for it.
        with: OrderLineId,
    },
}

/// What the buyer would like for what comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Wish {
    Refund,
    /// Another size or colour of the same product, at the price that was paid.
    Exchange {
        variant: VariantId,
    },
}

/// Declares an enum of plain words with its list, its text and its parser.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$note:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$note])* $variant,)* }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == text)
            }
        }
    };
}

words! {
    /// Why pieces come back.
    ReturnReason {
        DoesNotFit = "does_not_fit",
        NotAsShown = "not_as_shown",
        Damaged = "damaged",
        WrongPiece = "wrong_piece",
        ChangedMind = "changed_mind",
        /// The buyer withdrew from the contract, which needs no reason.
        Withdrawal = "withdrawal",
    }
}

words! {
    /// Why a return is not taken.
    RefusedBecause {
        NeverCame = "never_came",
        Worn = "worn",
        NotOurs = "not_ours",
        TooLate = "too_late",
        /// The buyer keeps the pieces after all.
        BuyerKeeps = "buyer_keeps",
    }
}
