//! What a house sells: brands, sellers of record, products with their axes, variants, texts and price history, and
//! the sheets that products are imported from.
//!
//! A change arrives as a draft, is checked as a whole, and comes out as a product or as every fault with its place.

mod axis;
mod brand;
mod draft;
mod fault;
mod fault_text;
pub mod import;
mod price;
mod product;
mod seller;
mod text;

pub use axis::{Axis, AxisValue, MAX_AXES, MAX_VALUES};
pub use brand::{Brand, Location};
pub use draft::{AxisDraft, MAX_VARIANTS, ProductDraft, StockLine, ValueDraft, VariantDraft};
pub use fault::{Fault, Faults, FieldFault, MAX_FAULTS};
pub use price::{price_faults, tax_included};
pub use product::{Condition, Grade, Measurement, NoWithdrawal, Product, ProductTexts, SizeChart, Status, Variant};
pub use seller::{Seller, TaxNumber};
