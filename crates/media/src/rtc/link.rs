//! What every connection by WebRTC has, whoever shows the picture: its path, its clock and its end.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use kernel::{Millis, Timestamp};
use str0m::change::SdpOffer;
use str0m::ice::StunMessage;
use str0m::net::{Protocol as Net, Receive, TcpType};
use str0m::rtp::{Extension, ExtensionMap};
use str0m::{Candidate, IceConnectionState, IceCreds, Input, Rtc, RtcConfig, RtcError};

use super::offer::{OfferRefusal, candidates};
use crate::Closed;

/// From the answer to the first keys, over the slowest of networks.
const CONNECT_WITHIN: Millis = Millis::from_secs(20);
/// Who lost their path may find another one meanwhile.
const LOST_AFTER: Millis = Millis::from_secs(10);

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

/// What the shell is to do.
#[derive(Clone, Debug)]
pub enum Output<Event> {
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

/// One connection: its path, and what this side does over it.
#[derive(Debug)]
pub struct Connection<Side> {
    pub(super) link: Link,
    pub(super) side: Side,
}

impl<Side> Connection<Side> {
    /// A packet as it came. What is no packet of this connection is not heard.
    pub fn handle_input(&mut self, now: Timestamp, protocol: Protocol, from: SocketAddr, bytes: &[u8]) {
        self.link.handle_input(now, protocol, from, bytes);
    }

    /// Further places to try, as a fragment names them (RFC 8840).
    pub fn add_candidates(&mut self, fragment: &str) {
        self.link.add_candidates(fragment);
    }

    /// Ends the connection; the other side is told.
    pub fn end(&mut self, reason: Closed) {
        self.link.end(reason);
    }
}

/// One connection's path.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) rtc: Rtc,
    tie: Tie,
    /// Where the other side may send to, as the answer says.
    addresses: Vec<SocketAddr>,
    pub(super) began: Timestamp,
    pub(super) connected: bool,
    /// Since when there is no path to the other side.
    lost: Option<Timestamp>,
    closing: Option<Closed>,
}

impl Link {
    /// Reads an offer and answers it. `since` is the monotonic clock at `now`; `addresses` are where this side can be reached.
    pub(super) fn answer(
        now: Timestamp,
        since: Instant,
        config: RtcConfig,
        addresses: &[(Protocol, SocketAddr)],
        offer: &str,
    ) -> Result<(Self, String), OfferRefusal> {
        let unreadable = |error: RtcError| OfferRefusal::Unreadable(error.to_string());
        let offer = SdpOffer::from_sdp_string(offer).map_err(|error| OfferRefusal::Unreadable(error.to_string()))?;
        let mut rtc = config.build(since);
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
        let link = Self {
            rtc,
            tie: Tie { at: now, since },
            addresses: addresses.iter().map(|(_, address)| *address).collect(),
            began: now,
            connected: false,
            lost: None,
            closing: None,
        };
        Ok((link, answer.to_sdp_string()))
    }

    pub(super) fn instant(&self, at: Timestamp) -> Instant {
        self.tie.instant(at)
    }

    fn handle_input(&mut self, now: Timestamp, protocol: Protocol, from: SocketAddr, bytes: &[u8]) {
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
    pub(super) fn handle_timeout(&mut self, now: Timestamp) {
        if let Err(error) = self.rtc.handle_input(Input::Timeout(self.tie.instant(now))) {
            self.failed(&error);
        }
        if !self.connected && now - self.began >= CONNECT_WITHIN {
            self.end(Closed::NeverConnected);
        }
        if self.lost.is_some_and(|since| now - since >= LOST_AFTER) {
            self.end(Closed::Lost);
        }
    }

    /// Names that only the other side's network knows say nothing.
    fn add_candidates(&mut self, fragment: &str) {
        for candidate in candidates(fragment).filter_map(|text| Candidate::from_sdp_string(text).ok()) {
            self.rtc.add_remote_candidate(candidate);
        }
    }

    pub(super) fn end(&mut self, reason: Closed) {
        if self.closing.is_none() {
            self.closing = Some(reason);
            if self.rtc.close().is_err() {
                self.rtc.disconnect();
            }
        }
    }

    pub(super) fn failed(&mut self, error: &RtcError) {
        self.closing.get_or_insert_with(|| Closed::Rtc(error.to_string()));
        self.rtc.disconnect();
    }

    pub(super) fn is_closing(&self) -> bool {
        self.closing.is_some()
    }

    /// What to do next; to be asked until it says [`Output::Wait`] or [`Output::Close`]. None for a picture or sound that came and
    /// was none.
    pub(super) fn poll(&mut self, now: Timestamp) -> Option<Output<str0m::Event>> {
        loop {
            if !self.rtc.is_alive() {
                return Some(Output::Close(self.closing.clone().unwrap_or(Closed::Lost)));
            }
            match self.rtc.poll_output() {
                Err(RtcError::Packet(..)) => return None,
                Err(error) => self.failed(&error),
                Ok(str0m::Output::Timeout(at)) => {
                    return Some(match self.closing.clone() {
                        Some(closing) => Output::Close(closing),
                        None => Output::Wait(self.tie.timestamp(at).min(self.next_look(now))),
                    });
                }
                Ok(str0m::Output::Transmit(packet)) => {
                    let protocol = if packet.proto == Net::Udp { Protocol::Udp } else { Protocol::Tcp };
                    let (to, bytes) = (packet.destination, packet.contents.into());
                    return Some(Output::Send { protocol, to, bytes });
                }
                Ok(str0m::Output::Event(event)) => {
                    self.follow(now, &event);
                    return Some(Output::Event(event));
                }
            }
        }
    }

    /// How the path fares.
    fn follow(&mut self, now: Timestamp, event: &str0m::Event) {
        match event {
            str0m::Event::Connected => self.connected = true,
            str0m::Event::IceConnectionStateChange(IceConnectionState::Disconnected) => {
                self.lost.get_or_insert(now);
            }
            str0m::Event::IceConnectionStateChange(_) => self.lost = None,
            str0m::Event::Closed => self.end(Closed::Unpublished),
            _ => {}
        }
    }

    fn next_look(&self, now: Timestamp) -> Timestamp {
        let connect = (!self.connected).then_some(self.began + CONNECT_WITHIN);
        let lost = self.lost.map(|since| since + LOST_AFTER);
        let second = now + Millis::from_secs(1);
        [connect, lost].into_iter().flatten().fold(second, Timestamp::min)
    }
}

/// What both sides have in common: where the house is, H.264 and Opus.
pub(super) fn config(own: Credentials) -> RtcConfig {
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
}

/// Whom a connectivity check is meant for: the name that this side gave itself. None for any other packet.
#[must_use]
pub fn username(packet: &[u8]) -> Option<String> {
    let message = StunMessage::parse(packet).ok().filter(StunMessage::is_binding_request)?;
    message.split_username().map(|(own, _)| own.to_owned())
}
