//! The same frames as an event stream, where sockets are blocked.

use std::convert::Infallible;
use std::time::Duration;

use app::room::{Encoded, Form, Seat, Told};
use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use bytes::Bytes;
use futures::stream;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};

use crate::client::Line;
use crate::room::UNWRITABLE;
use crate::room::close::Close;

/// A comment after so much silence keeps proxies from giving up, and finds out that the client has.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Chunks between the room and the connection; the rest waits in the ring.
const CHUNKS: usize = 16;

/// Streams `first`, then what the seat is told.
pub(crate) fn stream_of(
    first: Vec<Bytes>,
    seat: Seat,
    line: Line,
    is_draining: impl Fn() -> bool + Send + 'static,
) -> Response {
    let (chunks, body) = mpsc::channel(CHUNKS);
    tokio::spawn(async move {
        pump(first, seat, chunks, is_draining).await;
        drop(line);
    });
    let body =
        stream::unfold(body, |mut body| async { body.recv().await.map(|chunk| (Ok::<_, Infallible>(chunk), body)) });
    let mut response = Response::new(Body::from_stream(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // nginx would hold frames back until its buffer is full.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

/// The client is gone or cannot be written to.
struct Gone;

fn message(frame: &[u8]) -> Bytes {
    [b"data: ", frame, b"\n\n"].concat().into()
}

/// Encoded once for everybody who listens by a stream.
fn shared(frame: &Encoded) -> Bytes {
    frame.form(Form::Stream, |text| message(text)).clone()
}

async fn send(chunks: &mpsc::Sender<Bytes>, message: Bytes) -> Result<(), Gone> {
    timeout(UNWRITABLE, chunks.send(message)).await.map_err(|_| Gone)?.map_err(|_| Gone)
}

async fn pump(first: Vec<Bytes>, mut seat: Seat, chunks: mpsc::Sender<Bytes>, is_draining: impl Fn() -> bool) {
    let run = async {
        for frame in first {
            send(&chunks, message(&frame)).await?;
        }
        let mut sent = Instant::now();
        loop {
            tokio::select! {
                biased;
                () = chunks.closed() => return Err(Gone),
                told = seat.next() => match told {
                    Told::Shared(frame) => send(&chunks, shared(&frame)).await?,
                    Told::Own(frames) => {
                        for frame in frames {
                            send(&chunks, message(&frame)).await?;
                        }
                    }
                    Told::Closed => return Ok(()),
                },
                () = sleep_until(sent + KEEP_ALIVE) => {
                    send(&chunks, Bytes::from_static(b":\n\n")).await?;
                }
            }
            sent = Instant::now();
        }
    };
    if run.await.is_ok() {
        let why = if is_draining() { Close::Draining } else { Close::RoomMoved };
        let goodbye = format!("event: close\ndata: {}\n\n", why.code());
        let _gone = send(&chunks, goodbye.into()).await;
    }
}
