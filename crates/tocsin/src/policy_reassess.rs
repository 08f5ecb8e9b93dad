//! `tocsin policy reassess`: open incidents under the rules as they read now. Says what would change, or does it as a
//! server's worker would, and can be stopped and started again.

use crate::configuration::{self, Place, Serving};
use crate::open;
use crate::wrong::Wrong;
use app::App;
use app::jobs::REASSESSING;
use app::policies::reassess::{Forecast, Run};
use domain::ids::TenantId;
use domain::permission::Action;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

/// How long to wait for another worker that has the next stretch in its hands.
const REST: Duration = Duration::from_millis(300);

fn agency_of(app: &App, code: Option<&str>) -> Result<TenantId, Wrong> {
    let directory = app.directory();
    let agencies = directory.agencies();
    match (code, agencies.as_slice()) {
        (None, [only]) => Ok(only.id),
        (None, _) => Err(Wrong::new("there are several agencies; name one with --agency CODE")),
        (Some(code), all) => {
            let found = all.iter().find(|agency| agency.code.eq_ignore_ascii_case(code));
            Ok(found.ok_or_else(|| Wrong::new("there is no agency with this code; see tocsin user list"))?.id)
        }
    }
}

/// Says what would change, rule by rule. Nothing is written.
pub async fn foresee(place: &Place, code: Option<&str>) -> Result<ExitCode, Wrong> {
    let app = open::app_beside(&configuration::decide(place, &Serving::default(), Path::new("data"))?).await?;
    let tenant = agency_of(&app, code)?;
    let forecast = app.foresee_reassessment(tenant, |done| say_how_far(&format!("{done} looked at"))).await?;
    say_how_far("");
    let Forecast { looked_at, changed, failed, opens, moves, meets, laws } = forecast;
    println!("Open incidents: {looked_at}. Would change: {changed}. Cannot be assessed: {failed}.");
    say("duties would start", &opens);
    say("dates would be told anew", &moves);
    say("duties would be met by what is on record", &meets);
    say("incidents would be bound by this law too", &laws);
    Ok(ExitCode::SUCCESS)
}

fn say<K: Display>(what: &str, counts: &BTreeMap<K, u64>) {
    counts.iter().for_each(|(name, count)| println!("  {name:<24} {count:>8} {what}"));
}

/// Assesses them again, in an administrator's name.
pub async fn run(place: &Place, code: Option<&str>, by: &str) -> Result<ExitCode, Wrong> {
    let app = open::app(&configuration::decide(place, &Serving::default(), Path::new("data"))?).await?;
    let viewer = app.viewer_of(by);
    let viewer = viewer.map_err(|_| Wrong::new(format!("nobody with an account that works signs in as {by}")))?;
    let may = app
        .allow_administering(&viewer, Action::Administer)
        .map_err(|_| Wrong::new(format!("{by} does not have the right to do this for the whole agency")))?;
    if code.is_some() && agency_of(&app, code)? != viewer.tenant {
        return Err(Wrong::new(format!("{by} belongs to another agency")));
    }
    let last = app.reassessment(viewer.tenant).await?;
    // What was stopped goes on, with the rules as they read now.
    let goes_on = last.as_ref().is_some_and(|run| run.ended.is_none()) && app.store().job_waits(REASSESSING).await?;
    let before = if goes_on {
        None
    } else {
        app.ask_reassessment(&may).await?;
        Some(last.map(|run| run.id))
    };
    loop {
        let did = app.do_jobs().await;
        let run = app.reassessment(viewer.tenant).await?;
        let begun = before.is_none_or(|last| run.as_ref().map(|run| run.id) != last);
        match run.filter(|_| begun) {
            Some(Run { ended: Some(_), looked_at, changed, failed, .. }) => {
                say_how_far("");
                println!("Assessed again: {looked_at}. Changed: {changed}. Could not be assessed: {failed}.");
                return Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE });
            }
            Some(run) => say_how_far(&format!("{} of {}", run.looked_at, run.of)),
            None => {}
        }
        if did == 0 {
            tokio::time::sleep(REST).await;
        }
    }
}

/// One line that is written over.
fn say_how_far(words: &str) {
    eprint!("\r{words:<40}\r{words}");
    // Where nobody watches there is nothing to flush.
    let _ = std::io::stderr().flush();
}
