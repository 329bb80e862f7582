//! The key that opens one order without signing in: in the buyer's link, derived, and stored only as a hash.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::{digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::OrderId;

/// The key of an order: the same each time, so that a replayed checkout gets the same answer.
#[must_use]
pub fn derive(master_key: &[u8; 32], order: OrderId) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, master_key);
    let tag = hmac::sign(&key, format!("order-key:{order}").as_bytes());
    URL_SAFE_NO_PAD.encode(&tag.as_ref()[..18])
}

/// SHA-256 in hex, as the order's row holds it.
#[must_use]
pub fn hash(text: impl AsRef<[u8]>) -> String {
    digest::digest(&digest::SHA256, text.as_ref()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether the key opens the order whose row holds this hash.
#[must_use]
pub fn opens(key: &str, key_hash: &str) -> bool {
    verify_slices_are_equal(hash(key).as_bytes(), key_hash.as_bytes()).is_ok()
}

#[cfg(test)]
mod tests {
    use kernel::{Random, Timestamp};

    use super::*;

    #[test]
    fn a_key_opens_its_own_order_only() {
        let mut random = Random::seeded(3);
        let (one, other) = (OrderId::mint(Timestamp::EPOCH, &mut random), OrderId::mint(Timestamp::EPOCH, &mut random));
        let master = [7; 32];
        let key_hash = hash(derive(&master, one));
        assert!(opens(&derive(&master, one), &key_hash));
        assert!(!opens(&derive(&master, other), &key_hash));
        assert!(!opens(&derive(&[8; 32], one), &key_hash));
        assert!(!opens("", &key_hash));
    }
}
