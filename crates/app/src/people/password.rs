//! Passwords, by argon2id at OWASP's minimum (19 MiB, 2 passes), which are the crate's defaults:
//! <https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html>.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};

use crate::{App, Problem};

/// Shortest and longest password, in characters and bytes.
const SHORTEST_CHARS: usize = 10;
const LONGEST_BYTES: usize = 256;

pub(crate) fn checked(password: &str) -> Result<(), Problem> {
    if password.chars().count() < SHORTEST_CHARS {
        Err(Problem::field("password", "too_short"))
    } else if password.len() > LONGEST_BYTES {
        Err(Problem::field("password", "too_long"))
    } else {
        Ok(())
    }
}

/// A salted hash in PHC form. Takes tens of milliseconds and 19 MiB, so it runs on the blocking pool.
pub(crate) async fn hash(app: &App, password: String) -> Result<String, Problem> {
    let salt: [u8; 16] = app.entropy.draw(|random| random.bytes());
    blocking(move || {
        let hashed = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
        hashed.map(|hash| hash.to_string()).map_err(Problem::internal)
    })
    .await
}

/// Whether the password is the one that was hashed.
pub(crate) async fn matches(password: String, hash: String) -> Result<bool, Problem> {
    blocking(move || {
        let hash = PasswordHash::new(&hash).map_err(Problem::internal)?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    })
    .await
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Problem> + Send + 'static) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?
}
