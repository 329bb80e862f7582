//! A client's socket, frame by frame.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Message, protocol::WebSocketConfig};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

/// Nothing here takes long; a test that waits for what never comes fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// With TLS or without.
trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

pub(crate) struct Socket {
    stream: WebSocketStream<Box<dyn Wire>>,
    /// Events of frames that were read while something else was waited for.
    events: Vec<Value>,
}

impl Socket {
    pub(crate) async fn connect(http: SocketAddr, path: &str, cookie: &str) -> Self {
        Self::connect_from(http, path, cookie, &format!("http://{http}")).await
    }

    pub(crate) async fn connect_from(http: SocketAddr, path: &str, cookie: &str, origin: &str) -> Self {
        let stream = TcpStream::connect(http).await.expect("connects");
        Self::over(Box::new(stream), &format!("ws://{http}{path}"), cookie, origin).await
    }

    /// As a browser that trusts this authority alone.
    pub(crate) async fn connect_securely(https: SocketAddr, path: &str, cookie: &str, root: &Path) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(root).expect("a certificate")).expect("a root");
        let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        let stream = TcpStream::connect(https).await.expect("connects");
        let name = ServerName::from(https.ip());
        let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.expect("a handshake");
        Self::over(Box::new(stream), &format!("wss://{https}{path}"), cookie, &format!("https://{https}")).await
    }

    async fn over(stream: Box<dyn Wire>, url: &str, cookie: &str, origin: &str) -> Self {
        let mut request = url.into_client_request().expect("an address");
        if !cookie.is_empty() {
            request.headers_mut().insert("cookie", cookie.parse().expect("a cookie"));
        }
        request.headers_mut().insert("origin", origin.parse().expect("an origin"));
        let config = WebSocketConfig::default().max_message_size(None).max_frame_size(None);
        let (stream, _) = client_async_with_config(request, stream, Some(config)).await.expect("the socket opens");
        Self { stream, events: Vec::new() }
    }

    pub(crate) async fn send(&mut self, frame: Value) {
        self.send_raw(Message::text(frame.to_string())).await;
    }

    /// A server that has closed already may refuse it.
    pub(crate) async fn send_raw(&mut self, message: Message) {
        let _closed_already = self.stream.send(message).await;
    }

    /// The next text frame, or the code with which the server closed.
    pub(crate) async fn next(&mut self) -> Result<Value, u16> {
        loop {
            match timeout(PATIENCE, self.stream.next()).await.expect("the server is not silent") {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).expect("JSON")),
                Some(Ok(Message::Close(frame))) => return Err(frame.map_or(1005, |frame| frame.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(1006),
            }
        }
    }

    /// The next frame of this type; events that come before it are kept for [`Socket::event`].
    pub(crate) async fn frame(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.next().await.unwrap_or_else(|code| panic!("closed with {code}, waiting for {kind}"));
            if frame["t"] == kind {
                return frame;
            }
            self.keep(&frame);
        }
    }

    /// The next event of this kind.
    pub(crate) async fn event(&mut self, kind: &str) -> Value {
        loop {
            if let Some(place) = self.events.iter().position(|event| event["k"] == kind) {
                return self.events.drain(..=place).next_back().expect("found");
            }
            let frame = self.frame("frame").await;
            self.keep(&frame);
        }
    }

    pub(crate) fn keep(&mut self, frame: &Value) {
        self.events.extend(frame["events"].as_array().into_iter().flatten().cloned());
    }

    /// The code with which the server closes.
    pub(crate) async fn closed(&mut self) -> u16 {
        loop {
            if let Err(code) = self.next().await {
                return code;
            }
        }
    }
}
