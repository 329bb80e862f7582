//! What an order costs: the only pricing function, with every step of the sum kept.

use kernel::{Country, Currency, EntryId, Money, MoneyError, ProductId, ShowId, Texts, Timestamp, VariantId};
use serde::{Deserialize, Serialize};

use crate::offer::{Applied, Offer, Offered, Reduction, WhyNot};
use crate::price::{self, PriceVersion};
use crate::shipping::{self, ShippingRate};

mod reduce;

pub(crate) use reduce::spread;

use reduce::Goods;

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
    pub product: ProductId,
    pub category: &'a str,
    /// The show that it is bought from, while that is live.
    pub live: Option<ShowId>,
    /// A gift of this offer: in the sum only where the offer counts, and for nothing.
    pub gift: Option<EntryId>,
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

/// A priced line, as a claim freezes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotedLine {
    pub variant: VariantId,
    pub quantity: u32,
    /// What the price list says for one piece, and which version of it said so.
    pub listed: Money,
    pub price: EntryId,
    pub unit: Money,
    /// What offers took off `unit × quantity`, in the order in which they count.
    pub reductions: Vec<Reduction>,
    /// `unit × quantity` less the reductions.
    pub total: Money,
    /// The offer that gives it on top.
    pub gift: Option<EntryId>,
    /// The price that may be struck out beside `unit`.
    pub was: Option<Money>,
}

/// The chosen way to send it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotedShipping {
    pub rate: EntryId,
    pub name: Texts,
    /// With what an offer takes off it.
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
    /// The offers in the sum, in the order in which they count.
    pub offers: Vec<Applied>,
    /// Codes that take nothing off, each with the reason.
    pub refused: Vec<(String, WhyNot)>,
}

