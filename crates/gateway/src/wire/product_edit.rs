//! Products on the wire, as staff edit them: every language, every currency, every count.

use app::catalogue::products::ProductEdit;
use serde::{Deserialize, Serialize};
use shop::catalogue::{
    AxisDraft, Condition, Fault, Faults, Measurement, ProductDraft, ProductTexts, SizeChart, StockLine, ValueDraft,
    VariantDraft,
};
use utoipa::ToSchema;

use super::{MoneyBody, MoneyDraft, Reading, TextsBody};

#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ProductTextsBody {
    title: TextsBody,
    description: TextsBody,
    materials: TextsBody,
    warnings: TextsBody,
    model_size: TextsBody,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AxisValueEdit {
    /// 1 to 26 of `A–Z a–z 0–9 - _`, unique in the product; absent for a new value.
    id: Option<String>,
    label: TextsBody,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AxisEdit {
    name: TextsBody,
    values: Vec<AxisValueEdit>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StockBody {
    pub(crate) location_id: String,
    pub(crate) on_hand: i64,
    /// Kept back from sale online.
    #[serde(default)]
    pub(crate) buffer: i64,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MeasurementEdit {
    name: TextsBody,
    value: String,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SizeChartEdit {
    columns: Vec<TextsBody>,
    rows: Vec<Vec<String>>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConditionEdit {
    /// `new`, `like_new`, `excellent`, `good` or `fair`.
    grade: String,
    #[serde(default)]
    defects: TextsBody,
}

/// What a variant's form holds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VariantEdit {
    id: String,
    sku: String,
    values: Vec<String>,
    prices: Vec<MoneyBody>,
    stock: Vec<StockBody>,
    weight_g: Option<i64>,
}

/// What a product's form holds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProductEditBody {
    id: String,
    version: i64,
    status: String,
    brand_id: String,
    seller_id: Option<String>,
    category: String,
    texts: ProductTextsBody,
    axes: Vec<AxisEdit>,
    variants: Vec<VariantEdit>,
    media_ids: Vec<String>,
    origin: Option<String>,
    hs_code: Option<String>,
    minimum_age: Option<u8>,
    one_of_a_kind: bool,
    /// `made_to_measure`, `hygiene` or `perishable`; null where buyers may withdraw from the contract.
    no_withdrawal: Option<String>,
    condition: Option<ConditionEdit>,
    measurements: Vec<MeasurementEdit>,
    size_chart: Option<SizeChartEdit>,
}

impl From<ProductEdit> for ProductEditBody {
    fn from(edit: ProductEdit) -> Self {
        let ProductEdit { row, prices, stock } = edit;
        let product = row.product;
        let value = |value: &shop::catalogue::AxisValue| AxisValueEdit {
            id: Some(value.id.clone()),
            label: (&value.label).into(),
        };
        let axis = |axis: &shop::catalogue::Axis| AxisEdit {
            name: (&axis.name).into(),
            values: axis.values.iter().map(value).collect(),
        };
        let variant = |(variant, prices): (&shop::catalogue::Variant, Vec<kernel::Money>)| VariantEdit {
            id: variant.id.to_string(),
            sku: variant.sku.clone(),
            values: variant.values.clone(),
            prices: prices.into_iter().map(Into::into).collect(),
            stock: stock
                .iter()
                .filter(|count| count.variant == variant.id)
                .map(|count| StockBody {
                    location_id: count.location.to_string(),
                    on_hand: count.on_hand,
                    buffer: count.buffer,
                })
                .collect(),
            weight_g: variant.weight_g,
        };
        Self {
            id: row.id.to_string(),
            version: row.version,
            status: product.status.to_string(),
            brand_id: product.brand_id.to_string(),
            seller_id: product.seller_id.map(|id| id.to_string()),
            texts: ProductTextsBody {
                title: (&product.texts.title).into(),
                description: (&product.texts.description).into(),
                materials: (&product.texts.materials).into(),
                warnings: (&product.texts.warnings).into(),
                model_size: (&product.texts.model_size).into(),
            },
            axes: product.axes.iter().map(axis).collect(),
            variants: product.variants.iter().zip(prices).map(variant).collect(),
            media_ids: product.media_ids.iter().map(ToString::to_string).collect(),
            origin: product.origin.map(|country| country.to_string()),
            hs_code: product.hs_code,
            minimum_age: product.minimum_age,
            one_of_a_kind: product.one_of_a_kind,
            no_withdrawal: product.no_withdrawal.map(|why| why.as_str().into()),
            condition: product.condition.as_ref().map(|condition| ConditionEdit {
                grade: condition.grade.as_str().into(),
                defects: (&condition.defects).into(),
            }),
            measurements: product
                .measurements
                .iter()
                .map(|m| MeasurementEdit { name: (&m.name).into(), value: m.value.clone() })
                .collect(),
            size_chart: product.size_chart.as_ref().map(|chart| SizeChartEdit {
                columns: chart.columns.iter().map(Into::into).collect(),
                rows: chart.rows.clone(),
            }),
            category: product.category,
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VariantDraftBody {
    /// Absent for a new variant.
    id: Option<String>,
    sku: String,
    /// One value of each axis, by its id or its label.
    #[serde(default)]
    values: Vec<String>,
    #[serde(default)]
    prices: Vec<MoneyDraft>,
    #[serde(default)]
    stock: Vec<StockBody>,
    weight_g: Option<i64>,
}

/// A product as its form sends it, whole.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProductDraftBody {
    /// Ignored: the address names the product.
    #[serde(default)]
    #[expect(dead_code, reason = "a form sends back what it was given")]
    id: Option<String>,
    /// The version that was edited; only for a change.
    #[serde(default)]
    pub(crate) version: i64,
    /// Only for a new product: `draft` or `active`.
    #[serde(default)]
    pub(crate) status: Option<String>,
    brand_id: String,
    seller_id: Option<String>,
    category: String,
    texts: ProductTextsBody,
    #[serde(default)]
    axes: Vec<AxisEdit>,
    #[serde(default)]
    variants: Vec<VariantDraftBody>,
    #[serde(default)]
    media_ids: Vec<String>,
    origin: Option<String>,
    hs_code: Option<String>,
    minimum_age: Option<u8>,
    #[serde(default)]
    one_of_a_kind: bool,
    /// `made_to_measure`, `hygiene` or `perishable`; null where buyers may withdraw from the contract.
    no_withdrawal: Option<String>,
    condition: Option<ConditionEdit>,
    #[serde(default)]
    measurements: Vec<MeasurementEdit>,
    size_chart: Option<SizeChartEdit>,
}

impl StockBody {
    /// `prefix` stands before the names of the fields.
    pub(crate) fn line(&self, prefix: &str, faults: &mut Faults) -> Option<StockLine> {
        let location_id = faults.id(&format!("{prefix}location_id"), &self.location_id)?;
        Some(StockLine { location_id, on_hand: self.on_hand, buffer: self.buffer })
    }
}

impl VariantDraftBody {
    fn draft(self, at: usize, faults: &mut Faults) -> VariantDraft {
        let field = format!("variants.{at}");
        let stock = self.stock.iter().enumerate();
        VariantDraft {
            id: faults.id_or_none(&format!("{field}.id"), self.id.as_deref()),
            prices: faults.monies(&format!("{field}.prices"), &self.prices),
            stock: stock.filter_map(|(n, line)| line.line(&format!("{field}.stock.{n}."), faults)).collect(),
            sku: self.sku,
            values: self.values,
            weight_g: self.weight_g,
        }
    }
}

impl ProductDraftBody {
    /// The draft with typed values, or every field that holds none.
    pub(crate) fn draft(self) -> Result<ProductDraft, Faults> {
        let mut faults = Faults::default();
        let f = &mut faults;
        let Some(brand_id) = f.id("brand_id", &self.brand_id) else { return Err(faults) };
        let mut draft = ProductDraft::empty(brand_id);
        draft.seller_id = f.id_or_none("seller_id", self.seller_id.as_deref());
        draft.category = self.category.trim().to_lowercase();
        draft.texts = ProductTexts {
            title: self.texts.title.read("texts.title", f),
            description: self.texts.description.read("texts.description", f),
            materials: self.texts.materials.read("texts.materials", f),
            warnings: self.texts.warnings.read("texts.warnings", f),
            model_size: self.texts.model_size.read("texts.model_size", f),
        };
        for (at, axis) in self.axes.into_iter().enumerate() {
            let value = |(n, value): (usize, AxisValueEdit)| ValueDraft {
                id: value.id.filter(|id| !id.is_empty()),
                label: value.label.read(&format!("axes.{at}.values.{n}.label"), f),
            };
            let values = axis.values.into_iter().enumerate().map(value).collect();
            draft.axes.push(AxisDraft { name: axis.name.read(&format!("axes.{at}.name"), f), values });
        }
        draft.variants = self.variants.into_iter().enumerate().map(|(at, v)| v.draft(at, f)).collect();
        let media = self.media_ids.iter().enumerate();
        draft.media_ids = media.filter_map(|(at, id)| f.id(&format!("media_ids.{at}"), id)).collect();
        let origin = self.origin.filter(|origin| !origin.is_empty());
        draft.origin = origin.and_then(|origin| f.country("origin", &origin));
        draft.hs_code = self.hs_code.map(|code| code.trim().to_owned()).filter(|code| !code.is_empty());
        draft.minimum_age = self.minimum_age;
        draft.one_of_a_kind = self.one_of_a_kind;
        let exception = self.no_withdrawal.filter(|why| !why.is_empty());
        draft.no_withdrawal =
            exception.and_then(|why| why.parse().map_err(|fault: Fault| f.add("no_withdrawal", fault)).ok());
        draft.condition = self.condition.and_then(|condition| {
            let defects = condition.defects.read("condition.defects", f);
            let grade = condition.grade.parse().map_err(|fault: Fault| f.add("condition.grade", fault)).ok()?;
            Some(Condition { grade, defects })
        });
        for (at, m) in self.measurements.into_iter().enumerate() {
            let name = m.name.read(&format!("measurements.{at}.name"), f);
            draft.measurements.push(Measurement { name, value: m.value.trim().to_owned() });
        }
        draft.size_chart = self.size_chart.map(|chart| {
            let columns = chart.columns.iter().enumerate();
            let columns = columns.map(|(at, column)| column.read(&format!("size_chart.columns.{at}"), f)).collect();
            SizeChart { columns, rows: chart.rows }
        });
        faults.or(draft)
    }
}
