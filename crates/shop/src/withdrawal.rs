//! Until when a buyer may withdraw from the contract without giving a reason, and from which pieces.
//!
//! Fourteen days after the day of the last delivery (of UTC, so that nobody has less). While something is still to be sent,
//! there is no end. A parcel that nobody marked as delivered counts as delivered thirty days after it was sent: a shop that
//! keeps no note of it gives its buyers longer, never less.

use kernel::{Millis, Timestamp};

use crate::change::Piece;
use crate::order::Order;
use crate::parcel::Parcel;

/// Whole days after the day of the last delivery.
pub const DAYS: i64 = 14;
/// When a parcel that nobody marked is taken to have come.
pub const ASSUMED: Millis = Millis::from_days(30);

const DAY_MICROS: i64 = 86_400_000_000;

/// When the time is over; `None` while something is still to be sent.
#[must_use]
pub fn ends_at(order: &Order) -> Option<Timestamp> {
    let left: Vec<_> = order.lines.iter().filter(|line| order.left(line) > 0).collect();
    if left.iter().any(|line| line.parcel.is_none()) {
        return None;
    }
    let came = |parcel: &Parcel| parcel.delivered_at.unwrap_or(parcel.sent_at + ASSUMED);
    let used = |parcel: &&Parcel| left.iter().any(|line| line.parcel == Some(parcel.id));
    let last = order.parcels.iter().filter(used).map(came).max()?;
    let day = last.unix_micros().div_euclid(DAY_MICROS);
    Some(Timestamp::from_unix_micros((day + 1 + DAYS) * DAY_MICROS))
}

/// The pieces that may be withdrawn from: all that wait or are with the buyer, but for those of products that were sold without.
#[must_use]
pub fn pieces(order: &Order) -> Vec<Piece> {
    let of = |line: &crate::order::OrderLine| {
        let quantity = if line.parcel.is_some() { order.with_buyer(line) } else { order.left(line) };
        (quantity > 0 && line.no_withdrawal.is_none()).then_some(Piece { line: line.id, quantity })
    };
    order.lines.iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use kernel::{ParcelId, Random};

    use super::*;
    use crate::catalogue::NoWithdrawal;
    use crate::give_back::tests::order;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn the_time_runs_from_the_last_delivery() {
        let mut random = Random::seeded(8);
        let mut bought = order(&[(1, 100), (1, 100)], 0, None, &mut random);
        let mut parcel = |line: usize, sent_at: &str, delivered_at: Option<&str>| {
            let id = ParcelId::mint(at(sent_at), &mut random);
            let (carrier, tracking_number, delivered_at) = ("UPS".into(), "1Z".into(), delivered_at.map(at));
            (line, Parcel { id, carrier, tracking_number, tracking_url: None, sent_at: at(sent_at), delivered_at })
        };
        let first = parcel(0, "2026-11-02T09:00:00.000Z", Some("2026-11-05T17:30:00.000Z"));
        let noted = parcel(1, "2026-11-04T09:00:00.000Z", Some("2026-11-09T08:00:00.000Z"));
        let unknown = parcel(1, "2026-11-04T09:00:00.000Z", None);
        let mut check = |parcels: &[&(usize, Parcel)], expected: Option<&str>| {
            bought.lines.iter_mut().for_each(|line| line.parcel = None);
            parcels.iter().for_each(|(line, parcel)| bought.lines[*line].parcel = Some(parcel.id));
            bought.parcels = parcels.iter().map(|(_, parcel)| parcel.clone()).collect();
            assert_eq!(ends_at(&bought), expected.map(at), "{parcels:?}");
        };
        check(&[], None);
        check(&[&first], None);
        check(&[&first, &noted], Some("2026-11-24T00:00:00.000Z"));
        check(&[&first, &unknown], Some("2026-12-19T00:00:00.000Z"));
    }

    #[test]
    fn what_was_sold_without_is_left_out() {
        let mut bought = order(&[(2, 200), (1, 100)], 0, None, &mut Random::seeded(9));
        bought.lines[1].no_withdrawal = Some(NoWithdrawal::Hygiene);
        assert_eq!(pieces(&bought), [Piece { line: bought.lines[0].id, quantity: 2 }]);
    }
}
