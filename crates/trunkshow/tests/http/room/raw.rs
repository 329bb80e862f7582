//! A socket byte by byte, for what a well-behaved client library never does.

use std::net::SocketAddr;
use std::time::Duration;

use flate2::{Decompress, FlushDecompress};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Nothing here takes long; a test that waits for what never comes fails.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Raw {
    stream: TcpStream,
    /// The answer to the handshake.
    pub(crate) head: String,
}

/// One frame of the server.
pub(crate) struct Frame {
    /// Its first byte.
    pub(crate) first: u8,
    pub(crate) payload: Vec<u8>,
}

impl Frame {
    /// The JSON of a text, compressed or not.
    pub(crate) fn json(&self) -> Value {
        let plain = if self.first & 0x40 == 0 { self.payload.clone() } else { inflated(&self.payload) };
        serde_json::from_slice(&plain).expect("JSON")
    }
}

fn inflated(payload: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(1 << 20);
    let whole = [payload, &[0, 0, 0xff, 0xff]].concat();
    Decompress::new(false).decompress_vec(&whole, &mut plain, FlushDecompress::Sync).expect("deflate");
    plain
}

/// A frame of a client, masked.
pub(crate) fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let mask = [0x37, 0xfa, 0x21, 0x3d];
    let mut bytes = vec![first];
    match u16::try_from(payload.len()) {
        Ok(short @ 0..126) => bytes.push(0x80 | short as u8),
        Ok(middle) => {
            bytes.push(0xfe);
            bytes.extend(middle.to_be_bytes());
        }
        Err(_) => {
            bytes.push(0xff);
            bytes.extend((payload.len() as u64).to_be_bytes());
        }
    }
    bytes.extend(mask);
    bytes.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}

impl Raw {
    /// Asks for the socket, with or without permessage-deflate; what was answered stands in `head`.
    pub(crate) async fn ask(http: SocketAddr, path: &str, cookie: &str, deflate: bool) -> Self {
        let mut stream = TcpStream::connect(http).await.expect("connects");
        let extensions = if deflate { "Sec-WebSocket-Extensions: permessage-deflate\r\n" } else { "" };
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {http}\r\nCookie: {cookie}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{extensions}\r\n"
        );
        stream.write_all(request.as_bytes()).await.expect("asked");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(timeout(PATIENCE, stream.read_u8()).await.expect("an answer").expect("an answer"));
        }
        Self { stream, head: String::from_utf8(head).expect("text").to_ascii_lowercase() }
    }

    /// A socket that has joined, and its hello.
    pub(crate) async fn join(http: SocketAddr, path: &str, cookie: &str, deflate: bool) -> (Self, Value) {
        let mut raw = Self::ask(http, path, cookie, deflate).await;
        assert!(raw.head.starts_with("http/1.1 101"), "{}", raw.head);
        raw.send(&masked(0x81, br#"{"t":"join"}"#)).await;
        let hello = raw.frame().await.expect("a hello").json();
        assert_eq!(hello["t"], "hello");
        (raw, hello)
    }

    /// A server that has closed already may refuse it.
    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        let _closed_already = self.stream.write_all(bytes).await;
    }

    /// The next frame; none when the connection is over.
    pub(crate) async fn frame(&mut self) -> Option<Frame> {
        timeout(PATIENCE, self.read()).await.expect("the server is not silent")
    }

    async fn read(&mut self) -> Option<Frame> {
        let first = self.stream.read_u8().await.ok()?;
        let length = match self.stream.read_u8().await.ok()? {
            126 => u64::from(self.stream.read_u16().await.ok()?),
            127 => self.stream.read_u64().await.ok()?,
            short => u64::from(short),
        };
        let mut payload = vec![0; usize::try_from(length).expect("a length")];
        self.stream.read_exact(&mut payload).await.ok()?;
        Some(Frame { first, payload })
    }

    /// The code with which the server closed; 1006 where it did without.
    pub(crate) async fn closed(&mut self) -> u16 {
        while let Some(frame) = self.frame().await {
            if frame.first == 0x88 {
                return frame.payload.first_chunk().map_or(1005, |code| u16::from_be_bytes(*code));
            }
        }
        1006
    }
}
