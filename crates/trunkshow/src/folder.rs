//! The data folder: what lies where in it, and the lock that keeps a second process out.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use store::Target;

use crate::config::Config;

/// Held by the process that serves the folder.
const LOCK: &str = "in-use.lock";

/// The rows, where the database is SQLite.
#[must_use]
pub fn database(data: &Path) -> PathBuf {
    data.join("house.db")
}

/// Where the rows live.
#[must_use]
pub fn target(config: &Config) -> Target {
    if config.database.is_empty() {
        Target::Sqlite(database(&config.data))
    } else {
        Target::Postgres(config.database.clone())
    }
}

/// Pictures and imported sheets, by their keys.
#[must_use]
pub fn objects(data: &Path) -> PathBuf {
    data.join("objects")
}

/// Pages of recordings in the making: of use to the next process on this folder alone, so no copy takes them along.
#[must_use]
pub fn journal(data: &Path) -> PathBuf {
    data.join("journal")
}

/// Small files that a copy of the house takes along where they exist: the sandbox provider's own book, and what the demo
/// remembers of its furniture.
pub(crate) const NOTES: [&str; 2] = ["sandbox-payments.jsonl", "demo.json"];

/// The data folder is this process's own until it is dropped.
#[derive(Debug)]
pub struct InUse(#[expect(dead_code, reason = "the lock goes with the open file")] File);

/// Takes the folder.
///
/// # Errors
/// When another process serves it, by its number; or the folder cannot be written.
pub fn take(data: &Path) -> io::Result<InUse> {
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(data.join(LOCK))?;
    match file.try_lock() {
        Ok(()) => {
            file.set_len(0)?;
            write!(file, "{}", std::process::id())?;
            Ok(InUse(file))
        }
        Err(TryLockError::WouldBlock) => {
            let holder = pid(&mut file).map_or_else(String::new, |pid| format!(" (process {pid})"));
            Err(io::Error::other(format!("another trunkshow serves it{holder}; stop that one, or name another folder")))
        }
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// The process that serves the folder now.
#[must_use]
pub fn holder(data: &Path) -> Option<u32> {
    let mut file = File::open(data.join(LOCK)).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => pid(&mut file),
        _ => None,
    }
}

fn pid(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_process() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(holder(folder.path()), None);
        let held = take(folder.path()).expect("free");
        assert_eq!(holder(folder.path()), Some(std::process::id()));
        let second = take(folder.path()).expect_err("held");
        assert!(second.to_string().contains(&std::process::id().to_string()), "{second}");
        drop(held);
        assert_eq!(holder(folder.path()), None);
        take(folder.path()).expect("free again");
    }
}
