//! The words that every room shares: ids, money, time, places, languages and seeded randomness.
//!
//! Pure: no clock, no entropy, no I/O. Whoever calls brings `now` and a [`Random`].

mod address;
mod country;
mod currency;
mod id;
mod language;
mod money;
mod random;
mod texts;
mod time;

pub use address::counted;
pub use country::{Country, UnknownCountry};
pub use currency::{Currency, UnknownCurrency};
pub use id::*;
pub use language::{Language, UnknownLanguage};
pub use money::{Money, MoneyError, ParseMoneyError};
pub use random::Random;
pub use texts::{Text, Texts};
pub use time::{Millis, ParseTimestampError, Timestamp};
