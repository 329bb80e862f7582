//! WebRTC, the side that is published to (WHIP, RFC 9725): an offer in, an answer out, then packets in and pictures out.
//!
//! Sans-I/O around str0m, which draws its own randomness: other than the rest of this crate it does not replay from a seed.

mod offer;
mod session;

pub use offer::{MAX_OFFER_BYTES, OfferRefusal, candidates, credentials};
pub use session::{Credentials, Event, Output, Protocol, Session, username};
