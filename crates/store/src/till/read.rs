//! Orders as pages and jobs read them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use app::ports::{OrderFilter, Orders, StoreError, Stuck};
use async_trait::async_trait;
use futures::FutureExt;
use kernel::{Currency, Millis, OrderId, ReturnId, Timestamp, ViewerId};
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};
use shop::buyer::{Buyer, Contact};
use shop::order::Order;

use super::sql::{Sql, Text, ids, int, json, maybe_int, maybe_text, parsed, small, text};
use super::{TillStore, order};
use crate::{Lane, failed};

static BUYERS: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT b.order_id, b.name, b.email, b.phone, b.address, b.language FROM order_buyer b \
                WHERE b.order_id IN (SELECT r.id FROM {rows})";
    Sql::over(&[("id", Text)], text)
});

static NUMBERED: LazyLock<Sql> = LazyLock::new(|| {
    Sql::over(&[("id", Text)], "SELECT o.id FROM orders o WHERE o.number IN (SELECT r.id FROM {rows})")
});

fn bought_by(row: &QueryResult) -> Result<Buyer, StoreError> {
    let contact =
        Contact { name: text(row, "name")?, email: maybe_text(row, "email")?, phone: maybe_text(row, "phone")? };
    Ok(Buyer { contact, address: json(row, "address")?, language: parsed(row, "language")? })
}

impl TillStore {
    pub(super) async fn found(&self, sql: &str, values: Vec<Value>) -> Result<Vec<QueryResult>, StoreError> {
        let statement = Statement::from_sql_and_values(self.store.backend(), sql, values);
        self.store.read().query_all_raw(statement).await.map_err(failed)
    }

    async fn ids(&self, sql: &str, values: Vec<Value>) -> Result<Vec<OrderId>, StoreError> {
        self.found(sql, values).await?.iter().map(|row| parsed(row, "id")).collect()
    }
}

#[async_trait]
impl Orders for TillStore {
    async fn order(&self, id: OrderId) -> Result<Option<Order>, StoreError> {
        Ok(order::look(self.store.read(), [id]).await?.pop())
    }

    async fn with_buyers(&self, wanted: Vec<OrderId>) -> Result<Vec<(Order, Option<Buyer>)>, StoreError> {
        let orders = order::look(self.store.read(), wanted).await?;
        let mut buyers: BTreeMap<OrderId, Buyer> = BTreeMap::new();
        for row in BUYERS.find(self.store.read(), &ids(orders.iter().map(|order| order.id))).await? {
            buyers.insert(parsed(&row, "order_id")?, bought_by(&row)?);
        }
        let with_buyer = |order: Order| {
            let buyer = buyers.remove(&order.id);
            (order, buyer)
        };
        Ok(orders.into_iter().map(with_buyer).collect())
    }

    async fn buyer(&self, id: OrderId) -> Result<Option<Buyer>, StoreError> {
        BUYERS.find(self.store.read(), &ids([id])).await?.first().map(bought_by).transpose()
    }

    async fn placed_with(&self, viewer: ViewerId, idempotency_key: &str) -> Result<Option<Order>, StoreError> {
        let sql = "SELECT id FROM orders WHERE viewer_id = $1 AND idempotency_key = $2";
        let found = self.ids(sql, vec![viewer.to_string().into(), idempotency_key.into()]).await?;
        Ok(order::look(self.store.read(), found).await?.pop())
    }

    async fn numbered(&self, numbers: &[String]) -> Result<Vec<OrderId>, StoreError> {
        let rows = NUMBERED.find(self.store.read(), &ids(numbers)).await?;
        rows.iter().map(|row| parsed(row, "id")).collect()
    }

    async fn by_payment(&self, payment: kernel::PaymentId) -> Result<Option<OrderId>, StoreError> {
        let sql = "SELECT id FROM orders WHERE payment_id = $1";
        Ok(self.ids(sql, vec![payment.to_string().into()]).await?.pop())
    }

