//! `tocsin backup` and `tocsin restore`: everything but the root key into one file, and back into an empty place.

use crate::configuration::{self, Configuration, Database, Place, Serving};
use crate::machine::{SystemClock, SystemRandom};
use crate::wrong::Wrong;
use crate::{open, root_key, verify};
use app::backup::{Manifest, Subject, back_up, backend_name};
use app::restore::{Unpacked, unpack};
use app::verify::Sources;
use clap::Args;
use domain::ambient::Clock;
use journal::{RootKey, Weight};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use store::Backend;

/// What to back up, and where to.
#[derive(Args, Debug)]
pub struct Backup {
    #[command(flatten)]
    place: Place,
    /// The file to write; one that exists is not overwritten
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// What to restore, and where to.
#[derive(Args, Debug)]
pub struct Restore {
    /// The backup
    file: PathBuf,
    #[command(flatten)]
    place: Place,
    /// Restore what is left of a damaged backup
    #[arg(long)]
    force: bool,
}

/// Backs up while the server goes on.
pub async fn backup(asked: Backup) -> Result<ExitCode, Wrong> {
    let configuration = configuration::decide(&asked.place, &Serving::default(), Path::new("data"))?;
    let store = open::beside(&configuration.database).await?;
    let root = root_key::read(&configuration.root_key, false, &SystemRandom)?;
    let keyring = app::keys::read_keyring(store.as_ref(), &root).await?;
    let subject = Subject {
        store: store.as_ref(),
        keyring: &keyring,
        files: &configuration.settings.files,
        origin: &configuration.settings.log_origin,
        version: env!("CARGO_PKG_VERSION"),
    };
    let manifest = back_up(&subject, &asked.out, SystemClock.now()).await?;
    let bytes: u64 = manifest.members.iter().map(|member| member.size).sum();
    println!(
        "Wrote {}: {}, {} files, {bytes} bytes.",
        asked.out.display(),
        named(&manifest),
        manifest.members.len() - 1
    );
    println!("It holds everything that was acknowledged before {}.", manifest.at);
    println!("The root key is NOT in it: without {} it cannot be read.", configuration.root_key.display());
    println!("Keep a copy of that key in a safe or a key manager, apart from the backups.");
    Ok(ExitCode::SUCCESS)
}

fn named(manifest: &Manifest) -> String {
    format!("{} store, schema {}, {} log entries", manifest.backend, manifest.schema, manifest.log_size)
}

/// Restores into an empty place and verifies before it says ready.
pub async fn restore(asked: Restore) -> Result<ExitCode, Wrong> {
    let configuration = configuration::decide(&asked.place, &Serving::default(), Path::new("data"))?;
    let key_inside = configuration.data.join("root.key");
    refuse_taken(&configuration, &key_inside)?;
    let root = root_key::read(&configuration.root_key, false, &SystemRandom)?;
    let staging = configuration.data.join(".restoring");
    std::fs::create_dir_all(&staging)?;
    let restored = place_everything(&asked, &configuration, &staging, &root).await;
    // What was half restored must not be taken for an installation.
    let _ = std::fs::remove_dir_all(&staging);
    if restored.is_err() && !asked.force {
        clear(&configuration);
    }
    let unpacked = restored?;
    if configuration.root_key != key_inside {
        root_key::copy(&configuration.root_key, &key_inside)?;
    }
    report(&asked, &configuration, &unpacked);
    Ok(ExitCode::SUCCESS)
}

fn refuse_taken(configuration: &Configuration, key: &Path) -> Result<(), Wrong> {
    let entries = match std::fs::read_dir(&configuration.data) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(cause) => return Err(cause.into()),
    };
    for entry in entries {
        let path = entry?.path();
        if path != key {
            return Err(Wrong::new(format!(
                "{} is not empty ({} is there); a backup is restored into an empty folder only",
                configuration.data.display(),
                path.display()
            )));
        }
    }
    Ok(())
}

