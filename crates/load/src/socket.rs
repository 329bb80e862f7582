//! A WebSocket client that costs next to nothing: it reads through a buffer on the stack and keeps bytes only where a frame
//! came in halves.

use std::io::{self, Read};
use std::net::{IpAddr, SocketAddr};

use flate2::read::DeflateDecoder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// Read at once; longer frames come in pieces.
const READ: usize = 16 << 10;
/// The longest answer to the handshake, and the longest frame, that is read.
const MAX_HEAD: usize = 16 << 10;
const MAX_FRAME: usize = 4 << 20;
/// Any key will do against a server; a constant one costs nothing.
const MASK: [u8; 4] = [0x5a, 0xc3, 0x17, 0x88];

const EXTENSIONS: &str =
    "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n";

/// What came.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Heard<'a> {
    Text(&'a [u8]),
    /// A text as RFC 7692 compresses it, without what the message before it held.
    Deflated(&'a [u8]),
    /// The code of the close frame; 1005 where there was none.
    Closed(u16),
}

/// One open socket.
#[derive(Debug)]
pub(crate) struct Socket {
    stream: TcpStream,
    /// What came of a frame that is not whole yet.
    carry: Vec<u8>,
}

/// From where to where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way {
    pub(crate) to: SocketAddr,
    /// The address that is dialled from, where it matters.
    pub(crate) from: Option<IpAddr>,
    /// Bytes that the system holds for who does not read; 0 for as many as it likes.
    pub(crate) receive_buffer: u32,
    /// Offers permessage-deflate, as every browser does.
    pub(crate) deflate: bool,
}

