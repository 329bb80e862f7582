//! Search over what the catalogue says of its products, in memory, rebuilt from the store at every start. The same on
//! both databases.

mod index;
mod words;

use kernel::{BrandId, ProductId};
use shop::catalogue::Status;

pub use index::SearchIndex;

use crate::ports::{ListProducts, ProductRow};
use crate::{App, Problem};

/// Products read at once while the index is filled.
const PAGE: u32 = 100;
/// A page of results never starts further down than this: nobody scrolls there.
pub const MAX_OFFSET: usize = 1_000;

/// What is looked for. An empty list of brands finds nothing.
#[derive(Clone, Debug)]
pub struct Looking<'a> {
    pub query: &'a str,
    pub status: Option<Status>,
    pub brands: Option<Vec<BrandId>>,
    pub category: Option<&'a str>,
    pub offset: usize,
    pub limit: usize,
}

/// The best first. Every word of the query must be found, the last one at least as a beginning.
pub(crate) async fn find(app: &App, looking: &Looking<'_>) -> Result<Vec<ProductId>, Problem> {
    app.catalogue.index.find(looking)
}

/// Makes these products findable as they are now.
pub(crate) async fn put(app: &App, rows: &[ProductRow]) -> Result<(), Problem> {
    let mut writing = app.catalogue.index.begin().await?;
    for row in rows {
        writing.put(row)?;
    }
    writing.commit().await
}

/// Reads the whole catalogue into the index. Changes wait until it is done.
pub(crate) async fn rebuild(app: &App) -> Result<(), Problem> {
    let mut writing = app.catalogue.index.begin().await?;
    let mut after = None;
    let mut count = 0;
    loop {
        let which = ListProducts { after, limit: PAGE, ..ListProducts::default() };
        let rows = app.ports.catalogue.list_products(which).await?;
        for row in &rows {
            writing.put(row)?;
        }
        count += rows.len();
        after = rows.last().map(|row| row.id);
        if after.is_none() {
            break;
        }
    }
    writing.commit().await?;
    tracing::debug!(count, "search index filled");
    Ok(())
}
