//! Who publishes from a browser, or from an encoder that speaks WHIP (RFC 9725).

use std::fmt;

use async_trait::async_trait;

use super::{Grant, PublishRefusal};

/// An answered offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Names the session from now on: whoever knows it may end it.
    pub session: String,
    /// The answer (SDP).
    pub answer: String,
}

/// Why an offer is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OfferProblem {
    #[error("{0}")]
    NotReadable(String),
    #[error("{0}")]
    NoPicture(String),
    #[error("{0}")]
    VideoCodec(String),
    #[error("{0}")]
    AudioCodec(String),
    #[error("{0}")]
    SeveralPictures(String),
    #[error(transparent)]
    Publish(#[from] PublishRefusal),
}

/// What became of further candidates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trickled {
    Taken,
    /// The fragment names other credentials than the offer: a restart, which is not offered.
    Restart,
    NotHere,
}

/// The streamer implements it; use cases have asked about the key before.
#[async_trait]
pub trait Whip: Send + Sync + fmt::Debug {
    /// Answers the offer and takes the show's stage.
    async fn publish(&self, grant: Grant, offer: &str) -> Result<Answered, OfferProblem>;
    /// Takes further candidates of a session (RFC 8840).
    async fn trickle(&self, session: &str, fragment: &str) -> Trickled;
    /// Ends a session; false if there is none of that name.
    async fn leave(&self, session: &str) -> bool;
}
