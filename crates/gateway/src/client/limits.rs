//! How much one address may ask. A shop's guests, or a whole carrier's, may share one: the limits keep one machine from
//! taking all there is, no more. This machine itself is not limited.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kernel::{Timestamp, counted};

/// Addresses remembered at once; past it, those that wait for nothing are forgotten, and if that is not enough, new ones
/// share a single place.
const ADDRESSES: usize = 20_000;
/// What may be asked at once, before the rate holds, in seconds of that rate.
const BURST_SECS: i64 = 10;
/// Secrets tried from one address: one every two seconds, after this many at once.
const ATTEMPT_MICROS: i64 = 2_000_000;
const ATTEMPTS_AT_ONCE: i64 = 60;
/// Who has too many lines open is told to come back after so long.
pub(super) const LINE_RETRY_SECS: u32 = 10;

/// A leaky bucket for each address: when it would be empty again, in microseconds.
#[derive(Debug)]
struct Buckets {
    /// What one request adds; 0 for no limit.
    each_micros: i64,
    most_micros: i64,
    table: Mutex<Table>,
}

#[derive(Debug, Default)]
struct Table {
    full_until: HashMap<IpAddr, i64>,
    /// A full table is swept once a second at most, whoever floods it.
    swept_at: i64,
}

/// A proxy here that nobody named comes from these; whoever tests limits may come from any other address of 127/8.
fn is_this_machine(address: IpAddr) -> bool {
    [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)].contains(&address.to_canonical())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Buckets {
    fn new(each_micros: i64, most_micros: i64) -> Self {
        Self { each_micros, most_micros, table: Mutex::default() }
    }

    /// Counts one request; the seconds to wait where it is one too many.
    fn add(&self, address: IpAddr, now: Timestamp) -> Option<u32> {
        if self.each_micros == 0 || is_this_machine(address) {
            return None;
        }
        let (now, mut address) = (now.unix_micros(), counted(address));
        let mut table = lock(&self.table);
        if table.full_until.len() >= ADDRESSES && !table.full_until.contains_key(&address) {
            if now - table.swept_at >= 1_000_000 {
                table.full_until.retain(|_, until| *until > now);
                table.swept_at = now;
            }
            if table.full_until.len() >= ADDRESSES {
                address = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
            }
        }
        let until = table.full_until.entry(address).or_insert(now);
        let after = (*until).max(now) + self.each_micros;
        let over = after - now - self.most_micros;
        if over > 0 {
            return Some(u32::try_from(over.div_euclid(1_000_000) + 1).unwrap_or(u32::MAX));
        }
        *until = after;
        None
    }
}

/// The limits of one process.
#[derive(Debug)]
pub(crate) struct Limits {
    requests: Buckets,
    attempts: Buckets,
    lines: Lines,
}

impl Limits {
    /// So many requests a second from one address, and so many sockets and streams at once; 0 requests: no limit.
    pub(crate) fn new(requests_a_second: u32, lines_each: u32) -> Self {
        let each = 1_000_000_i64.checked_div(requests_a_second.into()).unwrap_or(0);
        Self {
            requests: Buckets::new(each, BURST_SECS * 1_000_000),
            attempts: Buckets::new(ATTEMPT_MICROS, ATTEMPTS_AT_ONCE * ATTEMPT_MICROS),
            lines: Lines::new(lines_each, "trunkshow_room_lines"),
        }
    }

    /// Counts a request; the seconds to wait where it is one too many.
    pub(super) fn request(&self, address: IpAddr, now: Timestamp) -> Option<u32> {
        self.requests.add(address, now)
    }

    /// As [`Limits::request`], where a secret is tried.
    pub(super) fn attempt(&self, address: IpAddr, now: Timestamp) -> Option<u32> {
        self.attempts.add(address, now)
    }

    /// Room for one more socket or event stream.
    pub(super) fn line(&self, address: IpAddr) -> Option<Line> {
        self.lines.open(address)
    }
}

/// What is open by address; as many entries as there are lines at most.
#[derive(Clone, Debug)]
pub(crate) struct Lines {
    open: Arc<Mutex<HashMap<IpAddr, u32>>>,
    each: u32,
    /// The metric that counts them.
    gauge: &'static str,
}

impl Lines {
    /// At most `each` from one address.
    pub(crate) fn new(each: u32, gauge: &'static str) -> Self {
        Self { open: Arc::default(), each, gauge }
    }

    /// None where the address has all that it may.
    pub(crate) fn open(&self, address: IpAddr) -> Option<Line> {
        let counted = counted(address);
        let mut lines = lock(&self.open);
        let open = lines.get(&counted).copied().unwrap_or(0);
        if open >= self.each && !is_this_machine(address) {
            return None;
        }
        lines.insert(counted, open + 1);
        metrics::gauge!(self.gauge).increment(1.0);
        Some(Line { lines: self.clone(), address: counted })
    }
}

/// One that is open; dropping it makes room.
#[derive(Debug)]
pub(crate) struct Line {
    lines: Lines,
    address: IpAddr,
}

impl Drop for Line {
    fn drop(&mut self) {
        metrics::gauge!(self.lines.gauge).decrement(1.0);
        let mut lines = lock(&self.lines.open);
        if let Some(open) = lines.get_mut(&self.address) {
            *open -= 1;
            if *open == 0 {
                lines.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::Millis;

    use super::*;

    fn address(last: u32) -> IpAddr {
        Ipv4Addr::from_bits(0xC000_0200 + last).into()
    }

    #[test]
    fn a_burst_is_served_and_then_the_rate_holds() {
        let limits = Limits::new(10, 1);
        let start = Timestamp::from_unix_millis(1_000_000);
        let served = |now| (0..1_000).take_while(|_| limits.request(address(1), now).is_none()).count();
        assert_eq!(served(start), 100, "ten seconds' worth at once");
        assert_eq!(limits.request(address(1), start), Some(1));
        assert_eq!(limits.request(address(2), start), None, "others are not touched");
        assert_eq!(served(start + Millis::from_secs(2)), 20);
        assert_eq!(served(start + Millis::from_mins(5)), 100);
        let all = (0..10_000).all(|_| limits.request(Ipv4Addr::LOCALHOST.into(), start).is_none());
        assert!(all, "this machine itself is not limited");
        let loopback: IpAddr = Ipv4Addr::new(127, 0, 1, 7).into();
        let served = (0..1_000).take_while(|_| limits.request(loopback, start).is_none()).count();
        assert_eq!(served, 100, "its other addresses are, for who tests it");
    }

    #[test]
    fn the_table_stays_within_its_bound() {
        let limits = Limits::new(1, 1);
        let now = Timestamp::from_unix_millis(1_000_000);
        for number in 0..2 * 20_000 {
            let _counted = limits.request(address(number), now);
        }
        assert!(lock(&limits.requests.table).full_until.len() <= ADDRESSES + 1);
        let later = now + Millis::from_secs(30);
        assert_eq!(limits.request(address(50_000), later), None, "who waits for nothing is forgotten");
    }

    #[test]
    fn a_line_makes_room_when_it_goes() {
        let limits = Limits::new(0, 2);
        let (first, second) = (limits.line(address(1)), limits.line(address(1)));
        assert!(first.is_some() && second.is_some());
        assert!(limits.line(address(1)).is_none());
        assert!(limits.line(address(2)).is_some());
        drop(first);
        assert!(limits.line(address(1)).is_some());
    }
}
