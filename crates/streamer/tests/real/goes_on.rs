//! A publisher that drops out and comes back; a rehearsal that goes live; a show that ends.

use std::time::Duration;

use crate::proof::{ENCODE, Proof, SOURCE, decode, watch};
use app::ports::{Air, AirAnswer, AirItem, Stage};
use tokio::time::sleep;

#[tokio::test(flavor = "multi_thread")]
async fn a_publisher_that_comes_back_continues_the_numbers() {
    let proof = Proof::start().await;
    let grant = proof.show("key");
    let mut first = proof.ffmpeg("key", 30, &format!("{SOURCE} {ENCODE}"));
    let before = watch(&proof, grant.programme, |watched| watched.parts.len() >= 5).await;
    first.kill().await.expect("ends");
    sleep(Duration::from_secs(1)).await;
    assert_eq!(proof.told(grant.show), ["came", "left"]);
    assert!(before.discontinuities == 0);

    // Comes back with other settings: another size, and sound at another rate.
    let sources = "-re -f lavfi -i testsrc2=size=320x180:rate=25 -f lavfi -i sine=sample_rate=44100";
    let mut second = proof.ffmpeg("key", 30, &format!("{sources} {ENCODE}"));
    let both = watch(&proof, grant.programme, |watched| watched.parts.len() >= before.parts.len() + 4).await;
    second.kill().await.expect("ends");
    assert_eq!((both.discontinuities, both.inits.len()), (1, 2), "{}", both.last);
    assert_eq!(both.parts[..before.parts.len() - 1], before.parts[..before.parts.len() - 1]);
    assert_eq!(proof.told(grant.show)[..3], ["came", "left", "came"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn going_live_keeps_the_publisher_and_shows_nothing_rehearsed() {
    let proof = Proof::start().await;
    let grant = proof.show("key");
    let mut ffmpeg = proof.ffmpeg("key", 60, &format!("{SOURCE} {ENCODE}"));
    watch(&proof, grant.programme, |watched| watched.parts.len() >= 5).await;

    let live = proof.programme_id();
    proof.streamer.switch(grant.show, live, Stage::Live);
    let master = AirItem::Master;
    assert_eq!(proof.streamer.fetch(grant.programme, master).await, AirAnswer::NotHere, "the rehearsal is forgotten");
    let watched = watch(&proof, live, |watched| watched.parts.len() >= 5).await;
    assert_eq!(watched.parts[0], "0.0.m4s", "the live programme counts from its own beginning");
    decode(&watched.bytes).await;
    let multivariant = proof.playlist(live, master).await;
    assert!(
        multivariant.contains("CODECS=\"avc1.42c01e,mp4a.40.2\",RESOLUTION=640x360,FRAME-RATE=3"),
        "{multivariant}"
    );
    let health = proof.streamer.health(grant.show).expect("somebody publishes");
    assert_eq!(health.audio.map(|audio| (audio.sample_rate, audio.channels)), Some((48_000, 1)));
    assert!((1_500..4_000).contains(&health.behind_ms), "{}", health.behind_ms);

    proof.streamer.end(grant.show);
    let whole = watch(&proof, live, |_| false).await;
    assert!(whole.last.ends_with("#EXT-X-ENDLIST\n"), "{}", whole.last);
    assert!(!ffmpeg.wait().await.expect("ends").success(), "the publisher was sent away");
    // Its recording is told of when it is written, before or after that.
    let told = proof.told(grant.show).into_iter().filter(|what| *what != "recorded");
    assert_eq!(told.collect::<Vec<_>>(), ["came", "left"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_playlist_never_announced_is_not_waited_for() {
    let proof = Proof::start().await;
    let grant = proof.show("key");
    let mut ffmpeg = proof.ffmpeg("key", 60, &format!("{SOURCE} {ENCODE}"));
    watch(&proof, grant.programme, |watched| watched.parts.len() >= 6).await;
    let playlist = |msn, part| AirItem::Playlist { msn, part, skip: false };
    for (item, answer) in [
        (playlist(Some(50), None), AirAnswer::TooFarAhead),
        (playlist(None, Some(3)), AirAnswer::TooFarAhead),
        (AirItem::Part(50, 0), AirAnswer::NotHere),
        (AirItem::Segment(50), AirAnswer::NotHere),
        (AirItem::Init(9), AirAnswer::NotHere),
    ] {
        assert_eq!(proof.streamer.fetch(grant.programme, item).await, answer, "{item:?}");
    }
    let stranger = proof.programme_id();
    assert_eq!(proof.streamer.fetch(stranger, AirItem::Master).await, AirAnswer::NotHere);
    ffmpeg.kill().await.expect("ends");
}
