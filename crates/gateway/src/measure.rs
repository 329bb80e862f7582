//! What is counted of every request, and the page that Prometheus reads.

use std::fmt;

use app::Code;
use app::people::token;
use async_trait::async_trait;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::time::Instant;

use crate::client;
use crate::problem::Refused;
use crate::state::Gateway;

/// Everything that the process counts, in Prometheus' text format.
#[async_trait]
pub trait Metrics: Send + Sync + fmt::Debug {
    async fn text(&self) -> String;
}

/// The layer that counts and times requests by their route.
pub(crate) async fn requests(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("pages", MatchedPath::as_str).to_owned();
    let method = request.method().as_str().to_owned();
    let began = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    metrics::histogram!("trunkshow_http_request_seconds", "route" => route.clone())
        .record(began.elapsed().as_secs_f64());
    metrics::counter!("trunkshow_http_requests_total", "method" => method, "route" => route, "status" => status)
        .increment(1);
    response
}

/// Whether a bearer token is the one that the settings name. Hashes are compared, so that the time says nothing.
fn has_token(headers: &HeaderMap, wanted: &str) -> bool {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    !wanted.is_empty() && given.is_some_and(|given| token::hash(given) == token::hash(wanted))
}

/// The figures, for this machine itself or who has the token. To everybody else there is nothing here.
pub(crate) async fn page(State(gateway): State<Gateway>, request: Request) -> Result<Response, Refused> {
    let (parts, _body) = request.into_parts();
    if !client::is_local(&parts) && !has_token(&parts.headers, &gateway.settings.metrics_token) {
        return Err(Code::NotFound.into());
    }
    let headers =
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, gateway.metrics.text().await).into_response())
}
