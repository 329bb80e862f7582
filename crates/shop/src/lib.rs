//! The rules of the shop: prices, quotes, stock, claims, baskets, checkout, orders, payments, parcels and returns.
//!
//! Pure: a function is given `now` and what is known, and returns an outcome. It never asks a clock, a store or the net.

pub mod address;
pub mod basket;
pub mod books;
pub mod buyer;
pub mod catalogue;
pub mod change;
pub mod claim;
pub mod drop;
pub mod give_back;
pub mod offer;
pub mod order;
pub mod parcel;
pub mod payment;
pub mod price;
pub mod prize;
pub mod quote;
pub mod reconcile;
pub mod returns;
pub mod shelf;
pub mod shipping;
pub mod strikes;
pub mod wallet;
pub mod withdrawal;
