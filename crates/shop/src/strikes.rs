//! Who claims again and again and does not pay loses the right to claim for a while.

use kernel::{Millis, Timestamp};
use serde::{Deserialize, Serialize};

/// So many claims that expired unpaid within [`STRIKE_WINDOW`] bar their buyer.
pub const STRIKES: usize = 3;
pub const STRIKE_WINDOW: Millis = Millis::from_days(30);
/// How long the bar holds, unless staff lift it.
pub const BAR: Millis = Millis::from_days(30);

/// What a buyer left unpaid lately. The empty one is everybody's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strikes {
    /// When claims expired unpaid, oldest first; fewer than [`STRIKES`].
    pub expired: Vec<Timestamp>,
    pub barred_until: Option<Timestamp>,
}

impl Strikes {
    /// One more claim was not paid in time.
    pub fn add(&mut self, at: Timestamp) {
        self.expired.retain(|earlier| *earlier > at - STRIKE_WINDOW);
        self.expired.push(at);
        if self.expired.len() >= STRIKES {
            self.expired.clear();
            self.barred_until = Some(at + BAR);
        }
    }

    /// Until when the buyer may not claim; `None` for who may.
    #[must_use]
    pub fn barred(&self, at: Timestamp) -> Option<Timestamp> {
        self.barred_until.filter(|until| at < *until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_third_within_thirty_days_bars_for_thirty_more() {
        let day = |day: i64| Timestamp::EPOCH + Millis::from_days(day);
        let check = |expired: &[i64], now: i64, barred_until: Option<i64>| {
            let mut strikes = Strikes::default();
            expired.iter().for_each(|at| strikes.add(day(*at)));
            assert_eq!(strikes.barred(day(now)), barred_until.map(day), "{expired:?} on day {now}");
        };
        check(&[], 1, None);
        check(&[1, 2], 2, None);
        check(&[1, 2, 3], 3, Some(33));
        check(&[1, 2, 3], 32, Some(33));
        check(&[1, 2, 3], 33, None);
        check(&[1, 2, 31], 31, None);
        check(&[1, 2, 3, 4], 40, None);
    }
}
