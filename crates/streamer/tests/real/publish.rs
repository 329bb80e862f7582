//! What real ffmpeg publishes can be fetched, parsed and decoded, in every shape that encoders send.

use std::time::Duration;

use app::ports::{Air, HealthWarning};
use tokio::time::{sleep, timeout};

use crate::proof::{ENCODE, Proof, SOURCE, decode, watch};

/// Publishes, watches more than two segments of it, and says what ffprobe made of it.
async fn check(size: &str, sound: &str, encode: &str, streams: &str) {
    let proof = Proof::start().await;
    let grant = proof.show("key");
    let sources = format!(
        "-re -f lavfi -i testsrc2=size={size} -f lavfi -i sine=frequency=440:sample_rate={sound} -pix_fmt yuv420p"
    );
    let mut ffmpeg = proof.ffmpeg("key", 8, &format!("{sources} -c:v libx264 -preset ultrafast {encode} -c:a aac"));
    let watched = watch(&proof, grant.programme, |watched| watched.parts.len() >= 10).await;
    assert_eq!(decode(&watched.bytes).await, streams, "{encode}");
    assert_eq!((watched.inits.len(), watched.discontinuities), (1, 0), "{}", watched.last);
    assert_eq!(proof.told(grant.show), ["came"]);
    ffmpeg.kill().await.expect("ends");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_b_frames_48_khz_mono() {
    let encode = "-tune zerolatency -g 60 -b:v 400k -ac 1";
    check("640x360:rate=30", "48000", encode, "h264|Constrained Baseline|640|360|0 + aac|LC|48000|1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_b_frames_44_khz_stereo() {
    let encode = "-bf 2 -g 50 -b:v 400k -ac 2";
    check("640x360:rate=25", "44100", encode, "h264|Main|640|360|2 + aac|LC|44100|2").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn full_hd_at_a_small_bitrate() {
    let encode = "-tune zerolatency -g 30 -b:v 300k -ac 2";
    check("1920x1080:rate=15", "48000", encode, "h264|Constrained Baseline|1920|1080|0 + aac|LC|48000|2").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn vertical_with_keyframes_far_apart() {
    // x264's own default of 250 pictures: segments are cut without a keyframe.
    let encode = "-tune zerolatency -g 250 -b:v 400k -ac 2";
    check("360x640:rate=30000/1001", "44100", encode, "h264|Constrained Baseline|360|640|0 + aac|LC|44100|2").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_sound() {
    let proof = Proof::start().await;
    let grant = proof.show("key");
    let encode = "-c:v libx264 -preset ultrafast -tune zerolatency -g 30 -pix_fmt yuv420p -an";
    let mut ffmpeg = proof.ffmpeg("key", 8, &format!("-re -f lavfi -i testsrc2=size=320x180:rate=30 {encode}"));
    let watched = watch(&proof, grant.programme, |watched| watched.parts.len() >= 6).await;
    let streams = "h264|Constrained Baseline|320|180|0 + aac|LC|48000|2";
    assert_eq!(decode(&watched.bytes).await, streams, "silence stands in");
    ffmpeg.kill().await.expect("ends");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_black_picture_and_silence_are_noticed() {
    let proof = Proof::start().await;
    let (dark, bright) = (proof.show("dark"), proof.show("bright"));
    let nothing = "-re -f lavfi -i color=black:size=320x180:rate=25 -f lavfi -i anullsrc=r=48000:cl=mono";
    let _dark = proof.ffmpeg("dark", 120, &format!("{nothing} {ENCODE}"));
    let _bright = proof.ffmpeg("bright", 120, &format!("{SOURCE} {ENCODE}"));
    let warned = |show| proof.streamer.health(show).map_or_else(Vec::new, |health| health.warnings);
    let noticed = async {
        loop {
            let warnings = warned(dark.show);
            if warnings.contains(&HealthWarning::BlackPicture) && warnings.contains(&HealthWarning::Silence) {
                break;
            }
            sleep(Duration::from_millis(200)).await;
        }
    };
    timeout(Duration::from_secs(90), noticed).await.expect("noticed");
    let spared = warned(bright.show);
    assert!(!spared.contains(&HealthWarning::BlackPicture) && !spared.contains(&HealthWarning::Silence), "{spared:?}");
}
