//! Who watches by WebRTC (WHEP, draft-ietf-wish-whep).

use std::fmt;

use async_trait::async_trait;
use kernel::ProgrammeId;

use super::Answered;

/// Why somebody cannot watch this way; by HLS they can.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotWatched {
    #[error("the programme is not, or no longer, there")]
    NotHere,
    #[error("the picture has B-frames, which WebRTC does not show")]
    NotInOrder,
    #[error("{0}")]
    NotReadable(String),
    #[error("{0}")]
    NotShown(String),
    #[error("the house shows itself to as many as it can this way")]
    Full,
}

/// The streamer implements it. Sessions are trickled to and ended by [`super::Whip`], as those of publishers.
#[async_trait]
pub trait Whep: Send + Sync + fmt::Debug {
    /// Answers the offer; whoever knows the programme may watch it.
    async fn watch(&self, programme: ProgrammeId, offer: &str) -> Result<Answered, NotWatched>;
}
