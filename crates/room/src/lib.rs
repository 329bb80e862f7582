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
mod inquiry;
pub mod limits;
mod offer;
mod poll;
mod pulse;
mod questions;
mod request;
mod screen;
mod snapshot;
mod text;
mod trivia;

pub use command::{Actor, Answering, Command, Notice, Outcome, Refusal, StaffRole, ref_hash};
pub use event::{EVENT_VERSION, Event, Free, Given, Kind, Lane, Said, ShowState, Step, Words};
pub use facts::{Facts, MinuteOfViewers};
pub use fold::{Pinned, ROOM_VERSION, Room};
pub use gate::{Bucket, Gate};
pub use inquiry::{How, Reply, is_question};
pub use offer::{DropPhase, DropShown};
pub use poll::{Cast, PollPhase, PollShown};
pub use pulse::{Fx, Presence, Pulse};
pub use request::{Request, Wanted, Wish, Wording};
pub use screen::WordList;
pub use snapshot::Snapshot;
pub use text::{ChatName, MessageText, NameRefused};
pub use trivia::{Question, QuestionFault, Right, Round, Spread, TriviaPhase, TriviaShown, Winner, plain};
