//! A browser, played by str0m over real sockets, publishes by UDP, and by TCP alone.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use app::ports::{AirItem, NotWatched, OfferProblem, PublishRefusal, Whep, Whip};
use kernel::ProgrammeId;
use str0m::change::SdpAnswer;
use str0m::format::Codec;
use str0m::media::{Direction, Frequency, KeyframeRequestKind, MediaData, MediaKind, MediaTime, Mid};
use str0m::net::{Protocol, Receive, TcpType};
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::{Instant, sleep, timeout};

use crate::proof::Proof;
use crate::proof::encoder::CONFIG;

/// How packets travel.
enum Wire {
    Udp(UdpSocket),
    Tcp(OwnedReadHalf, OwnedWriteHalf),
}

pub(crate) struct Browser {
    pub(crate) rtc: Rtc,
    wire: Wire,
    local: SocketAddr,
    house: SocketAddr,
    mids: [Mid; 2],
    began: Instant,
    /// What came, where it watches.
    pub(crate) came: Vec<MediaData>,
    /// How often it was asked for a keyframe, where it publishes.
    pub(crate) asked: Arc<AtomicUsize>,
}

impl Browser {
    pub(crate) async fn connect(house: SocketAddr, by: Protocol) -> Self {
        let (wire, local, candidate) = if by == Protocol::Udp {
            let socket = UdpSocket::bind("127.0.0.1:0").await.expect("binds");
            let local = socket.local_addr().expect("an address");
            (Wire::Udp(socket), local, Candidate::host(local, Protocol::Udp))
        } else {
            let socket = TcpStream::connect(house).await.expect("connects");
            let local = socket.local_addr().expect("an address");
            let (reader, writer) = socket.into_split();
            let candidate = Candidate::builder().tcp().host(local).tcptype(TcpType::Active).build();
            (Wire::Tcp(reader, writer), local, candidate)
        };
        let began = Instant::now();
        let config = RtcConfig::new().clear_codecs().enable_opus(true, false).enable_h264(true);
        let mut rtc = config.build(began.into_std());
        rtc.add_local_candidate(candidate.expect("a candidate"));
        Self {
            rtc,
            wire,
            local,
            house,
            mids: [Mid::from("v"), Mid::from("a")],
            began,
            came: Vec::new(),
            asked: Arc::default(),
        }
    }

    /// Offers a picture and a sound; the session's name.
    pub(crate) async fn offer(&mut self, proof: &Proof, key: &str) -> Result<String, OfferProblem> {
        let mut change = self.rtc.sdp_api();
        self.mids = [MediaKind::Video, MediaKind::Audio]
            .map(|kind| change.add_media(kind, Direction::SendOnly, None, None, None));
        let (offer, pending) = change.apply().expect("changes");
        let grant = *proof.house.grants.lock().expect("lock").get(key).expect("a show");
        let answered = proof.streamer.publish(grant, &offer.to_sdp_string()).await?;
        let answer = SdpAnswer::from_sdp_string(&answered.answer).expect("an answer");
        self.rtc.sdp_api().accept_answer(pending, answer).expect("taken");
        Ok(answered.session)
    }

    /// Offers to take a picture and a sound; the session's name.
    pub(crate) async fn watch(&mut self, proof: &Proof, programme: ProgrammeId) -> Result<String, NotWatched> {
        let mut change = self.rtc.sdp_api();
        self.mids = [MediaKind::Video, MediaKind::Audio]
            .map(|kind| change.add_media(kind, Direction::RecvOnly, None, None, None));
        let (offer, pending) = change.apply().expect("changes");
        let answered = proof.streamer.watch(programme, &offer.to_sdp_string()).await?;
        let answer = SdpAnswer::from_sdp_string(&answered.answer).expect("an answer");
        self.rtc.sdp_api().accept_answer(pending, answer).expect("taken");
        Ok(answered.session)
    }

    /// Takes what comes until it is enough, or the connection ends.
    pub(crate) async fn look(&mut self, enough: impl Fn(&[MediaData]) -> bool) {
        while self.rtc.is_alive() && !enough(&self.came) {
            self.say().await;
            self.hear().await;
        }
    }

    /// Says that what it has cannot be decoded any more.
    pub(crate) async fn want_keyframe(&mut self) {
        let writer = self.rtc.writer(self.mids[0]);
        writer.expect("a picture").request_keyframe(None, KeyframeRequestKind::Pli).expect("asked");
        self.say().await;
    }

    async fn say(&mut self) {
        while let Ok(output) = self.rtc.poll_output() {
            match output {
                Output::Timeout(_) => break,
                Output::Event(Event::MediaData(data)) => self.came.push(data),
                Output::Event(Event::KeyframeRequest(_)) => drop(self.asked.fetch_add(1, Relaxed)),
                Output::Event(_) => {}
                Output::Transmit(packet) => match &mut self.wire {
                    Wire::Udp(socket) => drop(socket.send_to(&packet.contents, packet.destination).await),
                    Wire::Tcp(_, writer) => {
                        let length = u16::try_from(packet.contents.len()).expect("a packet").to_be_bytes();
                        let _ = writer.write_all(&[&length[..], &packet.contents].concat()).await;
                    }
                },
            }
            if !self.rtc.is_alive() {
                break;
            }
        }
    }

