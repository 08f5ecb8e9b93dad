//! The supply chain: licences, banned and repeated crates, sources, and known vulnerabilities, by cargo-deny.

use super::summary::Outcome;
use crate::run::{self, Failure, run};
use std::{env, fs, path::PathBuf, process::Command};

/// Built once into the target folder, because no Debian package of it exists; 150 seconds on two cores.
const VERSION: &str = "0.20.2";

fn binary() -> PathBuf {
    run::target().join("tools/bin/cargo-deny")
}

fn present() -> bool {
    let asked = Command::new(binary()).arg("--version").output();
    asked.is_ok_and(|answer| String::from_utf8_lossy(&answer.stdout).contains(VERSION))
}

fn deny(arguments: &[&str]) -> Command {
    let mut command = run::program(binary());
    command.args(["--workspace", "--all-features", "--locked"]).args(arguments);
    command
}

/// What can be judged from the lock file alone.
pub fn rules(install: bool) -> Result<(), Failure> {
    if !present() {
        if !install {
            return Err(format!("cargo-deny {VERSION} is not in target/tools and --no-install was given"));
        }
        let tools = run::target().join("tools");
        run(run::cargo()
            .args(["install", "cargo-deny", "--version", VERSION, "--locked", "--quiet", "--force", "--root"])
            .arg(&tools)
            .arg("--target-dir")
            .arg(tools.join("build")))?;
    }
    run(deny(&["check"]).args(["bans", "licenses", "sources"]))
}

/// What needs the database of advisories, which is fetched each time so that yesterday's discovery counts today.
pub fn advisories() -> Outcome {
    if !present() {
        return Outcome::Failed("not reached: cargo-deny is missing".to_owned());
    }
    let judged = |database: &str| {
        println!("judging by {database}");
        run(&mut deny(&["--offline", "check", "advisories"]))
    };
    match run(&mut deny(&["fetch", "db"])) {
        Ok(()) => judged("the database as it is now").into(),
        Err(_) if earlier_copy() => match judged("an earlier copy of the database: today's could not be fetched") {
            Ok(()) => {
                Outcome::Unreachable("clean by an earlier copy; today's database could not be fetched".to_owned())
            }
            Err(why) => Outcome::Failed(why),
        },
        Err(_) => {
            Outcome::Unreachable("the database could not be fetched and no copy is here: nothing was judged".to_owned())
        }
    }
}

/// Where cargo-deny keeps what it fetched before.
fn earlier_copy() -> bool {
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")));
    let folders = home.and_then(|home| fs::read_dir(home.join("advisory-dbs")).ok());
    folders.is_some_and(|mut folders| folders.any(|folder| folder.is_ok_and(|f| f.path().join(".git").exists())))
}
