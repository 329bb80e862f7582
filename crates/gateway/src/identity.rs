//! Who sends a request, from its cookies or its bearer token.

use app::people::api_tokens;
use app::people::identify::{Credentials, identify};
use app::ports::PersonRow;
use app::{Actor, Code};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::cookies;
use crate::problem::Refused;
use crate::state::{Gateway, Settings};

/// The actor of this request, for use cases.
#[derive(Clone, Debug)]
pub(crate) struct Caller(pub(crate) Actor);

/// The actor and, when signed in, their row.
#[derive(Clone, Debug)]
pub(crate) struct KnownCaller(pub(crate) Actor, pub(crate) Option<PersonRow>);

/// A cookie is sent by the browser whatever page asked, so an unsafe request that leans on one must come from our own pages.
fn own_origin(method: &Method, headers: &HeaderMap, settings: &Settings) -> bool {
    if method.is_safe() {
        return true;
    }
    let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok());
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    origin.is_none_or(|origin| {
        origin == settings.public_url || origin.split_once("://").is_some_and(|(_, own)| Some(own) == host)
    })
}

/// The layer that refuses unsafe requests which another site's page made with our cookie.
pub(crate) async fn guard(State(gateway): State<Gateway>, request: Request, next: Next) -> Result<Response, Refused> {
    let (method, headers) = (request.method(), request.headers());
    if cookies::read(headers, cookies::SESSION).is_some() && !own_origin(method, headers, &gateway.settings) {
        return Err(Code::ForeignOrigin.into());
    }
    Ok(next.run(request).await)
}

/// The actor of a socket. A browser sends our cookies along whatever page opens one: only on our own pages do they count.
#[derive(Clone, Debug)]
pub(crate) struct OwnCaller(pub(crate) Actor);

async fn known(parts: &Parts, gateway: &Gateway) -> Result<KnownCaller, Refused> {
    let bearer = parts.headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()?.strip_prefix("Bearer "));
    let (token, viewer) = bearer.map_or((None, None), |text| {
        if text.starts_with(api_tokens::PREFIX) { (Some(text), None) } else { (None, Some(text)) }
    });
    let session = cookies::read(&parts.headers, cookies::SESSION);
    let viewer = viewer.or_else(|| cookies::read(&parts.headers, cookies::VIEWER));
    let (actor, row) = identify(&gateway.app, Credentials { token, session, viewer }).await?;
    Ok(KnownCaller(actor, row))
}

impl FromRequestParts<Gateway> for KnownCaller {
    type Rejection = Refused;
    async fn from_request_parts(parts: &mut Parts, gateway: &Gateway) -> Result<Self, Refused> {
        known(parts, gateway).await
    }
}

impl FromRequestParts<Gateway> for Caller {
    type Rejection = Refused;
    async fn from_request_parts(parts: &mut Parts, gateway: &Gateway) -> Result<Self, Refused> {
        known(parts, gateway).await.map(|KnownCaller(actor, _)| Self(actor))
    }
}

impl FromRequestParts<Gateway> for OwnCaller {
    type Rejection = Refused;
    async fn from_request_parts(parts: &mut Parts, gateway: &Gateway) -> Result<Self, Refused> {
        if !own_origin(&Method::POST, &parts.headers, &gateway.settings) {
            return Ok(Self(Actor::default()));
        }
        known(parts, gateway).await.map(|KnownCaller(actor, _)| Self(actor))
    }
}
