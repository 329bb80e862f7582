#![no_main]

#[path = "../../crates/media/tests/fuzzed/ogg_pages.rs"]
mod ogg_pages;

libfuzzer_sys::fuzz_target!(|data: &[u8]| ogg_pages::run(data));
