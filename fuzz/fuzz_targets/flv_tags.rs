#![no_main]

#[path = "../../crates/media/tests/fuzzed/flv_tags.rs"]
mod flv_tags;
#[path = "../../crates/media/tests/fuzzed/player.rs"]
mod player;

libfuzzer_sys::fuzz_target!(|data: &[u8]| flv_tags::run(data));
