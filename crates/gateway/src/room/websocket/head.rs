//! The first bytes of a frame.

/// What the first byte of a frame is made of.
pub(super) const FIN: u8 = 0x80;
/// Set on the first frame of a message that is compressed.
pub(super) const COMPRESSED: u8 = 0x40;
pub(super) const RESERVED: u8 = 0x30;
pub(super) const OPCODE: u8 = 0x0f;

pub(super) const CONTINUED: u8 = 0x0;
pub(super) const TEXT: u8 = 0x1;
pub(super) const BINARY: u8 = 0x2;
pub(super) const CLOSE: u8 = 0x8;
pub(super) const PING: u8 = 0x9;
pub(super) const PONG: u8 = 0xa;
/// The longest payload of close, ping and pong.
pub(super) const CONTROL_BYTES: usize = 125;
