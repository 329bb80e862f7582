//! An offer as staff write and read it.

use app::ports::OfferRow;
use kernel::{EntryId, Money, ProductId, Timestamp};
use serde::{Deserialize, Serialize};
use shop::catalogue::{Fault, Faults};
use shop::offer::{Gives, Offer, Scope, read_code};
use utoipa::ToSchema;

use super::{MoneyBody, MoneyDraft, Reading, TextsBody};

/// What an offer gives: `price` (amounts: of one piece), `bundle` (amounts: of one of each product together), `percent`,
/// `amount` (amounts: off all together), `free_shipping` or `gift`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GivesBody {
    kind: String,
    /// Hundredths of a percent.
    basis_points: Option<u32>,
    /// One a currency.
    amounts: Vec<MoneyBody>,
    products: Vec<String>,
    variant_id: Option<String>,
    quantity: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfferBody {
    id: String,
    version: i64,
    name: TextsBody,
    /// Null: it counts by itself.
    code: Option<String>,
    gives: GivesBody,
    categories: Vec<String>,
    products: Vec<String>,
    /// Only what is bought from this show while it is live.
    show_id: Option<String>,
    minimum: Vec<MoneyBody>,
    from: String,
    until: Option<String>,
    uses: Option<u32>,
    per_buyer: Option<u32>,
    combinable: bool,
    stopped: bool,
    /// Orders that a limited one counts in.
    used: i64,
}

fn ids<T: ToString>(ids: &[T]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

fn monies(amounts: &[Money]) -> Vec<MoneyBody> {
    amounts.iter().copied().map(Into::into).collect()
}

impl From<&Gives> for GivesBody {
    fn from(gives: &Gives) -> Self {
        let none = |kind: &str| Self {
            kind: kind.into(),
            basis_points: None,
            amounts: Vec::new(),
            products: Vec::new(),
            variant_id: None,
            quantity: None,
        };
        match gives {
            Gives::Price { unit } => Self { amounts: monies(unit), ..none("price") },
            Gives::Bundle { products, price } => {
                Self { amounts: monies(price), products: ids(products), ..none("bundle") }
            }
            Gives::Percent { basis_points } => Self { basis_points: Some(*basis_points), ..none("percent") },
            Gives::Amount { off } => Self { amounts: monies(off), ..none("amount") },
            Gives::FreeShipping => none("free_shipping"),
            Gives::Gift { variant, quantity } => {
                Self { variant_id: Some(variant.to_string()), quantity: Some(*quantity), ..none("gift") }
            }
        }
    }
}

impl From<OfferRow> for OfferBody {
    fn from(row: OfferRow) -> Self {
        let OfferRow { offer, version, used } = row;
        Self {
            id: offer.id.to_string(),
            version,
            name: (&offer.name).into(),
            code: offer.code,
            gives: (&offer.gives).into(),
            categories: offer.scope.categories,
            products: ids(&offer.scope.products),
            show_id: offer.scope.show.map(|show| show.to_string()),
            minimum: monies(&offer.minimum),
            from: offer.from.to_string(),
            until: offer.until.map(|until| until.to_string()),
            uses: offer.uses,
            per_buyer: offer.per_buyer,
            combinable: offer.combinable,
            stopped: offer.stopped,
            used,
        }
    }
}

/// As [`GivesBody`], with what its kind needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GivesDraft {
    kind: String,
    /// 1 to 10,000.
    #[serde(default)]
    basis_points: Option<u32>,
    #[serde(default)]
    amounts: Vec<MoneyDraft>,
    /// 2 to 10; one named twice is two pieces.
    #[serde(default)]
    products: Vec<String>,
    #[serde(default)]
    variant_id: Option<String>,
    /// 1 to 5.
    #[serde(default)]
    quantity: Option<u32>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferDraft {
    /// Of the offer that was looked at; a new one has none.
    #[serde(default)]
    pub(crate) version: Option<i64>,
    name: TextsBody,
    /// Letters, digits and dashes, 24 at most; without, it counts by itself.
    #[serde(default)]
    code: Option<String>,
    gives: GivesDraft,
    #[serde(default)]
    categories: Vec<String>,
    #[serde(default)]
    products: Vec<String>,
    #[serde(default)]
    show_id: Option<String>,
    #[serde(default)]
    minimum: Vec<MoneyDraft>,
    from: String,
    #[serde(default)]
    until: Option<String>,
    #[serde(default)]
    uses: Option<u32>,
    #[serde(default)]
    per_buyer: Option<u32>,
    #[serde(default)]
    combinable: bool,
}

impl GivesDraft {
    fn read(&self, faults: &mut Faults) -> Option<Gives> {
        let amounts = faults.monies("gives.amounts", &self.amounts);
        Some(match self.kind.as_str() {
            "price" => Gives::Price { unit: amounts },
            "bundle" => Gives::Bundle { products: products("gives.products", &self.products, faults), price: amounts },
            "percent" => Gives::Percent { basis_points: self.basis_points.unwrap_or(0) },
            "amount" => Gives::Amount { off: amounts },
            "free_shipping" => Gives::FreeShipping,
            "gift" => {
                let variant = faults.id("gives.variant_id", self.variant_id.as_deref().unwrap_or_default());
                Gives::Gift { variant: variant?, quantity: self.quantity.unwrap_or(1) }
            }
            _ => {
                let choices = "price, bundle, percent, amount, free_shipping, gift";
                faults.add("gives.kind", Fault::NotAChoice { choices });
                return None;
            }
        })
    }
}

fn products(field: &str, named: &[String], faults: &mut Faults) -> Vec<ProductId> {
    let numbered = named.iter().enumerate();
    numbered.filter_map(|(at, id)| faults.id(&format!("{field}.{at}"), id)).collect()
}

impl OfferDraft {
    /// The offer under this id, not stopped.
    pub(crate) fn read(self, id: EntryId) -> Result<Offer, Faults> {
        let mut faults = Faults::default();
        let name = self.name.read("name", &mut faults);
        let gives = self.gives.read(&mut faults);
        let typed = self.code.as_deref().map(str::trim).filter(|code| !code.is_empty());
        let code = typed.and_then(read_code);
        faults.when(typed.is_some() && code.is_none(), "code", Fault::BadShape { like: "SILK-10" });
        let products = products("products", &self.products, &mut faults);
        let show = faults.id_or_none("show_id", self.show_id.as_deref());
        let minimum = faults.monies("minimum", &self.minimum);
        let mut time = |field: &str, text: &str| {
            let read: Option<Timestamp> = text.parse().ok();
            faults.when(read.is_none(), field, Fault::BadShape { like: "2026-11-22T18:00:00Z" });
            read
        };
        let from = time("from", &self.from);
        let until = self.until.as_deref().filter(|text| !text.is_empty()).and_then(|text| time("until", text));
        let (Some(gives), Some(from), true) = (gives, from, faults.is_empty()) else { return Err(faults) };
        let scope = Scope { categories: self.categories, products, show };
        let (uses, per_buyer, combinable) = (self.uses, self.per_buyer, self.combinable);
        Ok(Offer { id, name, code, gives, scope, minimum, from, until, uses, per_buyer, combinable, stopped: false })
    }
}
