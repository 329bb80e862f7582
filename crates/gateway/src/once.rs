//! `Idempotency-Key` on whatever creates: the one place that does a repeated request once.

use app::repeat::{self, First, Repeat};
use app::{Code, Problem};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use crate::identity::Caller;
use crate::problem::Refused;
use crate::router::BODY_BYTES;
use crate::state::Gateway;
use crate::wire::IdempotencyKey;

/// Answers up to this size are remembered; a larger one is given, and a repetition does the request again.
const ANSWER_BYTES: usize = 256 * 1024;
/// No answer to a POST is larger.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// Tells a remembered answer from a new one.
const REPEATED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// An answer as it is remembered.
#[derive(Debug, Serialize, Deserialize)]
struct Answer {
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    body: String,
}

/// A checkout and a tap keep their key with the order, a claim in a drop with the claim, in the same commit, for viewers too.
fn has_its_own(path: &str) -> bool {
    path == "/api/v1/checkouts"
        || path == "/api/v1/one-tap"
        || (path.starts_with("/api/v1/drops/") && path.ends_with("/claims"))
}

/// The layer that does a request with a key once for each person.
pub(crate) async fn once(State(gateway): State<Gateway>, request: Request, next: Next) -> Result<Response, Refused> {
    let path = request.uri().path();
    let named = request.headers().contains_key("idempotency-key");
    if request.method() != Method::POST || !named || !path.starts_with("/api/v1/") || has_its_own(path) {
        return Ok(next.run(request).await);
    }
    let (mut parts, body) = request.into_parts();
    let IdempotencyKey(key) = IdempotencyKey::from_request_parts(&mut parts, &gateway).await?;
    let Caller(actor) = Caller::from_request_parts(&mut parts, &gateway).await?;
    let (said, body) = read(&parts, body).await?;
    match repeat::begin(&gateway.app, &actor, &key, &said).await? {
        None => Ok(next.run(Request::from_parts(parts, body)).await),
        Some(Repeat::Done(answer)) => Ok(again(&answer)?),
        Some(Repeat::Do(first)) => {
            // In a task of its own: a caller who hangs up does not leave it half done.
            let done = tokio::spawn(first_time(gateway, first, next, Request::from_parts(parts, body)));
            done.await.map_err(|error| Problem::internal(error).into())
        }
    }
}

/// All that makes it this request, and the body to go on with. A form with files is not held in memory twice, and its
/// boundary differs each time: its length stands for it.
async fn read(parts: &Parts, body: Body) -> Result<(Vec<u8>, Body), Refused> {
    let mut said = format!("{} {}\n", parts.method, parts.uri).into_bytes();
    let header = |name| parts.headers.get(name).map_or(&b""[..], HeaderValue::as_bytes);
    if header(header::CONTENT_TYPE).starts_with(b"multipart/") {
        said.extend_from_slice(header(header::CONTENT_LENGTH));
        return Ok((said, body));
    }
    let bytes: Bytes = to_bytes(body, BODY_BYTES).await.map_err(|_| Code::TooLarge)?;
    said.extend_from_slice(&bytes);
    Ok((said, Body::from(bytes)))
}

async fn first_time(gateway: Gateway, first: First, next: Next, request: Request) -> Response {
    let (parts, body) = next.run(request).await.into_parts();
    // A refusal's body is written further out, in the reader's language.
    if !parts.status.is_success() {
        keep(&gateway, first, None).await;
        return Response::from_parts(parts, body);
    }
    let Ok(bytes) = to_bytes(body, MOST_BYTES).await else {
        keep(&gateway, first, None).await;
        return Refused::from(Code::Internal).into_response();
    };
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).map(str::to_owned);
    let text = (bytes.len() <= ANSWER_BYTES).then(|| String::from_utf8(bytes.to_vec()).ok()).flatten();
    let answer =
        text.and_then(|body| serde_json::to_string(&Answer { status: parts.status.as_u16(), kind, body }).ok());
    keep(&gateway, first, answer).await;
    Response::from_parts(parts, Body::from(bytes))
}

/// What was done is done: where its answer cannot be remembered, the log says so.
async fn keep(gateway: &Gateway, first: First, answer: Option<String>) {
    if let Err(problem) = repeat::finish(&gateway.app, first, answer).await {
        tracing::error!(%problem, "an answer was not remembered: repeated within a minute, the request waits in vain");
    }
}

fn again(answer: &str) -> Result<Response, Problem> {
    let Answer { status, kind, body } = serde_json::from_str(answer).map_err(Problem::internal)?;
    let status = StatusCode::from_u16(status).map_err(Problem::internal)?;
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    headers.extend(kind.and_then(|kind| HeaderValue::from_str(&kind).ok()).map(|kind| (header::CONTENT_TYPE, kind)));
    headers.insert(REPEATED, HeaderValue::from_static("true"));
    Ok(response)
}
