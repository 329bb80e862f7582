//! Parcels from a sheet, one line an order: `order_number`, `carrier`, `tracking_number`, and perhaps `tracking_url`. A dry run by
//! nature: bytes in, parcels and every fault by line and column out.

use std::collections::BTreeMap;

use crate::address::tidy;
use crate::catalogue::Fault;
use crate::catalogue::import::{Plan, Row, read_sheet};

/// A sheet sends at most so many parcels: they are written in one commit.
pub const MAX_PARCELS: usize = 500;
/// Characters of a carrier's name or a tracking number.
pub const MAX_WORD: usize = 80;
const MAX_URL: usize = 500;
const NEEDED: [&str; 3] = ["order_number", "carrier", "tracking_number"];
const URL: &str = "tracking_url";

/// A line that can be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetParcel {
    pub line: u64,
    /// In capitals.
    pub order_number: String,
    pub carrier: String,
    pub tracking_number: String,
    /// Begins with `https://`.
    pub tracking_url: Option<String>,
}

/// Reads a whole sheet. Never panics, whatever the bytes. The plan holds the faults; with any of them nothing may be sent.
#[must_use]
pub fn read(bytes: &[u8]) -> (Vec<SheetParcel>, Plan) {
    let mut plan = Plan::default();
    let mut parcels: Vec<SheetParcel> = Vec::new();
    let Some(sheet) = read_sheet(bytes, &mut plan) else { return (parcels, plan) };
    plan.rows = sheet.rows.len();
    let columns = sheet.columns(|name| name.to_ascii_lowercase());
    for name in columns.keys().filter(|name| !name.is_empty() && !NEEDED.contains(&name.as_str()) && *name != URL) {
        plan.refuse(1, name.chars().take(MAX_WORD).collect::<String>(), Fault::UnknownColumn);
    }
    for name in NEEDED.into_iter().filter(|name| !columns.contains_key(*name)) {
        plan.refuse(1, name, Fault::MissingColumn);
    }
    if sheet.rows.len() > MAX_PARCELS {
        plan.refuse(1, "", Fault::TooMany { most: MAX_PARCELS });
    }
    if !plan.errors.is_empty() {
        return (parcels, plan);
    }
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    for row in &sheet.rows {
        let mut fine = true;
        let mut refuse = |plan: &mut Plan, column: &str, fault| {
            plan.refuse(row.line, column, fault);
            fine = false;
        };
        let cell = |row: &Row, name: &str| tidy(row.cell(columns.get(name).copied()));
        for name in NEEDED {
            let text = cell(row, name);
            if text.is_empty() {
                refuse(&mut plan, name, Fault::Required);
            } else if text.chars().count() > MAX_WORD {
                refuse(&mut plan, name, Fault::TooLong { most: MAX_WORD });
            }
        }
        let url = row.cell(columns.get(URL).copied()).to_owned();
        if !url.is_empty() && !url.starts_with("https://") {
            refuse(&mut plan, URL, Fault::BadShape { like: "https://carrier.example/1Z999" });
        }
        if url.len() > MAX_URL {
            refuse(&mut plan, URL, Fault::TooLong { most: MAX_URL });
        }
        let order_number = cell(row, "order_number").to_uppercase();
        if !order_number.is_empty() && seen.insert(order_number.clone(), row.line).is_some() {
            refuse(&mut plan, "order_number", Fault::Duplicate);
        }
        if fine {
            parcels.push(SheetParcel {
                line: row.line,
                order_number,
                carrier: cell(row, "carrier"),
                tracking_number: cell(row, "tracking_number"),
                tracking_url: Some(url).filter(|url| !url.is_empty()),
            });
        }
    }
    (parcels, plan)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_named_by_line_and_column() {
        let check = |text: &str, numbers: &[&str], faults: &[(u64, &str, &str)]| {
            let (parcels, plan) = read(text.as_bytes());
            let found: Vec<&str> = parcels.iter().map(|parcel| parcel.order_number.as_str()).collect();
            assert_eq!(found, numbers, "{text}");
            let found: Vec<(u64, &str, &str)> =
                plan.errors.iter().map(|one| (one.line, one.column.as_str(), one.fault.code())).collect();
            assert_eq!(found, faults, "{text}");
        };
        let header = "order_number,carrier,tracking_number,tracking_url\n";
        let with = |rows: &str| format!("{header}{rows}");
        check(&with("2611-a,UPS,1Z,\n\n2611-b, DHL ,22,https://d.example/22\n"), &["2611-A", "2611-B"], &[]);
        check(&with("2611-a,,1Z,\n"), &[], &[(2, "carrier", "required")]);
        check(&with("2611-a,UPS,1,\n2611-A,UPS,2,\n"), &["2611-A"], &[(3, "order_number", "duplicate")]);
        check(&with("2611-a,UPS,1,http://x\n"), &[], &[(2, "tracking_url", "bad_shape")]);
        check("order_number,carrier,colour\n", &[], &[(2, "", "required")]);
        check(
            "order_number,carrier,colour\n1,2,3\n",
            &[],
            &[(1, "colour", "unknown_column"), (1, "tracking_number", "missing_column")],
        );
        let many: String = (0..=MAX_PARCELS).map(|at| format!("{at},UPS,{at},\n")).collect();
        check(&with(&many), &[], &[(1, "", "too_many")]);
    }
}
