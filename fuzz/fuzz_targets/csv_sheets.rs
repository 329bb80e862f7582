#![no_main]

#[path = "../../crates/shop/tests/fuzzed/csv_sheets.rs"]
mod csv_sheets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| csv_sheets::run(data));
