//! Joins of one room: from the first frame of a socket until its snapshot is there.

use std::time::Duration;

use serde::Serialize;
use tokio::time::{Instant, timeout};

use crate::histogram::{Histogram, Times};
use crate::house::Spoiled;
use crate::socket::{Heard, Socket, Way};

/// One join may take so long before there are no figures.
const PATIENCE: Duration = Duration::from_secs(30);

/// What was seen.
#[derive(Debug, Serialize)]
pub struct Joined {
    /// From the join to the snapshot.
    pub join: Times,
    /// The largest `hello`.
    pub hello_bytes: usize,
    /// The offset that it covers.
    pub offset: u64,
}

/// Joins so many times.
///
/// # Errors
/// Somebody could not enter.
pub async fn run(host: &str, show: &str, joins: u32) -> Result<Joined, Spoiled> {
    let lost = |_| Spoiled::Nothing("somebody could not enter the room");
    let way = Way { to: super::resolve(host).await?, from: None, receive_buffer: 0, deflate: false };
    let cookie = super::mint(host, None).await?;
    let path = format!("/api/v1/shows/{show}/room");
    let (mut times, mut hello_bytes, mut offset) = (Histogram::default(), 0, 0);
    for _ in 0..joins {
        let mut socket = Socket::open(way, &path, &cookie).await.map_err(lost)?;
        let asked = Instant::now();
        socket.say(r#"{"t":"join"}"#).await.map_err(lost)?;
        let mut hello = None;
        let joined = async {
            while hello.is_none() {
                socket
                    .hear(|heard| {
                        if let Heard::Text(text) = heard
                            && text.starts_with(br#"{"t":"hello""#)
                        {
                            hello = Some((Instant::now(), text.len(), super::frame::Frame::read(text)));
                        }
                    })
                    .await?;
            }
            Ok(())
        };
        timeout(PATIENCE, joined).await.unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into())).map_err(lost)?;
        if let Some((at, bytes, frame)) = hello {
            times.add(at - asked);
            hello_bytes = hello_bytes.max(bytes);
            if let Ok(super::frame::Frame::Hello(super::frame::Hello { snapshot: Some(start), .. })) = frame {
                offset = start.offset;
            }
        }
    }
    Ok(Joined { join: times.times(), hello_bytes, offset })
}
