//! Under which names payment providers know our payments.

use app::ports::{PaymentNote, PaymentNotes, StoreError};
use async_trait::async_trait;
use futures::FutureExt;
use kernel::{Money, PaymentId, Timestamp};
use sea_orm::{QueryResult, Value};
use shop::payment::Method;

use crate::rows::{number, parsed, text, text_or_none};
use crate::{Lane, Store, Tx, failed};

const SELECT: &str = "SELECT payment_id, provider, minor, currency, method, opened_at, reference, closed_at \
                      FROM payment_note WHERE payment_id = $1";

fn read(row: &QueryResult) -> Result<PaymentNote, StoreError> {
    let method = text_or_none(row, "method")?
        .map(|text| Method::parse(&text).ok_or_else(|| StoreError::Failed(format!("payment_note.method is {text}"))));
    let closed_at: Option<i64> = row.try_get("", "closed_at").map_err(failed)?;
    Ok(PaymentNote {
        payment: parsed(row, "payment_id")?,
        provider: text(row, "provider")?,
        amount: Money::new(number(row, "minor")?, parsed(row, "currency")?),
        method: method.transpose()?,
        opened_at: Timestamp::from_unix_micros(number(row, "opened_at")?),
        reference: text_or_none(row, "reference")?,
        closed_at: closed_at.map(Timestamp::from_unix_micros),
    })
}

async fn find(tx: &Tx, payment: PaymentId) -> Result<Option<PaymentNote>, StoreError> {
    tx.rows(SELECT, [payment.to_string().into()]).await.map_err(failed)?.first().map(read).transpose()
}

impl Store {
    /// Changes a note and reads it in one unit.
    async fn change_note<const N: usize>(
        &self,
        payment: PaymentId,
        sql: &'static str,
        values: [Value; N],
    ) -> Result<Option<PaymentNote>, StoreError> {
        self.unit(Lane::Till, move |tx| {
            async move {
                tx.run(sql, values).await.map_err(failed)?;
                find(tx, payment).await
            }
            .boxed()
        })
        .await
    }
}

#[async_trait]
impl PaymentNotes for Store {
    async fn note(&self, payment: PaymentId) -> Result<Option<PaymentNote>, StoreError> {
        self.rows(SELECT, [payment.to_string().into()]).await?.first().map(read).transpose()
    }

    async fn begin(&self, note: PaymentNote) -> Result<PaymentNote, StoreError> {
        let sql = "INSERT INTO payment_note \
                   (payment_id, provider, minor, currency, method, opened_at, reference, closed_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (payment_id) DO NOTHING";
        let values = [
            note.payment.to_string().into(),
            note.provider.into(),
            note.amount.minor.into(),
            note.amount.currency.to_string().into(),
            note.method.map(Method::as_str).into(),
            note.opened_at.unix_micros().into(),
            note.reference.into(),
            note.closed_at.map(Timestamp::unix_micros).into(),
        ];
        let begun = self.change_note(note.payment, sql, values).await?;
        begun.ok_or_else(|| StoreError::Failed("a payment note was written and is not there".into()))
    }

    async fn name(&self, payment: PaymentId, reference: &str) -> Result<Option<PaymentNote>, StoreError> {
        let sql = "UPDATE payment_note SET reference = $1 \
                   WHERE payment_id = $2 AND reference IS NULL AND closed_at IS NULL";
        self.change_note(payment, sql, [reference.into(), payment.to_string().into()]).await
    }

    async fn close(&self, payment: PaymentId, at: Timestamp) -> Result<Option<PaymentNote>, StoreError> {
        let sql = "UPDATE payment_note SET closed_at = $1 \
                   WHERE payment_id = $2 AND reference IS NULL AND closed_at IS NULL";
        self.change_note(payment, sql, [at.unix_micros().into(), payment.to_string().into()]).await
    }
}
