//! `cargo xtask bench`: builds the release binaries and measures them, on the embedded store and on a PostgreSQL of its own.

use crate::postgres::{self, Cluster};
use crate::run::{Failure, cargo, program, target};
use std::ffi::OsString;

/// Builds what is measured and what measures, then runs it on the disk of the target folder.
pub fn run(arguments: &[OsString]) -> Result<(), Failure> {
    crate::run::run(cargo().args(["build", "--release", "--bin", "tocsin", "--bin", "bench", "--workspace"]))?;
    let release = target().join("release");
    let cluster = Cluster::start()?;
    let mut bench = program(release.join("bench"));
    bench.env(postgres::URL, cluster.url());
    bench.arg("--tocsin").arg(release.join("tocsin")).arg("--folder").arg(target().join("bench")).args(arguments);
    crate::run::run(&mut bench)
}
