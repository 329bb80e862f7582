//! What nobody should send: the connection ends with its reason, and the show next door notices nothing.

use std::time::Duration;

use crate::proof::encoder::{CONFIG, DELTA, Encoder, KEY};
use crate::proof::{ENCODE, Proof, SOURCE, decode, watch};

/// Does something bad to the server and answers with what it said before hanging up.
async fn misbehave(proof: &Proof, how: &str) -> String {
    let mut encoder = Encoder::connect(proof.address).await;
    match how {
        "garbage" => encoder.send(b"GET / HTTP/1.1\r\nHost: shop\r\n\r\n").await,
        "half a handshake" => encoder.send(&[3; 700]).await,
        "a chunk that claims 16 MB" => {
            encoder.shake_hands().await;
            encoder.send(&[4, 0, 0, 0, 0xFF, 0xFF, 0xFF, 9, 1, 0, 0, 0]).await;
        }
        "commands that are not AMF" => {
            encoder.shake_hands().await;
            encoder.message(20, 0, &[0xFF; 64]).await;
        }
        "a wrong key" => encoder.publish("guess").await,
        "somebody else's show" => encoder.publish("good").await,
        "frames that do not add up" => {
            encoder.publish("bad").await;
            encoder.video(0, CONFIG).await;
            encoder.video(0, &[0x17, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x65]).await;
        }
        "time running backwards" => {
            encoder.publish("bad").await;
            encoder.video(10_000, CONFIG).await;
            encoder.video(10_000, KEY).await;
            for step in 1..20 {
                encoder.video(10_000 - step * 40, DELTA).await;
            }
        }
        "a file as fast as it goes" => {
            encoder.publish("bad").await;
            encoder.video(0, CONFIG).await;
            for picture in 0..400 {
                encoder.video(picture * 40, KEY).await;
            }
        }
        "no keyframe" => {
            encoder.publish("bad").await;
            encoder.video(0, CONFIG).await;
            for picture in 0..110 {
                encoder.video(picture * 100, DELTA).await;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        "nothing at all" => {
            encoder.publish("bad").await;
        }
        other => panic!("{other}?"),
    }
    encoder.last_words().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_neighbour_is_sent_away_and_a_good_one_goes_on() {
    let proof = Proof::start().await;
    let good = proof.show("good");
    proof.show("bad");
    let mut ffmpeg = proof.ffmpeg("good", 60, &format!("{SOURCE} {ENCODE}"));
    let before = watch(&proof, good.programme, |watched| watched.parts.len() >= 2).await;

    for (how, words) in [
        ("garbage", ""),
        ("half a handshake", ""),
        ("a chunk that claims 16 MB", ""),
        ("commands that are not AMF", ""),
        ("frames that do not add up", "a frame's parts do not add up"),
        ("time running backwards", "time ran backwards"),
        ("a file as fast as it goes", "ahead of the clock"),
        ("no keyframe", "no keyframe came for 10 s"),
        ("nothing at all", ""),
    ] {
        let said = misbehave(&proof, how).await;
        assert!(said.contains(words), "{how}: {said}");
    }

    let parts = before.parts.len();
    let after = watch(&proof, good.programme, |watched| watched.parts.len() >= parts + 4).await;
    assert_eq!((after.discontinuities, proof.told(good.show)), (0, vec!["came"]));
    decode(&after.bytes).await;
    ffmpeg.kill().await.expect("ends");
}
