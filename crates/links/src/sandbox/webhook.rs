//! The sandbox's messages: signed, sent a few times, and never needed, since the house also asks by itself.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use app::ports::{Clock, SandboxOutcome};
use kernel::{Millis, PaymentId};
use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::book::SLOW;
use crate::signed::sign;

/// The header that they are signed in.
pub(super) const SIGNATURE: &str = "sandbox-signature";
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

/// What a message says.
#[derive(Debug, Deserialize)]
pub(super) struct Told {
    pub(super) id: String,
    pub(super) payment: PaymentId,
}

/// Tells the house that something happened to a payment, after `wait`.
pub(super) async fn tell(to: SocketAddr, secret: [u8; 32], clock: Arc<dyn Clock>, payment: PaymentId, wait: Millis) {
    tokio::time::sleep(wait.to_std()).await;
    let at = clock.now().unix_micros();
    let body = format!(r#"{{"id":"{payment}-{at}","type":"payment.updated","payment":"{payment}"}}"#);
    for wait_ms in WAITS_MS {
        tokio::time::sleep(Duration::from_millis(wait_ms)).await;
        let secs = clock.now().unix_secs();
        let signature = sign(&secret, secs, body.as_bytes());
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
         content-length: {}\r\n{SIGNATURE}: {signature}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    socket.write_all(request.as_bytes()).await?;
    let mut answer = [0; 12];
    socket.read_exact(&mut answer).await?;
    if answer.starts_with(b"HTTP/1.1 2") { Ok(()) } else { Err(std::io::Error::other("refused")) }
}
