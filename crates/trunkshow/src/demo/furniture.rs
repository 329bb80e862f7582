//! What the demo boutique is furnished with: `furniture/boutique.toml` and the pictures beside it, built into the binary.

use std::collections::BTreeMap;

use serde::Deserialize;

const BOUTIQUE: &str = include_str!("../../furniture/boutique.toml");

/// The atelier's pictures, by name without the ending.
#[derive(Debug, rust_embed::RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/furniture/pictures"]
struct Pictures;

/// Bytes of a WebP picture.
pub(super) fn picture(name: &str) -> Option<Vec<u8>> {
    Pictures::get(&format!("{name}.webp")).map(|file| file.data.into_owned())
}

/// By language.
pub(super) type Texts = BTreeMap<String, String>;
/// Minor units by currency.
pub(super) type Prices = BTreeMap<String, i64>;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Boutique {
    pub house: House,
    pub brands: Vec<Brand>,
    pub sellers: Vec<Seller>,
    pub locations: Vec<Location>,
    pub staff: Vec<Staff>,
    pub shipping: Vec<Shipping>,
    pub products: Vec<Product>,
    pub shows: Vec<Show>,
    pub orders: Vec<Order>,
    pub chat: Vec<Line>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct House {
    pub name: String,
    pub languages: Vec<String>,
    pub currencies: Vec<String>,
    pub accent: String,
    pub logo: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Brand {
    pub key: String,
    pub name: String,
    pub story: Texts,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Seller {
    pub key: String,
    pub legal_name: String,
    pub address: Vec<String>,
    pub country: String,
    pub email: String,
    pub phone: String,
    pub tax_numbers: Vec<TaxNumber>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TaxNumber {
    pub kind: String,
    pub value: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Location {
    pub name: String,
    pub country: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Staff {
    pub key: String,
    pub name: String,
    pub email: String,
    pub password: String,
    pub role: String,
}

/// A flat rate; the country `*` is every other.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shipping {
    pub country: String,
    pub name: Texts,
    pub price: Prices,
    pub days: [u16; 2],
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Product {
    pub key: String,
    pub brand: String,
    pub seller: String,
    pub category: String,
    pub pictures: Vec<String>,
    pub title: Texts,
    pub description: Texts,
    pub materials: Texts,
    pub origin: String,
    pub hs_code: String,
    pub weight_g: u32,
    #[serde(default)]
    pub one_of_a_kind: bool,
    pub minimum_age: Option<u8>,
    #[serde(default)]
    pub warnings: Texts,
    #[serde(default)]
    pub model_size: Texts,
    pub condition: Option<Condition>,
    #[serde(default)]
    pub measurements: Vec<Measurement>,
    pub size_chart: Option<SizeChart>,
    /// Of every variant that names none of its own.
    pub prices: Prices,
    pub axes: Vec<Axis>,
    pub variants: Vec<Variant>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Condition {
    pub grade: String,
    pub defects: Texts,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Measurement {
    pub name: Texts,
    pub value: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SizeChart {
    pub columns: Vec<Texts>,
    pub rows: Vec<Vec<String>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Axis {
    pub name: Texts,
    pub values: Vec<AxisValue>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AxisValue {
    pub key: String,
    pub label: Texts,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Variant {
    pub sku: String,
    /// One key of each axis.
    pub values: Vec<String>,
    pub stock: u32,
    pub prices: Option<Prices>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Show {
    pub key: String,
    pub state: ShowState,
    pub title: Texts,
    pub description: Texts,
    pub brand: String,
    pub host: String,
    pub cover: String,
    /// From the moment of furnishing.
    pub starts_in_minutes: i64,
    pub time_zone: String,
    pub run_sheet: Vec<Entry>,
    /// Armed, and waiting for the host to fire them.
    #[serde(default)]
    pub drops: Vec<ShowDrop>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShowDrop {
    /// Of the run sheet.
    pub product: String,
    pub sku: String,
    pub prices: Prices,
    pub quantity: i64,
    pub limit: u32,
    pub hold_minutes: u16,
    pub window_s: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ShowState {
    Live,
    Scheduled,
    Ended,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub product: String,
    pub talking_points: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Order {
    pub key: String,
    pub lines: Vec<OrderLine>,
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub address: Address,
    pub language: String,
    pub currency: String,
    pub state: OrderState,
    /// Its lines that the show on air sells were bought in that show.
    #[serde(default)]
    pub in_show: bool,
    pub carrier: Option<String>,
    pub tracking_number: Option<String>,
    pub reason: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrderLine {
    pub sku: String,
    pub quantity: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Address {
    pub lines: Vec<String>,
    pub city: String,
    pub region: Option<String>,
    pub postal_code: Option<String>,
    pub country: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum OrderState {
    AwaitingPayment,
    Paid,
    Sent,
    Cancelled,
}

/// What a demo viewer says; `{number}` stands for the pinned show number.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    pub name: String,
    pub text: String,
}

impl Boutique {
    /// The furniture that is built in.
    pub(super) fn built_in() -> Result<Self, toml::de::Error> {
        toml::from_str(BOUTIQUE)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_picture_that_is_named_is_there_and_they_stay_small() {
        let boutique = Boutique::built_in().unwrap();
        let mut names: BTreeSet<&String> = boutique.products.iter().flat_map(|product| &product.pictures).collect();
        names.extend(boutique.shows.iter().map(|show| &show.cover));
        names.insert(&boutique.house.logo);
        let mut bytes = 0;
        for name in names {
            bytes += picture(name).unwrap_or_else(|| panic!("{name}.webp: run `cargo run -p atelier -- {name}`")).len();
        }
        assert!(bytes <= 3 * 1024 * 1024, "{bytes} bytes of pictures");
    }

    #[test]
    fn names_lead_somewhere_and_texts_are_in_every_language() {
        let boutique = Boutique::built_in().unwrap();
        let products: BTreeSet<_> = boutique.products.iter().map(|product| &product.key).collect();
        assert!(products.len() >= 24);
        let mut skus = BTreeSet::new();
        for product in &boutique.products {
            for text in [&product.title, &product.description, &product.materials] {
                assert!(boutique.house.languages.iter().all(|language| text.contains_key(language)), "{}", product.key);
            }
            assert!(boutique.house.currencies.iter().all(|currency| product.prices.contains_key(currency)));
            assert!(boutique.brands.iter().any(|brand| brand.key == product.brand));
            assert!(boutique.sellers.iter().any(|seller| seller.key == product.seller));
            for variant in &product.variants {
                assert!(skus.insert(&variant.sku), "{} twice", variant.sku);
                assert_eq!(variant.values.len(), product.axes.len(), "{}", variant.sku);
                for (axis, value) in product.axes.iter().zip(&variant.values) {
                    assert!(axis.values.iter().any(|known| known.key == *value), "{} {value}", variant.sku);
                }
            }
        }
        for show in &boutique.shows {
            assert!(show.run_sheet.iter().all(|entry| products.contains(&entry.product)), "{}", show.key);
            for drop in &show.drops {
                assert!(skus.contains(&drop.sku) && show.run_sheet.iter().any(|entry| entry.product == drop.product));
                assert!(boutique.house.currencies.iter().all(|currency| drop.prices.contains_key(currency)));
            }
        }
        for order in &boutique.orders {
            assert!(order.lines.iter().all(|line| skus.contains(&line.sku)), "{}", order.key);
        }
    }
}
