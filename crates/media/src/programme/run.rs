//! One publishing run: tags, or what came by RTP, in; units with programme time out, or a named end.

mod rtp;

use std::sync::Arc;

use bytes::Bytes;
use kernel::{Millis, Timestamp};

use super::health::{Health, Meter};
use super::unit::{AudioUnit, Unit, VideoUnit};
use crate::aac::{self, AacError, AacSetup};
use crate::audio::AudioSetup;
use crate::avc::{AvcError, VideoSetup};
use crate::flv::{AudioTag, TagError, VideoTag, audio_tag, video_tag};

pub use rtp::SenderReport;

/// Stamps may step back by so much (some phones' encoders jitter); more is time running backwards.
const BACKWARD: Millis = Millis(200);
/// A stamp may lead the clock by so much; more is a file sent as fast as it goes.
const AHEAD: Millis = Millis::from_secs(10);
/// The first keyframe must come within this time of the first picture.
const FIRST_KEYFRAME: Millis = Millis::from_secs(10);
/// No keyframe for so long and nobody could join any more.
const KEYFRAME_AT_LEAST_EVERY: Millis = Millis::from_secs(30);
/// No picture for so long is not a show.
const VIDEO_WITHIN: Millis = Millis::from_secs(10);
/// Changes of size or codec settings, at most, within [`SETUPS_WITHIN`]; each makes an init segment. A browser whose uplink
/// is poor changes the size now and then.
const MAX_SETUPS: u32 = 64;
const SETUPS_WITHIN: Millis = Millis::from_mins(10);

/// Why a run cannot go on; the sentence is for whoever set up the encoder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunEnd {
    #[error("{0}")]
    Tag(#[from] TagError),
    #[error("{0}")]
    Video(#[from] AvcError),
    #[error("{0}")]
    Audio(#[from] AacError),
    #[error("no keyframe came for {0} s; set the encoder's keyframe interval to 2 s")]
    NoKeyframe(i64),
    #[error("no picture came for {0} s")]
    NoVideo(i64),
    #[error("time ran backwards by {0} ms; restart the encoder")]
    BackwardTime(i64),
    #[error("the stream runs {0} s ahead of the clock; send it in real time (ffmpeg: -re)")]
    AheadOfTime(i64),
    #[error("the encoder changes its settings too often")]
    TooManySetups,
    #[error("the picture has B-frames, which cannot be sent so; set the encoder's B-frames to 0")]
    BFrames,
    #[error("a packet of sound cannot be read")]
    Opus,
}

impl RunEnd {
    /// A short, permanent name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Tag(TagError::VideoCodec(_)) => "video-codec",
            Self::Tag(TagError::AudioCodec(_)) | Self::Audio(_) => "audio-codec",
            Self::Tag(TagError::Multitrack) => "multitrack",
            Self::Tag(TagError::Truncated) => "bad-tag",
            Self::Video(AvcError::Format(_) | AvcError::Size(..)) => "video-format",
            Self::Video(AvcError::Config | AvcError::Frame) => "bad-video",
            Self::NoKeyframe(_) => "no-keyframe",
            Self::NoVideo(_) => "no-video",
            Self::BackwardTime(_) => "time-backwards",
            Self::AheadOfTime(_) => "ahead-of-time",
            Self::TooManySetups => "too-many-setups",
            Self::BFrames => "b-frames",
            Self::Opus => "bad-sound",
        }
    }
}

/// The encoder's clock, unwrapped from 32 bits and anchored once on ours.
#[derive(Debug)]
struct Anchor {
    at: Timestamp,
    raw: u32,
    elapsed: Millis,
}

/// One publishing run.
#[derive(Debug)]
pub struct Run {
    began: Timestamp,
    anchor: Option<Anchor>,
    video_setup: Option<Arc<VideoSetup>>,
    audio_setup: Option<AudioSetup>,
    /// Since then so many.
    setups_since: Timestamp,
    setups: u32,
    /// Arrival of the latest picture, and of the first one still without a keyframe or the latest keyframe.
    video_heard: Option<Timestamp>,
    key_since: Option<Timestamp>,
    had_key: bool,
    last_video: Option<Timestamp>,
    last_audio: Option<Timestamp>,
    meter: Meter,
    rtp: rtp::Clocks,
}

/// A picture, however it came.
struct Picture {
    flagged_key: bool,
    composition_ms: i32,
    data: Bytes,
}

