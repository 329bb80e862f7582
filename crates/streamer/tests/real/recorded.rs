//! What is live is recorded, whole and once; what is rehearsed is not.

use std::time::Duration;

use app::ports::{Air, Stage, Take};
use kernel::{Millis, ShowId};
use tokio::time::{sleep, timeout};

use crate::proof::{ENCODE, Proof, SOURCE, decode, watch};

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
    let length: i64 = takes.iter().map(|take| take.duration.0).sum();
    assert!((6_800..7_300).contains(&length), "{length} ms of 7 s were recorded");
    for pair in takes.windows(2) {
        let gap = (pair[1].at - (pair[0].at + pair[0].duration)).0;
        assert!(gap.abs() <= 100 && !pair[1].discontinuity, "{gap} ms between two segments of one run");
    }
    assert!(takes[0].independent && takes.iter().all(|take| take.duration < Millis(4_500)));
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
