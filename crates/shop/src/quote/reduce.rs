//! What offers take off: every way to combine them is tried, and the buyer gets the one that costs least.
//!
//! Within a combination they count in one order: other prices, bundles, percentages, amounts, shipping, gifts; among equals by
//! their ids. Each takes from what the ones before it left. A percentage is rounded half away from zero to the minor unit for
//! each line; an amount is spread over its lines in proportion to what is left of them, what the division leaves over going
//! one unit each to the first lines.

use std::collections::BTreeMap;

use kernel::{Currency, EntryId, Money, MoneyError, ProductId, ShowId};

use crate::offer::{Gives, Offer, Offered, Reduction, WhyNot, amount_in};

/// A line as offers see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Goods<'a> {
    pub(super) product: ProductId,
    pub(super) category: &'a str,
    /// The live show that it is bought from.
    pub(super) live: Option<ShowId>,
    /// A drop or an earlier promise made it cheaper.
    pub(super) promised: bool,
    pub(super) unit: i64,
    pub(super) quantity: i64,
}

impl Goods<'_> {
    const fn worth(&self) -> i64 {
        self.unit.saturating_mul(self.quantity)
    }
}

/// What one combination comes to.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcome {
    /// By line.
    pub(super) reductions: Vec<Vec<Reduction>>,
    pub(super) shipping_off: Option<Reduction>,
    /// Offers whose gifts are due.
    pub(super) gifts: Vec<EntryId>,
    saved: i64,
}

