#![no_main]

#[path = "../../crates/links/src/stripe/event.rs"]
mod event;
#[path = "../../crates/links/src/signed/header.rs"]
mod header;
#[path = "../../crates/links/tests/fuzzed/webhooks.rs"]
mod webhooks;

libfuzzer_sys::fuzz_target!(|data: &[u8]| webhooks::run(data));
