//! Folders that last as long as a chore.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::shell::{Doing, Outcome};

/// A folder in the system's temporary directory, removed when dropped.
#[derive(Debug)]
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// One of its own, however many have the same `what`, which is part of its name.
    pub(crate) fn new(what: &str) -> Outcome<Self> {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("trunkshow-{what}-{}-{number}", std::process::id()));
        if folder.exists() {
            fs::remove_dir_all(&folder).doing(format!("remove {}", folder.display()))?;
        }
        fs::create_dir_all(&folder).doing(format!("create {}", folder.display()))?;
        Ok(Scratch(folder))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A folder that stays behind in the temporary directory harms nothing, and there is nobody to tell.
        let _ = fs::remove_dir_all(&self.0);
    }
}
