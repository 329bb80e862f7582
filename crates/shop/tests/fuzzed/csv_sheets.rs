//! A sheet in either format, and the bounds that its reading keeps.

use kernel::{BrandId, Currency, Language, LocationId, Random, Timestamp};
use shop::catalogue::MAX_FAULTS;
use shop::catalogue::import::{Format, MAX_ROWS, Terms, read};

pub fn run(data: &[u8]) {
    let Some((first, sheet)) = data.split_first() else { return };
    let mut random = Random::seeded(9);
    let now = Timestamp::EPOCH;
    let terms = Terms {
        brand_id: BrandId::mint(now, &mut random),
        seller_id: None,
        location_id: LocationId::mint(now, &mut random),
        language: Language::english(),
        currency: Currency::USD,
    };
    let format = if first & 1 == 0 { Format::Trunkshow } else { Format::Shopify };
    let plan = read(format, sheet, &terms);
    assert!(plan.rows <= MAX_ROWS && plan.errors.len() <= MAX_FAULTS);
    assert!(plan.products.len() <= plan.rows);
    for fault in &plan.errors {
        assert!(!fault.fault.code().is_empty());
    }
    for product in &plan.products {
        for variant in &product.draft.variants {
            assert!(variant.stock.iter().all(|line| line.on_hand >= 0), "{}", product.handle);
        }
    }
}
