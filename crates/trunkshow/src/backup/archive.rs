//! A copy as one file.

use std::fs::File;
use std::path::Path;

use super::{BackupError, at};

/// Packs the folder's content into a tar file, which appears under its name only when it is whole.
pub(super) fn pack(folder: &Path, to: &Path) -> Result<(), BackupError> {
    let half = to.with_extension("tar.part");
    let write = || {
        let mut tar = tar::Builder::new(File::create(&half)?);
        tar.append_dir_all("", folder)?;
        tar.into_inner()?.sync_all()?;
        std::fs::rename(&half, to)
    };
    write().map_err(at(to))
}

/// Unpacks into the folder; names that would lead out of it are left out.
pub(super) fn unpack(file: &Path, folder: &Path) -> Result<(), BackupError> {
    File::open(file).and_then(|file| tar::Archive::new(file).unpack(folder)).map_err(at(file))
}
