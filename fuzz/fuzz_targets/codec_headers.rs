#![no_main]

#[path = "../../crates/media/tests/fuzzed/codec_headers.rs"]
mod codec_headers;
#[path = "../../crates/media/tests/fuzzed/player.rs"]
mod player;

libfuzzer_sys::fuzz_target!(|data: &[u8]| codec_headers::run(data));
