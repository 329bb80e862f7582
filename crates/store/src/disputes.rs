//! Disputes of payments.

use app::ports::{DisputeRow, Disputes, StoreError};
use async_trait::async_trait;
use futures::FutureExt;
use kernel::{Money, Timestamp};
use sea_orm::QueryResult;
use shop::payment::{Dispute, DisputeState};

use crate::rows::{number, parsed, text};
use crate::{Lane, Store, failed};

fn read(row: &QueryResult) -> Result<(DisputeRow, String), StoreError> {
    let state = text(row, "state")?;
    let unknown = || StoreError::Failed(format!("dispute.state is {state}"));
    let answer_by: Option<i64> = row.try_get("", "answer_by").map_err(failed)?;
    let dispute = Dispute {
        payment: parsed(row, "payment_id")?,
        reference: text(row, "reference")?,
        amount: Money::new(number(row, "minor")?, parsed(row, "currency")?),
        state: DisputeState::parse(&state).ok_or_else(unknown)?,
        reason: text(row, "reason")?,
        answer_by: answer_by.map(Timestamp::from_unix_micros),
        opened_at: Timestamp::from_unix_micros(number(row, "opened_at")?),
        page: text(row, "page")?,
    };
    let row_of = DisputeRow { provider: text(row, "provider")?, order: parsed(row, "order_id")?, dispute };
    Ok((row_of, text(row, "number")?))
}

#[async_trait]
impl Disputes for Store {
    async fn keep(&self, row: DisputeRow) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let sql = "INSERT INTO dispute (provider, reference, payment_id, order_id, minor, currency, state, ended, \
                           reason, answer_by, opened_at, page) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
                           ON CONFLICT (provider, reference) DO UPDATE SET minor = excluded.minor, \
                           state = excluded.state, ended = excluded.ended, reason = excluded.reason, \
                           answer_by = excluded.answer_by WHERE dispute.ended = 0";
                let dispute = row.dispute;
                let values = [
                    row.provider.into(),
                    dispute.reference.into(),
                    dispute.payment.to_string().into(),
                    row.order.to_string().into(),
                    dispute.amount.minor.into(),
                    dispute.amount.currency.to_string().into(),
                    dispute.state.as_str().into(),
                    i64::from(dispute.state.is_over()).into(),
                    dispute.reason.into(),
                    dispute.answer_by.map(Timestamp::unix_micros).into(),
                    dispute.opened_at.unix_micros().into(),
                    dispute.page.into(),
                ];
                tx.run(sql, values).await.map(drop).map_err(failed)
            }
            .boxed()
        })
        .await
    }

    async fn disputes(&self, limit: u32) -> Result<Vec<(DisputeRow, String)>, StoreError> {
        let sql = "SELECT d.provider, d.reference, d.payment_id, d.order_id, d.minor, d.currency, d.state, d.reason, \
                   d.answer_by, d.opened_at, d.page, o.number FROM dispute d JOIN orders o ON o.id = d.order_id \
                   ORDER BY d.ended, d.opened_at DESC, d.reference LIMIT $1";
        self.rows(sql, [i64::from(limit).into()]).await?.iter().map(read).collect()
    }
}
