//! What must be read back is kept sealed: AES-256-GCM under a key derived from the master key, with a random nonce.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::{App, Problem};

fn key(app: &App) -> Result<LessSafeKey, Problem> {
    let master = hmac::Key::new(hmac::HMAC_SHA256, &app.master_key);
    let derived = hmac::sign(&master, b"seal");
    UnboundKey::new(&AES_256_GCM, derived.as_ref()).map(LessSafeKey::new).map_err(Problem::internal)
}

/// Seals a text for the store. `purpose` has to be named again to open it, so that one kind cannot be passed for another.
pub(crate) fn seal(app: &App, purpose: &str, text: &str) -> Result<String, Problem> {
    let nonce: [u8; NONCE_LEN] = app.entropy.draw(|random| random.bytes());
    let mut bytes = text.as_bytes().to_vec();
    let sealed = key(app)?.seal_in_place_append_tag(
        Nonce::assume_unique_for_key(nonce),
        Aad::from(purpose.as_bytes()),
        &mut bytes,
    );
    sealed.map_err(Problem::internal)?;
    Ok(URL_SAFE_NO_PAD.encode([&nonce[..], &bytes].concat()))
}

/// Opens what [`seal`] made.
pub(crate) fn open(app: &App, purpose: &str, sealed: &str) -> Result<String, Problem> {
    let mut bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(Problem::internal)?;
    if bytes.len() < NONCE_LEN {
        return Err(Problem::internal("a sealed text is too short"));
    }
    let mut text = bytes.split_off(NONCE_LEN);
    let nonce = Nonce::try_assume_unique_for_key(&bytes).map_err(Problem::internal)?;
    let opened = key(app)?.open_in_place(nonce, Aad::from(purpose.as_bytes()), &mut text);
    let opened = opened.map_err(|_| Problem::internal("a sealed text does not open: was master.key replaced?"))?;
    String::from_utf8(opened.to_vec()).map_err(Problem::internal)
}
