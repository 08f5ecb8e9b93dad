//! `tocsin policy assess`: the obligation engine on a file of facts, for officers who ask "what if", for whoever
//! writes a pack, and for outsiders who check the product.

use crate::{packs, policy_files, wrong::Wrong};
use policy::{Assessment, Obligation, Report};
use std::{
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Reads, assesses and prints. Facts that are not understood end with code 1 and nothing on standard output.
pub fn run(path: &Path, json: bool, policies: &[PathBuf]) -> Result<ExitCode, Wrong> {
    let (name, text) = if path == Path::new("-") {
        let name = "standard input".to_owned();
        let mut bytes = Vec::new();
        let most = policy_files::STREAM;
        let read = std::io::stdin().take(most + 1).read_to_end(&mut bytes);
        match read.map_err(|e| Wrong::new(format!("{name}: {e}")))? {
            length if u64::try_from(length).is_ok_and(|length| length <= most) => {}
            _ => return Err(Wrong::new(format!("{name}: this is too large; at most {} MB are read", most >> 20))),
        }
        let text = policy_files::utf8(&name, bytes)?;
        (name, text)
    } else {
        (path.display().to_string(), policy_files::text(path)?)
    };
    let mut all = packs::compiled()?;
    if !policies.is_empty() {
        match policy::compile_set(&policy_files::beside_common(policies)?) {
            Ok(own) => {
                all.retain(|shipped| own.iter().all(|pack| pack.id != shipped.id));
                all.extend(own);
            }
            Err(reports) => return Ok(policy_files::to_mend(&reports, policies)),
        }
    }
    let asked = match policy::read_facts(&name, &text, &all) {
        Ok(asked) => asked,
        Err(reports) => return Ok(refused(&reports)),
    };
    let found = policy::assess(&asked);
    if json {
        println!("{}", serde_json::to_string_pretty(&found)?);
    } else {
        print(&found);
    }
    Ok(ExitCode::SUCCESS)
}

fn refused(reports: &[Report]) -> ExitCode {
    for report in reports {
        eprintln!("{}", report.render());
    }
    eprintln!("{} to mend", reports.len());
    ExitCode::FAILURE
}

fn print(found: &Assessment) {
    for pack in &found.packs {
        println!("{} — {} ({}; {})", pack.id, pack.title, pack.edition, pack.chosen);
        if let Some(warning) = &pack.warning {
            println!("    {warning}");
        }
        println!("    reviewed by counsel: {}; days in {}", pack.reviewed_by_counsel, pack.zone);
        for duty in found.obligations.iter().filter(|o| o.rule.pack == pack.id) {
            print_duty(duty);
        }
        let lists = [
            ("not required", &found.not_required),
            ("not known yet", &found.not_known_yet),
            ("switched off", &found.off),
        ];
        for (says, list) in lists {
            for rule in list.iter().filter(|r| r.rule.pack == pack.id) {
                println!("  {:<14} {says}: {}", rule.rule.id, rule.because.join(" "));
            }
        }
        println!();
    }
    for alarm in &found.alarms {
        println!("{}: {}", alarm.on, alarm.says);
    }
}

fn print_duty(duty: &Obligation) {
    let due = duty.due.as_ref();
    let when = match due.map(|due| (due.kind, &due.local, due.date)) {
        Some(("end-of-day", _, Some(day))) => format!("by the end of {day}"),
        Some((_, Some(local), _)) => format!("at {local}"),
        Some((kind, ..)) => kind.replace('-', " "),
        None => "clock not started".to_owned(),
    };
    println!("  {:<14} {} — {when} [{}]", duty.rule.id, duty.rule.title, duty.state);
    let to = duty.rule.owed_to.as_ref().map_or_else(String::new, |to| format!(" to {to}"));
    println!("      owed by {}{to}", duty.rule.owed_by);
    if let Some(due) = due {
        println!("      {}", due.arithmetic);
    }
    if let Some(soft) = &duty.soft {
        println!("      sooner: {}", soft.arithmetic);
    }
    for note in &duty.notes {
        println!("      {note}");
    }
    if let Some(answered) = &duty.answered {
        println!("      answered for on {}: {}", answered.at.date, answered.says);
    }
    let clauses: Vec<String> = duty.rule.clauses.iter().map(|c| format!("{} ({})", c.id, c.cite)).collect();
    let checked = duty.rule.verified.as_ref().map_or_else(String::new, |v| format!("; {}: {}", v.means, v.source));
    println!("      {}{checked}", clauses.join(", "));
}
