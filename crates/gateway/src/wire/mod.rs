//! Shapes that many bodies share.

mod idempotency;
mod money;
mod seller;
mod text;

pub(crate) use idempotency::IdempotencyKey;
pub(crate) use money::{BuyingQuery, MoneyBody};
pub(crate) use seller::SellerBody;
pub(crate) use text::{TextBody, TextsBody, text};
