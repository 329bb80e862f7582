//! Where objects and the journal lie, and what recording may take of their disk.

use std::sync::Arc;

use app::ports::{Journal, NotWritten, Objects};
use app::replay::Settings;
use kernel::Millis;
use links::{JournalFolder, ObjectsError, StoredObjects};

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

/// What of a recording is written down before it is whole.
///
/// # Errors
/// When its folder cannot be made.
pub fn journal(config: &Config) -> Result<Arc<dyn Journal>, NotWritten> {
    Ok(Arc::new(JournalFolder::open(&folder::journal(&config.data))?))
}

/// What recording may do.
#[must_use]
pub fn settings(config: &Config) -> Settings {
    let days = i64::from(config.keep_recordings_days);
    Settings { keep_free_bytes: u64::from(config.keep_free_mb) * MB, keep: (days > 0).then(|| Millis::from_days(days)) }
}
