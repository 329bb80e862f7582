//! Folders that last as long as a chore.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{Doing, Outcome};

/// A folder in the system's temporary directory, removed when dropped.
#[derive(Debug)]
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// Makes it anew; `what` is part of its name.
    pub(crate) fn new(what: &str) -> Outcome<Self> {
        let folder = std::env::temp_dir().join(format!("trunkshow-{what}-{}", std::process::id()));
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
