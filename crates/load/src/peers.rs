//! Other servers' fan-out, driven alike: so many subscribers of one channel, and publishers whose messages all of them get.
//! What a server costs for each delivery is what a room is compared with.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use clap::{Args, ValueEnum};
use serde::Serialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::house::Spoiled;
use crate::process::{cpu_seconds, resident_bytes};
use crate::socket::{Heard, Socket, Way};

/// Subscribers that connect at the same moment.
const DOOR: usize = 64;
const GATHER_WITHIN: Duration = Duration::from_secs(120);
/// What is under way when the last message was sent may take so long.
const SETTLE: Duration = Duration::from_secs(2);
/// Memory counts from here on.
const WARM: usize = 100;
const CHANNEL: &str = "room";

/// How a server is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Protocol {
    /// A WebSocket server that sends every text it gets to everybody.
    Ws,
    /// The same by socket.io, event `m`.
    SocketIo,
    Redis,
    Centrifugo,
    /// Pusher's protocol, with client events on a private channel of an app that asks for no signature.
    Pusher,
}

/// Another server's fan-out.
#[derive(Clone, Debug, Args)]
pub struct Peer {
    #[arg(long, value_enum)]
    protocol: Protocol,
    /// Its process on this machine.
    #[arg(long)]
    pid: u32,
    /// Of its socket.
    #[arg(long, default_value = "/")]
    path: String,
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=50_000))]
    subscribers: u32,
    /// Messages a second.
    #[arg(long, default_value_t = 4.0)]
    rate: f64,
    /// So many publishers send the next message when they have seen the last, instead.
    #[arg(long)]
    in_flight: Option<u32>,
    #[arg(long, default_value_t = 200)]
    message_bytes: u32,
    #[arg(long, default_value_t = 15)]
    seconds: u64,
}

/// What was seen.
#[derive(Debug, Serialize)]
pub struct Delivered {
    subscribers: usize,
    sent: u64,
    deliveries: u64,
    seconds: f64,
    cpu_seconds: f64,
    deliveries_per_cpu_second: f64,
    bytes_per_subscriber: f64,
}

#[derive(Debug)]
struct Shared {
    here: AtomicUsize,
    got: AtomicU64,
    sent: AtomicU64,
    /// None until it begins, then when it ends.
    until: watch::Sender<Option<Instant>>,
}

/// One connection to whichever server.
enum Wire {
    Socket(Box<Socket>),
    Plain { stream: TcpStream, carry: Vec<u8> },
}

impl Peer {
    fn way(&self, to: SocketAddr, number: usize) -> Way {
        let address = std::net::Ipv4Addr::from_bits(0x7f00_0100 + number as u32 / 200);
        Way { to, from: to.ip().is_loopback().then_some(address.into()), receive_buffer: 0, deflate: false }
    }

    /// A message of a publisher, with its number up front.
    fn message(&self, number: usize) -> String {
        let mut text = format!("from {number} ");
        while text.len() < self.message_bytes as usize {
            text.push(char::from(b'a' + (text.len() % 23) as u8));
        }
        text
    }

    async fn connect(&self, to: SocketAddr, number: usize) -> io::Result<Wire> {
        if self.protocol == Protocol::Redis {
            let stream = TcpStream::connect(to).await?;
            stream.set_nodelay(true)?;
            return Ok(Wire::Plain { stream, carry: Vec::new() });
        }
        Ok(Wire::Socket(Box::new(Socket::open(self.way(to, number), &self.path, "").await?)))
    }

