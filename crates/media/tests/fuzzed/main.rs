//! Inputs that fuzzing kept, and real connections, through the same bodies as the fuzz targets in `fuzz/`.

mod clip;
mod codec_headers;
mod flv_tags;
mod offers;
mod ogg_pages;
mod player;
mod rtmp;

fn check(folder: &str, run: fn(&[u8])) {
    let folder = format!("{}/../../fuzz/kept/{folder}", env!("CARGO_MANIFEST_DIR"));
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
fn connections() {
    check("rtmp", rtmp::run);
}

#[test]
fn offers() {
    check("offers", offers::run);
}

#[test]
fn tags() {
    check("flv_tags", flv_tags::run);
}

#[test]
fn headers() {
    check("codec_headers", codec_headers::run);
}

#[test]
fn recordings() {
    check("recordings", clip::run);
}

#[test]
fn ogg_pages() {
    check("ogg_pages", ogg_pages::run);
}
