//! Which packet belongs to whom.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use app::ports::Ingest;
use media::rtc::{Protocol, username};
use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::limits::ADDRESSES_EACH;

/// A packet as it came.
#[derive(Debug)]
pub(super) struct Packet {
    pub(super) protocol: Protocol,
    pub(super) from: SocketAddr,
    pub(super) bytes: Vec<u8>,
}

/// What a session is asked from outside.
#[derive(Debug)]
pub(super) enum Ask {
    Trickle(String),
    Leave,
}

/// A session's ends, for whoever has something for it.
#[derive(Clone, Debug)]
pub(super) struct Ends {
    /// What the session calls itself in connectivity checks.
    pub(super) name: String,
    /// What the other side calls itself there.
    pub(super) theirs: String,
    pub(super) packets: mpsc::Sender<Packet>,
    pub(super) asks: mpsc::Sender<Ask>,
}

#[derive(Debug, Default)]
struct Inside {
    /// By the name that only who publishes knows.
    sessions: BTreeMap<String, Ends>,
    /// Their names in connectivity checks, which the network sees.
    names: BTreeMap<String, String>,
    sources: BTreeMap<(Protocol, SocketAddr), String>,
    /// What is written to each TCP connection.
    connections: BTreeMap<SocketAddr, mpsc::Sender<Vec<u8>>>,
}

/// All sessions, while the sockets are open.
#[derive(Debug)]
pub(crate) struct Switchboard {
    pub(super) udp: Arc<UdpSocket>,
    /// What answers name.
    pub(super) addresses: Vec<(Protocol, SocketAddr)>,
    pub(super) ingest: Arc<dyn Ingest>,
    pub(super) stop: CancellationToken,
    pub(super) tasks: TaskTracker,
    inside: Mutex<Inside>,
}

impl Switchboard {
    pub(super) fn new(
        udp: Arc<UdpSocket>,
        addresses: Vec<(Protocol, SocketAddr)>,
        ingest: Arc<dyn Ingest>,
        stop: CancellationToken,
    ) -> Self {
        Self { udp, addresses, ingest, stop, tasks: TaskTracker::new(), inside: Mutex::default() }
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn enter(&self, session: &str, ends: Ends) {
        let mut inside = self.inside();
        inside.names.insert(ends.name.clone(), session.to_owned());
        inside.sessions.insert(session.to_owned(), ends);
    }

    pub(super) fn leave(&self, session: &str) {
        let mut inside = self.inside();
        if let Some(ends) = inside.sessions.remove(session) {
            inside.names.remove(&ends.name);
        }
        inside.sources.retain(|_, of| of != session);
    }

    pub(super) fn session(&self, session: &str) -> Option<Ends> {
        self.inside().sessions.get(session).cloned()
    }

    /// Hands a packet to its session; false if it has none. A session that does not keep up loses packets, as on any network.
    pub(super) fn hand(&self, protocol: Protocol, from: SocketAddr, bytes: &[u8]) -> bool {
        let mut inside = self.inside();
        let source = (protocol, from);
        // A connectivity check begins with two zero bits (RFC 7983): it may bring a new address.
        if bytes.first().is_some_and(|first| *first < 4)
            && let Some(session) = username(bytes).and_then(|name| inside.names.get(&name).cloned())
            && inside.sources.values().filter(|of| **of == session).count() < ADDRESSES_EACH
        {
            inside.sources.insert(source, session);
        }
        let ends = inside.sources.get(&source).and_then(|session| inside.sessions.get(session));
        let Some(ends) = ends else { return false };
        let _ = ends.packets.try_send(Packet { protocol, from, bytes: bytes.to_vec() });
        true
    }

    pub(super) fn connected(&self, peer: SocketAddr, writer: mpsc::Sender<Vec<u8>>) {
        self.inside().connections.insert(peer, writer);
    }

    pub(super) fn disconnected(&self, peer: SocketAddr) {
        let mut inside = self.inside();
        inside.connections.remove(&peer);
        inside.sources.remove(&(Protocol::Tcp, peer));
    }

    pub(super) async fn send(&self, protocol: Protocol, to: SocketAddr, bytes: Vec<u8>) {
        match protocol {
            // What does not get out is lost, as on any network.
            Protocol::Udp => drop(self.udp.send_to(&bytes, to).await),
            Protocol::Tcp => {
                if let Some(writer) = self.inside().connections.get(&to) {
                    let _ = writer.try_send(bytes);
                }
            }
        }
    }
}
