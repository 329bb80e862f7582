//! One publisher's connection: packets in; packets, pictures and sound out.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use kernel::{Millis, Timestamp};
use str0m::media::{Frequency, KeyframeRequestKind, MediaData, MediaKind, Mid};

use super::link::{Connection, Credentials, Link, Output, Protocol, config};
use super::offer::{self, OfferRefusal};
use crate::Closed;
use crate::programme::SenderReport;

/// Players join at keyframes and segments end at them.
const KEYFRAME_EVERY: Millis = Millis::from_secs(2);
/// So soon after one there is no other, however many viewers want it: keyframes are large.
const KEYFRAME_WANTED_AFTER: Millis = Millis(500);
/// A request that was not heard is said again.
const ASK_AGAIN: Millis = Millis(400);
/// A packet that is lost is waited for, as it is sent again; then what it was part of is given up.
const REPAIR_WITHIN: Duration = Duration::from_millis(400);
const REPAIR_SOUND_WITHIN: Duration = Duration::from_millis(150);

/// Pictures of one packet that are none, at most.
const MAX_BAD: u32 = 64;

/// What came.
#[derive(Clone, Debug)]
pub enum Event {
    /// Keys are agreed on: pictures will come.
    Connected,
    /// A whole picture with start codes, in order; after a loss the first is a keyframe.
    Picture { stamp: u32, report: Option<SenderReport>, data: std::sync::Arc<[u8]> },
    /// A packet of Opus.
    Sound { stamp: u32, report: Option<SenderReport>, data: std::sync::Arc<[u8]> },
}

/// One publisher's connection.
pub type Session = Connection<Publisher>;

/// What is known of who publishes.
#[derive(Debug)]
pub struct Publisher {
    picture: Option<Mid>,
    /// Pictures were lost: what follows cannot be decoded before a keyframe.
    broken: bool,
    key_heard: Option<Timestamp>,
    asked: Option<Timestamp>,
    /// A viewer waits for a keyframe.
    wanted: bool,
}

impl Session {
    /// Reads an offer and answers it. `since` is the monotonic clock at `now`; `addresses` are where this side can be reached.
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
        offer::check(offer)?;
        let config = config(own)
            .set_reordering_timeout_video(Some(REPAIR_WITHIN))
            .set_reordering_timeout_audio(Some(REPAIR_SOUND_WITHIN));
        let (link, answer) = Link::answer(now, since, config, addresses, offer)?;
        let side = Publisher { picture: None, broken: true, key_heard: None, asked: None, wanted: false };
        Ok((Self { link, side }, answer))
    }

    /// Time passed.
    pub fn handle_timeout(&mut self, now: Timestamp) {
        self.link.handle_timeout(now);
        self.ask_for_keyframe(now);
    }

    /// What to do next; to be asked until it says [`Output::Wait`] or [`Output::Close`].
    pub fn poll_output(&mut self, now: Timestamp) -> Output<Event> {
        let mut bad = 0;
        loop {
            match self.link.poll(now) {
                // One picture was none: it is left out, as if it were lost.
                None if bad < MAX_BAD => {
                    bad += 1;
                    self.side.broken = true;
                }
                None => self.link.end(Closed::Rtc("packets that hold no picture".into())),
                Some(Output::Event(event)) => {
                    if let Some(event) = self.event(now, event) {
                        return Output::Event(event);
                    }
                }
                Some(Output::Wait(until)) => return Output::Wait(until.min(self.next_look(now))),
                Some(Output::Send { protocol, to, bytes }) => return Output::Send { protocol, to, bytes },
                Some(Output::Close(closed)) => return Output::Close(closed),
            }
        }
    }

    fn event(&mut self, now: Timestamp, event: str0m::Event) -> Option<Event> {
        match event {
            str0m::Event::Connected => return Some(Event::Connected),
            str0m::Event::MediaAdded(added) if added.kind == MediaKind::Video => self.side.picture = Some(added.mid),
            str0m::Event::MediaData(data) => return self.media(now, data),
            _ => {}
        }
        None
    }

    fn media(&mut self, now: Timestamp, data: MediaData) -> Option<Event> {
        let report = data
            .last_sender_info
            .map(|info| SenderReport { sender_micros: micros(info.ntp_time), stamp: wrapped(info.rtp_time.numer()) });
        if data.params.spec().codec.is_audio() {
            let stamp = wrapped(data.time.rebase(Frequency::FORTY_EIGHT_KHZ).numer());
            return Some(Event::Sound { stamp, report, data: data.data });
        }
        if data.is_keyframe() {
            self.side.broken = false;
            self.side.key_heard = Some(now);
            (self.side.asked, self.side.wanted) = (None, false);
        } else if !data.contiguous {
            self.side.broken = true;
        }
        if self.side.broken {
            self.ask_for_keyframe(now);
            return None;
        }
        let stamp = wrapped(data.time.rebase(Frequency::NINETY_KHZ).numer());
        Some(Event::Picture { stamp, report, data: data.data })
    }

    /// A viewer needs a keyframe to go on.
    pub fn want_keyframe(&mut self, now: Timestamp) {
        self.side.wanted = true;
        self.ask_for_keyframe(now);
    }

    fn keyframe_due(&self) -> Option<Timestamp> {
        self.side.picture?;
        let due = match self.side.key_heard {
            Some(heard) if !self.side.broken => {
                heard + if self.side.wanted { KEYFRAME_WANTED_AFTER } else { KEYFRAME_EVERY }
            }
            _ => self.link.began,
        };
        Some(self.side.asked.map_or(due, |asked| due.max(asked + ASK_AGAIN)))
    }

    fn ask_for_keyframe(&mut self, now: Timestamp) {
        let (Some(due), Some(mid)) = (self.keyframe_due(), self.side.picture) else { return };
        if now < due || !self.link.connected || self.link.is_closing() {
            return;
        }
        // Before the first packet there is nobody to ask.
        let asked = self.link.rtc.writer(mid).map(|mut writer| writer.request_keyframe(None, KeyframeRequestKind::Pli));
        if matches!(asked, Some(Ok(()))) {
            self.side.asked = Some(now);
        }
    }

    fn next_look(&self, now: Timestamp) -> Timestamp {
        let keyframe = self.keyframe_due().filter(|_| self.link.connected).map(|due| due.max(now + Millis(50)));
        keyframe.unwrap_or(now + Millis::from_secs(1))
    }
}

fn micros(time: std::time::SystemTime) -> i64 {
    let since = time.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

/// The 32 bits that travel.
fn wrapped(stamp: u64) -> u32 {
    u32::try_from(stamp & u64::from(u32::MAX)).unwrap_or(0)
}
