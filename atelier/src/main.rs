//! `cargo run -p atelier -- all|NAME…`: takes the pictures and writes them as WebP.

use std::path::PathBuf;
use std::process::ExitCode;

use atelier::plates;

const USAGE: &str = "atelier [--draft] [--out FOLDER] list|all|NAME…";

fn main() -> ExitCode {
    let mut folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/trunkshow/furniture/pictures"));
    let (mut scale, mut effort) = (1.0, 1.0);
    let mut names = vec![];
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--draft" => (scale, effort) = (0.35, 0.5),
            "--proof" => (scale, effort) = (0.6, 0.6),
            "--out" => match words.next() {
                Some(path) => folder = PathBuf::from(path),
                None => return refuse("--out needs a folder"),
            },
            _ => names.push(word),
        }
    }
    let all = plates::all();
    if names.iter().any(|name| name == "list") {
        for plate in &all {
            println!("{}", plate.name);
        }
        return ExitCode::SUCCESS;
    }
    let every = names.iter().any(|name| name == "all");
    let chosen: Vec<_> = all.iter().filter(|plate| every || names.iter().any(|name| name == plate.name)).collect();
    if chosen.is_empty() {
        return refuse("no such picture; `atelier list` names them");
    }
    for plate in chosen {
        let bytes = plate.take(scale, effort).webp(atelier::QUALITY);
        let path = folder.join(format!("{}.webp", plate.name));
        if let Err(error) = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, &bytes)) {
            return refuse(&format!("{} cannot be written: {error}", path.display()));
        }
        println!("{} ({} KB)", path.display(), bytes.len() / 1024);
    }
    ExitCode::SUCCESS
}

fn refuse(why: &str) -> ExitCode {
    eprintln!("{why}\n{USAGE}");
    ExitCode::FAILURE
}
