//! WebRTC's sockets: one UDP port for everybody, and the same port by TCP for networks that let no UDP through.
//!
//! A packet finds its session by the address that it came from; a connectivity check brings a new address, by the name
//! that the session gave itself in its answer. What belongs to no session is dropped unread.

mod addresses;
mod line;
mod listen;
mod port;
mod switchboard;
mod tcp;
mod viewer;
mod watch;

pub use addresses::reached_at;
pub use listen::{Sockets, WebRtcSettings};
pub(crate) use switchboard::Switchboard;
