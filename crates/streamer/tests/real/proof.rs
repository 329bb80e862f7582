//! A streamer on a loopback port, real ffmpeg in front of it, and a player that checks what it is given.

pub(crate) mod encoder;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::ports::{Air, AirAnswer, AirItem, Clock, Grant, Ingest, Jot, PublishRefusal, Recorder, Stage, Take};
use async_trait::async_trait;
use bytes::Bytes;
use kernel::{Millis, ProgrammeId, Random, ShowId, Timestamp};
use media::hls::PART_TARGETS;
use streamer::{Settings, Sockets, Streamer, WebRtcSettings};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

const START: Timestamp = Timestamp::from_unix_millis(1_795_374_000_000);

/// A clock that begins at a round time and goes on monotonically.
#[derive(Debug)]
struct TestClock(Instant);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_micros(START.unix_micros() + i64::try_from(self.0.elapsed().as_micros()).expect("fits"))
    }
}

/// Keys and what they open; remembers what it was told.
#[derive(Debug, Default)]
pub(crate) struct House {
    pub(crate) grants: Mutex<BTreeMap<String, Grant>>,
    pub(crate) told: Mutex<Vec<(ShowId, &'static str)>>,
    /// What was recorded, in order.
    pub(crate) takes: Mutex<Vec<(ShowId, Take)>>,
    /// What was written down of the segment in the making.
    pub(crate) jots: Mutex<Vec<(ShowId, Jot)>>,
}

#[async_trait]
impl Recorder for House {
    async fn jot(&self, show: ShowId, part: Jot) {
        self.jots.lock().expect("lock").push((show, part));
    }
    async fn keep(&self, show: ShowId, take: Take) {
        self.takes.lock().expect("lock").push((show, take));
    }
    async fn lost(&self, _: ShowId, at: Timestamp, duration: Millis) {
        panic!("{duration:?} from {at} found no room");
    }
    async fn rest(&self, show: ShowId) {
        self.told.lock().expect("lock").push((show, "recorded"));
    }
}

#[async_trait]
impl Ingest for House {
    async fn authorise(&self, stream_key: &str) -> Result<Grant, PublishRefusal> {
        self.grants.lock().expect("lock").get(stream_key).copied().ok_or(PublishRefusal::UnknownKey)
    }
    async fn came(&self, show: ShowId) {
        self.told.lock().expect("lock").push((show, "came"));
    }
    async fn left(&self, show: ShowId) {
        self.told.lock().expect("lock").push((show, "left"));
    }
}

pub(crate) struct Proof {
    pub(crate) streamer: Arc<Streamer>,
    pub(crate) house: Arc<House>,
    pub(crate) address: SocketAddr,
    pub(crate) webrtc: SocketAddr,
    clock: Arc<TestClock>,
    random: Mutex<Random>,
    stop: CancellationToken,
}

impl Drop for Proof {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Proof {
    pub(crate) async fn start() -> Self {
        Self::start_for(64).await
    }

