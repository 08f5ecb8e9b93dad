//! `tocsin policy preview | install | authorize | approve | decline | list`: texts of policy in an installation, each step
//! in the name of a person who has the right to it, and on record like the same step on a page.

use crate::configuration::{self, Place, Serving};
use crate::wrong::Wrong;
use crate::{open, policy_files};
use app::policies::compare::Part;
use app::policies::kept::{Fate, Text};
use app::policies::text::{Mend, NotTaken, from_zip};
use app::{App, Trouble};
use clap::Args;
use domain::permission::{Action, Viewer};
use jiff::civil::Date;
use policy::Source;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// A decision about a proposed pack.
#[derive(Args, Debug)]
pub struct Decision {
    #[command(flatten)]
    place: Place,
    /// The proposal: the first characters of its digest, as `policy list` prints them
    proposal: String,
    /// Address of the person in whose name it is decided
    #[arg(long)]
    by: String,
    /// Why
    #[arg(long)]
    reason: String,
}

/// Whether an installation was named.
pub fn named(place: &Place) -> bool {
    place.data.is_some() || place.database_url.is_some()
}

async fn opened(place: &Place) -> Result<App, Wrong> {
    open::app(&configuration::decide(place, &Serving::default(), Path::new("data"))?).await
}

/// To look only: beside a running server too.
async fn looked_into(place: &Place) -> Result<App, Wrong> {
    open::app_beside(&configuration::decide(place, &Serving::default(), Path::new("data"))?).await
}

fn somebody(app: &App, email: &str) -> Result<Viewer, Wrong> {
    app.viewer_of(email).map_err(|_| Wrong::new(format!("nobody with an account that works signs in as {email}")))
}

fn not_theirs(email: &str) -> Wrong {
    Wrong::new(format!("{email} does not have the right to do this for the whole agency"))
}

/// The files at a path: a folder with everything below it, or a zip.
fn handed_in(path: &Path) -> Result<Vec<Source>, Wrong> {
    let said = |e: std::io::Error| Wrong::new(format!("{}: {e}", path.display()));
    if path.extension().is_some_and(|ending| ending == "zip") {
        return from_zip(&std::fs::read(path).map_err(said)?).map_err(|e| not_taken(&e));
    }
    let mut sources = policy_files::beside_common(&[PathBuf::from(path)])?;
    // What is included is brought along by the program itself.
    sources.retain(|source| !source.path.starts_with("common/"));
    Ok(sources)
}

fn not_taken(why: &NotTaken) -> Wrong {
    match why {
        NotTaken::Trouble(trouble) => Wrong::new(trouble.to_string()),
        NotTaken::Mend(list) => {
            let line = |mend: &Mend| match mend.line {
                0 => format!("{}: {}\n    {}", mend.file, mend.says, mend.help),
                line => format!("{}:{line}: {}\n    {}", mend.file, mend.says, mend.help),
            };
            let lines: Vec<String> = list.iter().map(line).collect();
            Wrong::new(format!("{}\n{} to mend", lines.join("\n"), list.len()))
        }
    }
}

/// Says what a pack would change.
pub async fn preview(place: &Place, path: &Path, agency: &str) -> Result<ExitCode, Wrong> {
    let app = looked_into(place).await?;
    let directory = app.directory();
    let agency = directory.agencies().into_iter().find(|known| known.code.eq_ignore_ascii_case(agency));
    let agency = agency.ok_or_else(|| Wrong::new("there is no agency with this code; see tocsin user list"))?;
    let mut sound = app.read_text(handed_in(path)?).map_err(|e| not_taken(&e))?;
    sound.pack.edition.from = Some(app.first_day(agency.id, &sound.pack, None)?);
    let preview = app.preview(agency.id, &sound.pack);
    match &preview.against {
        Some(title) => println!("{}, compared with {title}:", sound.pack.title),
        None => println!("{}: no edition of {} is in force.", sound.pack.title, sound.pack.series),
    }
    preview.parts.iter().for_each(say);
    if preview.parts.is_empty() {
        println!("Nothing would change.");
    }
    println!("It would bind: {}", preview.units.join(", "));
    if let Some(other) = preview.behind {
        println!("It would take no reports: they are taken under {}, and will be.", other.title);
        println!("To take its place, write under [pack]: series = \"{}\"", other.series);
    }
    if let Some(office) = preview.office {
        println!("It needs the approval of the {}.", office.role.title.en.to_lowercase());
    }
    println!("Incidents that are open keep the edition under which they were opened.");
    Ok(ExitCode::SUCCESS)
}

