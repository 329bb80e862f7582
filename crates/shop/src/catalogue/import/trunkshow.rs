//! Trunkshow's own CSV: a line a variant, lines of one product share a handle. A text has a column a language
//! (`title_en`, `title_zh`), a price a column a currency (`price_usd`). An unknown column is an error: it is a typing
//! mistake that would silently lose what stands in it.

use std::collections::BTreeMap;

use kernel::{Currency, Language, Texts};

use super::cell::Cells;
use super::sheet::{Row, Sheet};
use super::{Imported, Plan, Terms, check_draft};
use crate::catalogue::text::{agree, set};
use crate::catalogue::{
    AxisDraft, Condition, Fault, MAX_AXES, ProductDraft, ProductTexts, Status, StockLine, ValueDraft, VariantDraft,
};

/// Columns of a product, which every line of it may repeat and none may contradict.
const PRODUCT: [&str; 10] = [
    "status",
    "category",
    "origin",
    "hs_code",
    "minimum_age",
    "one_of_a_kind",
    "no_withdrawal",
    "condition",
    "pictures",
    "title",
];
const PRODUCT_TEXTS: [&str; 9] =
    ["title", "description", "materials", "warnings", "model_size", "defects", "axis1", "axis2", "axis3"];
const VARIANT: [&str; 5] = ["handle", "sku", "on_hand", "buffer", "weight_g"];
const VARIANT_TEXTS: [&str; 3] = ["value1", "value2", "value3"];

struct Columns {
    named: BTreeMap<String, usize>,
    /// Text columns by their stem: `title` → [(en, 3), (zh, 4)].
    texts: BTreeMap<&'static str, Vec<(Language, usize)>>,
    prices: Vec<(Currency, usize)>,
}

pub(super) fn read(sheet: &Sheet, terms: &Terms, plan: &mut Plan) {
    let Some(columns) = columns(sheet, plan) else { return };
    let mut products: Vec<Vec<&Row>> = Vec::new();
    let mut by_handle: BTreeMap<&str, usize> = BTreeMap::new();
    let mut skus: BTreeMap<&str, u64> = BTreeMap::new();
    for row in &sheet.rows {
        let handle = row.cell(columns.at("handle"));
        if handle.is_empty() || handle.len() > 120 {
            let fault = if handle.is_empty() { Fault::Required } else { Fault::TooLong { most: 120 } };
            plan.refuse(row.line, "handle", fault);
            continue;
        }
        let sku = row.cell(columns.at("sku"));
        if !sku.is_empty() && skus.insert(sku, row.line).is_some() {
            plan.refuse(row.line, "sku", Fault::Duplicate);
        }
        let next = products.len();
        let at = *by_handle.entry(handle).or_insert(next);
        if at == next {
            products.push(vec![row]);
        } else {
            products[at].push(row);
        }
    }
    for rows in products {
        if let Some(imported) = product(sheet, &columns, &rows, terms, plan) {
            plan.products.push(imported);
        }
    }
}

impl Columns {
    fn at(&self, name: &str) -> Option<usize> {
        self.named.get(name).copied()
    }

    fn texts(&self, stem: &str) -> &[(Language, usize)] {
        self.texts.get(stem).map(Vec::as_slice).unwrap_or_default()
    }
}

fn columns(sheet: &Sheet, plan: &mut Plan) -> Option<Columns> {
    let named = sheet.columns(str::to_ascii_lowercase);
    let mut columns = Columns { named: BTreeMap::new(), texts: BTreeMap::new(), prices: Vec::new() };
    let before = plan.errors.len();
    for (name, at) in named {
        let unknown = if name.is_empty() {
            false
        } else if let Some(letters) = name.strip_prefix("price_") {
            match letters.to_ascii_uppercase().parse() {
                Ok(currency) => {
                    columns.prices.push((currency, at));
                    false
                }
                Err(_) => {
                    plan.refuse(1, super::sheet::short(&name), Fault::UnknownCurrency);
                    false
                }
            }
        } else if let Some((stem, language)) = stem_and_language(&name) {
            match language.parse() {
                Ok(language) => {
                    columns.texts.entry(stem).or_default().push((language, at));
                    false
                }
                Err(_) => true,
            }
        } else {
            let known = PRODUCT.contains(&name.as_str()) || VARIANT.contains(&name.as_str());
            columns.named.insert(name.clone(), at);
            !known
        };
        if unknown {
            plan.refuse(1, super::sheet::short(&name), Fault::UnknownColumn);
        }
    }
    for needed in ["handle", "sku"] {
        if columns.at(needed).is_none() {
            plan.refuse(1, needed, Fault::MissingColumn);
        }
    }
    if columns.texts("title").is_empty() {
        plan.refuse(1, "title_en", Fault::MissingColumn);
    }
    (plan.errors.len() == before).then_some(columns)
}

