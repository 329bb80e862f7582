//! The fake's face: who asks, in which version, and what goes wrong on the way.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, Response, StatusCode, header};
use futures::stream;
use serde_json::json;
use url::form_urlencoded;

use super::books::{Answer, Fault, Fields, No, answer};
use super::{FakeStripe, KEY};
use crate::stripe::API_VERSION;

/// Far more than any form of ours.
const MAX_FORM: usize = 64 * 1024;

pub(super) fn router(fake: FakeStripe) -> Router {
    Router::new().fallback(serve).with_state(fake)
}

async fn serve(State(fake): State<FakeStripe>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    if path.starts_with("/c/pay/") {
        return Response::new(Body::from("The buyer pays here."));
    }
    if let Err(no) = known(&parts.headers) {
        return written(answer(Err(no)), false);
    }
    let query = fields(parts.uri.query().unwrap_or_default().as_bytes());
    let Ok(body) = axum::body::to_bytes(body, MAX_FORM).await else {
        return written(answer(Err(No::bad("parameter_invalid", "The body is too large."))), false);
    };
    let changes = parts.method == Method::POST;
    let mut books = fake.books();
    let fault = books.fault(changes);
    if fault == Some(Fault::Busy) {
        let busy = No(429, "invalid_request_error", "rate_limit", "Too many requests hit the API too quickly.".into());
        return written(answer(Err(busy)), false);
    }
    let said = if changes {
        let form_encoded = parts.headers.get(header::CONTENT_TYPE);
        if form_encoded.is_none_or(|kind| kind != "application/x-www-form-urlencoded") {
            return written(answer(Err(No::bad("parameter_invalid", "Bodies are forms."))), false);
        }
        let key = parts.headers.get("idempotency-key").and_then(|value| value.to_str().ok()).unwrap_or_default();
        books.post(&path, fields(&body), key, fault)
    } else if fault == Some(Fault::BrokenBefore) {
        (500, json!({"error": {"type": "api_error", "message": "An unknown error occurred"}}))
    } else {
        books.get(&path, &query)
    };
    written(said, fault == Some(Fault::AnswerLost))
}

fn known(headers: &HeaderMap) -> Result<(), No> {
    let is = |name: &str, expected: &str| headers.get(name).is_some_and(|value| value == expected);
    if !is("authorization", &format!("Bearer {KEY}")) {
        let kind = "invalid_request_error";
        return Err(No(401, kind, "api_key_invalid", "Invalid API Key provided: sk_test_*****how".into()));
    }
    if is("stripe-version", API_VERSION) { Ok(()) } else { Err(No::bad("api_version_invalid", "Pin the version.")) }
}

fn fields(text: &[u8]) -> Fields {
    form_urlencoded::parse(text).into_owned().collect()
}

fn written((status, body): Answer, lost: bool) -> Response<Body> {
    let mut text = body.to_string();
    let response = Response::builder()
        .status(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
        .header(header::CONTENT_TYPE, "application/json");
    let body = if lost {
        text.truncate(text.len() / 2);
        let cut = std::io::Error::other("the connection ends in the middle of the answer");
        Body::from_stream(stream::iter([Ok(text), Err(cut)]))
    } else {
        Body::from(text)
    };
    response.body(body).unwrap_or_default()
}
