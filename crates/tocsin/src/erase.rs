//! `tocsin erase`: destroys the content of one entry, on the order of those whom the law names.

use crate::configuration::{self, Place, Serving};
use crate::open;
use crate::wrong::Wrong;
use clap::Args;
use domain::actor::Actor;
use domain::text::Line;
use std::path::Path;
use std::process::ExitCode;

/// What to erase, and by whose authority. Servers are stopped first.
#[derive(Args, Debug)]
pub struct Erase {
    /// The printed reference of the report or incident
    reference: String,
    /// The entry, as verify and an exported case number it
    #[arg(long, value_name = "NUMBER")]
    entry: u32,
    /// The law, court or office that requires it
    #[arg(long, value_name = "TEXT")]
    authority: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    place: Place,
}

/// Erases.
pub async fn run(asked: Erase) -> Result<ExitCode, Wrong> {
    let authority = Line::parse(&asked.authority).map_err(|e| Wrong::new(format!("--authority: {e}")))?;
    let reason = Line::parse(&asked.reason).map_err(|e| Wrong::new(format!("--reason: {e}")))?;
    let configuration = configuration::decide(&asked.place, &Serving::default(), Path::new("data"))?;
    let app = open::app(&configuration).await?;
    app.erase(Actor::System, &asked.reference, asked.entry, authority, reason).await?;
    while app.seal_log().await? > 0 {}
    println!("Entry {} of {} is erased: its content, salt and key are gone.", asked.entry, asked.reference);
    println!("The log goes on proving that it was there, and says by which entry it was erased.");
    println!("Backups made earlier still hold it; whoever ordered this decides about them.");
    Ok(ExitCode::SUCCESS)
}
