//! Sockets and tasks around `media`: encoders come in over RTMP, browsers over WebRTC, programmes go out through the port `Air`.
//!
//! One task for each connection; one [`stage::Stage`] for each show, which knows its publisher and the programme that
//! its picture goes into; one [`programme::Programme`] for each id that can be fetched.
//!
//! What holds here, and why:
//! - A programme's id is a capability that the house mints; nothing is ever in two programmes, so what was rehearsed
//!   cannot be fetched from the live one. Switching keeps the publisher connected and begins at its next keyframe.
//! - One publisher a show. A second one is told so, unless the first has been silent for two seconds: then it is a
//!   connection that died without saying so, and the encoder that comes back takes over.
//! - A publisher that leaves costs the show nothing: the programme waits, and numbers go on when one is back.
//! - What is live is recorded: each finished segment goes through a bounded queue to the port `Recorder`, which the live
//!   path never waits for. What is rehearsed has no tape.
//! - Every connection ends with a named reason, in the log and, where the encoder still listens, in its own window.
//!   A connection that misbehaves ends alone: tasks share nothing but a show's stage.
//! - Locks are held for memory work only, never across an await; a player that waits holds none.

mod air;
mod anchored;
mod clips;
mod connection;
mod limits;
mod listener;
mod live;
mod look;
mod opus;
mod programme;
mod publisher;
mod stage;
mod stills;
mod streamer;
mod tape;
mod webrtc;

pub use clips::Cutter;
pub use limits::{MAX_BLOCKED, MAX_CONNECTIONS, MAX_INGEST_BYTES_PER_SECOND, PART_WITHIN};
pub use stills::FfmpegStills;
pub use streamer::{Settings, Streamer};
pub use webrtc::{Sockets, WebRtcSettings, reached_at};
