//! A browser, played by a second str0m over a network in memory, publishes to a session.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bytes::Bytes;
use kernel::{Millis, Random, Timestamp};
use media::Closed;
use media::hls::{PART_TARGETS, Packager};
use media::programme::Run;
use media::rtc::{Credentials, Event, OfferRefusal, Output, Protocol, Session, username};
use str0m::format::Codec;
use str0m::media::{Direction, Frequency, MediaKind, MediaTime, Mid};
use str0m::net::{Protocol as Net, Receive};
use str0m::{Candidate, Input, Rtc, RtcConfig};

const START: Timestamp = Timestamp::from_unix_millis(1_795_374_000_000);
/// x264's parameter sets, 1280×720 and 640×360.
const SETS: [(&[u8], &[u8]); 2] = [
    (
        &[103, 100, 0, 31, 172, 217, 128, 80, 5, 187, 1, 106, 2, 2, 2, 128, 0, 0, 3, 0, 128, 0, 0, 30, 7, 140, 24, 205],
        &[104, 233, 123, 44, 139],
    ),
    (&[0x67, 0x42, 0xC0, 0x1E, 0xD9, 0x00, 0xA0, 0x2F, 0xF9, 0x50], &[0x68, 0xCB, 0x83, 0xCB, 0x20]),
];

fn address(port: u16) -> SocketAddr {
    SocketAddr::from(([192, 0, 2, 1], port))
}

/// What a network does to packets, in percent.
#[derive(Clone, Copy, Default)]
struct Weather {
    lost: u64,
    /// Held back by up to 80 ms.
    late: u64,
}

/// A publisher and the house, with the packets between them.
struct Stage {
    base: Instant,
    now: Timestamp,
    browser: Rtc,
    mids: [Mid; 2],
    house: Session,
    weather: Weather,
    random: Random,
    /// Those on their way, with the time at which they arrive; to the house or to the browser.
    packets: VecDeque<(Timestamp, bool, Vec<u8>)>,
    run: Run,
    packager: Packager,
    pictures: u32,
    setup: usize,
    wants_key: bool,
    key_requests: Vec<Timestamp>,
    /// First and last bytes of each picture that came, and whether it was a keyframe.
    came: Vec<(u32, bool)>,
    sounds: usize,
    closed: Option<Closed>,
}

fn credentials() -> Credentials {
    Credentials { name: "house".into(), password: "a-password-of-more-than-22".into() }
}

#[expect(
    clippy::disallowed_methods,
    reason = "str0m counts on the monotonic clock; virtual time begins somewhere on it"
)]
fn base() -> Instant {
    Instant::now()
}

impl Stage {
    fn open(weather: Weather) -> Self {
        let base = base();
        let config = RtcConfig::new().clear_codecs().enable_opus(true, false).enable_h264(true);
        let mut browser = config.build(base);
        browser.add_local_candidate(Candidate::host(address(2), "udp").expect("a candidate"));
        let mut change = browser.sdp_api();
        let mids = [MediaKind::Video, MediaKind::Audio]
            .map(|kind| change.add_media(kind, Direction::SendOnly, None, None, None));
        let (offer, pending) = change.apply().expect("changes");
        let addresses = [(Protocol::Udp, address(1))];
        let (house, answer) =
            Session::accept(START, base, credentials(), &addresses, &offer.to_sdp_string()).expect("taken");
        let answer = str0m::change::SdpAnswer::from_sdp_string(&answer).expect("an answer");
        browser.sdp_api().accept_answer(pending, answer).expect("taken");
        Self {
            base,
            now: START,
            browser,
            mids,
            house,
            weather,
            random: Random::seeded(7),
            packets: VecDeque::new(),
            run: Run::new(START),
            packager: Packager::new(PART_TARGETS[0], 0),
            pictures: 0,
            setup: 0,
            wants_key: true,
            key_requests: Vec::new(),
            came: Vec::new(),
            sounds: 0,
            closed: None,
        }
    }

    fn instant(&self) -> Instant {
        self.base + Duration::from_micros((self.now.unix_micros() - START.unix_micros()).unsigned_abs())
    }

    fn put(&mut self, to_house: bool, bytes: Vec<u8>) {
        // The handshake's own timers are not what is tried here.
        let weather = if self.came.is_empty() { Weather::default() } else { self.weather };
        if self.random.below(100) < weather.lost {
            return;
        }
        let late = if self.random.below(100) < weather.late { self.random.below(80) } else { 0 };
        let at = self.now + Millis(i64::try_from(late).expect("fits") + 5);
        let place = self.packets.iter().position(|(other, ..)| *other > at).unwrap_or(self.packets.len());
        self.packets.insert(place, (at, to_house, bytes));
    }

    fn browser_says(&mut self) {
        while self.browser.is_alive() {
            match self.browser.poll_output().expect("goes on") {
                str0m::Output::Timeout(_) => break,
                str0m::Output::Transmit(packet) => self.put(true, packet.contents.into()),
                str0m::Output::Event(str0m::Event::KeyframeRequest(_)) => {
                    self.wants_key = true;
                    self.key_requests.push(self.now);
                }
                str0m::Output::Event(_) => {}
            }
        }
    }

