//! Importing products from a sheet: a dry run that shows every fault, then all of it or nothing.

mod apply;
mod check;
mod resolve;

pub use apply::{Applied, apply, finish};
pub use check::{Options, Report, check};

use kernel::ImportId;
use shop::catalogue::import::{Format, Terms};

use crate::ports::ImportRow;

/// The object that holds the sheet as it was sent.
#[must_use]
pub fn object(id: ImportId) -> String {
    format!("imports/{id}.csv")
}

const fn format_name(format: Format) -> &'static str {
    match format {
        Format::Trunkshow => "trunkshow",
        Format::Shopify => "shopify",
    }
}

fn format_of(row: &ImportRow) -> Format {
    if row.format == "shopify" { Format::Shopify } else { Format::Trunkshow }
}

fn terms_of(row: &ImportRow) -> Terms {
    Terms {
        brand_id: row.brand_id,
        seller_id: row.seller_id,
        location_id: row.location_id,
        language: row.language.clone(),
        currency: row.currency,
    }
}
