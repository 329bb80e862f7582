//! A CSV file as lines of cells under named columns (RFC 4180, with LF or CRLF, and a byte-order mark or none).

use std::collections::BTreeMap;

use csv::{ByteRecord, ReaderBuilder, StringRecord};

use super::Plan;
use crate::catalogue::Fault;

/// A sheet is at most this large.
pub const MAX_BYTES: usize = 20 * 1024 * 1024;
/// A sheet has at most this many lines under its header.
pub const MAX_ROWS: usize = 50_000;
const MAX_COLUMNS: usize = 300;
/// No cell holds more characters than this.
const MAX_CELL: usize = 20_000;

pub(crate) struct Sheet {
    /// The header's names as written, without blanks around them.
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Row>,
}

pub(crate) struct Row {
    pub(crate) line: u64,
    cells: StringRecord,
}

impl Row {
    /// The cell without blanks around it; empty when the sheet has no such column.
    pub(crate) fn cell(&self, column: Option<usize>) -> &str {
        column.and_then(|at| self.cells.get(at)).unwrap_or_default().trim()
    }
}

impl Sheet {
    /// The columns by their names, folded by `fold`.
    pub(crate) fn columns(&self, fold: impl Fn(&str) -> String) -> BTreeMap<String, usize> {
        self.header.iter().enumerate().map(|(at, name)| (fold(name), at)).collect()
    }
}

/// None when the sheet cannot be read at all; why stands in the plan. A line that cannot be read is left out and named.
pub(crate) fn read(bytes: &[u8], plan: &mut Plan) -> Option<Sheet> {
    if bytes.len() > MAX_BYTES {
        plan.refuse(1, "", Fault::TooLong { most: MAX_BYTES });
        return None;
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let mut record = ByteRecord::new();
    // Reading from memory, flexibly and as bytes, has no errors of its own.
    if !matches!(reader.read_byte_record(&mut record), Ok(true)) {
        plan.refuse(1, "", Fault::Required);
        return None;
    }
    let header = header(&record, plan)?;
    let mut rows = Vec::new();
    let mut last = Last::default();
    while matches!(reader.read_byte_record(&mut record), Ok(true)) {
        let line = record.position().map_or(0, csv::Position::line);
        last = Last { byte: record.position().map_or(0, csv::Position::byte), line };
        if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        if rows.len() == MAX_ROWS {
            plan.refuse(line, "", Fault::TooMany { most: MAX_ROWS });
            return None;
        }
        if let Some(cells) = cells(&record, line, &header, plan) {
            rows.push(Row { line, cells });
        }
    }
    let tail = usize::try_from(last.byte).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
    if tail.iter().filter(|byte| **byte == b'"').count() % 2 == 1 {
        // An odd quotation mark in the last line means that it ran to the end of the file.
        plan.refuse(last.line.max(1), "", Fault::UnclosedQuote);
        return None;
    }
    if rows.is_empty() && plan.errors.is_empty() {
        plan.refuse(2, "", Fault::Required);
        return None;
    }
    Some(Sheet { header, rows })
}

#[derive(Default)]
struct Last {
    byte: u64,
    line: u64,
}

fn header(record: &ByteRecord, plan: &mut Plan) -> Option<Vec<String>> {
    let Ok(names) = StringRecord::from_byte_record(record.clone()) else {
        plan.refuse(1, "", Fault::NotUtf8);
        return None;
    };
    if names.len() > MAX_COLUMNS {
        plan.refuse(1, "", Fault::TooMany { most: MAX_COLUMNS });
        return None;
    }
    let header: Vec<String> = names.iter().map(|name| name.trim().to_owned()).collect();
    for (at, name) in header.iter().enumerate() {
        if !name.is_empty() && header[..at].contains(name) {
            plan.refuse(1, short(name), Fault::Duplicate);
        }
    }
    plan.errors.is_empty().then_some(header)
}

fn cells(record: &ByteRecord, line: u64, header: &[String], plan: &mut Plan) -> Option<StringRecord> {
    // Spreadsheets drop empty cells at the end of a line or add some; a cell with something in it has a column.
    if record.iter().skip(header.len()).any(|cell| !cell.trim_ascii().is_empty()) {
        plan.refuse(line, "", Fault::WrongCount { wanted: header.len() });
        return None;
    }
    let column = |at: usize| header.get(at).map(|name| short(name)).unwrap_or_default();
    match StringRecord::from_byte_record(record.clone()) {
        Ok(cells) => match cells.iter().position(|cell| cell.len() > MAX_CELL * 4 || cell.chars().count() > MAX_CELL) {
            Some(at) => {
                plan.refuse(line, column(at), Fault::TooLong { most: MAX_CELL });
                None
            }
            None => Some(cells),
        },
        Err(error) => {
            plan.refuse(line, column(error.utf8_error().field()), Fault::NotUtf8);
            None
        }
    }
}

/// A column's name for a message: whatever a hostile header holds, 80 characters are enough.
pub(super) fn short(name: &str) -> String {
    name.chars().take(80).collect()
}