    fn house_says(&mut self) {
        loop {
            match self.house.poll_output(self.now) {
                Output::Wait(until) => {
                    assert!(until > self.now - Millis::from_secs(1), "a deadline that is long over");
                    break;
                }
                Output::Close(closed) => {
                    self.closed = Some(closed);
                    break;
                }
                Output::Send { protocol, to, bytes } => {
                    assert_eq!((protocol, to), (Protocol::Udp, address(2)));
                    self.put(false, bytes);
                }
                Output::Event(Event::Connected) => {}
                Output::Event(Event::Picture { stamp, report, data }) => {
                    let digits = &data[data.len() - 5..data.len() - 1];
                    let number = digits.iter().fold(0, |number, digit| number << 7 | u32::from(digit & 127));
                    self.came.push((number >> 1, number & 1 == 1));
                    let unit = self.run.access_unit(self.now, stamp, report, &data).expect("goes on");
                    unit.into_iter().for_each(|unit| self.packager.push(unit));
                }
                Output::Event(Event::Sound { stamp, report, data }) => {
                    self.sounds += 1;
                    let unit = self.run.opus(self.now, stamp, report, &data).expect("goes on");
                    unit.into_iter().for_each(|unit| self.packager.push(unit));
                }
            }
        }
    }

    /// A picture of several packets whose last bytes are its number and whether it is a keyframe.
    fn picture(&mut self) -> Vec<u8> {
        let key = std::mem::take(&mut self.wants_key);
        let (sps, pps) = SETS[self.setup];
        let start = &[0, 0, 0, 1][..];
        let slice: &[u8] = if key { &[0x65, 0x88] } else { &[0x41, 0xE0] };
        let sets = if key { [start, sps, start, pps].concat() } else { Vec::new() };
        let number = (self.pictures << 1) | u32::from(key);
        self.pictures += 1;
        // Seven bits a byte, so that no start code comes of it.
        let digits = [21, 14, 7, 0].map(|shift| 128 | u8::try_from(number >> shift & 127).expect("seven bits"));
        [&sets, start, slice, &[0xAB; 4_000], &digits, &[0x80]].concat()
    }

    fn write(&mut self, mid: Mid, codec: Codec, time: MediaTime, data: Vec<u8>) {
        let wallclock = self.instant();
        let Some(writer) = self.browser.writer(mid) else { return };
        let pt = writer.payload_params().find(|params| params.spec().codec == codec).expect("negotiated").pt();
        writer.write(pt, wallclock, time, data).expect("written");
    }

    /// Goes on for so long, publishing where `publishing`: 30 pictures a second, a packet of sound every 20 ms.
    fn go_on(&mut self, ms: i64, publishing: bool) {
        let until = self.now + Millis(ms);
        while self.now < until && self.closed.is_none() {
            self.now = self.now + Millis(5);
            let elapsed = (self.now - START).0.unsigned_abs();
            let connected = publishing && self.browser.is_connected();
            if connected && elapsed.is_multiple_of(30) {
                let (mid, picture) = (self.mids[0], self.picture());
                self.write(mid, Codec::H264, MediaTime::new(elapsed * 90, Frequency::NINETY_KHZ), picture);
                self.browser_says();
            }
            if connected && elapsed.is_multiple_of(20) {
                let (mid, time) = (self.mids[1], MediaTime::new(elapsed * 48, Frequency::FORTY_EIGHT_KHZ));
                self.write(mid, Codec::Opus, time, vec![0xF8, 0xFF, 0xFE]);
            }
            self.browser_says();
            while let Some((_, to_house, bytes)) = self.packets.pop_front_if(|(at, ..)| *at <= self.now) {
                if to_house {
                    self.house.handle_input(self.now, Protocol::Udp, address(2), &bytes);
                    self.house_says();
                    continue;
                }
                let receive = Receive::new(Net::Udp, address(1), address(2), &bytes).expect("a packet");
                let _ = self.browser.handle_input(Input::Receive(self.instant(), receive));
                self.browser_says();
            }
            let _ = self.browser.handle_input(Input::Timeout(self.instant()));
            self.house.handle_timeout(self.now);
            self.house_says();
        }
    }

    /// Every picture that came can be decoded: it is a keyframe, or the one before it came too.
    fn check_decodable(&self) {
        for pair in self.came.windows(2) {
            assert!(pair[1].1 || pair[1].0 == pair[0].0 + 1, "{pair:?}");
        }
        assert!(self.came.first().is_none_or(|first| first.1), "begins with a keyframe");
    }

    fn playlist(&mut self) -> String {
        String::from_utf8(self.packager.playlist(false).expect("parts").to_vec()).expect("text")
    }
}

