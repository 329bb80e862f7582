//! What an encoder sends, as the studio shows it.

use app::ports::{Health, HealthState};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VideoHealthBody {
    codec: String,
    width: u32,
    height: u32,
    frame_rate: f32,
    bitrate_kbps: u32,
    keyframe_interval_ms: Option<u32>,
    b_frames: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AudioHealthBody {
    codec: String,
    sample_rate: u32,
    channels: u8,
    bitrate_kbps: u32,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HealthBody {
    /// `receiving` or `away`.
    state: String,
    video: Option<VideoHealthBody>,
    audio: Option<AudioHealthBody>,
    /// How far behind viewers are, in milliseconds.
    behind_ms: u32,
    /// Pictures of a thousand that did not come, against the best that this encoder has sent.
    missing_permille: u32,
    /// How much later than at its best the latest picture came, in milliseconds.
    late_ms: u32,
    /// Codes of what the host can mend; the pages say it in plain words.
    warnings: Vec<String>,
    since: String,
}

impl From<Health> for HealthBody {
    fn from(health: Health) -> Self {
        Self {
            state: if health.state == HealthState::Receiving { "receiving".into() } else { "away".into() },
            video: health.video.map(|video| VideoHealthBody {
                codec: video.codec,
                width: video.width,
                height: video.height,
                frame_rate: video.frame_rate,
                bitrate_kbps: video.bitrate_kbps,
                keyframe_interval_ms: video.keyframe_interval_ms,
                b_frames: video.b_frames,
            }),
            audio: health.audio.map(|audio| AudioHealthBody {
                codec: audio.codec,
                sample_rate: audio.sample_rate,
                channels: audio.channels,
                bitrate_kbps: audio.bitrate_kbps,
            }),
            behind_ms: health.behind_ms,
            missing_permille: health.missing_permille,
            late_ms: health.late_ms,
            warnings: health.warnings.into_iter().map(|warning| warning.as_str().to_owned()).collect(),
            since: health.since.to_string(),
        }
    }
}
