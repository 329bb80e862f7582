//! An HTTP/1.1 client that costs next to nothing, so that the figures are the server's: one kept-alive connection, one
//! request at a time, JSON both ways.

use std::time::Duration;

use serde_json::Value;
use thiserror::Error;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The longest answer that is read; the house's longest page of JSON is far below.
const MAX_ANSWER_BYTES: usize = 4 << 20;

/// Why a request got no answer.
#[derive(Debug, Error)]
pub enum Lost {
    /// The connection could not be made, or broke.
    #[error("connection to {host}: {error}")]
    Connection {
        /// `host:port`.
        host: String,
        /// What the operating system said.
        error: std::io::Error,
    },
    /// What came back is not an answer that this client reads.
    #[error("answer of {host}: {reason}")]
    Unreadable {
        /// `host:port`.
        host: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// `name=value` of each cookie that was set.
    pub cookies: Vec<String>,
    /// How long to wait before asking again, where the house says it.
    pub retry_after: Option<Duration>,
    /// The body as it came.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON; `Null` when it is not.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// A request; `cookie` and `idempotency_key` may be empty.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// `GET`, `POST` or `PUT`.
    pub method: &'a str,
    /// With its query.
    pub path: &'a str,
    /// `name=value; name=value`.
    pub cookie: &'a str,
    /// For requests that create.
    pub idempotency_key: &'a str,
    /// The JSON to send, if any.
    pub body: Option<&'a Value>,
}

/// One connection; it is made anew after the server closes it.
#[derive(Debug)]
pub struct Client {
    host: String,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
}

impl Client {
    /// A client of `host:port`; connects at the first request.
    pub fn new(host: &str) -> Self {
        Client { host: host.to_owned(), stream: None, buffer: Vec::with_capacity(16 << 10) }
    }

    /// Sends the request and waits for the whole answer.
    pub async fn send(&mut self, request: Request<'_>) -> Result<Answer, Lost> {
        let text = self.text(&request);
        self.exchange(&text).await
    }

    /// Posts an offer of WebRTC.
    pub async fn offer(&mut self, path: &str, sdp: &str) -> Result<Answer, Lost> {
        let (host, length) = (&self.host, sdp.len());
        let text = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Type: application/sdp\r\n\
             Content-Length: {length}\r\n\r\n{sdp}"
        );
        self.exchange(&text).await
    }

    async fn exchange(&mut self, text: &str) -> Result<Answer, Lost> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => self.connect().await?,
        };
        let exchange = async {
            stream.write_all(text.as_bytes()).await?;
            self.buffer.clear();
            read_answer(&mut stream, &mut self.buffer).await
        };
        let head_bytes = exchange.await.map_err(|error| Lost::Connection { host: self.host.clone(), error })?;
        let answer = parse(&self.buffer, head_bytes);
        let (answer, keep) = answer.map_err(|reason| Lost::Unreadable { host: self.host.clone(), reason })?;
        self.stream = keep.then_some(stream);
        Ok(answer)
    }

    async fn connect(&self) -> Result<TcpStream, Lost> {
        let connected =
            TcpStream::connect(&self.host).await.and_then(|stream| stream.set_nodelay(true).map(|()| stream));
        connected.map_err(|error| Lost::Connection { host: self.host.clone(), error })
    }

    fn text(&self, request: &Request<'_>) -> String {
        let body = request.body.map(Value::to_string).unwrap_or_default();
        let mut text = format!("{} {} HTTP/1.1\r\nHost: {host}\r\n", request.method, request.path, host = self.host);
        text.push_str(&format!("Origin: http://{}\r\nContent-Length: {}\r\n", self.host, body.len()));
        let headers = [
            ("Cookie", request.cookie),
            ("Idempotency-Key", request.idempotency_key),
            ("Content-Type", if body.is_empty() { "" } else { "application/json" }),
        ];
        for (name, value) in headers.into_iter().filter(|(_, value)| !value.is_empty()) {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text + "\r\n" + &body
    }
}

