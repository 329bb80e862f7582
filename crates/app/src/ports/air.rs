//! The picture: encoders that come in, and programmes that go out.

use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{ProgrammeId, ShowId, Timestamp};

use super::Stage;

/// What an encoder with a good key publishes into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    pub show: ShowId,
    /// The programme that the show is on now: its rehearsal's, or its live one.
    pub programme: ProgrammeId,
    /// Which of the two it is: what is live is recorded, what is rehearsed never is.
    pub stage: Stage,
}

/// Why an encoder is not let in. The text is what it prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublishRefusal {
    #[error("this stream key is not known here: copy it again from the studio")]
    UnknownKey,
    #[error("this show has ended: open the next show in the studio and use its key")]
    ShowEnded,
    #[error("another encoder is publishing to this show already: stop it first")]
    AlreadyPublishing,
    #[error("the house is too busy: try again in a few seconds")]
    Unavailable,
}

/// What the streamer asks of the house. The use cases implement it.
#[async_trait]
pub trait Ingest: Send + Sync + fmt::Debug {
    /// Whether this key may publish, and into what.
    async fn authorise(&self, stream_key: &str) -> Result<Grant, PublishRefusal>;
    /// The first picture arrived, or came back after the publisher dropped out.
    async fn came(&self, show: ShowId);
    /// The publisher is gone; the show goes on without it.
    async fn left(&self, show: ShowId);
}

/// A part of a programme, as a player asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AirItem {
    /// The multivariant playlist.
    Master,
    /// The media playlist. With `msn` (and `part`) the answer waits until that segment (part) exists.
    Playlist {
        msn: Option<u64>,
        part: Option<u32>,
        skip: bool,
    },
    /// An initialisation segment, by its number.
    Init(u32),
    Segment(u64),
    /// Waits when it is the one hinted at.
    Part(u64, u32),
}

impl AirItem {
    /// Reads the last part of an address, exactly as playlists write it; the rest is `_HLS_msn`, `_HLS_part` and
    /// `_HLS_skip` (RFC 8216bis, 6.2.5). `01.m4s` would be another address to a cache, so it is none to us.
    #[must_use]
    pub fn named(name: &str, msn: Option<u64>, part: Option<u32>, skip: bool) -> Option<Self> {
        fn number<T: std::str::FromStr + ToString>(digits: &str) -> Option<T> {
            digits.parse().ok().filter(|number: &T| number.to_string() == digits)
        }
        Some(match name {
            "master.m3u8" => Self::Master,
            "live.m3u8" => Self::Playlist { msn, part, skip },
            _ => match (name.strip_prefix("init-").and_then(|n| n.strip_suffix(".mp4")), name.strip_suffix(".m4s")) {
                (Some(init), _) => Self::Init(number(init)?),
                (None, Some(media)) => match media.split_once('.') {
                    Some((segment, part)) => Self::Part(number(segment)?, number(part)?),
                    None => Self::Segment(number(media)?),
                },
                (None, None) => return None,
            },
        })
    }
}

/// What there is to say to a player.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AirAnswer {
    Media(Bytes),
    Playlist(Bytes),
    /// The programme or the item is not, or no longer, there.
    NotHere,
    /// A blocking request far ahead of the programme.
    TooFarAhead,
}

/// What the encoder sends, in figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Health {
    pub state: HealthState,
    pub video: Option<VideoHealth>,
    pub audio: Option<AudioHealth>,
    /// From the moment an access unit reached ingest to its being playable, plus the hold-back that players keep, in milliseconds.
    pub behind_ms: u32,
    /// Pictures of a thousand that did not come, against the best that this encoder has sent.
    pub missing_permille: u32,
    /// How much later than at its best the latest picture came, in milliseconds.
    pub late_ms: u32,
    pub warnings: Vec<HealthWarning>,
    pub since: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HealthState {
    Receiving,
    Away,
}

#[derive(Clone, Debug, PartialEq)]
pub struct VideoHealth {
    /// As in CODECS: `avc1.64001f`.
    pub codec: String,
    pub width: u32,
    pub height: u32,
    /// Frames a second over the last seconds.
    pub frame_rate: f32,
    pub bitrate_kbps: u32,
    /// Between the last two keyframes.
    pub keyframe_interval_ms: Option<u32>,
    pub b_frames: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudioHealth {
    /// As in CODECS: `mp4a.40.2`.
    pub codec: String,
    pub sample_rate: u32,
    pub channels: u8,
    pub bitrate_kbps: u32,
}

/// Something that the host can mend; the pages say it in plain words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HealthWarning {
    /// More than 4 s between keyframes: set 2 s in the encoder.
    KeyframesFarApart,
    NoKeyframe,
    NoAudio,
    NoVideo,
    /// Sub-second viewers cannot be shown B-frames.
    BFrames,
    LowBitrate,
    LowFrameRate,
    /// Sound and picture arrive more than 500 ms apart.
    OutOfStep,
    /// Pictures are missing, or come a second late: the upload is too narrow.
    UploadDrops,
    /// There is a track of sound, and nothing to be heard in it.
    Silence,
    /// There is a picture, and nothing to be seen in it.
    BlackPicture,
}

impl HealthWarning {
    /// A permanent code for the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::KeyframesFarApart => "keyframes_far_apart",
            Self::NoKeyframe => "no_keyframe",
            Self::NoAudio => "no_audio",
            Self::NoVideo => "no_video",
            Self::BFrames => "b_frames",
            Self::LowBitrate => "low_bitrate",
            Self::LowFrameRate => "low_frame_rate",
            Self::OutOfStep => "out_of_step",
            Self::UploadDrops => "upload_drops",
            Self::Silence => "silence",
            Self::BlackPicture => "black_picture",
        }
    }
}

/// The programmes on air. The streamer implements it; use cases steer it and the gateway serves from it.
#[async_trait]
pub trait Air: Send + Sync + fmt::Debug {
    /// From now on the show's picture goes into this programme, from its next keyframe; a publisher stays connected. A
    /// live programme is recorded. The show's earlier programme, a rehearsal, ends and is forgotten at once.
    fn switch(&self, show: ShowId, programme: ProgrammeId, stage: Stage);
    /// Ends the show's programme and disconnects its publisher.
    fn end(&self, show: ShowId);
    /// Disconnects the publisher, which has to ask again.
    fn kick(&self, show: ShowId);
    fn health(&self, show: ShowId) -> Option<Health>;
    async fn fetch(&self, programme: ProgrammeId, item: AirItem) -> AirAnswer;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_has_one_name() {
        for (name, item) in [
            ("master.m3u8", Some(AirItem::Master)),
            ("live.m3u8", Some(AirItem::Playlist { msn: Some(4), part: None, skip: true })),
            ("init-3.mp4", Some(AirItem::Init(3))),
            ("12.m4s", Some(AirItem::Segment(12))),
            ("12.0.m4s", Some(AirItem::Part(12, 0))),
            ("012.m4s", None),
            ("+12.m4s", None),
            ("12.0.0.m4s", None),
            ("init-.mp4", None),
            ("../master.m3u8", None),
            ("99999999999999999999.m4s", None),
            ("", None),
        ] {
            assert_eq!(AirItem::named(name, Some(4), None, true), item, "{name}");
        }
    }
}
