//! What a show sold: three sums over its order lines.

use std::collections::BTreeMap;

use app::ports::{MINUTE_MICROS, MinuteTakings, NumberTakings, ShowTakings, StoreError, Takings, takings_since};
use async_trait::async_trait;
use kernel::{Money, ShowId, Timestamp};

use super::TillStore;
use super::sql::{int, parsed, small};

/// Orders whose money is theirs.
macro_rules! stands {
    () => {
        "o.state IN ('paid', 'partly_sent', 'sent', 'delivered')"
    };
}

macro_rules! lines {
    () => {
        " FROM order_line l JOIN orders o ON o.id = l.order_id WHERE l.show_id = $1 AND o.rehearsal = 0"
    };
}

const NUMBERS: &str = concat!(
    "SELECT l.show_number AS number, \
     CAST(SUM(CASE WHEN o.state = 'awaiting_payment' THEN l.quantity ELSE 0 END) AS BIGINT) AS claimed, \
     CAST(SUM(CASE WHEN ",
    stands!(),
    " THEN l.quantity ELSE 0 END) AS BIGINT) AS sold, CAST(SUM(CASE WHEN o.placed_at > $2 AND ",
    stands!(),
    " THEN l.quantity ELSE 0 END) AS BIGINT) AS recent",
    lines!(),
    " GROUP BY l.show_number ORDER BY l.show_number"
);

/// Pieces on tabs; those of an order are in its lines. A rehearsal's claims hold none.
const ON_TABS: &str = "SELECT show_number AS number, CAST(SUM(quantity) AS BIGINT) AS claimed FROM claim \
    WHERE show_id = $1 AND source <> 'checkout' AND state = 'open' AND order_id IS NULL AND places <> '[]' \
    GROUP BY show_number";

const SUMS: &str = concat!(
    "SELECT o.currency, COUNT(DISTINCT o.id) AS orders, CAST(SUM(l.total_minor) AS BIGINT) AS minor",
    lines!(),
    " AND ",
    stands!(),
    " GROUP BY o.currency ORDER BY o.currency"
);

const MINUTES: &str = concat!(
    "SELECT o.placed_at / 60000000 AS minute, o.currency, COUNT(DISTINCT o.id) AS orders, \
     CAST(SUM(l.total_minor) AS BIGINT) AS minor",
    lines!(),
    " AND ",
    stands!(),
    " AND o.placed_at > $2 GROUP BY o.placed_at / 60000000, o.currency ORDER BY 1, 2"
);

#[async_trait]
impl Takings for TillStore {
    async fn takings(&self, show: ShowId, now: Timestamp) -> Result<ShowTakings, StoreError> {
        let (minutes_since, recent_since) = takings_since(now);
        let id = || show.to_string().into();
        let mut takings = ShowTakings::default();
        let number = |row: &sea_orm::QueryResult| small(row, "number");
        let mut on_tabs: BTreeMap<u32, i64> = BTreeMap::new();
        for row in self.found(ON_TABS, vec![id()]).await? {
            on_tabs.insert(number(&row)?, int(&row, "claimed")?);
        }
        for row in self.found(NUMBERS, vec![id(), recent_since.unix_micros().into()]).await? {
            let number = number(&row)?;
            let (claimed, sold) = (int(&row, "claimed")? + on_tabs.remove(&number).unwrap_or(0), int(&row, "sold")?);
            takings.sold_this_minute += int(&row, "recent")?;
            if (claimed, sold) != (0, 0) {
                takings.numbers.push(NumberTakings { number, claimed, sold });
            }
        }
        takings.numbers.extend(on_tabs.into_iter().map(|(number, claimed)| NumberTakings { number, claimed, sold: 0 }));
        takings.numbers.sort_by_key(|sums| sums.number);
        for row in self.found(SUMS, vec![id()]).await? {
            takings.orders += int(&row, "orders")?;
            takings.gmv.push(Money::new(int(&row, "minor")?, parsed(&row, "currency")?));
        }
        for row in self.found(MINUTES, vec![id(), minutes_since.unix_micros().into()]).await? {
            takings.minutes.push(MinuteTakings {
                at: Timestamp::from_unix_micros(int(&row, "minute")? * MINUTE_MICROS),
                currency: parsed(&row, "currency")?,
                orders: int(&row, "orders")?,
                minor: int(&row, "minor")?,
            });
        }
        Ok(takings)
    }
}
