//! HTTPS: handshakes, and plain HTTP that leads to it.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::server::ResolvesServerCert;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use crate::client;
use crate::state::Settings;
use crate::stream::Stream;

/// What is spoken inside, the best first: low-latency HLS wants HTTP/2. The last is how an ACME authority looks whether a name
/// leads here (RFC 8737); nothing is said in it.
const PROTOCOLS: [&[u8]; 3] = [b"h2", b"http/1.1", ACME];
const ACME: &[u8] = b"acme-tls/1";

/// Where browsers speak TLS.
pub struct Https {
    pub(crate) listener: TcpListener,
    pub(crate) tls: TlsAcceptor,
}

impl fmt::Debug for Https {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Https").field("listener", &self.listener).finish_non_exhaustive()
    }
}

impl Https {
    /// Whatever is shown at the moment is what a handshake is answered with.
    ///
    /// # Errors
    /// When the TLS library knows no cipher of today.
    pub fn new(listener: TcpListener, certificates: Arc<dyn ResolvesServerCert>) -> Result<Self, rustls::Error> {
        let builder = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
        let builder = builder.with_safe_default_protocol_versions()?.with_no_client_auth();
        let mut config = builder.with_cert_resolver(certificates);
        config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).to_vec();
        Ok(Self { listener, tls: TlsAcceptor::from(Arc::new(config)) })
    }
}

/// None where there is nobody to talk to afterwards.
pub(crate) async fn shake_hands(tls: TlsAcceptor, stream: TcpStream, within: Duration) -> Option<Stream> {
    let refused = || metrics::counter!("trunkshow_tls_handshakes_failed").increment(1);
    match timeout(within, tls.accept(stream)).await {
        Ok(Ok(stream)) if stream.get_ref().1.alpn_protocol() == Some(ACME) => None,
        Ok(Ok(stream)) => Some(Stream::Secure(Box::new(stream))),
        Ok(Err(error)) => {
            // Everybody who has not trusted the house's authority yet comes by here.
            tracing::debug!(%error, "a handshake failed");
            refused();
            None
        }
        Err(_) => {
            refused();
            None
        }
    }
}

#[derive(Clone, Debug)]
struct Target {
    settings: Arc<Settings>,
    /// The port of HTTPS, for who came by a name of their own.
    port: u16,
}

/// The same house behind plain HTTP: it says where HTTPS is.
pub(crate) fn leads_to(https: &Https, settings: Arc<Settings>, router: Router) -> Router {
    let port = https.listener.local_addr().map_or(443, |address| address.port());
    router.layer(middleware::from_fn_with_state(Target { settings, port }, redirect))
}

/// What is answered without TLS: the probes of this machine, a proxy that is trusted (it speaks TLS itself), and the page that
/// explains how to trust this house.
fn stays_plain(request: &Request, settings: &Settings) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer: Option<IpAddr> = peer.map(|ConnectInfo(peer)| peer.ip());
    let probe = matches!(request.uri().path(), "/healthz" | "/readyz" | "/metrics");
    let trust = request.uri().path() == "/trust" || request.uri().path().starts_with("/trust/");
    trust
        || peer.is_some_and(|peer| {
            client::is_trusted(peer, &settings.trusted_proxies) || probe && peer.to_canonical().is_loopback()
        })
}

async fn redirect(State(target): State<Target>, request: Request, next: Next) -> Response {
    if stays_plain(&request, &target.settings) {
        return next.run(request).await;
    }
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    match elsewhere(&target, host, request.uri()) {
        Some(to) => (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, to)]).into_response(),
        None => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// The same page, by HTTPS: at the house's own address, where the operator said one.
fn elsewhere(target: &Target, host: Option<&str>, uri: &Uri) -> Option<HeaderValue> {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let to = if target.settings.named {
        format!("{}{path}", target.settings.public_url)
    } else {
        let host: axum::http::uri::Authority = host?.parse().ok()?;
        match target.port {
            443 => format!("https://{}{path}", host.host()),
            port => format!("https://{}:{port}{path}", host.host()),
        }
    };
    to.parse().ok()
}
