//! What viewers report, what was decided about them, and what they say to it.

use std::fmt;

use async_trait::async_trait;
use kernel::{EntryId, MessageId, PersonId, ShowId, Timestamp, ViewerId};
use room::{Kind, Words};

use super::StoreError;

/// Open reports of one show that are read at once; past it the newest wait until others are settled.
pub const SUBJECT_REPORTS: u32 = 2_000;

/// What a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Message(MessageId),
    /// A show number.
    Product(u32),
    Show,
}

impl Subject {
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Message(_) => "message",
            Self::Product(_) => "product",
            Self::Show => "show",
        }
    }

    /// Which one; empty for the show itself.
    #[must_use]
    pub fn id(self) -> String {
        match self {
            Self::Message(id) => id.to_string(),
            Self::Product(number) => number.to_string(),
            Self::Show => String::new(),
        }
    }

    #[must_use]
    pub fn read(kind: &str, id: &str) -> Option<Self> {
        match kind {
            "message" => id.parse().ok().map(Self::Message),
            "product" => id.parse().ok().map(Self::Product),
            "show" => Some(Self::Show),
            _ => None,
        }
    }
}

macro_rules! reasons {
    ($($name:ident = $text:literal,)*) => {
        /// Why somebody reports: permanent words.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Reason { $($name,)* }

        impl Reason {
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            #[must_use]
            pub fn read(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

reasons! {
    Spam = "spam",
    Insult = "insult",
    Hate = "hate",
    Sexual = "sexual",
    Fraud = "fraud",
    Counterfeit = "counterfeit",
    PrivateData = "private_data",
    Other = "other",
}

/// One viewer's report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRow {
    pub id: EntryId,
    pub show: ShowId,
    pub viewer: ViewerId,
    pub subject: Subject,
    pub reason: Reason,
    /// In the viewer's words; may be empty.
    pub note: String,
    pub at: Timestamp,
    pub settled: Option<Settled>,
}

/// A report, and who said what where it is about a line that still stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    pub report: ReportRow,
    pub said: Option<(ViewerId, Words)>,
}

/// What somebody of the shop decided about a report or an appeal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The report was right; the appeal is granted.
    pub verdict: Verdict,
    /// What is said to who reported or appealed; may be empty.
    pub answer: String,
    pub by: PersonId,
    pub at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Granted,
    Rejected,
}

/// What a viewer says to a moderator's act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appeal {
    pub text: String,
    pub at: Timestamp,
    pub settled: Option<Settled>,
}

/// A moderator's act that is about one viewer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActOn {
    /// Its place in the log of the live room.
    pub offset: u64,
    pub viewer: ViewerId,
    pub by: PersonId,
    /// `Removed`, `Muted`, `Blocked` or `HeldRefused`.
    pub kind: Kind,
    pub reason: String,
    pub at: Timestamp,
    /// The words that were taken away, where there were some.
    pub words: Option<Words>,
    pub appeal: Option<Appeal>,
}

/// An appeal that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppealRow {
    pub show: ShowId,
    pub act: ActOn,
}

/// Reports, appeals and blocks of the live rooms. The acts themselves are written by the room's log.
#[async_trait]
pub trait Moderation: Send + Sync + fmt::Debug {
    /// Whether it was added: a viewer reports a thing once, and has at most `bound` reports in a show that are not settled.
    async fn add_report(&self, row: ReportRow, bound: u32) -> Result<bool, StoreError>;
    /// Those that are not settled, oldest first, at most [`SUBJECT_REPORTS`].
    async fn open_reports(&self, show: ShowId) -> Result<Vec<Reported>, StoreError>;
    /// Settles all open reports about it. Returns who had reported.
    async fn settle_reports(
        &self,
        show: ShowId,
        subject: Subject,
        settled: Settled,
    ) -> Result<Vec<ViewerId>, StoreError>;
    /// A viewer's own, newest first, at most 50.
    async fn reports_by(&self, show: ShowId, viewer: ViewerId) -> Result<Vec<ReportRow>, StoreError>;

    /// What was decided about a viewer in a show, newest first, at most 50.
    async fn acts_on(&self, show: ShowId, viewer: ViewerId) -> Result<Vec<ActOn>, StoreError>;
    /// Whether it was added: an act of the show's that is about this viewer is appealed against once.
    async fn add_appeal(&self, show: ShowId, viewer: ViewerId, offset: u64, appeal: Appeal)
    -> Result<bool, StoreError>;
    /// Those that are not settled, oldest first, at most 100.
    async fn open_appeals(&self, show: ShowId) -> Result<Vec<AppealRow>, StoreError>;
    /// None where it is settled already, or there is none.
    async fn settle_appeal(&self, show: ShowId, offset: u64, settled: Settled) -> Result<Option<ActOn>, StoreError>;

    /// Viewers who may write in no room of the house.
    async fn blocked(&self) -> Result<Vec<ViewerId>, StoreError>;
    /// Whether this buyer has ever paid for something, rehearsals aside.
    async fn has_paid(&self, buyer: ViewerId) -> Result<bool, StoreError>;
}
