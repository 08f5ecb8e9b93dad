//! `tocsin import`: reads files of another system, shows how far it is, and says what became of every row.

use crate::configuration::{self, Place, Serving};
use crate::open;
use crate::wrong::Wrong;
use app::import::{ImportOptions, ImportReport, Progress, SourceFile, import_hhs, import_veris, usual_unit};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Where records come from.
#[derive(Subcommand, Debug)]
pub enum Source {
    /// The CSV export of the breach portal of the U.S. Department of Health and Human Services
    HhsBreaches {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        how: How,
    },
    /// Records in the VERIS format: files of JSON, or folders of them
    Veris {
        /// Files and folders
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        #[command(flatten)]
        how: How,
    },
}

/// Where to bring it, and how.
#[derive(Args, Debug)]
pub struct How {
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

/// What was read, before anything is opened.
enum Read {
    HhsBreaches(Vec<u8>),
    Veris(Vec<SourceFile>),
}

/// The files named, and those ending in `.json` in the folders named, each folder in the order of names.
fn records_below(paths: &[PathBuf]) -> Result<Vec<SourceFile>, Wrong> {
    let told = |path: &Path, e: std::io::Error| Wrong::new(format!("{}: {e}", path.display()));
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let entries = std::fs::read_dir(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
            let mut below: Vec<PathBuf> = entries.map_err(|e| told(path, e))?.iter().map(|e| e.path()).collect();
            below.retain(|path| path.is_dir() || path.extension().is_some_and(|ending| ending == "json"));
            below.sort();
            files.extend(records_below(&below)?);
        } else {
            let bytes = std::fs::read(path).map_err(|e| told(path, e))?;
            files.push(SourceFile { name: path.display().to_string(), bytes });
        }
    }
    Ok(files)
}

/// Lines of changes and skips that are printed; the rest is in the report file.
const PRINTED: usize = 10;

/// Imports.
pub async fn run(source: Source) -> Result<ExitCode, Wrong> {
    let (read, what) = match source {
        Source::HhsBreaches { file, how } => {
            let bytes = std::fs::read(&file).map_err(|e| Wrong::new(format!("{}: {e}", file.display())))?;
            (Read::HhsBreaches(bytes), how)
        }
        Source::Veris { paths, how } => (Read::Veris(records_below(&paths)?), how),
    };
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
    let options = ImportOptions { dry_run: what.dry_run };
    let report = match &read {
        Read::HhsBreaches(bytes) => import_hhs(&app, &unit, bytes, options, &mut progress).await?,
        Read::Veris(files) => import_veris(&app, &unit, files, options, &mut progress).await?,
    };
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
