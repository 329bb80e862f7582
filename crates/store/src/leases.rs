//! Who leads which room, by the database's clock. A house on a file has one process, which holds its data folder: it leads
//! every room, and no row says so. On PostgreSQL leases have a connection of their own, so that a renewal waits for nobody.

use app::ports::{Held, Holder, Leases, RoomKey, StoreError};
use async_trait::async_trait;
use kernel::Millis;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

use crate::{Store, failed};

/// In milliseconds since 1970, where the rows are.
const HOLD: &str = "INSERT INTO room_lease (show_id, stage, holder, address, until_ms)
    VALUES ($1, $2, $3, $4, CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) + $5)
    ON CONFLICT (show_id, stage) DO UPDATE
    SET holder = excluded.holder, address = excluded.address, until_ms = excluded.until_ms
    WHERE room_lease.holder = excluded.holder
    OR room_lease.until_ms < CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
const WHOSE: &str = "SELECT address FROM room_lease WHERE show_id = $1 AND stage = $2";
const LET_GO: &str = "DELETE FROM room_lease WHERE show_id = $1 AND stage = $2 AND holder = $3";

fn statement<const N: usize>(room: RoomKey, sql: &str, more: [Value; N]) -> Statement {
    let key = [room.show.to_string().into(), room.stage.as_str().into()];
    Statement::from_sql_and_values(DbBackend::Postgres, sql, key.into_iter().chain(more))
}

#[async_trait]
impl Leases for Store {
    async fn hold(&self, room: RoomKey, holder: &Holder, length: Millis) -> Result<Held, StoreError> {
        let Some(connection) = self.leases() else { return Ok(Held::Ours) };
        let values = [holder.id.clone().into(), holder.address.clone().into(), length.0.into()];
        let held = connection.execute_raw(statement(room, HOLD, values)).await.map_err(failed)?;
        if held.rows_affected() == 1 {
            return Ok(Held::Ours);
        }
        let row = connection.query_one_raw(statement(room, WHOSE, [])).await.map_err(failed)?;
        // Given up between the two: the next time it is free.
        let address = row.map_or(Ok(String::new()), |row| row.try_get("", "address"));
        Ok(Held::Theirs { address: address.map_err(failed)? })
    }

    async fn let_go(&self, room: RoomKey, holder: &Holder) -> Result<(), StoreError> {
        let Some(connection) = self.leases() else { return Ok(()) };
        let asked = connection.execute_raw(statement(room, LET_GO, [holder.id.clone().into()])).await;
        asked.map(|_| ()).map_err(failed)
    }
}