fn stem_and_language(name: &str) -> Option<(&'static str, &str)> {
    PRODUCT_TEXTS
        .iter()
        .chain(&VARIANT_TEXTS)
        .find_map(|stem| Some((*stem, name.strip_prefix(stem)?.strip_prefix('_')?)))
}

fn product(sheet: &Sheet, columns: &Columns, rows: &[&Row], terms: &Terms, plan: &mut Plan) -> Option<Imported> {
    let first = *rows.first()?;
    // What a product column says, wherever its first word stands; later lines may only repeat it.
    let said = |column: Option<usize>, plan: &mut Plan| -> Option<&Row> {
        let from = rows.iter().find(|row| !row.cell(column).is_empty())?;
        for row in rows.iter().filter(|row| !row.cell(column).is_empty() && row.cell(column) != from.cell(column)) {
            Cells { sheet, row, plan }.refuse(column, Fault::Contradicts);
        }
        Some(*from)
    };
    let texts = |stem: &str, plan: &mut Plan| -> Texts {
        let mut texts = Texts::default();
        for (language, at) in columns.texts(stem) {
            if let Some(row) = said(Some(*at), plan) {
                set(&mut texts, language.clone(), row.cell(Some(*at)));
            }
        }
        texts
    };
    let product_texts = ProductTexts {
        title: texts("title", plan),
        description: texts("description", plan),
        materials: texts("materials", plan),
        warnings: texts("warnings", plan),
        model_size: texts("model_size", plan),
    };
    let defects = texts("defects", plan);
    let names: Vec<Texts> = ["axis1", "axis2", "axis3"].iter().map(|stem| texts(stem, plan)).collect();
    let count = names.iter().take_while(|name| !name.is_empty()).count();
    let mut axes: Vec<AxisDraft> =
        names.into_iter().take(count).map(|name| AxisDraft { name, values: Vec::new() }).collect();

    let mut draft = ProductDraft::empty(terms.brand_id);
    let product_cells = |name: &str, plan: &mut Plan| said(columns.at(name), plan).unwrap_or(first);
    let row = product_cells("category", plan);
    draft.category = row.cell(columns.at("category")).to_ascii_lowercase();
    let row = product_cells("origin", plan);
    draft.origin = Cells { sheet, row, plan }.country(columns.at("origin"));
    let row = product_cells("hs_code", plan);
    draft.hs_code = Some(row.cell(columns.at("hs_code")).to_owned()).filter(|code| !code.is_empty());
    let row = product_cells("minimum_age", plan);
    let age = Cells { sheet, row, plan }.whole(columns.at("minimum_age"));
    draft.minimum_age = age.map(|age| u8::try_from(age).unwrap_or(u8::MAX));
    let row = product_cells("one_of_a_kind", plan);
    draft.one_of_a_kind = Cells { sheet, row, plan }.yes(columns.at("one_of_a_kind")).unwrap_or(false);
    let row = product_cells("no_withdrawal", plan);
    draft.no_withdrawal = Cells { sheet, row, plan }.choice(columns.at("no_withdrawal"));
    let row = product_cells("condition", plan);
    draft.condition =
        Cells { sheet, row, plan }.choice(columns.at("condition")).map(|grade| Condition { grade, defects });
    let row = product_cells("status", plan);
    let status = Cells { sheet, row, plan }.choice(columns.at("status")).unwrap_or(Status::Draft);
    let row = product_cells("pictures", plan);
    for id in row.cell(columns.at("pictures")).split_whitespace() {
        match id.parse() {
            Ok(id) => draft.media_ids.push(id),
            Err(_) => Cells { sheet, row, plan }.refuse(columns.at("pictures"), Fault::NotFound),
        }
    }
    draft.seller_id = terms.seller_id;
    draft.texts = product_texts;
    for row in rows {
        let mut cells = Cells { sheet, row, plan };
        draft.variants.push(variant(&mut cells, columns, &mut axes, terms));
    }
    draft.axes = axes;
    let lines: Vec<u64> = rows.iter().map(|row| row.line).collect();
    check_draft(&draft, status, first.line, &lines, plan, |field| column_of(field, columns, sheet));
    let handle = first.cell(columns.at("handle")).to_owned();
    Some(Imported { line: first.line, lines, handle, status, draft })
}