    async fn list(&self, filter: OrderFilter) -> Result<Vec<(Order, String)>, StoreError> {
        let mut conditions: Vec<String> = Vec::new();
        let mut values: Vec<Value> = Vec::new();
        let mut narrow = |condition: &str, value: Value| {
            values.push(value);
            conditions.push(condition.replace('?', &format!("${}", values.len())));
        };
        if let Some(state) = filter.state {
            narrow("o.state = ?", state.as_str().into());
        }
        if let Some(after) = filter.after {
            narrow("o.id < ?", after.to_string().into());
        }
        if let Some(query) = &filter.query {
            // One value, used in turn: number, e-mail, phone, then the beginning of the name as a range.
            let by = "(o.number = upper(?) OR b.email = lower(?) OR b.phone = ? OR (b.name >= ? AND b.name < ? || '\u{10FFFF}'))";
            narrow(by, query.trim().to_owned().into());
        }
        if let Some(own) = &filter.own {
            // Each by its index; an OR over both tables would read every order.
            let by = [
                ("SELECT id FROM orders WHERE viewer_id = ?", own.viewer.map(|id| id.to_string())),
                ("SELECT id FROM orders WHERE person_id = ?", own.person.map(|id| id.to_string())),
                ("SELECT order_id FROM order_buyer WHERE email = ?", own.email.clone()),
                ("SELECT order_id FROM order_buyer WHERE phone = ?", own.phone.clone()),
            ];
            let mut parts = Vec::new();
            for (part, value) in by {
                if let Some(value) = value {
                    values.push(value.into());
                    parts.push(part.replace('?', &format!("${}", values.len())));
                }
            }
            let ids = if parts.is_empty() { "NULL".to_owned() } else { parts.join(" UNION ") };
            conditions.push(format!("o.id IN ({ids})"));
        }
        let mut narrow = |condition: &str, value: Value| {
            values.push(value);
            conditions.push(condition.replace('?', &format!("${}", values.len())));
        };
        narrow("1 = 1 ORDER BY o.id DESC LIMIT ?", i64::from(filter.limit).into());
        let sql = format!(
            "SELECT o.id, b.name FROM orders o LEFT JOIN order_buyer b ON b.order_id = o.id WHERE {}",
            conditions.join(" AND ")
        );
        let rows = self.found(&sql, values).await?;
        let ids: Vec<OrderId> = rows.iter().map(|row| parsed(row, "id")).collect::<Result<_, _>>()?;
        let orders = order::look(self.store.read(), ids).await?;
        let names = rows.iter().map(|row| Ok(maybe_text(row, "name")?.unwrap_or_default()));
        orders.into_iter().zip(names).map(|(order, name)| Ok((order, name?))).collect()
    }

    async fn overdue(&self, now: Timestamp, limit: u32) -> Result<Vec<OrderId>, StoreError> {
        let sql = "SELECT id FROM orders WHERE state = 'awaiting_payment' AND held_until <= $1 \
                   ORDER BY held_until LIMIT $2";
        self.ids(sql, vec![now.unix_micros().into(), i64::from(limit).into()]).await
    }

    async fn unfinished(
        &self,
        now: Timestamp,
        patience: Millis,
        after: Option<OrderId>,
        limit: u32,
    ) -> Result<Vec<OrderId>, StoreError> {
        let sql = "SELECT o.id FROM orders o LEFT JOIN stuck_refund s ON s.order_id = o.id \
                   WHERE o.unfinished = 1 AND o.placed_at < $1 AND o.id > $2 AND (s.order_id IS NULL OR s.next_at <= $4) \
                   ORDER BY o.id LIMIT $3";
        // No id sorts before nothing.
        let after = after.map_or_else(String::new, |after| after.to_string());
        let before = (now - patience).unix_micros();
        self.ids(sql, vec![before.into(), after.into(), i64::from(limit).into(), now.unix_micros().into()]).await
    }

    async fn stuck(&self, order: OrderId) -> Result<Option<Stuck>, StoreError> {
        let sql = "SELECT tries, next_at, detail, since FROM stuck_refund WHERE order_id = $1";
        self.found(sql, vec![order.to_string().into()]).await?.first().map(stuck).transpose()
    }

