//! The basket, and what a variant would cost at the door.

use std::collections::{BTreeMap, BTreeSet};

use app::App;
use app::catalogue::products::{self, Free, Reader as Buyer};
use app::till::basket::{self, Put, Shown};
use app::till::price::{Buying, Priced, PricedLine, price};
use axum::extract::State;
use kernel::{Language, ProductId, ShowId, VariantId};
use serde::{Deserialize, Serialize};
use shop::basket::BasketLine;
use shop::offer::{Applied, Reduction, WhyNot};
use shop::order::ShowNumber;
use utoipa::{IntoParams, ToSchema};

use crate::body::{Json, Path, Query};
use crate::identity::Caller;
use crate::language::Reader;
use crate::problem::{ProblemBody, Refused};
use crate::state::Gateway;
use crate::wire::{BuyingQuery, MoneyBody, ProductCardBody, SellerBody, TextBody, text};

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TaxBody {
    /// Whether the listed prices hold it.
    included: bool,
    amount: Option<MoneyBody>,
    note: TextBody,
}

impl TaxBody {
    pub(crate) fn new(included: bool, amount: Option<kernel::Money>, reader: &Language) -> Self {
        let chinese = reader.is_chinese();
        let note = match (included, chinese) {
            (true, false) => "Tax is included. Import duty, if there is any, is paid on delivery.",
            (true, true) => "价格已含税。如有进口关税，收货时支付。",
            (false, false) => "No tax is added by the shop. Import duty, if there is any, is paid on delivery.",
            (false, true) => "本店不另加税。如有进口关税，收货时支付。",
        };
        let lang = if chinese { Language::chinese() } else { Language::english() };
        let note = kernel::Text { text: note.to_owned(), lang }.into();
        Self { included, amount: amount.map(Into::into), note }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShippingOptionBody {
    id: String,
    name: TextBody,
    price: MoneyBody,
    /// Working days, fewest and most.
    days: [u16; 2],
}

/// What an offer took off a line.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReductionBody {
    offer_id: String,
    name: String,
    off: MoneyBody,
}

impl ReductionBody {
    /// Of a line, with the names that the whole sum has.
    pub(crate) fn all(reductions: &[Reduction], offers: &[Applied], reader: &Language) -> Vec<Self> {
        let name =
            |id| offers.iter().find(|offer| offer.offer == id).map(|offer| text(&offer.name, reader).into_text());
        let body = |one: &Reduction| Self {
            offer_id: one.offer.to_string(),
            name: name(one.offer).unwrap_or_default(),
            off: one.off.into(),
        };
        reductions.iter().map(body).collect()
    }
}

/// An offer in the sum.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AppliedOfferBody {
    id: String,
    name: String,
    /// The code that brought it; null for one that counts by itself.
    code: Option<String>,
    /// What it took off goods and shipping together.
    off: MoneyBody,
}

impl AppliedOfferBody {
    pub(crate) fn new(applied: &Applied, reader: &Language) -> Self {
        Self {
            id: applied.offer.to_string(),
            name: text(&applied.name, reader).into_text(),
            code: applied.code.clone(),
            off: applied.off.into(),
        }
    }
}

