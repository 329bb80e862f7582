//! A product as somebody proposes it, checked as a whole.

use std::collections::BTreeSet;

use kernel::{BrandId, Country, LocationId, MediaId, Money, SellerId, Texts, VariantId};

use super::text::{check, check_required, tidied};
use super::{
    Axis, Condition, Fault, Faults, Measurement, NoWithdrawal, Product, ProductTexts, SizeChart, Status, Variant, axis,
    price_faults,
};

/// A product has at most this many variants.
pub const MAX_VARIANTS: usize = 500;
const MAX_MEDIA: usize = 30;
const MAX_MEASUREMENTS: usize = 40;
const MAX_CHART: usize = 60;
/// No place holds more of one variant than this.
const MAX_UNITS: i64 = 10_000_000;
const MAX_GRAMS: i64 = 1_000_000;

/// Everything a form, an import or a listing on air proposes. Typed already; the rules between fields are checked by
/// [`ProductDraft::check`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductDraft {
    pub brand_id: BrandId,
    pub seller_id: Option<SellerId>,
    pub category: String,
    pub texts: ProductTexts,
    pub axes: Vec<AxisDraft>,
    pub variants: Vec<VariantDraft>,
    pub media_ids: Vec<MediaId>,
    pub origin: Option<Country>,
    pub hs_code: Option<String>,
    pub minimum_age: Option<u8>,
    pub one_of_a_kind: bool,
    pub no_withdrawal: Option<NoWithdrawal>,
    pub condition: Option<Condition>,
    pub measurements: Vec<Measurement>,
    pub size_chart: Option<SizeChart>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AxisDraft {
    pub name: Texts,
    pub values: Vec<ValueDraft>,
}

/// A value without an id is a new one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValueDraft {
    pub id: Option<String>,
    pub label: Texts,
}

/// A variant without an id is a new one. `values` names one value of each axis, by id or by label.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VariantDraft {
    pub id: Option<VariantId>,
    pub sku: String,
    pub values: Vec<String>,
    pub prices: Vec<Money>,
    pub stock: Vec<StockLine>,
    pub weight_g: Option<i64>,
}

/// Units of a variant at a place. `buffer` units are never promised to anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StockLine {
    pub location_id: LocationId,
    pub on_hand: i64,
    pub buffer: i64,
}

impl StockLine {
    /// `prefix` stands before the names of the fields: `variants.0.stock.1.`, or nothing.
    pub fn check(&self, prefix: &str, faults: &mut Faults) {
        for (name, units) in [("on_hand", self.on_hand), ("buffer", self.buffer)] {
            faults.when(units < 0, format!("{prefix}{name}"), Fault::Negative);
            faults.when(units > MAX_UNITS, format!("{prefix}{name}"), Fault::TooLarge { most: MAX_UNITS });
        }
    }
}

impl ProductDraft {
    /// A draft with nothing but its brand, to fill in.
    #[must_use]
    pub fn empty(brand_id: BrandId) -> Self {
        Self {
            brand_id,
            seller_id: None,
            category: String::new(),
            texts: ProductTexts::default(),
            axes: Vec::new(),
            variants: Vec::new(),
            media_ids: Vec::new(),
            origin: None,
            hs_code: None,
            minimum_age: None,
            one_of_a_kind: false,
            no_withdrawal: None,
            condition: None,
            measurements: Vec::new(),
            size_chart: None,
        }
    }

    /// The product, or everything that is wrong with it. `variant_id` mints the ids of new variants. The variants of
    /// the answer stand in the draft's order, so that prices and stock are found by position.
    pub fn check(&self, status: Status, mut variant_id: impl FnMut() -> VariantId) -> Result<Product, Faults> {
        let mut faults = Faults::default();
        let word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        faults.when(self.category.is_empty(), "category", Fault::Required);
        let shaped = self.category.len() <= 40 && self.category.bytes().all(word);
        faults.when(!shaped, "category", Fault::BadShape { like: "fashion" });
        self.check_texts(&mut faults);
        let axes = axis::check(&self.axes, &mut faults);
        let variants = self.check_variants(&axes, &mut variant_id, &mut faults);
        self.check_particulars(&mut faults);
        faults.or(Product {
            brand_id: self.brand_id,
            seller_id: self.seller_id,
            status,
            category: self.category.clone(),
            texts: ProductTexts {
                title: tidied(&self.texts.title),
                description: tidied(&self.texts.description),
                materials: tidied(&self.texts.materials),
                warnings: tidied(&self.texts.warnings),
                model_size: tidied(&self.texts.model_size),
            },
            axes,
            variants,
            media_ids: self.media_ids.clone(),
            origin: self.origin,
            hs_code: self.hs_code.clone(),
            minimum_age: self.minimum_age,
            one_of_a_kind: self.one_of_a_kind,
            no_withdrawal: self.no_withdrawal,
            condition: self.condition.clone(),
            measurements: self.measurements.clone(),
            size_chart: self.size_chart.clone(),
        })
    }

    fn check_texts(&self, faults: &mut Faults) {
        check_required(&self.texts.title, "texts.title", 200, faults);
        check(&self.texts.description, "texts.description", 10_000, faults);
        check(&self.texts.materials, "texts.materials", 1_000, faults);
        check(&self.texts.warnings, "texts.warnings", 2_000, faults);
        check(&self.texts.model_size, "texts.model_size", 300, faults);
    }

