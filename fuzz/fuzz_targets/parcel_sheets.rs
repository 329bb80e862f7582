#![no_main]

#[path = "../../crates/shop/tests/fuzzed/parcel_sheets.rs"]
mod parcel_sheets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| parcel_sheets::run(data));
