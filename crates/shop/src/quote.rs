//! What an order costs: the only pricing function, with every step of the sum kept.

use kernel::{Country, Currency, EntryId, Money, MoneyError, Texts, Timestamp, VariantId};
use serde::{Deserialize, Serialize};

use crate::price::{self, PriceVersion};
use crate::shipping::{self, ShippingRate};

/// The most pieces of one line.
pub const MAX_QUANTITY: u32 = 99;

/// Something to be priced: the variant, and every price that it ever had.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    pub variant: VariantId,
    /// 1 to [`MAX_QUANTITY`].
    pub quantity: u32,
    pub prices: &'a [PriceVersion],
    /// What one piece was promised at when it was claimed; the list price where that is lower.
    pub promised: Option<Money>,
}

/// Where it is delivered, and what that costs and adds.
#[derive(Clone, Copy, Debug)]
pub struct Market<'a> {
    pub country: Country,
    pub rates: &'a [ShippingRate],
    /// The rate that the buyer chose; the cheapest one otherwise.
    pub shipping: Option<EntryId>,
    pub tax: Tax,
}

/// How tax stands to the listed prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Tax {
    /// Prices hold it already; with its rate known, the part of it is said.
    Included { basis_points: Option<u32> },
    /// Prices hold none, and none is added.
    NotCharged,
    /// It is added to goods and shipping.
    Added { basis_points: u32 },
}

/// A price for who buys now: a drop's, a coupon's, a trivia win's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub id: EntryId,
    /// The one variant that it is for, or every line.
    pub variant: Option<VariantId>,
    pub effect: Effect,
    pub from: Timestamp,
    pub until: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Effect {
    /// Hundredths of a percent off the unit price, rounded half away from zero to the minor unit.
    PercentOff { basis_points: u32 },
    /// This unit price instead, in its own currency only, when it is lower.
    UnitPrice { unit: Money },
}

/// A priced line, as a claim freezes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotedLine {
    pub variant: VariantId,
    pub quantity: u32,
    /// What the price list says for one piece, and which version of it said so.
    pub listed: Money,
    pub price: EntryId,
    /// The offer that made `unit` lower than `listed`.
    pub offer: Option<EntryId>,
    pub unit: Money,
    pub total: Money,
    /// The price that may be struck out beside `unit`.
    pub was: Option<Money>,
}

/// The chosen way to send it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotedShipping {
    pub rate: EntryId,
    pub name: Texts,
    pub price: Money,
    pub days: (u16, u16),
}

/// The whole sum: `total = subtotal + shipping + tax where it is added`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    pub lines: Vec<QuotedLine>,
    pub subtotal: Money,
    /// `None` when nothing ships there; then no order can be made of it.
    pub shipping: Option<QuotedShipping>,
    pub tax_included: bool,
    /// The tax in or on top of the sum; `None` when its rate is not known.
    pub tax: Option<Money>,
    pub total: Money,
}

/// Why there is no price.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuoteError {
    #[error("no price in this currency: {0:?}")]
    NotSoldIn(Vec<VariantId>),
    #[error("a line is 1 to {MAX_QUANTITY} pieces")]
    Quantity(VariantId),
    #[error("{0} is not an offer's share: at most 10,000")]
    Share(u32),
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Prices `lines` for delivery in `market`, paid in `currency`, with the best of `offers` on each line.
/// Whole numbers throughout; never another currency's price converted.
pub fn quote(
    now: Timestamp,
    lines: &[Line<'_>],
    market: Market<'_>,
    currency: Currency,
    offers: &[Offer],
) -> Result<Quote, QuoteError> {
    let unpriced: Vec<VariantId> = lines
        .iter()
        .filter(|line| price::current(now, currency, line.prices).is_none())
        .map(|line| line.variant)
        .collect();
    if !unpriced.is_empty() {
        return Err(QuoteError::NotSoldIn(unpriced));
    }
    let lines: Vec<QuotedLine> =
        lines.iter().map(|line| quote_line(now, line, currency, offers)).collect::<Result<_, _>>()?;
    let subtotal = lines.iter().try_fold(Money::zero(currency), |sum, line| sum.plus(line.total))?;
    let options = shipping::options(market.rates, market.country, currency);
    let chosen = match market.shipping {
        Some(id) => options.iter().find(|rate| rate.id == id),
        None => options.first(),
    };
    let shipping = chosen.and_then(|rate| {
        let price = rate.price(currency)?;
        Some(QuotedShipping { rate: rate.id, name: rate.name.clone(), price, days: rate.days })
    });
    let taxed = subtotal.plus(shipping.as_ref().map_or(Money::zero(currency), |chosen| chosen.price))?;
    let (tax_included, tax, total) = match market.tax {
        Tax::Included { basis_points } => (true, basis_points.map(|bp| part_of(taxed, bp)).transpose()?, taxed),
        Tax::NotCharged => (false, None, taxed),
        Tax::Added { basis_points } => {
            let added = taxed.share(basis_points)?;
            (false, Some(added), taxed.plus(added)?)
        }
    };
    Ok(Quote { lines, subtotal, shipping, tax_included, tax, total })
}

fn quote_line(now: Timestamp, line: &Line<'_>, currency: Currency, offers: &[Offer]) -> Result<QuotedLine, QuoteError> {
    if !(1..=MAX_QUANTITY).contains(&line.quantity) {
        return Err(QuoteError::Quantity(line.variant));
    }
    let missing = || QuoteError::NotSoldIn(vec![line.variant]);
    let version = price::current(now, currency, line.prices).ok_or_else(missing)?;
    let listed = version.unit().ok_or_else(missing)?;
    let promised = line.promised.filter(|promised| promised.currency == currency && promised.minor < listed.minor);
    let (mut unit, mut offer) = (promised.unwrap_or(listed), None);
    for candidate in offers.iter().filter(|offer| offer.holds(now, line.variant)) {
        let offered = candidate.unit_for(listed)?;
        if offered.minor < unit.minor {
            (unit, offer) = (offered, Some(candidate.id));
        }
    }
    let total = unit.times(i64::from(line.quantity))?;
    let was = if unit.minor < listed.minor { Some(listed) } else { price::was(now, currency, line.prices) };
    Ok(QuotedLine {
        variant: line.variant,
        quantity: line.quantity,
        listed,
        price: version.id,
        offer,
        unit,
        total,
        was,
    })
}

impl Offer {
    fn holds(&self, now: Timestamp, variant: VariantId) -> bool {
        self.from <= now && now < self.until && self.variant.is_none_or(|only| only == variant)
    }

    fn unit_for(&self, listed: Money) -> Result<Money, QuoteError> {
        match self.effect {
            Effect::PercentOff { basis_points } if basis_points > 10_000 => Err(QuoteError::Share(basis_points)),
            Effect::PercentOff { basis_points } => Ok(listed.minus(listed.share(basis_points)?)?),
            Effect::UnitPrice { unit } if unit.currency == listed.currency && unit.minor >= 0 => Ok(unit),
            Effect::UnitPrice { .. } => Ok(listed),
        }
    }
}

/// The tax held in a gross amount, rounded half up to the minor unit: `gross × rate ÷ (1 + rate)`.
fn part_of(gross: Money, basis_points: u32) -> Result<Money, MoneyError> {
    let whole = 10_000 + i128::from(basis_points);
    let wide = i128::from(gross.minor) * i128::from(basis_points);
    let rounded = (2 * wide + whole).div_euclid(2 * whole);
    i64::try_from(rounded).map(|minor| Money::new(minor, gross.currency)).map_err(|_| MoneyError::Overflow)
}

#[cfg(test)]
mod tests;