    /// With room for so many publishers.
    pub(crate) async fn start_for(publishers: usize) -> Self {
        let settings = Settings { part_target: PART_TARGETS[0], publishers, connections_per_address: 64 };
        let clock = Arc::new(TestClock(Instant::now()));
        let streamer = Streamer::new(settings, clock.clone(), Random::seeded(1));
        let house = Arc::new(House::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
        let address = listener.local_addr().expect("address");
        let stop = CancellationToken::new();
        let anywhere = WebRtcSettings { address: SocketAddr::from(([127, 0, 0, 1], 0)), public: Vec::new() };
        let sockets = Sockets::bind(&anywhere).await.expect("binds");
        let webrtc = sockets.bound;
        tokio::spawn(streamer.clone().listen_webrtc(sockets, house.clone(), stop.clone()));
        tokio::spawn(streamer.clone().listen(listener, house.clone(), house.clone(), stop.clone()));
        Self { streamer, house, address, webrtc, clock, random: Mutex::new(Random::seeded(2)), stop }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn programme_id(&self) -> ProgrammeId {
        ProgrammeId::mint(self.clock.now(), &mut self.random.lock().expect("lock"))
    }

    /// A show in rehearsal whose key is `key`, on a programme of its own.
    pub(crate) fn show(&self, key: &str) -> Grant {
        self.show_on(key, Stage::Rehearsal)
    }

    /// The same, on that stage: what is live is recorded.
    pub(crate) fn show_on(&self, key: &str, stage: Stage) -> Grant {
        let show = ShowId::mint(START, &mut self.random.lock().expect("lock"));
        let grant = Grant { show, programme: self.programme_id(), stage };
        self.house.grants.lock().expect("lock").insert(key.to_owned(), grant);
        self.streamer.switch(show, grant.programme, stage);
        grant
    }

    pub(crate) fn told(&self, show: ShowId) -> Vec<&'static str> {
        self.house.told.lock().expect("lock").iter().filter(|(of, _)| *of == show).map(|(_, what)| *what).collect()
    }

    /// ffmpeg in real time with these arguments between its sources and the address.
    pub(crate) fn ffmpeg(&self, key: &str, seconds: u32, arguments: &str) -> Child {
        let address = format!("rtmp://{}/live/{key}", self.address);
        let seconds = seconds.to_string();
        Command::new("ffmpeg")
            .args(["-hide_banner", "-loglevel", "error", "-nostdin"])
            .args(arguments.split_whitespace())
            .args(["-t", &seconds, "-f", "flv", &address])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("ffmpeg is installed")
    }

    pub(crate) async fn playlist(&self, programme: ProgrammeId, item: AirItem) -> String {
        match self.streamer.fetch(programme, item).await {
            AirAnswer::Playlist(bytes) => String::from_utf8(bytes.to_vec()).expect("playlists are text"),
            other => panic!("{item:?} gave {other:?}"),
        }
    }

    pub(crate) async fn media(&self, programme: ProgrammeId, name: &str) -> Bytes {
        let item = AirItem::named(name, None, None, false).unwrap_or_else(|| panic!("{name} is no name"));
        match self.streamer.fetch(programme, item).await {
            AirAnswer::Media(bytes) => bytes,
            other => panic!("{name} gave {other:?}"),
        }
    }
}

/// Pictures with a clock, and a tone.
pub(crate) const SOURCE: &str =
    "-re -f lavfi -i testsrc2=size=640x360:rate=30 -f lavfi -i sine=frequency=440:sample_rate=48000";
/// What OBS sends by default, but small and quick to encode.
pub(crate) const ENCODE: &str =
    "-c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -g 60 -b:v 400k -c:a aac -b:a 64k";

/// What a player saw.
#[derive(Debug, Default)]
pub(crate) struct Watched {
    /// Names of parts in order, and of init segments.
    pub(crate) parts: Vec<String>,
    pub(crate) inits: Vec<String>,
    pub(crate) bytes: Vec<u8>,
    pub(crate) last: String,
    /// In the last playlist.
    pub(crate) discontinuities: usize,
}

fn attribute<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let rest = &line[line.find(&format!("{name}="))? + name.len() + 1..];
    match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => rest.split(',').next(),
    }
}

/// Follows a programme part by part, as a low-latency player does, until `enough` says so or it ends.
pub(crate) async fn watch(proof: &Proof, programme: ProgrammeId, enough: impl Fn(&Watched) -> bool) -> Watched {
    let mut watched = Watched::default();
    let mut next: Option<(u64, u32)> = None;
    let begun = Instant::now();
    loop {
        assert!(begun.elapsed() < Duration::from_secs(90), "no end in sight: {watched:?}");
        let item = AirItem::Playlist { msn: next.map(|n| n.0), part: next.map(|n| n.1), skip: false };
        watched.last = proof.playlist(programme, item).await;
        check_grammar(&watched.last);
        let mut init = "";
        let playlist = watched.last.clone();
        for line in playlist.lines() {
            if line.starts_with("#EXT-X-MAP") {
                init = attribute(line, "URI").expect("map has an address");
                if !watched.inits.iter().any(|had| had == init) {
                    watched.bytes.extend_from_slice(&proof.media(programme, init).await);
                    watched.inits.push(init.to_owned());
                }
            } else if line.starts_with("#EXT-X-PART:") {
                let name = attribute(line, "URI").expect("part has an address").to_owned();
                if watched.parts.contains(&name) {
                    continue;
                }
                let bytes = proof.media(programme, &name).await;
                watched.bytes.extend_from_slice(&bytes);
                watched.parts.push(name);
            }
        }
        watched.discontinuities = playlist.lines().filter(|line| *line == "#EXT-X-DISCONTINUITY").count();
        assert!(!init.is_empty(), "no init segment:\n{}", watched.last);
        if watched.last.contains("#EXT-X-ENDLIST") || enough(&watched) {
            return watched;
        }
        let hint = watched.last.lines().find(|line| line.starts_with("#EXT-X-PRELOAD-HINT")).expect("a hint");
        match AirItem::named(attribute(hint, "URI").expect("an address"), None, None, false) {
            Some(AirItem::Part(segment, part)) => {
                assert!(next.is_none_or(|last| (segment, part) >= last), "numbers went back from {next:?}: {hint}");
                next = Some((segment, part));
            }
            other => panic!("{hint} hints at {other:?}"),
        }
    }
}

/// What RFC 8216bis demands of every playlist, as far as this server writes it.
pub(crate) fn check_grammar(playlist: &str) {
    let millis = |text: &str| {
        let (secs, fraction) = text.split_once('.').unwrap_or((text, "000"));
        secs.parse::<u64>().expect("seconds") * 1_000 + fraction.parse::<u64>().expect("three digits")
    };
    let lines: Vec<&str> = playlist.lines().collect();
    assert_eq!(
        &lines[..4],
        &[
            "#EXTM3U",
            "#EXT-X-VERSION:9",
            "#EXT-X-TARGETDURATION:4",
            "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=24.000,PART-HOLD-BACK=1.500,HOLD-BACK=12.000",
        ]
    );
    assert_eq!(lines[4], "#EXT-X-PART-INF:PART-TARGET=0.500");
    let mut number: u64 =
        lines[5].strip_prefix("#EXT-X-MEDIA-SEQUENCE:").expect("a sequence number").parse().expect("digits");
    let mut parts: Vec<u64> = Vec::new();
    let mut dated = false;
    for line in &lines[6..] {
        if let Some(duration) = attribute(line, "DURATION").filter(|_| line.starts_with("#EXT-X-PART:")) {
            let duration = millis(duration);
            assert!(duration <= 500, "a part is longer than its target: {line}");
            parts.push(duration);
            let name = format!("{number}.{}.m4s", parts.len() - 1);
            assert_eq!(attribute(line, "URI"), Some(name.as_str()), "in\n{playlist}");
        } else if line.starts_with("#EXT-X-PROGRAM-DATE-TIME:2026-") {
            dated = true;
        } else if let Some(duration) = line.strip_prefix("#EXTINF:") {
            let duration = millis(duration.trim_end_matches(','));
            assert!(duration < 4_500, "a segment is longer than the target duration: {line}");
            assert!(dated, "a segment without a date in\n{playlist}");
            if !parts.is_empty() {
                assert_eq!(parts.iter().sum::<u64>(), duration, "parts are not their segment in\n{playlist}");
                let (_, full) = parts.split_last().expect("not empty");
                assert!(full.iter().all(|part| *part >= 425), "a part is too short before a segment's end: {parts:?}");
            }
        } else if line.ends_with(".m4s") && !line.starts_with('#') {
            assert_eq!(**line, format!("{number}.m4s"));
            number += 1;
            parts.clear();
            dated = false;
        }
    }
}

/// ffmpeg decodes every picture and sound without a complaint; answers with ffprobe's word on the streams.
pub(crate) async fn decode(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("watched.mp4");
    std::fs::write(&file, bytes).expect("writes");
    decode_file(&file).await
}

/// The same of a file, a playlist too.
pub(crate) async fn decode_file(file: &Path) -> String {
    let run = async |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output().await.expect("runs");
        (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let path = file.to_str().expect("a path");
    // Counted in pictures, as it would be otherwise, times of another run fall between two counts.
    let decode = ["-v", "error", "-i", path, "-enc_time_base:v", "1:90000", "-f", "null", "-"];
    let (_, complaints) = run("ffmpeg", &decode).await;
    assert_eq!(complaints, "", "ffmpeg complains");
    let entries = "stream=codec_name,profile,width,height,sample_rate,channels,has_b_frames";
    let (streams, _) =
        run("ffprobe", &["-v", "error", "-show_entries", entries, "-of", "compact=nk=1:p=0", path]).await;
    // A playlist's programme names its streams first, and then the list of all names them again.
    streams.lines().take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" + ")
}
