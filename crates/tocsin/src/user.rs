//! People from the command line: add, disable, list. Passwords are drawn here and shown once, never typed as arguments.

use crate::configuration::{self, Place, Serving};
use crate::machine::SystemRandom;
use crate::open;
use crate::wrong::Wrong;
use app::api_token::Scope;
use app::directory::{Profile, role_named};
use app::sign_in::Password;
use clap::Subcommand;
use domain::ambient::Random;
use std::path::Path;
use std::process::ExitCode;

/// What can be done with people.
#[derive(Subcommand, Debug)]
pub enum User {
    /// Add a person with a role; a password is drawn and shown once
    Add {
        #[command(flatten)]
        place: Place,
        /// Mail address, also the sign-in name
        #[arg(long)]
        email: String,
        /// Name
        #[arg(long)]
        name: String,
        /// Code of the unit, as on its poster
        #[arg(long)]
        unit: String,
        /// local-officer, chief-officer, help-desk, privacy-officer, human-resources, investigator, counsel,
        /// communications, records, statewide-office, csirt-member, executive, auditor or administrator
        #[arg(long)]
        role: String,
        /// Telephone
        #[arg(long)]
        phone: Option<String>,
    },
    /// Disable an account and end its sessions
    Disable {
        #[command(flatten)]
        place: Place,
        /// Mail address
        email: String,
    },
    /// Take passkeys, program and recovery codes away from somebody who lost them; at their next sign-in they set up new ones
    Reset {
        #[command(flatten)]
        place: Place,
        /// Mail address
        email: String,
        /// Why; it stays on record
        #[arg(long)]
        reason: String,
    },
    /// Make a token for a program; it acts with the person's rights and is shown once
    Token {
        #[command(flatten)]
        place: Place,
        /// Mail address of the person with whose rights it acts
        email: String,
        /// read, triage, statistics; several split by commas
        #[arg(long, value_delimiter = ',', default_value = "read")]
        scope: Vec<String>,
        /// Days until it ends, at most 366
        #[arg(long, default_value_t = 90)]
        days: u16,
    },
    /// List people by agency
    List {
        #[command(flatten)]
        place: Place,
    },
}

impl User {
    /// Does it.
    pub async fn run(self) -> Result<ExitCode, Wrong> {
        match self {
            Self::Add { place, email, name, unit, role, phone } => {
                let app = opened(&place).await?;
                let directory = app.directory();
                let unit = directory
                    .unit_by_code(&unit)
                    .ok_or_else(|| Wrong::new(format!("there is no unit with the code {unit}")))?;
                let role = role_named(&role)
                    .ok_or_else(|| Wrong::new(format!("{role} is not a role; see tocsin user add --help")))?;
                let password = draw();
                let profile = Profile { name, email: email.clone(), phone };
                app.add_person(unit.tenant, &profile, Password::typed(password.clone()), &[(unit.id, role)]).await?;
                println!("{email} can sign in now. Password, shown this once: {password}");
                Ok(ExitCode::SUCCESS)
            }
            Self::Disable { place, email } => {
                match opened(&place).await?.disable_person(&email).await {
                    Err(app::Trouble::NotFound) => Err(Wrong::new(format!("nobody signs in as {email}"))),
                    other => Ok(other?),
                }?;
                println!("{email} is disabled, and their sessions are ended.");
                Ok(ExitCode::SUCCESS)
            }
            Self::Reset { place, email, reason } => {
                match opened(&place).await?.reset_factors_of(&email, &reason).await {
                    Err(app::Trouble::NotFound) => Err(Wrong::new(format!("nobody signs in as {email}"))),
                    other => Ok(other?),
                }?;
                println!("{email} signs in with the password alone once more, and sets up something new on the way.");
                Ok(ExitCode::SUCCESS)
            }
            Self::Token { place, email, scope, days } => {
                let scopes: Vec<Scope> = scope
                    .iter()
                    .map(|name| {
                        Scope::named(name)
                            .ok_or_else(|| Wrong::new(format!("{name} is not a scope; see tocsin user token --help")))
                    })
                    .collect::<Result<_, _>>()?;
                let (token, ends_at) = match opened(&place).await?.make_token(&email, &scopes, days).await {
                    Err(app::Trouble::NotFound) => Err(Wrong::new(format!("nobody signs in as {email}"))),
                    other => Ok(other?),
                }?;
                println!("{token}");
                eprintln!("This is shown once. It works until {ends_at}.");
                Ok(ExitCode::SUCCESS)
            }
            Self::List { place } => {
                let app = opened(&place).await?;
                let directory = app.directory();
                for agency in directory.agencies() {
                    println!("{} {}", agency.code, agency.profile.name.en);
                    for person in directory.people_of(agency.id) {
                        let mark = if person.active { "" } else { " (disabled)" };
                        println!("  {:<40} {}{mark}", person.profile.email, person.profile.name);
                    }
                }
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

async fn opened(place: &Place) -> Result<app::App, Wrong> {
    open::app(&configuration::decide(place, &Serving::default(), Path::new("data"))?).await
}

/// Twenty-four characters without look-alikes: some 117 bits.
fn draw() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789x";
    let mut bytes = [0; 24];
    SystemRandom.fill(&mut bytes);
    let letters: String = bytes.iter().map(|b| char::from(LETTERS[usize::from(b % 32)])).collect();
    letters.as_bytes().chunks(6).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-")
}
