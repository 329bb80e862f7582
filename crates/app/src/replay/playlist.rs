//! A recording as ordinary HLS (RFC 8216): the same text for every viewer.

use std::fmt::Write as _;

use kernel::Millis;

use super::edit::Edit;
use super::index::Index;
use crate::ports::SegmentRow;

/// EXT-X-TARGETDURATION: segments are cut before they round to more.
const TARGET_SECS: i64 = 4;
/// A date is written again where counting durations from the last one would be off by more.
const DRIFT_MS: i64 = 20;

/// A stretch that plays without a break, on both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Programme time of its first picture, Unix milliseconds.
    pub at_ms: i64,
    /// Where it begins in the replay.
    pub position: Millis,
    pub duration: Millis,
}

/// Whether more will come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// A show on air: the list grows.
    Open,
    /// The whole replay.
    Closed,
}

/// The segments that are shown; each with whether it is a break from the one before.
pub(super) fn shown<'a>(index: &'a Index, edit: &'a Edit) -> impl Iterator<Item = (&'a SegmentRow, bool)> {
    let mut last: Option<i64> = None;
    index.segments.iter().filter(|segment| segment.missing.is_none() && edit.shows_whole(segment)).filter_map(
        move |segment| {
            let goes_on = last.is_some_and(|last| last + 1 == segment.sequence) && !segment.discontinuity;
            // Behind a cut only a keyframe can be decoded.
            if !goes_on && !segment.independent {
                return None;
            }
            last = Some(segment.sequence);
            Some((segment, !goes_on))
        },
    )
}

/// The media playlist; none where nothing is shown.
#[must_use]
pub fn media(index: &Index, edit: &Edit, ending: Ending) -> Option<String> {
    let kind = if ending == Ending::Open { "EVENT" } else { "VOD" };
    let mut out = String::with_capacity(64 + index.segments.len() * 32);
    let _ = write!(
        out,
        "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:{TARGET_SECS}\n#EXT-X-PLAYLIST-TYPE:{kind}\n#EXT-X-MEDIA-SEQUENCE:0\n"
    );
    let (mut setup, mut expected, mut first) = ("", None, true);
    for (segment, cut) in shown(index, edit) {
        if cut && !first {
            out.push_str("#EXT-X-DISCONTINUITY\n");
        }
        if setup != segment.setup {
            setup = &segment.setup;
            let _ = writeln!(out, "#EXT-X-MAP:URI=\"init-{setup}.mp4\"");
        }
        let at = segment.at.unix_millis();
        if cut || expected.is_none_or(|expected: i64| (at - expected).abs() > DRIFT_MS) {
            let _ = writeln!(out, "#EXT-X-PROGRAM-DATE-TIME:{}", segment.at);
            expected = Some(at);
        }
        expected = expected.map(|expected| expected + segment.duration.0);
        let (secs, millis) = (segment.duration.0 / 1_000, segment.duration.0 % 1_000);
        let _ = writeln!(out, "#EXTINF:{secs}.{millis:03},\n{}.m4s", segment.sequence);
        first = false;
    }
    if first {
        return None;
    }
    if ending == Ending::Closed {
        out.push_str("#EXT-X-ENDLIST\n");
    }
    Some(out)
}

/// The multivariant playlist that names the media playlist `of`; none where nothing is shown.
#[must_use]
pub fn multivariant(index: &Index, edit: &Edit, of: &str) -> Option<String> {
    let (mut bytes, mut ms, mut peak) = (0, 0, 0);
    let mut setup = None;
    for (segment, _) in shown(index, edit) {
        bytes += segment.size_bytes;
        ms += segment.duration.0;
        peak = peak.max(segment.size_bytes * 8_000 / segment.duration.0.max(1));
        setup = setup.or_else(|| index.setups.get(&segment.setup));
    }
    let setup = setup?;
    Some(format!(
        "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-STREAM-INF:BANDWIDTH={peak},AVERAGE-BANDWIDTH={},CODECS=\"{}\",\
         RESOLUTION={}x{}\n{of}\n",
        bytes * 8_000 / ms.max(1),
        setup.codecs,
        setup.width,
        setup.height
    ))
}

/// What is shown, as stretches on both clocks.
#[must_use]
pub fn stretches(index: &Index, edit: &Edit) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut position = Millis(0);
    for (segment, cut) in shown(index, edit) {
        match stretches.last_mut() {
            Some(open) if !cut => open.duration = Millis(open.duration.0 + segment.duration.0),
            _ => stretches.push(Stretch { at_ms: segment.at.unix_millis(), position, duration: segment.duration }),
        }
        position = Millis(position.0 + segment.duration.0);
    }
    stretches
}

