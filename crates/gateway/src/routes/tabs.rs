//! A buyer's tab in a show: what is held for them, and what paying it together comes to.

use app::Problem;
use app::drops::tab;
use app::till::basket::Shown;
use axum::extract::State;
use kernel::ShowId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::body::{Json, Path};
use crate::identity::Caller;
use crate::language::Reader;
use crate::problem::{ProblemBody, Refused};
use crate::routes::basket::{BasketBody, body as priced};
use crate::state::Gateway;
use crate::wire::{BuyingQuery, ClaimBody, MoneyBody};

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LineBody {
    drop_id: String,
    /// The show number.
    number: u32,
    /// From 1, as it is now.
    place: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TabBody {
    /// Oldest first.
    claims: Vec<ClaimBody>,
    waiting: Vec<LineBody>,
    /// Of what is still to be paid; without sending.
    subtotal: Option<MoneyBody>,
    currency: Option<String>,
    server_now: String,
}

/// Your tab in this show. Empty for who has claimed nothing.
#[utoipa::path(get, path = "/shows/{id}/tab", tag = "drops", params(("id" = String, Path)),
    responses((status = 200, body = TabBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn show(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Caller(actor): Caller,
    Reader(reader): Reader,
) -> Result<axum::Json<TabBody>, Refused> {
    let tab = tab::tab(&gateway.app, &actor, id).await?;
    let body = |own: &tab::TabClaim| ClaimBody::new(&own.claim, &own.sale, own.picture, tab.now, &reader);
    let line =
        |waits: &tab::Waits| LineBody { drop_id: waits.drop.to_string(), number: waits.number, place: waits.place };
    Ok(axum::Json(TabBody {
        claims: tab.claims.iter().filter_map(body).collect(),
        waiting: tab.waiting.iter().map(line).collect(),
        subtotal: tab.subtotal.map(Into::into),
        currency: tab.subtotal.map(|sum| sum.currency.to_string()),
        server_now: tab.now.to_string(),
    }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TabQuoteBody {
    /// Which to pay; all that stand in this show without.
    #[serde(default)]
    claims: Option<Vec<String>>,
    currency: String,
    country: String,
    /// The cheapest one without.
    #[serde(default)]
    shipping_id: Option<String>,
    /// Codes of offers.
    #[serde(default)]
    codes: Vec<String>,
}

/// What paying the tab comes to, with one shipping charge. A checkout then names the same claims.
#[utoipa::path(post, path = "/shows/{id}/tab/quote", tag = "drops", params(("id" = String, Path)),
    request_body = TabQuoteBody,
    responses((status = 200, body = BasketBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn quote(
    State(gateway): State<Gateway>,
    Path(id): Path<ShowId>,
    Caller(actor): Caller,
    Reader(reader): Reader,
    Json(body): Json<TabQuoteBody>,
) -> Result<axum::Json<BasketBody>, Refused> {
    let mut query = BuyingQuery::of(Some(body.currency), Some(body.country));
    query.shipping_id = body.shipping_id;
    query.codes = Some(body.codes.join(","));
    let buying = query.buying()?;
    let claims = body.claims.map(|claims| {
        let read = claims.iter().map(|id| id.parse().map_err(|_| Problem::field("claims", "not_an_id")));
        read.collect::<Result<Vec<_>, _>>()
    });
    let quoted = tab::quote(&gateway.app, &actor, id, claims.transpose()?, &buying).await?;
    let shown = Shown { version: 0, priced: quoted };
    Ok(axum::Json(priced(&gateway.app, &shown, &buying, &reader).await?))
}
