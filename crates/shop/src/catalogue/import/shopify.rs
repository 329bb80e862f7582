//! Shopify's product CSV, as its admin exports it: the first line of a handle carries the product, further lines carry
//! variants or only pictures. Both generations of column names are read
//! (<https://help.shopify.com/en/manual/products/import-export/using-csv>).

use std::collections::BTreeMap;

use kernel::Language;

use super::cell::Cells;
use super::sheet::{Row, Sheet, short};
use super::{Imported, Plan, Terms, Warning, check_draft, html};
use crate::catalogue::text::{one, says};
use crate::catalogue::{AxisDraft, Fault, MAX_AXES, ProductDraft, Status, StockLine, ValueDraft, VariantDraft};

/// (our word, the names that exports of old and new give it, in lower case).
const NAMES: [(&str, &[&str]); 15] = [
    ("handle", &["handle", "url handle"]),
    ("title", &["title"]),
    ("body", &["body (html)", "description"]),
    ("type", &["type"]),
    ("status", &["status"]),
    ("published", &["published", "published on online store"]),
    ("sku", &["variant sku", "sku"]),
    ("grams", &["variant grams", "weight value (grams)"]),
    ("quantity", &["variant inventory qty", "inventory quantity"]),
    ("price", &["variant price", "price"]),
    ("compare", &["variant compare at price", "compare-at price"]),
    ("picture", &["image src", "product image url"]),
    ("gift", &["gift card"]),
    ("category", &["product category"]),
    ("variant_picture", &["variant image", "variant image url"]),
];

