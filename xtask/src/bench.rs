//! `cargo xtask bench`: builds the release binaries and measures them.

use crate::run::{Failure, cargo, program, target};
use std::ffi::OsString;

/// Builds what is measured and what measures, then runs it on the disk of the target folder.
pub fn run(arguments: &[OsString]) -> Result<(), Failure> {
    crate::run::run(cargo().args(["build", "--release", "--bin", "tocsin", "--bin", "bench", "--workspace"]))?;
    let release = target().join("release");
    let mut bench = program(release.join("bench"));
    bench.arg("--tocsin").arg(release.join("tocsin")).arg("--folder").arg(target().join("bench")).args(arguments);
    crate::run::run(&mut bench)
}
