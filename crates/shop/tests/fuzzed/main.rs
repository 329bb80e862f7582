//! Inputs that fuzzing kept, through the same bodies as the fuzz targets in `fuzz/`.

mod csv_sheets;
mod parcel_sheets;

fn each(name: &str, run: fn(&[u8])) {
    let folder = format!("{}/../../fuzz/kept/{name}", env!("CARGO_MANIFEST_DIR"));
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
fn sheets() {
    each("csv_sheets", csv_sheets::run);
}

#[test]
fn parcels() {
    each("parcel_sheets", parcel_sheets::run);
}
