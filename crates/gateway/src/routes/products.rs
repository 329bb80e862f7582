//! Products as buyers see them.

use app::catalogue::answers;
use app::catalogue::products::{self, Browse, Reader as Buyer};
use app::ports::ProductAnswer;
use axum::extract::State;
use kernel::{Language, ProductId};
use room::How;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::body::{Path, Query};
use crate::identity::Caller;
use crate::language::Reader;
use crate::problem::{ProblemBody, Refused};
use crate::state::Gateway;
use crate::wire::{BuyingQuery, ProductBody, ProductPage};

#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct ProductsQuery {
    /// Words in English or Chinese; without, the newest come first.
    query: Option<String>,
    category: Option<String>,
    /// A brand's id.
    brand: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// 1 to 100; 24 without.
    limit: Option<u32>,
    currency: Option<String>,
    country: Option<String>,
}

/// What a page of products shows for this reader: their language, then English.
pub(crate) fn buyer(reader: &Language, buying: &BuyingQuery) -> Result<Buyer, Refused> {
    let buying = buying.buying()?;
    let languages = vec![reader.clone(), Language::english()];
    Ok(Buyer { languages, currency: buying.currency, country: Some(buying.country) })
}

/// Active products: found by words, or the newest first.
#[utoipa::path(get, path = "/products", tag = "catalogue", params(ProductsQuery),
    responses((status = 200, body = ProductPage), (status = "default", body = ProblemBody)))]
pub(crate) async fn list(
    State(gateway): State<Gateway>,
    Reader(language): Reader,
    Query(query): Query<ProductsQuery>,
) -> Result<axum::Json<ProductPage>, Refused> {
    let reader = buyer(&language, &BuyingQuery::of(query.currency, query.country))?;
    let brand = query.brand.as_deref().filter(|id| !id.is_empty()).map(str::parse).transpose();
    let browse = Browse {
        query: query.query.unwrap_or_default(),
        category: query.category.filter(|category| !category.is_empty()),
        brand: brand.map_err(|_| app::Problem::field("brand", "not_found"))?,
        after: query.after.filter(|after| !after.is_empty()),
        limit: query.limit.unwrap_or(24),
    };
    let page = products::list(&gateway.app, &reader, &browse).await?;
    let items = page.items.into_iter().map(Into::into).collect();
    Ok(axum::Json(ProductPage { items, next: page.next }))
}

/// A product whole. Drafts and archived ones are seen by those who manage them.
#[utoipa::path(get, path = "/products/{id}", tag = "catalogue", params(("id" = String, Path), BuyingQuery),
    responses((status = 200, body = ProductBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn get(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Reader(language): Reader,
    Path(id): Path<ProductId>,
    Query(buying): Query<BuyingQuery>,
) -> Result<axum::Json<ProductBody>, Refused> {
    let reader = buyer(&language, &buying)?;
    let view = products::view(&gateway.app, &actor, &reader, id).await?;
    Ok(axum::Json(ProductBody::new(view, &language, &gateway.settings.public_url)))
}

/// What a viewer asked about a product in a show, and what the shop replied.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProductAnswerBody {
    question: String,
    /// Null where it was said on camera alone.
    answer: Option<String>,
    show_id: String,
    /// The product's number in that show.
    number: Option<u32>,
    /// When it was said, Unix milliseconds of the programme: the moment in the replay.
    at_ms: i64,
}

impl From<ProductAnswer> for ProductAnswerBody {
    fn from(ProductAnswer { show, at_ms, reply }: ProductAnswer) -> Self {
        let answer = (reply.how == How::Text).then_some(reply.text);
        Self { question: reply.question, answer, show_id: show.to_string(), number: reply.number, at_ms }
    }
}

/// What was asked about a product in its shows, the newest answers first, at most 20.
#[utoipa::path(get, path = "/products/{id}/answers", tag = "catalogue", params(("id" = String, Path)),
    responses((status = 200, body = Vec<ProductAnswerBody>), (status = "default", body = ProblemBody)))]
pub(crate) async fn answers(
    State(gateway): State<Gateway>,
    Path(id): Path<ProductId>,
) -> Result<axum::Json<Vec<ProductAnswerBody>>, Refused> {
    let answers = answers::of_product(&gateway.app, id).await?;
    Ok(axum::Json(answers.into_iter().map(Into::into).collect()))
}
