//! Drops, claims and who waits, as pages and jobs read them.

use std::sync::LazyLock;

use app::ports::{Drops, StoreError, Tab};
use async_trait::async_trait;
use futures::FutureExt;
use kernel::{ClaimId, DropId, ShowId, Timestamp, ViewerId};
use shop::claim::Claim;
use shop::drop::{Drop, Waiter};

use super::sql::{Sql, Text, ids, int, parsed, small};
use super::{TillStore, claim, drop};
use crate::{Lane, failed};

static UNPAID: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT d.id FROM {rows} JOIN drop_offer d ON d.id = r.id WHERE EXISTS (SELECT 1 FROM claim c \
                WHERE c.variant_id = d.variant_id AND c.state = 'open' AND c.drop_id = d.id)";
    Sql::over(&[("id", Text)], text)
});

impl TillStore {
    async fn claims(&self, rest: &str, values: Vec<sea_orm::Value>) -> Result<Vec<Claim>, StoreError> {
        let sql = format!("SELECT {} FROM claim c WHERE {rest}", claim::COLUMNS);
        self.found(&sql, values).await?.iter().map(claim::read).collect()
    }

    async fn drops(&self, rest: &str, values: Vec<sea_orm::Value>) -> Result<Vec<Drop>, StoreError> {
        let sql = format!("SELECT {} FROM drop_offer d WHERE {rest}", drop::COLUMNS);
        self.found(&sql, values).await?.iter().map(drop::read).collect()
    }
}

#[async_trait]
impl Drops for TillStore {
    async fn plan_drop(&self, plan: Drop) -> Result<(), StoreError> {
        self.store
            .unit(Lane::Ordinary, move |tx| {
                async move { if drop::plan(tx, &plan).await? { Ok(()) } else { Err(StoreError::Changed) } }.boxed()
            })
            .await
    }

    async fn unplan_drop(&self, id: DropId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM drop_offer WHERE id = $1 AND stage = 'planned'";
        self.store
            .unit(Lane::Ordinary, move |tx| {
                async move {
                    let done = tx.run(sql, [id.to_string().into()]).await.map_err(failed)?;
                    Ok(done.rows_affected() > 0)
                }
                .boxed()
            })
            .await
    }

    async fn drop_of(&self, id: DropId) -> Result<Option<Drop>, StoreError> {
        Ok(self.drops("d.id = $1", vec![id.to_string().into()]).await?.pop())
    }

    async fn drops_of_show(&self, show: ShowId) -> Result<Vec<Drop>, StoreError> {
        self.drops("d.show_id = $1 ORDER BY d.id", vec![show.to_string().into()]).await
    }

    async fn armed_drops(&self, limit: u32) -> Result<Vec<Drop>, StoreError> {
        self.drops("d.stage = 'armed' ORDER BY d.id LIMIT $1", vec![i64::from(limit).into()]).await
    }

    async fn unpaid_drops(&self, drops: &[DropId]) -> Result<Vec<DropId>, StoreError> {
        UNPAID.find(self.store.read(), &ids(drops)).await?.iter().map(|row| parsed(row, "id")).collect()
    }

    async fn waiters(&self, drop: DropId, limit: u32) -> Result<Vec<Waiter>, StoreError> {
        let columns = drop::WAITER_COLUMNS;
        let sql = format!(
            "SELECT {columns} FROM waiter w JOIN drop_offer d ON d.id = w.drop_id AND d.stage = 'armed' \
             WHERE w.drop_id = $1 ORDER BY w.ticket LIMIT $2"
        );
        let rows = self.found(&sql, vec![drop.to_string().into(), i64::from(limit).into()]).await?;
        rows.iter().map(drop::read_waiter).collect()
    }

    async fn sweep_lines(&self, limit: u32) -> Result<u64, StoreError> {
        let ended = self.found("SELECT id FROM drop_offer WHERE unswept = 1 ORDER BY id LIMIT 1", vec![]).await?;
        let Some(ended) = ended.first().map(|row| parsed(row, "id")).transpose()? else { return Ok(0) };
        self.store.unit(Lane::Ordinary, move |tx| drop::sweep(tx, ended, limit).boxed()).await
    }

