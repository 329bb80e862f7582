//! Files made of a recording.

use std::fmt;

use bytes::Bytes;
use kernel::Millis;

/// Bytes of a recording that cannot be read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a part of the recording cannot be read back")]
pub struct Unreadable;

/// One file in the making. Its beginning is the initialisation segment as it is.
pub trait Cut: Send + Sync + fmt::Debug {
    /// The segment as it stands in the file. `at` is where its first picture lies in the file: for the first segment, and
    /// for one that does not go on where the last one ended.
    fn add(&mut self, segment: Bytes, at: Option<Millis>) -> Result<Bytes, Unreadable>;
}

/// Cuts files out of recordings. The streamer implements it.
pub trait Clips: Send + Sync + fmt::Debug {
    /// Begins with this initialisation segment.
    fn begin(&self, init: &Bytes) -> Result<Box<dyn Cut>, Unreadable>;
}