    async fn keep_stuck(&self, order: OrderId, stuck: Option<Stuck>) -> Result<(), StoreError> {
        self.store
            .unit(Lane::Ordinary, move |tx| {
                async move {
                    let id = order.to_string().into();
                    let Some(Stuck { tries, next_at, detail, since }) = stuck else {
                        let forget = "DELETE FROM stuck_refund WHERE order_id = $1";
                        return tx.run(forget, [id]).await.map(drop).map_err(failed);
                    };
                    let sql = "INSERT INTO stuck_refund (order_id, tries, next_at, detail, since) \
                               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (order_id) DO UPDATE SET tries = excluded.tries, \
                               next_at = excluded.next_at, detail = excluded.detail, since = excluded.since";
                    let next_at = next_at.map(Timestamp::unix_micros).into();
                    let values = [id, i64::from(tries).into(), next_at, detail.into(), since.unix_micros().into()];
                    tx.run(sql, values).await.map(drop).map_err(failed)
                }
                .boxed()
            })
            .await
    }

    async fn given_up(&self, limit: u32) -> Result<Vec<(OrderId, Stuck)>, StoreError> {
        let sql = "SELECT order_id, tries, next_at, detail, since FROM stuck_refund WHERE next_at IS NULL \
                   ORDER BY since, order_id LIMIT $1";
        let rows = self.found(sql, vec![i64::from(limit).into()]).await?;
        rows.iter().map(|row| Ok((parsed(row, "order_id")?, stuck(row)?))).collect()
    }

    async fn at_prices(
        &self,
        variant: kernel::VariantId,
        versions: &[kernel::EntryId],
        limit: u32,
    ) -> Result<Vec<OrderId>, StoreError> {
        // A price version is new from a moment on, and nobody bought at it before.
        let Some(first) = versions.iter().map(|version| version.minted_at()).min() else { return Ok(Vec::new()) };
        let sql = "SELECT o.id, l.frozen FROM order_line l JOIN orders o ON o.id = l.order_id \
                   WHERE l.variant_id = $1 AND o.placed_at >= $2 ORDER BY o.id DESC";
        let mut found: Vec<OrderId> = Vec::new();
        for row in self.found(sql, vec![variant.to_string().into(), first.unix_micros().into()]).await? {
            let frozen: order::Frozen = json(&row, "frozen")?;
            let id = parsed(&row, "id")?;
            if versions.contains(&frozen.price) && found.last() != Some(&id) {
                found.push(id);
            }
        }
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(found)
    }

    async fn returns(
        &self,
        step: Option<&str>,
        after: Option<ReturnId>,
        limit: u32,
    ) -> Result<Vec<(ReturnId, OrderId)>, StoreError> {
        // No id sorts behind it: they begin with a digit.
        let after = after.map_or_else(|| "Z".to_owned(), |after| after.to_string());
        let steps = match step {
            Some(_) => "step = $3",
            None => "$3 = ''",
        };
        let sql = format!("SELECT id, order_id FROM order_return WHERE id < $1 AND {steps} ORDER BY id DESC LIMIT $2");
        let values = vec![after.into(), i64::from(limit).into(), step.unwrap_or_default().into()];
        let rows = self.found(&sql, values).await?;
        rows.iter().map(|row| Ok((parsed(row, "id")?, parsed(row, "order_id")?))).collect()
    }

    async fn taken(&self, since: Timestamp) -> Result<Vec<(Currency, i64, i64)>, StoreError> {
        let sql = "SELECT currency, COUNT(*) AS orders, CAST(SUM(total_minor) AS BIGINT) AS minor FROM orders \
                   WHERE rehearsal = 0 AND placed_at >= $1 AND state IN ('paid', 'partly_sent', 'sent', 'delivered') \
                   GROUP BY currency ORDER BY currency";
        let rows = self.found(sql, vec![since.unix_micros().into()]).await?;
        rows.iter().map(|row| Ok((parsed(row, "currency")?, int(row, "orders")?, int(row, "minor")?))).collect()
    }
}

fn stuck(row: &QueryResult) -> Result<Stuck, StoreError> {
    Ok(Stuck {
        tries: small(row, "tries")?,
        next_at: maybe_int(row, "next_at")?.map(Timestamp::from_unix_micros),
        detail: text(row, "detail")?,
        since: Timestamp::from_unix_micros(int(row, "since")?),
    })
}