    fn check_variants(
        &self,
        axes: &[Axis],
        variant_id: &mut impl FnMut() -> VariantId,
        faults: &mut Faults,
    ) -> Vec<Variant> {
        faults.when(self.variants.len() > MAX_VARIANTS, "variants", Fault::TooMany { most: MAX_VARIANTS });
        let (mut skus, mut combinations, mut ids) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut variants = Vec::new();
        for (at, draft) in self.variants.iter().take(MAX_VARIANTS).enumerate() {
            let field = format!("variants.{at}");
            let sku = draft.sku.trim();
            faults.when(sku.is_empty(), format!("{field}.sku"), Fault::Required);
            faults.when(sku.chars().count() > 64, format!("{field}.sku"), Fault::TooLong { most: 64 });
            faults.when(!skus.insert(sku), format!("{field}.sku"), Fault::Duplicate);
            let twice = draft.id.is_some_and(|id| !ids.insert(id));
            faults.when(twice, format!("{field}.id"), Fault::Duplicate);
            let found = axis::resolve(axes, &draft.values, &format!("{field}.values"), faults);
            let whole = found.len() == axes.len();
            let again = whole && !combinations.insert(found.clone());
            faults.when(again, format!("{field}.values"), Fault::Duplicate);
            price_faults(&draft.prices, &format!("{field}.prices"), faults);
            let grams = draft.weight_g.unwrap_or_default();
            faults.when(grams < 0, format!("{field}.weight_g"), Fault::Negative);
            faults.when(grams > MAX_GRAMS, format!("{field}.weight_g"), Fault::TooLarge { most: MAX_GRAMS });
            draft.check_stock(&field, faults);
            variants.push(Variant {
                id: draft.id.unwrap_or_else(&mut *variant_id),
                sku: sku.to_owned(),
                values: found,
                weight_g: draft.weight_g,
            });
        }
        if self.one_of_a_kind {
            let units: i64 = self.variants.iter().flat_map(|variant| &variant.stock).map(|line| line.on_hand).sum();
            faults.when(self.variants.len() > 1 || units > 1, "one_of_a_kind", Fault::OneOfAKind);
        }
        variants
    }

    fn check_particulars(&self, faults: &mut Faults) {
        faults.when(self.media_ids.len() > MAX_MEDIA, "media_ids", Fault::TooMany { most: MAX_MEDIA });
        let mut seen = BTreeSet::new();
        for (at, media) in self.media_ids.iter().enumerate() {
            faults.when(!seen.insert(media), format!("media_ids.{at}"), Fault::Duplicate);
        }
        if let Some(code) = &self.hs_code {
            let shaped = (6..=12).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit() || b == b'.');
            faults.when(!shaped, "hs_code", Fault::BadShape { like: "4203.30" });
        }
        let age = self.minimum_age.unwrap_or_default();
        faults.when(age > 25, "minimum_age", Fault::TooLarge { most: 25 });
        if let Some(condition) = &self.condition {
            check(&condition.defects, "condition.defects", 2_000, faults);
        }
        let most = MAX_MEASUREMENTS;
        faults.when(self.measurements.len() > most, "measurements", Fault::TooMany { most });
        for (at, measurement) in self.measurements.iter().enumerate() {
            check_required(&measurement.name, &format!("measurements.{at}.name"), 60, faults);
            let value = measurement.value.trim();
            faults.when(value.is_empty(), format!("measurements.{at}.value"), Fault::Required);
            let long = value.chars().count() > 60;
            faults.when(long, format!("measurements.{at}.value"), Fault::TooLong { most: 60 });
        }
        if let Some(chart) = &self.size_chart {
            check_chart(chart, faults);
        }
    }
}

impl VariantDraft {
    fn check_stock(&self, field: &str, faults: &mut Faults) {
        let mut places = BTreeSet::new();
        for (at, line) in self.stock.iter().enumerate() {
            let field = format!("{field}.stock.{at}");
            line.check(&format!("{field}."), faults);
            faults.when(!places.insert(line.location_id), format!("{field}.location_id"), Fault::Duplicate);
        }
    }
}

fn check_chart(chart: &SizeChart, faults: &mut Faults) {
    faults.when(chart.columns.is_empty(), "size_chart.columns", Fault::Required);
    faults.when(chart.columns.len() > MAX_CHART, "size_chart.columns", Fault::TooMany { most: MAX_CHART });
    faults.when(chart.rows.len() > MAX_CHART, "size_chart.rows", Fault::TooMany { most: MAX_CHART });
    for (at, column) in chart.columns.iter().enumerate() {
        check_required(column, &format!("size_chart.columns.{at}"), 60, faults);
    }
    for (at, row) in chart.rows.iter().enumerate() {
        let wanted = chart.columns.len();
        faults.when(row.len() != wanted, format!("size_chart.rows.{at}"), Fault::WrongCount { wanted });
        for (cell, text) in row.iter().enumerate() {
            let long = text.chars().count() > 60;
            faults.when(long, format!("size_chart.rows.{at}.{cell}"), Fault::TooLong { most: 60 });
        }
    }
}
