//! What can be wrong with one field, by a permanent code and a place.

use kernel::Currency;

/// More faults than this in one request are counted, not listed: nobody reads the hundred-and-first.
pub const MAX_FAULTS: usize = 100;

/// One field's fault. The codes that [`Fault::code`] gives are permanent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Required,
    TooLong {
        most: usize,
    },
    TooMany {
        most: usize,
    },
    Negative,
    NotPositive,
    TooLarge {
        most: i64,
    },
    /// More decimals than the currency has.
    TooFine {
        currency: Currency,
    },
    NotANumber,
    NotWhole,
    UnknownCurrency,
    UnknownCountry,
    UnknownLanguage,
    /// Not one of a closed list; the list is named.
    NotAChoice {
        choices: &'static str,
    },
    /// Not of the wanted shape; an example is named.
    BadShape {
        like: &'static str,
    },
    /// The same thing stands here twice.
    Duplicate,
    /// It names something that is not there.
    NotFound,
    WrongCount {
        wanted: usize,
    },
    /// A one-of-a-kind piece has one variant and at most one unit.
    OneOfAKind,
    /// Another product of the brand has it.
    Taken,
    /// Another row of the same product says otherwise.
    Contradicts,
    MissingColumn,
    UnknownColumn,
    NotUtf8,
    UnclosedQuote,
    /// The order is not paid, or everything in it was sent.
    NothingToSend,
}

impl Fault {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::TooLong { .. } => "too_long",
            Self::TooMany { .. } => "too_many",
            Self::Negative => "negative",
            Self::NotPositive => "not_positive",
            Self::TooLarge { .. } => "too_large",
            Self::TooFine { .. } => "amount_too_fine",
            Self::NotANumber => "not_a_number",
            Self::NotWhole => "not_a_whole_number",
            Self::UnknownCurrency => "unknown_currency",
            Self::UnknownCountry => "unknown_country",
            Self::UnknownLanguage => "unknown_language",
            Self::NotAChoice { .. } => "not_a_choice",
            Self::BadShape { .. } => "bad_shape",
            Self::Duplicate => "duplicate",
            Self::NotFound => "not_found",
            Self::WrongCount { .. } => "wrong_count",
            Self::OneOfAKind => "one_of_a_kind",
            Self::Taken => "taken",
            Self::Contradicts => "contradicts",
            Self::MissingColumn => "missing_column",
            Self::UnknownColumn => "unknown_column",
            Self::NotUtf8 => "not_utf8",
            Self::UnclosedQuote => "unclosed_quote",
            Self::NothingToSend => "nothing_to_send",
        }
    }
}

/// A fault and its place: `variants.2.prices.0.amount_minor`, or a column of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    pub field: String,
    pub fault: Fault,
}

/// All faults found in one draft, in the order of its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    listed: Vec<FieldFault>,
}

impl Faults {
    pub fn add(&mut self, field: impl Into<String>, fault: Fault) {
        if self.listed.len() < MAX_FAULTS {
            self.listed.push(FieldFault { field: field.into(), fault });
        }
    }

    /// Adds the fault when `wrong` holds.
    pub fn when(&mut self, wrong: bool, field: impl Into<String>, fault: Fault) {
        if wrong {
            self.add(field, fault);
        }
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// `value` when nothing was found, else everything that was.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl IntoIterator for Faults {
    type Item = FieldFault;
    type IntoIter = std::vec::IntoIter<FieldFault>;
    fn into_iter(self) -> Self::IntoIter {
        self.listed.into_iter()
    }
}
