//! Every input that fuzzing was started from or has found runs again with every test.

#[path = "../../src/stripe/event.rs"]
mod event;
#[path = "../../src/signed/header.rs"]
mod header;
mod webhooks;

#[test]
fn kept_inputs_stay_harmless() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/kept/webhooks");
    let mut inputs = 0;
    for entry in std::fs::read_dir(folder).expect("kept inputs") {
        let path = entry.expect("an entry").path();
        webhooks::run(&std::fs::read(&path).expect("readable"));
        inputs += 1;
    }
    assert!(inputs > 0, "nothing is kept in {folder}");
}