    /// What is sent first, so that messages come.
    fn hello(&self) -> &'static [&'static str] {
        match self.protocol {
            Protocol::Ws => &[],
            Protocol::SocketIo => &["40"],
            Protocol::Redis => &["*2\r\n$9\r\nSUBSCRIBE\r\n$4\r\nroom\r\n"],
            Protocol::Centrifugo => &[r#"{"id":1,"connect":{}}"#, r#"{"id":2,"subscribe":{"channel":"room"}}"#],
            Protocol::Pusher => &[r#"{"event":"pusher:subscribe","data":{"channel":"private-room"}}"#],
        }
    }

    fn published(&self, message: &str) -> String {
        match self.protocol {
            Protocol::Ws => message.to_owned(),
            Protocol::SocketIo => format!(r#"42["m","{message}"]"#),
            Protocol::Redis => format!("*3\r\n$7\r\nPUBLISH\r\n$4\r\n{CHANNEL}\r\n${}\r\n{message}\r\n", message.len()),
            Protocol::Centrifugo => {
                format!(r#"{{"id":9,"publish":{{"channel":"{CHANNEL}","data":{{"t":"{message}"}}}}}}"#)
            }
            Protocol::Pusher => {
                format!(r#"{{"event":"client-m","channel":"private-{CHANNEL}","data":{{"t":"{message}"}}}}"#)
            }
        }
    }
}

/// Messages in what came, and whether one of them is `mine`; what has to be answered goes into `answer`.
fn count(text: &[u8], mine: &str, answer: &mut Option<&'static str>) -> (u64, bool) {
    match text {
        b"2" => *answer = Some("3"),
        b"{}" => *answer = Some("{}"),
        _ => {}
    }
    let mut places = 0;
    let mut seen = false;
    for at in text.windows(5).enumerate().filter(|(_, window)| *window == b"from ").map(|(at, _)| at) {
        places += 1;
        seen |= !mine.is_empty() && text[at..].starts_with(mine.as_bytes());
    }
    (places, seen)
}

impl Wire {
    async fn say(&mut self, text: &str) -> io::Result<()> {
        match self {
            Self::Socket(socket) => socket.say(text).await,
            Self::Plain { stream, .. } => stream.write_all(text.as_bytes()).await,
        }
    }

    /// Messages that came, and whether one was `mine`.
    async fn hear(&mut self, mine: &str) -> io::Result<(u64, bool)> {
        let (mut total, mut seen, mut answer, mut closed) = (0, false, None, false);
        match self {
            Self::Socket(socket) => {
                let take = |heard: Heard<'_>| match heard {
                    Heard::Text(text) => {
                        let (messages, is_mine) = count(text, mine, &mut answer);
                        total += messages;
                        seen |= is_mine;
                    }
                    Heard::Deflated(_) | Heard::Closed(_) => closed = true,
                };
                socket.hear(take).await?;
            }
            Self::Plain { stream, carry } => {
                if stream.read_buf(carry).await? == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                // A marker may come in halves: its last bytes stay.
                let keep = carry.len().saturating_sub(4);
                let whole = carry.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1).min(keep.max(1));
                (total, seen) = count(&carry[..whole], mine, &mut answer);
                carry.drain(..whole);
            }
        }
        if closed {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        if let Some(answer) = answer {
            self.say(answer).await?;
        }
        Ok((total, seen))
    }
}

async fn subscribe(peer: Arc<Peer>, to: SocketAddr, number: usize, shared: Arc<Shared>) -> io::Result<()> {
    let mut wire = peer.connect(to, number).await?;
    for hello in peer.hello() {
        wire.say(hello).await?;
    }
    shared.here.fetch_add(1, Relaxed);
    loop {
        let (messages, _) = wire.hear("").await?;
        shared.got.fetch_add(messages, Relaxed);
    }
}

/// Publishes at fixed times, or as soon as the last message came back.
async fn publish(peer: Arc<Peer>, to: SocketAddr, number: usize, shared: Arc<Shared>) -> io::Result<()> {
    let mut wire = peer.connect(to, 49_000 + number).await?;
    // Redis takes nothing but SUBSCRIBE from who has subscribed.
    let mut ear = match (peer.protocol, peer.in_flight) {
        (Protocol::Redis, Some(_)) => Some(peer.connect(to, number).await?),
        _ => None,
    };
    for hello in peer.hello() {
        match (&mut ear, peer.protocol) {
            (Some(ear), _) => ear.say(hello).await?,
            (None, Protocol::Redis) => {}
            (None, _) => wire.say(hello).await?,
        }
    }
    let (mine, text) = (format!("from {number} "), peer.published(&peer.message(number)));
    let mut until = shared.until.subscribe();
    let Ok(Some(until)) = until.wait_for(Option::is_some).await.map(|until| *until) else { return Ok(()) };
    let begin = Instant::now();
    let mut sent = 0_u32;
    while Instant::now() < until {
        wire.say(&text).await?;
        sent += 1;
        shared.sent.fetch_add(1, Relaxed);
        match peer.in_flight {
            Some(_) => loop {
                let heard = match &mut ear {
                    Some(ear) => ear.hear(&mine).await?,
                    None => wire.hear(&mine).await?,
                };
                if heard.1 {
                    break;
                }
            },
            None => {
                let next = begin + Duration::from_secs_f64(f64::from(sent) / peer.rate);
                // Its own copies have to be read as well.
                while timeout(next.saturating_duration_since(Instant::now()), wire.hear(""))
                    .await
                    .is_ok_and(|h| h.is_ok())
                {}
                sleep_until(next).await;
            }
        }
    }
    Ok(())
}

/// Runs it.
///
/// # Errors
/// Not everybody could subscribe, or the process is not here.
pub async fn run(host: &str, peer: &Peer) -> Result<Delivered, Spoiled> {
    let unknown = Spoiled::Nothing("the server's host has no address");
    let Some(to) = tokio::net::lookup_host(host).await.ok().and_then(|mut found| found.next()) else {
        return Err(unknown);
    };
    let peer = Arc::new(peer.clone());
    let (here, got, sent) = (AtomicUsize::new(0), AtomicU64::new(0), AtomicU64::new(0));
    let shared = Arc::new(Shared { here, got, sent, until: watch::Sender::new(None) });
    let (door, mut people) = (Arc::new(Semaphore::new(DOOR)), JoinSet::new());
    let deadline = Instant::now() + GATHER_WITHIN;
    let arrive = async |count: usize| {
        while shared.here.load(Relaxed) < count && Instant::now() < deadline {
            sleep(Duration::from_millis(20)).await;
        }
    };
    let total = peer.subscribers as usize;
    let mut warm = 0;
    for number in 0..total {
        if number == WARM {
            arrive(WARM).await;
            warm = resident_bytes(peer.pid)?;
        }
        let Ok(permit) = Arc::clone(&door).acquire_owned().await else { break };
        let (peer, shared) = (Arc::clone(&peer), Arc::clone(&shared));
        people.spawn(async move {
            let seated = subscribe(peer, to, number, shared);
            tokio::pin!(seated);
            // A place at the door is free again once this one is through it.
            let _through = timeout(Duration::from_millis(40), &mut seated).await;
            drop(permit);
            seated.await
        });
    }
    arrive(total).await;
    if shared.here.load(Relaxed) < total {
        return Err(Spoiled::Nothing("not everybody could subscribe"));
    }
    for number in 0..peer.in_flight.unwrap_or(1) as usize {
        people.spawn(publish(Arc::clone(&peer), to, number, Arc::clone(&shared)));
    }
    sleep(SETTLE).await;
    let full = resident_bytes(peer.pid)?;
    let (cpu, got) = (cpu_seconds(peer.pid)?, shared.got.load(Relaxed));
    let lasts = Duration::from_secs(peer.seconds);
    shared.until.send_replace(Some(Instant::now() + lasts));
    sleep(lasts + SETTLE).await;
    let (cpu, deliveries) = (cpu_seconds(peer.pid)? - cpu, shared.got.load(Relaxed) - got);
    Ok(Delivered {
        subscribers: total,
        sent: shared.sent.load(Relaxed),
        deliveries,
        seconds: lasts.as_secs_f64(),
        cpu_seconds: cpu,
        deliveries_per_cpu_second: if cpu > 0.0 { deliveries as f64 / cpu } else { 0.0 },
        bytes_per_subscriber: full.saturating_sub(warm) as f64 / total.saturating_sub(WARM).max(1) as f64,
    })
}

#[test]
fn messages_are_counted_in_whatever_wraps_them() {
    let check = |text: &str, mine: &str, expected: (u64, bool)| {
        assert_eq!(count(text.as_bytes(), mine, &mut None), expected, "{text}");
    };
    check("from 1 abc", "", (1, false));
    check("from 1 abc", "from 1 ", (1, true));
    check("from 11 abc", "from 1 ", (1, false));
    check("*3\r\n$7\r\nmessage\r\n$4\r\nroom\r\n$10\r\nfrom 2 abc\r\n*3\r\nfrom 3 abc\r\n", "from 3 ", (2, true));
    check(r#"42["m","from 4 abc"]"#, "from 4 ", (1, true));
    check("0{\"sid\":1}", "", (0, false));
}
