//! Inputs that fuzzing kept, through the same bodies as the fuzz targets in `fuzz/`.

mod room_commands;
mod trivia_answers;

fn kept(target: &str, run: impl Fn(&[u8])) {
    let folder = format!("{}/../../fuzz/kept/{target}", env!("CARGO_MANIFEST_DIR"));
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).expect("kept inputs") {
        let path = entry.expect("an entry").path();
        println!("{}", path.display());
        run(&std::fs::read(&path).expect("reads"));
        count += 1;
    }
    assert!(count > 0, "nothing is kept in {folder}");
}

#[test]
fn commands() {
    kept("room_commands", room_commands::run);
}

#[test]
fn answers() {
    kept("trivia_answers", trivia_answers::run);
}
