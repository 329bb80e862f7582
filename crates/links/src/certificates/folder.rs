//! Files of certificates: keys are readable by their owner alone, and what is there is always whole.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::CertificateError;

/// Who may read a file.
#[derive(Clone, Copy, Debug)]
pub(super) enum Readers {
    Owner,
    Everybody,
}

pub(super) fn make(folder: &Path) -> Result<(), CertificateError> {
    fs::create_dir_all(folder).map_err(|error| CertificateError::Write(folder.to_owned(), error))
}

/// Writes beside the file and puts it in its place.
pub(super) fn write(file: &Path, text: &str, readers: Readers) -> Result<(), CertificateError> {
    let mode = match readers {
        Readers::Owner => 0o600,
        Readers::Everybody => 0o644,
    };
    let beside = file.with_extension("new");
    let written = || {
        let _left_by_a_kill = fs::remove_file(&beside);
        let mut new = OpenOptions::new().write(true).create_new(true).mode(mode).open(&beside)?;
        new.write_all(text.as_bytes())?;
        new.sync_all()?;
        fs::rename(&beside, file)
    };
    written().map_err(|error| CertificateError::Write(file.to_owned(), error))
}

/// None where there is no such file.
pub(super) fn read(file: &Path) -> Result<Option<String>, CertificateError> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(CertificateError::Read(file.to_owned(), error)),
    }
}

pub(super) fn remove(file: &Path) -> Result<(), CertificateError> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(CertificateError::Write(file.to_owned(), error)),
        _ => Ok(()),
    }
}
