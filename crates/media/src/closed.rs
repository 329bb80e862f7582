//! Why a publishing connection ended: one name each, for logs, figures and the studio.

use crate::programme::RunEnd;

use crate::rtmp::{Amf0Error, ChunkError};

/// The reason of an end that this side decided, or the peer's own.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Closed {
    #[error("the first bytes are not RTMP (version {0})")]
    NotRtmp(u8),
    #[error("the handshake's third part is not the echo of ours")]
    BadHandshake,
    #[error("not a chunk stream: {0}")]
    Chunk(#[from] ChunkError),
    #[error("a command is not AMF0: {0}")]
    Command(#[from] Amf0Error),
    #[error("more commands than publishing takes")]
    TooManyCommands,
    #[error("the address has no application this server knows")]
    UnknownApplication,
    #[error("playing over RTMP is not offered; watch by HLS")]
    PlayNotOffered,
    /// The shell said no; its sentence went to the encoder.
    #[error("refused: {0}")]
    Refused(String),
    /// The picture or sound could not be taken.
    #[error("{0}")]
    Run(#[from] RunEnd),
    #[error("no complete handshake in time")]
    HandshakeTimeout,
    #[error("no publish in time")]
    PublishTimeout,
    #[error("nothing arrived for {0} ms")]
    Idle(i64),
    #[error("more than {0} bytes a second")]
    TooFast(u64),
    #[error("the encoder ended the stream")]
    Unpublished,
    #[error("the connection was lost")]
    Lost,
    #[error("another encoder with this key took over")]
    Replaced,
    #[error("staff ended this connection; start streaming again to come back")]
    Kicked,
    #[error("the show has ended")]
    ShowEnded,
    #[error("the server is restarting; start streaming again in a moment")]
    Stopping,
    #[error("no packet came through; is the house's WebRTC port open on the way here, and its public address set?")]
    NeverConnected,
    #[error("the picture has B-frames, which WebRTC does not show")]
    NotInOrder,
    #[error("the WebRTC connection broke: {0}")]
    Rtc(String),
}

impl Closed {
    /// A short, permanent name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::NotRtmp(_) => "not-rtmp",
            Self::BadHandshake => "bad-handshake",
            Self::Chunk(ChunkError::MessageTooLarge(_) | ChunkError::TooMuchPending) => "message-too-large",
            Self::Chunk(_) => "bad-chunk",
            Self::Command(_) => "bad-command",
            Self::TooManyCommands => "too-many-commands",
            Self::UnknownApplication => "unknown-application",
            Self::PlayNotOffered => "play-not-offered",
            Self::Refused(_) => "refused",
            Self::Run(end) => end.name(),
            Self::HandshakeTimeout => "handshake-timeout",
            Self::PublishTimeout => "publish-timeout",
            Self::Idle(_) => "idle",
            Self::TooFast(_) => "too-fast",
            Self::Unpublished => "unpublished",
            Self::Lost => "lost",
            Self::Replaced => "replaced",
            Self::Kicked => "kicked",
            Self::ShowEnded => "show-ended",
            Self::Stopping => "stopping",
            Self::NeverConnected => "never-connected",
            Self::NotInOrder => "not-in-order",
            Self::Rtc(_) => "rtc",
        }
    }
}
