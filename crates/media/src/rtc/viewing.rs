//! One viewer's connection (WHEP): pictures and sound in, packets out. It begins at a keyframe.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use kernel::{Millis, Timestamp};
use str0m::format::{Codec, PayloadParams};
use str0m::media::{Frequency, MediaKind, MediaTime, Mid, Pt};

use super::link::{Connection, Credentials, Link, Output, Protocol, config};
use super::offer::{self, OfferRefusal};
use crate::access_unit::annex_b;
use crate::programme::{Unit, VideoUnit};

/// Packets that a viewer may ask for once more: half a second and more at 1.5 Mb/s, time for a long way and back, and a keyframe at that
/// rate. Two seconds cost each viewer 160 KB more.
const AGAIN_PICTURE: usize = 96;
const AGAIN_SOUND: usize = 16;

/// What a viewer is sent: made once for all of them.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Programme time at which it is shown.
    pub at: Timestamp,
    pub kind: FrameKind,
    /// A picture with start codes, a keyframe behind its parameter sets; or a packet of Opus.
    pub data: Arc<[u8]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameKind {
    Key,
    Picture,
    Sound,
}

impl Frame {
    /// None for what WebRTC does not carry: pictures that are shown in another order than they come in, and AAC.
    #[must_use]
    pub fn of(unit: &Unit) -> Option<Self> {
        match unit {
            Unit::Video(picture) if Self::in_order(picture) => {
                let kind = if picture.key { FrameKind::Key } else { FrameKind::Picture };
                Some(Self { at: picture.decode_at, kind, data: annex_b(picture).into() })
            }
            Unit::Audio(sound) if sound.setup == crate::audio::AudioSetup::Opus => {
                Some(Self { at: sound.at, kind: FrameKind::Sound, data: sound.data.to_vec().into() })
            }
            Unit::Video(_) | Unit::Audio(_) => None,
        }
    }

    /// Whether pictures are shown as they come. With B-frames they are not (RFC 6184 could, browsers do not).
    #[must_use]
    pub const fn in_order(picture: &VideoUnit) -> bool {
        picture.composition_ms == 0
    }
}

/// What a viewer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewerEvent {
    /// Keys are agreed on: frames can be sent.
    Connected,
    /// What it has cannot be decoded any more.
    WantsKeyframe,
}

/// One viewer's connection.
pub type Viewing = Connection<Viewer>;

/// What is known of who watches.
#[derive(Debug)]
pub struct Viewer {
    picture: Option<(Mid, Pt)>,
    sound: Option<(Mid, Pt)>,
    /// What follows cannot be decoded before a keyframe.
    broken: bool,
    /// Sound is sent from the picture's beginning on.
    begun: bool,
}

impl Viewing {
    /// Reads an offer and answers it; see [`super::Session::accept`].
    ///
    /// # Errors
    /// [`OfferRefusal`], by name.
    pub fn accept(
        now: Timestamp,
        since: Instant,
        own: Credentials,
        addresses: &[(Protocol, SocketAddr)],
        offer: &str,
    ) -> Result<(Self, String), OfferRefusal> {
        offer::check_viewer(offer)?;
        let config = config(own).set_send_buffer_video(AGAIN_PICTURE).set_send_buffer_audio(AGAIN_SOUND);
        let (link, answer) = Link::answer(now, since, config, addresses, offer)?;
        let side = Viewer { picture: None, sound: None, broken: true, begun: false };
        Ok((Self { link, side }, answer))
    }

    /// Time passed.
    pub fn handle_timeout(&mut self, now: Timestamp) {
        self.link.handle_timeout(now);
    }

    /// Whether frames can be sent by now.
    #[must_use]
    pub const fn is_connected(&self) -> bool {
        self.link.connected
    }

    /// Frames were left out: nothing is sent before the next keyframe.
    pub const fn skipped(&mut self) {
        self.side.broken = true;
    }

    /// Sends a frame as it is. `at` is what its stamp says: its programme time in milliseconds × 90 (× 48 for sound), of which
    /// the lowest 32 bits travel. The packets come by [`Viewing::poll_output`], to be asked before the next one.
    pub fn send(&mut self, now: Timestamp, at: Timestamp, frame: &Frame) {
        if !self.link.connected {
            return;
        }
        let millis = at.unix_millis().max(0).cast_unsigned();
        let (way, time) = match frame.kind {
            FrameKind::Key => {
                (self.side.broken, self.side.begun) = (false, true);
                (self.side.picture, MediaTime::from_90khz(millis * 90))
            }
            FrameKind::Picture if self.side.broken => return,
            FrameKind::Picture => (self.side.picture, MediaTime::from_90khz(millis * 90)),
            FrameKind::Sound if !self.side.begun => return,
            FrameKind::Sound => (self.side.sound, MediaTime::new(millis * 48, Frequency::FORTY_EIGHT_KHZ)),
        };
        let Some((mid, pt)) = way else { return };
        // Reports tie stamps to this clock: both tracks' to the programme's, so that players keep them together.
        let instant = self.link.instant(at.min(now));
        let written = self.link.rtc.writer(mid).map(|writer| writer.write(pt, instant, time, frame.data.clone()));
        if let Some(Err(error)) = written {
            self.link.failed(&error);
        }
    }

    /// What to do next; to be asked until it says [`Output::Wait`] or [`Output::Close`].
    pub fn poll_output(&mut self, now: Timestamp) -> Output<ViewerEvent> {
        loop {
            match self.link.poll(now) {
                None => {}
                Some(Output::Event(str0m::Event::Connected)) => return Output::Event(ViewerEvent::Connected),
                Some(Output::Event(str0m::Event::KeyframeRequest(_))) => {
                    return Output::Event(ViewerEvent::WantsKeyframe);
                }
                Some(Output::Event(str0m::Event::MediaAdded(added))) => match added.kind {
                    MediaKind::Video => self.side.picture = self.way(added.mid, Codec::H264),
                    MediaKind::Audio => self.side.sound = self.way(added.mid, Codec::Opus),
                },
                Some(Output::Event(_)) => {}
                Some(Output::Wait(until)) => return Output::Wait(until.min(now + Millis::from_secs(1))),
                Some(Output::Send { protocol, to, bytes }) => return Output::Send { protocol, to, bytes },
                Some(Output::Close(closed)) => return Output::Close(closed),
            }
        }
    }

    /// How this codec is called in the connection: for H.264 with fragments (packetisation mode 1), and the highest profile
    /// that was agreed on, as browsers decode each by what the picture itself says.
    fn way(&mut self, mid: Mid, codec: Codec) -> Option<(Mid, Pt)> {
        let writer = self.link.rtc.writer(mid)?;
        let rank = |params: &PayloadParams| {
            let format = params.spec().format;
            (format.packetization_mode == Some(1), format.profile_level_id.map(|id| id >> 16))
        };
        let agreed = writer.payload_params().filter(|params| params.spec().codec == codec);
        agreed.max_by_key(|params| rank(params)).map(|params| (mid, params.pt()))
    }
}
