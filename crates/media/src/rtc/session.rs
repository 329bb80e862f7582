//! One publisher's connection: packets in; packets, pictures and sound out.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use kernel::{Millis, Timestamp};
use str0m::change::SdpOffer;
use str0m::ice::StunMessage;
use str0m::media::{Frequency, KeyframeRequestKind, MediaData, MediaKind, Mid};
use str0m::net::{Protocol as Net, Receive, TcpType};
use str0m::rtp::{Extension, ExtensionMap};
use str0m::{Candidate, IceConnectionState, IceCreds, Input, Rtc, RtcConfig, RtcError};

use super::offer::{self, OfferRefusal, candidates};
use crate::Closed;
use crate::programme::SenderReport;

/// From the answer to the first keys, over the slowest of networks.
const CONNECT_WITHIN: Millis = Millis::from_secs(20);
/// A publisher whose path is lost may find another one meanwhile.
const LOST_AFTER: Millis = Millis::from_secs(10);
/// Players join at keyframes and segments end at them.
const KEYFRAME_EVERY: Millis = Millis::from_secs(2);
/// A request that was not heard is said again.
const ASK_AGAIN: Millis = Millis(400);
/// A packet that is lost is waited for, as it is sent again; then what it was part of is given up.
const REPAIR_WITHIN: Duration = Duration::from_millis(400);
const REPAIR_SOUND_WITHIN: Duration = Duration::from_millis(150);

/// Pictures of one packet that are none, at most.
const MAX_BAD: u32 = 64;

/// How a packet travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    Udp,
    /// Framed (RFC 4571) over a connection that the browser opened.
    Tcp,
}

/// What this side is called in connectivity checks. Random: at least 24 and 128 bits (RFC 8445, 5.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    pub name: String,
    pub password: String,
}

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

/// What the shell is to do.
#[derive(Clone, Debug)]
pub enum Output {
    Send {
        protocol: Protocol,
        to: SocketAddr,
        bytes: Vec<u8>,
    },
    Event(Event),
    /// Ask again at this time, or after input.
    Wait(Timestamp),
    /// Everything is said.
    Close(Closed),
}

/// The moment that both clocks are tied together at.
#[derive(Clone, Copy, Debug)]
struct Tie {
    at: Timestamp,
    since: Instant,
}

impl Tie {
    fn instant(self, at: Timestamp) -> Instant {
        let micros = u64::try_from(at.unix_micros().saturating_sub(self.at.unix_micros())).unwrap_or(0);
        self.since + Duration::from_micros(micros.min(u64::from(u32::MAX) * 1_000_000))
    }

    fn timestamp(self, instant: Instant) -> Timestamp {
        let micros = instant.saturating_duration_since(self.since).as_micros();
        let micros = i64::try_from(micros).unwrap_or(i64::MAX);
        Timestamp::from_unix_micros(self.at.unix_micros().saturating_add(micros))
    }
}

