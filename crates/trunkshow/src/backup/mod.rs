//! `trunkshow backup`: a consistent copy of a house that may go on serving.
//!
//! The rows are copied first, as they stand in one moment; then the objects that they name, which never change and are
//! written before the rows that name them. The manifest comes last: a folder without one is no copy.

mod archive;
mod manifest;
mod postgres;
mod restore;

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use app::catalogue::{imports, pictures};
use app::ports::Clock;
use app::replay;
use aws_lc_rs::digest;

use crate::clock::SystemClock;
use crate::config::Config;
use crate::{folder, keys};
use manifest::{Entry, Manifest};

pub use postgres::procedure;
pub use restore::{Restored, renew_epoch, restore};

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
    #[error("there is no house in {0}. Name its data folder with --data")]
    NoHouse(PathBuf),
    #[error("{0} is there already. Name a folder that is empty or not there yet, or a new .tar file")]
    Taken(PathBuf),
    #[error("{0}")]
    Store(#[from] store::OpenError),
    #[error("{0}")]
    Rows(#[from] app::ports::StoreError),
    #[error("{0} is no copy of a house: {1}")]
    NotACopy(PathBuf, String),
    #[error("{0} has files in it. A house is restored into an empty folder; nothing was changed")]
    NotEmpty(PathBuf),
    #[error(
        "the copy is of a newer release (schema {0}; this one knows {known}). Install that release",
        known = store::SCHEMA_VERSION
    )]
    Newer(i64),
}

/// What a copy holds.
#[derive(Debug)]
pub struct Copied {
    pub files: usize,
    pub bytes: u64,
    /// Objects that rows name and that were not in the folder.
    pub missing: Vec<String>,
}

/// Copies the house in `config.data` to `to`: a folder, or one file where the name ends in `.tar`.
///
/// # Errors
/// When there is no house, the place is taken, or a file cannot be read or written.
pub async fn backup(config: &Config, to: &Path, with_key: bool) -> Result<Copied, BackupError> {
    if !folder::database(&config.data).is_file() {
        return Err(BackupError::NoHouse(config.data.clone()));
    }
    if to.extension().is_some_and(|end| end == "tar") {
        if to.exists() {
            return Err(BackupError::Taken(to.to_owned()));
        }
        let part = to.with_extension("part");
        let copied = into_folder(config, &part, with_key).await?;
        archive::pack(&part, to)?;
        fs::remove_dir_all(&part).map_err(at(&part))?;
        return Ok(copied);
    }
    into_folder(config, to, with_key).await
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |error| BackupError::File(path, error)
}

fn is_empty(folder: &Path) -> Result<bool, BackupError> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(BackupError::File(folder.to_owned(), error)),
    }
}

async fn into_folder(config: &Config, to: &Path, with_key: bool) -> Result<Copied, BackupError> {
    let data = &config.data;
    if !is_empty(to)? {
        return Err(BackupError::Taken(to.to_owned()));
    }
    fs::create_dir_all(to).map_err(at(to))?;
    // Addresses, names and what was bought: for the owner's eyes.
    fs::set_permissions(to, fs::Permissions::from_mode(0o700)).map_err(at(to))?;
    let rows = folder::database(to);
    store::copy_sqlite(&folder::database(data), &rows).await?;
    sync(&rows)?;
    let contents = store::read_copy(&rows).await?;
    let mut files = vec![measure(to, "house.db")?];
    let mut missing = Vec::new();
    let sheets = contents.imports.iter().map(|id| vec![imports::object(*id)]);
    // A narrow picture has no wide files: one of its widths must be there.
    let pictures = contents.media.iter().map(|id| pictures::objects(*id));
    let segments = contents.segments.iter().map(|(show, sequence)| vec![replay::segment_key(*show, *sequence)]);
    let setups = contents.setups.iter().map(|(show, setup)| vec![replay::setup_key(*show, setup)]);
    // Objects in a store of their own are copied there.
    let here = config.objects.is_empty();
    for keys in sheets.chain(pictures).chain(segments).chain(setups).filter(|_| here) {
        let before = files.len();
        for key in &keys {
            files.extend(copy(data, to, &format!("objects/{key}"))?);
        }
        if files.len() == before {
            missing.extend(keys.into_iter().next());
        }
    }
    let key = with_key.then_some(keys::FILE);
    for name in folder::NOTES.into_iter().chain(key) {
        files.extend(copy(data, to, name)?);
    }
    let (count, bytes) = (files.len(), files.iter().map(|file| file.size_bytes).sum());
    let made_at = SystemClock.now().to_string();
    Manifest::new(made_at, contents.schema, files).write(to)?;
    Ok(Copied { files: count, bytes, missing })
}

/// Copies a file of the same name, if it is there, and syncs it.
fn copy(from: &Path, to: &Path, name: &str) -> Result<Option<Entry>, BackupError> {
    let (source, place) = (from.join(name), to.join(name));
    if !source.is_file() {
        return Ok(None);
    }
    if let Some(parent) = place.parent() {
        fs::create_dir_all(parent).map_err(at(parent))?;
    }
    fs::copy(&source, &place).map_err(at(&source))?;
    sync(&place)?;
    measure(to, name).map(Some)
}

fn sync(path: &Path) -> Result<(), BackupError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(at(path))
}

/// Size and SHA-256 of a file as it lies in `root`.
fn measure(root: &Path, name: &str) -> Result<Entry, BackupError> {
    let path = root.join(name);
    let mut file = File::open(&path).map_err(at(&path))?;
    let (mut sum, mut size_bytes, mut piece) = (digest::Context::new(&digest::SHA256), 0, vec![0; 64 * 1024]);
    loop {
        let count = file.read(&mut piece).map_err(at(&path))?;
        if count == 0 {
            break;
        }
        sum.update(&piece[..count]);
        size_bytes += count as u64;
    }
    Ok(Entry { name: name.to_owned(), size_bytes, sha256: hex::encode(sum.finish()) })
}

fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), BackupError> {
    let write = || {
        let mut file = File::create_new(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(at(path))
}
