//! The public list: by brand and category, or by words.

use kernel::{BrandId, ProductId};
use shop::catalogue::Status;

use super::card::{Card, Reader, cards, in_order};
use crate::catalogue::search::{self, Looking};
use crate::ports::{ListProducts, ProductRow};
use crate::{App, Code, Problem};

#[derive(Clone, Debug, Default)]
pub struct Browse {
    /// Words to look for; empty: everything, newest first.
    pub query: String,
    pub category: Option<String>,
    pub brand: Option<BrandId>,
    pub after: Option<String>,
    /// 1 to 100.
    pub limit: u32,
}

#[derive(Clone, Debug)]
pub struct Page {
    pub items: Vec<Card>,
    pub next: Option<String>,
}

/// A page of active products.
pub async fn list(app: &App, reader: &Reader, browse: &Browse) -> Result<Page, Problem> {
    let brands = browse.brand.map(|brand| vec![brand]);
    let (rows, next) = rows(app, browse, Some(Status::Active), brands).await?;
    Ok(Page { items: cards(app, reader, &rows).await?, next })
}

/// The rows of a page, and where the next begins: an id in a list, a number of results in a search.
pub(super) async fn rows(
    app: &App,
    browse: &Browse,
    status: Option<Status>,
    brands: Option<Vec<BrandId>>,
) -> Result<(Vec<ProductRow>, Option<String>), Problem> {
    let limit = browse.limit.clamp(1, 100);
    if browse.query.trim().is_empty() {
        let after: Option<ProductId> =
            browse.after.as_deref().map(str::parse).transpose().map_err(|_| Code::BadRequest)?;
        let category = browse.category.clone();
        let which = ListProducts { status, brands, category, after, limit: limit + 1 };
        let mut rows = app.ports.catalogue.list_products(which).await?;
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = rows.last().filter(|_| more).map(|row| row.id.to_string());
        return Ok((rows, next));
    }
    let offset: usize =
        browse.after.as_deref().map(str::parse).transpose().map_err(|_| Code::BadRequest)?.unwrap_or_default();
    let category = browse.category.as_deref();
    let looking = Looking { query: &browse.query, status, brands, category, offset, limit: limit as usize + 1 };
    let mut ids = search::find(app, &looking).await?;
    let more = ids.len() > limit as usize;
    ids.truncate(limit as usize);
    let mut rows = in_order(&ids, app.ports.catalogue.products(&ids).await?);
    // The index may be a moment behind the store.
    rows.retain(|row| status.is_none_or(|status| row.product.status == status));
    Ok((rows, more.then(|| (offset + limit as usize).to_string())))
}
