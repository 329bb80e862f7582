//! Single pictures of a recording: for the seek bar, and the one that stands for it. Each is made once, when somebody asks
//! for it first, and kept beside the segments.

use bytes::Bytes;
use kernel::{Millis, ShowId};

use super::edit::Edit;
use super::index::Index;
use super::playlist::shown;
use super::{segment_key, setup_key};
use crate::ports::{NoStill, SegmentRow};
use crate::{App, Code, Problem};

/// Pictures along the seek bar.
const ALONG: i64 = 120;
/// They are at least so far apart.
const APART: Millis = Millis::from_secs(4);
/// Pixels of height along the seek bar, twice what the page shows.
const SMALL: u16 = 240;
/// Pixels of height of the picture that stands for the replay.
const LARGE: u16 = 1_080;
/// A moment that needs more segments than this to decode has no picture: keyframes are half a minute apart.
const REACH: usize = 8;

/// A picture along the seek bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Along {
    /// Where it is in the replay.
    pub position: Millis,
    /// The segment that begins with it.
    pub sequence: i64,
}

/// The object that holds the picture with which a segment begins.
#[must_use]
pub fn still_key(show: ShowId, sequence: i64) -> String {
    format!("recordings/{show}/{sequence}.jpg")
}

/// The object that holds the picture of a moment, Unix milliseconds of the programme.
#[must_use]
pub fn poster_key(show: ShowId, at_ms: i64) -> String {
    format!("recordings/{show}/poster-{at_ms}.jpg")
}

/// The pictures along the seek bar, evenly spread over what is shown.
#[must_use]
pub fn along(index: &Index, edit: &Edit) -> Vec<Along> {
    let length: i64 = shown(index, edit).map(|(segment, _)| segment.duration.0).sum();
    let apart = (length / ALONG).max(APART.0);
    let (mut position, mut next, mut along) = (0, 0, Vec::new());
    for (segment, _) in shown(index, edit) {
        if segment.independent && position >= next {
            along.push(Along { position: Millis(position), sequence: segment.sequence });
            next = position + apart;
        }
        position += segment.duration.0;
    }
    along
}

/// The picture with which a shown segment begins.
///
/// # Errors
/// [`Code::NotFound`] where no picture begins there, or none can be made here.
pub async fn still(app: &App, show: ShowId, index: &Index, edit: &Edit, sequence: i64) -> Result<Bytes, Problem> {
    let segment = shown(index, edit).map(|(segment, _)| segment).find(|segment| segment.sequence == sequence);
    let segment = segment.filter(|segment| segment.independent).ok_or(Code::NotFound)?;
    made(app, show, still_key(show, sequence), &[segment], Millis(0), SMALL).await
}

/// The picture that stands for the replay.
///
/// # Errors
/// [`Code::NotFound`] where staff chose another one or none, where nothing is shown from that moment on, or where no
/// picture can be made here.
pub async fn poster(app: &App, show: ShowId, index: &Index, edit: &Edit, at_ms: i64) -> Result<Bytes, Problem> {
    if edit.poster_ms != Some(at_ms) {
        return Err(Code::NotFound.into());
    }
    let run = leading_to(index, edit, at_ms).ok_or(Code::NotFound)?;
    let (first, last) = run.first().zip(run.last()).ok_or(Code::NotFound)?;
    let at = Millis(at_ms.max(last.at.unix_millis()) - first.at.unix_millis());
    made(app, show, poster_key(show, at_ms), &run, at, LARGE).await
}

/// The segments that decode to a moment, or to the next picture that is shown: from the keyframe before it on.
fn leading_to<'a>(index: &'a Index, edit: &'a Edit, at_ms: i64) -> Option<Vec<&'a SegmentRow>> {
    let mut run: Vec<&SegmentRow> = Vec::new();
    for (segment, cut) in shown(index, edit) {
        if cut || segment.independent {
            run.clear();
        }
        run.push(segment);
        if at_ms < (segment.at + segment.duration).unix_millis() {
            return (run.len() <= REACH).then_some(run);
        }
    }
    None
}

async fn made(
    app: &App,
    show: ShowId,
    key: String,
    segments: &[&SegmentRow],
    at: Millis,
    height: u16,
) -> Result<Bytes, Problem> {
    let objects = &app.ports.objects;
    if let Some(kept) = objects.get(&key).await? {
        return Ok(kept);
    }
    let first = segments.first().ok_or(Code::NotFound)?;
    let mut recording = vec![objects.get(&setup_key(show, &first.setup)).await?.ok_or(Code::NotFound)?];
    for segment in segments {
        recording.push(objects.get(&segment_key(show, segment.sequence)).await?.ok_or(Code::NotFound)?);
    }
    let picture = app.replay.stills.still(recording, at, height).await.map_err(|error| match error {
        NoStill::Busy => Problem::from(Code::Busy),
        NoStill::NoHelper => Code::NotFound.into(),
        NoStill::Unreadable(cause) => {
            tracing::warn!(%show, key, cause, "a picture of a recording cannot be made");
            Code::NotFound.into()
        }
    })?;
    objects.put(&key, picture.clone()).await?;
    Ok(picture)
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;

    use super::*;

    /// Segments of two seconds from 10 s on; `-` begins without a keyframe, `!` after a break.
    fn index(segments: &str) -> Index {
        let row = |(sequence, what): (i64, char)| SegmentRow {
            sequence,
            at: Timestamp::from_unix_millis(10_000 + sequence * 2_000),
            duration: Millis(2_000),
            size_bytes: 1,
            setup: "a".into(),
            discontinuity: what == '!',
            independent: what != '-',
            missing: None,
        };
        Index { segments: (0..).zip(segments.chars()).map(row).collect(), ..Index::default() }
    }

    #[test]
    fn pictures_are_spread_and_begin_with_keyframes() {
        for (segments, start_ms, expected) in [
            ("kkkkkk", None, &[(0, 0), (4_000, 2), (8_000, 4)][..]),
            ("kk-k-k", None, &[(0, 0), (6_000, 3), (10_000, 5)]),
            ("kkkkkk", Some(13_000), &[(0, 2), (4_000, 4)]),
            ("", None, &[]),
        ] {
            let found = along(&index(segments), &Edit { start_ms, ..Edit::default() });
            let found: Vec<(i64, i64)> = found.iter().map(|one| (one.position.0, one.sequence)).collect();
            assert_eq!(found, expected, "{segments} from {start_ms:?}");
        }
        let evening = along(&index(&"k".repeat(5_400)), &Edit::default());
        assert!((100..=120).contains(&evening.len()), "{} of three hours", evening.len());
    }

    #[test]
    fn a_moment_is_decoded_from_the_keyframe_before() {
        let (index, whole) = (index("k--!kk"), Edit::default());
        for (at_ms, expected) in [
            (9_000, Some(vec![0])),
            (10_000, Some(vec![0])),
            (15_999, Some(vec![0, 1, 2])),
            (16_000, Some(vec![3])),
            (18_500, Some(vec![4])),
            (22_000, None),
        ] {
            let run = leading_to(&index, &whole, at_ms);
            let run = run.map(|run| run.iter().map(|segment| segment.sequence).collect::<Vec<_>>());
            assert_eq!(run, expected, "{at_ms}");
        }
        let hidden = Edit { start_ms: Some(16_000), ..Edit::default() };
        let run = leading_to(&index, &hidden, 15_000).map(|run| run.first().map(|first| first.sequence));
        assert_eq!(run, Some(Some(3)), "what is hidden is where the next shown picture is");
    }
}
