//! Prices what somebody means to buy: the facts are looked up here, the sum is [`shop::quote::quote`]'s.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kernel::{ClaimId, Country, Currency, EntryId, Money, ProductId, Timestamp, VariantId, ViewerId};
use shop::basket::{BasketLine, SeenPrice};
use shop::catalogue::{Status, tax_included};
use shop::offer::Reduction;
use shop::order::ShowNumber;
use shop::quote::{Line, Market, Quote, QuoteError, Tax, quote};
use shop::shipping::{self, ShippingRate};

use super::goods::{ForSale, for_sale};
use super::{offers, rates};
use crate::ports::{ShowSale, Standing};
use crate::{Actor, App, Code, Problem};

/// Where the buyer is and what they pay in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buying {
    pub currency: Currency,
    pub country: Country,
    pub shipping: Option<EntryId>,
    /// What was typed, as [`shop::offer::read_code`] writes it; at most [`shop::offer::MAX_CODES`].
    pub codes: Vec<String>,
}

/// Why a line cannot be bought as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineProblem {
    SoldOut,
    Stopped,
    NotSoldInCurrency,
    NotShipped,
}

impl LineProblem {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SoldOut => "sold_out",
            Self::Stopped => "stopped",
            Self::NotSoldInCurrency => "not_sold_in_currency",
            Self::NotShipped => "not_shipped",
        }
    }
}

/// A claim that is being paid, or made with the order: no pieces off the shelf, and a price that was promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// `None` for pieces of a drop that are claimed with the order itself.
    pub claim: Option<ClaimId>,
    /// As whom its buyer claimed.
    pub viewer: ViewerId,
    /// In the currency that is paid in; the list price where that is lower.
    pub promised: Option<Money>,
    pub until: Timestamp,
}

/// A line to price: out of a basket, or a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub line: BasketLine,
    pub held: Option<Held>,
    /// The offer that gives it on top.
    pub gift: Option<EntryId>,
}

impl Wanted {
    /// A line of a basket.
    #[must_use]
    pub const fn bought(line: BasketLine) -> Self {
        Self { line, held: None, gift: None }
    }
}

#[derive(Clone, Debug)]
pub struct PricedLine {
    pub wanted: BasketLine,
    /// Set for a claim on the buyer's tab.
    pub held: Option<Held>,
    pub goods: Arc<ForSale>,
    /// `None` when it is not sold in the currency.
    pub unit: Option<Money>,
    /// What offers took off.
    pub reductions: Vec<Reduction>,
    pub total: Option<Money>,
    /// An offer gives it on top: it is in no basket.
    pub gift: bool,
    /// What the buyer agreed to, where it costs more by now.
    pub agreed: Option<Money>,
    pub price: Option<SeenPrice>,
    pub needs_acceptance: bool,
    /// An active product, or a draft of a show that staff rehearse: nothing else goes into a basket.
    pub on_sale: bool,
    /// Pieces that could be claimed a moment ago.
    pub free: i64,
    pub problem: Option<LineProblem>,
}

/// A basket with all that a page shows of it.
#[derive(Clone, Debug)]
pub struct Priced {
    pub lines: Vec<PricedLine>,
    pub options: Vec<ShippingRate>,
    /// Over the lines that have a price in the currency.
    pub quote: Quote,
    /// Staff buy in a show that is rehearsing.
    pub rehearsal: bool,
}

impl Priced {
    /// The first line that cannot be bought.
    #[must_use]
    pub fn problem(&self) -> Option<LineProblem> {
        self.lines.iter().find_map(|line| line.problem)
    }
}

/// How tax stands to prices in a currency. Rates by country come with the tax tables; until then none is claimed.
const fn tax(included: bool) -> Tax {
    if included { Tax::Included { basis_points: None } } else { Tax::NotCharged }
}

/// Looks the lines up and prices them. Lines whose variant is gone are left out: a page cannot show them.
pub async fn price(
    app: &App,
    actor: &Actor,
    now: Timestamp,
    lines: &[BasketLine],
    buying: &Buying,
) -> Result<Priced, Problem> {
    let wanted: Vec<Wanted> = lines.iter().cloned().map(Wanted::bought).collect();
    price_all(app, actor, now, &wanted, buying).await
}

