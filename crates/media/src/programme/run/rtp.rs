//! What came by RTP: pictures with start codes, packets of Opus, and the reports that say how their clocks lie beside each
//! other.
//!
//! Pictures lead: their stamps count on from the arrival of the first. Sound counts on from its own first arrival until both
//! tracks' senders have reported; from then on it lies beside the picture as its sender says.

use kernel::Timestamp;

use super::{Picture, Run, RunEnd, in_time};
use crate::access_unit::AccessUnit;
use crate::audio::AudioSetup;
use crate::avc::VideoSetup;
use crate::opus;
use crate::programme::{AudioUnit, Unit};

/// Ticks of a second in the picture's stamps (RFC 6184, 8.1).
const PICTURE_RATE: i64 = 90_000;
const SOUND_RATE: i64 = opus::RATE as i64;
/// A report moves sound by so much at most; one that says more is not believed.
const BELIEVED_MICROS: u64 = 2_000_000;
/// Of a report that differs a little from those before, so little is taken: senders' stamps tremble.
const SMOOTHING: i64 = 8;
/// A report that differs by more counts as it is.
const TREMBLE_MICROS: i64 = 100_000;

/// A sender's report (RFC 3550, 6.4.1): at this time of its own clock its stamps had come to this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SenderReport {
    /// Microseconds of the sender's clock, from wherever it counts.
    pub sender_micros: i64,
    pub stamp: u32,
}

/// One track's stamps, unwrapped from 32 bits.
#[derive(Debug)]
struct Line {
    /// Programme time of the first stamp.
    at: Timestamp,
    rate: i64,
    stamp: u32,
    /// Since the first stamp.
    ticks: i64,
    /// What the sender's clock said at the first stamp.
    began_micros: Option<i64>,
}

impl Line {
    const fn begin(at: Timestamp, rate: i64, stamp: u32) -> Self {
        Self { at, rate, stamp, ticks: 0, began_micros: None }
    }

    const fn micros(&self, stamp: u32) -> i64 {
        let ticks = self.ticks + stamp.wrapping_sub(self.stamp).cast_signed() as i64;
        ticks * 1_000_000 / self.rate
    }

    fn place(&mut self, stamp: u32) -> Timestamp {
        let micros = self.micros(stamp);
        let step = stamp.wrapping_sub(self.stamp).cast_signed();
        if step > 0 {
            self.ticks += i64::from(step);
            self.stamp = stamp;
        }
        moved(self.at, micros)
    }

    fn report(&mut self, report: SenderReport) {
        let began = report.sender_micros.saturating_sub(self.micros(report.stamp));
        self.began_micros = Some(match self.began_micros {
            Some(before) if began.abs_diff(before) < TREMBLE_MICROS.unsigned_abs() => {
                before + (began - before) / SMOOTHING
            }
            _ => began,
        });
    }
}

fn moved(at: Timestamp, micros: i64) -> Timestamp {
    Timestamp::from_unix_micros(at.unix_micros().saturating_add(micros))
}

/// Both tracks' stamps.
#[derive(Debug, Default)]
pub(super) struct Clocks {
    picture: Option<Line>,
    sound: Option<Line>,
    /// The latest report of each, so that one is taken once.
    reported: [Option<SenderReport>; 2],
}

impl Clocks {
    fn report(&mut self, track: usize, report: Option<SenderReport>) {
        if report.is_none() || self.reported[track] == report {
            return;
        }
        self.reported[track] = report;
        let line = [&mut self.picture, &mut self.sound].into_iter().nth(track).and_then(Option::as_mut);
        if let (Some(line), Some(report)) = (line, report) {
            line.report(report);
        }
        let (Some(picture), Some(sound)) = (&self.picture, &mut self.sound) else { return };
        let (Some(first), Some(second)) = (picture.began_micros, sound.began_micros) else { return };
        let beside = moved(picture.at, second.saturating_sub(first));
        if beside.unix_micros().abs_diff(sound.at.unix_micros()) <= BELIEVED_MICROS {
            sound.at = beside;
        }
    }
}

impl Run {
    /// A whole picture with start codes, with its stamp and its sender's latest report; `None` when it shows nothing yet.
    ///
    /// # Errors
    /// [`RunEnd`]: the run is over.
    pub fn access_unit(
        &mut self,
        now: Timestamp,
        stamp: u32,
        report: Option<SenderReport>,
        bytes: &[u8],
    ) -> Result<Option<Unit>, RunEnd> {
        let unit = AccessUnit::read(bytes);
        if unit.bidirectional {
            return Err(RunEnd::BFrames);
        }
        let at = self.rtp.picture.get_or_insert(Line::begin(now, PICTURE_RATE, stamp)).place(stamp);
        self.rtp.report(0, report);
        if !unit.sps.is_empty() && !unit.pps.is_empty() {
            self.shows(now, VideoSetup::from_sets(&unit.sps, &unit.pps)?)?;
        }
        if unit.data.is_empty() {
            return Ok(None);
        }
        let at = in_time(now, at)?;
        self.picture(now, at, Picture { flagged_key: unit.key, composition_ms: 0, data: unit.data })
    }

