//! Products on the wire, as buyers see them.

use app::catalogue::products::{Card, Picture, VariantView, View};
use kernel::{Language, Texts};
use serde::Serialize;
use utoipa::ToSchema;

use super::{MoneyBody, SellerBody, TextBody, text};

/// A picture. `url` holds `{w}`: put 160, 320, 640, 960 or 1280 there.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PictureBody {
    media_id: String,
    pub(crate) alt: String,
    /// Of the original, in pixels.
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) url: String,
}

impl PictureBody {
    pub(crate) fn new(picture: Picture, alt: &str) -> Self {
        Self {
            media_id: picture.media_id.to_string(),
            alt: alt.to_owned(),
            width: picture.width,
            height: picture.height,
            url: format!("/media/{}/{{w}}.webp", picture.media_id),
        }
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct BrandRef {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// A product in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ProductCardBody {
    pub(crate) id: String,
    pub(crate) title: TextBody,
    brand: BrandRef,
    category: String,
    picture: Option<PictureBody>,
    /// The lowest of its variants in the currency asked for; null: not sold in it.
    price: Option<MoneyBody>,
    /// The highest, where it differs.
    price_to: Option<MoneyBody>,
    /// `in`, `low` or `out`.
    free: String,
    one_of_a_kind: bool,
}

impl From<Card> for ProductCardBody {
    fn from(card: Card) -> Self {
        Self {
            id: card.id.to_string(),
            picture: card.picture.map(|picture| PictureBody::new(picture, &card.title.text)),
            title: card.title.into(),
            brand: BrandRef { id: card.brand.0.to_string(), name: card.brand.1 },
            category: card.category,
            price: card.price.map(Into::into),
            price_to: card.price_to.map(Into::into),
            free: card.free.as_str().into(),
            one_of_a_kind: card.one_of_a_kind,
        }
    }
}

/// A page of products; `next` is the `after` of the next page.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProductPage {
    pub(crate) items: Vec<ProductCardBody>,
    pub(crate) next: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct AxisValueBody {
    id: String,
    label: TextBody,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct AxisBody {
    name: TextBody,
    values: Vec<AxisValueBody>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct VariantBody {
    id: String,
    sku: String,
    /// Value ids, in the axes' order.
    values: Vec<String>,
    price: Option<MoneyBody>,
    /// May stand struck out: the lowest price of 30 days before the present one.
    was: Option<MoneyBody>,
    /// `in`, `low` or `out`.
    free: String,
    /// Only when 5 or fewer are left.
    low_count: Option<i64>,
}

impl From<&VariantView> for VariantBody {
    fn from(view: &VariantView) -> Self {
        Self {
            id: view.id.to_string(),
            sku: view.sku.clone(),
            values: view.values.clone(),
            price: view.price.map(Into::into),
            was: view.was.map(Into::into),
            free: view.free.as_str().into(),
            low_count: view.low_count,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeasurementBody {
    name: TextBody,
    value: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SizeChartBody {
    columns: Vec<TextBody>,
    rows: Vec<Vec<String>>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConditionBody {
    /// `new`, `like_new`, `excellent`, `good` or `fair`.
    grade: String,
    defects: TextBody,
}

/// What a share card says.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShareBody {
    title: String,
    description: String,
    image_url: Option<String>,
}

/// A product whole.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProductBody {
    #[serde(flatten)]
    card: ProductCardBody,
    status: String,
    description: TextBody,
    pictures: Vec<PictureBody>,
    axes: Vec<AxisBody>,
    variants: Vec<VariantBody>,
    materials: Option<TextBody>,
    /// Two letters of a country.
    origin: Option<String>,
    hs_code: Option<String>,
    measurements: Vec<MeasurementBody>,
    size_chart: Option<SizeChartBody>,
    model_size: Option<TextBody>,
    condition: Option<ConditionBody>,
    warnings: Option<TextBody>,
    /// Years.
    minimum_age: Option<u8>,
    /// `made_to_measure`, `hygiene` or `perishable`; null where buyers may withdraw from the contract.
    no_withdrawal: Option<String>,
    /// Null only for a draft.
    seller: Option<SellerBody>,
    tax_included: bool,
    share: ShareBody,
}

pub(crate) fn axes(view: &View, reader: &Language) -> Vec<AxisBody> {
    let value =
        |value: &shop::catalogue::AxisValue| AxisValueBody { id: value.id.clone(), label: text(&value.label, reader) };
    let axis = |axis: &shop::catalogue::Axis| AxisBody {
        name: text(&axis.name, reader),
        values: axis.values.iter().map(value).collect(),
    };
    view.row.product.axes.iter().map(axis).collect()
}

impl ProductBody {
    pub(crate) fn new(view: View, reader: &Language, public_url: &str) -> Self {
        let product = &view.row.product;
        let some = |texts: &Texts| (!texts.is_empty()).then(|| text(texts, reader));
        let title = view.card.title.text.clone();
        let description = text(&product.texts.description, reader);
        let share = ShareBody {
            title: title.clone(),
            description: description.as_str().chars().take(200).collect(),
            image_url: view.card.picture.map(|p| format!("{public_url}/media/{}/1280.webp", p.media_id)),
        };
        let chart = product.size_chart.as_ref().map(|chart| SizeChartBody {
            columns: chart.columns.iter().map(|column| text(column, reader)).collect(),
            rows: chart.rows.clone(),
        });
        let condition = product.condition.as_ref().map(|condition| ConditionBody {
            grade: condition.grade.as_str().into(),
            defects: text(&condition.defects, reader),
        });
        let measurement =
            |m: &shop::catalogue::Measurement| MeasurementBody { name: text(&m.name, reader), value: m.value.clone() };
        Self {
            status: product.status.to_string(),
            pictures: view.pictures.iter().map(|picture| PictureBody::new(*picture, &title)).collect(),
            axes: axes(&view, reader),
            variants: view.variants.iter().map(Into::into).collect(),
            materials: some(&product.texts.materials),
            origin: product.origin.map(|country| country.to_string()),
            hs_code: product.hs_code.clone(),
            measurements: product.measurements.iter().map(measurement).collect(),
            size_chart: chart,
            model_size: some(&product.texts.model_size),
            condition,
            warnings: some(&product.texts.warnings),
            minimum_age: product.minimum_age,
            no_withdrawal: product.no_withdrawal.map(|why| why.as_str().into()),
            seller: view.seller.as_ref().map(Into::into),
            tax_included: view.tax_included,
            share,
            description,
            card: view.card.into(),
        }
    }
}
