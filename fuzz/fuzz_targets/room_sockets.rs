#![no_main]

// The reader of sockets alone: all of gateway would be built with the sanitizer for it.
#[path = "../../crates/gateway/src/room/websocket/deflate.rs"]
mod deflate;
#[path = "../../crates/gateway/src/room/websocket/head.rs"]
mod head;
#[path = "../../crates/gateway/src/room/websocket/read.rs"]
mod read;
#[path = "../../crates/gateway/tests/fuzzed/room_sockets.rs"]
mod room_sockets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| room_sockets::run(data));
