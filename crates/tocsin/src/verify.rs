//! `tocsin verify`: the state of a store or of a case bundle, in words or as JSON. Ends with 0 clean, 1 altered, 2 unsure.

use crate::configuration::{self, Place, Serving};
use crate::machine::SystemRandom;
use crate::wrong::Wrong;
use crate::{open, root_key};
use app::verify::{Progress, Sources, Verdict, verify};
use clap::Args;
use indicatif::ProgressBar;
use journal::{BundleVerdict, VerifierKey, Weight, verify_bundle};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufReader, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use zip::ZipArchive;

/// What to verify.
#[derive(Args, Debug)]
pub struct Verify {
    #[command(flatten)]
    place: Place,
    /// An exported case instead of a store; nothing else is needed for it
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,
    /// The key that the bundle must be signed with, as the installation publishes it
    #[arg(long, value_name = "KEY", requires = "bundle")]
    key: Option<String>,
    /// The address of the database for somebody who may only read it: a member of the role tocsin_verifier
    #[arg(long, env = "TOCSIN_VERIFIER_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    verifier_database_url: Option<String>,
    /// Folder outside to which checkpoints were copied: detects a store that was rolled back
    #[arg(long, env = "TOCSIN_CHECKPOINTS", value_name = "DIR")]
    checkpoints: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

const CANNOT_TELL: u8 = 2;
/// Findings that are printed in words.
const PRINTED: usize = 40;

/// Verifies and prints. A store that cannot be opened is neither clean nor altered.
pub async fn run(asked: Verify) -> ExitCode {
    match shown(&asked).await {
        Ok(outcome) => code(outcome),
        Err(wrong) => {
            if asked.json {
                println!("{}", serde_json::json!({ "outcome": Weight::CannotTell, "sentence": wrong.to_string() }));
            }
            eprintln!("tocsin: cannot tell: {wrong}");
            ExitCode::from(CANNOT_TELL)
        }
    }
}

/// Prints what was found; gives how much it weighs.
async fn shown(asked: &Verify) -> Result<Weight, Wrong> {
    if let Some(bundle) = &asked.bundle {
        let verdict = bundle_verdict(bundle, asked.key.as_deref())?;
        if asked.json {
            as_json(&verdict)?
        } else {
            print!("{}", bundle_words(&verdict))
        }
        return Ok(verdict.outcome);
    }
    let verdict = store_verdict(asked).await?;
    if asked.json {
        as_json(&verdict)?
    } else {
        print!("{}", words(&verdict))
    }
    Ok(verdict.outcome)
}

fn code(outcome: Weight) -> ExitCode {
    match outcome {
        Weight::Notice => ExitCode::SUCCESS,
        Weight::Altered => ExitCode::FAILURE,
        Weight::CannotTell => ExitCode::from(CANNOT_TELL),
    }
}

fn as_json(verdict: &impl serde::Serialize) -> Result<(), Wrong> {
    println!("{}", serde_json::to_string_pretty(verdict)?);
    Ok(())
}

async fn store_verdict(asked: &Verify) -> Result<Verdict, Wrong> {
    let serving = Serving { checkpoints: asked.checkpoints.clone(), ..Serving::default() };
    let own = asked.verifier_database_url.clone().or_else(|| asked.place.database_url.clone());
    let place = Place { database_url: own, ..asked.place.clone() };
    let configuration = configuration::decide(&place, &serving, Path::new("data"))?;
    let store = open::beside(&configuration.database).await?;
    let root = root_key::read(&configuration.root_key, false, &SystemRandom)?;
    let keyring = app::keys::read_keyring(store.as_ref(), &root).await?;
    let sources = Sources {
        store: store.as_ref(),
        keyring: &keyring,
        files: &configuration.settings.files,
        checkpoints: configuration.settings.checkpoints.as_deref(),
        notes: &[],
    };
    Ok(verify(&sources, &Bar::new()).await?)
}

/// Shows how far it has come, where somebody watches.
pub struct Bar(Option<ProgressBar>);

impl Bar {
    /// A moving line on a terminal, nothing elsewhere.
    pub fn new() -> Self {
        Self(std::io::stderr().is_terminal().then(ProgressBar::new_spinner))
    }
}

impl Progress for Bar {
    fn at(&self, walk: &'static str, done: u64) {
        if let Some(bar) = &self.0 {
            bar.set_message(format!("{walk}: {done}"));
            bar.tick();
        }
    }
}

/// A verdict in words.
pub fn words(verdict: &Verdict) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    let checked = &verdict.checked;
    let result = match verdict.outcome {
        Weight::Notice => "Clean: everything is as it was recorded.",
        Weight::Altered => "ALTERED OR MISSING: this is not what was recorded.",
        Weight::CannotTell => "Cannot tell: not everything could be checked.",
    };
    let _ = writeln!(text, "{result}");
    for found in verdict.findings.iter().take(PRINTED) {
        let _ = writeln!(text, "  {}", found.sentence);
    }
    let more = verdict.more + verdict.findings.len().saturating_sub(PRINTED) as u64;
    if more > 0 {
        let _ = writeln!(text, "  … and {more} more; --json gives the first {}", verdict.findings.len());
    }
    let _ = match (verdict.proved, checked.log) {
        (_, 0) => writeln!(text, "The log is empty: nothing has been sealed yet."),
        (proved, log) if proved == log => writeln!(text, "Log entries 0 to {} are proved.", log - 1),
        (0, _) => writeln!(text, "No log entry is proved."),
        (proved, _) => writeln!(text, "Log entries up to {} are proved.", proved - 1),
    };
    let _ = writeln!(
        text,
        "Checked: {} entries of {} records, {} log entries against {} checkpoints ({} from outside), {} report rows, \
         {} incident rows, {} files, {} kept counts. Not yet sealed: {}.",
        checked.entries,
        checked.streams,
        checked.log,
        checked.checkpoints,
        checked.outside,
        checked.reports,
        checked.incidents,
        checked.files,
        checked.counts,
        checked.unsealed,
    );
    text
}

