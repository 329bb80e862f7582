//! A dispute: the buyer's bank takes money back, or asks about it, past the shop. It is told apart from the ledger, which
//! says what shop and buyer agreed on.

use kernel::{Money, PaymentId, Timestamp};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DisputeState {
    /// The shop has to answer.
    NeedsAnswer,
    /// The bank thinks it over.
    UnderReview,
    /// The money stays with the shop.
    Won,
    /// The money is the buyer's.
    Lost,
    /// The bank only asked, and is content.
    Closed,
}

impl DisputeState {
    pub const ALL: [Self; 5] = [Self::NeedsAnswer, Self::UnderReview, Self::Won, Self::Lost, Self::Closed];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NeedsAnswer => "needs_answer",
            Self::UnderReview => "under_review",
            Self::Won => "won",
            Self::Lost => "lost",
            Self::Closed => "closed",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether nothing comes after it.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Won | Self::Lost | Self::Closed)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispute {
    pub payment: PaymentId,
    /// The provider's name for it.
    pub reference: String,
    pub amount: Money,
    pub state: DisputeState,
    /// Why, in the bank's word: `fraudulent`, `product_not_received`, …
    pub reason: String,
    /// An answer after this counts for nothing; none where no answer is expected.
    pub answer_by: Option<Timestamp>,
    pub opened_at: Timestamp,
    /// Where staff answer it.
    pub page: String,
}
