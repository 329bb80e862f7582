//! WebSockets as the room needs them (RFC 6455, with permessage-deflate of RFC 7692): a handshake, a reader that keeps nothing
//! between messages, and frames that are encoded once for everybody who gets them.

#[cfg(test)]
mod cases;
mod deflate;
mod handshake;
pub(crate) mod read;
mod write;

pub(crate) use handshake::{Agreed, agree};
pub(crate) use write::{close, deflated, pong, text};

/// What the first byte of a frame is made of.
const FIN: u8 = 0x80;
/// Set on the first frame of a message that is compressed.
const COMPRESSED: u8 = 0x40;
const RESERVED: u8 = 0x30;
const OPCODE: u8 = 0x0f;

const CONTINUED: u8 = 0x0;
const TEXT: u8 = 0x1;
const BINARY: u8 = 0x2;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xa;
/// The longest payload of close, ping and pong.
const CONTROL_BYTES: usize = 125;
