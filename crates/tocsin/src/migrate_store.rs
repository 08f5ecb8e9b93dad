//! `tocsin migrate-store`: an installation moves from one kind of store to the other, whole and proved, or not at all.

use crate::configuration::{self, Configuration, Database, Place, Serving};
use crate::machine::SystemRandom;
use crate::wrong::Wrong;
use crate::{open, root_key, verify};
use app::verify::Sources;
use clap::Args;
use indicatif::ProgressBar;
use journal::Weight;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use store::Answer;
use store::copying::{Piece, Sums, TABLES};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// From where to where.
#[derive(Args, Debug)]
pub struct MigrateStore {
    /// The store as it is: sqlite:PATH or postgres://…; its servers are stopped first
    #[arg(long, value_name = "URL")]
    from: String,
    /// The store to be: a new sqlite:PATH, or an empty postgres://… database
    #[arg(long, value_name = "URL")]
    to: String,
    /// Folder of the files and the root key, which stay where they are
    #[arg(long, env = "TOCSIN_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// The root key's file; the default is root.key in the data folder
    #[arg(long, env = "TOCSIN_ROOT_KEY", value_name = "FILE")]
    root_key: Option<PathBuf>,
    /// Configuration file
    #[arg(long, env = "TOCSIN_CONFIG", value_name = "FILE", default_value = "tocsin.toml")]
    config: PathBuf,
}

impl MigrateStore {
    fn place(&self, url: &str) -> Result<Configuration, Wrong> {
        let place = Place {
            data: self.data.clone(),
            database_url: Some(url.to_owned()),
            root_key: self.root_key.clone(),
            config: self.config.clone(),
        };
        configuration::decide(&place, &Serving::default(), Path::new("data"))
    }
}

/// Pieces on their way at once.
const ON_THE_WAY: usize = 4;

/// Copies everything, compares, verifies, and only then says that it is done.
pub async fn run(asked: MigrateStore) -> Result<ExitCode, Wrong> {
    let (from, to) = (asked.place(&asked.from)?, asked.place(&asked.to)?);
    if let Database::Sqlite(path) = &from.database
        && !path.exists()
    {
        return Err(Wrong::new(format!("there is no store at {}", path.display())));
    }
    // Without the key nothing could be verified in the end.
    let root = root_key::read(&to.root_key, false, &SystemRandom)?;
    let copied = copy(&from.database, &to.database).await?;

    let store = open::beside(&to.database).await?;
    let keyring = app::keys::read_keyring(store.as_ref(), &root).await?;
    let sources = Sources {
        store: store.as_ref(),
        keyring: &keyring,
        files: &to.settings.files,
        checkpoints: to.settings.checkpoints.as_deref(),
        notes: &[],
    };
    let verdict = app::verify::verify(&sources, &verify::Bar::new()).await?;
    print!("{}", verify::words(&verdict));
    if verdict.outcome != Weight::Notice {
        println!("NOT done: the copy does not verify. Go on with {} and verify that, too.", shown(&from.database));
        return Ok(ExitCode::FAILURE);
    }
    println!("Copied {} rows of {} tables; every table reads back as it was given.", copied.rows(), TABLES.len());
    if let Some(checkpoint) = store.latest_checkpoint().await? {
        let root = data_encoding::HEXLOWER.encode(&checkpoint.root);
        println!("The log's checkpoint is the same: {} entries, root {root}.", checkpoint.size);
    }
    println!("Done. Serve {} from now on, and put {} away.", shown(&to.database), shown(&from.database));
    Ok(ExitCode::SUCCESS)
}

/// A store as it may be printed: an address can hold a password.
fn shown(database: &Database) -> String {
    match database {
        Database::Sqlite(path) => format!("sqlite:{}", path.display()),
        Database::Postgres(url) => {
            let place = url.rsplit_once('@').map_or(url.as_str(), |(_, place)| place);
            format!("the PostgreSQL database {}", place.split('?').next().unwrap_or(place))
        }
    }
}

async fn copy(from: &Database, to: &Database) -> Result<Sums, Wrong> {
    let (out, mut given) = channel(ON_THE_WAY);
    let (onward, taken) = channel(ON_THE_WAY);
    let watched = async move {
        let bar = std::io::stderr().is_terminal().then(ProgressBar::new_spinner);
        let mut rows = 0;
        while let Some(piece) = given.recv().await {
            if let (Some(bar), Piece::Rows(table, some)) = (&bar, &piece) {
                rows += some.len();
                let name = TABLES.get(*table).map_or("", |table| table.name);
                bar.set_message(format!("copying {name}: {rows} rows"));
                bar.tick();
            }
            if onward.send(piece).await.is_err() {
                return;
            }
        }
    };
    let (read, (), written) = tokio::join!(copy_out(from, out), watched, copy_in(to, taken));
    // The side that broke first says why; the other only that it was left alone.
    match (read, written) {
        (Ok(()), Ok(sums)) => Ok(sums),
        (Err(fault), Err(other)) if other.source.to_string().contains("the other side stopped") => Err(fault.into()),
        (_, Err(fault)) | (Err(fault), Ok(_)) => Err(fault.into()),
    }
}

async fn copy_out(from: &Database, to: Sender<Piece>) -> Answer<()> {
    match from {
        Database::Sqlite(path) => {
            let path = path.clone();
            blocking(move || store_sqlite::copy_out(&path, &to)).await
        }
        Database::Postgres(url) => store_postgres::copy_out(url, &to).await,
    }
}

async fn copy_in(to: &Database, mut from: Receiver<Piece>) -> Answer<Sums> {
    match to {
        Database::Sqlite(path) => {
            let path = path.clone();
            blocking(move || store_sqlite::copy_in(&path, &mut from)).await
        }
        Database::Postgres(url) => store_postgres::copy_in(url, &mut from).await,
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Answer<T> + Send + 'static) -> Answer<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|e| Err(store::Fault::new("copying the store", e)))
}
