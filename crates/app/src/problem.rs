//! What can go wrong for whoever asks: a closed list of permanent codes.
//!
//! The gateway turns a code into an HTTP status in one file; [`texts`] turns it into a plain sentence, in each language.

mod field_texts;
pub mod texts;

use std::fmt;

use shop::catalogue::{Fault, Faults};

use crate::ports::{ObjectError, StoreError};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// A permanent public code. Never renamed, never reused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// As it stands in `code` and in the type's address.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.as_str() == text)
            }
        }
    };
}

codes! {
    // Anybody
    BadRequest = "bad_request",
    NotFound = "not_found",
    MethodNotAllowed = "method_not_allowed",
    Invalid = "invalid",
    TooLarge = "too_large",
    SlowDown = "slow_down",
    Busy = "busy",
    Internal = "internal",
    IdempotencyKeyReused = "idempotency_key_reused",
    IdempotencyKeyMissing = "idempotency_key_missing",
    ChangedMeanwhile = "changed_meanwhile",
    ForeignOrigin = "foreign_origin",
    // Room
    ViewerNeeded = "viewer_needed",
    TicketExpired = "ticket_expired",
    // People
    SignInFirst = "sign_in_first",
    SignInFailed = "sign_in_failed",
    NotAllowed = "not_allowed",
    LinkUsedOrExpired = "link_used_or_expired",
    AlreadySetUp = "already_set_up",
    LastOwner = "last_owner",
    // Catalogue
    PictureNotReadable = "picture_not_readable",
    PictureTooLarge = "picture_too_large",
    ImportHasErrors = "import_has_errors",
    ImportApplied = "import_already_applied",
    // Shows
    ShowIsLive = "show_is_live",
    ShowHasEnded = "show_has_ended",
    ShowNotLive = "show_not_live",
    ShowNotRehearsing = "show_not_rehearsing",
    HostIsElsewhere = "host_is_elsewhere",
    EndNotConfirmed = "end_not_confirmed",
    // Publishing
    StreamKeyUnknown = "stream_key_unknown",
    AlreadyPublishing = "already_publishing",
    OfferNotReadable = "offer_not_readable",
    PictureNotOffered = "picture_not_offered",
    PictureCodecNotTaken = "picture_codec_not_taken",
    SoundCodecNotTaken = "sound_codec_not_taken",
    SeveralPicturesOffered = "several_pictures_offered",
    RestartNotTaken = "restart_not_taken",
    // Watching
    PictureNotInOrder = "picture_not_in_order",
    PictureNotShown = "picture_not_shown",
    // Till
    BasketFull = "basket_full",
    BasketChanged = "basket_changed",
    SoldOut = "sold_out",
    SaleStopped = "sale_stopped",
    NotSoldInCurrency = "not_sold_in_currency",
    NotShipped = "not_shipped",
    PriceChanged = "price_changed",
    PaymentUnavailable = "payment_unavailable",
    PaymentMethodNotOffered = "payment_method_not_offered",
    AmountTooLarge = "amount_too_large",
    AmountTooSmall = "amount_too_small",
    PaymentDeclined = "payment_declined",
    CardExpired = "card_expired",
    BadSignature = "bad_signature",
    AllPaidFor = "all_paid_for",
    NotPaid = "not_paid",
    NothingToSend = "nothing_to_send",
    AlreadySent = "already_sent",
    NothingToRefund = "nothing_to_refund",
    PiecesNotThere = "pieces_not_there",
    ReturnNotAtThatStep = "return_not_at_that_step",
    WithdrawalOver = "withdrawal_over",
    NothingToWithdraw = "nothing_to_withdraw",
    OfferUsedUp = "offer_used_up",
    // Drops
    DropNotOpen = "drop_not_open",
    DropEnded = "drop_ended",
    DropNotPlanned = "drop_not_planned",
    DropNotArmed = "drop_not_armed",
    NotEnoughStock = "not_enough_stock",
    ClaimLimit = "claim_limit",
    ClaimOver = "claim_over",
    ClaimsBarred = "claims_barred",
    NotInMarket = "not_in_market",
    TriviaRunning = "trivia_running",
}

/// One field of the request that cannot be taken, by its path in the body (`variants.2.prices.0`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    pub field: String,
    /// A short permanent code of its own: `missing`, `too_long`, `negative`, `unknown_currency`, …
    pub code: &'static str,
    /// What a rule of the catalogue found, for the sentence that a person reads.
    pub fault: Option<Fault>,
}

/// Why something was not done.
#[derive(Debug)]
pub struct Problem {
    pub code: Code,
    pub fields: Vec<FieldProblem>,
    /// Further members of the body, such as the lines that are sold out.
    pub more: serde_json::Map<String, serde_json::Value>,
    /// For 429 and 503: when it is worth trying again.
    pub retry_after_secs: Option<u32>,
    /// For the log only, never for the caller.
    pub cause: Option<String>,
}

impl Problem {
    #[must_use]
    pub fn field(field: impl Into<String>, code: &'static str) -> Self {
        Self::fields(vec![FieldProblem { field: field.into(), code, fault: None }])
    }

    #[must_use]
    pub fn fields(fields: Vec<FieldProblem>) -> Self {
        Self { fields, ..Self::from(Code::Invalid) }
    }

    #[must_use]
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self { cause: Some(cause.to_string()), ..Self::from(Code::Internal) }
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        self.more.insert(name.to_owned(), value.into());
        self
    }

    #[must_use]
    pub fn retry_after(mut self, secs: u32) -> Self {
        self.retry_after_secs = Some(secs);
        self
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self { code, fields: Vec::new(), more: serde_json::Map::new(), retry_after_secs: None, cause: None }
    }
}

impl From<Faults> for Problem {
    fn from(faults: Faults) -> Self {
        let field = |found: shop::catalogue::FieldFault| FieldProblem {
            field: found.field,
            code: found.fault.code(),
            fault: Some(found.fault),
        };
        Self::fields(faults.into_iter().map(field).collect())
    }
}

impl From<ObjectError> for Problem {
    fn from(error: ObjectError) -> Self {
        Self::internal(error)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::from(Code::Busy).retry_after(1),
            StoreError::Changed => Code::ChangedMeanwhile.into(),
            StoreError::Duplicate(what) => Self::internal(format!("not unique: {what}")),
            StoreError::Failed(cause) => Self::internal(cause),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.as_str())?;
        for field in &self.fields {
            write!(f, " {}:{}", field.field, field.code)?;
        }
        self.cause.as_ref().map_or(Ok(()), |cause| write!(f, " ({cause})"))
    }
}

impl std::error::Error for Problem {}
