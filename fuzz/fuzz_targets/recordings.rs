#![no_main]

#[path = "../../crates/media/tests/fuzzed/clip.rs"]
mod clip;

libfuzzer_sys::fuzz_target!(|data: &[u8]| clip::run(data));
