//! Where objects lie, and what recording may take of their disk.

use std::sync::Arc;

use app::ports::Objects;
use app::replay::Settings;
use kernel::Millis;
use links::{ObjectsError, StoredObjects};

use crate::config::Config;
use crate::folder;

const MB: u64 = 1_000_000;

/// The object store that the settings name.
///
/// # Errors
/// When its address or its folder cannot be used.
pub fn objects(config: &Config) -> Result<Arc<dyn Objects>, ObjectsError> {
    let stored = if config.objects.is_empty() {
        StoredObjects::folder(&folder::objects(&config.data))?
    } else {
        StoredObjects::s3(&config.objects)?
    };
    Ok(Arc::new(stored))
}

/// What recording may do.
#[must_use]
pub fn settings(config: &Config) -> Settings {
    let days = i64::from(config.keep_recordings_days);
    Settings { keep_free_bytes: u64::from(config.keep_free_mb) * MB, keep: (days > 0).then(|| Millis::from_days(days)) }
}
