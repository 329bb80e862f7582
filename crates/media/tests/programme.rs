//! Scenarios of one programme, told in a line, and what its playlist then says.

use std::sync::Arc;

use bytes::Bytes;
use kernel::{Millis, Timestamp};
use media::audio::AudioSetup;
use media::avc::VideoSetup;
use media::clip::Clip;
use media::hls::{PART_TARGETS, Packager};
use media::programme::{AudioUnit, Unit, VideoUnit};
use proptest::prelude::*;

const AVC: &[u8] = &[
    1, 100, 0, 31, 0xFF, 0xE1, 0, 28, 103, 100, 0, 31, 172, 217, 128, 80, 5, 187, 1, 106, 2, 2, 2, 128, 0, 0, 3, 0,
    128, 0, 0, 30, 7, 140, 24, 205, 1, 0, 5, 104, 233, 123, 44, 139, 0xFD, 0xF8, 0xF8, 0,
];

/// Publishes what a line says.
struct Studio {
    packager: Packager,
    now: i64,
    since_key: i64,
    setup: Arc<VideoSetup>,
}

impl Studio {
    fn open(part_target: Millis) -> Self {
        let setup = Arc::new(VideoSetup::parse(&Bytes::from_static(AVC)).expect("a good configuration"));
        Self { packager: Packager::new(part_target, 0), now: 0, since_key: i64::MAX / 2, setup }
    }

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_unix_millis(1_795_374_000_000 + ms)
    }

    /// One picture of this length, and the sound beside it.
    fn picture(&mut self, length: i64, keyframes_every: i64) {
        let key = self.since_key >= keyframes_every;
        self.since_key = if key { length } else { self.since_key + length };
        let mut sound = (self.now * 48 + 1_023) / 1_024 * 1_024;
        while sound < (self.now + length) * 48 {
            let (at, data) = (Self::at(sound / 48), Bytes::from_static(&[0x21, 0]));
            self.packager.push(Unit::Audio(AudioUnit { setup: AudioSetup::SILENT, at, samples: 1_024, data }));
            sound += 1_024;
        }
        let data = Bytes::from_static(&[0, 0, 0, 2, 0x65, 0x88]);
        let (setup, decode_at) = (self.setup.clone(), Self::at(self.now));
        self.packager.push(Unit::Video(VideoUnit { setup, decode_at, composition_ms: 0, key, data }));
        self.now += length;
    }

    /// `3s at 30 keys 2s` publishes, `away 10s` leaves, `gap 3s` loses pictures, `end` ends.
    fn tell(&mut self, scene: &str) {
        let seconds = |word: &str| word.trim_end_matches('s').parse::<f64>().expect("seconds") * 1_000.0;
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds of a scenario")]
        let ms = |word: &str| seconds(word) as i64;
        match scene.split_whitespace().collect::<Vec<_>>()[..] {
            [length, "at", rate, "keys", every] => {
                let (until, rate) = (self.now + ms(length), rate.parse::<i64>().expect("pictures a second"));
                let (start, mut count) = (self.now, 0);
                while self.now < until {
                    count += 1;
                    self.picture(start + count * 1_000 / rate - self.now, ms(every));
                }
            }
            ["away", length] => {
                self.packager.publisher_left();
                self.now += ms(length);
                self.since_key = i64::MAX / 2;
            }
            ["gap", length] => self.now += ms(length),
            ["end"] => self.packager.end(),
            _ => panic!("{scene}?"),
        }
    }

    /// Segments as `number:length of each part`, `|` for a discontinuity, `*` behind what begins with a keyframe.
    fn summary(&mut self) -> String {
        let playlist = self.packager.playlist(false).expect("something was published");
        let mut words = vec![String::new()];
        for line in std::str::from_utf8(&playlist).expect("text").lines() {
            let last = words.last_mut().expect("never empty");
            if let Some(part) = line.strip_prefix("#EXT-X-PART:DURATION=0.") {
                *last += &format!("{}{}", &part[..3], if part.contains("INDEPENDENT") { "* " } else { " " });
            } else if line == "#EXT-X-DISCONTINUITY" {
                *last += "| ";
            } else if line == "#EXT-X-ENDLIST" {
                *last += "end";
            } else if line.ends_with(".m4s") && !line.starts_with('#') {
                words.push(String::new());
            }
        }
        words.iter().map(|word| word.trim()).collect::<Vec<_>>().join(" / ").trim().to_owned()
    }
}

