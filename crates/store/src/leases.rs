//! Who leads which room, by the database's clock.

use app::ports::{Held, Holder, Leases, RoomKey, StoreError};
use async_trait::async_trait;
use futures::FutureExt;
use kernel::Millis;

use crate::{Lane, Store, failed};

/// Milliseconds since 1970, where the rows are.
const SQLITE_NOW: &str = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";
const POSTGRES_NOW: &str = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
const WHOSE: &str = "SELECT address FROM room_lease WHERE show_id = $1 AND stage = $2";
const LET_GO: &str = "DELETE FROM room_lease WHERE show_id = $1 AND stage = $2 AND holder = $3";

fn hold(now: &str) -> String {
    format!(
        "INSERT INTO room_lease (show_id, stage, holder, address, until_ms) VALUES ($1, $2, $3, $4, {now} + $5)
        ON CONFLICT (show_id, stage) DO UPDATE
        SET holder = excluded.holder, address = excluded.address, until_ms = excluded.until_ms
        WHERE room_lease.holder = excluded.holder OR room_lease.until_ms < {now}"
    )
}

#[async_trait]
impl Leases for Store {
    async fn hold(&self, room: RoomKey, holder: &Holder, length: Millis) -> Result<Held, StoreError> {
        let sql = hold(self.either(SQLITE_NOW, POSTGRES_NOW));
        let Holder { id, address } = holder.clone();
        // Ahead of whatever else waits: a late renewal stops a room.
        self.unit(Lane::Till, move |tx| {
            async move {
                let key = || [room.show.to_string().into(), room.stage.as_str().into()];
                let [show, stage] = key();
                let values = [show, stage, id.into(), address.into(), length.0.into()];
                if tx.run(&sql, values).await.map_err(failed)?.rows_affected() == 1 {
                    return Ok(Held::Ours);
                }
                let rows = tx.rows(WHOSE, key()).await.map_err(failed)?;
                // Given up between the two: the next time it is free.
                let address = rows.first().map_or(Ok(String::new()), |row| row.try_get("", "address"));
                Ok(Held::Theirs { address: address.map_err(failed)? })
            }
            .boxed()
        })
        .await
    }

    async fn let_go(&self, room: RoomKey, holder: &Holder) -> Result<(), StoreError> {
        let id = holder.id.clone();
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let values = [room.show.to_string().into(), room.stage.as_str().into(), id.into()];
                tx.run(LET_GO, values).await.map(|_| ()).map_err(failed)
            }
            .boxed()
        })
        .await
    }
}

impl Store {
    /// A SQLite house has one process, which holds its data folder: leases of an earlier one are void.
    pub(crate) async fn clear_leases(&self) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, |tx| {
            async move { tx.run("DELETE FROM room_lease", []).await.map(|_| ()).map_err(failed) }.boxed()
        })
        .await
    }
}
