//! What a copy says of itself: every file with its size and sum.

use std::fs;
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};

use super::{BackupError, at, measure, write_synced};

const FILE: &str = "manifest.json";
/// Of the copy's layout; a reader refuses one that it does not know.
const FORMAT: u32 = 1;

/// One file of the copy, by its path in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) size_bytes: u64,
    /// In hex.
    pub(super) sha256: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    format: u32,
    made_at: String,
    /// Version of the rows' schema.
    pub(super) schema: i64,
    pub(super) files: Vec<Entry>,
}

impl Manifest {
    pub(super) const fn new(made_at: String, schema: i64, files: Vec<Entry>) -> Self {
        Self { format: FORMAT, made_at, schema, files }
    }

    pub(super) fn write(&self, folder: &Path) -> Result<(), BackupError> {
        let text = serde_json::to_vec_pretty(self)
            .map_err(|error| BackupError::NotACopy(folder.to_owned(), error.to_string()))?;
        write_synced(&folder.join(FILE), &text)
    }

    /// Reads the manifest and holds every file against it.
    pub(super) fn checked(folder: &Path) -> Result<Self, BackupError> {
        let not = |why: String| BackupError::NotACopy(folder.to_owned(), why);
        let path = folder.join(FILE);
        if !path.is_file() {
            return Err(not(format!("it holds no {FILE}, so it was never finished")));
        }
        let text = fs::read(&path).map_err(at(&path))?;
        let manifest: Self = serde_json::from_slice(&text).map_err(|error| not(format!("{FILE}: {error}")))?;
        if manifest.format != FORMAT {
            return Err(not(format!("its format is {}, and this release reads {FORMAT}", manifest.format)));
        }
        if manifest.schema > store::SCHEMA_VERSION {
            return Err(BackupError::Newer(manifest.schema));
        }
        for file in &manifest.files {
            let inside = Path::new(&file.name).components().all(|part| matches!(part, Component::Normal(_)));
            if !inside {
                return Err(not(format!("{} lies outside of it", file.name)));
            }
            if !folder.join(&file.name).is_file() {
                return Err(not(format!("{} is missing", file.name)));
            }
            if measure(folder, &file.name)? != *file {
                return Err(not(format!("{} is not as it was written", file.name)));
            }
        }
        Ok(manifest)
    }
}
