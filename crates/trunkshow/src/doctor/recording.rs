//! How long shows can be recorded.

use app::ports::RecordingSums;
use app::replay::status::room_for;
use kernel::Millis;

use super::Finding;
use crate::config::Config;
use crate::{folder, recording};

const WHAT: &str = "recording";
/// Below this an evening does not fit.
const LITTLE: i64 = 10;
/// Until there is a recording of the house's own: an hour at 4 Mb/s.
const USUAL: RecordingSums =
    RecordingSums { segments: 1_800, duration: Millis(3_600_000), missing: Millis(0), size_bytes: 1_800_000_000 };

pub(super) async fn look(config: &Config) -> Finding {
    if !config.objects.is_empty() {
        return match recording::objects(config) {
            Ok(_) => Finding::ok(WHAT, "into the object store; the space there is its own affair"),
            Err(error) => Finding::fail(WHAT, error.to_string(), "correct `objects`"),
        };
    }
    let looked = store::look(&folder::target(config)).await.ok().flatten();
    let recorded = looked.and_then(|looked| looked.recorded);
    let there = config.data.ancestors().find(|folder| folder.is_dir()).unwrap_or(&config.data);
    let Ok(disk) = rustix::fs::statvfs(if there.as_os_str().is_empty() { ".".as_ref() } else { there }) else {
        return Finding::warn(WHAT, "the free space cannot be read", "look yourself: df -h");
    };
    let free = (disk.f_bavail * disk.f_frsize).saturating_sub(recording::settings(config).keep_free_bytes);
    let sums = recorded.unwrap_or(USUAL);
    let hours = room_for(sums, free).map_or(0, |left| left.0 / 3_600_000);
    let like = if recorded.is_some() { "like the last ones" } else { "at 4 Mb/s" };
    let found = format!("{hours} hours of show {like} fit before {} MB are left", config.keep_free_mb);
    if hours < LITTLE {
        let advice =
            "make room, move the data folder, name an object store in `objects`, or keep recordings for fewer days";
        Finding::warn(WHAT, found, advice)
    } else {
        Finding::ok(WHAT, found)
    }
}
