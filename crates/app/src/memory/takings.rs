//! What a show sold, summed over the books.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use kernel::{Currency, Money, OrderId, ShowId, Timestamp};
use shop::order::OrderState;

use super::MemoryTill;
use crate::ports::{MINUTE_MICROS, MinuteTakings, NumberTakings, ShowTakings, StoreError, Takings, takings_since};

#[async_trait]
impl Takings for MemoryTill {
    async fn takings(&self, show: ShowId, now: Timestamp) -> Result<ShowTakings, StoreError> {
        let (minutes_since, recent_since) = takings_since(now);
        let mut orders: BTreeSet<OrderId> = BTreeSet::new();
        let mut gmv: BTreeMap<Currency, i64> = BTreeMap::new();
        let mut numbers: BTreeMap<u32, (i64, i64)> = BTreeMap::new();
        let mut minutes: BTreeMap<(i64, Currency), (BTreeSet<OrderId>, i64)> = BTreeMap::new();
        let mut sold_this_minute = 0;
        self.audit(|books| {
            for order in books.orders().filter(|order| !order.rehearsal) {
                let own = |line: &&shop::order::OrderLine| line.show.is_some_and(|at| at.show == show);
                for line in order.lines.iter().filter(own) {
                    let pieces = i64::from(line.quantity);
                    let sums = numbers.entry(line.show.map_or(0, |at| at.number)).or_default();
                    if order.state == OrderState::AwaitingPayment {
                        sums.0 += pieces;
                    }
                    if !order.state.stands() {
                        continue;
                    }
                    sums.1 += pieces;
                    orders.insert(order.id);
                    *gmv.entry(line.total.currency).or_default() += line.total.minor;
                    if order.placed_at > recent_since {
                        sold_this_minute += pieces;
                    }
                    if order.placed_at > minutes_since {
                        let minute = order.placed_at.unix_micros().div_euclid(MINUTE_MICROS);
                        let sums = minutes.entry((minute, line.total.currency)).or_default();
                        sums.0.insert(order.id);
                        sums.1 += line.total.minor;
                    }
                }
            }
        });
        self.audit(|books| {
            for claim in books.claims().filter(|claim| claim.on_tab() && !claim.is_rehearsal()) {
                if let Some(at) = claim.show.filter(|at| at.show == show) {
                    numbers.entry(at.number).or_default().0 += i64::from(claim.quantity);
                }
            }
        });
        let count = |orders: &BTreeSet<OrderId>| i64::try_from(orders.len()).unwrap_or(i64::MAX);
        let numbers = numbers.into_iter().filter(|(_, sums)| *sums != (0, 0));
        let number = |(number, (claimed, sold))| NumberTakings { number, claimed, sold };
        let minute = |((minute, currency), (orders, minor)): ((i64, Currency), (BTreeSet<OrderId>, i64))| {
            let at = Timestamp::from_unix_micros(minute * MINUTE_MICROS);
            MinuteTakings { at, currency, orders: count(&orders), minor }
        };
        Ok(ShowTakings {
            orders: count(&orders),
            gmv: gmv.into_iter().map(|(currency, minor)| Money::new(minor, currency)).collect(),
            sold_this_minute,
            numbers: numbers.map(number).collect(),
            minutes: minutes.into_iter().map(minute).collect(),
        })
    }
}
