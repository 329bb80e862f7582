use app::{Code, Problem};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::problem::Refused;

/// The `Idempotency-Key` header: 1 to 64 printable ASCII characters, chosen by the caller, once per thing to create.
#[derive(Debug)]
pub(crate) struct IdempotencyKey(pub(crate) String);

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let header = parts.headers.get("idempotency-key").ok_or(Code::IdempotencyKeyMissing)?;
        let key = header.to_str().ok().filter(|key| (1..=64).contains(&key.len()));
        let key = key.filter(|key| key.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
        Ok(Self(key.ok_or_else(|| Problem::field("Idempotency-Key", "not_a_key"))?.to_owned()))
    }
}