/// A code that takes nothing off.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RefusedCodeBody {
    code: String,
    /// `unknown`, `not_yet`, `over`, `used_up`, `your_limit`, `nothing_fits`, `minimum`, `not_in_currency` or `other_is_better`.
    why: String,
    /// What is missing to the minimum.
    missing: Option<MoneyBody>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BasketLineBody {
    variant_id: String,
    /// With the prices of its list, whatever the basket was filled at.
    product: ProductCardBody,
    values: Vec<String>,
    quantity: u32,
    unit: Option<MoneyBody>,
    /// What offers took off, with which offer.
    reductions: Vec<ReductionBody>,
    /// `unit × quantity` less the reductions.
    line_total: Option<MoneyBody>,
    /// An offer gives it on top; it is in no basket.
    gift: bool,
    /// What a piece cost when the buyer put it in.
    agreed_unit: Option<MoneyBody>,
    /// The price rose since the buyer saw it: `POST /basket/accept-prices` first.
    needs_acceptance: bool,
    free: String,
    show_id: Option<String>,
    show_number: Option<u32>,
    /// `sold_out`, `stopped`, `not_sold_in_currency` or `not_shipped`.
    problem: Option<String>,
    /// Set for a claim that is paid from a tab: its pieces are held already.
    claim_id: Option<String>,
    held_until: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BasketBody {
    /// A checkout names it.
    version: i64,
    lines: Vec<BasketLineBody>,
    /// Who sells it; of several sellers, the first line's.
    seller: Option<SellerBody>,
    shipping_options: Vec<ShippingOptionBody>,
    shipping_id: Option<String>,
    /// Of the lines, with what offers took off.
    subtotal: Option<MoneyBody>,
    shipping: Option<MoneyBody>,
    tax: Option<TaxBody>,
    total: Option<MoneyBody>,
    /// The offers in the sum.
    offers: Vec<AppliedOfferBody>,
    refused_codes: Vec<RefusedCodeBody>,
    /// Staff buy in a rehearsal: no stock, no mail, no figures.
    rehearsal: bool,
}

fn line(line: &PricedLine, product: ProductCardBody, offers: &[Applied], reader: &Language) -> BasketLineBody {
    BasketLineBody {
        variant_id: line.wanted.variant.to_string(),
        product,
        values: line.goods.values.iter().map(|value| text(value, reader).into_text()).collect(),
        quantity: line.wanted.quantity,
        unit: line.unit.map(Into::into),
        reductions: ReductionBody::all(&line.reductions, offers, reader),
        line_total: line.total.map(Into::into),
        gift: line.gift,
        agreed_unit: line.agreed.map(Into::into),
        needs_acceptance: line.needs_acceptance,
        free: Free::of(line.free).as_str().into(),
        show_id: line.wanted.show.map(|at| at.show.to_string()),
        show_number: line.wanted.show.map(|at| at.number),
        problem: line.problem.map(|problem| problem.as_str().into()),
        claim_id: line.held.and_then(|held| held.claim).map(|claim| claim.to_string()),
        held_until: line.held.map(|held| held.until.to_string()),
    }
}

fn refused_code((code, why): &(String, WhyNot)) -> RefusedCodeBody {
    let missing = match why {
        WhyNot::Minimum(missing) => Some((*missing).into()),
        _ => None,
    };
    RefusedCodeBody { code: code.clone(), why: why.as_str().into(), missing }
}

pub(crate) async fn body(app: &App, shown: &Shown, buying: &Buying, reader: &Language) -> Result<BasketBody, Refused> {
    let Priced { lines, options, quote, rehearsal } = &shown.priced;
    let buyer = Buyer {
        languages: vec![reader.clone(), Language::english()],
        currency: buying.currency,
        country: Some(buying.country),
    };
    let ids: BTreeSet<ProductId> = lines.iter().map(|line| line.goods.product).collect();
    let cards = products::card_of(app, &buyer, &ids.into_iter().collect::<Vec<_>>()).await?;
    let cards: BTreeMap<ProductId, ProductCardBody> = cards.into_iter().map(|card| (card.id, card.into())).collect();
    let filled = !lines.is_empty();
    let option = |rate: &shop::shipping::ShippingRate| {
        let price = rate.price(buying.currency)?.into();
        let (fewest, most) = rate.days;
        Some(ShippingOptionBody {
            id: rate.id.to_string(),
            name: text(&rate.name, reader),
            price,
            days: [fewest, most],
        })
    };
    Ok(BasketBody {
        version: shown.version,
        lines: lines
            .iter()
            .filter_map(|priced| Some(line(priced, cards.get(&priced.goods.product)?.clone(), &quote.offers, reader)))
            .collect(),
        seller: lines.iter().find_map(|line| line.goods.seller.as_ref()).map(Into::into),
        shipping_options: options.iter().filter_map(option).collect(),
        shipping_id: quote.shipping.as_ref().map(|chosen| chosen.rate.to_string()),
        subtotal: filled.then(|| quote.subtotal.into()),
        shipping: quote.shipping.as_ref().filter(|_| filled).map(|chosen| chosen.price.into()),
        tax: filled.then(|| TaxBody::new(quote.tax_included, quote.tax, reader)),
        total: filled.then(|| quote.total.into()),
        offers: quote.offers.iter().map(|applied| AppliedOfferBody::new(applied, reader)).collect(),
        refused_codes: quote.refused.iter().filter(|_| filled).map(refused_code).collect(),
        rehearsal: *rehearsal,
    })
}

/// The basket as it would be bought now.
#[utoipa::path(get, path = "/basket", tag = "till", params(BuyingQuery),
    responses((status = 200, body = BasketBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn show(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Reader(reader): Reader,
    Query(query): Query<BuyingQuery>,
) -> Result<axum::Json<BasketBody>, Refused> {
    let buying = query.buying()?;
    let shown = basket::show(&gateway.app, &actor, &buying).await?;
    Ok(axum::Json(body(&gateway.app, &shown, &buying, &reader).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PutLineBody {
    /// 0 to 99; 0 takes the line out.
    quantity: u32,
    #[serde(default)]
    show_id: Option<String>,
    #[serde(default)]
    show_number: Option<u32>,
}

/// Put a variant into the basket, or change how many.
#[utoipa::path(put, path = "/basket/lines/{variant_id}", tag = "till", params(("variant_id" = String, Path), BuyingQuery),
    request_body = PutLineBody, responses((status = 200, body = BasketBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn put_line(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Reader(reader): Reader,
    Path(variant): Path<VariantId>,
    Query(query): Query<BuyingQuery>,
    Json(line): Json<PutLineBody>,
) -> Result<axum::Json<BasketBody>, Refused> {
    let buying = query.buying()?;
    let show: Option<ShowId> = match line.show_id.as_deref() {
        Some(id) => Some(id.parse().map_err(|_| app::Problem::field("show_id", "not_an_id"))?),
        None => None,
    };
    let show = show.zip(line.show_number).map(|(show, number)| ShowNumber { show, number });
    let put = Put { variant, quantity: line.quantity, show };
    let shown = basket::put(&gateway.app, &actor, put, &buying).await?;
    Ok(axum::Json(body(&gateway.app, &shown, &buying, &reader).await?))
}

/// Take a variant out of the basket.
#[utoipa::path(delete, path = "/basket/lines/{variant_id}", tag = "till", params(("variant_id" = String, Path), BuyingQuery),
    responses((status = 200, body = BasketBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn remove_line(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Reader(reader): Reader,
    Path(variant): Path<VariantId>,
    Query(query): Query<BuyingQuery>,
) -> Result<axum::Json<BasketBody>, Refused> {
    let buying = query.buying()?;
    let shown = basket::remove(&gateway.app, &actor, variant, &buying).await?;
    Ok(axum::Json(body(&gateway.app, &shown, &buying, &reader).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptPricesBody {
    /// Of the basket that the buyer saw.
    version: i64,
}

/// Agree to prices that rose since they were seen.
#[utoipa::path(post, path = "/basket/accept-prices", tag = "till", params(BuyingQuery), request_body = AcceptPricesBody,
    responses((status = 200, body = BasketBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn accept_prices(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Reader(reader): Reader,
    Query(query): Query<BuyingQuery>,
    Json(seen): Json<AcceptPricesBody>,
) -> Result<axum::Json<BasketBody>, Refused> {
    let buying = query.buying()?;
    let shown = basket::accept(&gateway.app, &actor, seen.version, &buying).await?;
    Ok(axum::Json(body(&gateway.app, &shown, &buying, &reader).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct QuoteQuery {
    variant_id: String,
    /// 1 without.
    quantity: Option<u32>,
    currency: Option<String>,
    country: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuoteBody {
    unit: MoneyBody,
    shipping: MoneyBody,
    tax: TaxBody,
    /// At the door, but for import duty.
    total: MoneyBody,
}

/// What a variant costs sent to the buyer's country.
#[utoipa::path(get, path = "/quote", tag = "till", params(QuoteQuery),
    responses((status = 200, body = QuoteBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn quote(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Reader(reader): Reader,
    Query(query): Query<QuoteQuery>,
) -> Result<axum::Json<QuoteBody>, Refused> {
    let variant: VariantId = query.variant_id.parse().map_err(|_| app::Problem::field("variant_id", "not_an_id"))?;
    let buying = BuyingQuery::of(query.currency, query.country).buying()?;
    let line = BasketLine { variant, quantity: query.quantity.unwrap_or(1), show: None, seen: None };
    let now = gateway.app.now();
    let priced = price(&gateway.app, &actor, now, &[line], &buying).await?;
    let found = priced.lines.first().filter(|line| line.on_sale).ok_or(app::Code::NotFound)?;
    let unit = found.unit.ok_or(app::Code::NotSoldInCurrency)?;
    let shipping = priced.quote.shipping.as_ref().ok_or(app::Code::NotShipped)?;
    Ok(axum::Json(QuoteBody {
        unit: unit.into(),
        shipping: shipping.price.into(),
        tax: TaxBody::new(priced.quote.tax_included, priced.quote.tax, &reader),
        total: priced.quote.total.into(),
    }))
}
