//! The house under load, and what every kind of people does there before its run: ask it, sign in.

use clap::Args;
use serde_json::{Value, json};
use thiserror::Error;

use crate::client::{Answer, Client, Lost, Request};

/// The house, and who of its staff prepares a run.
#[derive(Args, Clone, Debug)]
pub struct House {
    /// host:port of the house.
    #[arg(long, global = true, default_value = "127.0.0.1:8080")]
    pub host: String,
    /// Staff who may set stock and plan shows.
    #[arg(long, global = true, default_value = "")]
    pub email: String,
    /// Their password.
    #[arg(long, global = true, default_value = "")]
    pub password: String,
}

impl House {
    /// Somebody at the house's door; connects when they ask.
    pub(crate) fn visit(&self) -> Client {
        Client::new(&self.host)
    }

    /// Staff at their desk, and the cookie of their session.
    pub(crate) async fn desk(&self) -> Result<(Client, String), Spoiled> {
        let mut desk = self.visit();
        let credentials = json!({ "email": self.email, "password": self.password });
        let cookie = ask(&mut desk, "POST", "/api/v1/sessions", "", Some(&credentials)).await?.cookies.join("; ");
        Ok((desk, cookie))
    }
}

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

/// The text under `key`; empty when there is none.
pub(crate) fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}
