//! The part of Home that says for whom one's own work waits: reporters, colleagues, signers, human resources, deciders.

use app::home::AtHand;
use app::inbox::InboxLine;
use app::{App, ReportState, Trouble};
use domain::incident::{WaitsFor, waits_for};
use domain::pack::{Concurrence, Decision, Pack};
use domain::time::Instant;

use super::unit_name;
use crate::{screens::staff::desk::Staff, times};

/// Lines on the page; the rest is counted.
const LINES: usize = 8;

/// Everything that waits for others.
#[derive(Debug, Clone, Default)]
pub struct WaitingOn {
    /// One line each.
    pub rows: Vec<Row>,
    /// “and 3 more”, or empty.
    pub more: String,
}

/// One thing that somebody else has to do.
#[derive(Debug, Clone)]
pub struct Row {
    /// Where it can be seen.
    pub href: String,
    /// Who, and what they have to do.
    pub what: String,
    /// The reference of the report or incident.
    pub reference: String,
    /// What it is called, or where it lies.
    pub about: String,
    /// “for 2 d”, or empty.
    pub since: String,
}

/// What the incidents at hand wait for.
pub fn on_incidents(app: &App, staff: &Staff, at_hand: &AtHand) -> Result<WaitingOn, Trouble> {
    let mut rows = Vec::new();
    for (line, incident) in &at_hand.waiting {
        let pack = app.pack_of_incident(incident)?;
        for waits in waits_for(incident, pack) {
            let (what, place, since) = said(app, pack, &waits);
            rows.push(Row {
                href: format!("/incidents/{}{place}", line.reference),
                what,
                reference: line.reference.clone(),
                about: line.summary.title.clone(),
                since: since.map(|at| lasting(at, staff.now())).unwrap_or_default(),
            });
        }
    }
    let shown = at_hand.waiting.len();
    let hidden = rows.len().saturating_sub(LINES);
    rows.truncate(LINES);
    let more = match (hidden, at_hand.held_up.saturating_sub(shown)) {
        (0, 0) => String::new(),
        (hidden, 0) => format!("and {hidden} more"),
        (_, cases) => format!("and more in {cases} further incidents"),
    };
    Ok(WaitingOn { rows, more })
}

/// Reporters who were asked something and have not answered.
pub fn on_reporters(app: &App, staff: &Staff, lines: &[InboxLine]) -> Vec<Row> {
    let asked = lines.iter().filter(|line| line.state == ReportState::Asked);
    asked
        .map(|line| Row {
            href: format!("/inbox/{}", line.reference),
            what: "The person who reported: your question".to_owned(),
            reference: line.reference.clone(),
            about: unit_name(app, line.unit),
            since: format!("reported {}", times::ago(line.received_at, staff.now())),
        })
        .take(LINES)
        .collect()
}

fn said(app: &App, pack: &Pack, waits: &WaitsFor<'_>) -> (String, &'static str, Option<Instant>) {
    match waits {
        WaitsFor::Takeover { by, since } => (format!("{}: take over the lead", app.name_of(*by)), "", Some(*since)),
        WaitsFor::ReporterSignature { since } => {
            ("The person who reported: signature on the form".to_owned(), "/form#sign", Some(*since))
        }
        WaitsFor::Personnel { since } => ("Human resources: its part of the form".to_owned(), "/form", Some(*since)),
        WaitsFor::Decision { asked } => (format!("{}: {}", deciders(asked, pack), asked.asks), "#decisions", None),
    }
}

/// “Chief security officer or Counsel”
fn deciders(decision: &Decision, pack: &Pack) -> String {
    let titles: Vec<&str> =
        decision.deciders.iter().filter_map(|id| pack.role(id)).map(|role| role.title.en.as_str()).collect();
    let joint = match decision.concurrence {
        Concurrence::Any => " or ",
        Concurrence::All | Concurrence::AllHighestHolds => " and ",
    };
    titles.join(joint)
}

fn lasting(since: Instant, now: Instant) -> String {
    format!("for {}", times::span(now.seconds_since(since)))
}
