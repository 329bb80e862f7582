//! Questions in memory.

use async_trait::async_trait;
use kernel::{DropId, ShowId};

use super::MemoryTill;
use crate::ports::{Questions, StoreError, TriviaRow, TriviaStanding};

#[async_trait]
impl Questions for MemoryTill {
    async fn plan_trivia(&self, row: TriviaRow) -> Result<(), StoreError> {
        let known = &mut self.rows().trivia;
        if known.get(&row.id).is_some_and(|known| known.standing != TriviaStanding::Waiting) {
            return Err(StoreError::Changed);
        }
        known.insert(row.id, row);
        Ok(())
    }

    async fn unplan_trivia(&self, id: DropId) -> Result<bool, StoreError> {
        let known = &mut self.rows().trivia;
        let waits = known.get(&id).is_some_and(|known| known.standing == TriviaStanding::Waiting);
        if waits {
            known.remove(&id);
        }
        Ok(waits)
    }

    async fn trivia(&self, id: DropId) -> Result<Option<TriviaRow>, StoreError> {
        Ok(self.rows().trivia.get(&id).cloned())
    }

    async fn trivia_of_show(&self, show: ShowId) -> Result<Vec<TriviaRow>, StoreError> {
        Ok(self.rows().trivia.values().filter(|row| row.show == show).cloned().collect())
    }

    async fn move_trivia(&self, id: DropId, from: TriviaStanding, to: TriviaStanding) -> Result<bool, StoreError> {
        let mut rows = self.rows();
        let Some(row) = rows.trivia.get_mut(&id).filter(|row| row.standing == from) else { return Ok(false) };
        row.standing = to;
        Ok(true)
    }
}
