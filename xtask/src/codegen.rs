//! `cargo xtask codegen`: the OpenAPI description as the binary prints it, and the TypeScript client's types made from it.
//! Both are committed; `--check` fails when the code has moved on without them.

use std::fs;
use std::path::Path;

use crate::shell::{Doing, Outcome, capture, cargo, command, fail, root, run, target};
use crate::web;

/// The committed files, under `web/client`.
const DESCRIPTION: &str = "openapi.json";
const TYPES: &str = "schema.d.ts";

/// Writes both files from a binary that is built for it.
pub(crate) fn write() -> Outcome {
    web::install()?;
    web::ensure_dist()?;
    run(&mut cargo(&["build", "--package", "trunkshow"]))?;
    let folder = root().join("web/client");
    make(&folder)?;
    println!("wrote {DESCRIPTION} and {TYPES} in {}", folder.display());
    Ok(())
}

/// Compares both files with what the binary that is already built would make.
pub(crate) fn check() -> Outcome {
    let fresh = target().join("codegen");
    make(&fresh)?;
    for file in [DESCRIPTION, TYPES] {
        let committed = fs::read_to_string(root().join("web/client").join(file)).unwrap_or_default();
        if committed != fs::read_to_string(fresh.join(file)).doing(format!("read {file}"))? {
            return fail(format!("web/client/{file} is stale"), "run: cargo xtask codegen, and commit what it writes");
        }
    }
    Ok(())
}

fn make(folder: &Path) -> Outcome {
    fs::create_dir_all(folder).doing(format!("create {}", folder.display()))?;
    let description = folder.join(DESCRIPTION);
    let text = capture(&mut command(target().join("debug/trunkshow"), &["openapi"]))?;
    fs::write(&description, text).doing(format!("write {}", description.display()))?;
    let mut types = web::tool("openapi-typescript");
    capture(types.arg(&description).arg("--output").arg(folder.join(TYPES))).map(|_| ())
}