fn variant(cells: &mut Cells<'_>, columns: &Columns, axes: &mut [AxisDraft], terms: &Terms) -> VariantDraft {
    let mut values = Vec::new();
    for (axis, stem) in axes.iter_mut().zip(VARIANT_TEXTS) {
        let mut label = Texts::default();
        for (language, at) in columns.texts(stem) {
            set(&mut label, language.clone(), cells.text(Some(*at)));
        }
        values.push(label.0.values().next().cloned().unwrap_or_default());
        if label.is_empty() {
            continue;
        }
        match axis.values.iter_mut().find(|value| agree(&label, &value.label)) {
            // A line may leave out the languages that an earlier one gave.
            Some(known) => label.0.into_iter().for_each(|(language, text)| {
                known.label.0.entry(language).or_insert(text);
            }),
            None => axis.values.push(ValueDraft { id: None, label }),
        }
    }
    for stem in &VARIANT_TEXTS[axes.len().min(MAX_AXES)..] {
        // A value without an axis to stand on.
        if let Some((_, at)) = columns.texts(stem).iter().find(|(_, at)| !cells.text(Some(*at)).is_empty()) {
            cells.refuse(Some(*at), Fault::WrongCount { wanted: 0 });
        }
    }
    let prices = columns.prices.iter().filter_map(|(currency, at)| cells.money(Some(*at), *currency)).collect();
    let on_hand = cells.whole(columns.at("on_hand"));
    let buffer = cells.whole(columns.at("buffer"));
    let stock = on_hand.map(|on_hand| StockLine {
        location_id: terms.location_id,
        on_hand,
        buffer: buffer.unwrap_or_default(),
    });
    VariantDraft {
        id: None,
        sku: cells.text(columns.at("sku")).to_owned(),
        values,
        prices,
        stock: stock.into_iter().collect(),
        weight_g: cells.whole(columns.at("weight_g")),
    }
}

/// The column that a field of the draft came from.
fn column_of(field: &str, columns: &Columns, sheet: &Sheet) -> String {
    let first_of = |stem: &str| {
        let at = columns.texts(stem).first().map(|(_, at)| *at);
        at.and_then(|at| sheet.header.get(at)).map_or_else(|| format!("{stem}_en"), |name| super::sheet::short(name))
    };
    let numbered = |rest: &str| rest.bytes().next().filter(u8::is_ascii_digit).map_or(1, |digit| digit - b'0' + 1);
    if let Some(text) = field.strip_prefix("texts.") {
        return text.split_once('.').map_or_else(|| first_of(text), |(stem, language)| format!("{stem}_{language}"));
    }
    if let Some(rest) = field.strip_prefix("axes.") {
        let stem = if rest.contains("values") { "value" } else { "axis" };
        return first_of(&format!("{stem}{}", numbered(rest)));
    }
    if let Some(rest) = field.strip_prefix("values") {
        return first_of(&format!("value{}", numbered(rest.trim_start_matches('.'))));
    }
    if field.starts_with("prices") {
        let at = columns.prices.first().map(|(_, at)| *at);
        return at.and_then(|at| sheet.header.get(at)).cloned().unwrap_or_else(|| "price_usd".into());
    }
    if field.starts_with("media_ids") {
        return "pictures".into();
    }
    if field.starts_with("condition.defects") {
        return first_of("defects");
    }
    field.rsplit('.').next().unwrap_or(field).to_owned()
}
