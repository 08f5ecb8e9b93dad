//! `tocsin export case`: one case as an open bundle that proves itself.

use crate::configuration::{self, Configuration, Place, Serving};
use crate::machine::{SystemClock, SystemRandom};
use crate::wrong::Wrong;
use crate::{open, packs, root_key};
use app::export_case::{Exported, Origin, Wanted, export_case};
use clap::{Args, Subcommand};
use domain::actor::Section;
use domain::ambient::Clock;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// What to export.
#[derive(Subcommand, Debug)]
pub enum Export {
    /// One case with its files and proofs, as a zip file that anyone can open and check
    Case(Case),
}

/// Which case, and where to.
#[derive(Args, Debug)]
pub struct Case {
    /// The printed reference of an incident or a report
    reference: String,
    /// The file to write; one that exists is not overwritten
    #[arg(long, value_name = "FILE.zip")]
    out: PathBuf,
    /// Show the personnel part too; without it, it appears as headers only
    #[arg(long)]
    with_personnel: bool,
    /// Show counsel's privileged part too; without it, it appears as headers only
    #[arg(long)]
    with_privileged: bool,
    #[command(flatten)]
    place: Place,
}

/// What the owner of an installation takes out by the command line unless more is asked for by name.
const SECTIONS: [Section; 4] = [Section::Report, Section::Reporter, Section::Officer, Section::Evidence];
/// How often a running server is given a second to seal what waits.
const PATIENCE: usize = 30;

/// Exports.
pub async fn run(export: Export) -> Result<ExitCode, Wrong> {
    let Export::Case(asked) = export;
    let configuration = configuration::decide(&asked.place, &Serving::default(), Path::new("data"))?;
    let mut sections = SECTIONS.to_vec();
    if asked.with_personnel {
        sections.push(Section::Personnel);
    }
    if asked.with_privileged {
        sections.push(Section::Counsel);
    }
    for _ in 0..PATIENCE {
        match once(&configuration, &asked, &sections).await? {
            Exported::Done { entries, closed, files } => {
                println!("Wrote {}: {entries} entries ({closed} as headers only), {files} files.", asked.out.display());
                println!("Check it anywhere with: tocsin verify --bundle {}", asked.out.display());
                return Ok(ExitCode::SUCCESS);
            }
            Exported::NotSealed(_) => seal(&configuration).await,
        }
    }
    Err(Wrong::new("some entries of this case are not in the log yet, so they cannot be proved; try again in a minute"))
}

async fn once(configuration: &Configuration, asked: &Case, sections: &[Section]) -> Result<Exported, Wrong> {
    let store = open::beside(&configuration.database).await?;
    let root = root_key::read(&configuration.root_key, false, &SystemRandom)?;
    let keyring = app::keys::read_keyring(store.as_ref(), &root).await?;
    let packs = packs::shipped()?;
    let origin = Origin {
        store: store.as_ref(),
        keyring: &keyring,
        files: &configuration.settings.files,
        log: &configuration.settings.log_origin,
        packs: &packs,
    };
    let wanted = Wanted { reference: &asked.reference, sections, now: SystemClock.now() };
    Ok(export_case(&origin, &wanted, &asked.out).await?)
}

/// Seals what waits, unless a running server holds the store; then it is given a moment to do so itself.
async fn seal(configuration: &Configuration) {
    match open::app(configuration).await {
        Ok(app) => {
            if let Err(trouble) = app.seal_log().await {
                tracing::warn!(%trouble, "the log could not be sealed");
            }
        }
        Err(_) => tokio::time::sleep(Duration::from_secs(1)).await,
    }
}