async fn place_everything(
    asked: &Restore,
    configuration: &Configuration,
    staging: &Path,
    root: &RootKey,
) -> Result<Unpacked, Wrong> {
    let (from, into, force) = (asked.file.clone(), staging.to_owned(), asked.force);
    let unpacked = tokio::task::spawn_blocking(move || unpack(&from, &into, force));
    let mut unpacked = unpacked.await.map_err(|e| Wrong::new(e.to_string()))??;
    let backend = match &configuration.database {
        Database::Sqlite(_) => Backend::Sqlite,
        Database::Postgres(_) => Backend::Postgres,
    };
    if unpacked.manifest.backend != backend_name(backend) {
        return Err(Wrong::new(format!(
            "this is the backup of a {} store and cannot be restored into a {} one; see --database-url",
            unpacked.manifest.backend,
            backend_name(backend)
        )));
    }
    match &configuration.database {
        Database::Sqlite(path) => {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            if path.try_exists()? {
                return Err(Wrong::new(format!("{} exists and is not overwritten", path.display())));
            }
            std::fs::rename(&unpacked.database, path)?;
        }
        Database::Postgres(url) => store_postgres::restore_into(url, &unpacked.database).await?,
    }
    let files = staging.join("files");
    if files.try_exists()? {
        std::fs::rename(&files, &configuration.settings.files)?;
    }
    check(asked, configuration, root, &mut unpacked).await?;
    Ok(unpacked)
}

/// Signature, then the whole of `verify`, with the backup's own checkpoint as one from outside.
async fn check(
    asked: &Restore,
    configuration: &Configuration,
    root: &RootKey,
    unpacked: &mut Unpacked,
) -> Result<(), Wrong> {
    let store = open::store(&configuration.database).await?;
    let keyring = app::keys::read_keyring(store.as_ref(), root).await?;
    if let Err(why) = unpacked.check_signature(&keyring) {
        if !asked.force {
            return Err(Wrong::new(format!("the backup {}: {why}. Nothing was restored.", asked.file.display())));
        }
        unpacked.damage.push(why);
    }
    let notes: Vec<String> = unpacked.manifest.checkpoint.iter().cloned().collect();
    let sources = Sources {
        store: store.as_ref(),
        keyring: &keyring,
        files: &configuration.settings.files,
        checkpoints: None,
        notes: &notes,
    };
    let verdict = app::verify::verify(&sources, &verify::Bar::new()).await?;
    print!("{}", verify::words(&verdict));
    if verdict.outcome != Weight::Notice {
        if !asked.force {
            return Err(Wrong::new(
                "what was restored does not verify and was removed again. To keep it nevertheless, add --force.",
            ));
        }
        unpacked.damage.push("what was restored does not verify; see above".to_owned());
    }
    Ok(())
}

/// Removes what a refused restore has put in place. The place was empty before, so all of it is the restore's.
fn clear(configuration: &Configuration) {
    let _ = std::fs::remove_dir_all(&configuration.settings.files);
    if let Database::Sqlite(path) = &configuration.database {
        for end in ["", "-wal", "-shm", ".lock"] {
            let mut name = path.as_os_str().to_owned();
            name.push(end);
            let _ = std::fs::remove_file(name);
        }
    }
}

fn report(asked: &Restore, configuration: &Configuration, unpacked: &Unpacked) {
    let manifest = &unpacked.manifest;
    println!("Restored {} from {}.", named(manifest), asked.file.display());
    let hours = SystemClock.now().seconds_since(manifest.at) / 60;
    println!(
        "It stands as of {} ({hours} minutes ago): whatever was acknowledged after that is not in it.",
        manifest.at
    );
    for damage in &unpacked.damage {
        println!("DAMAGED: {damage}");
        tracing::error!(%damage, "restored despite damage");
    }
    if unpacked.damage.is_empty() {
        println!("Ready: tocsin serve --data {}", configuration.data.display());
    } else {
        println!("Restored in part, because --force was given: tocsin serve --data {}", configuration.data.display());
    }
}
