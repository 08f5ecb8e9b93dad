//! `tocsin import`: reads a file of another system, shows how far it is, and says what became of every row.

use crate::configuration::{self, Place, Serving};
use crate::open;
use crate::wrong::Wrong;
use app::import::{ImportOptions, ImportReport, Progress, import_hhs, usual_unit};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Where records come from.
#[derive(Subcommand, Debug)]
pub enum Source {
    /// The CSV export of the breach portal of the U.S. Department of Health and Human Services
    HhsBreaches(What),
}

/// What to bring in, and how.
#[derive(Args, Debug)]
pub struct What {
    /// The file
    file: PathBuf,
    /// Code of the unit that gets the records; without it, the head office of the agency that was set up first
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
    /// Read and report everything, write nothing
    #[arg(long)]
    dry_run: bool,
    /// Write every changed and skipped row, with the reason, to this CSV file
    #[arg(long, value_name = "FILE.csv")]
    report: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
}

/// Lines of changes and skips that are printed; the rest is in the report file.
const PRINTED: usize = 10;

/// Imports.
pub async fn run(source: Source) -> Result<ExitCode, Wrong> {
    let Source::HhsBreaches(what) = source;
    let bytes = std::fs::read(&what.file).map_err(|e| Wrong::new(format!("{}: {e}", what.file.display())))?;
    let configuration = configuration::decide(&what.place, &Serving::default(), Path::new("data"))?;
    let app = open::app(&configuration).await?;
    let nobody = "there is no agency here yet; start with “tocsin demo” or “tocsin init”";
    let unit = what.unit.or_else(|| usual_unit(&app)).ok_or_else(|| Wrong::new(nobody))?;

    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len} records, {per_sec}, {eta} left") {
        bar.set_style(style);
    }
    let mut progress = |Progress { done, of }| {
        bar.set_length(of as u64);
        bar.set_position(done as u64);
    };
    let began = bar.elapsed();
    let report = import_hhs(&app, &unit, &bytes, ImportOptions { dry_run: what.dry_run }, &mut progress).await?;
    let seconds = (bar.elapsed() - began).as_secs_f64();
    bar.finish_and_clear();

    tell(&report, what.dry_run, &unit, seconds);
    if let Some(file) = what.report {
        std::fs::write(&file, report.csv()).map_err(|e| Wrong::new(format!("{}: {e}", file.display())))?;
        println!("Every changed and skipped row stands in {}.", file.display());
    }
    Ok(ExitCode::SUCCESS)
}

fn tell(report: &ImportReport, dry_run: bool, unit: &str, seconds: f64) {
    report.notes.iter().for_each(|note| println!("The file: {note}."));
    let would = if dry_run { "would be added" } else { "added" };
    println!(
        "{} records {would} to {unit}, {} were here already, {} rows skipped, {} rows changed on the way in ({seconds:.1} s).",
        report.added,
        report.already,
        report.skipped.len(),
        report.rows_changed(),
    );
    list("skipped", &report.skipped);
    list("changed", &report.changed);
}

fn list(outcome: &str, lines: &[(u32, String)]) {
    for (row, what) in lines.iter().take(PRINTED) {
        println!("  row {row} {outcome}: {what}");
    }
    if lines.len() > PRINTED {
        println!("  … and {} more lines; --report FILE.csv writes them all", lines.len() - PRINTED);
    }
}