impl Way {
    async fn connect(self) -> io::Result<TcpStream> {
        let socket = if self.to.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        if self.receive_buffer > 0 {
            socket.set_recv_buffer_size(self.receive_buffer)?;
        }
        if let Some(from) = self.from {
            socket.bind((from, 0).into())?;
        }
        let stream = socket.connect(self.to).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

impl Socket {
    /// Opens `path`; anything but 101 is an error that names the status line.
    pub(crate) async fn open(way: Way, path: &str, cookie: &str) -> io::Result<Self> {
        let mut stream = way.connect().await?;
        let extensions = if way.deflate { EXTENSIONS } else { "" };
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {to}\r\nOrigin: http://{to}\r\nCookie: {cookie}\r\nUpgrade: websocket\r\n\
             Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n{extensions}Sec-WebSocket-Key: dHJ1bmtzaG93IGxvYWQhIQ==\r\n\r\n",
            to = way.to,
        );
        stream.write_all(request.as_bytes()).await?;
        let mut carry = Vec::new();
        let head = loop {
            if let Some(at) = carry.windows(4).position(|window| window == b"\r\n\r\n") {
                break at + 4;
            }
            if carry.len() > MAX_HEAD || stream.read_buf(&mut carry).await? == 0 {
                return Err(io::Error::other("the handshake was not answered"));
            }
        };
        if !carry.starts_with(b"HTTP/1.1 101") {
            let line = carry.split(|byte| *byte == b'\r').next().unwrap_or_default();
            return Err(io::Error::other(String::from_utf8_lossy(line).into_owned()));
        }
        carry.drain(..head);
        carry.shrink_to_fit();
        Ok(Self { stream, carry })
    }

    /// One text frame.
    pub(crate) async fn say(&mut self, text: &str) -> io::Result<()> {
        self.stream.write_all(&masked(0x81, text.as_bytes())).await
    }

    /// Waits for bytes and gives every whole frame in them to `take`. May be dropped and called again without losing one.
    ///
    /// # Errors
    /// The connection ended or what came is no frame.
    pub(crate) async fn hear(&mut self, mut take: impl FnMut(Heard<'_>)) -> io::Result<()> {
        if self.carry.is_empty() {
            self.stream.readable().await?;
        } else if let Some(used) = whole(&self.carry, &mut take)? {
            // Bytes that came with the handshake, or behind a frame that was left.
            self.carry.drain(..used);
            return Ok(());
        } else {
            self.stream.readable().await?;
        }
        let mut buffer = [0; READ];
        let read = match self.stream.try_read(&mut buffer) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        };
        if self.carry.is_empty() {
            let used = whole(&buffer[..read], &mut take)?.unwrap_or(0);
            self.carry.extend_from_slice(&buffer[used..read]);
        } else {
            self.carry.extend_from_slice(&buffer[..read]);
            if let Some(used) = whole(&self.carry, &mut take)? {
                self.carry.drain(..used);
            }
        }
        if self.carry.is_empty() && self.carry.capacity() > 0 {
            self.carry = Vec::new();
        }
        Ok(())
    }
}

/// A frame of a client.
fn masked(head: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(payload.len() + 14);
    frame.push(head);
    match payload.len() {
        short @ 0..126 => frame.push(0x80 | short as u8),
        middle @ 126..=0xffff => {
            frame.push(0x80 | 126);
            frame.extend_from_slice(&(middle as u16).to_be_bytes());
        }
        long => {
            frame.push(0x80 | 127);
            frame.extend_from_slice(&(long as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(&MASK);
    frame.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

/// The text of what came compressed.
///
/// # Errors
/// It is no such thing, or longer than any of the house's frames.
pub(crate) fn inflated(bytes: &[u8]) -> io::Result<Vec<u8>> {
    // The sender leaves out the end of the last block.
    const END: &[u8] = &[0, 0, 0xff, 0xff];
    let mut text = Vec::new();
    let whole = [bytes, END].concat();
    match DeflateDecoder::new(whole.as_slice()).take(MAX_FRAME as u64).read_to_end(&mut text) {
        // Nothing says that it is over: it ends where a block does.
        Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => Err(error),
        _ => Ok(text),
    }
}

/// Gives every whole frame at the start of `bytes` to `take`; how many bytes they were, if there was one.
fn whole(bytes: &[u8], take: &mut impl FnMut(Heard<'_>)) -> io::Result<Option<usize>> {
    let mut used = 0;
    while let Some((head, payload, length)) = first(&bytes[used..])? {
        match head {
            0x81 => take(Heard::Text(payload)),
            0xc1 => take(Heard::Deflated(payload)),
            0x88 => take(Heard::Closed(payload.first_chunk().map_or(1005, |code| u16::from_be_bytes(*code)))),
            // Pings and pongs; the house's own pings are part of its frames.
            0x89 | 0x8a => {}
            other => return Err(io::Error::other(format!("a frame begins with {other:#04x}"))),
        }
        used += length;
    }
    Ok((used > 0).then_some(used))
}

type Whole<'a> = (u8, &'a [u8], usize);

fn first(bytes: &[u8]) -> io::Result<Option<Whole<'_>>> {
    let [head, second, rest @ ..] = bytes else { return Ok(None) };
    let (length, at) = match second {
        126 => match rest.first_chunk() {
            Some(length) => (u64::from(u16::from_be_bytes(*length)), 4),
            None => return Ok(None),
        },
        127 => match rest.first_chunk() {
            Some(length) => (u64::from_be_bytes(*length), 10),
            None => return Ok(None),
        },
        short if *short < 126 => (u64::from(*short), 2),
        _ => return Err(io::Error::other("a server does not mask")),
    };
    if length > MAX_FRAME as u64 {
        return Err(io::Error::other("a frame longer than any of the house's"));
    }
    let end = at + length as usize;
    Ok(bytes.get(at..end).map(|payload| (*head, payload, end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: &[(&str, u16)], left: usize) {
        let mut heard = Vec::new();
        let used = whole(bytes, &mut |frame| {
            heard.push(match frame {
                Heard::Text(text) => (String::from_utf8_lossy(text).into_owned(), 0),
                Heard::Deflated(bytes) => (String::from_utf8_lossy(bytes).into_owned(), 1),
                Heard::Closed(code) => (String::new(), code),
            });
        });
        let expected: Vec<_> = expected.iter().map(|(text, code)| ((*text).to_owned(), *code)).collect();
        assert_eq!(heard, expected, "{bytes:?}");
        assert_eq!(bytes.len() - used.expect("frames").unwrap_or(0), left, "{bytes:?}");
    }

    #[test]
    fn frames_are_cut_out_of_what_came() {
        check(b"", &[], 0);
        check(b"\x81", &[], 1);
        check(b"\x81\x02hi", &[("hi", 0)], 0);
        check(b"\x81\x02hi\x89\x00\x81\x02yo\x81\x05par", &[("hi", 0), ("yo", 0)], 5);
        check(b"\xc1\x02hi\x81\x02yo", &[("hi", 1), ("yo", 0)], 0);
        check(b"\x88\x02\x11\x94", &[("", 4500)], 0);
        check(b"\x88\x00", &[("", 1005)], 0);
        let long = [&b"\x81\x7e\x01\x2c"[..], &[b'x'; 300]].concat();
        check(&long, &[(&"x".repeat(300), 0)], 0);
        check(&long[..299], &[], 299);
        assert!(whole(b"\x82\x01a", &mut |_| {}).is_err(), "the room speaks text");
        assert!(whole(b"\x81\x81aaaaa", &mut |_| {}).is_err(), "a masked frame of a server");
    }

    #[test]
    fn what_came_compressed_is_read() {
        // RFC 7692, 7.2.3.1: "Hello".
        assert_eq!(inflated(&[0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]).expect("deflated"), b"Hello");
        assert!(inflated(&[0x06, 0xff, 0xff]).is_err());
    }

    #[test]
    fn what_is_said_is_masked() {
        assert_eq!(masked(0x81, b"ab"), [0x81, 0x82, 0x5a, 0xc3, 0x17, 0x88, b'a' ^ 0x5a, b'b' ^ 0xc3]);
        assert_eq!(masked(0x81, &[0; 126])[..4], [0x81, 0xfe, 0, 126]);
        assert_eq!(masked(0x81, &[0; 70_000])[1], 0xff);
    }
}
