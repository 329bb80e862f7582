//! What the use cases need from the world. Adapters implement these; nothing here knows how.

mod air;
mod answers;
mod book_rows;
mod catalogue;
mod clips;
mod clock;
mod disputes;
mod drops;
mod goods;
mod house;
mod imports;
mod journal;
mod leases;
mod media_rows;
mod messages;
mod moderation;
mod objects;
mod offers;
mod payment_notes;
mod payments;
mod people;
mod pictures;
mod recording;
mod repeats;
mod room;
mod shows;
mod staff;
mod stills;
mod stock;
mod store_error;
mod takings;
pub mod till;
mod trivia;
mod wallets;
mod whep;
mod whip;

pub use air::{
    Air, AirAnswer, AirItem, AudioHealth, Grant, Health, HealthState, HealthWarning, Ingest, PublishRefusal,
    VideoHealth,
};
pub use answers::{ProductAnswer, ProductAnswers};
pub use book_rows::BookRows;
pub use catalogue::{Catalogue, ListProducts, NewRevision, PriceLists, ProductRow, SaveRefused, SellerRow};
pub use clips::{Clips, Cut, Unreadable};
pub use clock::Clock;
pub use disputes::{DisputeRow, Disputes};
pub use drops::{Drops, Tab};
pub use goods::{Goods, ShowSale, Standing};
pub use house::Houses;
pub use imports::{ImportRow, ImportState, Imports};
pub use journal::{Journal, NotWritten};
pub use leases::{Held, Holder, Leases};
pub use media_rows::{MediaRow, MediaRows};
pub use messages::{
    About, Channel, GivenUp, Lost, Message, MessageQueue, NotSent, SentMessage, SentMessages, Transport,
    WaitingMessage, WhyGivenUp,
};
pub use moderation::{
    ActOn, Appeal, AppealRow, Moderation, Reason, ReportRow, Reported, SUBJECT_REPORTS, Settled, Subject, Verdict,
};
pub use objects::{ObjectError, Objects, is_object_key};
pub use offers::{OfferRow, Offers};
pub use payment_notes::{PaymentNote, PaymentNotes};
pub use payments::{
    Heard, Next, NoAnswer, PaymentRequest, Payments, SandboxDesk, SandboxOutcome, SandboxPayment, Status, Unheard,
};
pub use people::{NewSession, NewStaff, People, PersonRow, Secret, SecretPurpose, SessionRow};
pub use pictures::{
    MAX_PICTURE_BYTES, MAX_PICTURE_PIXELS, PICTURE_WIDTHS, PictureRefusal, Pictures, Prepared, Rendition,
};
pub use recording::{
    Jot, MOMENTS, Missing, Recorder, RecordingSums, Recordings, SegmentRow, SetupRow, Take, TakeSetup,
};
pub use repeats::{Begun, RepeatKey, RepeatTimes, Repeats};
pub use room::{
    ActedBy, Append, ChatNames, Evidence, Moderated, RoomBrief, RoomFeed, RoomKey, RoomLog, RoomSource, Stage,
    WordsByOffset,
};
pub use shows::{ShowList, ShowRow, Shows};
pub use staff::{Acceptance, Audit, AuditRow, InvitationRow, Invitations, Joined, TokenRow, Tokens};
pub use stills::{NoStill, Stills};
pub use stock::{StockCount, StockCounts};
pub use store_error::StoreError;
pub use takings::{MINUTE_MICROS, MinuteTakings, NumberTakings, ShowTakings, TAKINGS_MINUTES, Takings, takings_since};
pub use till::{Baskets, OrderFilter, Orders, Outbox, Own, Rates, Stuck, Till, WaitingEvent};
pub use trivia::{Decided, Questions, TriviaRow, TriviaStanding};
pub use wallets::Wallets;
pub use whep::{NotWatched, Whep};
pub use whip::{Answered, OfferProblem, Trickled, Whip};
