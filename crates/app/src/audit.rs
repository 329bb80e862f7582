//! The trail: who did what, when, to what. Written right after each act; a moderator's acts in the commit of the room's log.

use kernel::{EntryId, ShowId};

use crate::access::{self, Act, Place};
use crate::ports::AuditRow;
use crate::{Actor, App, Problem, shows};

macro_rules! deeds {
    ($($name:ident = $text:literal,)*) => {
        /// What can stand in the trail: permanent words, never renamed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Deed { $($name,)* }

        impl Deed {
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

deeds! {
    ProductCreated = "product.created",
    ProductChanged = "product.changed",
    ProductStatusChanged = "product.status_changed",
    StockCounted = "stock.counted",
    ImportApplied = "import.applied",
    BrandCreated = "brand.created",
    BrandChanged = "brand.changed",
    SellerCreated = "seller.created",
    SellerChanged = "seller.changed",
    LocationCreated = "location.created",
    PricesChanged = "prices.changed",
    SaleStopped = "sale.stopped",
    SaleResumed = "sale.resumed",
    SoldInShop = "sale.sold_in_shop",
    ListedOnAir = "sale.listed_on_air",
    DropPlanned = "drop.planned",
    DropRemoved = "drop.removed",
    DropArmed = "drop.armed",
    DropFired = "drop.fired",
    DropEnded = "drop.ended",
    TriviaPlanned = "trivia.planned",
    TriviaRemoved = "trivia.removed",
    TriviaArmed = "trivia.armed",
    TriviaFired = "trivia.fired",
    TriviaEnded = "trivia.ended",
    SetAside = "claim.set_aside",
    ClaimExtended = "claim.extended",
    ClaimReleased = "claim.released",
    BuyerNudged = "buyer.nudged",
    BuyerUnbarred = "buyer.unbarred",
    PriceCorrected = "order.price_corrected",
    OfferMade = "offer.made",
    OfferChanged = "offer.changed",
    RefundAskedAgain = "order.refund_asked_again",
    OrderCancelled = "order.cancelled",
    OrderChanged = "order.changed",
    OrdersSent = "orders.sent",
    ShippingChanged = "shipping.changed",
    HouseChanged = "house.changed",
    ShowRehearsed = "show.rehearsed",
    RehearsalEnded = "show.rehearsal_ended",
    ShowWentLive = "show.live",
    ShowEnded = "show.ended",
    RecordingStopped = "recording.stopped",
    RecordingResumed = "recording.resumed",
    RecordingHeld = "recording.held",
    RecordingReleased = "recording.released",
    ReplayEdited = "replay.edited",
    RecordingRemoved = "recording.removed",
    StreamKeyRotated = "show.stream_key_rotated",
    WordsListed = "house.words_listed",
    MessageRemoved = "message.removed",
    MessageLetThrough = "message.let_through",
    MessageRefused = "message.refused",
    ViewerMuted = "viewer.muted",
    ViewerUnmuted = "viewer.unmuted",
    ViewerBlocked = "viewer.blocked",
    ViewerUnblocked = "viewer.unblocked",
    ChatRulesSet = "chat.rules_set",
    ReportUpheld = "report.upheld",
    ReportDismissed = "report.dismissed",
    AppealGranted = "appeal.granted",
    AppealRejected = "appeal.rejected",
    PiecePinned = "piece.pinned",
    PieceUnpinned = "piece.unpinned",
    Announced = "room.announced",
    RequestStepped = "request.stepped",
    QuestionMarked = "question.marked",
    QuestionAnswered = "question.answered",
    CommentPinned = "comment.pinned",
    CommentUnpinned = "comment.unpinned",
    PollOpened = "poll.opened",
    PollClosed = "poll.closed",
    PollCleared = "poll.cleared",
    PersonInvited = "person.invited",
    InvitationWithdrawn = "person.invitation_withdrawn",
    PersonJoined = "person.joined",
    RolesChanged = "person.roles_changed",
    TokenCreated = "token.created",
    TokenRevoked = "token.revoked",
}

/// What is kept of a detail of many parts.
const DETAIL_CHARS: usize = 500;

/// What is written down beside who and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    deed: Deed,
    subject: String,
    detail: Option<String>,
    show: Option<ShowId>,
}

impl Entry {
    #[must_use]
    pub fn new(deed: Deed, subject: impl ToString) -> Self {
        Self { deed, subject: subject.to_string(), detail: None, show: None }
    }

    #[must_use]
    pub fn detail(self, detail: impl ToString) -> Self {
        Self { detail: Some(detail.to_string()), ..self }
    }

    /// A detail of many parts; what is past the bound is left out, and said to be.
    #[must_use]
    pub(crate) fn parts(self, parts: impl Iterator<Item = String>) -> Self {
        let whole = parts.collect::<Vec<_>>().join(", ");
        match whole.char_indices().nth(DETAIL_CHARS) {
            Some((end, _)) => self.detail(format!("{}…", &whole[..end])),
            None => self.detail(whole),
        }
    }

    /// For the trail of one show.
    #[must_use]
    pub fn of_show(self, show: ShowId) -> Self {
        Self { show: Some(show), ..self }
    }
}

/// Writes down what has just been done. What was done is done: a trail that cannot be written is told to the log.
pub(crate) async fn note(app: &App, actor: &Actor, entry: Entry) {
    let at = app.now();
    let id = app.entropy.draw(|random| EntryId::mint(at, random));
    let Entry { deed, subject, detail, show } = entry;
    let (person, act) = (actor.person_id(), deed.as_str());
    let row = AuditRow { id, at, person, act: act.into(), subject, detail, show };
    if let Err(error) = app.ports.audit.add_entry(row).await {
        tracing::error!(act, %error, "an act is missing from the trail");
    }
}

/// The trail, newest first, with names: the whole of it for who manages the house, a show's for who runs it.
pub async fn list(
    app: &App,
    actor: &Actor,
    show: Option<ShowId>,
    after: Option<EntryId>,
    limit: u32,
) -> Result<Vec<(AuditRow, Option<String>)>, Problem> {
    match show {
        Some(show) => shows::find_for(app, actor, Act::RunShow, show).await.map(drop)?,
        None => access::require(actor, Act::ManageHouse, Place::HOUSE)?,
    }
    Ok(app.ports.audit.entries(show, after, limit).await?)
}
