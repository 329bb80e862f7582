//! An encoder that does what a test wants, right or wrong.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use media::rtmp::{Message, Value, write_all, write_message};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// x264's decoder configuration for 1280×720, behind the FLV header of a sequence start.
pub(crate) const CONFIG: &[u8] = &[
    0x17, 0, 0, 0, 0, 1, 100, 0, 31, 0xFF, 0xE1, 0, 28, 103, 100, 0, 31, 172, 217, 128, 80, 5, 187, 1, 106, 2, 2, 2,
    128, 0, 0, 3, 0, 128, 0, 0, 30, 7, 140, 24, 205, 1, 0, 5, 104, 233, 123, 44, 139, 0xFD, 0xF8, 0xF8, 0,
];
/// The same for 640×360.
pub(crate) const CONFIG_TURNED: &[u8] = &[
    0x17, 0, 0, 0, 0, 1, 0x42, 0xC0, 0x1E, 0xFF, 0xE1, 0, 10, 0x67, 0x42, 0xC0, 0x1E, 0xD9, 0x00, 0xA0, 0x2F, 0xF9,
    0x50, 1, 0, 5, 0x68, 0xCB, 0x83, 0xCB, 0x20,
];
/// A keyframe's tag: one IDR slice of two bytes.
pub(crate) const KEY: &[u8] = &[0x17, 1, 0, 0, 0, 0, 0, 0, 2, 0x65, 0x88];
/// Any other picture's.
pub(crate) const DELTA: &[u8] = &[0x27, 1, 0, 0, 0, 0, 0, 0, 2, 0x41, 0x9A];

pub(crate) struct Encoder(pub(crate) TcpStream);

impl Encoder {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        Self(TcpStream::connect(address).await.expect("connects"))
    }

    /// Writes what it can; a server that hung up is the test's point.
    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        let _ = self.0.write_all(bytes).await;
    }

    pub(crate) async fn shake_hands(&mut self) {
        let hello = [&[3][..], &[0; 1_536]].concat();
        self.send(&hello).await;
        let mut answer = vec![0; 1 + 2 * 1_536];
        self.0.read_exact(&mut answer).await.expect("the handshake's answer");
        self.send(&answer[1..=1_536]).await;
    }

    pub(crate) async fn message(&mut self, kind: u8, timestamp: u32, payload: &[u8]) {
        let mut out = BytesMut::new();
        let payload = Bytes::copy_from_slice(payload);
        write_message(4, &Message { kind, timestamp, stream: 1, payload }, &mut out);
        self.send(&out).await;
    }

    pub(crate) async fn command(&mut self, values: &[Value]) {
        let mut payload = BytesMut::new();
        write_all(values, &mut payload);
        self.message(20, 0, &payload).await;
    }

    /// Everything up to `publish`, with this key.
    pub(crate) async fn publish(&mut self, key: &str) {
        self.shake_hands().await;
        let about = Value::object([("app", Value::text("live"))]);
        self.command(&[Value::text("connect"), Value::Number(1.0), about]).await;
        self.command(&[Value::text("createStream"), Value::Number(2.0), Value::Null]).await;
        let publish = [Value::text("publish"), Value::Number(3.0), Value::Null, Value::text(key), Value::text("live")];
        self.command(&publish).await;
        self.read_until("NetStream.Publish").await;
    }

    pub(crate) async fn video(&mut self, timestamp: u32, tag: &[u8]) {
        self.message(9, timestamp, tag).await;
    }

    async fn read_until(&mut self, word: &str) {
        let (mut heard, mut buffer) = (Vec::new(), [0; 4_096]);
        while !String::from_utf8_lossy(&heard).contains(word) {
            let count =
                timeout(Duration::from_secs(5), self.0.read(&mut buffer)).await.expect("an answer").expect("reads");
            assert!(count > 0, "hung up before {word}");
            heard.extend_from_slice(&buffer[..count]);
        }
    }

    /// What the server says until it hangs up; a reset is a hang-up without a word.
    pub(crate) async fn last_words(&mut self) -> String {
        let (mut heard, mut buffer) = (Vec::new(), [0; 4_096]);
        loop {
            match timeout(Duration::from_secs(20), self.0.read(&mut buffer)).await.expect("the server hangs up") {
                Ok(0) | Err(_) => break,
                // The chunk headers between pieces of a sentence are one byte each.
                Ok(count) => heard.extend(buffer[..count].iter().filter(|byte| **byte != 0xC3)),
            }
        }
        String::from_utf8_lossy(&heard).into_owned()
    }
}
