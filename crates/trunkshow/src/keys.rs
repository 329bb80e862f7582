//! The master key: 32 random bytes in the data folder, readable by the owner alone. It signs viewers' tokens and encrypts
//! what must be read back; losing it signs everybody out and makes stream keys unreadable.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use kernel::Random;

pub(crate) const FILE: &str = "master.key";

/// Reads the key, or makes it at the first start.
///
/// # Errors
/// When the file cannot be read or written, or is not 32 bytes.
pub fn master(data: &Path, random: &mut Random) -> io::Result<[u8; 32]> {
    let file = data.join(FILE);
    match fs::read(&file) {
        Ok(bytes) => bytes.try_into().map_err(|_| io::Error::other(format!("{} is not 32 bytes", file.display()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let key = random.bytes();
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(&file)?.write_all(&key)?;
            Ok(key)
        }
        Err(error) => Err(error),
    }
}

/// Makes the key of this folder readable by its owner alone; says whether there is one.
pub(crate) fn protect(data: &Path) -> io::Result<bool> {
    match fs::set_permissions(data.join(FILE), fs::Permissions::from_mode(0o600)) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// A generator seeded from the operating system: the one place that asks it for entropy.
///
/// # Errors
/// When the operating system has none.
pub fn seed() -> io::Result<Random> {
    let mut seed = [0; 32];
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks for entropy")]
    getrandom::fill(&mut seed).map_err(io::Error::other)?;
    Ok(Random::from_seed(seed))
}
