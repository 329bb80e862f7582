//! Connections: taken, counted by address, and ended where nothing comes over them.

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use futures::FutureExt;
use futures::future::join;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use crate::client::{self, Line, Lines};
use crate::https::{self, Https};
use crate::router::router;
use crate::state::Gateway;
use crate::stream::Stream;

/// A request's headers are there so long after its connection was opened, or after the request before; a connection
/// over which nothing is asked is closed then.
const HEADERS_WITHIN: Duration = Duration::from_secs(30);
/// A TLS handshake takes so long at most: two turns over the worst of mobile networks.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);
/// Connections of one address for each room socket that it may have: so many does a browser open to one host.
const PER_LINE: u32 = 6;
/// Connections open at once, room sockets not counted; past it, a new one is closed at once.
const OPEN: usize = 32_768;
/// After an accept that failed, such as for want of file descriptors.
const BREATH: Duration = Duration::from_millis(200);

/// Where the house listens.
#[derive(Debug)]
pub struct Doors {
    pub http: TcpListener,
    /// Where it is there, plain HTTP leads to it.
    pub https: Option<Https>,
}

/// Serves the house until `stop`, then finishes what was begun.
pub async fn serve(gateway: Gateway, doors: Doors, stop: impl Future<Output = ()> + Send) {
    let settings = Arc::clone(&gateway.settings);
    let lines = Lines::new(settings.connections_per_address.saturating_mul(PER_LINE), "trunkshow_http_connections");
    // A proxy that is trusted brings everybody over one address.
    let door = |address: IpAddr| match client::is_trusted(address, &settings.trusted_proxies) {
        true => Some(None),
        false => lines.open(address).map(Some),
    };
    let router = router(gateway);
    let stop = stop.shared();
    match doors.https {
        None => run(doors.http, None, router, door, HEADERS_WITHIN, stop).await,
        Some(https) => {
            let plain = https::leads_to(&https, settings.clone(), router.clone());
            let secure = run(https.listener, Some(https.tls), router, &door, HEADERS_WITHIN, stop.clone());
            join(secure, run(doors.http, None, plain, &door, HEADERS_WITHIN, stop)).await;
        }
    }
}

async fn run(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    door: impl Fn(IpAddr) -> Option<Option<Line>>,
    within: Duration,
    stop: impl Future<Output = ()>,
) {
    let (ending, end) = watch::channel(());
    let mut stop = pin!(stop);
    let mut open = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            () = &mut stop => break,
            Some(_ended) = open.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => match door(peer.ip()).filter(|_| open.len() < OPEN) {
                    Some(line) => {
                        let (tls, router, end) = (tls.clone(), router.clone(), end.clone());
                        open.spawn(async move {
                            // Frames and parts are small and flushed whole: waiting for more would only delay them.
                            if let Err(error) = stream.set_nodelay(true) {
                                tracing::debug!(%error, "a connection is gone already");
                            }
                            let stream = match tls {
                                None => Some(Stream::Plain(stream)),
                                Some(tls) => https::shake_hands(tls, stream, within.min(HANDSHAKE_WITHIN)).await,
                            };
                            if let Some(stream) = stream {
                                converse(stream, peer, router, within, end).await;
                            }
                            drop(line);
                        });
                    }
                    None => metrics::counter!("trunkshow_http_connections_refused").increment(1),
                },
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    sleep(BREATH).await;
                }
            },
        }
    }
    drop(listener);
    ending.send_replace(());
    while open.join_next().await.is_some() {}
}

/// One connection, until it ends or becomes a socket.
async fn converse(stream: Stream, peer: SocketAddr, router: Router, within: Duration, mut end: watch::Receiver<()>) {
    let asked = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&asked);
    let service = router.map_request(move |mut request: Request<Incoming>| {
        seen.store(true, Ordering::Relaxed);
        request.extensions_mut().insert(ConnectInfo(peer));
        request.map(Body::new)
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(within);
    // Room sockets come over HTTP/1.1 alone: browsers see that this is not offered, and open a connection for one.
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(within);
    let service = TowerToHyperService::new(service);
    let mut connection = pin!(builder.serve_connection_with_upgrades(TokioIo::new(stream), service));
    // Until it is known whether the peer speaks HTTP/1 or 2, no timeout of theirs runs.
    let mut first = pin!(sleep(within));
    let (mut silent, mut ending) = (true, false);
    loop {
        tokio::select! {
            biased;
            served = connection.as_mut() => {
                if let Err(error) = served {
                    tracing::trace!(%error, %peer, "a connection ended");
                }
                return;
            }
            () = first.as_mut(), if silent => {
                silent = false;
                if !asked.load(Ordering::Relaxed) {
                    return;
                }
            }
            _ended = end.changed(), if !ending => {
                ending = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio::sync::oneshot;

    use super::*;

    const ASK: &str = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";

    /// A house of one page, and what stops it. Everybody comes from one address that may open so many.
    async fn house(each: u32, within: Duration) -> (SocketAddr, oneshot::Sender<()>) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let lines = Lines::new(each, "test");
        let router = Router::new().route("/", get(|| async { "here" }));
        let (stop, stopped) = oneshot::channel();
        tokio::spawn(async move {
            let door = |_| lines.open(Ipv4Addr::new(192, 0, 2, 1).into()).map(Some);
            run(listener, None, router, door, within, async { drop(stopped.await) }).await;
        });
        (address, stop)
    }

    /// Everything that comes back until the other side closes.
    async fn answered(address: SocketAddr, sent: &str) -> String {
        let mut stream = TcpStream::connect(address).await.expect("connects");
        stream.write_all(sent.as_bytes()).await.expect("sent");
        let mut all = Vec::new();
        let _reset = stream.read_to_end(&mut all).await;
        String::from_utf8_lossy(&all).into_owned()
    }

    #[tokio::test]
    async fn a_connection_over_which_nothing_is_asked_is_closed() {
        let (address, _stop) = house(100, Duration::from_millis(300)).await;
        let check = async |sent: &str, pages: usize| {
            let answer = answered(address, sent).await;
            assert_eq!(answer.matches("here").count(), pages, "{sent:?}: {answer}");
        };
        check("", 0).await;
        check("GET / HT", 0).await;
        check("GET / HTTP/1.1\r\nhost: a\r\nx-slow: 1", 0).await;
        // As HTTP/2 begins.
        check("PRI * HT", 0).await;
        check(ASK, 1).await;
        check(&format!("{ASK}{ASK}GET"), 2).await;
    }

    #[tokio::test]
    async fn an_address_has_so_many_connections_and_no_more() {
        let (address, stop) = house(1, Duration::from_secs(60)).await;
        let mut first = TcpStream::connect(address).await.expect("connects");
        first.write_all(ASK.as_bytes()).await.expect("sent");
        let mut some = [0; 15];
        first.read_exact(&mut some).await.expect("an answer");
        assert_eq!(&some, b"HTTP/1.1 200 OK");
        assert_eq!(answered(address, ASK).await, "", "closed at once");
        drop(first);
        // The place is free once the house has seen it go.
        let goodbye = ASK.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n");
        while answered(address, &goodbye).await.is_empty() {
            tokio::task::yield_now().await;
        }
        drop(stop);
    }
}