    async fn hear(&mut self) {
        let mut packet = vec![0; 2_048];
        let (protocol, length) = match &mut self.wire {
            Wire::Udp(socket) => {
                let heard = timeout(Duration::from_millis(5), socket.recv_from(&mut packet)).await;
                (Protocol::Udp, heard.ok().and_then(Result::ok).map(|(length, _)| length))
            }
            Wire::Tcp(reader, _) => {
                let ready = timeout(Duration::from_millis(5), reader.readable()).await;
                let mut length = None;
                if ready.is_ok_and(|ready| ready.is_ok()) {
                    let said = reader.read_u16().await.map(usize::from).unwrap_or(0);
                    if said > 0 && reader.read_exact(&mut packet[..said]).await.is_ok() {
                        length = Some(said);
                    }
                }
                (Protocol::Tcp, length)
            }
        };
        let now = Instant::now().into_std();
        let Some(length) = length else {
            let _ = self.rtc.handle_input(Input::Timeout(now));
            return;
        };
        let receive = Receive::new(protocol, self.house, self.local, &packet[..length]).expect("a packet");
        let _ = self.rtc.handle_input(Input::Receive(now, receive));
    }

    /// Publishes for so long: a keyframe a second, 25 pictures a second, sound every 20 ms.
    pub(crate) async fn publish(&mut self, length: Duration) {
        let (mut pictures, mut sounds) = (0u64, 0u64);
        let (sps, pps) = (&CONFIG[13..41], &CONFIG[44..49]);
        let start = &[0, 0, 0, 1][..];
        let until = Instant::now() + length;
        while Instant::now() < until && self.rtc.is_alive() {
            let elapsed = u64::try_from(self.began.elapsed().as_millis()).expect("fits");
            if self.rtc.is_connected() && elapsed / 40 > pictures {
                let key = elapsed / 1_000 != pictures * 40 / 1_000 || pictures == 0;
                pictures = elapsed / 40;
                let filler = [0xAB; 2_000];
                let picture = if key {
                    [start, sps, start, pps, start, &[0x65, 0x88], &filler].concat()
                } else {
                    [start, &[0x41, 0xE0], &filler[..]].concat()
                };
                let time = MediaTime::new(pictures * 3_600, Frequency::NINETY_KHZ);
                self.write(0, Codec::H264, time, picture);
                self.say().await;
            }
            if self.rtc.is_connected() && elapsed / 20 > sounds {
                sounds = elapsed / 20;
                let time = MediaTime::new(sounds * 960, Frequency::FORTY_EIGHT_KHZ);
                self.write(1, Codec::Opus, time, vec![0xF8, 0xFF, 0xFE]);
            }
            self.say().await;
            self.hear().await;
        }
    }

    fn write(&mut self, track: usize, codec: Codec, time: MediaTime, data: Vec<u8>) {
        let Some(writer) = self.rtc.writer(self.mids[track]) else { return };
        let pt = writer.payload_params().find(|params| params.spec().codec == codec).expect("negotiated").pt();
        writer.write(pt, Instant::now().into_std(), time, data).expect("written");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_publishes_by_udp_and_where_none_gets_through_by_tcp() {
    for by in [Protocol::Udp, Protocol::Tcp] {
        let proof = Proof::start().await;
        let grant = proof.show("key");
        let mut browser = Browser::connect(proof.webrtc, by).await;
        let session = browser.offer(&proof, "key").await.expect("taken");
        let publishing = tokio::spawn(async move {
            browser.publish(Duration::from_secs(60)).await;
            browser
        });
        // On a busy machine this browser may skip pictures, so the lengths of its parts are not looked at.
        let item = AirItem::Playlist { msn: None, part: None, skip: false };
        let fetched = async {
            while proof.playlist(grant.programme, item).await.matches("#EXT-X-PART:").count() < 6 {
                sleep(Duration::from_millis(100)).await;
            }
        };
        timeout(Duration::from_secs(60), fetched).await.expect("parts");
        assert_eq!(proof.told(grant.show), ["came"], "{by:?}");

        let mut second = Browser::connect(proof.webrtc, Protocol::Udp).await;
        let refused = second.offer(&proof, "key").await.expect_err("one at a time");
        assert_eq!(refused, OfferProblem::Publish(PublishRefusal::AlreadyPublishing));

        assert!(proof.streamer.leave(&session).await);
        let browser = timeout(Duration::from_secs(20), publishing).await.expect("the browser was told").expect("ends");
        assert!(!browser.rtc.is_alive() || !browser.rtc.is_connected(), "{by:?}");
        assert_eq!(proof.told(grant.show), ["came", "left"], "{by:?}");
        assert!(!proof.streamer.leave(&session).await, "it is over");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_packets_and_connections_are_dropped() {
    let proof = Proof::start().await;
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("binds");
    for packet in [&[][..], &[0; 20], &[0x80; 1_500], b"GET / HTTP/1.1\r\n\r\n"] {
        socket.send_to(packet, proof.webrtc).await.expect("sent");
    }
    let mut packet = [0; 64];
    assert!(timeout(Duration::from_millis(300), socket.recv(&mut packet)).await.is_err(), "it answered a stranger");
    let mut stream = TcpStream::connect(proof.webrtc).await.expect("connects");
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").await.expect("sent");
    let heard = timeout(Duration::from_secs(10), stream.read(&mut packet)).await.expect("it hangs up");
    assert!(matches!(heard, Ok(0) | Err(_)), "{heard:?}");
}
