#![no_main]

#[path = "../../crates/media/tests/fuzzed/rtmp.rs"]
mod rtmp;
#[path = "../../crates/media/tests/fuzzed/player.rs"]
mod player;

libfuzzer_sys::fuzz_target!(|data: &[u8]| rtmp::run(data));
