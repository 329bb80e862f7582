//! RTMP, the side that is published to ("Adobe's Real Time Messaging Protocol", 2012; E-RTMP v2).

mod amf0;
mod chunk;
mod session;

pub use amf0::{Amf0Error, Value, read_all, write_all};
pub use chunk::{ChunkError, ChunkReader, MAX_MESSAGE_BYTES, MAX_PENDING_BYTES, Message, write_message};
pub use session::{Event, IDLE, Output, RefusalCode, Session};
