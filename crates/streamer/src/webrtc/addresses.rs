//! Where browsers can reach this machine.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

/// Addresses for documentation (RFC 5737, RFC 3849): nothing is sent there.
const SOMEWHERE: [IpAddr; 2] =
    [IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), IpAddr::V6(Ipv6Addr::new(0x2001, 0xDB8, 0, 0, 0, 0, 0, 1))];

/// What an answer names: what the operator says, else the address that is listened on, else those from which this machine
/// would send. Port 0 stands for the port that is listened on.
#[must_use]
pub fn reached_at(bound: SocketAddr, public: &[SocketAddr]) -> Vec<SocketAddr> {
    let with_port = |address: &SocketAddr| match address.port() {
        0 => SocketAddr::new(address.ip(), bound.port()),
        _ => *address,
    };
    if !public.is_empty() {
        return public.iter().map(with_port).collect();
    }
    if !bound.ip().is_unspecified() {
        return vec![bound];
    }
    let all = SOMEWHERE.iter().filter(|somewhere| bound.is_ipv6() || somewhere.is_ipv4());
    let mut own: Vec<SocketAddr> =
        all.filter_map(|somewhere| sends_from(*somewhere)).map(|ip| SocketAddr::new(ip, bound.port())).collect();
    if own.is_empty() {
        own.push(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), bound.port()));
    }
    own
}

/// The address of the interface that leads there; connecting a UDP socket sends nothing.
fn sends_from(to: IpAddr) -> Option<IpAddr> {
    let any: IpAddr = if to.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0)).ok()?;
    socket.connect((to, 9)).ok()?;
    socket.local_addr().ok().map(|address| address.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bound: &str, public: &[&str], expected: &[&str]) {
        let read = |text: &&str| text.parse::<SocketAddr>().expect("an address");
        let public: Vec<_> = public.iter().map(read).collect();
        let expected: Vec<_> = expected.iter().map(read).collect();
        assert_eq!(reached_at(read(&bound), &public), expected, "{bound}");
    }

    #[test]
    fn what_the_operator_says_goes_first() {
        check("0.0.0.0:8189", &["203.0.113.7:0", "[2001:db8::7]:9000"], &["203.0.113.7:8189", "[2001:db8::7]:9000"]);
        check("127.0.0.1:8189", &[], &["127.0.0.1:8189"]);
        let own = reached_at("0.0.0.0:8189".parse().expect("an address"), &[]);
        assert!(!own.is_empty() && own.iter().all(|own| own.port() == 8_189 && !own.ip().is_unspecified()), "{own:?}");
    }
}
