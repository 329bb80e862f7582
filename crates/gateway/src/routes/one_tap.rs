//! One tap: what it would come to for a returning buyer, and the tap itself.

use app::ports::SandboxOutcome;
use app::till::checkout::Piece;
use app::till::one_tap::{self, Of, OneTap};
use app::till::order_key;
use app::{Code, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use kernel::{ClaimId, Currency, DropId, Language, ShowId, VariantId};
use serde::{Deserialize, Serialize};
use shop::basket::BasketLine;
use shop::order::ShowNumber;
use utoipa::{IntoParams, ToSchema};

use crate::body::{Json, Query};
use crate::identity::Caller;
use crate::language::Reader;
use crate::problem::{ProblemBody, Refused};
use crate::routes::basket::TaxBody;
use crate::routes::checkouts::CheckedOutBody;
use crate::routes::wallet::{SavedAddressBody, SavedMethodBody};
use crate::state::Gateway;
use crate::wire::{IdempotencyKey, MoneyBody, SellerBody};

/// One of three: a variant (with the show and number that it is bought in), pieces of a drop, or claims.
#[derive(Debug, Default, Serialize, Deserialize, IntoParams)]
pub(crate) struct OfQuery {
    variant_id: Option<String>,
    show_id: Option<String>,
    show_number: Option<u32>,
    drop_id: Option<String>,
    /// 1 without.
    quantity: Option<u32>,
    /// Ids with commas between.
    claims: Option<String>,
    currency: Option<String>,
}

/// An id of a query or body, under its name.
fn id<T: std::str::FromStr>(field: &'static str, text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| Problem::field(field, "not_an_id"))
}

impl OfQuery {
    fn of(&self) -> Result<Of, Problem> {
        let quantity = self.quantity.unwrap_or(1);
        if let Some(text) = &self.drop_id {
            let drop: DropId = id("drop_id", text)?;
            return Ok(Of::Piece(Piece::InDrop { drop, quantity }));
        }
        if let Some(text) = &self.variant_id {
            let variant: VariantId = id("variant_id", text)?;
            let show: Option<ShowId> = self.show_id.as_deref().map(|text| id("show_id", text)).transpose()?;
            let show = show.zip(self.show_number).map(|(show, number)| ShowNumber { show, number });
            return Ok(Of::Piece(Piece::Variant(BasketLine { variant, quantity, show, seen: None })));
        }
        let claims = self.claims.iter().flat_map(|text| text.split(',')).filter(|text| !text.is_empty());
        let claims: Vec<ClaimId> = claims.map(|text| id("claims", text)).collect::<Result<_, _>>()?;
        if claims.is_empty() { Err(Problem::field("claims", "missing")) } else { Ok(Of::Claims(claims)) }
    }

    fn currency(&self) -> Result<Currency, Problem> {
        let code = self.currency.as_deref().unwrap_or_default();
        code.parse().map_err(|_| Problem::field("currency", "unknown_currency"))
    }
}

/// What the button says, and what stands above it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TapBody {
    address: SavedAddressBody,
    method: SavedMethodBody,
    shipping_id: String,
    /// Of the goods, with what offers took off.
    subtotal: MoneyBody,
    shipping: MoneyBody,
    tax: TaxBody,
    /// At the door, but for import duty.
    total: MoneyBody,
    seller: Option<SellerBody>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TapOfferBody {
    /// Null where there is nothing to tap: nothing is saved, or it cannot be bought so. The ordinary checkout says why.
    tap: Option<TapBody>,
}

/// What one tap would come to. Null for who has not saved an address and a way to pay.
#[utoipa::path(get, path = "/one-tap", tag = "till", params(OfQuery),
    responses((status = 200, body = TapOfferBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn offered(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Reader(reader): Reader,
    Query(query): Query<OfQuery>,
) -> Result<axum::Json<TapOfferBody>, Refused> {
    let offered = one_tap::offered(&gateway.app, &actor, &query.of()?, query.currency()?).await?;
    let now = gateway.app.now();
    let tap = offered.filter(|offered| offered.priced.problem().is_none() && !offered.priced.lines.is_empty());
    let tap = tap.and_then(|offered| {
        let quote = offered.priced.quote;
        let shipping = quote.shipping?;
        Some(TapBody {
            seller: offered.priced.lines.iter().find_map(|line| line.goods.seller.as_ref()).map(Into::into),
            address: offered.address.into(),
            method: SavedMethodBody::new(offered.method, now),
            shipping_id: shipping.rate.to_string(),
            subtotal: quote.subtotal.into(),
            shipping: shipping.price.into(),
            tax: TaxBody::new(quote.tax_included, quote.tax, &reader),
            total: quote.total.into(),
        })
    });
    Ok(axum::Json(TapOfferBody { tap }))
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OneTapBody {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    variant_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    show_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    show_number: Option<u32>,
    /// Pieces of a drop that is open: claimed and paid at once. What was claimed and could not be paid is on the tab.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    drop_id: Option<String>,
    /// 1 without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    quantity: Option<u32>,
    /// Claims on the buyer's tab, paid in one order with one shipping charge.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    claims: Vec<String>,
    currency: String,
    /// Which of the saved ones.
    address_id: String,
    method_id: String,
    shipping_id: String,
    /// What the button said; another sum is refused as `price_changed`.
    expected_total: MoneyBody,
    /// The language to write to the buyer in.
    #[serde(default)]
    language: Option<String>,
    /// Sandbox only: `approve` (without it, too), `decline` or `challenge`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sandbox_outcome: Option<String>,
}

fn read(gateway: &Gateway, key: String, body: OneTapBody) -> Result<OneTap, Problem> {
    let request_hash = order_key::hash(serde_json::to_vec(&body).map_err(Problem::internal)?);
    let sandbox = match body.sandbox_outcome.as_deref().map(SandboxOutcome::parse) {
        None => None,
        Some(outcome @ Some(SandboxOutcome::Approve | SandboxOutcome::Decline | SandboxOutcome::Challenge)) => outcome,
        Some(_) => return Err(Problem::field("sandbox_outcome", "not_a_choice")),
    };
    let of = OfQuery {
        variant_id: body.variant_id,
        show_id: body.show_id,
        show_number: body.show_number,
        drop_id: body.drop_id,
        quantity: body.quantity,
        claims: Some(body.claims.join(",")),
        currency: Some(body.currency),
    };
    let language: Language =
        body.language.as_deref().unwrap_or("en").parse().map_err(|_| Problem::field("language", "unknown_language"))?;
    Ok(OneTap {
        idempotency_key: key,
        request_hash,
        of: of.of()?,
        currency: of.currency()?,
        address: id("address_id", &body.address_id)?,
        method: id("method_id", &body.method_id)?,
        shipping: id("shipping_id", &body.shipping_id)?,
        expected_total: body.expected_total.money("expected_total")?,
        language,
        sandbox,
        public_url: gateway.settings.public_url.clone(),
        merchant: gateway.settings.merchant(),
    })
}

/// Buy and pay with what is saved, in one request: claim or tab, order, payment. A bank that asks for the buyer first is the
/// one page that may come in between.
#[utoipa::path(post, path = "/one-tap", tag = "till", request_body = OneTapBody,
    params(("Idempotency-Key" = String, Header, description = "Of your choosing; the same key and body get the same answer")),
    responses((status = 201, body = CheckedOutBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn pay(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<OneTapBody>,
) -> Result<(StatusCode, axum::Json<CheckedOutBody>), Refused> {
    if actor.person.is_none() {
        return Err(Code::SignInFirst.into());
    }
    let tap = read(&gateway, key, body)?;
    let out = one_tap::pay(&gateway.app, &actor, tap).await?;
    Ok((StatusCode::CREATED, axum::Json(out.into())))
}
