//! Who is at the other end of the line: the address that limits count, and the limits.

mod address;
mod limits;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use app::{Code, Problem};
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::Method;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;

pub(crate) use address::is_trusted;
pub(crate) use limits::{Limits, Line, Lines};

use crate::problem::Refused;
use crate::state::Gateway;

/// The client's own address: the peer's, or the one that a trusted proxy names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

impl<S: Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let known = parts.extensions.get().copied();
        known.ok_or_else(|| Problem::internal("a request without an address").into())
    }
}

/// What many viewers fetch alike and caches serve: never counted.
fn is_shared(path: &str) -> bool {
    ["/air/", "/replays/", "/media/", "/assets/"].iter().any(|start| path.starts_with(start))
}

/// Where secrets are tried: counted more tightly.
fn tries_a_secret(method: &Method, path: &str) -> bool {
    let path = path.strip_prefix("/api/v1/").unwrap_or("");
    let first = path.split('/').next().unwrap_or("");
    *method == Method::POST
        && (matches!(first, "sessions" | "setup" | "sign-in-links" | "sign-in-codes" | "withdrawals")
            || path == "invitations/accept")
}

/// The layer that finds the client's address and refuses who asks too much from it.
pub(crate) async fn meet(
    State(gateway): State<Gateway>,
    mut request: Request,
    next: Next,
) -> Result<Response, Refused> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
    let client = address::client(peer, request.headers(), &gateway.settings.trusted_proxies);
    request.extensions_mut().insert(ClientAddress(client));
    let (now, path) = (gateway.app.now(), request.uri().path());
    let waits = if is_shared(path) { None } else { gateway.limits.request(client, now) };
    let waits =
        waits.or_else(|| tries_a_secret(request.method(), path).then(|| gateway.limits.attempt(client, now)).flatten());
    match waits {
        Some(secs) => Err(Problem::from(Code::SlowDown).retry_after(secs).into()),
        None => Ok(next.run(request).await),
    }
}

/// Room for one more socket or event stream of this client, for as long as it lives.
pub(crate) fn line(gateway: &Gateway, ClientAddress(client): ClientAddress) -> Result<Line, Problem> {
    gateway.limits.line(client).ok_or_else(|| Problem::from(Code::SlowDown).retry_after(limits::LINE_RETRY_SECS))
}

/// Whether the request comes from this machine itself, without any proxy between.
pub(crate) fn is_local(request: &Parts) -> bool {
    let peer = request.extensions.get::<ConnectInfo<SocketAddr>>();
    let forwarded = address::HEADERS.iter().any(|name| request.headers.contains_key(*name));
    !forwarded && peer.is_some_and(|ConnectInfo(peer)| peer.ip().to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_tried_where_it_is_counted() {
        let check = |method, path, expected: bool| assert_eq!(tries_a_secret(&method, path), expected, "{path}");
        check(Method::POST, "/api/v1/sessions", true);
        check(Method::POST, "/api/v1/sessions/by-code", true);
        check(Method::POST, "/api/v1/invitations/accept", true);
        check(Method::POST, "/api/v1/withdrawals/look", true);
        check(Method::POST, "/api/v1/invitations", false);
        check(Method::DELETE, "/api/v1/sessions/current", false);
        check(Method::POST, "/api/v1/checkouts", false);
    }
}