impl Run {
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self {
            began: now,
            anchor: None,
            video_setup: None,
            audio_setup: None,
            setups_since: now,
            setups: 0,
            video_heard: None,
            key_since: None,
            had_key: false,
            last_video: None,
            last_audio: None,
            meter: Meter::new(now),
            rtp: rtp::Clocks::default(),
        }
    }

    /// A video message's body with its stamp; `None` when it carries no picture.
    ///
    /// # Errors
    /// [`RunEnd`]: the run is over.
    pub fn video(&mut self, now: Timestamp, timestamp: u32, body: &Bytes) -> Result<Option<Unit>, RunEnd> {
        let picture = match video_tag(body)? {
            VideoTag::Config(config) => {
                self.shows(now, VideoSetup::parse(&config)?)?;
                return Ok(None);
            }
            VideoTag::Frame { flagged_key, composition_ms, data } => Picture { flagged_key, composition_ms, data },
            VideoTag::Nothing => return Ok(None),
        };
        let at = self.programme_time(now, timestamp)?;
        self.picture(now, at, picture)
    }

    /// The pictures are of this kind from now on.
    fn shows(&mut self, now: Timestamp, setup: VideoSetup) -> Result<(), RunEnd> {
        if self.video_setup.as_deref() != Some(&setup) {
            self.another_setup(now)?;
            self.video_setup = Some(Arc::new(setup));
        }
        Ok(())
    }

    fn picture(&mut self, now: Timestamp, at: Timestamp, picture: Picture) -> Result<Option<Unit>, RunEnd> {
        let Picture { flagged_key, composition_ms, data } = picture;
        let decode_at = advance(&mut self.last_video, at)?;
        self.video_heard = Some(now);
        let key_since = *self.key_since.get_or_insert(now);
        let Some(setup) = self.video_setup.clone() else {
            self.keyframe_due(now, key_since)?;
            return Ok(None);
        };
        let key = flagged_key && setup.is_key(&data)?;
        if key {
            self.key_since = Some(now);
            self.had_key = true;
        } else {
            self.keyframe_due(now, key_since)?;
        }
        self.meter.video(now, decode_at, data.len(), key, composition_ms);
        Ok(Some(Unit::Video(VideoUnit { setup, decode_at, composition_ms, key, data })))
    }

    /// An audio message's body with its stamp; `None` when it carries no sound.
    ///
    /// # Errors
    /// [`RunEnd`]: the run is over.
    pub fn audio(&mut self, now: Timestamp, timestamp: u32, body: &Bytes) -> Result<Option<Unit>, RunEnd> {
        let data = match audio_tag(body)? {
            AudioTag::Config(config) => {
                self.sounds(now, AudioSetup::Aac(AacSetup::parse(&config)?))?;
                return Ok(None);
            }
            AudioTag::Frame(data) => data,
            AudioTag::Nothing => return Ok(None),
        };
        let Some(setup) = self.audio_setup else { return Ok(None) };
        let at = self.programme_time(now, timestamp)?;
        let at = advance(&mut self.last_audio, at)?;
        self.meter.audio(now, at, data.len());
        Ok(Some(Unit::Audio(AudioUnit { setup, at, samples: aac::FRAME_SAMPLES, data })))
    }

    /// To be asked about once a second: has the picture stopped?
    ///
    /// # Errors
    /// [`RunEnd::NoVideo`].
    pub fn handle_timeout(&mut self, now: Timestamp) -> Result<(), RunEnd> {
        let silent = now - self.video_heard.unwrap_or(self.began);
        if silent >= VIDEO_WITHIN { Err(RunEnd::NoVideo(silent.0 / 1_000)) } else { Ok(()) }
    }

    /// How the run is doing.
    #[must_use]
    pub fn health(&self, now: Timestamp) -> Health {
        self.meter.health(now, self.video_setup.as_ref(), self.audio_setup, self.key_since.filter(|_| self.had_key))
    }

    fn sounds(&mut self, now: Timestamp, setup: AudioSetup) -> Result<(), RunEnd> {
        if self.audio_setup != Some(setup) {
            self.another_setup(now)?;
            self.audio_setup = Some(setup);
        }
        Ok(())
    }

    fn another_setup(&mut self, now: Timestamp) -> Result<(), RunEnd> {
        if now - self.setups_since >= SETUPS_WITHIN {
            (self.setups_since, self.setups) = (now, 0);
        }
        self.setups += 1;
        if self.setups > MAX_SETUPS { Err(RunEnd::TooManySetups) } else { Ok(()) }
    }

    fn keyframe_due(&self, now: Timestamp, since: Timestamp) -> Result<(), RunEnd> {
        let limit = if self.had_key { KEYFRAME_AT_LEAST_EVERY } else { FIRST_KEYFRAME };
        let waited = now - since;
        if waited >= limit { Err(RunEnd::NoKeyframe(waited.0 / 1_000)) } else { Ok(()) }
    }

    fn programme_time(&mut self, now: Timestamp, raw: u32) -> Result<Timestamp, RunEnd> {
        let anchor = self.anchor.get_or_insert(Anchor { at: now, raw, elapsed: Millis(0) });
        let step = raw.wrapping_sub(anchor.raw).cast_signed();
        let elapsed = Millis(anchor.elapsed.0 + i64::from(step));
        if step > 0 {
            anchor.raw = raw;
            anchor.elapsed = elapsed;
        }
        in_time(now, anchor.at + elapsed)
    }
}

fn in_time(now: Timestamp, at: Timestamp) -> Result<Timestamp, RunEnd> {
    if at > now + AHEAD { Err(RunEnd::AheadOfTime((at - now).0 / 1_000)) } else { Ok(at) }
}

/// A track's next time: strictly later than its last, a small step back is taken as a small step on.
fn advance(last: &mut Option<Timestamp>, at: Timestamp) -> Result<Timestamp, RunEnd> {
    let at = match *last {
        Some(last) if at + BACKWARD < last => return Err(RunEnd::BackwardTime((last - at).0)),
        Some(last) if at <= last => last + Millis(1),
        _ => at,
    };
    *last = Some(at);
    Ok(at)
}
