//! `cargo xtask fuzz`: builds the readers as tests have them, where a sum that overflows panics, and throws damaged input at
//! them.

use crate::run::{Failure, cargo, program, target};
use std::ffi::OsString;

/// Builds and runs.
pub fn run(arguments: &[OsString]) -> Result<(), Failure> {
    crate::run::run(cargo().args(["build", "--workspace", "--bin", "fuzz"]))?;
    crate::run::run(program(target().join("debug/fuzz")).args(arguments))
}