fn check(scenes: &[&str], summary: &str) {
    let mut studio = Studio::open(PART_TARGETS[0]);
    scenes.iter().for_each(|scene| studio.tell(scene));
    assert_eq!(studio.summary(), summary, "{scenes:?}");
}

#[test]
fn parts_and_segments_follow_keyframes() {
    check(&["4.1s at 30 keys 2s"], "500* 500 500 500 / 500* 500 500 500 /");
    check(&["2.1s at 25 keys 1s"], "480* 480 480* 480 080 /");
    // A keyframe in the middle of a segment is inside a part.
    check(&["3.1s at 10 keys 1.2s"], "500* 500 500* 500 400 / 500*");
    // A picture that stands for half a second leaves no short part in the middle.
    check(&["1.6s at 25 keys 9s", "0.4s at 2 keys 9s", "1.1s at 25 keys 9s"], "480* 480 480 160 / 500 480 480");
    // Without keyframes a segment is cut by length; the next keyframe begins one again.
    check(&["5.2s at 30 keys 5s"], "500* 500 500 500 500 500 500 500 / 500 500 /");
}

#[test]
fn away_and_gaps_are_discontinuities_and_numbers_go_on() {
    check(&["1s at 30 keys 2s", "away 10s", "1s at 30 keys 2s"], "500* 499 / | 500*");
    // Pictures are missing: the next keyframe goes on.
    check(&["1s at 30 keys 1s", "gap 3s", "1.1s at 30 keys 1s"], "500* 499 / | 500* 500");
    check(&["1s at 30 keys 2s", "end"], "/ end");
}

#[test]
fn a_playlist_says_what_it_must() {
    let mut studio = Studio::open(PART_TARGETS[0]);
    assert!(studio.packager.playlist(false).is_none() && studio.packager.multivariant().is_none());
    studio.tell("2.6s at 30 keys 2s");
    let playlist = studio.packager.playlist(false).expect("parts");
    assert_eq!(
        std::str::from_utf8(&playlist).expect("text"),
        "#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:4\n\
         #EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=24.000,PART-HOLD-BACK=1.500,HOLD-BACK=12.000\n\
         #EXT-X-PART-INF:PART-TARGET=0.500\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-MAP:URI=\"init-0.mp4\"\n\
         #EXT-X-PROGRAM-DATE-TIME:2026-11-22T19:00:00.000Z\n\
         #EXT-X-PART:DURATION=0.500,URI=\"0.0.m4s\",INDEPENDENT=YES\n#EXT-X-PART:DURATION=0.500,URI=\"0.1.m4s\"\n\
         #EXT-X-PART:DURATION=0.500,URI=\"0.2.m4s\"\n#EXT-X-PART:DURATION=0.500,URI=\"0.3.m4s\"\n#EXTINF:2.000,\n0.m4s\n\
         #EXT-X-PROGRAM-DATE-TIME:2026-11-22T19:00:02.000Z\n\
         #EXT-X-PART:DURATION=0.500,URI=\"1.0.m4s\",INDEPENDENT=YES\n\
         #EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"1.1.m4s\"\n"
    );
}

#[test]
fn what_is_old_leaves_the_playlist_and_a_delta_skips_what_is_not_new() {
    let mut studio = Studio::open(PART_TARGETS[0]);
    studio.tell("10s at 30 keys 2s");
    studio.tell("away 5s");
    studio.tell("60.1s at 30 keys 2s");
    let text = |bytes: Option<Bytes>| String::from_utf8(bytes.expect("a playlist").to_vec()).expect("text");
    let (full, delta) = (text(studio.packager.playlist(false)), text(studio.packager.playlist(true)));
    assert!(full.contains("#EXT-X-MEDIA-SEQUENCE:17\n#EXT-X-DISCONTINUITY-SEQUENCE:1\n"), "{full}");
    assert!(!full.contains("#EXT-X-DISCONTINUITY\n"), "{full}");
    assert_eq!(full.matches("#EXTINF").count(), 18);
    assert!(delta.contains("#EXT-X-SKIP:SKIPPED-SEGMENTS=6\n"), "{delta}");
    assert_eq!(delta.matches("#EXTINF").count(), 12);
    // Just left, but still there for whoever read the playlist before.
    assert!(studio.packager.segment(16).is_some() && studio.packager.segment(10).is_none());
}

