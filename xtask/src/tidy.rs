//! Tests of the repository itself, so that the map, the import rule and the pairs cannot quietly become untrue.
//!
//! Every rule is a function from a [`Repository`] to findings. A new rule is a module here, one line in [`RULES`],
//! and a test on a made-up repository that shows it both satisfied and broken.

mod fluent;
mod hosts;
mod imports;
mod length;
mod map;
mod migrations;
mod reasons;
mod repository;
mod sentences;

use crate::run::Failure;
use repository::{Finding, Repository};

type Rule = fn(&Repository) -> Vec<Finding>;

const RULES: &[(&str, Rule)] = &[
    ("rooms import only whom they may", imports::check),
    ("migrations come in pairs", migrations::check),
    ("every module opens with a sentence", sentences::check),
    ("the map names every room, and only what exists", map::check),
    ("every dependency has its reason", reasons::check),
    ("no registry host and no machine's path", hosts::check),
    ("English and Spanish say the same things", fluent::check),
    ("a file is a room, not a warehouse", length::check),
];

/// Reads the repository once, applies every rule and lists what is wrong.
pub fn run() -> Result<(), Failure> {
    let repository = Repository::read()?;
    let mut wrong = 0;
    for (name, rule) in RULES {
        let findings = rule(&repository);
        let faults = findings.iter().filter(|f| !f.remark).count();
        println!("{} {name}", if faults == 0 { "ok    " } else { "FAILED" });
        for finding in &findings {
            println!("         {finding}");
        }
        wrong += faults;
    }
    println!("tidy: {} rules, {wrong} faults, {} files read", RULES.len(), repository.len());
    if wrong == 0 { Ok(()) } else { Err(format!("tidy: {wrong} faults, listed above")) }
}
