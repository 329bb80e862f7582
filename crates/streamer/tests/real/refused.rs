//! Encoders that cannot be let in read why, in their own window.

use app::ports::Air;

use crate::proof::{ENCODE, Proof, SOURCE, watch};

/// What ffmpeg prints when it publishes like this with this key; a show waits behind the key `key`.
async fn printed(key: &str, arguments: &str) -> String {
    let proof = Proof::start().await;
    proof.show("key");
    let output = proof.ffmpeg(key, 5, arguments).wait_with_output().await.expect("ends");
    assert!(!output.status.success(), "ffmpeg took it for a success");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_refusal_is_a_sentence_that_the_encoder_prints() {
    let silent_source = "-re -f lavfi -i testsrc2=size=320x180:rate=30";
    let other_picture = format!("{SOURCE} -c:v flv1 -c:a aac");
    let other_sound = format!("{SOURCE} -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a libmp3lame -ar 44100");
    let low_rate = format!("{SOURCE} -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac -ar 32000");
    let deep = format!("{silent_source} -c:v libx264 -preset ultrafast -pix_fmt yuv444p");
    let plain = format!("{SOURCE} {ENCODE}");
    for (key, arguments, sentence) in [
        ("wrong", &plain, "this stream key is not known here: copy it again from the studio"),
        ("key", &other_picture, "the picture is Sorenson H.263; set the encoder to H.264"),
        ("key", &other_sound, "the sound is MP3; set the encoder to AAC"),
        ("key", &low_rate, "the sound is sampled at 32000 Hz; set the encoder to 44100 or 48000 Hz"),
        ("key", &deep, "the picture is 4:4:4; set the encoder to 8 bits, 4:2:0 (profile main or high)"),
    ] {
        let printed = printed(key, arguments).await;
        assert!(printed.contains(sentence), "ffmpeg printed: {printed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_encoder_waits_its_turn_and_a_kicked_one_is_told() {
    let proof = Proof::start_for(2).await;
    let grant = proof.show("first");
    proof.show("third");
    let plain = format!("{SOURCE} {ENCODE}");
    let said = async |key| {
        let output = proof.ffmpeg(key, 5, &plain).wait_with_output().await.expect("ends");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let first = proof.ffmpeg("first", 60, &plain);
    watch(&proof, grant.programme, |watched| watched.parts.len() >= 2).await;
    let twice = said("first").await;
    assert!(twice.contains("another encoder is publishing to this show already: stop it first"), "{twice}");

    let second = proof.show("second");
    let _second = proof.ffmpeg("second", 60, &plain);
    watch(&proof, second.programme, |watched| !watched.parts.is_empty()).await;
    let too_many = said("third").await;
    assert!(too_many.contains("the house is too busy: try again in a few seconds"), "{too_many}");

    proof.streamer.kick(grant.show);
    let output = first.wait_with_output().await.expect("ends");
    let kicked = String::from_utf8_lossy(&output.stderr);
    assert!(kicked.contains("staff ended this connection"), "{kicked}");
}
