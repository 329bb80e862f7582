/// Why a store did not do what it was asked. Whoever gets one knows that nothing of the call is durable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The queue in front of the store is full: try again in a second.
    #[error("the store has more to do than its queue holds")]
    Busy,
    /// The row's version is no longer the one that the caller read.
    #[error("the row changed since it was read")]
    Changed,
    /// A UNIQUE constraint said no.
    #[error("already there: {0}")]
    Duplicate(String),
    /// Anything else: the disk, the connection, a defect of ours.
    #[error("{0}")]
    Failed(String),
}