#[test]
fn a_browser_becomes_a_programme() {
    let mut stage = Stage::open(Weather::default());
    stage.go_on(9_000, true);
    stage.check_decodable();
    assert!(stage.came.len() > 280 && stage.sounds > 420, "{} {}", stage.came.len(), stage.sounds);
    let multivariant = stage.packager.multivariant().expect("parts");
    let multivariant = std::str::from_utf8(&multivariant).expect("text");
    assert!(multivariant.contains("CODECS=\"avc1.64001f,opus\",RESOLUTION=1280x720"), "{multivariant}");
    let playlist = stage.playlist();
    assert!(!playlist.contains("DISCONTINUITY"), "{playlist}");
    // A keyframe is asked for every two seconds, so segments last about as long.
    let lengths: Vec<&str> = playlist.lines().filter_map(|line| line.strip_prefix("#EXTINF:")).collect();
    assert!(lengths.len() >= 3 && lengths.iter().all(|length| length.starts_with("2.0")), "{lengths:?}");
    assert!((4..=6).contains(&stage.key_requests.len()), "{:?}", stage.key_requests);
    let health = stage.run.health(stage.now);
    assert!(health.warnings.is_empty() && !health.b_frames, "{:?}", health.warnings);
}

#[test]
fn a_keyframe_that_viewers_want_is_asked_for_but_not_all_the_time() {
    let mut stage = Stage::open(Weather::default());
    stage.go_on(4_500, true);
    let before = stage.key_requests.len();
    for _ in 0..50 {
        stage.house.want_keyframe(stage.now);
        stage.go_on(20, true);
    }
    let asked = stage.key_requests.len() - before;
    assert!((2..=3).contains(&asked), "{asked} within a second");
}

#[test]
fn what_the_network_loses_is_sent_again_or_left_out_whole() {
    for (lost, late) in [(0, 30), (3, 10), (10, 20)] {
        let mut stage = Stage::open(Weather { lost, late });
        stage.go_on(12_000, true);
        assert_eq!(stage.closed, None);
        stage.check_decodable();
        let share = stage.came.len() * 100 / usize::try_from(stage.pictures).expect("fits");
        let least = if lost < 10 { 95 } else { 40 };
        assert!(share >= least, "{share} % of the pictures came where {lost} % of the packets were lost");
    }
}

#[test]
fn a_phone_that_is_turned_goes_on_behind_a_discontinuity() {
    let mut stage = Stage::open(Weather::default());
    stage.go_on(4_000, true);
    (stage.setup, stage.wants_key) = (1, true);
    stage.go_on(4_000, true);
    let playlist = stage.playlist();
    assert_eq!(playlist.matches("#EXT-X-DISCONTINUITY\n").count(), 1, "{playlist}");
    assert!(playlist.contains("init-0.mp4") && playlist.contains("init-1.mp4"), "{playlist}");
    let sizes: Vec<_> =
        stage.packager.complete_from(0).map(|segment| (segment.setup.width, segment.setup.height)).collect();
    assert!(sizes.starts_with(&[(1_280, 720)]) && sizes.ends_with(&[(640, 360)]), "{sizes:?}");
    // The picture on both sides of the turn was fetched without a hole: each part begins where the last one ended.
    assert_eq!(stage.packager.init(1).map(|init: Bytes| init.is_empty()), Some(false));
}

#[test]
fn each_end_has_its_name() {
    let mut silent = Stage::open(Weather { lost: 100, late: 0 });
    silent.came.push((0, true));
    silent.go_on(30_000, true);
    assert_eq!(silent.closed, Some(Closed::NeverConnected));

    let mut left = Stage::open(Weather::default());
    left.go_on(3_000, true);
    left.browser.close().expect("closes");
    left.go_on(2_000, false);
    assert_eq!(left.closed, Some(Closed::Unpublished));

    let mut kicked = Stage::open(Weather::default());
    kicked.go_on(3_000, true);
    kicked.house.end(Closed::Kicked);
    kicked.go_on(2_000, false);
    assert_eq!(kicked.closed, Some(Closed::Kicked));
    kicked.closed = None;
    for (_, _, bytes) in std::mem::take(&mut kicked.packets).into_iter().filter(|(_, to_house, _)| !to_house) {
        let receive = Receive::new(Net::Udp, address(1), address(2), &bytes).expect("a packet");
        let _ = kicked.browser.handle_input(Input::Receive(kicked.instant(), receive));
        kicked.browser_says();
    }
    assert!(!kicked.browser.is_alive() || !kicked.browser.is_connected(), "the browser was told");

    let mut lost = Stage::open(Weather::default());
    lost.go_on(3_000, true);
    lost.weather.lost = 100;
    lost.go_on(60_000, true);
    assert_eq!(lost.closed, Some(Closed::Lost));
}

#[test]
fn an_offer_that_is_none_is_refused() {
    let accept = |offer: &str| Session::accept(START, base(), credentials(), &[], offer).map(|(_, answer)| answer);
    let picture = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 H264/90000\r\na=sendonly\r\n";
    for offer in ["", "v=0\r\n", "hello", picture, &format!("v=0\r\n{picture}")] {
        let refusal = accept(offer).expect_err("none");
        assert!(matches!(refusal, OfferRefusal::Unreadable(_) | OfferRefusal::NoPicture), "{offer}: {refusal}");
    }
    assert_eq!((username(b""), username(&[1; 64])), (None, None));
}
