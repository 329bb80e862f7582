//! Low-latency HLS (RFC 8216bis, draft-pantos-hls-rfc8216bis-16) of one programme.

mod complete;
mod file;
mod packager;
mod playlist;
mod sound;
mod window;

pub use complete::{Complete, Piece, Setup};
pub use file::File;
pub use packager::Packager;
pub use window::{Edge, PART_TARGETS, TARGET_DURATION};
