//! The time of one Report of Security Incident, from the job to the bytes, through the process that the server starts.

use super::figures::{Figures, Times};
use documents::{Edition, Job, Numbering, Section};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const DOCUMENTS: usize = 40;

/// Times documents one after the other, each in a fresh child as in service.
pub fn typesetting(tocsin: &Path, figures: &mut Figures) -> Outcome<()> {
    let words = "The laptop with tag 44721 was taken from a car in the store lot on Monday afternoon. ".repeat(6);
    let link = "https://tocsin.example.gov/f/F-0147-1";
    let mut view = documents::blank(Edition::Dmh2016, Numbering::AsAdopted, "Riverbend Center", "F-0147-1", link);
    "DMH-2026-0147".clone_into(&mut view.reference);
    view.version = 1;
    view.reporter.type_of_incident = words.chars().take(80).collect();
    view.reporter.system_and_damage.clone_from(&words);
    view.reporter.initial_action.clone_from(&words);
    view.reporter.remedy.clone_from(&words);
    view.officer = Section::Shown(documents::OfficerPart { follow_up: words, ..Default::default() });
    let job = serde_json::to_vec(&Job::ReportOfSecurityIncident { edition: Edition::Dmh2016, view: Box::new(view) })?;
    let mut times = Vec::new();
    for _ in 0..DOCUMENTS {
        let before = Instant::now();
        let mut child =
            Command::new(tocsin).arg("render").env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        child.stdin.take().ok_or("the child reads")?.write_all(&job)?;
        let output = child.wait_with_output()?;
        if !output.status.success() || !output.stdout.starts_with(b"%PDF") {
            return Err("the child made no document".into());
        }
        times.push(before.elapsed());
    }
    let times = Times::new(times);
    figures.at_most("PDF of the form, in its own process, p50", times.at(50.0), "ms", 50.0);
    figures.note("PDF of the form, in its own process, p99", times.at(99.0), "ms");
    Ok(())
}
