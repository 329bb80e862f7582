//! What goes on in the demo's room: the host pins what the camera shows, a few viewers chat and send hearts.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use kernel::Random;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use tokio_util::sync::CancellationToken;

use super::broadcast::SECONDS_PER_PRODUCT;
use super::caller::{Caller, DemoError, text};
use super::furniture::Line;

/// A lost connection is tried again after this long.
const PAUSE: Duration = Duration::from_secs(3);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// The room of one show of the house at `url`.
#[derive(Clone, Debug)]
pub(super) struct Room {
    pub url: String,
    pub show: String,
    /// The show number on screen, 0 before the first pin.
    pub pinned: Arc<AtomicU32>,
    pub stop: CancellationToken,
}

impl Room {
    async fn enter(&self, caller: &Caller) -> Result<Socket, DemoError> {
        let path = format!("/shows/{}/room-ticket", self.show);
        let ticket = text(&caller.post(&path, &json!({})).await?, &path, "ticket")?;
        let address = format!("{}/api/v1/shows/{}/room", self.url.replacen("http", "ws", 1), self.show);
        let said = |error: tokio_tungstenite::tungstenite::Error| DemoError::Said(format!("the room: {error}"));
        let mut request = address.into_client_request().map_err(said)?;
        if let Ok(origin) = self.url.parse() {
            request.headers_mut().insert("Origin", origin);
        }
        let (mut socket, _) = tokio_tungstenite::connect_async(request).await.map_err(said)?;
        send(&mut socket, &json!({ "t": "join", "ticket": ticket })).await?;
        Ok(socket)
    }

    /// Pins the run sheet's numbers in the film's order, each while the camera is on it.
    pub(super) async fn host(self, caller: Caller, numbers: Vec<u32>, film_began: Instant) {
        let dwell = Duration::from_secs(SECONDS_PER_PRODUCT.into());
        let mut refs = 0_u32;
        self.stay(|room| {
            let (caller, numbers) = (caller.clone(), numbers.clone());
            refs += 1;
            async move {
                let mut socket = room.enter(&caller).await?;
                loop {
                    let shown = film_began.elapsed().as_secs() / dwell.as_secs();
                    let number = numbers[usize::try_from(shown).unwrap_or_default() % numbers.len()];
                    room.pinned.store(number, Ordering::Relaxed);
                    let pin = json!({ "t": "pin", "ref": format!("pin-{refs}-{shown}"), "number": number });
                    send(&mut socket, &pin).await?;
                    let next = film_began + dwell * u32::try_from(shown + 1).unwrap_or(u32::MAX);
                    listen_until(&mut socket, next).await?;
                }
            }
        })
        .await;
    }

    /// One viewer under `name`, who says `lines` in turn and sends hearts.
    pub(super) async fn viewer(self, name: String, lines: Vec<Line>, seed: u64) {
        let mut visits = 0_u64;
        self.stay(|room| {
            let (name, lines) = (name.clone(), lines.clone());
            visits += 1;
            let mut random = Random::seeded(seed.wrapping_mul(1_000_003) + visits);
            async move {
                let caller = Caller::new(&room.url)?;
                caller.post("/viewer", &json!({})).await?;
                caller.put("/me/chat-name", &json!({ "name": name })).await?;
                let mut socket = room.enter(&caller).await?;
                listen_until(&mut socket, Instant::now() + Duration::from_secs(2 + random.below(20))).await?;
                for (turn, line) in lines.iter().cycle().enumerate() {
                    let words = line.text.replace("{number}", &room.pinned.load(Ordering::Relaxed).to_string());
                    let said = json!({ "t": "say", "ref": format!("{seed}-{visits}-{turn}"), "text": words });
                    send(&mut socket, &said).await?;
                    for _ in 0..4 + random.below(5) {
                        let pause = Duration::from_millis(3_000 + random.below(6_000));
                        listen_until(&mut socket, Instant::now() + pause).await?;
                        send(&mut socket, &json!({ "t": "heart", "count": 1 + random.below(4) })).await?;
                    }
                }
                Ok(())
            }
        })
        .await;
    }

    /// Lives one visit after another until the demo stops.
    async fn stay<F>(&self, mut visit: impl FnMut(Self) -> F)
    where
        F: Future<Output = Result<(), DemoError>>,
    {
        loop {
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return,
                ended = visit(self.clone()) => {
                    if let Err(error) = ended {
                        tracing::debug!(%error, "a demo visitor lost the room");
                    }
                }
            }
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return,
                () = sleep(PAUSE) => {}
            }
        }
    }
}

async fn send(socket: &mut Socket, frame: &Value) -> Result<(), DemoError> {
    socket
        .send(Message::Text(frame.to_string().into()))
        .await
        .map_err(|error| DemoError::Said(format!("the room: {error}")))
}

/// Reads what the room says, so that the connection lives; a refusal is logged.
async fn listen_until(socket: &mut Socket, until: Instant) -> Result<(), DemoError> {
    loop {
        match tokio::time::timeout_at(until, socket.next()).await {
            Err(_) => return Ok(()),
            Ok(Some(Ok(Message::Text(frame)))) if frame.contains("\"refused\"") => {
                tracing::debug!(frame = frame.as_str(), "the room refused a demo visitor");
            }
            Ok(Some(Ok(_))) => {}
            Ok(Some(Err(error))) => return Err(DemoError::Said(format!("the room: {error}"))),
            Ok(None) => return Err(DemoError::Said("the room closed".into())),
        }
    }
}
