//! The samples of one part, read back by a library that had no hand in writing it down in this way.

use std::io::Cursor;

use mp4_atom::{Header, Moof, ReadAtom, ReadFrom};

/// One sample: its place in media time, and its bytes.
#[derive(Debug)]
pub(super) struct Sample {
    pub(super) track: u32,
    /// Ticks of its track.
    pub(super) at: u64,
    pub(super) data: Vec<u8>,
}

/// All samples of a part; none for what is no part of ours.
pub(super) fn samples(part: &[u8]) -> Option<Vec<Sample>> {
    let mut cursor = Cursor::new(part);
    let header = Header::read_from(&mut cursor).ok()?;
    let moof = Moof::read_atom(&header, &mut cursor).ok()?;
    let mut samples = Vec::new();
    for traf in &moof.traf {
        let mut at = traf.tfdt.as_ref()?.base_media_decode_time;
        for trun in &traf.trun {
            let mut from = usize::try_from(trun.data_offset?).ok()?;
            for entry in trun.samples.iter() {
                let to = from + usize::try_from(entry.size?).ok()?;
                samples.push(Sample { track: traf.tfhd.track_id, at, data: part.get(from..to)?.to_vec() });
                at += u64::from(entry.duration.or(traf.tfhd.default_sample_duration)?);
                from = to;
            }
        }
    }
    Some(samples)
}
