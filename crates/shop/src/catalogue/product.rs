//! A checked product, as it is stored.

use std::fmt;
use std::str::FromStr;

use kernel::{BrandId, Country, MediaId, SellerId, Texts, VariantId};
use serde::{Deserialize, Serialize};

use super::{Axis, Fault, Faults};

/// Where a product stands. Only an active one is public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Draft,
    Active,
    Archived,
}

impl Status {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Archived => "archived",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Status {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
        match text {
            "draft" => Ok(Self::Draft),
            "active" => Ok(Self::Active),
            "archived" => Ok(Self::Archived),
            _ => Err(Fault::NotAChoice { choices: "draft, active, archived" }),
        }
    }
}

/// How worn a second-hand piece is. A product without a condition is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    New,
    LikeNew,
    Excellent,
    Good,
    Fair,
}

impl Grade {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::LikeNew => "like_new",
            Self::Excellent => "excellent",
            Self::Good => "good",
            Self::Fair => "fair",
        }
    }
}

impl FromStr for Grade {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
        match text {
            "new" => Ok(Self::New),
            "like_new" => Ok(Self::LikeNew),
            "excellent" => Ok(Self::Excellent),
            "good" => Ok(Self::Good),
            "fair" => Ok(Self::Fair),
            _ => Err(Fault::NotAChoice { choices: "new, like_new, excellent, good, fair" }),
        }
    }
}

/// Why a buyer may not withdraw from a contract about this product without a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoWithdrawal {
    /// Made or altered for this buyer.
    MadeToMeasure,
    /// Sealed for health or hygiene, once it is opened.
    Hygiene,
    /// Spoils soon.
    Perishable,
}

impl NoWithdrawal {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MadeToMeasure => "made_to_measure",
            Self::Hygiene => "hygiene",
            Self::Perishable => "perishable",
        }
    }
}

impl FromStr for NoWithdrawal {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
        match text {
            "made_to_measure" => Ok(Self::MadeToMeasure),
            "hygiene" => Ok(Self::Hygiene),
            "perishable" => Ok(Self::Perishable),
            _ => Err(Fault::NotAChoice { choices: "made_to_measure, hygiene, perishable" }),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    pub grade: Grade,
    #[serde(default)]
    pub defects: Texts,
}

/// A measure of the piece itself: ("Shoulder", "42 cm").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measurement {
    pub name: Texts,
    pub value: String,
}

/// Every row has as many cells as there are columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SizeChart {
    pub columns: Vec<Texts>,
    pub rows: Vec<Vec<String>>,
}

/// The texts of a product that a buyer reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProductTexts {
    pub title: Texts,
    pub description: Texts,
    pub materials: Texts,
    pub warnings: Texts,
    /// What the model on the pictures wears, and how tall they are.
    pub model_size: Texts,
}

/// One thing that can be bought: a value of each axis, in the axes' order. Weights are grams.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    pub id: VariantId,
    pub sku: String,
    pub values: Vec<String>,
    pub weight_g: Option<i64>,
}

/// A product as stored, whole, one document a revision. Prices and stock are kept apart: they change on their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    pub brand_id: BrandId,
    pub seller_id: Option<SellerId>,
    pub status: Status,
    /// A lower-case word such as `fashion` or `jewellery`.
    pub category: String,
    pub texts: ProductTexts,
    pub axes: Vec<Axis>,
    pub variants: Vec<Variant>,
    pub media_ids: Vec<MediaId>,
    pub origin: Option<Country>,
    pub hs_code: Option<String>,
    /// Years.
    pub minimum_age: Option<u8>,
    pub one_of_a_kind: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_withdrawal: Option<NoWithdrawal>,
    pub condition: Option<Condition>,
    pub measurements: Vec<Measurement>,
    pub size_chart: Option<SizeChart>,
}

impl Product {
    /// The labels of a variant's values, in the axes' order.
    pub fn labels<'a>(&'a self, variant: &'a Variant) -> impl Iterator<Item = &'a Texts> {
        self.axes
            .iter()
            .zip(&variant.values)
            .filter_map(|(axis, id)| axis.values.iter().find(|value| value.id == *id))
            .map(|value| &value.label)
    }

    #[must_use]
    pub fn variant(&self, id: VariantId) -> Option<&Variant> {
        self.variants.iter().find(|variant| variant.id == id)
    }

    /// What still keeps the product from being active: a seller of record, a variant, and a price for each variant.
    /// `priced` tells whether a variant is sold in any currency.
    pub fn ready(&self, priced: impl Fn(VariantId) -> bool) -> Result<(), Faults> {
        let mut faults = Faults::default();
        faults.when(self.seller_id.is_none(), "seller_id", Fault::Required);
        faults.when(self.texts.title.is_empty(), "texts.title", Fault::Required);
        faults.when(self.variants.is_empty(), "variants", Fault::Required);
        for (at, variant) in self.variants.iter().enumerate() {
            faults.when(!priced(variant.id), format!("variants.{at}.prices"), Fault::Required);
        }
        faults.or(())
    }
}
