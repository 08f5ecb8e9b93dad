//! `tocsin policy`: the policies inside this program, and a check of policies that somebody writes.

use crate::configuration::Place;
use crate::wrong::Wrong;
use crate::{packs, policy_assess, policy_install, policy_reassess};
use app::policies::text::LARGEST_FILE;
use clap::Subcommand;
use domain::pack::Pack;
use policy::{Report, Source};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// What to do with policies.
#[derive(Subcommand, Debug)]
pub enum Policy {
    /// The policies inside this program, with their dates; with --data or --database-url also what agencies installed
    List {
        #[command(flatten)]
        place: Place,
        /// Print as JSON
        #[arg(long)]
        json: bool,
    },
    /// Compile policy files and work their cases; prints what to mend, with file and line
    Check {
        /// Folders or files; a folder is taken with everything below it
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// Every clause that the policies cite
    Clauses {
        /// Print as JSON
        #[arg(long)]
        json: bool,
    },
    /// Which duties the packs attach to a file of facts, when each is due and why
    Assess {
        /// The facts, as TOML or JSON; `-` reads standard input
        facts: PathBuf,
        /// Print as JSON
        #[arg(long)]
        json: bool,
        /// Policies of your own besides the shipped ones: folders of packs
        #[arg(long = "policies")]
        policies: Vec<PathBuf>,
    },
    /// Say what a pack would change for an agency
    Preview {
        #[command(flatten)]
        place: Place,
        /// The folder or zip of one pack
        path: PathBuf,
        /// The agency's code
        #[arg(long)]
        agency: String,
    },
    /// Propose a pack in an administrator's name; a second administrator approves it
    Install {
        #[command(flatten)]
        place: Place,
        /// The folder or zip of one pack
        path: PathBuf,
        /// Address of the administrator who proposes it
        #[arg(long)]
        by: String,
        /// The first day on which it is to be in force, such as 2027-01-01; otherwise the pack's own, or today
        #[arg(long)]
        from: Option<jiff::civil::Date>,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Record the approval of the office that a policy names for its changes
    Authorize(policy_install::Decision),
    /// Put a proposed pack in force, in a second administrator's name
    Approve(policy_install::Decision),
    /// Say no to a proposed pack, in a second administrator's name
    Decline(policy_install::Decision),
    /// Assess open incidents again under the rules as they read now; a run that is stopped goes on where it was
    Reassess {
        #[command(flatten)]
        place: Place,
        /// The agency's code; needed where there are several
        #[arg(long)]
        agency: Option<String>,
        /// Only say what would change; also beside a running server
        #[arg(long)]
        dry_run: bool,
        /// Address of the administrator in whose name it is asked for
        #[arg(long, required_unless_present = "dry_run")]
        by: Option<String>,
    },
    /// The JSON Schema of a file of facts
    FactsSchema,
    /// The JSON Schema of the files of a pack
    PackSchema,
}

/// Does it.
pub async fn run(policy: Policy) -> Result<ExitCode, Wrong> {
    match policy {
        Policy::List { place, json } => match policy_install::named(&place) {
            true => policy_install::list(&place, json).await,
            false => list(&packs::shipped()?.all().iter().map(|pack| (None, pack.clone())).collect::<Vec<_>>(), json),
        },
        Policy::Check { paths } => check(&paths),
        Policy::Clauses { json } => clauses(json),
        Policy::Assess { facts, json, policies } => policy_assess::run(&facts, json, &policies),
        Policy::Preview { place, path, agency } => policy_install::preview(&place, &path, &agency).await,
        Policy::Install { place, path, by, from, reason } => {
            policy_install::install(&place, &path, &by, from, &reason).await
        }
        Policy::Authorize(decision) => policy_install::authorize(&decision).await,
        Policy::Approve(decision) => policy_install::approve(&decision).await,
        Policy::Decline(decision) => policy_install::decline(&decision).await,
        Policy::Reassess { place, agency, dry_run: true, .. } => {
            policy_reassess::foresee(&place, agency.as_deref()).await
        }
        Policy::Reassess { place, agency, by, .. } => {
            policy_reassess::run(&place, agency.as_deref(), &by.unwrap_or_default()).await
        }
        Policy::FactsSchema => Ok(print(policy::FACTS_SCHEMA)),
        Policy::PackSchema => Ok(print(policy::PACK_SCHEMA)),
    }
}

fn print(text: &str) -> ExitCode {
    print!("{text}");
    ExitCode::SUCCESS
}

/// Lists packs, each with the agency that installed it; `None` is one of the program's own.
pub fn list(packs: &[(Option<String>, Arc<Pack>)], json: bool) -> Result<ExitCode, Wrong> {
    if json {
        let lines: Vec<_> = packs
            .iter()
            .map(|(agency, pack)| {
                serde_json::json!({
                    "installed_by": agency,
                    "id": pack.id, "series": pack.series, "title": pack.title, "jurisdiction": pack.jurisdiction,
                    "kind": pack.kind, "edition": pack.edition, "clauses": pack.clauses.len(), "duties": pack.obligations.len(),
                    "reviewed_by_counsel": pack.reviewed_by_counsel,
                })
            })
            .collect();
        println!("{}", serde_json::to_string_pretty(&lines)?);
        return Ok(ExitCode::SUCCESS);
    }
    for (agency, pack) in packs {
        let day =
            |day: Option<jiff::civil::Date>, open: &str| day.map_or_else(|| open.to_owned(), |day| day.to_string());
        println!(
            "{:<18} {:<34} {} to {}, {} clauses, {} duties{}",
            pack.id.to_string(),
            pack.title,
            day(pack.edition.from, "no stated day"),
            day(pack.edition.until, "open"),
            pack.clauses.len(),
            pack.obligations.len(),
            agency.as_ref().map(|code| format!(", installed by {code}")).unwrap_or_default(),
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn check(paths: &[PathBuf]) -> Result<ExitCode, Wrong> {
    let sources = beside_common(paths)?;
    match policy::check_set(&sources) {
        Ok(packs) => {
            for pack in packs {
                println!("{}: sound, {} clauses, {} duties", pack.id, pack.clauses.len(), pack.obligations.len());
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(reports) => Ok(to_mend(&reports, paths)),
    }
}

/// Prints what is wrong, each with its file as the reader can open it.
pub fn to_mend(reports: &[Report], paths: &[PathBuf]) -> ExitCode {
    for report in reports {
        let file = paths.iter().enumerate().find_map(|(place, top)| {
            let below = own(place, top).and_then(|own| report.path.strip_prefix(&own)).unwrap_or(&report.path);
            let file = if top.is_file() { top.clone() } else { top.join(below) };
            file.is_file().then(|| file.display().to_string())
        });
        eprintln!("{}", file.map_or_else(|| report.render(), |file| report.named(&file).render()));
    }
    eprintln!("{} to mend", reports.len());
    ExitCode::FAILURE
}

/// The folder of one pack stands for itself among others, so that what all have in common is beside it. Two that were
/// named the same stay apart.
fn own(place: usize, top: &Path) -> Option<String> {
    let top = top.canonicalize().ok().filter(|top| top.join("pack.toml").is_file())?;
    Some(format!("checked/{place}/{}/", top.file_name()?.to_string_lossy()))
}

/// The files under these paths, and the shipped wording that packs have in common: a single pack is read beside it.
pub fn beside_common(paths: &[PathBuf]) -> Result<Vec<Source>, Wrong> {
    let mut sources = Vec::new();
    for (place, path) in paths.iter().enumerate() {
        let before = sources.len();
        let above = own(place, path).unwrap_or_default();
        read(path, path, &above, &mut sources)?;
        if sources.len() == before {
            let says =
                format!("{}: there is nothing of a policy here, which is files named .toml and .md", path.display());
            return Err(Wrong::new(says));
        }
    }
    for shipped in packs::sources().into_iter().filter(|shipped| shipped.path.starts_with("common/")) {
        if !sources.iter().any(|source| source.path == shipped.path) {
            sources.push(shipped);
        }
    }
    Ok(sources)
}

/// Reads text files under their path below what was named. Links are not followed: what they lead to is no part of the
/// folder, and may be anything. Hidden files are left alone.
fn read(top: &Path, path: &Path, above: &str, sources: &mut Vec<Source>) -> Result<(), Wrong> {
    let wrong = |says: &str| Wrong::new(format!("{}: {says}", path.display()));
    let said = |e: std::io::Error| wrong(&e.to_string());
    let about = match top == path {
        true => std::fs::metadata(path).map_err(|_| wrong("there is no such folder or file"))?,
        false => std::fs::symlink_metadata(path).map_err(said)?,
    };
    let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    if hidden && top != path {
        return Ok(());
    }
    if about.is_dir() {
        let mut entries = std::fs::read_dir(path).map_err(said)?.collect::<Result<Vec<_>, _>>().map_err(said)?;
        entries.sort_by_key(std::fs::DirEntry::path);
        return entries.iter().try_for_each(|entry| read(top, &entry.path(), above, sources));
    }
    if about.is_symlink() {
        return Err(wrong("this is a link. Put the file or folder itself in its place"));
    }
    if path.extension().is_some_and(|ending| ending == "toml" || ending == "md") {
        let below = if top == path { path.file_name().map(Path::new) } else { path.strip_prefix(top).ok() };
        let below = below.unwrap_or(path).to_string_lossy();
        sources.push(Source { path: format!("{above}{below}"), text: text(path)? });
    }
    Ok(())
}

/// The most that is read of standard input.
pub const STREAM: u64 = 4 * 1024 * 1024;

/// The text of a file that somebody wrote, as long as a text of policy can be.
pub fn text(path: &Path) -> Result<String, Wrong> {
    let wrong = |says: String| Wrong::new(format!("{}: {says}", path.display()));
    let about = std::fs::metadata(path).map_err(|e| wrong(e.to_string()))?;
    if !about.is_file() {
        return Err(wrong("this is no file that can be read as text".to_owned()));
    }
    if usize::try_from(about.len()).is_ok_and(|length| length > LARGEST_FILE) {
        return Err(wrong(format!("this file is too large; one has at most {} KB", LARGEST_FILE / 1024)));
    }
    utf8(&path.display().to_string(), std::fs::read(path).map_err(|e| wrong(e.to_string()))?)
}

/// Text, or the line that is none.
pub fn utf8(name: &str, bytes: Vec<u8>) -> Result<String, Wrong> {
    String::from_utf8(bytes).map_err(|e| {
        let line = 1 + e.as_bytes().iter().take(e.utf8_error().valid_up_to()).filter(|b| **b == b'\n').count();
        Wrong::new(format!("{name}: line {line} is not text in UTF-8. Save the file as UTF-8"))
    })
}

fn clauses(json: bool) -> Result<ExitCode, Wrong> {
    let packs = packs::shipped()?;
    if json {
        let all: Vec<_> = packs
            .all()
            .iter()
            .flat_map(|pack| pack.clauses.iter().map(move |clause| (pack, clause)))
            .map(|(pack, clause)| serde_json::json!({ "pack": pack.id, "id": clause.id, "cite": clause.cite, "says": clause.says }))
            .collect();
        println!("{}", serde_json::to_string_pretty(&all)?);
        return Ok(ExitCode::SUCCESS);
    }
    for pack in packs.all() {
        println!("{} — {}", pack.id, pack.title);
        for clause in &pack.clauses {
            println!("  {:<16} {:<30} {}", clause.id.to_string(), clause.cite, clause.says);
        }
    }
    Ok(ExitCode::SUCCESS)
}
