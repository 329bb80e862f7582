//! What every quote needs and hardly ever changes: read once a second for everybody.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kernel::{Millis, Timestamp};

/// How old what somebody is quoted from may be, where another process has changed it.
const FRESH: Millis = Millis::from_secs(1);

/// Whether what was read then still counts.
pub(crate) fn is_fresh(read_at: Timestamp, now: Timestamp) -> bool {
    read_at <= now && now - read_at < FRESH
}

/// Rows as they were read last, and when.
#[derive(Debug)]
pub struct Recent<T>(Mutex<Option<(Timestamp, Arc<[T]>)>>);

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Recent<T> {
    fn lock(&self) -> MutexGuard<'_, Option<(Timestamp, Arc<[T]>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The rows, at most a second old.
    pub(super) async fn or_read<E>(
        &self,
        now: Timestamp,
        read: impl Future<Output = Result<Vec<T>, E>>,
    ) -> Result<Arc<[T]>, E> {
        let known =
            self.lock().as_ref().filter(|(read_at, _)| is_fresh(*read_at, now)).map(|(_, rows)| Arc::clone(rows));
        if let Some(rows) = known {
            return Ok(rows);
        }
        let rows: Arc<[T]> = read.await?.into();
        *self.lock() = Some((now, Arc::clone(&rows)));
        Ok(rows)
    }

    /// They are read anew: this process changed them.
    pub(super) fn forget(&self) {
        *self.lock() = None;
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    #[tokio::test]
    async fn rows_are_read_once_a_second_and_anew_when_they_changed() {
        let recent = Recent::default();
        let at = Timestamp::from_unix_millis;
        let ask = async |millis, row: u8| {
            recent.or_read(at(millis), async { Ok::<_, Infallible>(vec![row]) }).await.expect("read").to_vec()
        };
        assert_eq!(ask(5_000, 1).await, [1]);
        assert_eq!(ask(5_999, 2).await, [1], "within the second");
        assert_eq!(ask(6_000, 3).await, [3], "a second later");
        assert_eq!(ask(5_500, 4).await, [4], "the clock went back");
        recent.forget();
        assert_eq!(ask(5_501, 5).await, [5], "changed");
    }
}
