//! Measures the product beside the raw limits of the same disk, in one run: `cargo xtask bench`.
//!
//! Ratios first. Every figure comes from the real binary over HTTP; only the filling of the store goes through the
//! application directly. Results go to `target/bench.json` and, as a table, to standard output.

#![allow(clippy::disallowed_methods)] // a measurement is about the real clock

mod backend;
mod duties;
mod figures;
mod fill;
mod http;
mod measure;
mod paper;
mod raw;
mod server;

use std::path::PathBuf;

/// What can be chosen.
struct Choice {
    /// The binary to measure.
    tocsin: PathBuf,
    /// Where the data goes: on the disk that is measured.
    folder: PathBuf,
    /// Incidents in the large store.
    large: u32,
    /// Open incidents that are assessed again.
    open: u32,
    /// Open duties in the large list of them.
    duties: u32,
    /// Only groups of rows whose name begins with one of these words.
    only: Vec<String>,
    /// Measure the many-node store at this address too.
    postgres: Option<String>,
}

impl Choice {
    /// Whether a group of rows is wanted.
    fn wants(&self, group: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|word| group.starts_with(word.as_str()))
    }

    /// The stores to measure, the embedded one first.
    fn backends(&self) -> Vec<backend::Backend> {
        let many = self.postgres.clone().map(backend::Backend::Postgres);
        std::iter::once(backend::Backend::Embedded).chain(many).collect()
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut choice = Choice {
        tocsin: PathBuf::from("target/release/tocsin"),
        folder: PathBuf::from("target/bench"),
        large: 1_000_000,
        open: 20_000,
        duties: 1_000_000,
        only: Vec::new(),
        postgres: std::env::var("TOCSIN_TEST_POSTGRES_URL").ok(),
    };
    let mut args = std::env::args().skip(1);
    while let Some(name) = args.next() {
        let value = args.next().ok_or_else(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--tocsin" => choice.tocsin = value.into(),
            "--folder" => choice.folder = value.into(),
            "--large" => choice.large = value.parse()?,
            "--open" => choice.open = value.parse()?,
            "--duties" => choice.duties = value.parse()?,
            "--only" => choice.only = value.split([' ', ',']).map(str::to_owned).collect(),
            "--postgres" => choice.postgres = Some(value),
            _ => return Err(format!("unknown: {name}").into()),
        }
    }
    let _ = std::fs::remove_dir_all(&choice.folder);
    std::fs::create_dir_all(&choice.folder)?;
    let mut figures = figures::Figures::new();
    measure::everything(&choice, &mut figures)?;
    figures.print();
    figures.write(&choice.folder.join("../bench.json"))?;
    Ok(())
}
