//! WebSockets as the room needs them (RFC 6455, with permessage-deflate of RFC 7692): a handshake, a reader that keeps nothing
//! between messages, and frames that are encoded once for everybody who gets them.

#[cfg(test)]
mod cases;
mod deflate;
mod handshake;
mod head;
pub(crate) mod read;
mod write;

pub(crate) use handshake::{Agreed, agree};
pub(crate) use write::{close, deflated, pong, text};