fn say(part: &Part) {
    println!("\n{}", part.title);
    part.added.iter().for_each(|item| println!("  new      {:<24} {}", item.id, item.label));
    part.removed.iter().for_each(|item| println!("  gone     {:<24} {}", item.id, item.label));
    for changed in &part.changed {
        println!("  changed  {:<24} {}", changed.item.id, changed.item.label);
        for (what, old, new) in &changed.what {
            match old.is_empty() && new.is_empty() {
                true => println!("             {what}"),
                false => println!("             {what}: {old} → {new}"),
            }
        }
    }
}

/// Proposes a pack.
pub async fn install(
    place: &Place,
    path: &Path,
    by: &str,
    from: Option<Date>,
    reason: &str,
) -> Result<ExitCode, Wrong> {
    let app = opened(place).await?;
    let viewer = somebody(&app, by)?;
    let Ok(may) = app.allow_administering(&viewer, Action::Administer) else {
        return match app.refuse_rules(&viewer, "propose a text of policy").await {
            Trouble::Refused(words) => Err(Wrong::new(words)),
            _ => Err(not_theirs(by)),
        };
    };
    let digest = app.propose_text(&may, handed_in(path)?, from, reason).await.map_err(|e| not_taken(&e))?;
    println!("Proposed as {}. It binds nobody until a second administrator approves it:", &digest[..12]);
    println!("tocsin policy approve {} --by ADDRESS --reason WHY", &digest[..12]);
    Ok(ExitCode::SUCCESS)
}

/// Records the approval of the office that a policy names.
pub async fn authorize(asked: &Decision) -> Result<ExitCode, Wrong> {
    let app = opened(&asked.place).await?;
    let viewer = somebody(&app, &asked.by)?;
    let may = app.allow_enacting(&viewer).map_err(|_| not_theirs(&asked.by))?;
    match app.authorize_text(&may, &viewer, &asked.proposal, &asked.reason).await {
        Err(Trouble::NotFound) => Err(not_theirs(&asked.by)),
        other => Ok(other?),
    }?;
    println!("The approval is on record.");
    Ok(ExitCode::SUCCESS)
}

/// Puts a proposed pack in force.
pub async fn approve(asked: &Decision) -> Result<ExitCode, Wrong> {
    let app = opened(&asked.place).await?;
    let viewer = somebody(&app, &asked.by)?;
    let may = app.allow_administering(&viewer, Action::Administer).map_err(|_| not_theirs(&asked.by))?;
    known(app.approve_text(&may, &asked.proposal, &asked.reason).await)?;
    let from = app.kept(viewer.tenant).text(&asked.proposal).map(|text| text.from.to_string()).unwrap_or_default();
    println!("In force from {from}. Running servers take it up by themselves.");
    Ok(ExitCode::SUCCESS)
}

/// Says no to a proposed pack.
pub async fn decline(asked: &Decision) -> Result<ExitCode, Wrong> {
    let app = opened(&asked.place).await?;
    let viewer = somebody(&app, &asked.by)?;
    let may = app.allow_administering(&viewer, Action::Administer).map_err(|_| not_theirs(&asked.by))?;
    known(app.decline_text(&may, &asked.proposal, &asked.reason).await)?;
    println!("Declined.");
    Ok(ExitCode::SUCCESS)
}

fn known(done: Result<(), Trouble>) -> Result<(), Wrong> {
    match done {
        Err(Trouble::NotFound) => {
            Err(Wrong::new("there is no such proposal; `tocsin policy list --data DIR` prints those that wait"))
        }
        other => Ok(other?),
    }
}

/// The packs of an installation: the program's own, what agencies put in force, and what waits.
pub async fn list(place: &Place, json: bool) -> Result<ExitCode, Wrong> {
    let app = looked_into(place).await?;
    let mut packs: Vec<_> = app.packs().shipped().all().iter().map(|pack| (None, pack.clone())).collect();
    let directory = app.directory();
    for agency in directory.agencies() {
        let own = app.packs().of(agency.id);
        let approved = agency.kept.approved().filter_map(|text| own.get(&text.pack));
        packs.extend(approved.map(|pack| (Some(agency.code.clone()), Arc::new(pack.clone()))));
    }
    let done = policy_files::list(&packs, json)?;
    if !json {
        for agency in directory.agencies() {
            agency.kept.waiting().for_each(|text| println!("{}", waits(&app, &agency.code, text)));
        }
    }
    Ok(done)
}

fn waits(app: &App, code: &str, text: &Text) -> String {
    debug_assert!(text.fate == Fate::Proposed, "only what waits is printed here");
    let short: String = text.digest.chars().take(12).collect();
    let by = app.name_of(text.by);
    format!("{short} waits at {code}: {} ({}), from {}, proposed by {by}", text.title, text.pack, text.from)
}
