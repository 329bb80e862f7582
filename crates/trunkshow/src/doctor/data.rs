//! The data folder: rights, space, and what a commit costs there.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tokio::time::Instant;

use super::Finding;
use crate::keys;

const GIB: u64 = 1024 * 1024 * 1024;
/// Below this the house stops taking orders soon.
const TOO_LITTLE: u64 = GIB / 2;
/// Below this a few uploads and copies fill the disk.
const LITTLE: u64 = 5 * GIB;
/// Commits measured; the middle one counts.
const COMMITS: usize = 21;
/// A commit that waits longer is felt by buyers.
const SLOW_MS: f64 = 20.0;

pub(super) fn look(data: &Path) -> Vec<Finding> {
    // What is not there yet would be made by the first start, in the nearest folder that is.
    let Some(there) = data.ancestors().find(|folder| folder.is_dir() || *folder == Path::new("")) else {
        return vec![Finding::fail(
            "data",
            format!("{} lies in no folder", data.display()),
            "name a folder with --data",
        )];
    };
    let there = if there == Path::new("") { PathBuf::from(".") } else { there.to_owned() };
    vec![rights(data, &there), space(&there), sync_cost(&there)]
}

fn rights(data: &Path, there: &Path) -> Finding {
    let new = if there == data { "" } else { ", which the first start makes" };
    let probe = there.join(".trunkshow-doctor");
    if let Err(error) = File::create(&probe).and_then(|_| fs::remove_file(&probe)) {
        let advice = format!("give this user the right to write there: chown -R $(id -un) {}", there.display());
        return Finding::fail("data", format!("{} cannot be written: {error}", there.display()), advice);
    }
    let key = data.join(keys::FILE);
    let mode = fs::metadata(&key).map(|file| file.permissions().mode() & 0o777);
    match mode {
        Ok(mode) if mode & 0o077 != 0 => Finding::warn(
            "data",
            format!("others can read the master key (mode {mode:o})"),
            format!("chmod 600 {}", key.display()),
        ),
        _ => Finding::ok("data", format!("{}{new}", data.display())),
    }
}

fn space(there: &Path) -> Finding {
    let Ok(disk) = rustix::fs::statvfs(there) else {
        return Finding::warn(
            "disk",
            "the free space cannot be read",
            format!("look yourself: df -h {}", there.display()),
        );
    };
    let free = disk.f_bavail * disk.f_frsize;
    let found = format!("{:.1} GiB free", free as f64 / GIB as f64);
    let advice = "make room, or move the data folder to a larger disk with --data";
    match free {
        ..TOO_LITTLE => Finding::fail("disk", found, advice),
        TOO_LITTLE..LITTLE => Finding::warn("disk", found, advice),
        _ => Finding::ok("disk", found),
    }
}

/// Every order waits for one of these.
fn sync_cost(there: &Path) -> Finding {
    match measured(there) {
        Ok(middle) => {
            let found = format!("a durable write takes {middle:.1} ms");
            if middle > SLOW_MS {
                let advice = "put the data folder on a local SSD; network disks make every order wait";
                Finding::warn("sync", found, advice)
            } else {
                Finding::ok("sync", found)
            }
        }
        Err(error) => Finding::fail(
            "sync",
            format!("a durable write fails: {error}"),
            "choose a data folder on a local disk that can sync",
        ),
    }
}

/// Milliseconds of the middle of [`COMMITS`] small synced writes.
fn measured(there: &Path) -> io::Result<f64> {
    let path = there.join(".trunkshow-doctor");
    let write = || {
        let mut file = File::create(&path)?;
        let mut took = Vec::with_capacity(COMMITS);
        for _ in 0..COMMITS {
            let began = Instant::now();
            file.write_all(&[0; 4_096])?;
            file.sync_data()?;
            took.push(began.elapsed().as_secs_f64() * 1_000.0);
        }
        took.sort_by(f64::total_cmp);
        Ok(took[COMMITS / 2])
    };
    let outcome = write();
    fs::remove_file(&path)?;
    outcome
}
