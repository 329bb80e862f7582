//! A slow disk: a library that is loaded before the C library and waits before every fsync and fdatasync.

use std::path::{Path, PathBuf};

use crate::shell::{Outcome, command, root, run};

/// Compiles the library into `folder`; a program that is started with it in `LD_PRELOAD` has the slow disk.
pub(crate) fn library(folder: &Path) -> Outcome<PathBuf> {
    let library = folder.join("slow_sync.so");
    let mut compiler = command("cc", &["-shared", "-fPIC", "-O2", "-o"]);
    run(compiler.arg(&library).arg(root().join("xtask/src/bench/slow_sync.c")).arg("-ldl"))?;
    Ok(library)
}
