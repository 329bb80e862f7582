//! Network addresses, as limits count them.

use std::net::{IpAddr, Ipv6Addr};

/// What limits count a client by: an IPv4 address whole, an IPv6 address by its /64, since whoever has one of those has
/// them all. An IPv4 address written as IPv6 is that IPv4 address.
#[must_use]
pub fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_counts_as_one() {
        let check = |address: &str, expected: &str| {
            let read = |text: &str| text.parse::<IpAddr>().expect("an address");
            assert_eq!(counted(read(address)), read(expected), "{address}");
        };
        check("203.0.113.9", "203.0.113.9");
        check("::ffff:203.0.113.9", "203.0.113.9");
        check("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::");
        check("2001:db8:1:2::ffff", "2001:db8:1:2::");
    }
}
