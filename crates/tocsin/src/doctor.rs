//! `tocsin doctor`: looks an installation over and says of each trouble how to mend it.

use crate::configuration::{self, Configuration, Database, Place, Serving};
use crate::machine::{SystemClock, SystemRandom};
use crate::render::ChildTypesetter;
use crate::wrong::Wrong;
use crate::{open, packs, root_key};
use app::Typesetter;
use app::health::{self, Finding as Check, State};
use clap::Args;
use documents::{Edition, Job, Numbering, blank};
use domain::ambient::Clock;
use domain::time::Instant;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use store::{MailState, Store};

/// Which installation.
#[derive(Args, Debug)]
pub struct Doctor {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    serving: Serving,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

/// Below this many megabytes a report's files may not find room.
const ROOM_MB: u64 = 2_000;
/// Messages in trouble that are looked at.
const OUTBOX_READ: u32 = 500;

/// Looks everything over; fails when something is bad.
pub async fn run(asked: Doctor) -> Result<ExitCode, Wrong> {
    let configuration = configuration::decide(&asked.place, &asked.serving, Path::new("data"))?;
    let now = SystemClock.now();
    let mut checks = root_key_checks(&configuration);
    match open::beside(&configuration.database).await {
        Ok(store) => store_checks(&mut checks, &configuration, store.as_ref(), now).await,
        Err(wrong) => checks.push(Check::bad(
            "store",
            wrong.to_string(),
            "Name the right place with --data or --database-url, or make an installation with tocsin init.",
        )),
    }
    checks.extend([
        health::mail(&configuration.settings.mail),
        room(&configuration.data),
        outside(&configuration),
        policies(),
    ]);
    checks.push(typesetting().await);
    let bad = checks.iter().any(|check| check.state == State::Bad);
    if asked.json {
        println!("{}", serde_json::to_string_pretty(&checks)?);
    } else {
        checks.iter().for_each(print);
    }
    Ok(if bad { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn print(check: &Check) {
    let mark = match check.state {
        State::Good => "good  ",
        State::Advice => "advice",
        State::Bad => "BAD   ",
    };
    println!("{mark} {:<12} {}", check.name, check.found);
    if let Some(mend) = &check.mend {
        println!("       {:<12} → {mend}", "");
    }
}

/// What is to be known of the root key's file.
pub fn root_key_checks(configuration: &Configuration) -> Vec<Check> {
    let path = &configuration.root_key;
    if let Err(wrong) = root_key::read(path, false, &SystemRandom) {
        return vec![Check::bad("root key", wrong.to_string(), "Bring the key back from its copy in the safe.")];
    }
    let mut checks =
        vec![Check::good("root key", format!("{} is there, and only its owner can read it", path.display()))];
    if device(path).is_some() && device(path) == device(&configuration.data) {
        checks.push(Check::advice(
            "root key",
            "it lies on the same disk as the data",
            format!("{} To move it, start with --root-key FILE.", root_key::ADVICE),
        ));
    }
    checks
}

async fn store_checks(checks: &mut Vec<Check>, configuration: &Configuration, store: &dyn Store, now: Instant) {
    let answers = health::store(store).await;
    let silent = answers.state == State::Bad;
    checks.push(answers);
    if silent {
        return;
    }
    checks.push(keys(configuration, store).await);
    checks.extend(health::record(store, now).await);
    checks.extend(outbox(store, now).await.unwrap_or_else(|fault| vec![unreadable("outbox", &fault)]));
}

fn unreadable(name: &'static str, fault: &store::Fault) -> Check {
    Check::bad(name, fault.to_string(), "Run tocsin verify: the store cannot be read as a whole.")
}

async fn keys(configuration: &Configuration, store: &dyn Store) -> Check {
    let opened = async {
        let root = root_key::read(&configuration.root_key, false, &SystemRandom)?;
        Ok::<_, Wrong>(app::keys::read_keyring(store, &root).await?)
    };
    match opened.await {
        Ok(_) => Check::good("keys", "the root key opens every key of the store"),
        Err(wrong) => Check::bad("keys", wrong.to_string(), "Use the root key that this store was made with."),
    }
}

/// Messages in trouble, by the kind of trouble, each with what the server said last.
async fn outbox(store: &dyn Store, now: Instant) -> store::Answer<Vec<Check>> {
    let troubled = store.troubled_mail(OUTBOX_READ).await?;
    if troubled.is_empty() {
        return Ok(vec![Check::good("outbox", "no message is in trouble")]);
    }
    let mut checks = Vec::new();
    for (bad, state, what, mend) in [
        (
            true,
            MailState::Pending,
            "could not be handed over yet",
            "Mend what it says; the messages are then sent by themselves, and never unencrypted. A private authority is named with --mail-ca-file.",
        ),
        (
            true,
            MailState::Failed,
            "could not be sent and will not be tried again",
            "Tell these people in another way, and correct their addresses with tocsin user.",
        ),
        (
            false,
            MailState::InDoubt,
            "may have arrived or not",
            "Information goes out once more with the same Message-ID; whatever then still stands here, ask about.",
        ),
    ] {
        let these: Vec<_> = troubled.iter().filter(|mail| mail.state == state).collect();
        let (Some(oldest), Some(newest)) = (these.first(), these.last()) else { continue };
        let more = if troubled.len() < OUTBOX_READ as usize { "" } else { " or more" };
        let messages = if these.len() == 1 { "message" } else { "messages" };
        let age = now.seconds_since(oldest.at);
        let found =
            format!("{}{more} {messages} {what}, the oldest written {age} seconds ago: {}", these.len(), newest.answer);
        checks.push(if bad { Check::bad("outbox", found, mend) } else { Check::advice("outbox", found, mend) });
    }
    Ok(checks)
}

/// Free space, as `df` tells it.
fn room(data: &Path) -> Check {
    let near = nearest(data);
    let told = std::process::Command::new("df").arg("-Pm").arg(&near).env("LC_ALL", "C").output().ok();
    let free = told.and_then(|told| {
        let text = String::from_utf8(told.stdout).ok()?;
        text.lines().nth(1)?.split_whitespace().nth(3)?.parse::<u64>().ok()
    });
    match free {
        None => {
            Check::advice("disk", "its free space could not be read", format!("Look with: df -h {}", near.display()))
        }
        Some(free) if free < ROOM_MB => {
            Check::bad("disk", format!("{free} MB are free"), "Make room: a report that cannot be written is lost.")
        }
        Some(free) => Check::good("disk", format!("{free} MB are free")),
    }
}

/// The path itself, or the nearest folder above it that exists.
fn nearest(path: &Path) -> PathBuf {
    let existing = path.ancestors().find(|path| path.exists()).filter(|path| !path.as_os_str().is_empty());
    existing.unwrap_or_else(|| Path::new(".")).to_owned()
}

fn device(path: &Path) -> Option<u64> {
    std::fs::metadata(path).ok().map(|facts| facts.dev())
}

fn outside(configuration: &Configuration) -> Check {
    let why = "Checkpoints that leave the machine are what shows a rolled back or rewritten store.";
    let Some(folder) = &configuration.settings.checkpoints else {
        let mend = format!("{why} Name a folder on another machine with --checkpoints DIR.");
        return Check::advice("checkpoints", "they are not copied anywhere", mend);
    };
    let probe = folder.join(".tocsin-doctor");
    let written = std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe));
    if let Err(cause) = written {
        let mend = format!("Make {} writable for the account that serves.", folder.display());
        return Check::bad("checkpoints", format!("{}: {cause}", folder.display()), mend);
    }
    let data = match &configuration.database {
        Database::Sqlite(path) => path.as_path(),
        Database::Postgres(_) => configuration.data.as_path(),
    };
    if device(folder).is_some() && device(folder) == device(data) {
        let mend = format!("{why} On the same disk they can be rolled back together: use a share of another machine.");
        return Check::advice("checkpoints", format!("{} lies on the same disk as the data", folder.display()), mend);
    }
    Check::good("checkpoints", format!("they are copied to {}", folder.display()))
}

fn policies() -> Check {
    match packs::shipped() {
        Ok(packs) => Check::good("policies", format!("{} compile", packs.all().len())),
        Err(wrong) => {
            Check::bad("policies", wrong.to_string(), "Mend the named place and check it with tocsin policy check.")
        }
    }
}

async fn typesetting() -> Check {
    let view = Box::new(blank(Edition::Dmh2016, Numbering::default(), "", "", ""));
    match ChildTypesetter.typeset(Job::ReportOfSecurityIncident { edition: Edition::Dmh2016, view }).await {
        Ok(bytes) if bytes.starts_with(b"%PDF-") => {
            Check::good("documents", format!("a form was set, {} bytes", bytes.len()))
        }
        Ok(_) => Check::bad(
            "documents",
            "the typesetter answered with something else than a PDF",
            "Install the program anew.",
        ),
        Err(trouble) => Check::bad(
            "documents",
            trouble.to_string(),
            "The program starts itself to set documents: it must be allowed to, with 300 MB of memory.",
        ),
    }
}
