use app::till::price::Buying;
use app::{Code, Problem};
use kernel::{Country, Currency, Money};
use serde::{Deserialize, Serialize};
use shop::offer::{MAX_CODE, MAX_CODES, read_code};
use utoipa::{IntoParams, ToSchema};

use crate::problem::Refused;

/// An amount in the smallest unit of its currency: 19,800 USD is US$198.00, 198 JPY is ¥198.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MoneyBody {
    amount_minor: i64,
    /// Three capital letters of ISO 4217.
    currency: String,
}

impl From<Money> for MoneyBody {
    fn from(money: Money) -> Self {
        Self { amount_minor: money.minor, currency: money.currency.to_string() }
    }
}

impl MoneyBody {
    /// The amount, or the problem with `field`.
    pub(crate) fn money(&self, field: &str) -> Result<Money, Problem> {
        let currency =
            self.currency.parse().map_err(|_| Problem::field(format!("{field}.currency"), "unknown_currency"))?;
        Ok(Money::new(self.amount_minor, currency))
    }
}

/// Where the buyer is and what they pay in; every priced address takes them.
#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct BuyingQuery {
    /// Three capital letters of ISO 4217; USD without.
    currency: Option<String>,
    /// Two capital letters of ISO 3166; US without.
    country: Option<String>,
    /// A shipping option's id; the cheapest one without.
    pub(crate) shipping_id: Option<String>,
    /// Codes of offers, with commas between; five at most count.
    pub(crate) codes: Option<String>,
}

/// Codes as they came, those that are none left as they are, so that they are refused by name.
pub(crate) fn codes<'a>(typed: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for typed in typed.into_iter().map(str::trim).filter(|typed| !typed.is_empty()) {
        let code = read_code(typed).unwrap_or_else(|| typed.chars().take(MAX_CODE).collect());
        if !codes.contains(&code) && codes.len() < MAX_CODES {
            codes.push(code);
        }
    }
    codes
}

impl BuyingQuery {
    pub(crate) const fn of(currency: Option<String>, country: Option<String>) -> Self {
        Self { currency, country, shipping_id: None, codes: None }
    }

    pub(crate) fn buying(&self) -> Result<Buying, Refused> {
        let currency: Currency = match &self.currency {
            Some(text) => text.parse().map_err(|_| Problem::field("currency", "unknown_currency"))?,
            None => Currency::USD,
        };
        let country: Country = match self.country.as_deref() {
            Some(text) => text.parse().map_err(|_| Problem::field("country", "unknown_country"))?,
            None => "US".parse().map_err(|_| Code::Internal)?,
        };
        let shipping = match self.shipping_id.as_deref().filter(|text| !text.is_empty()) {
            Some(text) => Some(text.parse().map_err(|_| Problem::field("shipping_id", "not_an_id"))?),
            None => None,
        };
        let codes = codes(self.codes.as_deref().unwrap_or_default().split(','));
        Ok(Buying { currency, country, shipping, codes })
    }
}
