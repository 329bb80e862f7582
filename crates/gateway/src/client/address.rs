//! The client's address behind proxies that are trusted.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;
use ipnet::IpNet;

/// Headers in which proxies say for whom they ask.
pub(super) const HEADERS: [&str; 2] = ["x-forwarded-for", "forwarded"];

/// Hops looked at; longer lists were not written by proxies of ours.
const HOPS: usize = 32;

/// Whether what this address says about others is believed.
pub(crate) fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    let address = address.to_canonical();
    trusted.iter().any(|network| network.contains(&address))
}

/// The nearest address that is no trusted proxy. Whatever lies beyond it was written by the client and is not believed.
/// Where both headers are there and disagree, one of them is the client's own, and neither is believed.
pub(super) fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let peer = peer.to_canonical();
    if !is_trusted(peer, trusted) {
        return peer;
    }
    let behind = HEADERS.map(|name| headers.contains_key(name).then(|| nearest(peer, headers, name, trusted)));
    match behind {
        [Some(one), Some(other)] if one != other => peer,
        [Some(client), _] | [None, Some(client)] => client,
        [None, None] => peer,
    }
}

fn nearest(peer: IpAddr, headers: &HeaderMap, name: &str, trusted: &[IpNet]) -> IpAddr {
    let lines: Vec<&str> = headers.get_all(name).iter().filter_map(|line| line.to_str().ok()).collect();
    let hops = lines.iter().rev().flat_map(|line| line.rsplit(','));
    let mut nearest = peer;
    for hop in hops.take(HOPS) {
        let named = if name == "forwarded" { forwarded_for(hop) } else { Some(hop) };
        let Some(address) = named.and_then(read) else { break };
        nearest = address;
        if !is_trusted(address, trusted) {
            break;
        }
    }
    nearest
}

/// `for=…` of one element of `Forwarded` (RFC 7239).
fn forwarded_for(element: &str) -> Option<&str> {
    element.split(';').find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        name.eq_ignore_ascii_case("for").then(|| value.trim_matches('"'))
    })
}

/// An address with or without port and brackets.
fn read(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address: Option<IpAddr> = bare.parse().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    address.or_else(with_port).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn only_what_trusted_proxies_wrote_is_believed() {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().expect("a network"), "::1/128".parse().expect("a network")];
        let check = |peer: &str, lines: &[(&str, &str)], expected: &str| {
            let header = |(name, value): &(&str, &str)| {
                (name.parse::<HeaderName>().expect("a name"), HeaderValue::from_str(value).expect("a value"))
            };
            let mut headers = HeaderMap::new();
            for (name, value) in lines.iter().map(header) {
                headers.append(name, value);
            }
            let found = client(peer.parse().expect("an address"), &headers, &trusted);
            assert_eq!(found, expected.parse::<IpAddr>().expect("an address"), "{peer} {lines:?}");
        };
        let xff = "x-forwarded-for";
        check("203.0.113.9", &[(xff, "1.1.1.1")], "203.0.113.9");
        check("10.0.0.2", &[], "10.0.0.2");
        check("10.0.0.2", &[(xff, "198.51.100.7")], "198.51.100.7");
        check("10.0.0.2", &[(xff, "1.1.1.1, 198.51.100.7")], "198.51.100.7");
        check("10.0.0.2", &[(xff, "1.1.1.1, 198.51.100.7, 10.9.9.9")], "198.51.100.7");
        check("10.0.0.2", &[(xff, "1.1.1.1"), (xff, "198.51.100.7")], "198.51.100.7");
        check("10.0.0.2", &[(xff, "10.1.1.1, 10.2.2.2")], "10.1.1.1");
        check("10.0.0.2", &[(xff, "198.51.100.7, nonsense, 10.3.3.3")], "10.3.3.3");
        check("::ffff:10.0.0.2", &[(xff, "198.51.100.7:4711")], "198.51.100.7");
        check("::1", &[(xff, "2001:db8::7")], "2001:db8::7");
        check("10.0.0.2", &[("forwarded", "for=1.1.1.1, For=\"[2001:db8::7]:80\";proto=https")], "2001:db8::7");
        check("10.0.0.2", &[("forwarded", "for=unknown")], "10.0.0.2");
        check("10.0.0.2", &[(xff, "198.51.100.7"), ("forwarded", "for=198.51.100.7")], "198.51.100.7");
        check("10.0.0.2", &[(xff, "198.51.100.7"), ("forwarded", "for=1.1.1.1")], "10.0.0.2");
    }
}
