//! Products from a sheet: our own CSV and Shopify's product CSV. A dry run by nature: bytes in, drafts and every fault
//! by line and column out; nothing is written here. Formats: docs/import.md.

mod cell;
mod html;
mod sheet;
mod shopify;
mod trunkshow;

use kernel::{BrandId, Currency, Language, LocationId, Random, SellerId, Timestamp, VariantId};

use super::{Fault, Faults, MAX_FAULTS, ProductDraft, Status};

pub use sheet::{MAX_BYTES, MAX_ROWS};
pub(crate) use sheet::{Row, read as read_sheet};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Trunkshow,
    Shopify,
}

/// What a sheet does not say by itself.
#[derive(Clone, Debug)]
pub struct Terms {
    pub brand_id: BrandId,
    pub seller_id: Option<SellerId>,
    /// Where the units of the sheet lie.
    pub location_id: LocationId,
    /// The language of texts and the currency of prices, for a format that names neither.
    pub language: Language,
    pub currency: Currency,
}

/// One product of a sheet. `handle` is the sheet's own name for it: the same handle imported again changes the same
/// product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    pub line: u64,
    /// Those of its variants, in their order.
    pub lines: Vec<u64>,
    pub handle: String,
    pub status: Status,
    pub draft: ProductDraft,
}

/// A fault with its place: the line as an editor counts it (the header is 1) and the column's name as the sheet has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    pub line: u64,
    pub column: String,
    pub fault: Fault,
}

/// What was left aside, said once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Warning {
    /// Pictures are named by address; they are not fetched.
    PicturesNotFetched,
    /// A struck-out price comes only from our own price history.
    ComparePriceIgnored,
    /// Gift cards are no products here.
    GiftCardsLeftOut,
    /// Columns that have no place here.
    ColumnsIgnored,
}

impl Warning {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::PicturesNotFetched => "pictures_not_fetched",
            Self::ComparePriceIgnored => "compare_price_ignored",
            Self::GiftCardsLeftOut => "gift_cards_left_out",
            Self::ColumnsIgnored => "columns_ignored",
        }
    }
}

/// What a sheet would do. With any error nothing of it may be applied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Data lines read, the header not counted.
    pub rows: usize,
    pub products: Vec<Imported>,
    /// In the order of their lines, at most [`MAX_FAULTS`]; `more_errors` counts the rest.
    pub errors: Vec<RowFault>,
    pub more_errors: usize,
    pub warnings: Vec<Warning>,
}

impl Plan {
    #[must_use]
    pub fn variants(&self) -> usize {
        self.products.iter().map(|product| product.draft.variants.len()).sum()
    }

    /// Whether a cell of this line is refused already, in a column whose name has the word.
    #[must_use]
    pub fn refused(&self, line: u64, word: &str) -> bool {
        self.errors.iter().any(|fault| fault.line == line && fault.column.to_ascii_lowercase().contains(word))
    }

    pub fn refuse(&mut self, line: u64, column: impl Into<String>, fault: Fault) {
        if self.errors.len() < MAX_FAULTS {
            self.errors.push(RowFault { line, column: column.into(), fault });
        } else {
            self.more_errors += 1;
        }
    }

    fn warn(&mut self, warning: Warning) {
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }
}

/// Reads a whole sheet. Never panics, whatever the bytes; work and memory are bounded by [`MAX_BYTES`] and [`MAX_ROWS`].
#[must_use]
pub fn read(format: Format, bytes: &[u8], terms: &Terms) -> Plan {
    let mut plan = Plan::default();
    let Some(sheet) = sheet::read(bytes, &mut plan) else { return plan };
    plan.rows = sheet.rows.len();
    match format {
        Format::Trunkshow => trunkshow::read(&sheet, terms, &mut plan),
        Format::Shopify => shopify::read(&sheet, terms, &mut plan),
    }
    plan.errors.sort_by_key(|fault| fault.line);
    plan
}

/// Runs the rules of a product over a draft, and puts each fault back to its line and column. `lines` are those of the
/// draft's variants; `column` names the column that a field came from.
fn check_draft(
    draft: &ProductDraft,
    status: Status,
    line: u64,
    lines: &[u64],
    plan: &mut Plan,
    column: impl Fn(&str) -> String,
) {
    // The ids are thrown away with the product: this only asks for faults.
    let mut ids = Random::seeded(0);
    let faults = draft.check(status, || VariantId::mint(Timestamp::EPOCH, &mut ids)).err().unwrap_or_default();
    put_back(faults, line, lines, plan, column);
}

fn put_back(faults: Faults, line: u64, lines: &[u64], plan: &mut Plan, column: impl Fn(&str) -> String) {
    for fault in faults {
        let variant = fault.field.strip_prefix("variants.").and_then(|rest| rest.split_once('.'));
        let (line, field) = match variant {
            Some((at, field)) => {
                let own = at.parse().ok().and_then(|at: usize| lines.get(at).copied());
                (own.unwrap_or(line), field)
            }
            None => (line, fault.field.as_str()),
        };
        plan.refuse(line, column(field), fault.fault);
    }
}
