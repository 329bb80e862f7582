//! The sandbox's messages: signed, sent a few times, and never needed, since the house also asks by itself.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use app::ports::{Clock, SANDBOX_SIGNATURE, SandboxOutcome};
use aws_lc_rs::hmac;
use kernel::{Millis, PaymentId, Timestamp};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::book::SLOW;

/// A signature older or newer than this is a replay, or a wrong clock.
const TOLERANCE_SECS: i64 = 300;
/// Tries and the wait before each.
const WAITS_MS: [u64; 3] = [0, 1_000, 4_000];
const TRY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long after the buyer's choice there is something to tell; never, when the bank says nothing.
pub(super) const fn after(outcome: SandboxOutcome) -> Option<Millis> {
    match outcome {
        SandboxOutcome::Approve | SandboxOutcome::Decline => Some(Millis(0)),
        SandboxOutcome::Slow => Some(SLOW),
        SandboxOutcome::Challenge | SandboxOutcome::Never => None,
    }
}

fn sign(secret: &[u8; 32], secs: i64, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    let mut message = format!("{secs}.").into_bytes();
    message.extend_from_slice(body);
    hmac::sign(&key, &message).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn verify(secret: &[u8; 32], body: &[u8], signature: &str, now: Timestamp) -> bool {
    let part = |name: &str| signature.split(',').find_map(|part| part.trim().strip_prefix(name));
    let Some(secs) = part("t=").and_then(|text| text.parse::<i64>().ok()) else { return false };
    let Some(given) = part("v1=") else { return false };
    let expected = sign(secret, secs, body);
    let fresh = (now.unix_secs() - secs).abs() <= TOLERANCE_SECS;
    fresh && aws_lc_rs::constant_time::verify_slices_are_equal(expected.as_bytes(), given.as_bytes()).is_ok()
}

/// Tells the house that something happened to a payment, after `wait`.
pub(super) async fn tell(to: SocketAddr, secret: [u8; 32], clock: Arc<dyn Clock>, payment: PaymentId, wait: Millis) {
    tokio::time::sleep(wait.to_std()).await;
    let body = format!(r#"{{"type":"payment.updated","payment":"{payment}"}}"#);
    for wait_ms in WAITS_MS {
        tokio::time::sleep(Duration::from_millis(wait_ms)).await;
        let secs = clock.now().unix_secs();
        let signature = format!("t={secs},v1={}", sign(&secret, secs, body.as_bytes()));
        match tokio::time::timeout(TRY_TIMEOUT, post(to, &body, &signature)).await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => tracing::debug!(%payment, %error, "the sandbox's webhook was not taken"),
            Err(_) => tracing::debug!(%payment, "the sandbox's webhook was not answered"),
        }
    }
}

/// One request over plain HTTP to our own address: not worth a client library.
async fn post(to: SocketAddr, body: &str, signature: &str) -> std::io::Result<()> {
    let mut socket = TcpStream::connect(to).await?;
    let request = format!(
        "POST /api/v1/payments/sandbox/webhook HTTP/1.1\r\nhost: {to}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n{SANDBOX_SIGNATURE}: {signature}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    socket.write_all(request.as_bytes()).await?;
    let mut answer = [0; 12];
    socket.read_exact(&mut answer).await?;
    if answer.starts_with(b"HTTP/1.1 2") { Ok(()) } else { Err(std::io::Error::other("refused")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_fresh_signature_of_this_body_counts() {
        let (secret, now) = ([9; 32], Timestamp::from_unix_millis(1_795_348_800_000));
        let signed = |secs: i64, body: &[u8]| format!("t={secs},v1={}", sign(&secret, secs, body));
        let check = |signature: &str, expected: bool| {
            assert_eq!(verify(&secret, b"{}", signature, now), expected, "{signature}");
        };
        let secs = now.unix_secs();
        check(&signed(secs, b"{}"), true);
        check(&signed(secs - TOLERANCE_SECS, b"{}"), true);
        check(&signed(secs - TOLERANCE_SECS - 1, b"{}"), false);
        check(&signed(secs + TOLERANCE_SECS + 1, b"{}"), false);
        check(&signed(secs, b"{ }"), false);
        check("t=,v1=", false);
        check("", false);
    }
}
