//! The port `Air`.

use std::sync::PoisonError;

use app::ports::{Air, AirAnswer, AirItem, AudioHealth, Health, HealthState, HealthWarning, Stage, VideoHealth};
use async_trait::async_trait;
use kernel::{ProgrammeId, ShowId};
use media::Closed;
use media::programme::Warning;

use crate::limits::AWAY_AFTER;
use crate::streamer::Streamer;

#[async_trait]
impl Air for Streamer {
    fn switch(&self, show: ShowId, programme: ProgrammeId, stage: Stage) {
        self.switch_to(show, programme, stage);
    }

    fn end(&self, show: ShowId) {
        if let Some(stage) = self.end_show(show) {
            stage.send_away(Closed::ShowEnded);
        }
    }

    fn kick(&self, show: ShowId) {
        if let Some(stage) = self.stage(show) {
            stage.send_away(Closed::Kicked);
        }
    }

    fn health(&self, show: ShowId) -> Option<Health> {
        let stage = self.stage(show)?;
        let on_stage = stage.on_stage()?;
        let now = self.clock.now();
        let figures = on_stage.run.lock().unwrap_or_else(PoisonError::into_inner).health(now);
        let programme = stage.programme();
        let behind = programme.latest().map_or(0, |latest| (now - latest).0.max(0) + programme.hold_back().0);
        let kbps = |bits: u64| u32::try_from(bits / 1_000).unwrap_or(u32::MAX);
        Some(Health {
            state: if now - on_stage.heard >= AWAY_AFTER { HealthState::Away } else { HealthState::Receiving },
            video: figures.video.map(|setup| VideoHealth {
                codec: setup.codec(),
                width: u32::from(setup.size().0),
                height: u32::from(setup.size().1),
                frame_rate: frame_rate(figures.frame_rate_milli),
                bitrate_kbps: kbps(figures.video_bitrate),
                keyframe_interval_ms: figures.keyframe_interval.and_then(|interval| u32::try_from(interval.0).ok()),
                b_frames: figures.b_frames,
            }),
            audio: figures.audio.map(|setup| AudioHealth {
                codec: setup.codec().to_owned(),
                sample_rate: setup.rate(),
                channels: setup.channels(),
                bitrate_kbps: kbps(figures.audio_bitrate),
            }),
            behind_ms: u32::try_from(behind).unwrap_or(u32::MAX),
            missing_permille: figures.missing_permille,
            late_ms: u32::try_from(figures.late.0).unwrap_or(u32::MAX),
            warnings: figures.warnings.into_iter().map(warning).chain(stage.seen().warnings()).collect(),
            since: on_stage.since,
        })
    }

    async fn fetch(&self, programme: ProgrammeId, item: AirItem) -> AirAnswer {
        match self.programme(programme) {
            Some(programme) => programme.fetch(item).await,
            None => AirAnswer::NotHere,
        }
    }
}

/// A figure for people: thousandths are exact enough in an `f32` up to 16,000 pictures a second.
#[expect(clippy::cast_precision_loss, reason = "shown with one digit behind the point")]
fn frame_rate(milli: u32) -> f32 {
    milli as f32 / 1_000.0
}

const fn warning(warning: Warning) -> HealthWarning {
    match warning {
        Warning::KeyframesFarApart => HealthWarning::KeyframesFarApart,
        Warning::NoKeyframe => HealthWarning::NoKeyframe,
        Warning::NoAudio => HealthWarning::NoAudio,
        Warning::NoVideo => HealthWarning::NoVideo,
        Warning::BFrames => HealthWarning::BFrames,
        Warning::LowBitrate => HealthWarning::LowBitrate,
        Warning::LowFrameRate => HealthWarning::LowFrameRate,
        Warning::OutOfStep => HealthWarning::OutOfStep,
        Warning::UploadDrops => HealthWarning::UploadDrops,
    }
}
