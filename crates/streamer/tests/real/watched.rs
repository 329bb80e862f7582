//! Viewers by WebRTC, played by str0m over real sockets, of what ffmpeg and a browser publish.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use app::ports::{NotWatched, Whep, Whip};
use kernel::{ProgrammeId, Random, Timestamp};
use str0m::media::{Frequency, MediaData};
use str0m::net::Protocol;
use tokio::time::timeout;

use crate::proof::{Proof, watch};
use crate::webrtc::Browser;

/// Nothing here takes long; what never comes fails.
const PATIENCE: Duration = Duration::from_secs(60);

fn is_sound(data: &MediaData) -> bool {
    data.params.spec().codec.is_audio()
}

fn pictures(came: &[MediaData]) -> impl Iterator<Item = &MediaData> {
    came.iter().filter(|data| !is_sound(data))
}

/// Whether there are so many of both.
fn has(came: &[MediaData], many: usize) -> bool {
    pictures(came).count() >= many && came.iter().filter(|data| is_sound(data)).count() >= many
}

/// Programme time, as a stamp says it: the nearest to now, milliseconds.
fn said_at(data: &MediaData, now: Timestamp) -> i64 {
    let (frequency, each) = if is_sound(data) { (Frequency::FORTY_EIGHT_KHZ, 48) } else { (Frequency::NINETY_KHZ, 90) };
    let stamp = i64::try_from(data.time.rebase(frequency).numer() & 0xFFFF_FFFF).expect("fits");
    let wrap = 1_i64 << 32;
    let ahead = (stamp - now.unix_millis() * each).rem_euclid(wrap);
    now.unix_millis() + (if ahead > wrap / 2 { ahead - wrap } else { ahead }) / each
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encoders_picture_and_sound_are_watched_from_its_last_keyframe() {
    let proof = Proof::start().await;
    let grant = proof.show("key");
    // One keyframe at the start, and never again.
    let encode = "-re -f lavfi -i testsrc2=size=320x180:rate=25 -f lavfi -i sine=frequency=440:sample_rate=44100 \
                  -pix_fmt yuv420p -c:v libx264 -preset ultrafast -tune zerolatency -g 100000 -c:a aac -ac 1";
    let mut ffmpeg = proof.ffmpeg("key", 60, encode);
    watch(&proof, grant.programme, |watched| watched.parts.len() >= 4).await;
    for by in [Protocol::Udp, Protocol::Tcp] {
        let mut browser = Browser::connect(proof.webrtc, by).await;
        let session = browser.watch(&proof, grant.programme).await.expect("answered");
        timeout(PATIENCE, browser.look(|came| has(came, 60))).await.expect("pictures and sound");
        let first = pictures(&browser.came).next().expect("a picture");
        assert!(first.is_keyframe(), "{by:?}: nobody waits for the next one");
        let now = proof.now();
        let all = browser.came.iter().map(|data| said_at(data, now) - now.unix_millis());
        assert!(all.clone().all(|apart| (-60_000..1_000).contains(&apart)), "{by:?}: {:?}", all.collect::<Vec<_>>());
        // Picture and sound that came together are of the same time.
        let last = |sound| browser.came.iter().rev().find(|data| is_sound(data) == sound).expect("came");
        let apart = said_at(last(true), now) - said_at(last(false), now);
        assert!(apart.abs() < 1_000, "{by:?}: {apart} ms");
        assert!(proof.streamer.leave(&session).await);
        timeout(PATIENCE, browser.look(|_| false)).await.expect("the viewer is told");
    }
    ffmpeg.kill().await.expect("ends");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_browser_publishes_is_watched_as_it_is() {
    let proof = Proof::start().await;
    let grant = proof.show("key");
    let mut host = Browser::connect(proof.webrtc, Protocol::Udp).await;
    let published = host.offer(&proof, "key").await.expect("taken");
    let asked = host.asked.clone();
    let publishing = tokio::spawn(async move { host.publish(PATIENCE * 2).await });
    let mut viewer = Browser::connect(proof.webrtc, Protocol::Udp).await;
    viewer.watch(&proof, grant.programme).await.expect("answered");
    timeout(PATIENCE, viewer.look(|came| has(came, 30))).await.expect("pictures and sound");
    assert!(pictures(&viewer.came).next().is_some_and(MediaData::is_keyframe));
    let sound = viewer.came.iter().find(|data| is_sound(data)).expect("sound");
    assert_eq!(sound.data[..], [0xF8, 0xFF, 0xFE], "Opus passes as it came");
    // Its keyframes come often enough for the house: who asks for one is the viewer.
    let before = asked.load(Relaxed);
    viewer.want_keyframe().await;
    timeout(PATIENCE, async {
        while asked.load(Relaxed) == before {
            let seen = viewer.came.len();
            viewer.look(|came| came.len() > seen).await;
        }
    })
    .await
    .expect("the publisher is asked");
    assert!(proof.streamer.leave(&published).await);
    publishing.await.expect("ends");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_watched_is_refused_by_name() {
    let proof = Proof::start().await;
    let grant = proof.show("key");
    let nobody = ProgrammeId::mint(Timestamp::EPOCH, &mut Random::seeded(1));
    let mut browser = Browser::connect(proof.webrtc, Protocol::Udp).await;
    assert_eq!(browser.watch(&proof, nobody).await, Err(NotWatched::NotHere));
    for (offer, expected) in [
        ("", "the offer takes no picture in H.264; watch by HLS"),
        (
            "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=recvonly\r\na=rtpmap:96 VP8/90000\r\n",
            "the offer takes no picture",
        ),
        (
            "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=recvonly\r\na=rtpmap:96 H264/90000\r\n",
            "the offer cannot be read",
        ),
    ] {
        let refused = proof.streamer.watch(grant.programme, offer).await.expect_err("refused");
        assert!(refused.to_string().starts_with(expected), "{refused}");
    }
    let encode =
        "-re -f lavfi -i testsrc2=size=320x180:rate=25 -pix_fmt yuv420p -c:v libx264 -preset veryfast -bf 2 -g 25 -an";
    let mut ffmpeg = proof.ffmpeg("key", 60, encode);
    watch(&proof, grant.programme, |watched| watched.parts.len() >= 4).await;
    let mut browser = Browser::connect(proof.webrtc, Protocol::Udp).await;
    assert_eq!(browser.watch(&proof, grant.programme).await, Err(NotWatched::NotInOrder), "B-frames");
    ffmpeg.kill().await.expect("ends");
}
