//! By what a buyer is known again under another name, sealed so that nobody can read whom it names.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use shop::buyer::{self, Contact};

/// The marks of a contact: the same for each way to write the same address or number.
#[must_use]
pub fn of_contact(master_key: &[u8; 32], contact: &Contact) -> Vec<String> {
    buyer::known_by(contact).iter().map(|known| sealed(master_key, known)).collect()
}

/// The mark of who paid, as their provider knows them again.
#[must_use]
pub fn of_payer(master_key: &[u8; 32], provider: &str, payer: &str) -> String {
    sealed(master_key, &format!("payer:{provider}:{payer}"))
}

fn sealed(master_key: &[u8; 32], known: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, master_key);
    let tag = hmac::sign(&key, format!("buyer-mark:{known}").as_bytes());
    URL_SAFE_NO_PAD.encode(&tag.as_ref()[..18])
}
