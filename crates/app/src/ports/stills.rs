//! Single pictures out of recordings.

use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::Millis;

/// Why there is no picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoStill {
    /// The helper that decodes is not on this machine.
    #[error("the helper that makes pictures of recordings is not here")]
    NoHelper,
    /// As many as may wait are waiting.
    #[error("too many pictures are being made")]
    Busy,
    #[error("no picture came out of the recording: {0}")]
    Unreadable(String),
}

/// Makes pictures of recordings. Everything else lives without it.
#[async_trait]
pub trait Stills: Send + Sync + fmt::Debug {
    /// Whether the helper is here.
    fn can(&self) -> bool;
    /// The picture that shows `at` after the first one, as JPEG of at most so many pixels' height. `recording` is an
    /// initialisation segment and the segments behind it, of which the first begins with a keyframe.
    async fn still(&self, recording: Vec<Bytes>, at: Millis, height: u16) -> Result<Bytes, NoStill>;
}