struct Columns(BTreeMap<&'static str, usize>, [Option<usize>; 6]);

impl Columns {
    fn at(&self, name: &str) -> Option<usize> {
        self.0.get(name).copied()
    }
    fn option_name(&self, axis: usize) -> Option<usize> {
        self.1[axis * 2]
    }
    fn option_value(&self, axis: usize) -> Option<usize> {
        self.1[axis * 2 + 1]
    }
}

pub(super) fn read(sheet: &Sheet, terms: &Terms, plan: &mut Plan) {
    let Some(columns) = columns(sheet, plan) else { return };
    let mut products: Vec<Vec<&Row>> = Vec::new();
    let mut by_handle: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &sheet.rows {
        let handle = row.cell(columns.at("handle"));
        if handle.is_empty() || handle.len() > 255 {
            let fault = if handle.is_empty() { Fault::Required } else { Fault::TooLong { most: 255 } };
            let mut cells = Cells { sheet, row, plan };
            cells.refuse(columns.at("handle"), fault);
            continue;
        }
        let next = products.len();
        let at = *by_handle.entry(handle).or_insert(next);
        if at == next {
            products.push(vec![row]);
        } else {
            products[at].push(row);
        }
    }
    let mut skus = BTreeMap::new();
    for rows in products {
        product(sheet, &columns, &rows, terms, plan, &mut skus);
    }
}

fn columns(sheet: &Sheet, plan: &mut Plan) -> Option<Columns> {
    let folded = sheet.columns(str::to_ascii_lowercase);
    let mut found = BTreeMap::new();
    for (word, names) in NAMES {
        if let Some(at) = names.iter().find_map(|name| folded.get(*name)) {
            found.insert(word, *at);
        }
    }
    let mut options = [None; 6];
    for axis in 0..MAX_AXES {
        options[axis * 2] = folded.get(&format!("option{} name", axis + 1)).copied();
        options[axis * 2 + 1] = folded.get(&format!("option{} value", axis + 1)).copied();
    }
    let used = found.len() + options.iter().flatten().count();
    if folded.keys().filter(|name| !name.is_empty()).count() > used {
        plan.warn(Warning::ColumnsIgnored);
    }
    let mut whole = true;
    for (word, name) in [("handle", "Handle"), ("title", "Title"), ("price", "Variant Price")] {
        if !found.contains_key(word) {
            plan.refuse(1, name, Fault::MissingColumn);
            whole = false;
        }
    }
    whole.then_some(Columns(found, options))
}

fn product(
    sheet: &Sheet,
    columns: &Columns,
    rows: &[&Row],
    terms: &Terms,
    plan: &mut Plan,
    skus: &mut BTreeMap<String, u64>,
) {
    let Some(first) = rows.first().copied() else { return };
    let mut cells = Cells { sheet, row: first, plan };
    if cells.yes(columns.at("gift")).unwrap_or(false) {
        plan.warn(Warning::GiftCardsLeftOut);
        return;
    }
    let published = cells.yes(columns.at("published")).unwrap_or(true);
    let unstated = if published { Status::Active } else { Status::Draft };
    let status = cells.choice(columns.at("status")).unwrap_or(unstated);
    let handle = first.cell(columns.at("handle"));
    let mut draft = ProductDraft::empty(terms.brand_id);
    draft.seller_id = terms.seller_id;
    draft.category = category(first.cell(columns.at("type")), first.cell(columns.at("category")));
    draft.texts.title = one(&terms.language, first.cell(columns.at("title")));
    let body = html::plain(first.cell(columns.at("body")));
    draft.texts.description = one(&terms.language, &body);
    draft.axes = axes(first, columns, &terms.language);

    let mut lines = Vec::new();
    for row in rows {
        let has = |name: &str| !row.cell(columns.at(name)).is_empty();
        if has("picture") || has("variant_picture") {
            plan.warn(Warning::PicturesNotFetched);
        }
        if has("compare") {
            plan.warn(Warning::ComparePriceIgnored);
        }
        // A line with neither price nor option carries only a picture.
        let has_option = (0..MAX_AXES).any(|axis| !row.cell(columns.option_value(axis)).is_empty());
        if !has("price") && !has_option && !has("sku") {
            continue;
        }
        let mut cells = Cells { sheet, row, plan };
        let variant = variant(&mut cells, columns, &mut draft.axes, handle, terms);
        if skus.insert(variant.sku.clone(), row.line).is_some() {
            cells.refuse(columns.at("sku").or(columns.at("handle")), Fault::Duplicate);
        }
        draft.variants.push(variant);
        lines.push(row.line);
    }
    check_draft(&draft, status, first.line, &lines, plan, |field| column_of(field, columns, sheet));
    plan.products.push(Imported { line: first.line, lines, handle: handle.to_owned(), status, draft });
}

/// The last word of Shopify's category path, or the merchant's own type: `Apparel > Belts` → `belts`.
fn category(own: &str, path: &str) -> String {
    let named = if own.is_empty() { path.rsplit('>').next().unwrap_or_default() } else { own };
    let word = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let slug: String = named.trim().chars().map(word).collect();
    let slug: Vec<&str> = slug.split('-').filter(|part| !part.is_empty()).collect();
    let slug: String = slug.join("-").chars().take(40).collect();
    if slug.is_empty() { "other".into() } else { slug }
}

/// The axes that the product's first line names. `Title` with `Default Title` is Shopify's way to say that there is none.
fn axes(first: &Row, columns: &Columns, language: &Language) -> Vec<AxisDraft> {
    let mut axes = Vec::new();
    for axis in 0..MAX_AXES {
        let name = first.cell(columns.option_name(axis));
        let sole = name == "Title" && first.cell(columns.option_value(axis)) == "Default Title";
        if name.is_empty() || sole {
            break;
        }
        axes.push(AxisDraft { name: one(language, name), values: Vec::new() });
    }
    axes
}

fn variant(
    cells: &mut Cells<'_>,
    columns: &Columns,
    axes: &mut [AxisDraft],
    handle: &str,
    terms: &Terms,
) -> VariantDraft {
    let mut values = Vec::new();
    for (at, axis) in axes.iter_mut().enumerate() {
        let label = cells.text(columns.option_value(at));
        if !label.is_empty() && !axis.values.iter().any(|value| says(&value.label, label)) {
            axis.values.push(ValueDraft { id: None, label: one(&terms.language, label) });
        }
        values.push(label.to_owned());
    }
    if cells.text(columns.at("price")).is_empty() {
        cells.refuse(columns.at("price"), Fault::Required);
    }
    let sku = match cells.text(columns.at("sku")) {
        "" => std::iter::once(handle).chain(values.iter().map(String::as_str)).collect::<Vec<_>>().join("-"),
        // Spreadsheets and Shopify mark a number that is text with an apostrophe.
        own => own.trim_start_matches('\'').to_owned(),
    };
    let on_hand = cells.whole(columns.at("quantity"));
    VariantDraft {
        id: None,
        sku: sku.chars().take(64).collect(),
        values,
        prices: cells.money(columns.at("price"), terms.currency).into_iter().collect(),
        stock: on_hand
            .map(|on_hand| StockLine { location_id: terms.location_id, on_hand, buffer: 0 })
            .into_iter()
            .collect(),
        weight_g: cells.grams(columns.at("grams")),
    }
}

fn column_of(field: &str, columns: &Columns, sheet: &Sheet) -> String {
    let digit = field.bytes().find(u8::is_ascii_digit).map_or(0, |digit| usize::from(digit - b'0'));
    let axis = digit.min(MAX_AXES - 1);
    let at = if field.starts_with("texts.title") {
        columns.at("title")
    } else if field.starts_with("texts.description") {
        columns.at("body")
    } else if field.starts_with("axes.") && field.ends_with("name") {
        columns.option_name(axis)
    } else if field.starts_with("axes.") || field.starts_with("values") {
        columns.option_value(axis)
    } else if field.starts_with("prices") {
        columns.at("price")
    } else if field.starts_with("stock") {
        columns.at("quantity")
    } else if field.starts_with("weight") {
        columns.at("grams")
    } else if field.starts_with("category") {
        columns.at("type")
    } else {
        columns.at(field)
    };
    at.and_then(|at| sheet.header.get(at)).map_or_else(|| field.to_owned(), |name| short(name))
}
