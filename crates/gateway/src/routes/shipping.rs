//! What sending costs, and how each country writes an address.

use app::Problem;
use app::till::rates::{self, RateDraft};
use axum::extract::State;
use kernel::{Country, EntryId};
use serde::{Deserialize, Serialize};
use shop::address::{self, Part, Postal, Region};
use shop::shipping::{ShippingRate, Zone};
use utoipa::ToSchema;

use crate::body::{Json, Path};
use crate::identity::Caller;
use crate::problem::{ProblemBody, Refused};
use crate::state::Gateway;
use crate::wire::{MoneyBody, TextsBody};

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RateBody {
    /// Without, the rate is new.
    #[serde(default)]
    id: Option<String>,
    /// A country's two letters, or `*` for every country without a rate of its own.
    country: String,
    name: TextsBody,
    /// One a currency.
    price: Vec<MoneyBody>,
    /// Working days, fewest and most.
    days: [u16; 2],
}

impl From<&ShippingRate> for RateBody {
    fn from(rate: &ShippingRate) -> Self {
        Self {
            id: Some(rate.id.to_string()),
            country: match rate.zone {
                Zone::Country(country) => country.to_string(),
                Zone::Elsewhere => "*".into(),
            },
            name: (&rate.name).into(),
            price: rate.prices.iter().copied().map(Into::into).collect(),
            days: [rate.days.0, rate.days.1],
        }
    }
}

fn draft(at: usize, body: RateBody) -> Result<RateDraft, Problem> {
    let field = |part: &str| format!("{at}.{part}");
    let zone = match body.country.as_str() {
        "*" => Zone::Elsewhere,
        code => Zone::Country(code.parse().map_err(|_| Problem::field(field("country"), "unknown_country"))?),
    };
    let id = body.id.as_deref().map(str::parse::<EntryId>).transpose();
    let id = id.map_err(|_| Problem::field(field("id"), "not_an_id"))?;
    let prices = body.price.iter().map(|price| price.money(&field("price"))).collect::<Result<_, _>>()?;
    // The id of a new rate is drawn by the use case.
    let known = id.unwrap_or_else(|| EntryId::mint(kernel::Timestamp::EPOCH, &mut kernel::Random::seeded(0)));
    let name = body.name.texts(&field("name"))?;
    let rate = ShippingRate { id: known, zone, name, prices, days: (body.days[0], body.days[1]) };
    Ok(RateDraft { id, rate })
}

/// What sending costs, everywhere.
#[utoipa::path(get, path = "/shipping-rates", tag = "till",
    responses((status = 200, body = Vec<RateBody>), (status = "default", body = ProblemBody)))]
pub(crate) async fn list(State(gateway): State<Gateway>) -> Result<axum::Json<Vec<RateBody>>, Refused> {
    let rates = rates::list(&gateway.app).await?;
    Ok(axum::Json(rates.iter().map(Into::into).collect()))
}

/// Replace all rates.
#[utoipa::path(put, path = "/shipping-rates", tag = "office", request_body = Vec<RateBody>,
    responses((status = 200, body = Vec<RateBody>), (status = "default", body = ProblemBody)))]
pub(crate) async fn keep(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Json(body): Json<Vec<RateBody>>,
) -> Result<axum::Json<Vec<RateBody>>, Refused> {
    let drafts = body.into_iter().enumerate().map(|(at, body)| draft(at, body)).collect::<Result<_, _>>()?;
    let kept = rates::keep(&gateway.app, &actor, drafts).await?;
    Ok(axum::Json(kept.iter().map(Into::into).collect()))
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AddressPartBody {
    /// `name`, `lines`, `city`, `region` or `postal_code`.
    part: String,
    needed: bool,
    /// Patterns that it must fit: `9` a digit, `A` a letter, anything else itself.
    like: Vec<String>,
}

/// A country's form of an address: its parts in the order in which the country writes them.
#[utoipa::path(get, path = "/address-forms/{country}", tag = "till", params(("country" = String, Path)),
    responses((status = 200, body = Vec<AddressPartBody>), (status = "default", body = ProblemBody)))]
pub(crate) async fn address_form(Path(country): Path<Country>) -> axum::Json<Vec<AddressPartBody>> {
    let form = address::of(country);
    let part = |part: &Part| {
        let (name, needed, like): (&str, bool, &[&str]) = match part {
            Part::Name => ("name", true, &[]),
            Part::Lines => ("lines", true, &[]),
            Part::City => ("city", form.region != Region::Optional, &[]),
            Part::Region if form.region == Region::Absent => return None,
            Part::Region => ("region", form.region == Region::Needed, &[]),
            Part::PostalCode => match form.postal {
                Postal::Absent => return None,
                Postal::Optional => ("postal_code", false, &[]),
                Postal::Pattern(patterns) => ("postal_code", true, patterns),
            },
        };
        Some(AddressPartBody { part: name.into(), needed, like: like.iter().map(ToString::to_string).collect() })
    };
    axum::Json(form.order.iter().filter_map(part).collect())
}
