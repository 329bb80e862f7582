//! Bodies read leniently, so that every field that cannot be taken is named at once.

use std::str::FromStr;

use kernel::{Country, Money, Texts};
use serde::Deserialize;
use shop::catalogue::{Fault, Faults};
use utoipa::ToSchema;

use super::TextsBody;

/// An amount as it comes in: 0.005 and unknown currencies are refused by their field, not as a broken body.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MoneyDraft {
    /// Whole units of the currency's smallest part.
    #[schema(value_type = i64)]
    amount_minor: serde_json::Number,
    currency: String,
}

/// Reads typed values, noting the place of what is none.
pub(crate) trait Reading {
    fn id<T: FromStr>(&mut self, field: &str, text: &str) -> Option<T>;

    /// Absent and empty are none.
    fn id_or_none<T: FromStr>(&mut self, field: &str, text: Option<&str>) -> Option<T> {
        text.filter(|text| !text.is_empty()).and_then(|text| self.id(field, text))
    }

    fn country(&mut self, field: &str, text: &str) -> Option<Country>;
    fn money(&mut self, field: &str, money: &MoneyDraft) -> Option<Money>;
    fn monies(&mut self, field: &str, monies: &[MoneyDraft]) -> Vec<Money> {
        let numbered = monies.iter().enumerate();
        numbered.filter_map(|(at, money)| self.money(&format!("{field}.{at}"), money)).collect()
    }
}

impl Reading for Faults {
    fn id<T: FromStr>(&mut self, field: &str, text: &str) -> Option<T> {
        let read = text.parse().ok();
        self.when(read.is_none(), field, Fault::NotFound);
        read
    }

    fn country(&mut self, field: &str, text: &str) -> Option<Country> {
        let read = text.parse().ok();
        self.when(read.is_none(), field, Fault::UnknownCountry);
        read
    }

    fn money(&mut self, field: &str, money: &MoneyDraft) -> Option<Money> {
        let Ok(currency) = money.currency.parse() else {
            self.add(format!("{field}.currency"), Fault::UnknownCurrency);
            return None;
        };
        let minor = money.amount_minor.as_i64();
        let fine =
            if money.amount_minor.is_f64() { Fault::TooFine { currency } } else { Fault::TooLarge { most: i64::MAX } };
        self.when(minor.is_none(), format!("{field}.amount_minor"), fine);
        minor.map(|minor| Money::new(minor, currency))
    }
}

impl TextsBody {
    /// The texts, without those in languages that are none.
    pub(crate) fn read(&self, field: &str, faults: &mut Faults) -> Texts {
        let mut texts = Texts::default();
        for (tag, text) in self.entries() {
            match tag.parse() {
                Ok(language) => {
                    texts.0.insert(language, text.to_owned());
                }
                Err(_) => faults.add(format!("{field}.{tag}"), Fault::UnknownLanguage),
            }
        }
        texts
    }
}