#[test]
fn a_programme_that_a_restart_interrupted_counts_on() {
    let mut studio = Studio { packager: Packager::new(PART_TARGETS[0], 1_800), ..Studio::open(PART_TARGETS[0]) };
    studio.tell("1.1s at 30 keys 2s");
    let playlist = String::from_utf8(studio.packager.playlist(false).expect("parts").to_vec()).expect("text");
    assert!(playlist.contains("#EXT-X-MEDIA-SEQUENCE:1800\n#EXT-X-DISCONTINUITY-SEQUENCE:1800\n"), "{playlist}");
    assert!(playlist.contains("init-1800.mp4") && studio.packager.init(0).is_none(), "{playlist}");
    assert!(studio.packager.part(1_800, 0).is_some());
}

proptest! {
    /// Pictures of any lengths, keyframes anywhere, publishers that come and go.
    #[test]
    fn parts_keep_to_their_target_whatever_comes(
        pictures in proptest::collection::vec((1i64..700, 0i64..40), 1..300), target in 0usize..2
    ) {
        let target = PART_TARGETS[target];
        let mut studio = Studio::open(target);
        let mut seen = studio.packager.edge();
        for (length, whim) in pictures {
            match whim {
                0 => studio.packager.publisher_left(),
                1 => studio.since_key = i64::MAX / 2,
                _ => {}
            }
            let hinted = studio.packager.edge();
            studio.picture(length, 3_000);
            let edge = studio.packager.edge();
            prop_assert!(edge >= seen);
            seen = edge;
            // What the playlist hinted at came to be, unless it still will.
            let came = studio.packager.part(hinted.segment, hinted.parts).is_some();
            prop_assert!(came || edge == hinted, "{hinted:?} never came, now {edge:?}");
            let Some(playlist) = studio.packager.playlist(false) else { continue };
            let mut before = target.0;
            for line in std::str::from_utf8(&playlist).expect("text").lines() {
                let Some(part) = line.strip_prefix("#EXT-X-PART:DURATION=0.") else {
                    before = if line.starts_with("#EXTINF") { target.0 } else { before };
                    continue;
                };
                let length = part[..3].parse::<i64>().expect("digits");
                prop_assert!(length <= target.0, "{}", line);
                prop_assert!(before * 100 >= target.0 * 85, "only a segment's last part is short: {} ms, then {}", before, line);
                before = length;
            }
        }
    }
}

/// Decode times of the first track in a segment, in milliseconds.
fn decode_times(segment: &[u8]) -> Vec<u64> {
    let found = segment.windows(4).enumerate().filter(|(_, kind)| *kind == b"tfdt").map(|(at, _)| at);
    let ticks = |at: usize| {
        let width = if segment[at + 4] == 1 { 8 } else { 4 };
        segment[at + 8..at + 8 + width].iter().fold(0, |number, digit| number << 8 | u64::from(*digit))
    };
    // Picture and sound take turns; the picture's second has 90,000 ticks.
    found.step_by(2).map(|at| ticks(at) / 90).collect()
}

#[test]
fn a_clip_begins_at_zero_and_goes_on_over_breaks() {
    let mut studio = Studio::open(PART_TARGETS[0]);
    for scene in ["6s at 30 keys 2s", "away 10s", "4s at 30 keys 2s", "end"] {
        studio.tell(scene);
    }
    let segments: Vec<_> = studio.packager.complete_from(1).collect();
    let mut clip = Clip::begin(&segments[0].setup.init).expect("our own");
    let (mut at, mut times) = (0, Vec::new());
    for (place, segment) in segments.iter().enumerate() {
        let mut bytes = segment.bytes.to_vec();
        let breaks = place == 0 || segment.discontinuity;
        clip.add(&mut bytes, breaks.then_some(Millis(at))).expect("our own");
        assert_eq!(bytes.len(), segment.bytes.len());
        times.push(decode_times(&bytes)[0]);
        at += segment.duration.0;
    }
    let durations: Vec<i64> = segments.iter().map(|segment| segment.duration.0).collect();
    assert_eq!((times, durations), (vec![0, 2_000, 3_999, 5_999], vec![2_000, 1_999, 2_000, 1_999]));
    for torn in [&segments[0].setup.init[..20], &[0, 0, 0, 0, b'm', b'o', b'o', b'v'], b""] {
        assert!(Clip::begin(torn).is_err());
    }
    assert!(clip.add(&mut [0, 0, 0, 9, b'm', b'o', b'o', b'f'], None).is_err());
}
