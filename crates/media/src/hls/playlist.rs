//! Playlists as text. The same bytes for every viewer, so that a cache in front collapses their requests.

use std::fmt::Write as _;

use bytes::Bytes;
use kernel::Millis;

use super::file::File;
use super::window::{Segment, TARGET_DURATION, Window};

/// Viewers stay this many part targets behind the newest part (RFC 8216bis, 4.4.3.8, recommends at least three).
const PART_HOLD_BACK_PARTS: i64 = 3;
/// Without parts, this many target durations behind (4.4.3.8).
const HOLD_BACK_TARGETS: i64 = 3;
/// A delta update skips what is older than this many target durations (4.4.3.8: at least six).
const SKIP_UNTIL_TARGETS: i64 = 6;
/// Parts are listed for this many target durations from the end (4.4.4.9).
const PARTS_FOR_TARGETS: i64 = 3;

fn secs(ms: i64) -> String {
    format!("{}.{:03}", ms / 1_000, ms % 1_000)
}

/// How far behind the newest part a viewer plays.
pub(super) const fn part_hold_back(part_target: Millis) -> Millis {
    Millis(part_target.0 * PART_HOLD_BACK_PARTS)
}

/// The media playlist. Writing to a `String` cannot fail.
pub(super) fn media(window: &Window, part_target: Millis, skip: bool, ended: bool) -> Bytes {
    let mut out = String::with_capacity(4_096);
    let target = TARGET_DURATION.0;
    let _ = write!(
        out,
        "#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:{}\n#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,\
         CAN-SKIP-UNTIL={},PART-HOLD-BACK={},HOLD-BACK={}\n#EXT-X-PART-INF:PART-TARGET={}\n",
        target / 1_000,
        secs(target * SKIP_UNTIL_TARGETS),
        secs(part_hold_back(part_target).0),
        secs(target * HOLD_BACK_TARGETS),
        secs(part_target.0),
    );
    let all: Vec<&Segment> = window.listed().chain(window.open.as_ref()).collect();
    let first = all.first().map_or(window.edge().segment, |segment| segment.number);
    let _ = writeln!(out, "#EXT-X-MEDIA-SEQUENCE:{first}");
    if window.discontinuities_gone > 0 {
        let _ = writeln!(out, "#EXT-X-DISCONTINUITY-SEQUENCE:{}", window.discontinuities_gone);
    }

    let mut left_ms: i64 = all.iter().map(|segment| segment.duration_ms()).sum();
    let mut skipped = 0;
    if skip {
        let mut from_end = left_ms;
        for segment in window.listed() {
            from_end -= segment.duration_ms();
            if from_end < target * SKIP_UNTIL_TARGETS {
                break;
            }
            skipped += 1;
        }
        if skipped > 0 {
            let _ = writeln!(out, "#EXT-X-SKIP:SKIPPED-SEGMENTS={skipped}");
        }
    }

    let mut init = None;
    for (index, segment) in all.iter().enumerate() {
        let duration = segment.duration_ms();
        let from_end = left_ms;
        left_ms -= duration;
        if index < skipped {
            continue;
        }
        let is_open = index >= window.listed().len();
        if segment.discontinuity && index > 0 {
            out.push_str("#EXT-X-DISCONTINUITY\n");
        }
        if init != Some(segment.init) {
            let _ = writeln!(out, "#EXT-X-MAP:URI=\"{}\"", File::Init(segment.init));
            init = Some(segment.init);
        }
        if !(is_open && segment.parts.is_empty()) {
            let _ = writeln!(out, "#EXT-X-PROGRAM-DATE-TIME:{}", segment.at);
        }
        if !ended && from_end - duration < target * PARTS_FOR_TARGETS {
            for (number, part) in segment.parts.iter().enumerate() {
                let independent = if part.independent { ",INDEPENDENT=YES" } else { "" };
                let file = File::Part { segment: segment.number, part: u32::try_from(number).unwrap_or(u32::MAX) };
                let _ = writeln!(out, "#EXT-X-PART:DURATION={},URI=\"{file}\"{independent}", secs(part.duration_ms));
            }
        }
        if !is_open {
            let _ = writeln!(out, "#EXTINF:{},\n{}", secs(duration), File::Segment(segment.number));
        }
    }
    if ended {
        out.push_str("#EXT-X-ENDLIST\n");
    } else {
        let edge = window.edge();
        let next = File::Part { segment: edge.segment, part: edge.parts };
        let _ = writeln!(out, "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"{next}\"");
    }
    Bytes::from(out)
}

/// The multivariant playlist with what is true of the stream, once there is a part to measure.
pub(super) fn multivariant(window: &Window) -> Option<Bytes> {
    let init = window.inits.back()?;
    let measured = || window.listed().chain(window.open.as_ref()).filter(|segment| segment.duration_ms() > 0);
    let rate = |segment: &Segment| segment.size_bytes() as u64 * 8_000 / segment.duration_ms().max(1).cast_unsigned();
    let peak = measured().map(rate).max()?;
    let duration_ms = measured().map(Segment::duration_ms).sum::<i64>().max(1).cast_unsigned();
    let average = measured().map(|segment| segment.size_bytes() as u64).sum::<u64>() * 8_000 / duration_ms;
    let frames_milli = measured().map(|segment| u64::from(segment.pictures)).sum::<u64>() * 1_000_000 / duration_ms;
    let (width, height) = init.video.size();
    Some(Bytes::from(format!(
        "#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-STREAM-INF:BANDWIDTH={peak},AVERAGE-BANDWIDTH={average},\
         CODECS=\"{}\",RESOLUTION={width}x{height},FRAME-RATE={}.{:03}\n{}\n",
        init.codecs(),
        frames_milli / 1_000,
        frames_milli % 1_000,
        File::Playlist,
    )))
}
