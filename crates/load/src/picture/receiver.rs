//! One viewer by WebRTC (WHEP): asks, shakes hands, and counts what comes.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

use str0m::change::SdpAnswer;
use str0m::media::{Direction, Frequency, MediaKind};
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};
use tokio::net::UdpSocket;
use tokio::time::{Instant, sleep_until};

use super::rtp::{Came, Counted, kinds};
use crate::client::Client;
use crate::house::Spoiled;

/// No packet is longer.
const PACKET_BYTES: usize = 2_048;

/// What all viewers saw.
#[derive(Debug, Default)]
pub(super) struct Together {
    /// Viewers whose first picture has come, and those whose connection has ended.
    pub(super) watching: AtomicUsize,
    pub(super) ended: AtomicUsize,
    packets: AtomicU64,
    bytes: AtomicU64,
    pictures: AtomicU64,
    sounds: AtomicU64,
    lost: AtomicU64,
}

impl Together {
    fn add(&self, came: Came) {
        let Came { packets, bytes, pictures, sounds, lost } = came;
        let sums = [&self.packets, &self.bytes, &self.pictures, &self.sounds, &self.lost];
        for (sum, more) in sums.into_iter().zip([packets, bytes, pictures, sounds, lost]) {
            sum.fetch_add(more, Relaxed);
        }
    }

    pub(super) fn came(&self) -> Came {
        let sums = [&self.packets, &self.bytes, &self.pictures, &self.sounds, &self.lost];
        let [packets, bytes, pictures, sounds, lost] = sums.map(|sum| sum.load(Relaxed));
        Came { packets, bytes, pictures, sounds, lost }
    }
}

/// A connection that watches.
#[derive(Debug)]
pub(super) struct Receiver {
    rtc: Rtc,
    socket: UdpSocket,
    local: SocketAddr,
    /// Decrypts and puts together all that comes, as a browser does. The others look at the packets' headers, so that thousands fit
    /// onto one core.
    whole: bool,
    counted: Counted,
    together: Arc<Together>,
}

const BROKEN: Spoiled = Spoiled::Nothing("a viewer's WebRTC broke");

impl Receiver {
    /// Offers to watch at `path` of `host`, from an address of the same network.
    pub(super) async fn ask(
        host: &str,
        server: SocketAddr,
        path: &str,
        whole: bool,
        together: Arc<Together>,
    ) -> Result<Self, Spoiled> {
        let socket = UdpSocket::bind((server.ip(), 0)).await.map_err(|_| Spoiled::Nothing("no port is free"))?;
        let local = socket.local_addr().map_err(|_| BROKEN)?;
        let config = RtcConfig::new().clear_codecs().enable_opus(true, false).enable_h264(true);
        let mut rtc = config.build(Instant::now().into_std());
        rtc.add_local_candidate(Candidate::host(local, Protocol::Udp).map_err(|_| BROKEN)?);
        let mut change = rtc.sdp_api();
        for kind in [MediaKind::Video, MediaKind::Audio] {
            change.add_media(kind, Direction::RecvOnly, None, None, None);
        }
        let (offer, pending) = change.apply().ok_or(BROKEN)?;
        let answer = Client::new(host).offer(path, &offer.to_sdp_string()).await?;
        if answer.status != 201 {
            let (deed, body) = (format!("POST {path}"), answer.json());
            return Err(Spoiled::Refused { deed, status: answer.status, body });
        }
        let answer = String::from_utf8_lossy(&answer.body).into_owned();
        let read = SdpAnswer::from_sdp_string(&answer).map_err(|_| BROKEN)?;
        rtc.sdp_api().accept_answer(pending, read).map_err(|_| BROKEN)?;
        Ok(Self { rtc, socket, local, whole, counted: Counted::new(kinds(&answer)), together })
    }

    /// Watches until the connection ends.
    pub(super) async fn watch(mut self) {
        let mut packet = [0; PACKET_BYTES];
        let (mut told, mut watching) = (Came::default(), false);
        while let Some(until) = self.say().await {
            // Until there is something for the connection itself, nothing has to be said.
            loop {
                let timely = tokio::select! {
                    biased;
                    ready = self.socket.readable() => ready.is_ok(),
                    () = sleep_until(until) => false,
                };
                if !timely || self.hear(&mut packet) {
                    break;
                }
                if Instant::now() >= until {
                    break;
                }
            }
            self.tell(&mut told, &mut watching);
            if Instant::now() >= until {
                let _ = self.rtc.handle_input(Input::Timeout(Instant::now().into_std()));
            }
        }
        self.together.ended.fetch_add(1, Relaxed);
    }

    fn tell(&mut self, told: &mut Came, watching: &mut bool) {
        let now = self.counted.came;
        self.together.add(Came {
            packets: now.packets - told.packets,
            bytes: now.bytes - told.bytes,
            pictures: now.pictures - told.pictures,
            sounds: now.sounds - told.sounds,
            lost: now.lost - told.lost,
        });
        *told = now;
        if now.pictures > 0 && !std::mem::replace(watching, true) {
            self.together.watching.fetch_add(1, Relaxed);
        }
    }

    /// Reads all that is there; whether some of it was for the connection.
    fn hear(&mut self, packet: &mut [u8]) -> bool {
        let mut heard = false;
        while let Ok((length, from)) = self.socket.try_recv_from(packet) {
            let packet = &packet[..length];
            // Reports of RTP's own (RFC 5761) and all that is no RTP.
            let is_media = packet.len() > 1 && packet[0] >> 6 == 2 && !(192..224).contains(&packet[1]);
            if is_media {
                self.counted.packet(packet);
            }
            if is_media && !self.whole {
                continue;
            }
            if let Ok(receive) = Receive::new(Protocol::Udp, from, self.local, packet) {
                heard = true;
                let _ = self.rtc.handle_input(Input::Receive(Instant::now().into_std(), receive));
            }
        }
        heard
    }

    /// Says all that is to be said; when to come back, or none once it is over.
    async fn say(&mut self) -> Option<Instant> {
        while self.rtc.is_alive() {
            match self.rtc.poll_output().ok()? {
                Output::Timeout(at) => return Some(Instant::from_std(at)),
                Output::Transmit(packet) => drop(self.socket.send_to(&packet.contents, packet.destination).await),
                Output::Event(Event::MediaData(data)) if data.params.spec().codec.is_video() => {
                    // Counted by its headers already; here whether it could be put together.
                    self.counted.came.lost +=
                        u64::from(!data.contiguous && data.time.rebase(Frequency::NINETY_KHZ).numer() > 0);
                }
                Output::Event(_) => {}
            }
        }
        None
    }
}