/// Why there is no price.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuoteError {
    #[error("no price in this currency: {0:?}")]
    NotSoldIn(Vec<VariantId>),
    #[error("a line is 1 to {MAX_QUANTITY} pieces")]
    Quantity(VariantId),
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Prices `lines` for delivery in `market`, paid in `currency`, with the combination of `offers` that costs the buyer least: of
/// those that count by themselves, and those whose `codes` were typed. Whole numbers throughout; never another currency's
/// price converted.
pub fn quote(
    now: Timestamp,
    lines: &[Line<'_>],
    market: Market<'_>,
    currency: Currency,
    offers: &[Offered<'_>],
    codes: &[String],
) -> Result<Quote, QuoteError> {
    let unpriced: Vec<VariantId> = lines
        .iter()
        .filter(|line| price::current(now, currency, line.prices).is_none())
        .map(|line| line.variant)
        .collect();
    if !unpriced.is_empty() {
        return Err(QuoteError::NotSoldIn(unpriced));
    }
    let quoted: Vec<QuotedLine> = lines.iter().map(|line| quote_line(now, line, currency)).collect::<Result<_, _>>()?;
    let (mut own, mut gifts) = (Vec::new(), Vec::new());
    for (line, quoted) in lines.iter().zip(quoted) {
        if line.gift.is_some() { gifts.push(quoted) } else { own.push((*line, quoted)) }
    }
    let options = shipping::options(market.rates, market.country, currency);
    let chosen = match market.shipping {
        Some(id) => options.iter().find(|rate| rate.id == id),
        None => options.first(),
    };
    let mut shipping = chosen.and_then(|rate| {
        let price = rate.price(currency)?;
        Some(QuotedShipping { rate: rate.id, name: rate.name.clone(), price, days: rate.days })
    });

    let goods: Vec<Goods<'_>> = own.iter().map(|(line, quoted)| goods(line, quoted)).collect();
    let sending = shipping.as_ref().map_or(0, |chosen| chosen.price.minor);
    let typed = |offer: &Offer| offer.code.as_ref().is_none_or(|code| codes.contains(code));
    let open: Vec<&Offer> = offers
        .iter()
        .filter(|one| typed(one.offer) && one.offer.closed(now).is_none() && reduce::spent(one).is_none())
        .map(|one| one.offer)
        .collect();
    let outcome = reduce::best(&goods, sending, currency, &open)?;
    let mut lines: Vec<QuotedLine> = Vec::with_capacity(own.len());
    for ((_, quoted), reductions) in own.into_iter().zip(&outcome.reductions) {
        let off = reductions.iter().try_fold(Money::zero(currency), |sum, one| sum.plus(one.off))?;
        lines.push(QuotedLine { reductions: reductions.clone(), total: quoted.total.minus(off)?, ..quoted });
    }
    for gift in gifts {
        let Some(offer) = gift.gift.filter(|offer| outcome.gifts.contains(offer)) else { continue };
        let reductions = vec![Reduction { offer, off: gift.total }];
        lines.push(QuotedLine { reductions, total: Money::zero(currency), ..gift });
    }
    if let (Some(chosen), Some(off)) = (&mut shipping, outcome.shipping_off) {
        chosen.price = chosen.price.minus(off.off)?;
    }
    let subtotal = lines.iter().try_fold(Money::zero(currency), |sum, line| sum.plus(line.total))?;
    let taxed = subtotal.plus(shipping.as_ref().map_or(Money::zero(currency), |chosen| chosen.price))?;
    let (tax_included, tax, total) = match market.tax {
        Tax::Included { basis_points } => (true, basis_points.map(|bp| part_of(taxed, bp)).transpose()?, taxed),
        Tax::NotCharged => (false, None, taxed),
        Tax::Added { basis_points } => {
            let added = taxed.share(basis_points)?;
            (false, Some(added), taxed.plus(added)?)
        }
    };
    let offers_in = applied(&open, &lines, outcome.shipping_off, currency)?;
    let mut refused = Vec::new();
    for code in codes.iter().filter(|code| offers_in.iter().all(|one| one.code.as_ref() != Some(*code))) {
        let why = match offers.iter().find(|one| one.offer.code.as_ref() == Some(code)) {
            None => WhyNot::Unknown,
            Some(known) => match known.offer.closed(now).or_else(|| reduce::spent(known)) {
                Some(why) => why,
                None => reduce::why_not(&goods, sending, currency, known.offer)?,
            },
        };
        refused.push((code.clone(), why));
    }
    Ok(Quote { lines, subtotal, shipping, tax_included, tax, total, offers: offers_in, refused })
}

/// The offers that took something off, each with all of it.
fn applied(
    open: &[&Offer],
    lines: &[QuotedLine],
    shipping_off: Option<Reduction>,
    currency: Currency,
) -> Result<Vec<Applied>, MoneyError> {
    let every = || lines.iter().flat_map(|line| &line.reductions).chain(&shipping_off);
    let mut found = Vec::new();
    for offer in open {
        let mut own = every().filter(|one| one.offer == offer.id).peekable();
        if own.peek().is_some() {
            let off = own.try_fold(Money::zero(currency), |sum, one| sum.plus(one.off))?;
            let (name, code, limited) = (offer.name.clone(), offer.code.clone(), offer.limited());
            found.push(Applied { offer: offer.id, name, code, off, limited });
        }
    }
    Ok(found)
}

fn goods<'a>(line: &Line<'a>, quoted: &QuotedLine) -> Goods<'a> {
    Goods {
        product: line.product,
        category: line.category,
        live: line.live,
        promised: quoted.unit.minor < quoted.listed.minor,
        unit: quoted.unit.minor,
        quantity: i64::from(line.quantity),
    }
}

fn quote_line(now: Timestamp, line: &Line<'_>, currency: Currency) -> Result<QuotedLine, QuoteError> {
    if !(1..=MAX_QUANTITY).contains(&line.quantity) {
        return Err(QuoteError::Quantity(line.variant));
    }
    let missing = || QuoteError::NotSoldIn(vec![line.variant]);
    let version = price::current(now, currency, line.prices).ok_or_else(missing)?;
    let listed = version.unit().ok_or_else(missing)?;
    let promised = line.promised.filter(|promised| promised.currency == currency && promised.minor < listed.minor);
    let unit = promised.unwrap_or(listed);
    let total = unit.times(i64::from(line.quantity))?;
    let was = if unit.minor < listed.minor { Some(listed) } else { price::was(now, currency, line.prices) };
    Ok(QuotedLine {
        variant: line.variant,
        quantity: line.quantity,
        listed,
        price: version.id,
        unit,
        reductions: Vec::new(),
        total,
        gift: line.gift,
        was,
    })
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
