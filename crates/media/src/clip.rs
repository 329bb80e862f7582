//! A range of a recording as a file of its own: the same fragments, with their decode times counted from the clip's start.
//!
//! Reads ISO BMFF boxes back. No bytes make it panic, and nothing is copied but the segment that was given.

use kernel::Millis;

/// Boxes within boxes, at most.
const BOXES: usize = 4_096;

/// The bytes are not what our own packager writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("these bytes are no initialisation or media segment of a recording")]
pub struct Unreadable;

/// A box's payload, by its place in the bytes.
#[derive(Clone, Copy, Debug)]
struct Found {
    kind: [u8; 4],
    from: usize,
    to: usize,
}

/// The boxes that fill `from..to`.
fn boxes(bytes: &[u8], from: usize, to: usize) -> Result<Vec<Found>, Unreadable> {
    let mut found = Vec::new();
    let mut at = from;
    while at < to {
        let size = number(bytes, at, 4, to)?;
        let kind = bytes.get(at + 4..at + 8).and_then(|kind| kind.try_into().ok()).ok_or(Unreadable)?;
        let (head, size) = match size {
            1 => (16, number(bytes, at + 8, 8, to)?),
            size => (8, size),
        };
        let end = usize::try_from(size).ok().and_then(|size| at.checked_add(size)).ok_or(Unreadable)?;
        if end > to || end < at + head || found.len() >= BOXES {
            return Err(Unreadable);
        }
        found.push(Found { kind, from: at + head, to: end });
        at = end;
    }
    Ok(found)
}

fn inside(bytes: &[u8], outer: Found, kind: &[u8; 4]) -> Result<Vec<Found>, Unreadable> {
    let mut found = boxes(bytes, outer.from, outer.to)?;
    found.retain(|one| one.kind == *kind);
    Ok(found)
}

fn only(bytes: &[u8], outer: Found, kind: &[u8; 4]) -> Result<Found, Unreadable> {
    inside(bytes, outer, kind)?.first().copied().ok_or(Unreadable)
}

/// A big-endian number of `width` bytes that ends before `to`.
fn number(bytes: &[u8], at: usize, width: usize, to: usize) -> Result<u64, Unreadable> {
    let end = at.checked_add(width).filter(|end| *end <= to).ok_or(Unreadable)?;
    let digits = bytes.get(at..end).ok_or(Unreadable)?;
    Ok(digits.iter().fold(0, |number, digit| number << 8 | u64::from(*digit)))
}

/// A track and the ticks of its second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Track {
    id: u64,
    timescale: u64,
}

/// One clip in the making: segments go in in their order.
#[derive(Clone, Debug)]
pub struct Clip {
    tracks: Vec<Track>,
    /// What is taken off each decode time, in ticks by track; none before the first segment.
    off: Option<Vec<i128>>,
}

impl Clip {
    /// Begins with the initialisation segment, which is the clip's own as it is.
    ///
    /// # Errors
    /// When it is none.
    pub fn begin(init: &[u8]) -> Result<Self, Unreadable> {
        let all = Found { kind: *b"file", from: 0, to: init.len() };
        let moov = only(init, all, b"moov")?;
        let track = |trak: Found| {
            let tkhd = only(init, trak, b"tkhd")?;
            let mdhd = only(init, only(init, trak, b"mdia")?, b"mdhd")?;
            // Both begin with version and flags, then two times, of 8 bytes each in version 1.
            let after_times =
                |found: Found| Ok(found.from + if number(init, found.from, 1, found.to)? == 1 { 20 } else { 12 });
            let timescale = number(init, after_times(mdhd)?, 4, mdhd.to)?;
            if timescale == 0 {
                return Err(Unreadable);
            }
            Ok(Track { id: number(init, after_times(tkhd)?, 4, tkhd.to)?, timescale })
        };
        let tracks = inside(init, moov, b"trak")?.into_iter().map(track).collect::<Result<Vec<_>, _>>()?;
        if tracks.is_empty() { Err(Unreadable) } else { Ok(Self { tracks, off: None }) }
    }

    /// Moves a segment's decode times. `at` is where its first picture lies in the clip; it counts for the first segment,
    /// and for one that does not go on where the last one ended.
    ///
    /// # Errors
    /// When it is no segment of this recording.
    pub fn add(&mut self, segment: &mut [u8], at: Option<Millis>) -> Result<(), Unreadable> {
        let all = Found { kind: *b"file", from: 0, to: segment.len() };
        let mut begins = at;
        for moof in inside(segment, all, b"moof")? {
            for traf in inside(segment, moof, b"traf")? {
                let tfhd = only(segment, traf, b"tfhd")?;
                let id = number(segment, tfhd.from.saturating_add(4), 4, tfhd.to)?;
                let place = self.tracks.iter().position(|track| track.id == id).ok_or(Unreadable)?;
                let tfdt = only(segment, traf, b"tfdt")?;
                let width = if number(segment, tfdt.from, 1, tfdt.to)? == 1 { 8 } else { 4 };
                let from = tfdt.from.saturating_add(4);
                let time = number(segment, from, width, tfdt.to)?;
                if let Some(at) = begins.take() {
                    self.count_from(self.tracks[place], time, at);
                }
                let off = self.off.as_ref().ok_or(Unreadable)?[place];
                let moved = u64::try_from((i128::from(time) - off).max(0)).map_err(|_| Unreadable)?;
                let digits = moved.to_be_bytes();
                segment[from..from + width].copy_from_slice(&digits[8 - width..]);
            }
        }
        Ok(())
    }

    /// From now on `time` of this track lies at `at`, and every other track beside it.
    fn count_from(&mut self, track: Track, time: u64, at: Millis) {
        let ticks = |of: Track| {
            let theirs = i128::from(time) * i128::from(of.timescale) / i128::from(track.timescale);
            theirs - i128::from(at.0) * i128::from(of.timescale) / 1_000
        };
        self.off = Some(self.tracks.iter().map(|of| ticks(*of)).collect());
    }
}
