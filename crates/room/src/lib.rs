//! The live side of a show as one ordered, gapless log: `handle` decides, `apply` folds, `snapshot` is what a newcomer sees.
//!
//! Pure: `now` and randomness are arguments; the caller makes events durable before it shows them to anybody.
//! [`Gate`] is what may be forgotten (buckets, last texts); [`Room`] is what the log says and nothing else.

mod command;
mod event;
mod facts;
mod fold;
mod gate;
mod handle;
mod held;
mod inquiry;
pub mod limits;
mod links;
mod moderate;
mod offer;
mod poll;
mod pulse;
mod questions;
mod request;
mod rules;
mod sanctions;
mod snapshot;
mod text;
mod trivia;
mod words;

pub use command::{Actor, Answering, Command, Notice, Outcome, Refusal, StaffRole, ref_hash};
pub use event::{EVENT_VERSION, Event, Free, Given, Kind, Lane, Said, ShowState, Step, Words};
pub use facts::{Facts, MinuteOfViewers};
pub use fold::{Pinned, ROOM_VERSION, Room};
pub use gate::{Bucket, Gate};
pub use held::{HeldLine, WhyHeld};
pub use inquiry::{How, Reply, is_question};
pub use offer::{DropPhase, DropShown};
pub use poll::{Cast, PollPhase, PollShown};
pub use pulse::{Fx, Presence, Pulse};
pub use request::{Request, Wanted, Wish, Wording};
pub use rules::{ChatRules, Links, Review, WhoWrites};
pub use snapshot::Snapshot;
pub use text::{ChatName, MessageText, NameRefused};
pub use trivia::{Question, QuestionFault, Right, Round, Spread, TriviaPhase, TriviaShown, Winner, plain};
pub use words::{WordList, WordLists};