    async fn claim_of(&self, id: ClaimId) -> Result<Option<Claim>, StoreError> {
        Ok(self.claims("c.id = $1", vec![id.to_string().into()]).await?.pop())
    }

    async fn tab(&self, viewer: ViewerId, show: Option<ShowId>) -> Result<Tab, StoreError> {
        let rest = "c.viewer_id = $1 AND c.state = 'open' AND c.source <> 'checkout' ORDER BY c.id";
        let mut claims = self.claims(rest, vec![viewer.to_string().into()]).await?;
        claims.retain(|claim| show.is_none_or(|show| claim.show.is_some_and(|at| at.show == show)));
        let sql = format!(
            "SELECT {}, d.show_id, (SELECT COUNT(*) FROM waiter b WHERE b.drop_id = w.drop_id AND b.ticket <= w.ticket) \
             AS stands FROM waiter w JOIN drop_offer d ON d.id = w.drop_id AND d.stage = 'armed' WHERE w.viewer_id = $1 \
             ORDER BY w.drop_id",
            drop::WAITER_COLUMNS
        );
        let mut waiting = Vec::new();
        for row in self.found(&sql, vec![viewer.to_string().into()]).await? {
            let at: ShowId = parsed(&row, "show_id")?;
            if show.is_none_or(|show| show == at) {
                waiting.push((drop::read_waiter(&row)?, int(&row, "stands")?));
            }
        }
        Ok(Tab { claims, waiting })
    }

    async fn claims_of_show(&self, show: ShowId, limit: u32) -> Result<Vec<Claim>, StoreError> {
        let rest = "c.show_id = $1 AND c.source <> 'checkout' ORDER BY c.id DESC LIMIT $2";
        self.claims(rest, vec![show.to_string().into(), i64::from(limit).into()]).await
    }

    async fn claims_of_drop(&self, drop: DropId) -> Result<Vec<Claim>, StoreError> {
        // By its show, so that the hot path keeps no index for it.
        let rest = "c.show_id = (SELECT d.show_id FROM drop_offer d WHERE d.id = $1) AND c.source <> 'checkout' \
                    AND c.drop_id = $2 ORDER BY c.id";
        self.claims(rest, vec![drop.to_string().into(), drop.to_string().into()]).await
    }

    async fn due_claims(&self, now: Timestamp, limit: u32) -> Result<Vec<ClaimId>, StoreError> {
        let sql = "SELECT id FROM claim WHERE state = 'open' AND order_id IS NULL AND until <= $1 \
                   ORDER BY until, id LIMIT $2";
        let rows = self.found(sql, vec![now.unix_micros().into(), i64::from(limit).into()]).await?;
        rows.iter().map(|row| parsed(row, "id")).collect()
    }

    async fn shows_with_loose_claims(&self) -> Result<Vec<ShowId>, StoreError> {
        let sql = "SELECT DISTINCT show_id FROM claim WHERE after_show_hours IS NOT NULL AND state = 'open' \
                   AND order_id IS NULL AND show_id IS NOT NULL ORDER BY show_id";
        self.found(sql, vec![]).await?.iter().map(|row| parsed(row, "show_id")).collect()
    }

    async fn loose_claims(&self, show: ShowId, limit: u32) -> Result<Vec<(ClaimId, u16)>, StoreError> {
        let sql = "SELECT id, after_show_hours FROM claim WHERE show_id = $1 AND after_show_hours IS NOT NULL \
                   AND state = 'open' AND order_id IS NULL ORDER BY id LIMIT $2";
        let rows = self.found(sql, vec![show.to_string().into(), i64::from(limit).into()]).await?;
        let hours = |row| small(row, "after_show_hours").map(|hours: u32| u16::try_from(hours).unwrap_or(u16::MAX));
        rows.iter().map(|row| Ok((parsed(row, "id")?, hours(row)?))).collect()
    }

    async fn barred_until(&self, viewer: ViewerId, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let found = claim::strikes(self.store.read(), [viewer].into(), false).await?.pop();
        Ok(found.and_then(|(_, strikes)| strikes.barred(now)))
    }
}
