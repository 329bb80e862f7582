//! Every input that fuzzing was started from or has found runs again with every test.

#[path = "../../src/room/websocket/deflate.rs"]
mod deflate;
#[path = "../../src/room/websocket/head.rs"]
mod head;
#[path = "../../src/room/websocket/read.rs"]
mod read;
mod room_sockets;

#[test]
fn kept_inputs_stay_harmless() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/kept/room_sockets");
    let mut inputs = 0;
    for entry in std::fs::read_dir(folder).expect("kept inputs") {
        let path = entry.expect("an entry").path();
        println!("{}", path.display());
        room_sockets::run(&std::fs::read(&path).expect("readable"));
        inputs += 1;
    }
    assert!(inputs > 0, "nothing is kept in {folder}");
}
