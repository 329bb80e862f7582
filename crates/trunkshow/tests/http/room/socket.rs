//! A client's socket, frame by frame.

use std::net::SocketAddr;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Message, protocol::WebSocketConfig};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

/// Nothing here takes long; a test that waits for what never comes fails.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// Events of frames that were read while something else was waited for.
    events: Vec<Value>,
}

impl Socket {
    pub(crate) async fn connect(http: SocketAddr, path: &str, cookie: &str) -> Self {
        Self::connect_from(http, path, cookie, &format!("http://{http}")).await
    }

    pub(crate) async fn connect_from(http: SocketAddr, path: &str, cookie: &str, origin: &str) -> Self {
        let mut request = format!("ws://{http}{path}").into_client_request().expect("an address");
        if !cookie.is_empty() {
            request.headers_mut().insert("cookie", cookie.parse().expect("a cookie"));
        }
        request.headers_mut().insert("origin", origin.parse().expect("an origin"));
        let config = WebSocketConfig::default().max_message_size(None).max_frame_size(None);
        let (stream, _) = connect_async_with_config(request, Some(config), true).await.expect("the socket opens");
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
