//! Cells as typed values; a cell that is not one is refused by its line and column, and read as nothing.

use std::str::FromStr;

use kernel::{Country, Currency, Money, ParseMoneyError};

use super::Plan;
use super::sheet::{Row, Sheet, short};
use crate::catalogue::Fault;

/// A line of the sheet, with the plan that its faults go to.
pub(super) struct Cells<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) row: &'a Row,
    pub(super) plan: &'a mut Plan,
}

impl<'a> Cells<'a> {
    pub(super) fn text(&self, column: Option<usize>) -> &'a str {
        self.row.cell(column)
    }

    pub(super) fn refuse(&mut self, column: Option<usize>, fault: Fault) {
        let name = column.and_then(|at| self.sheet.header.get(at)).map(|name| short(name)).unwrap_or_default();
        self.plan.refuse(self.row.line, name, fault);
    }

    fn read<T>(&mut self, column: Option<usize>, parse: impl Fn(&str) -> Result<T, Fault>) -> Option<T> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        parse(text).map_err(|fault| self.refuse(column, fault)).ok()
    }

    /// An amount above zero with the decimals of its currency: `198.00`, never `$198` or `1,198`.
    pub(super) fn money(&mut self, column: Option<usize>, currency: Currency) -> Option<Money> {
        self.read(column, |text| {
            let money = Money::parse(text, currency).map_err(|error| match error {
                ParseMoneyError::NotANumber => Fault::NotANumber,
                ParseMoneyError::TooFine { currency, .. } => Fault::TooFine { currency },
                ParseMoneyError::TooLarge => Fault::TooLarge { most: i64::MAX },
            })?;
            match money.minor {
                ..0 => Err(Fault::Negative),
                0 => Err(Fault::NotPositive),
                _ => Ok(money),
            }
        })
    }

    /// A whole number from zero on; `12.0`, as spreadsheets write it, is one.
    pub(super) fn whole(&mut self, column: Option<usize>) -> Option<i64> {
        self.read(column, |text| {
            let digits = text.split_once('.').map_or(
                text,
                |(whole, rest)| {
                    if rest.bytes().all(|b| b == b'0') { whole } else { text }
                },
            );
            let number: i64 = digits.parse().map_err(|_| Fault::NotWhole)?;
            if number < 0 { Err(Fault::Negative) } else { Ok(number) }
        })
    }

    /// A weight in grams, with decimals that are rounded away.
    pub(super) fn grams(&mut self, column: Option<usize>) -> Option<i64> {
        self.read(column, |text| {
            let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
            let grams: i64 = whole.parse().map_err(|_| Fault::NotANumber)?;
            if grams < 0 { Err(Fault::Negative) } else { Ok(grams) }
        })
    }

    pub(super) fn yes(&mut self, column: Option<usize>) -> Option<bool> {
        self.read(column, |text| match text.to_ascii_lowercase().as_str() {
            "yes" | "true" | "1" => Ok(true),
            "no" | "false" | "0" => Ok(false),
            _ => Err(Fault::NotAChoice { choices: "yes, no" }),
        })
    }

    pub(super) fn country(&mut self, column: Option<usize>) -> Option<Country> {
        self.read(column, |text| text.to_ascii_uppercase().parse().map_err(|_| Fault::UnknownCountry))
    }

    /// One of a closed list, in lower case.
    pub(super) fn choice<T: FromStr<Err = Fault>>(&mut self, column: Option<usize>) -> Option<T> {
        self.read(column, |text| text.to_ascii_lowercase().parse())
    }
}