fn bundle_verdict(path: &Path, key: Option<&str>) -> Result<BundleVerdict, Wrong> {
    let key = key.map(str::parse::<VerifierKey>).transpose().map_err(|e| Wrong::new(format!("--key: {e}")))?;
    let unreadable = |e: &dyn std::fmt::Display| Wrong::new(format!("the bundle {}: {e}", path.display()));
    let file = File::open(path).map_err(|e| unreadable(&e))?;
    let mut zip = ZipArchive::new(BufReader::new(file)).map_err(|e| unreadable(&e))?;
    let names: BTreeSet<String> = zip
        .file_names()
        .map(|name| name.map_or_else(|_| "a member without a readable name".to_owned(), Into::into))
        .collect();
    let mut verdict = verify_bundle(|name| member(&mut zip, name), key.as_ref());
    let listed: BTreeSet<&str> = verdict.listed.iter().map(String::as_str).collect();
    let stranger = names.iter().find(|name| !listed.contains(name.as_str()));
    if let Some(stranger) = stranger {
        verdict.findings.push(journal::Finding {
            kind: journal::FindingKind::FileAltered,
            stream: None,
            version: None,
            index: None,
            sentence: format!("{stranger} is in the archive and not in its list: it was added"),
        });
        verdict.outcome = Weight::Altered;
    }
    Ok(verdict)
}

fn member(zip: &mut ZipArchive<BufReader<File>>, name: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    zip.by_name(name).ok()?.read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

fn bundle_words(verdict: &BundleVerdict) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    let case = verdict.reference.as_deref().unwrap_or("this bundle");
    let _ = match verdict.outcome {
        Weight::Notice => writeln!(text, "Clean: {case} is as it was recorded and exported."),
        Weight::Altered => writeln!(text, "ALTERED OR MISSING: {case} is not as it was exported."),
        Weight::CannotTell => writeln!(text, "Cannot tell: this bundle could not be checked as a whole."),
    };
    for finding in &verdict.findings {
        let _ = writeln!(text, "  {}", finding.sentence);
    }
    let _ = writeln!(
        text,
        "Checked: {} entries ({} open, {} closed to the exporter, {} erased) and {} files.",
        verdict.entries, verdict.open, verdict.sealed, verdict.erased, verdict.files
    );
    if let Some(key) = &verdict.key {
        let _ = writeln!(text, "Signed by: {key}");
        if verdict.expected_key.is_none() {
            let _ = writeln!(
                text,
                "Compare this key with the one that the installation publishes, or name that one with --key."
            );
        }
    }
    text
}
