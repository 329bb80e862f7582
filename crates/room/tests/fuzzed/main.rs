//! Inputs that fuzzing kept, through the same body as the fuzz target in `fuzz/`.

mod room_commands;

#[test]
fn commands() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/kept/room_commands");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("kept inputs") {
        let path = entry.expect("an entry").path();
        println!("{}", path.display());
        room_commands::run(&std::fs::read(&path).expect("reads"));
        count += 1;
    }
    assert!(count > 0, "nothing is kept in {folder}");
}
