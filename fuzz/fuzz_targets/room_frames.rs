#![no_main]

// The reader of frames alone: all of app would be built with the sanitizer for it.
#[path = "../../crates/app/src/room/client_frame.rs"]
mod client_frame;
#[path = "../../crates/app/tests/fuzzed/room_frames.rs"]
mod room_frames;

libfuzzer_sys::fuzz_target!(|data: &[u8]| room_frames::run(data));
