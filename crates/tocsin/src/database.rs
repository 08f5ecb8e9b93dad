//! `tocsin database prepare`: a PostgreSQL database with a role for each part, made by its owner.

use crate::configuration::{self, Database, Place, Serving};
use crate::wrong::Wrong;
use clap::{Args, Subcommand};
use std::path::Path;
use std::process::ExitCode;

/// What to do with the database.
#[derive(Subcommand, Debug)]
pub enum Work {
    /// Bring a PostgreSQL database to this version and make its roles, as its owner; doing it again changes nothing
    Prepare(Prepare),
}

/// Where it is.
#[derive(Args, Debug)]
pub struct Prepare {
    #[command(flatten)]
    place: Place,
}

const DONE: &str = "The database is this version's, and has the roles tocsin_app, tocsin_intake and tocsin_verifier.
Make a login for each part, as whoever keeps the server, and give its address to the part:

    create role tocsin_server login password '…' in role tocsin_app;       -- tocsin serve, --database-url
    create role tocsin_check  login password '…' in role tocsin_verifier;  -- tocsin verify, --verifier-database-url

Run this again as the owner before a newer version is served.";

/// Does it.
pub async fn run(work: Work) -> Result<ExitCode, Wrong> {
    let Work::Prepare(Prepare { place }) = work;
    let configuration = configuration::decide(&place, &Serving::default(), Path::new("data"))?;
    let Database::Postgres(url) = configuration.database else {
        return Err(Wrong::new("separate roles are for PostgreSQL; name the owner's address with --database-url"));
    };
    store_postgres::prepare(&url).await?;
    println!("{DONE}");
    Ok(ExitCode::SUCCESS)
}