/// Where a moment of the programme is in the replay; what is not shown is where the next shown picture is. None after the end.
#[must_use]
pub fn position(stretches: &[Stretch], at_ms: i64) -> Option<Millis> {
    let stretch = stretches.iter().find(|stretch| at_ms < stretch.at_ms + stretch.duration.0)?;
    Some(Millis(stretch.position.0 + (at_ms - stretch.at_ms).max(0)))
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;

    use super::*;
    use crate::ports::{Missing, SetupRow};
    use crate::replay::edit::Span;

    fn index(segments: &[(i64, &str)]) -> Index {
        let row = |(sequence, (at_ms, what)): (usize, &(i64, &str))| SegmentRow {
            sequence: i64::try_from(sequence).expect("fits"),
            at: Timestamp::from_unix_millis(*at_ms),
            duration: Millis(2_000),
            size_bytes: 500_000,
            setup: if what.contains('b') { "b".into() } else { "a".into() },
            discontinuity: what.contains('!'),
            independent: !what.contains('-'),
            missing: what.contains('?').then_some(Missing::Disk),
        };
        let setup =
            |id: &str| SetupRow { id: id.into(), codecs: "avc1.64001f,mp4a.40.2".into(), width: 360, height: 640 };
        Index {
            segments: segments.iter().enumerate().map(row).collect(),
            setups: ["a", "b"].into_iter().map(|id| (id.to_owned(), setup(id))).collect(),
        }
    }

    /// The playlist in short: `|` for a break, `@` with a date, the map's letter, segment numbers.
    fn short(index: &Index, edit: &Edit) -> String {
        let text = media(index, edit, Ending::Closed).unwrap_or_default();
        let mut out = String::new();
        for line in text.lines() {
            match line {
                "#EXT-X-DISCONTINUITY" => out.push('|'),
                _ if line.starts_with("#EXT-X-MAP") => out.push_str(&line["#EXT-X-MAP:URI=\"init-".len()..][..1]),
                _ if line.starts_with("#EXT-X-PROGRAM") => out.push('@'),
                _ => out.push_str(line.strip_suffix(".m4s").unwrap_or_default()),
            }
        }
        out
    }

    #[test]
    fn breaks_maps_and_dates_stand_where_they_must() {
        let whole = Edit::default();
        for (segments, edit, expected) in [
            (&[(0, ""), (2_000, ""), (4_000, "")][..], &whole, "a@012"),
            // Back after four seconds, with another decoder.
            (&[(0, ""), (2_000, ""), (8_000, "b!")], &whole, "a@01|b@2"),
            // One is missing: the next one needs a keyframe.
            (&[(0, ""), (2_000, "?"), (4_000, "-"), (6_000, "")], &whole, "a@0|@3"),
            // The count runs away from the clock.
            (&[(0, ""), (2_015, ""), (4_030, "")], &whole, "a@01@2"),
            (&[(0, "?")], &whole, ""),
            (
                &[(0, ""), (2_000, ""), (4_000, "-"), (6_000, ""), (8_000, "")],
                &Edit { start_ms: Some(1), hidden: vec![Span { from_ms: 2_500, to_ms: 2_600 }], ..Edit::default() },
                "a@34",
            ),
            (
                &[(0, ""), (2_000, ""), (4_000, "")],
                &Edit { hidden: vec![Span { from_ms: 2_500, to_ms: 2_600 }], ..Edit::default() },
                "a@0|@2",
            ),
        ] {
            assert_eq!(short(&index(segments), edit), expected, "{segments:?} {edit:?}");
        }
    }

    #[test]
    fn both_clocks_are_one() {
        let index = index(&[(10_000, ""), (12_000, ""), (20_000, "!"), (22_000, "")]);
        let found = stretches(&index, &Edit::default());
        let stretch = |at_ms, position| Stretch { at_ms, position: Millis(position), duration: Millis(4_000) };
        assert_eq!(found, [stretch(10_000, 0), stretch(20_000, 4_000)]);
        for (at_ms, expected) in
            [(0, Some(0)), (11_500, Some(1_500)), (15_000, Some(4_000)), (23_999, Some(7_999)), (24_000, None)]
        {
            assert_eq!(position(&found, at_ms), expected.map(Millis), "{at_ms}");
        }
    }
}
