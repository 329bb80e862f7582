#![no_main]

#[path = "../../crates/room/tests/fuzzed/trivia_answers.rs"]
mod trivia_answers;

libfuzzer_sys::fuzz_target!(|data: &[u8]| trivia_answers::run(data));