    /// A packet of Opus, with its stamp and its sender's latest report.
    ///
    /// # Errors
    /// [`RunEnd`]: the run is over.
    pub fn opus(
        &mut self,
        now: Timestamp,
        stamp: u32,
        report: Option<SenderReport>,
        packet: &[u8],
    ) -> Result<Option<Unit>, RunEnd> {
        // Nothing to be heard, as when the sender is muted and saves packets.
        if packet.is_empty() {
            return Ok(None);
        }
        let samples = opus::samples(packet).ok_or(RunEnd::Opus)?;
        self.sounds(now, AudioSetup::Opus)?;
        let at = self.rtp.sound.get_or_insert(Line::begin(now, SOUND_RATE, stamp)).place(stamp);
        self.rtp.report(1, report);
        let at = in_time(now, at)?;
        self.meter.audio(now, at, packet.len());
        let data = bytes::Bytes::copy_from_slice(packet);
        Ok(Some(Unit::Audio(AudioUnit { setup: AudioSetup::Opus, at, samples, data })))
    }
}

#[cfg(test)]
mod tests {
    use kernel::Millis;

    use super::*;

    const BEGAN: Timestamp = Timestamp::from_unix_millis(1_000_000);
    const SOUND: &[u8] = opus::SILENCE;

    fn after(ms: i64) -> Timestamp {
        BEGAN + Millis(ms)
    }

    fn at(unit: Result<Option<Unit>, RunEnd>) -> i64 {
        match unit.expect("goes on").expect("a unit") {
            Unit::Audio(sound) => (sound.at - BEGAN).0,
            Unit::Video(picture) => (picture.decode_at - BEGAN).0,
        }
    }

    fn picture(run: &mut Run, now: i64, stamp: u32, report: Option<SenderReport>) -> Result<Option<Unit>, RunEnd> {
        let setup = crate::avc::tests::CONFIG_720P;
        let (sps, pps) = (&setup[8..36], &setup[39..44]);
        let bytes = [&[0, 0, 0, 1], sps, &[0, 0, 0, 1], pps, &[0, 0, 0, 1, 0x65, 0x88, 0x84]].concat();
        run.access_unit(after(now), stamp, report, &bytes)
    }

    #[test]
    fn sound_lies_beside_the_picture_as_its_sender_says() {
        let mut run = Run::new(BEGAN);
        // Both were recorded at once, but the picture took 60 ms longer to come. Stamps pass the end of 32 bits.
        let (picture_began, sound_began) = (u32::MAX - 9_000, u32::MAX - 100);
        assert_eq!(at(run.opus(after(20), sound_began, None, SOUND)), 20);
        assert_eq!(at(picture(&mut run, 80, picture_began, None)), 80);
        let report = |ms: u32, began: u32, rate: u32| {
            let (sender_micros, stamp) = (i64::from(ms) * 1_000 + 77_000_000, began.wrapping_add(ms * rate / 1_000));
            Some(SenderReport { sender_micros, stamp })
        };
        let stamp = |began: u32, ms: u32, rate: u32| began.wrapping_add(ms * rate / 1_000);
        assert_eq!(
            at(picture(&mut run, 580, stamp(picture_began, 500, 90_000), report(490, picture_began, 90_000))),
            580
        );
        // Until both have reported, arrival counts.
        assert_eq!(at(run.opus(after(520), stamp(sound_began, 500, 48_000), None, SOUND)), 520);
        let sound = run.opus(after(540), stamp(sound_began, 520, 48_000), report(510, sound_began, 48_000), SOUND);
        assert_eq!(at(sound), 540, "this packet was placed before its report was read");
        assert_eq!(at(run.opus(after(560), stamp(sound_began, 540, 48_000), None, SOUND)), 620);
    }

    #[test]
    fn a_report_that_cannot_be_true_moves_nothing() {
        let mut run = Run::new(BEGAN);
        let report = |secs: i64| Some(SenderReport { sender_micros: secs * 1_000_000, stamp: 0 });
        assert_eq!(at(picture(&mut run, 0, 0, report(5))), 0);
        assert_eq!(at(run.opus(after(0), 0, report(500_000), SOUND)), 0);
        assert_eq!(at(run.opus(after(20), 960, None, SOUND)), 20);
        assert_eq!(at(run.opus(after(40), 1_920, Some(SenderReport { sender_micros: i64::MIN, stamp: 7 }), SOUND)), 40);
        assert_eq!(at(run.opus(after(60), 2_880, None, SOUND)), 60);
    }

    #[test]
    fn what_cannot_be_shown_is_refused_by_name() {
        let mut run = Run::new(BEGAN);
        assert_eq!(
            run.access_unit(BEGAN, 0, None, &[0, 0, 1, 0x41, 0b1010_1000, 0xFF]).expect_err("B").name(),
            "b-frames"
        );
        assert_eq!(run.opus(BEGAN, 0, None, &[0xFB]).expect_err("cut").name(), "bad-sound");
        assert!(run.opus(BEGAN, 0, None, &[]).expect("muted").is_none());
        assert!(run.access_unit(BEGAN, 0, None, &[0, 0, 1, 0x41, 0xE0]).expect("waits for a keyframe").is_none());
        let far = run.access_unit(BEGAN, 90_000 * 20, None, &[0, 0, 1, 0x41, 0xE0]).expect_err("far ahead");
        assert_eq!(far.name(), "ahead-of-time");
    }
}
