//! Whether the house could listen.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener, UdpSocket};

use super::{Finding, Verdict};

/// WebRTC takes packets by UDP, and by TCP on the same port. A browser elsewhere has to be told an address that leads here.
pub(super) fn webrtc(address: SocketAddr, public: bool, others_reach_http: bool, holder: Option<u32>) -> Finding {
    let tcp = look("webrtc", address, holder);
    if tcp.verdict != Verdict::Ok || address.port() == 0 {
        return tcp;
    }
    match (UdpSocket::bind(address), holder) {
        (Err(error), None) => Finding::fail(
            "webrtc",
            format!("{address} by UDP: {error}"),
            "stop the program that holds it (`ss -lnup` names it), or choose another address with --webrtc",
        ),
        _ if address.ip().is_loopback() && others_reach_http => Finding::warn(
            "webrtc",
            format!("{address} is this machine's own: browsers elsewhere cannot publish"),
            "give --webrtc 0.0.0.0:8189, let UDP and TCP through to that port, and set public_webrtc behind a router",
        ),
        _ if public => Finding::ok("webrtc", format!("{}; browsers are told public_webrtc", tcp.found)),
        _ => tcp,
    }
}

/// `holder` is the process that serves the data folder now, if there is one.
pub(super) fn look(what: &'static str, address: SocketAddr, holder: Option<u32>) -> Finding {
    match TcpListener::bind(address) {
        Ok(_) if address.port() == 0 => Finding::ok(what, format!("{}: the system chooses a port", address.ip())),
        Ok(_) => Finding::ok(what, format!("{address} is free")),
        Err(error) => match (error.kind(), holder) {
            (ErrorKind::AddrInUse, Some(pid)) => Finding::ok(
                what,
                format!("{address} is in use, most likely by this house, which runs as process {pid}"),
            ),
            (ErrorKind::AddrInUse, None) => Finding::fail(
                what,
                format!("{address} is in use by another program"),
                format!("stop that program (`ss -ltnp` names it), or choose another address with --{what}"),
            ),
            (ErrorKind::PermissionDenied, _) => Finding::fail(
                what,
                format!("{address} is reserved for the system"),
                format!(
                    "choose a port from 1024 on with --{what} and put a proxy before it, or allow the program: \
                     setcap cap_net_bind_service=+ep /path/to/trunkshow"
                ),
            ),
            (ErrorKind::AddrNotAvailable, _) => Finding::fail(
                what,
                format!("{} is no address of this machine", address.ip()),
                "use one that `ip address` lists, or 0.0.0.0 for all of them",
            ),
            _ => Finding::fail(what, format!("{address}: {error}"), format!("choose another address with --{what}")),
        },
    }
}
