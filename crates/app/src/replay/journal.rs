//! A page of the journal: the parts of one segment, each behind a line that describes it. What a killed process leaves of
//! it is read up to the first part that is not whole.

use bytes::{Bytes, BytesMut};
use kernel::{Millis, ShowId, Timestamp};
use serde::{Deserialize, Serialize};

use super::record::Archivist;
use crate::people::token;
use crate::ports::{Jot, NotWritten, Recorder, Take, TakeSetup};
use crate::{Problem, ports};

/// A describing line is at most so long, bytes; our own have a tenth of it.
const LINE: usize = 4_096;

/// What stands before a part's bytes. A stored format: fields are only added.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    duration_ms: i64,
    bytes: usize,
    /// Of the bytes that follow.
    hash: String,
    /// Before the first part: what its segment is.
    segment: Option<Opening>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Opening {
    at_ms: i64,
    discontinuity: bool,
    independent: bool,
    codecs: String,
    width: u16,
    height: u16,
    /// Of the initialisation segment, which stands before the part.
    init: usize,
}

/// A part as it is written down.
pub(super) fn line(part: Jot) -> Result<Bytes, NotWritten> {
    let Jot { first, at, discontinuity, independent, setup, duration, bytes } = part;
    let TakeSetup { init, codecs, width, height } = setup;
    let opening =
        Opening { at_ms: at.unix_millis(), discontinuity, independent, codecs, width, height, init: init.len() };
    let mut body = BytesMut::with_capacity(init.len() + bytes.len());
    if first {
        body.extend_from_slice(&init);
    }
    body.extend_from_slice(&bytes);
    let hash = token::hash_bytes(&body);
    let line = Line { duration_ms: duration.0, bytes: body.len(), hash, segment: first.then_some(opening) };
    let mut written = serde_json::to_vec(&line).map_err(|error| NotWritten(error.to_string()))?;
    written.push(b'\n');
    written.extend_from_slice(&body);
    Ok(written.into())
}

/// The next part of a page with its line; none where nothing whole follows.
fn next(page: &mut Bytes) -> Option<(Line, Bytes)> {
    let end = page.iter().take(LINE).position(|byte| *byte == b'\n')?;
    let line: Line = serde_json::from_slice(&page.split_to(end + 1)).ok()?;
    let body = (line.bytes <= page.len()).then(|| page.split_to(line.bytes))?;
    (token::hash_bytes(&body) == line.hash).then_some((line, body))
}

/// The segment that a page holds, as far as it was written down.
#[must_use]
pub fn segment(mut page: Bytes) -> Option<Take> {
    let (first, mut body) = next(&mut page)?;
    let Opening { at_ms, discontinuity, independent, codecs, width, height, init } = first.segment?;
    // What a damaged line says is no time that can be counted with.
    at_ms.checked_mul(1_000)?;
    let init = (init <= body.len()).then(|| body.split_to(init))?;
    let mut bytes = BytesMut::from(body);
    let mut duration_ms = first.duration_ms;
    while let Some((Line { duration_ms: more, segment: None, .. }, body)) = next(&mut page) {
        bytes.extend_from_slice(&body);
        duration_ms = duration_ms.checked_add(more)?;
    }
    Some(Take {
        at: Timestamp::from_unix_millis(at_ms),
        duration: Millis(duration_ms),
        discontinuity,
        independent,
        bytes: bytes.freeze(),
        setup: TakeSetup { init, codecs, width, height },
    })
}

/// Keeps what a process wrote down that ended before its segment did. Before encoders are let in.
pub async fn recover(archivist: &Archivist) -> Result<(), Problem> {
    let journal = &archivist.0.replay.journal;
    for show in journal.shows().await.map_err(Problem::internal)? {
        let page = journal.read(show).await.map_err(Problem::internal)?;
        if let Some(take) = segment(page) {
            go_on(archivist, show, take).await?;
        }
        archivist.rest(show).await;
    }
    Ok(())
}

/// Adds the segment to its recording, unless it is there already: then the process ended between its row and the page.
async fn go_on(archivist: &Archivist, show: ShowId, take: Take) -> Result<(), Problem> {
    let rows: &dyn ports::Recordings = &*archivist.0.replay.rows;
    let sums = rows.sums(show).await?;
    let last = rows.segments(show, (sums.segments - 1).max(0), 1).await?.pop();
    if last.as_ref().is_some_and(|last| last.at >= take.at) {
        return Ok(());
    }
    tracing::info!(%show, ms = take.duration.0, "the recording's last moments were written down");
    archivist.take_up(show, sums, last.as_ref(), &take);
    archivist.keep(show, take).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(number: u8) -> Jot {
        Jot {
            first: number == 0,
            at: Timestamp::from_unix_millis(1_000),
            discontinuity: false,
            independent: true,
            setup: TakeSetup {
                init: Bytes::from_static(b"init"),
                codecs: "avc1.64001f,mp4a.40.2".into(),
                width: 360,
                height: 640,
            },
            duration: Millis(500),
            bytes: Bytes::from(vec![number; 40]),
        }
    }

    #[test]
    fn wherever_a_page_breaks_off_its_whole_parts_are_read() {
        let lines: Vec<Bytes> = (0..3).map(|number| line(part(number)).expect("written")).collect();
        let page = lines.concat();
        for end in 0..=page.len() {
            let whole = lines.iter().scan(0, |sum, line| {
                *sum += line.len();
                Some(*sum)
            });
            let whole = whole.filter(|sum| *sum <= end).count();
            let found = segment(Bytes::copy_from_slice(&page[..end]));
            let read = found.map(|take| (take.duration.0, take.bytes.len(), take.setup.init));
            let init = Bytes::from_static(b"init");
            let expected = (whole > 0).then(|| (whole as i64 * 500, whole * 40, init));
            assert_eq!(read, expected, "{end} of {} bytes", page.len());
        }
    }

    #[test]
    fn bytes_that_are_not_what_was_written_end_the_page() {
        let lines: Vec<Bytes> = (0..3).map(|number| line(part(number)).expect("written")).collect();
        let mut page = lines.concat();
        let place = lines[0].len() + lines[1].len() - 1;
        page[place] ^= 1;
        assert_eq!(segment(page.into()).map(|take| take.duration), Some(Millis(500)));
        // A page that does not begin with a segment's first part tells nothing.
        assert!(segment(line(part(1)).expect("written")).is_none());
    }
}
