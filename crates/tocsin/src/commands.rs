//! The commands that people type.

use crate::configuration::{self, Place, Serving};
use crate::wrong::Wrong;
use crate::{
    backup, database, demo, doctor, erase, export, import, migrate_store, open, policy_files, render, serve, user,
    verify,
};
use clap::{Parser, Subcommand};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Incident reporting and case files for state governments.
#[derive(Parser, Debug)]
#[command(name = "tocsin", version, about, propagate_version = true)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// Show everything: five agencies, staff in every role, sample incidents
    Demo {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        serving: Serving,
        /// Remove what an earlier demonstration left in the data folder
        #[arg(long)]
        reset: bool,
    },
    /// Serve an installation
    Serve {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        serving: Serving,
    },
    /// Make an installation and print the one-time link for its first administrator
    Init {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        serving: Serving,
    },
    /// Bring in records of another system; what is here already stays as it is
    Import {
        #[command(subcommand)]
        source: import::Source,
    },
    /// Add, disable and list people
    #[command(subcommand)]
    User(user::User),
    /// Check that everything is there and as it was recorded: a store, or an exported case
    Verify(verify::Verify),
    /// Copy everything but the root key into one file, while the server goes on
    Backup(backup::Backup),
    /// Bring a backup back into an empty place, and verify it
    Restore(backup::Restore),
    /// Move everything to the other kind of store: SQLite to PostgreSQL, or back
    MigrateStore(migrate_store::MigrateStore),
    /// Destroy the content of one entry, as a law requires; the log says by which entry
    Erase(erase::Erase),
    /// Take one case out, with its files and proofs
    #[command(subcommand)]
    Export(export::Export),
    /// Look an installation over, and say how to mend what is wrong
    Doctor(doctor::Doctor),
    /// List, check, quote and install policies
    #[command(subcommand)]
    Policy(policy_files::Policy),
    /// Prepare a PostgreSQL database for separate roles
    #[command(subcommand)]
    Database(database::Work),
    /// Typeset a document: a job on standard input, the file on standard output
    #[command(hide = true)]
    Render,
}

impl Command {
    /// Runs it.
    pub async fn run(self) -> Result<ExitCode, Wrong> {
        match self.what {
            What::Demo { place, serving, reset } => {
                serve::log("warn");
                demo::run(&place, &serving, reset).await
            }
            What::Serve { place, serving } => {
                serve::log("info");
                let ending = serve::Ending::heard()?;
                let (listener, address) = {
                    let configuration = configuration::decide(&place, &serving, Path::new("data"))?;
                    serve::listen(configuration.listen).await?
                };
                let serving = Serving { listen: Some(address), ..serving };
                let configuration = configuration::decide(&place, &serving, Path::new("data"))?;
                let app = open::app(&configuration).await?;
                println!("Listening on http://{address}");
                serve::serve(app, listener, ending).await?;
                Ok(ExitCode::SUCCESS)
            }
            What::Init { place, serving } => {
                serve::log("warn");
                let configuration = configuration::decide(&place, &serving, &PathBuf::from("data"))?;
                let app = open::app(&configuration).await?;
                println!("Open this link once, within 24 hours, to choose the first administrator's password:");
                println!("{}", app.make_set_up_link().await?);
                println!("\nThe root key is {}. {}", configuration.root_key.display(), crate::root_key::ADVICE);
                Ok(ExitCode::SUCCESS)
            }
            What::Import { source } => {
                serve::log("warn");
                import::run(source).await
            }
            What::User(user) => {
                serve::log("warn");
                user.run().await
            }
            What::Verify(asked) => {
                serve::log("warn");
                Ok(verify::run(asked).await)
            }
            What::Backup(asked) => {
                serve::log("warn");
                backup::backup(asked).await
            }
            What::Restore(asked) => {
                serve::log("warn");
                backup::restore(asked).await
            }
            What::MigrateStore(asked) => {
                serve::log("warn");
                migrate_store::run(asked).await
            }
            What::Erase(asked) => {
                serve::log("warn");
                erase::run(asked).await
            }
            What::Export(export) => {
                serve::log("warn");
                export::run(export).await
            }
            What::Doctor(asked) => {
                serve::log("warn");
                doctor::run(asked).await
            }
            What::Policy(policy) => {
                serve::log("warn");
                policy_files::run(policy).await
            }
            What::Database(work) => {
                serve::log("warn");
                database::run(work).await
            }
            What::Render => render::child(),
        }
    }
}
