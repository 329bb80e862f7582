//! What is live is recorded, whole and once; what is rehearsed is not.

use std::path::{Path, PathBuf};
use std::time::Duration;

use app::ports::{Air, Clips, SegmentRow, SetupRow, Stage, Take};
use app::replay::edit::Edit;
use app::replay::index::Index;
use app::replay::playlist::{Ending, media};
use kernel::{Millis, ShowId};
use streamer::Cutter;
use tokio::process::Command;
use tokio::time::{sleep, timeout};

use crate::proof::encoder::{CONFIG, CONFIG_TURNED, DELTA, Encoder, KEY};
use crate::proof::{ENCODE, Proof, SOURCE, decode, decode_file, watch};

impl Proof {
    fn takes(&self, show: ShowId) -> Vec<Take> {
        let takes = self.house.takes.lock().expect("lock");
        takes.iter().filter(|(of, _)| *of == show).map(|(_, take)| take.clone()).collect()
    }

    /// Waits until the house was told of it.
    async fn hears(&self, show: ShowId, word: &str) {
        let rest = async {
            while !self.told(show).contains(&word) {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(Duration::from_secs(10), rest).await.expect(word);
    }

    /// Waits until the recorder was told that nothing more comes.
    async fn recorded(&self, show: ShowId) -> Vec<Take> {
        self.hears(show, "recorded").await;
        self.takes(show)
    }
}

/// Each stretch that decodes alike, as one file: its initialisation segment and what follows it.
fn stretches(takes: &[Take]) -> Vec<Vec<u8>> {
    let mut files: Vec<Vec<u8>> = Vec::new();
    let mut init = None;
    for take in takes {
        if init != Some(&take.setup.init) {
            files.push(take.setup.init.to_vec());
            init = Some(&take.setup.init);
        }
        files.last_mut().expect("a stretch").extend_from_slice(&take.bytes);
    }
    files
}

/// The recording as a folder that its own playlist plays from; the playlist.
fn lay_out(takes: &[Take], folder: &Path) -> PathBuf {
    let mut index = Index::default();
    for (sequence, take) in (0..).zip(takes) {
        let setup = takes.iter().position(|other| other.setup.init == take.setup.init).expect("its own").to_string();
        index.setups.entry(setup.clone()).or_insert_with(|| {
            std::fs::write(folder.join(format!("init-{setup}.mp4")), &take.setup.init).expect("written");
            let (codecs, width, height) = (take.setup.codecs.clone(), take.setup.width, take.setup.height);
            SetupRow { id: setup.clone(), codecs, width, height }
        });
        std::fs::write(folder.join(format!("{sequence}.m4s")), &take.bytes).expect("written");
        index.segments.push(SegmentRow {
            sequence,
            at: take.at,
            duration: take.duration,
            size_bytes: i64::try_from(take.bytes.len()).expect("fits"),
            setup,
            discontinuity: take.discontinuity,
            independent: take.independent,
            missing: None,
        });
    }
    let playlist = folder.join("media.m3u8");
    std::fs::write(&playlist, media(&index, &Edit::default(), Ending::Closed).expect("a playlist")).expect("written");
    playlist
}

/// The first packet's and the last one's end, of pictures and of sound, in seconds.
async fn spans(file: &Path) -> [(f64, f64); 2] {
    let span = async |stream: &str| {
        let entries = ["-v", "error", "-select_streams", stream, "-show_entries", "packet=pts_time,duration_time"];
        let told = Command::new("ffprobe").args(entries).args(["-of", "csv=p=0"]).arg(file).output().await;
        let told = String::from_utf8(told.expect("runs").stdout).expect("text");
        let packets = told.lines().filter_map(|line| {
            let mut numbers = line.split(',').map_while(|number| number.parse::<f64>().ok());
            Some((numbers.next()?, numbers.next()?))
        });
        packets.fold((f64::MAX, f64::MIN), |(first, last), (at, length)| (first.min(at), last.max(at + length)))
    };
    [span("v:0").await, span("a:0").await]
}

/// The whole recording plays from its playlist, and a clip of its middle is a file of its own that begins at zero.
async fn plays_whole_and_in_clips(takes: &[Take], streams: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(decode_file(&lay_out(takes, folder.path())).await, streams, "the playlist");
    let middle = takes.iter().skip(1).position(|take| take.independent).map_or(0, |place| place + 1);
    let mut cut = Cutter.begin(&takes[middle].setup.init).expect("an initialisation segment");
    let mut clip = takes[middle].setup.init.to_vec();
    for (place, take) in takes[middle..].iter().enumerate() {
        let at = (place == 0).then_some(Millis(0));
        clip.extend_from_slice(&cut.add(take.bytes.clone(), at).expect("a segment"));
    }
    assert_eq!(decode(&clip).await, streams, "the clip");
    let file = folder.path().join("clip.mp4");
    std::fs::write(&file, clip).expect("written");
    let length = takes[middle..].iter().map(|take| take.duration.0 as f64 / 1_000.0).sum::<f64>();
    for (first, last) in spans(&file).await {
        assert!(first.abs() < 0.15 && (last - first - length).abs() < 0.15, "{first} to {last} s of {length}");
    }
}

async fn check(size: &str, sound: &str, encode: &str, streams: &str) {
    let proof = Proof::start().await;
    let grant = proof.show_on("key", Stage::Live);
    let sources = format!(
        "-re -f lavfi -i testsrc2=size={size} -f lavfi -i sine=frequency=440:sample_rate={sound} -pix_fmt yuv420p"
    );
    let mut ffmpeg = proof.ffmpeg("key", 7, &format!("{sources} -c:v libx264 -preset ultrafast {encode} -c:a aac"));
    ffmpeg.wait().await.expect("ends");
    // What it sent last may still be on its way when the encoder is gone.
    proof.hears(grant.show, "left").await;
    proof.streamer.end(grant.show);
    let takes = proof.recorded(grant.show).await;
    let [file] = &stretches(&takes)[..] else { panic!("{} ways to decode", stretches(&takes).len()) };
    assert_eq!(decode(file).await, streams, "{encode}");
    plays_whole_and_in_clips(&takes, streams).await;
    let length: i64 = takes.iter().map(|take| take.duration.0).sum();
    assert!((6_800..7_300).contains(&length), "{length} ms of 7 s were recorded");
    for pair in takes.windows(2) {
        let gap = (pair[1].at - (pair[0].at + pair[0].duration)).0;
        assert!(gap.abs() <= 100 && !pair[1].discontinuity, "{gap} ms between two segments of one run");
    }
    assert!(takes[0].independent && takes.iter().all(|take| take.duration < Millis(4_500)));
    // Whatever is killed loses the last part: before it, all was written down.
    let jots = proof.house.jots.lock().expect("lock");
    for take in &takes[..takes.len() - 1] {
        let of_it = jots.iter().filter(|(_, jot)| jot.at == take.at);
        let parts: Vec<u8> = of_it.flat_map(|(_, jot)| jot.bytes.clone()).collect();
        let whole = take.bytes.len();
        assert!(take.bytes.starts_with(&parts) && parts.len() * 2 > whole, "{} of {whole} bytes", parts.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_b_frames_44_khz() {
    let encode = "-bf 2 -g 50 -b:v 400k -ac 2";
    check("640x360:rate=25", "44100", encode, "h264|Main|640|360|2 + aac|LC|44100|2").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mono_without_b_frames() {
    let encode = "-tune zerolatency -g 60 -b:v 400k -ac 1";
    check("640x360:rate=30", "48000", encode, "h264|Constrained Baseline|640|360|0 + aac|LC|48000|1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn vertical_with_keyframes_far_apart() {
    let encode = "-tune zerolatency -g 250 -b:v 400k -ac 2";
    check("360x640:rate=30000/1001", "44100", encode, "h264|Constrained Baseline|360|640|0 + aac|LC|44100|2").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_pictures_a_second_in_high_profile() {
    let encode = "-tune zerolatency -profile:v high -coder 1 -refs 2 -8x8dct 1 -g 120 -b:v 400k -ac 2";
    check("480x270:rate=60", "48000", encode, "h264|High|480|270|0 + aac|LC|48000|2").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_pictures_a_second_with_a_keyframe_for_each_second() {
    let encode = "-tune zerolatency -g 10 -b:v 300k -ac 2";
    check("640x360:rate=10", "44100", encode, "h264|Constrained Baseline|640|360|0 + aac|LC|44100|2").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_sound() {
    let encode = "-tune zerolatency -g 60 -b:v 400k -an";
    check("640x360:rate=30", "48000", encode, "h264|Constrained Baseline|640|360|0 + aac|LC|48000|2").await;
}

/// A phone that is turned, or an encoder whose size is changed, while it publishes.
#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_is_turned_is_one_recording_without_a_gap() {
    let proof = Proof::start().await;
    let grant = proof.show_on("key", Stage::Live);
    let mut encoder = Encoder::connect(proof.address).await;
    encoder.publish("key").await;
    for (count, stamp) in (0..150).zip((0..).step_by(40)) {
        match count {
            0 => encoder.video(stamp, CONFIG).await,
            75 => encoder.video(stamp, CONFIG_TURNED).await,
            _ => {}
        }
        encoder.video(stamp, if count % 25 == 0 { KEY } else { DELTA }).await;
        sleep(Duration::from_millis(40)).await;
    }
    drop(encoder);
    proof.hears(grant.show, "left").await;
    proof.streamer.end(grant.show);
    let takes = proof.recorded(grant.show).await;
    let mut sizes: Vec<_> = takes.iter().map(|take| (take.setup.width, take.setup.height)).collect();
    sizes.dedup();
    assert_eq!(sizes, [(1_280, 720), (640, 360)]);
    assert_eq!(takes.iter().filter(|take| take.discontinuity).count(), 1, "where it was turned");
    for pair in takes.windows(2) {
        assert_eq!(pair[0].at + pair[0].duration, pair[1].at, "no gap");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publisher_that_drops_out_and_returns_is_one_recording() {
    let proof = Proof::start().await;
    let grant = proof.show_on("key", Stage::Live);
    let mut first = proof.ffmpeg("key", 30, &format!("{SOURCE} {ENCODE}"));
    watch(&proof, grant.programme, |watched| watched.parts.len() >= 7).await;
    first.kill().await.expect("ends");
    sleep(Duration::from_secs(1)).await;
    let sources = "-re -f lavfi -i testsrc2=size=320x180:rate=25 -f lavfi -i sine=sample_rate=44100";
    let mut second = proof.ffmpeg("key", 5, &format!("{sources} {ENCODE}"));
    second.wait().await.expect("ends");
    proof.streamer.end(grant.show);
    let takes = proof.recorded(grant.show).await;
    let breaks: Vec<usize> = (0..takes.len()).filter(|at| takes[*at].discontinuity).collect();
    let [back] = breaks[..] else { panic!("{} discontinuities", breaks.len()) };
    let away = (takes[back].at - (takes[back - 1].at + takes[back - 1].duration)).0;
    assert!(away >= 1_000, "the second run keeps its time in the programme, {away} ms later");
    let files = stretches(&takes);
    assert_eq!(decode(&files[0]).await, "h264|Constrained Baseline|640|360|0 + aac|LC|48000|1");
    assert_eq!(decode(&files[1]).await, "h264|Constrained Baseline|320|180|0 + aac|LC|44100|1");
    assert_eq!(files.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_publisher_returns_and_the_playlist_plays_through() {
    let proof = Proof::start().await;
    let grant = proof.show_on("key", Stage::Live);
    let mut first = proof.ffmpeg("key", 30, &format!("{SOURCE} {ENCODE}"));
    watch(&proof, grant.programme, |watched| watched.parts.len() >= 7).await;
    first.kill().await.expect("ends");
    let mut second = proof.ffmpeg("key", 5, &format!("{SOURCE} {ENCODE}"));
    second.wait().await.expect("ends");
    proof.hears(grant.show, "left").await;
    proof.streamer.end(grant.show);
    let takes = proof.recorded(grant.show).await;
    assert_eq!(takes.iter().filter(|take| take.discontinuity).count(), 1);
    let folder = tempfile::tempdir().expect("a folder");
    let streams = decode_file(&lay_out(&takes, folder.path())).await;
    assert_eq!(streams, "h264|Constrained Baseline|640|360|0 + aac|LC|48000|1");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_rehearsed_is_recorded() {
    let proof = Proof::start().await;
    let grant = proof.show("key");
    let mut ffmpeg = proof.ffmpeg("key", 60, &format!("{SOURCE} {ENCODE}"));
    watch(&proof, grant.programme, |watched| watched.parts.len() >= 6).await;
    assert!(proof.takes(grant.show).is_empty());
    let live = proof.programme_id();
    proof.streamer.switch(grant.show, live, Stage::Live);
    watch(&proof, live, |watched| watched.parts.len() >= 6).await;
    proof.streamer.end(grant.show);
    let takes = proof.recorded(grant.show).await;
    assert!(takes[0].at >= live.minted_at(), "the first recorded picture is the first live one");
    assert!(takes.iter().all(|take| !take.discontinuity));
    ffmpeg.wait().await.expect("ends");
}