/// One publisher's connection.
#[derive(Debug)]
pub struct Session {
    rtc: Rtc,
    tie: Tie,
    /// Where the other side may send to, as the answer says.
    addresses: Vec<SocketAddr>,
    began: Timestamp,
    connected: bool,
    /// Since when there is no path to the publisher.
    lost: Option<Timestamp>,
    picture: Option<Mid>,
    /// Pictures were lost: what follows cannot be decoded before a keyframe.
    broken: bool,
    key_heard: Option<Timestamp>,
    asked: Option<Timestamp>,
    closing: Option<Closed>,
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
        let unreadable = |error: RtcError| OfferRefusal::Unreadable(error.to_string());
        let offer = SdpOffer::from_sdp_string(offer).map_err(|error| OfferRefusal::Unreadable(error.to_string()))?;
        let mut rtc = config(own).build(since);
        for (protocol, address) in addresses {
            let candidate = match protocol {
                Protocol::Udp => Candidate::host(*address, Net::Udp),
                Protocol::Tcp => Candidate::builder().tcp().host(*address).tcptype(TcpType::Passive).build(),
            };
            if let Ok(candidate) = candidate {
                rtc.add_local_candidate(candidate);
            }
        }
        let answer = rtc.sdp_api().accept_offer(offer).map_err(unreadable)?;
        let session = Self {
            rtc,
            tie: Tie { at: now, since },
            addresses: addresses.iter().map(|(_, address)| *address).collect(),
            began: now,
            connected: false,
            lost: None,
            picture: None,
            broken: true,
            key_heard: None,
            asked: None,
            closing: None,
        };
        Ok((session, answer.to_sdp_string()))
    }

    /// A packet as it came. What is no packet of this connection is not heard.
    pub fn handle_input(&mut self, now: Timestamp, protocol: Protocol, from: SocketAddr, bytes: &[u8]) {
        let Some(to) = self.addresses.iter().find(|own| own.is_ipv4() == from.is_ipv4()).or(self.addresses.first())
        else {
            return;
        };
        let net = match protocol {
            Protocol::Udp => Net::Udp,
            Protocol::Tcp => Net::Tcp,
        };
        let Ok(receive) = Receive::new(net, from, *to, bytes) else { return };
        let input = Input::Receive(self.tie.instant(now), receive);
        if !self.rtc.accepts(&input) {
            return;
        }
        if let Err(error) = self.rtc.handle_input(input) {
            self.failed(&error);
        }
    }

    /// Time passed.
    pub fn handle_timeout(&mut self, now: Timestamp) {
        if let Err(error) = self.rtc.handle_input(Input::Timeout(self.tie.instant(now))) {
            self.failed(&error);
        }
        if !self.connected && now - self.began >= CONNECT_WITHIN {
            self.end(Closed::NeverConnected);
        }
        if self.lost.is_some_and(|since| now - since >= LOST_AFTER) {
            self.end(Closed::Lost);
        }
        self.ask_for_keyframe(now);
    }

    /// Further places to try, as a fragment names them (RFC 8840). Names that only the publisher's network knows say nothing.
    pub fn add_candidates(&mut self, fragment: &str) {
        for candidate in candidates(fragment).filter_map(|text| Candidate::from_sdp_string(text).ok()) {
            self.rtc.add_remote_candidate(candidate);
        }
    }

    /// Ends the connection; the other side is told.
    pub fn end(&mut self, reason: Closed) {
        if self.closing.is_none() {
            self.closing = Some(reason);
            if self.rtc.close().is_err() {
                self.rtc.disconnect();
            }
        }
    }

    fn failed(&mut self, error: &RtcError) {
        self.closing.get_or_insert_with(|| Closed::Rtc(error.to_string()));
        self.rtc.disconnect();
    }

    /// What to do next; to be asked until it says [`Output::Wait`] or [`Output::Close`].
    pub fn poll_output(&mut self, now: Timestamp) -> Output {
        let mut bad = 0;
        loop {
            if !self.rtc.is_alive() {
                return Output::Close(self.closing.clone().unwrap_or(Closed::Lost));
            }
            match self.rtc.poll_output() {
                // One picture was none: it is left out, as if it were lost.
                Err(RtcError::Packet(..)) if bad < MAX_BAD => {
                    bad += 1;
                    self.broken = true;
                }
                Err(error) => self.failed(&error),
                Ok(str0m::Output::Timeout(at)) => {
                    if let Some(closing) = self.closing.clone() {
                        return Output::Close(closing);
                    }
                    return Output::Wait(self.tie.timestamp(at).min(self.next_look(now)));
                }
                Ok(str0m::Output::Transmit(packet)) => {
                    let protocol = if packet.proto == Net::Udp { Protocol::Udp } else { Protocol::Tcp };
                    return Output::Send { protocol, to: packet.destination, bytes: packet.contents.into() };
                }
                Ok(str0m::Output::Event(event)) => {
                    if let Some(event) = self.event(now, event) {
                        return Output::Event(event);
                    }
                }
            }
        }
    }

    fn event(&mut self, now: Timestamp, event: str0m::Event) -> Option<Event> {
        match event {
            str0m::Event::Connected => {
                self.connected = true;
                return Some(Event::Connected);
            }
            str0m::Event::IceConnectionStateChange(IceConnectionState::Disconnected) => {
                self.lost.get_or_insert(now);
            }
            str0m::Event::IceConnectionStateChange(_) => self.lost = None,
            str0m::Event::MediaAdded(added) if added.kind == MediaKind::Video => self.picture = Some(added.mid),
            str0m::Event::MediaData(data) => return self.media(now, data),
            str0m::Event::Closed => self.end(Closed::Unpublished),
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
            self.broken = false;
            self.key_heard = Some(now);
            self.asked = None;
        } else if !data.contiguous {
            self.broken = true;
        }
        if self.broken {
            self.ask_for_keyframe(now);
            return None;
        }
        let stamp = wrapped(data.time.rebase(Frequency::NINETY_KHZ).numer());
        Some(Event::Picture { stamp, report, data: data.data })
    }

    fn keyframe_due(&self) -> Option<Timestamp> {
        self.picture?;
        let due = match self.key_heard {
            Some(heard) if !self.broken => heard + KEYFRAME_EVERY,
            _ => self.began,
        };
        Some(self.asked.map_or(due, |asked| due.max(asked + ASK_AGAIN)))
    }

    fn ask_for_keyframe(&mut self, now: Timestamp) {
        let (Some(due), Some(mid)) = (self.keyframe_due(), self.picture) else { return };
        if now < due || !self.connected || self.closing.is_some() {
            return;
        }
        // Before the first packet there is nobody to ask.
        let asked = self.rtc.writer(mid).map(|mut writer| writer.request_keyframe(None, KeyframeRequestKind::Pli));
        if matches!(asked, Some(Ok(()))) {
            self.asked = Some(now);
        }
    }

    fn next_look(&self, now: Timestamp) -> Timestamp {
        let connect = (!self.connected).then_some(self.began + CONNECT_WITHIN);
        let lost = self.lost.map(|since| since + LOST_AFTER);
        let keyframe = self.keyframe_due().filter(|_| self.connected).map(|due| due.max(now + Millis(50)));
        let second = now + Millis::from_secs(1);
        [connect, lost, keyframe].into_iter().flatten().fold(second, Timestamp::min)
    }
}

