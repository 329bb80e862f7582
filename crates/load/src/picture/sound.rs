//! Sound against picture: half an hour of an encoder's stamps, faster than real time, and what parts make of them.

use bytes::Bytes;
use kernel::{Millis, Timestamp};
use media::hls::{PART_TARGETS, Packager};
use media::programme::Run;
use serde::Serialize;

use super::fragment::samples;
use crate::house::Spoiled;

const BEGAN: Timestamp = Timestamp::from_unix_millis(1_795_374_000_000);
/// x264's decoder configuration for 1280×720, behind the FLV header of a sequence start.
const PICTURE: &[u8] = &[
    0x17, 0, 0, 0, 0, 1, 100, 0, 31, 0xFF, 0xE1, 0, 28, 103, 100, 0, 31, 172, 217, 128, 80, 5, 187, 1, 106, 2, 2, 2,
    128, 0, 0, 3, 0, 128, 0, 0, 30, 7, 140, 24, 205, 1, 0, 5, 104, 233, 123, 44, 139, 0xFD, 0xF8, 0xF8, 0,
];
/// Sequence starts of AAC-LC in stereo.
const SOUND_48: &[u8] = &[0xAF, 0, 0x11, 0x90];
const SOUND_44: &[u8] = &[0xAF, 0, 0x12, 0x10];
const FRAME_SAMPLES: f64 = 1_024.0;
const PICTURE_MS: f64 = 1_000.0 / 30.0;
/// Ticks of a second in the picture's track.
const PICTURE_RATE: f64 = 90_000.0;
const MINUTES: u32 = 30;
/// The encoder sends no sound for so long.
const SILENT_MS: f64 = 10_000.0;

/// How an encoder keeps time.
#[derive(Clone, Copy, Debug)]
struct Encoder {
    rate: f64,
    /// How much slower its sound device counts than its stamps, in millionths.
    slow: f64,
    /// Stamps of sound are off by up to so much either way.
    trembles_ms: f64,
}

/// How far sound lies from its picture, at most, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Apart {
    /// In the last minute of half an hour.
    after_half_an_hour_ms: f64,
    /// In the minute after 10 s without sound.
    after_silence_ms: f64,
}

/// Each kind of encoder.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Heard {
    /// 48 kHz, stamps counted in samples, as ffmpeg writes them.
    counted: Apart,
    /// 44.1 kHz, stamps that tremble by 15 ms, as phones write them.
    trembling: Apart,
    /// A sound device that runs 0.01 % slow.
    slow: Apart,
    /// The most of all.
    most_ms: f64,
}

/// Plays them all.
///
/// # Errors
/// The programme refused what was sent, or its parts cannot be read.
pub fn run() -> Result<Heard, Spoiled> {
    let counted = apart(Encoder { rate: 48_000.0, slow: 0.0, trembles_ms: 0.0 })?;
    let trembling = apart(Encoder { rate: 44_100.0, slow: 0.0, trembles_ms: 15.0 })?;
    let slow = apart(Encoder { rate: 44_100.0, slow: 100.0, trembles_ms: 0.0 })?;
    let all =
        [counted, trembling, slow].into_iter().flat_map(|apart| [apart.after_half_an_hour_ms, apart.after_silence_ms]);
    Ok(Heard { counted, trembling, slow, most_ms: all.fold(0.0, f64::max) })
}

const REFUSED: Spoiled = Spoiled::Nothing("the programme refused an encoder that keeps time");

