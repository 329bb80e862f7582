//! WebRTC, both ways round: who publishes (WHIP, RFC 9725) and who watches (WHEP, draft-ietf-wish-whep). An offer in, an answer
//! out; then packets.
//!
//! Sans-I/O around str0m, which draws its own randomness: other than the rest of this crate it does not replay from a seed.

mod link;
mod offer;
mod session;
mod viewing;

pub use link::{Connection, Credentials, Output, Protocol, username};
pub use offer::{MAX_OFFER_BYTES, OfferRefusal, candidates, credentials};
pub use session::{Event, Publisher, Session};
pub use viewing::{Frame, FrameKind, Viewer, ViewerEvent, Viewing};
