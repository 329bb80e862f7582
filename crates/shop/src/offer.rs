//! Offers: what makes something cost less than its list says, by itself or by a code, for a while and so many times.

use kernel::{Currency, EntryId, Money, ProductId, ShowId, Texts, Timestamp, VariantId};
use serde::{Deserialize, Serialize};

/// Longest code, in characters.
pub const MAX_CODE: usize = 24;
/// Codes that count in one order.
pub const MAX_CODES: usize = 5;
/// Products of a bundle; pieces of a gift.
pub const MAX_BUNDLE: usize = 10;
pub const MAX_GIFT: u32 = 5;

/// Stored: fields are only ever added, with a default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub id: EntryId,
    /// As the receipt names it.
    pub name: Texts,
    /// What a buyer types, as [`read_code`] writes it. `None`: it counts by itself.
    pub code: Option<String>,
    pub gives: Gives,
    pub scope: Scope,
    /// What the goods that it is for must come to before anything is taken off, one a currency. Empty: nothing. Where there
    /// is one, it holds in those currencies only.
    pub minimum: Vec<Money>,
    pub from: Timestamp,
    /// `None` is until it is stopped.
    pub until: Option<Timestamp>,
    /// Orders that it counts in, in all and for one buyer.
    pub uses: Option<u32>,
    pub per_buyer: Option<u32>,
    /// Whether it counts together with others, and on what a drop or an earlier promise made cheaper.
    pub combinable: bool,
    pub stopped: bool,
}

/// What an offer gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Gives {
    /// Another price for each piece, one a currency, where it is lower.
    Price {
        unit: Vec<Money>,
    },
    /// One of each of the products for a price together; one named twice is two pieces.
    Bundle {
        products: Vec<ProductId>,
        price: Vec<Money>,
    },
    /// Hundredths of a percent, 1 to 10,000.
    Percent {
        basis_points: u32,
    },
    /// An amount off all of it together, one a currency.
    Amount {
        off: Vec<Money>,
    },
    FreeShipping,
    /// Pieces of a variant on top, for nothing, as long as there are some.
    Gift {
        variant: VariantId,
        quantity: u32,
    },
}

/// What an offer is for; where nothing is named, everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    pub categories: Vec<String>,
    pub products: Vec<ProductId>,
    /// Only what is bought from this show while it is live.
    pub show: Option<ShowId>,
}

/// A part of an offer that cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OfferFault {
    Name,
    Code,
    Share,
    /// No amount, one below zero, or two of a currency.
    Amount,
    Minimum,
    Bundle,
    Gift,
    Window,
    Uses,
    PerBuyer,
}

/// An offer, and how often it was used: in all, and by who asks.
#[derive(Clone, Copy, Debug)]
pub struct Offered<'a> {
    pub offer: &'a Offer,
    pub used: i64,
    pub own: i64,
}

/// An offer in a sum, as the order keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    pub offer: EntryId,
    pub name: Texts,
    pub code: Option<String>,
    /// What it took off, goods and shipping together.
    pub off: Money,
    /// It counts against a limit, which the till keeps.
    pub limited: bool,
}

/// What an offer took off a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reduction {
    pub offer: EntryId,
    pub off: Money,
}

/// Why a code takes nothing off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyNot {
    Unknown,
    NotYet,
    Over,
    UsedUp,
    /// The buyer has used it as often as one may.
    YourLimit,
    /// Nothing in the order is what it is for, or has a price of its own already.
    NothingFits,
    /// So much is missing.
    Minimum(Money),
    NotInCurrency,
    /// Another offer that it does not go together with saves more.
    OtherIsBetter,
}

impl WhyNot {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::NotYet => "not_yet",
            Self::Over => "over",
            Self::UsedUp => "used_up",
            Self::YourLimit => "your_limit",
            Self::NothingFits => "nothing_fits",
            Self::Minimum(_) => "minimum",
            Self::NotInCurrency => "not_in_currency",
            Self::OtherIsBetter => "other_is_better",
        }
    }
}

/// A code as it is kept: capital letters, digits and dashes, however it was typed; `None` for what is no code.
#[must_use]
pub fn read_code(typed: &str) -> Option<String> {
    let folded = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        other => other,
    };
    let code: String = typed.chars().map(folded).filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
    let good = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    ((1..=MAX_CODE).contains(&code.chars().count()) && code.chars().all(good)).then_some(code)
}

pub(crate) fn amount_in(amounts: &[Money], currency: Currency) -> Option<Money> {
    amounts.iter().copied().find(|money| money.currency == currency)
}

impl Offer {
    /// Whether the till has to count it.
    #[must_use]
    pub const fn limited(&self) -> bool {
        self.uses.is_some() || self.per_buyer.is_some()
    }

    /// Why it does not count now, whatever is bought.
    #[must_use]
    pub fn closed(&self, now: Timestamp) -> Option<WhyNot> {
        if self.stopped || self.until.is_some_and(|until| until <= now) {
            Some(WhyNot::Over)
        } else if now < self.from {
            Some(WhyNot::NotYet)
        } else {
            None
        }
    }

    /// Everything of it that cannot be taken.
    #[must_use]
    pub fn faults(&self) -> Vec<OfferFault> {
        let amounts = |amounts: &[Money]| {
            let once = |at: usize, one: &Money| amounts[..at].iter().all(|other| other.currency != one.currency);
            amounts.iter().enumerate().all(|(at, one)| one.minor >= 0 && once(at, one))
        };
        let some = |list: &[Money]| !list.is_empty() && amounts(list);
        let gives = match &self.gives {
            Gives::Percent { basis_points } => (!(1..=10_000).contains(basis_points)).then_some(OfferFault::Share),
            Gives::Amount { off } => (!some(off)).then_some(OfferFault::Amount),
            Gives::Price { unit } => (!some(unit)).then_some(OfferFault::Amount),
            Gives::Bundle { products, price } => {
                let good = (2..=MAX_BUNDLE).contains(&products.len());
                (!good).then_some(OfferFault::Bundle).or_else(|| (!some(price)).then_some(OfferFault::Amount))
            }
            Gives::Gift { quantity, .. } => (!(1..=MAX_GIFT).contains(quantity)).then_some(OfferFault::Gift),
            Gives::FreeShipping => None,
        };
        let code = self.code.as_deref().is_none_or(|code| read_code(code).as_deref() == Some(code));
        let checks = [
            (!self.name.is_empty(), OfferFault::Name),
            (code, OfferFault::Code),
            (amounts(&self.minimum), OfferFault::Minimum),
            (self.until.is_none_or(|until| self.from < until), OfferFault::Window),
            (self.uses != Some(0), OfferFault::Uses),
            (self.per_buyer != Some(0), OfferFault::PerBuyer),
        ];
        let faults = checks.into_iter().filter(|(good, _)| !good).map(|(_, fault)| fault);
        faults.chain(gives).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let check = |typed: &str, expected: Option<&str>| {
            assert_eq!(read_code(typed).as_deref(), expected, "{typed:?}");
        };
        check(" silk-10 ", Some("SILK-10"));
        check("ｓｉｌｋ１０", Some("SILK10"));
        check("silk 10", Some("SILK10"));
        check("", None);
        check("丝绸", None);
        check(&"A".repeat(MAX_CODE + 1), None);
    }
}