fn apart(encoder: Encoder) -> Result<Apart, Spoiled> {
    let whole = f64::from(MINUTES) * 60_000.0;
    let silent = 60_000.0..60_000.0 + SILENT_MS;
    let mut desk =
        Desk { run: Run::new(BEGAN), packager: Packager::new(PART_TARGETS[0], 0), next: (0, 0), seen: Vec::new() };
    desk.picture(0.0, PICTURE)?;
    desk.sound(0.0, if encoder.rate > 44_100.0 { SOUND_48 } else { SOUND_44 })?;
    let frame_ms = FRAME_SAMPLES * 1_000.0 / encoder.rate * (1.0 + encoder.slow / 1e6);
    let (mut pictures, mut sounds) = (0_u32, 0_u32);
    while f64::from(pictures) * PICTURE_MS < whole {
        let (shown, heard) = (f64::from(pictures) * PICTURE_MS, f64::from(sounds) * frame_ms);
        if heard <= shown {
            sounds += 1;
            // A triangle, so that it repeats alike.
            let tremble = (f64::from(sounds % 7) / 3.0 - 1.0) * encoder.trembles_ms;
            if !silent.contains(&heard) {
                desk.sound((heard + tremble).max(0.0), &[&[0xAF, 1][..], &mark(heard)].concat())?;
            }
        } else {
            let key = pictures.is_multiple_of(60);
            let (head, slice) = if key { (0x17, [0x65, 0x88]) } else { (0x27, [0x41, 0x9A]) };
            let data = [&slice[..], &mark(shown)].concat();
            let tag = [&[head, 1, 0, 0, 0][..], &(data.len() as u32).to_be_bytes(), &data].concat();
            desk.picture(shown, &tag)?;
            desk.fetch()?;
            pictures += 1;
        }
    }
    let most = |from: f64| desk.apart(from..from + 59_000.0);
    Ok(Apart { after_half_an_hour_ms: most(whole - 60_000.0)?, after_silence_ms: most(silent.end + 1_000.0)? })
}

/// When it was made, in microseconds, in digits that hold no start code.
fn mark(ms: f64) -> [u8; 8] {
    ((ms * 1_000.0) as u64 | 0x5500_0000_0000_0000).to_be_bytes()
}

fn marked(data: &[u8]) -> Option<f64> {
    let mark = u64::from_be_bytes(data.get(data.len().checked_sub(8)?..)?.try_into().ok()?);
    (mark >> 56 == 0x55).then_some((mark & 0x00FF_FFFF_FFFF_FFFF) as f64 / 1_000.0)
}

/// What came out: the track, when it was made, and how much later it is played, in milliseconds.
#[derive(Debug)]
struct Seen {
    picture: bool,
    made: f64,
    later: f64,
}

struct Desk {
    run: Run,
    packager: Packager,
    next: (u64, u32),
    seen: Vec<Seen>,
}

impl Desk {
    fn picture(&mut self, ms: f64, tag: &[u8]) -> Result<(), Spoiled> {
        let unit = self.run.video(at(ms), ms.round() as u32, &Bytes::copy_from_slice(tag)).map_err(|_| REFUSED)?;
        unit.into_iter().for_each(|unit| self.packager.push(unit));
        Ok(())
    }

    fn sound(&mut self, ms: f64, tag: &[u8]) -> Result<(), Spoiled> {
        let unit = self.run.audio(at(ms), ms.round() as u32, &Bytes::copy_from_slice(tag)).map_err(|_| REFUSED)?;
        unit.into_iter().for_each(|unit| self.packager.push(unit));
        Ok(())
    }

    /// Reads the parts that are new.
    fn fetch(&mut self) -> Result<(), Spoiled> {
        let edge = self.packager.edge();
        while self.next < (edge.segment, edge.parts) {
            let Some(part) = self.packager.part(self.next.0, self.next.1) else {
                self.next = (self.next.0 + 1, 0);
                continue;
            };
            self.next.1 += 1;
            let samples = samples(&part).ok_or(Spoiled::Nothing("a part cannot be read"))?;
            for sample in samples {
                let Some(made) = marked(&sample.data) else { continue };
                let picture = sample.track == 1;
                let rate = if picture { PICTURE_RATE } else { self.rate() };
                self.seen.push(Seen { picture, made, later: sample.at as f64 * 1_000.0 / rate - made });
            }
        }
        Ok(())
    }

    fn rate(&self) -> f64 {
        self.run.health(BEGAN).audio.map_or(48_000.0, |setup| f64::from(setup.rate()))
    }

    /// How far sound lies from the picture, at most, of what was made in this stretch.
    fn apart(&self, made: std::ops::Range<f64>) -> Result<f64, Spoiled> {
        let within = |picture: bool| self.seen.iter().filter(move |seen| seen.picture == picture);
        let later = |picture: bool| within(picture).filter(|seen| made.contains(&seen.made)).map(|seen| seen.later);
        let count = later(true).count();
        if count == 0 || later(false).count() == 0 {
            return Err(Spoiled::Nothing("a track is missing"));
        }
        let picture = later(true).sum::<f64>() / count as f64;
        Ok(later(false).fold(0.0, |most, sound| f64::max(most, (sound - picture).abs())))
    }
}

fn at(ms: f64) -> Timestamp {
    BEGAN + Millis(ms as i64)
}
