//! Signed messages of payment providers: `t=<Unix seconds>,v1=<hex of HMAC-SHA256 over "t.body">`, with a further `v1` for
//! each secret that is in use while secrets are changed.

pub(crate) mod header;

use aws_lc_rs::{constant_time, hmac};
use kernel::Timestamp;

use header::Signature;

/// A signature older or newer than this is a replay, or a wrong clock.
pub(crate) const TOLERANCE_SECS: i64 = 300;

fn mac(secret: &[u8], secs: i64, body: &[u8]) -> [u8; 32] {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    let mut context = hmac::Context::with_key(&key);
    context.update(format!("{secs}.").as_bytes());
    context.update(body);
    let mut bytes = [0; 32];
    bytes.copy_from_slice(context.sign().as_ref());
    bytes
}

/// The header's text for a body that is sent at `secs`.
pub(crate) fn sign(secret: &[u8], secs: i64, body: &[u8]) -> String {
    let hex: String = mac(secret, secs, body).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={secs},v1={hex}")
}

/// Whether one of the header's signatures is the secret's, over this body, of these minutes.
pub(crate) fn verify(secret: &[u8], body: &[u8], header: &str, now: Timestamp) -> bool {
    let Some(signature) = Signature::parse(header) else { return false };
    let fresh = now.unix_secs().abs_diff(signature.secs) <= TOLERANCE_SECS.unsigned_abs();
    let expected = mac(secret, signature.secs, body);
    // All are compared, each in constant time.
    let matching = signature.v1.iter().filter(|v1| constant_time::verify_slices_are_equal(&expected, *v1).is_ok());
    fresh & (matching.count() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_fresh_signature_of_this_body_counts() {
        let (secret, now) = ([9; 32], Timestamp::from_unix_millis(1_795_348_800_000));
        let check = |header: &str, expected: bool| {
            assert_eq!(verify(&secret, b"{}", header, now), expected, "{header}");
        };
        let secs = now.unix_secs();
        let good = sign(&secret, secs, b"{}");
        let v1 = good.split_once(',').expect("two parts").1;
        check(&good, true);
        check(&sign(&secret, secs - TOLERANCE_SECS, b"{}"), true);
        check(&sign(&secret, secs - TOLERANCE_SECS - 1, b"{}"), false);
        check(&sign(&secret, secs + TOLERANCE_SECS + 1, b"{}"), false);
        check(&sign(&secret, secs, b"{ }"), false);
        check(&sign(&[8; 32], secs, b"{}"), false);
        let other = sign(&[8; 32], secs, b"{}");
        let other = other.split_once(',').expect("two parts").1;
        check(&format!("t={secs},{other},{v1},v0=abc"), true);
        check(&format!("t={},{v1}", secs + 1), false);
        check(&format!("t={secs},v0={}", &v1[3..]), false);
        check(&format!("t={}", i64::MIN), false);
        check("t=,v1=", false);
        check("", false);
    }
}
