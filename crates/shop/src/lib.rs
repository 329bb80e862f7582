//! The rules of the shop: prices, quotes, stock, claims, baskets, checkout, orders, payments and parcels.
//!
//! Pure: a function is given `now` and what is known, and returns an outcome. It never asks a clock, a store or the net.

pub mod catalogue;
pub mod price;
pub mod quote;
pub mod shipping;
