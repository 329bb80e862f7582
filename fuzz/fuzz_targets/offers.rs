#![no_main]

#[path = "../../crates/media/tests/fuzzed/offers.rs"]
mod offers;
#[path = "../../crates/media/tests/fuzzed/player.rs"]
mod player;

libfuzzer_sys::fuzz_target!(|data: &[u8]| offers::run(data));