/// As [`price`], with claims among the lines.
pub async fn price_all(
    app: &App,
    actor: &Actor,
    now: Timestamp,
    wanted: &[Wanted],
    buying: &Buying,
) -> Result<Priced, Problem> {
    let choice = offers::choice(app, actor).await?;
    let gifts = if wanted.is_empty() { Vec::new() } else { choice.gifts(now, &buying.codes) };
    let gifts = gifts.into_iter().map(|(offer, variant, quantity)| {
        let line = BasketLine { variant, quantity, show: None, seen: None };
        Wanted { line, held: None, gift: Some(offer) }
    });
    let wanted: Vec<Wanted> = wanted.iter().cloned().chain(gifts).collect();
    let variants: BTreeSet<VariantId> = wanted.iter().map(|wanted| wanted.line.variant).collect();
    let variants: Vec<VariantId> = variants.into_iter().collect();
    let standing: BTreeMap<VariantId, Standing> =
        app.till.goods.standing(&variants).await?.into_iter().map(|variant| (variant.variant, variant)).collect();
    let goods = for_sale(app, &standing.values().copied().collect::<Vec<_>>()).await?;
    let rates = rates::current(app).await?;
    let shows: Vec<ShowNumber> = wanted.iter().filter_map(|wanted| wanted.line.show).collect();
    let sales = if shows.is_empty() { Vec::new() } else { app.till.goods.show_sales(&shows).await? };

    let options: Vec<ShippingRate> =
        shipping::options(&rates, buying.country, buying.currency).into_iter().cloned().collect();
    let mut found: Vec<(Wanted, Arc<ForSale>)> = Vec::new();
    for wanted in wanted {
        let Some(sale) = goods.get(&wanted.line.variant) else { continue };
        let free = standing.get(&wanted.line.variant).map_or(0, |now| now.free);
        let given = free >= i64::from(wanted.line.quantity) && sale.seller.is_some();
        if wanted.gift.is_none() || given {
            let show = wanted.line.show.filter(|at| sells(&sales, *at, sale.product));
            found.push((Wanted { line: BasketLine { show, ..wanted.line }, ..wanted }, Arc::clone(sale)));
        }
    }
    let sellable = |sale: &ForSale| shop::price::current(now, buying.currency, &sale.prices).is_some();
    let lines: Vec<Line<'_>> = found
        .iter()
        .filter(|(_, sale)| sellable(sale))
        .map(|(Wanted { line, held, gift }, sale)| Line {
            variant: line.variant,
            quantity: line.quantity,
            prices: &sale.prices,
            promised: held.and_then(|held| held.promised),
            product: sale.product,
            category: &sale.category,
            live: line.show.filter(|at| on_air(&sales, *at)).map(|at| at.show),
            gift: *gift,
        })
        .collect();
    let market = Market {
        country: buying.country,
        rates: &rates,
        shipping: buying.shipping,
        tax: tax(tax_included(buying.currency)),
    };
    let quote = quote(now, &lines, market, buying.currency, &choice.offered(), &buying.codes).map_err(unquotable)?;
    let rehearsal = actor.is_staff() && found.iter().any(|(wanted, _)| rehearsing(&sales, wanted.line.show));
    // The quote has the lines that are sold in the currency, in their order, and then those gifts that are due.
    let mut quoted = quote.lines.iter().peekable();
    let lines = found
        .into_iter()
        .filter_map(|(Wanted { line: wanted, held, gift }, goods)| {
            let own = match gift {
                None if sellable(&goods) => quoted.next(),
                None => None,
                Some(_) => Some(quoted.next_if(|line| line.gift == gift)?),
            };
            let now = standing.get(&wanted.variant);
            let (free, stopped) = now.map_or((0, false), |now| (now.free, now.stopped));
            let rehearsed = rehearsal && rehearsing(&sales, wanted.show);
            let on_sale = goods.status == Status::Active || (goods.status == Status::Draft && rehearsed);
            let unsellable = !on_sale || goods.seller.is_none() || stopped;
            let problem = if unsellable {
                Some(LineProblem::Stopped)
            } else if own.is_none() {
                Some(LineProblem::NotSoldInCurrency)
            } else if held.is_none() && free < i64::from(wanted.quantity) && !rehearsal {
                Some(LineProblem::SoldOut)
            } else if quote.shipping.is_none() {
                Some(LineProblem::NotShipped)
            } else {
                None
            };
            let dearer = own.is_some_and(|line| wanted.needs_acceptance(line.unit));
            Some(PricedLine {
                unit: own.map(|line| line.unit),
                reductions: own.map(|line| line.reductions.clone()).unwrap_or_default(),
                gift: gift.is_some(),
                total: own.map(|line| line.total),
                agreed: wanted.seen.map(|seen| seen.unit).filter(|_| dearer),
                price: own.map(|line| SeenPrice { price: line.price, unit: line.unit }),
                needs_acceptance: dearer,
                on_sale,
                free,
                problem,
                wanted,
                held,
                goods,
            })
        })
        .collect();
    Ok(Priced { lines, options, quote, rehearsal })
}

/// A show number is kept on a line only while it names the line's product.
fn sells(sales: &[ShowSale], at: ShowNumber, product: ProductId) -> bool {
    sales.iter().any(|sale| sale.at == at && sale.product == product)
}

fn on_air(sales: &[ShowSale], at: ShowNumber) -> bool {
    sales.iter().any(|sale| sale.at == at && sale.live)
}

fn rehearsing(sales: &[ShowSale], at: Option<ShowNumber>) -> bool {
    at.is_some_and(|at| sales.iter().any(|sale| sale.at == at && sale.rehearsing))
}

fn unquotable(error: QuoteError) -> Problem {
    match error {
        QuoteError::Quantity(_) => Problem::field("quantity", "out_of_range"),
        QuoteError::Money(_) => Problem::field("quantity", "too_large"),
        QuoteError::NotSoldIn(_) => Code::NotSoldInCurrency.into(),
    }
}
