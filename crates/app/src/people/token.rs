//! Secrets that we hand out: session tokens and links are random and stored hashed; a viewer's token is signed.

use aws_lc_rs::{digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{Random, ViewerId};

/// A new secret of 256 random bits, in 43 URL-safe characters.
#[must_use]
pub fn mint(random: &mut Random) -> String {
    URL_SAFE_NO_PAD.encode(random.bytes::<32>())
}

/// What the store keeps of a secret: SHA-256, in URL-safe base 64. The secret has 256 bits of its own, so no salt is needed.
#[must_use]
pub fn hash(secret: &str) -> String {
    hash_bytes(secret.as_bytes())
}

/// As [`hash`], of anything.
#[must_use]
pub fn hash_bytes(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, bytes))
}

/// As [`hash`], for a secret too short to be hashed alone: HMAC-SHA256 under the master key.
#[must_use]
pub fn keyed_hash(key: &[u8; 32], secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), secret.as_bytes()))
}

/// A viewer's token: the id, a dot, and HMAC-SHA256 over both the purpose and the id.
#[must_use]
pub fn sign_viewer(key: &[u8; 32], viewer: ViewerId) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    let tag = hmac::sign(&key, format!("viewer.{viewer}").as_bytes());
    format!("{viewer}.{}", URL_SAFE_NO_PAD.encode(tag))
}

/// The viewer of a token that we signed; none for anything else.
#[must_use]
pub fn verify_viewer(key: &[u8; 32], token: &str) -> Option<ViewerId> {
    let (id, tag) = token.split_once('.')?;
    let viewer: ViewerId = id.parse().ok()?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    let tag = URL_SAFE_NO_PAD.decode(tag).ok()?;
    hmac::verify(&key, format!("viewer.{viewer}").as_bytes(), &tag).ok()?;
    Some(viewer)
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;

    use super::*;

    #[test]
    fn only_our_own_viewers_are_believed() {
        let mut random = Random::seeded(3);
        let key = random.bytes();
        let viewer = ViewerId::mint(Timestamp::EPOCH, &mut random);
        let token = sign_viewer(&key, viewer);
        assert_eq!(verify_viewer(&key, &token), Some(viewer));
        assert_eq!(verify_viewer(&random.bytes(), &token), None);
        let other = ViewerId::mint(Timestamp::EPOCH, &mut random);
        assert_eq!(verify_viewer(&key, &token.replace(&viewer.to_string(), &other.to_string())), None);
        assert_eq!(verify_viewer(&key, "x.y"), None);
    }
}
