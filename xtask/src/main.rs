//! The repository's own tools: what keeps it tidy, what checks it, and the machinery that checks need.

use clap::{Parser, Subcommand};
use std::{ffi::OsString, process::ExitCode};

mod bench;
mod check;
mod clauses;
mod fuzz;
mod postgres;
mod run;
mod server;
mod tidy;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "What keeps this repository honest")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Test the repository itself: who imports whom, the map, migration pairs, translations, file lengths.
    Tidy,
    /// Install what the checks need and run every check; `--fast` is the daily part of it.
    Check {
        /// Only what needs nothing but Rust: formatting, tidy, clippy, and the tests on the embedded store.
        #[arg(long)]
        fast: bool,
        /// Take the machine as it is: install no Debian, npm or Python package and no tool.
        #[arg(long)]
        no_install: bool,
    },
    /// Which clauses of the packs a test claims to prove, by document and area.
    Clauses {
        /// List the ids that nobody claims.
        #[arg(long)]
        missing: bool,
    },
    /// Measure the release build beside the raw limits of this disk; what follows goes to the bench.
    Bench {
        /// `--only WORDS` for groups of rows (disk, paper, policy, assess, reassess, due, pages), `--large N`, `--open N`,
        /// `--duties N`, `--folder DIR`, `--tocsin FILE`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Throw damaged input at every reader of what strangers send; not part of any check.
    Fuzz {
        /// `--minutes N` for each target (10), `--seed N`, `--keep N` inputs for the corpus, and names of targets; all of them without a name.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Run a command beside a temporary PostgreSQL, whose address is in TOCSIN_TEST_POSTGRES_URL.
    Postgres {
        /// The command and its arguments.
        #[arg(trailing_var_arg = true, required = true, allow_hyphen_values = true)]
        command: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().task {
        Task::Tidy => tidy::run(),
        Task::Check { fast: true, .. } => check::fast(),
        Task::Check { fast: false, no_install } => check::full(!no_install),
        Task::Clauses { missing } => clauses::run(missing),
        Task::Bench { arguments } => bench::run(&arguments),
        Task::Fuzz { arguments } => fuzz::run(&arguments),
        Task::Postgres { command } => postgres::beside(&command),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("\n{why}");
            ExitCode::FAILURE
        }
    }
}
