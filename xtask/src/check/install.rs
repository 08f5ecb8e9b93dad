//! Brings what the checks need beyond Rust, Node.js and a C compiler: Debian packages, npm and Python packages.
//!
//! Versions of npm and Python packages are pinned in `tests/browser/package-lock.json` and
//! `tests/api/requirements.txt`. What is there already is left alone, so a second run costs seconds.

use crate::{
    postgres,
    run::{self, Failure, run},
};
use std::process::Command;

/// A Debian package and how to see that it is there.
struct Package {
    name: &'static str,
    present: fn() -> bool,
}

const PACKAGES: &[Package] = &[
    Package { name: "postgresql", present: || postgres::binaries().is_some() },
    Package { name: "chromium", present: || run::installed("chromium") },
    // Faces for pages whose own fonts are still loading; Chromium's package only recommends some.
    Package {
        name: "fonts-liberation",
        present: || debian_knows("fonts-liberation") || debian_knows("fonts-dejavu-core"),
    },
    Package { name: "poppler-utils", present: || run::installed("pdfinfo") && run::installed("pdftotext") },
    Package { name: "qpdf", present: || run::installed("qpdf") },
    // Makes the certificates of the mail stories.
    Package { name: "openssl", present: || run::installed("openssl") },
    Package { name: "python3-venv", present: has_venv },
];

/// Everything, in the order of how likely it is to be refused.
pub fn everything() -> Result<(), Failure> {
    debian()?;
    browser()?;
    python()
}

fn debian() -> Result<(), Failure> {
    let missing: Vec<&str> =
        PACKAGES.iter().filter(|package| !(package.present)()).map(|package| package.name).collect();
    if missing.is_empty() {
        println!("Debian packages: all here");
        return Ok(());
    }
    println!("Debian packages: installing {}", missing.join(" "));
    if !run::installed("apt-get") {
        return Err(format!("this is not a Debian machine; please provide: {}", missing.join(" ")));
    }
    run(&mut as_root(&["apt-get", "update", "-q"])?)?;
    // Through `env`, because sudo passes no variables on.
    let mut words =
        vec!["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-q", "-y", "--no-install-recommends"];
    words.extend(&missing);
    run(&mut as_root(&words)?)?;
    let still: Vec<&str> = PACKAGES.iter().filter(|p| !(p.present)()).map(|p| p.name).collect();
    if still.is_empty() { Ok(()) } else { Err(format!("installed, and yet not found: {}", still.join(" "))) }
}

/// As root directly, or through sudo (which may ask for a password).
fn as_root(words: &[&str]) -> Result<Command, Failure> {
    let (first, rest) = words.split_first().ok_or("no command")?;
    if run::user_number()? == 0 {
        let mut command = run::program(first);
        command.args(rest);
        return Ok(command);
    }
    if run::installed("sudo") {
        let mut command = run::program("sudo");
        command.args(words);
        return Ok(command);
    }
    Err(format!("needs root and finds no sudo; please run: {}", words.join(" ")))
}

fn debian_knows(package: &str) -> bool {
    let asked = Command::new("dpkg-query").args(["--show", "--showformat=${Status}", package]).output();
    asked.is_ok_and(|answer| answer.stdout.ends_with(b" installed"))
}

fn has_venv() -> bool {
    let asked = Command::new("python3").args(["-c", "import venv, ensurepip"]).output();
    asked.is_ok_and(|answer| answer.status.success())
}

fn browser() -> Result<(), Failure> {
    if !run::installed("npm") {
        return Err("npm is missing: it comes with Node.js 20 or later".to_owned());
    }
    run(run::program("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", "tests/browser"]))
}

fn python() -> Result<(), Failure> {
    let venv = run::target().join("python");
    if !venv.join("bin/pip").is_file() {
        run(run::program("python3").args(["-m", "venv"]).arg(&venv))?;
    }
    run(run::program(venv.join("bin/pip")).args(["install", "--quiet", "--requirement", "tests/api/requirements.txt"]))
}
