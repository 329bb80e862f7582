//! What every kind of people does before its run: ask the house, sign in.

use serde_json::{Value, json};
use thiserror::Error;

use crate::client::{Answer, Client, Lost, Request};

/// Why there was no run.
#[derive(Debug, Error)]
pub enum Spoiled {
    /// No answer.
    #[error(transparent)]
    Lost(#[from] Lost),
    /// An answer other than hoped for, while the run was being prepared.
    #[error("{deed} was answered with {status}: {body}")]
    Refused {
        /// Method and path.
        deed: String,
        /// HTTP status.
        status: u16,
        /// The problem.
        body: Value,
    },
    /// The witness of a room was sent away, so that nothing can be said about its viewers.
    #[error("the witness was closed with {0} (1006: the connection broke)")]
    Closed(u16),
    /// The house lacks what the run needs.
    #[error("{0}")]
    Nothing(&'static str),
}

/// A request of the preparation: anything but 2xx spoils the run.
pub(crate) async fn ask(
    client: &mut Client,
    method: &str,
    path: &str,
    cookie: &str,
    body: Option<&Value>,
) -> Result<Answer, Spoiled> {
    let answer = client.send(Request { method, path, cookie, idempotency_key: "", body }).await?;
    if (200..300).contains(&answer.status) {
        return Ok(answer);
    }
    Err(Spoiled::Refused { deed: format!("{method} {path}"), status: answer.status, body: answer.json() })
}

/// Signs staff in; returns the cookie of the session.
pub(crate) async fn sign_in(client: &mut Client, email: &str, password: &str) -> Result<String, Spoiled> {
    let credentials = json!({ "email": email, "password": password });
    Ok(ask(client, "POST", "/api/v1/sessions", "", Some(&credentials)).await?.cookies.join("; "))
}

/// The text under `key`; empty when there is none.
pub(crate) fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}