/// The combination that costs least; of two that cost the same, the one with more offers, then the first.
pub(super) fn best(
    goods: &[Goods<'_>],
    shipping: i64,
    currency: Currency,
    open: &[&Offer],
) -> Result<Outcome, MoneyError> {
    let together: Vec<&Offer> = open.iter().copied().filter(|offer| offer.combinable).collect();
    let mut best = combined(goods, shipping, currency, &together)?;
    for alone in open.iter().copied().filter(|offer| !offer.combinable) {
        let outcome = combined(goods, shipping, currency, &[alone])?;
        if outcome.saved > best.saved || (outcome.saved == best.saved && !best.any() && outcome.any()) {
            best = outcome;
        }
    }
    Ok(best)
}

impl Outcome {
    fn any(&self) -> bool {
        self.saved > 0 || !self.gifts.is_empty()
    }
}

const fn rank(gives: &Gives) -> u8 {
    match gives {
        Gives::Price { .. } => 0,
        Gives::Bundle { .. } => 1,
        Gives::Percent { .. } => 2,
        Gives::Amount { .. } => 3,
        Gives::FreeShipping => 4,
        Gives::Gift { .. } => 5,
    }
}

fn combined(goods: &[Goods<'_>], shipping: i64, currency: Currency, offers: &[&Offer]) -> Result<Outcome, MoneyError> {
    let mut sorted = offers.to_vec();
    sorted.sort_by_key(|offer| (rank(&offer.gives), offer.id));
    let mut left: Vec<i64> = goods.iter().map(Goods::worth).collect();
    let mut outcome = Outcome { reductions: vec![Vec::new(); goods.len()], ..Outcome::default() };
    for offer in sorted {
        if short(goods, currency, offer).is_some() {
            continue;
        }
        let fits: Vec<usize> = (0..goods.len()).filter(|at| suits(&goods[*at], offer)).collect();
        let off = match &offer.gives {
            Gives::FreeShipping => {
                if shipping > 0 && outcome.shipping_off.is_none() && !fits.is_empty() {
                    outcome.shipping_off = Some(Reduction { offer: offer.id, off: Money::new(shipping, currency) });
                    outcome.saved += shipping;
                }
                continue;
            }
            Gives::Gift { .. } => {
                if !fits.is_empty() {
                    outcome.gifts.push(offer.id);
                }
                continue;
            }
            Gives::Price { unit } => other_price(goods, &left, &fits, amount_in(unit, currency)),
            Gives::Bundle { products, price } => bundles(goods, &left, &fits, products, amount_in(price, currency)),
            Gives::Percent { basis_points } => {
                let share = |at: &usize| Ok((*at, Money::new(left[*at], currency).share(*basis_points)?.minor));
                fits.iter().map(share).collect::<Result<_, MoneyError>>()?
            }
            Gives::Amount { off } => spread(&left, &fits, amount_in(off, currency).map_or(0, |off| off.minor)),
        };
        for (at, minor) in off {
            let minor = minor.clamp(0, left[at]);
            if minor > 0 {
                left[at] -= minor;
                outcome.saved += minor;
                outcome.reductions[at].push(Reduction { offer: offer.id, off: Money::new(minor, currency) });
            }
        }
    }
    Ok(outcome)
}

/// Whether a line is what an offer is for.
fn suits(line: &Goods<'_>, offer: &Offer) -> bool {
    let scope = &offer.scope;
    let of = |empty: bool, named: bool| empty || named;
    of(scope.categories.is_empty(), scope.categories.iter().any(|category| category == line.category))
        && of(scope.products.is_empty(), scope.products.contains(&line.product))
        && scope.show.is_none_or(|show| line.live == Some(show))
        && (offer.combinable || !line.promised)
}

/// Why the goods do not reach an offer, if they do not.
fn short(goods: &[Goods<'_>], currency: Currency, offer: &Offer) -> Option<WhyNot> {
    let fits: Vec<&Goods<'_>> = goods.iter().filter(|line| suits(line, offer)).collect();
    let amounts = match &offer.gives {
        Gives::Price { unit: amounts } | Gives::Bundle { price: amounts, .. } | Gives::Amount { off: amounts } => {
            Some(amounts)
        }
        _ => None,
    };
    let foreign = |amounts: &[Money]| !amounts.is_empty() && amount_in(amounts, currency).is_none();
    if amounts.is_some_and(|amounts| foreign(amounts)) || foreign(&offer.minimum) {
        return Some(WhyNot::NotInCurrency);
    }
    if fits.is_empty() {
        return Some(WhyNot::NothingFits);
    }
    let worth = fits.iter().fold(0i64, |sum, line| sum.saturating_add(line.worth()));
    let missing = amount_in(&offer.minimum, currency).map_or(0, |least| least.minor - worth);
    (missing > 0).then(|| WhyNot::Minimum(Money::new(missing, currency)))
}

fn other_price(goods: &[Goods<'_>], left: &[i64], fits: &[usize], unit: Option<Money>) -> Vec<(usize, i64)> {
    let Some(unit) = unit else { return Vec::new() };
    let off = |at: &usize| (*at, left[*at].saturating_sub(unit.minor.saturating_mul(goods[*at].quantity)));
    fits.iter().map(off).collect()
}

/// Whole bundles out of the pieces that fit, in the order of the lines.
fn bundles(
    goods: &[Goods<'_>],
    left: &[i64],
    fits: &[usize],
    products: &[ProductId],
    price: Option<Money>,
) -> Vec<(usize, i64)> {
    let Some(price) = price else { return Vec::new() };
    let mut needed: BTreeMap<ProductId, usize> = BTreeMap::new();
    products.iter().for_each(|product| *needed.entry(*product).or_default() += 1);
    // The lines of each product's pieces, one entry a piece.
    let pieces: BTreeMap<ProductId, Vec<usize>> = needed
        .keys()
        .map(|product| {
            let own = fits.iter().filter(|at| goods[**at].product == *product);
            let each = own.flat_map(|at| std::iter::repeat_n(*at, usize::try_from(goods[*at].quantity).unwrap_or(0)));
            (*product, each.collect())
        })
        .collect();
    let sets = needed.iter().map(|(product, count)| pieces[product].len() / count).min().unwrap_or(0);
    let mut off: BTreeMap<usize, i64> = BTreeMap::new();
    for set in 0..sets {
        let mut lines: Vec<usize> = needed
            .iter()
            .flat_map(|(product, count)| &pieces[product][set * count..(set + 1) * count])
            .copied()
            .collect();
        lines.sort_unstable();
        let worth: Vec<i64> = lines.iter().map(|at| left[*at] / goods[*at].quantity.max(1)).collect();
        let saved = worth.iter().sum::<i64>() - price.minor;
        let all: Vec<usize> = (0..lines.len()).collect();
        for (piece, minor) in spread(&worth, &all, saved) {
            *off.entry(lines[piece]).or_default() += minor;
        }
    }
    off.into_iter().collect()
}

/// An amount over these lines, in proportion to what is left of them, to the unit.
pub(crate) fn spread(left: &[i64], fits: &[usize], off: i64) -> Vec<(usize, i64)> {
    let whole: i128 = fits.iter().map(|at| i128::from(left[*at])).sum();
    let off = i128::from(off.max(0)).min(whole);
    if whole == 0 || off == 0 {
        return Vec::new();
    }
    let mut parts: Vec<(usize, i128)> = fits.iter().map(|at| (*at, off * i128::from(left[*at]) / whole)).collect();
    let mut over = off - parts.iter().map(|(_, part)| part).sum::<i128>();
    for (at, part) in &mut parts {
        if over > 0 && *part < i128::from(left[*at]) {
            (*part, over) = (*part + 1, over - 1);
        }
    }
    parts.into_iter().filter_map(|(at, part)| Some((at, i64::try_from(part).ok()?))).collect()
}

/// Why a code's offer takes nothing off what the best combination left.
pub(super) fn why_not(
    goods: &[Goods<'_>],
    shipping: i64,
    currency: Currency,
    offer: &Offer,
) -> Result<WhyNot, MoneyError> {
    if let Some(why) = short(goods, currency, offer) {
        return Ok(why);
    }
    let alone = combined(goods, shipping, currency, &[offer])?;
    Ok(if alone.any() { WhyNot::OtherIsBetter } else { WhyNot::NothingFits })
}

/// Why an offer does not count for this buyer now.
pub(super) fn spent(offered: &Offered<'_>) -> Option<WhyNot> {
    let reached = |limit: Option<u32>, used: i64| limit.is_some_and(|limit| used >= i64::from(limit));
    if reached(offered.offer.uses, offered.used) {
        Some(WhyNot::UsedUp)
    } else if reached(offered.offer.per_buyer, offered.own) {
        Some(WhyNot::YourLimit)
    } else {
        None
    }
}
