#![no_main]

#[path = "../../crates/room/tests/fuzzed/room_commands.rs"]
mod room_commands;

libfuzzer_sys::fuzz_target!(|data: &[u8]| room_commands::run(data));
