//! The sockets: opened together, read until the house stops.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use app::ports::Ingest;
use media::rtc::Protocol;
use tokio::net::{TcpListener, UdpSocket};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::addresses::reached_at;
use super::switchboard::Switchboard;
use super::tcp;
use crate::limits::PACKET_BYTES;
use crate::listener::Doors;
use crate::streamer::Streamer;

/// Where 0 was asked for, UDP's port may be taken by TCP: another one is tried, so often.
const TRIES: usize = 16;

/// Where WebRTC listens, and how it is reached.
#[derive(Clone, Debug)]
pub struct WebRtcSettings {
    pub address: SocketAddr,
    /// What browsers are told instead; port 0 stands for the port that is listened on.
    pub public: Vec<SocketAddr>,
}

/// A UDP socket, and a TCP listener on the same port.
#[derive(Debug)]
pub struct Sockets {
    udp: UdpSocket,
    tcp: TcpListener,
    addresses: Vec<SocketAddr>,
    /// Where they listen, with the port that the system chose when 0 was asked for.
    pub bound: SocketAddr,
}

impl Sockets {
    /// # Errors
    /// When the port is taken, or not ours to take.
    pub async fn bind(settings: &WebRtcSettings) -> io::Result<Self> {
        let mut tries = if settings.address.port() == 0 { TRIES } else { 1 };
        loop {
            tries -= 1;
            let udp = UdpSocket::bind(settings.address).await?;
            let bound = udp.local_addr()?;
            match TcpListener::bind(bound).await {
                Ok(tcp) => return Ok(Self { udp, tcp, addresses: reached_at(bound, &settings.public), bound }),
                Err(error) if tries == 0 => return Err(error),
                Err(_) => {}
            }
        }
    }
}

impl Streamer {
    /// Takes who publishes and who watches by WebRTC until `stop`, then sends them away and waits for their sessions to end.
    /// From the call on, before anybody waits for it, offers are answered.
    pub fn listen_webrtc(
        self: Arc<Self>,
        sockets: Sockets,
        ingest: Arc<dyn Ingest>,
        stop: CancellationToken,
    ) -> impl Future<Output = ()> + Send + use<> {
        let Sockets { udp, tcp, addresses, bound: _ } = sockets;
        let addresses = [Protocol::Udp, Protocol::Tcp]
            .into_iter()
            .flat_map(|protocol| addresses.iter().map(move |address| (protocol, *address)));
        let udp = Arc::new(udp);
        let board = Arc::new(Switchboard::new(udp.clone(), addresses.collect(), ingest, stop.clone()));
        let is_first = self.webrtc.set(board.clone()).is_ok();
        async move {
            if is_first {
                self.serve_webrtc(&board, tcp, &udp, &stop).await;
            }
        }
    }

    async fn serve_webrtc(
        &self,
        board: &Arc<Switchboard>,
        tcp: TcpListener,
        udp: &UdpSocket,
        stop: &CancellationToken,
    ) {
        let doors = Doors::new(self.settings.connections_per_address);
        let mut packet = vec![0; PACKET_BYTES];
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                received = udp.recv_from(&mut packet) => match received {
                    Ok((length, from)) => {
                        board.hand(Protocol::Udp, from, &packet[..length]);
                    }
                    Err(error) => rest("UDP", &error).await,
                },
                accepted = tcp.accept() => match accepted {
                    Ok((socket, peer)) => {
                        if let Some(entered) = doors.enter(peer.ip()) {
                            let serving = board.clone();
                            board.tasks.spawn(async move {
                                tcp::serve(&serving, socket, peer).await;
                                drop(entered);
                            });
                        }
                    }
                    Err(error) => rest("TCP", &error).await,
                },
            }
        }
        board.tasks.close();
        board.tasks.wait().await;
    }
}

/// Out of file handles or memory, mostly: waiting lets some go.
async fn rest(what: &str, error: &io::Error) {
    warn!(%error, "WebRTC's {what} socket");
    sleep(Duration::from_millis(100)).await;
}
