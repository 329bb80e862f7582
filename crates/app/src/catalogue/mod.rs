//! What the house sells, and what staff do with it.

pub mod answers;
pub mod brands;
pub mod imports;
pub mod locations;
pub mod pictures;
pub mod products;
pub mod search;
pub mod sellers;

use tokio::sync::{Mutex, Semaphore};

use crate::{App, Problem};

/// Uploads whose bytes are held in memory at once; past it, [`crate::Code::Busy`], at once.
const UPLOADS: usize = 8;

/// What the catalogue's use cases share in memory.
#[derive(Debug)]
pub struct Work {
    pub(crate) index: search::SearchIndex,
    uploads: Semaphore,
    /// One import is applied at a time.
    importing: Mutex<()>,
}

impl Work {
    /// # Errors
    /// When the search index cannot be made in memory.
    pub fn new() -> Result<Self, Problem> {
        let index = search::SearchIndex::new()?;
        Ok(Self { index, uploads: Semaphore::new(UPLOADS), importing: Mutex::new(()) })
    }
}

/// The catalogue's part of a start: what a stop interrupted is finished, and the search index is filled.
pub async fn start(app: &App) -> Result<(), Problem> {
    imports::finish(app).await?;
    search::rebuild(app).await
}
