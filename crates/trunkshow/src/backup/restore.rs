//! `trunkshow restore`: a copy becomes a house again.

use std::fs;
use std::path::{Path, PathBuf};

use store::{Store, Target};

use super::manifest::Manifest;
use super::{BackupError, archive, at, is_empty, sync};
use crate::config::Config;
use crate::{folder, keys};

/// What was restored.
#[derive(Debug, PartialEq, Eq)]
pub struct Restored {
    pub files: usize,
    /// Without it, everybody signs in anew and stream keys must be made anew.
    pub with_key: bool,
}

/// Checks the copy in `from` (a folder, or a `.tar` file) and puts it into `data`, which must be empty or not there.
/// Clients that come back to a room are sent to a snapshot, since what they saw may not be in the copy.
///
/// # Errors
/// When the folder has files in it, the copy is not whole or of a newer release, or a file cannot be written. The folder
/// is then left without a database, so that nothing half restored can be served.
pub async fn restore(data: &Path, from: &Path) -> Result<Restored, BackupError> {
    if !is_empty(data)? {
        return Err(BackupError::NotEmpty(data.to_owned()));
    }
    if from.is_file() {
        let unpacked = data.with_extension("unpacked");
        let restored = match archive::unpack(from, &unpacked) {
            Ok(()) => from_folder(data, &unpacked).await,
            Err(error) => Err(error),
        };
        fs::remove_dir_all(&unpacked).map_err(at(&unpacked))?;
        return restored;
    }
    from_folder(data, from).await
}

async fn from_folder(data: &Path, from: &Path) -> Result<Restored, BackupError> {
    let manifest = Manifest::checked(from)?;
    store::read_copy(&folder::database(from)).await?;
    let rows = folder::database(data);
    let half = rows.with_extension("restoring");
    for file in &manifest.files {
        let source = from.join(&file.name);
        let place: PathBuf = if file.name == "house.db" { half.clone() } else { data.join(&file.name) };
        let parent = place.parent().unwrap_or(data);
        fs::create_dir_all(parent).map_err(at(parent))?;
        fs::copy(&source, &place).map_err(at(&source))?;
        sync(&place)?;
    }
    let with_key = keys::protect(data).map_err(at(data))?;
    renew(&Target::Sqlite(half.clone())).await?;
    for ending in ["-wal", "-shm"] {
        let beside = PathBuf::from(format!("{}{ending}", half.display()));
        if beside.exists() {
            fs::rename(&beside, format!("{}{ending}", rows.display())).map_err(at(&beside))?;
        }
    }
    fs::rename(&half, &rows).map_err(at(&half))?;
    Ok(Restored { files: manifest.files.len(), with_key })
}

async fn renew(target: &Target) -> Result<(), BackupError> {
    Ok(Store::open(target).await?.renew_room_epoch().await?)
}

/// After `pg_restore`: what [`restore`] does to the rows.
pub async fn renew_epoch(config: &Config) -> Result<(), BackupError> {
    renew(&folder::target(config)).await
}