/// Reads one answer into `buffer`; returns the length of its head.
async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> std::io::Result<usize> {
    let (mut head, mut body) = (None, 0);
    loop {
        if head.is_none() {
            head = buffer.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4);
            body = head.map_or(0, |head| content_length(&buffer[..head]));
        }
        match head {
            Some(head) if buffer.len() >= head + body => return Ok(head),
            _ if buffer.len() > MAX_ANSWER_BYTES => return Err(std::io::ErrorKind::FileTooLarge.into()),
            _ if stream.read_buf(buffer).await? == 0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            _ => {}
        }
    }
}

fn headers(head: &[u8]) -> impl Iterator<Item = (String, &str)> {
    let text = std::str::from_utf8(head).unwrap_or_default();
    text.lines().filter_map(|line| line.split_once(':')).map(|(name, value)| (name.to_ascii_lowercase(), value.trim()))
}

fn content_length(head: &[u8]) -> usize {
    headers(head).find(|(name, _)| name == "content-length").and_then(|(_, value)| value.parse().ok()).unwrap_or(0)
}

/// The answer, and whether its connection can be used again.
fn parse(bytes: &[u8], head_bytes: usize) -> Result<(Answer, bool), String> {
    let (head, body) = bytes.split_at(head_bytes);
    let status = std::str::from_utf8(head).ok().and_then(|head| head.get(9..12)?.parse().ok());
    let status = status.ok_or("it has no status")?;
    if headers(head).any(|(name, _)| name == "transfer-encoding") {
        return Err("it comes in chunks, which this client does not read".to_owned());
    }
    let cookies = headers(head).filter(|(name, _)| name == "set-cookie");
    let cookies = cookies.filter_map(|(_, value)| Some(value.split(';').next()?.to_owned())).collect();
    let retry_after = headers(head).find(|(name, _)| name == "retry-after");
    let retry_after = retry_after.and_then(|(_, value)| value.parse().ok()).map(Duration::from_secs);
    let keep = !headers(head).any(|(name, value)| name == "connection" && value.eq_ignore_ascii_case("close"));
    Ok((Answer { status, cookies, retry_after, body: body.to_vec() }, keep))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<(u16, &str, &str, bool), &str>) {
        let head = text.find("\r\n\r\n").map_or(text.len(), |at| at + 4);
        let read = parse(text.as_bytes(), head);
        let read =
            read.map(|(answer, keep)| (answer.status, answer.cookies.join(" "), answer.json().to_string(), keep));
        let expected =
            expected.map(|(status, cookies, body, keep)| (status, cookies.to_owned(), body.to_owned(), keep));
        assert_eq!(read, expected.map_err(str::to_owned), "{text}");
    }

    #[test]
    fn answers_are_read() {
        check("HTTP/1.1 204 No Content\r\n\r\n", Ok((204, "", "null", true)));
        check(
            "HTTP/1.1 201 Created\r\nSet-Cookie: a=1; HttpOnly\r\nset-cookie: b=2\r\nConnection: close\r\n\r\n{\"n\":1}",
            Ok((201, "a=1 b=2", "{\"n\":1}", false)),
        );
        check("HTTP/1.1 2\r\n\r\n", Err("it has no status"));
        check(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            Err("it comes in chunks, which this client does not read"),
        );
    }

    #[test]
    fn the_house_says_when_to_come_back() {
        let text = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 2\r\n\r\n";
        let (answer, _) = parse(text, text.len()).expect("an answer");
        assert_eq!((answer.status, answer.retry_after), (429, Some(Duration::from_secs(2))));
    }

    #[test]
    fn a_body_is_as_long_as_its_header_says() {
        assert_eq!(content_length(b"HTTP/1.1 200 OK\r\nCONTENT-length:  12\r\n\r\n"), 12);
        assert_eq!(content_length(b"HTTP/1.1 200 OK\r\n\r\n"), 0);
    }
}