fn config(own: Credentials) -> RtcConfig {
    // Without the extension for orientation a phone turns its pictures before it sends them.
    let mut extensions = ExtensionMap::empty();
    extensions.set(2, Extension::AbsoluteSendTime);
    extensions.set(3, Extension::TransportSequenceNumber);
    extensions.set(4, Extension::RtpMid);
    RtcConfig::new()
        .set_ice_lite(true)
        .set_local_ice_credentials(IceCreds { ufrag: own.name, pass: own.password })
        .clear_codecs()
        .enable_opus(true, false)
        .enable_h264(true)
        .set_extension_map(extensions)
        .set_reordering_timeout_video(Some(REPAIR_WITHIN))
        .set_reordering_timeout_audio(Some(REPAIR_SOUND_WITHIN))
}

fn micros(time: std::time::SystemTime) -> i64 {
    let since = time.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

/// The 32 bits that travel.
fn wrapped(stamp: u64) -> u32 {
    u32::try_from(stamp & u64::from(u32::MAX)).unwrap_or(0)
}

/// Whom a connectivity check is meant for: the name that this side gave itself. None for any other packet.
#[must_use]
pub fn username(packet: &[u8]) -> Option<String> {
    let message = StunMessage::parse(packet).ok().filter(StunMessage::is_binding_request)?;
    message.split_username().map(|(own, _)| own.to_owned())
}
