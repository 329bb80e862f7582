//! Whether the house could listen.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};

use super::Finding;

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
