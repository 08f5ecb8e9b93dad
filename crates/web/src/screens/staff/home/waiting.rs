//! The part of Home that says for whom one's own work waits: reporters, colleagues, signers, human resources, deciders.

use app::home::AtHand;
use app::inbox::InboxLine;
use app::{App, ReportState, Trouble};
use domain::incident::{Incident, WaitsFor, concurrence_wanted, tally, waits_for, waits_for_votes};
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
            let (what, place, since) = said(app, incident, pack, &waits);
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

fn said(app: &App, incident: &Incident, pack: &Pack, waits: &WaitsFor<'_>) -> (String, String, Option<Instant>) {
    match waits {
        WaitsFor::Takeover { by, since } => {
            (format!("{}: take over the lead", app.name_of(*by)), String::new(), Some(*since))
        }
        WaitsFor::ReporterSignature { since } => {
            ("The person who reported: signature on the form".to_owned(), "/form#sign".to_owned(), Some(*since))
        }
        WaitsFor::Personnel { since } if pack.forms.is_empty() => {
            ("Human resources: its review".to_owned(), "#sheets".to_owned(), Some(*since))
        }
        WaitsFor::Personnel { since } => {
            ("Human resources: its part of the form".to_owned(), "/form".to_owned(), Some(*since))
        }
        WaitsFor::Decision { asked } => {
            let place = format!("/decisions/{}", asked.id);
            (format!("{}: {}", deciders(incident, asked, pack), asked.asks), place, None)
        }
    }
}

/// Questions that wait for the voice of whoever looks, one line each.
pub fn on_this_person(app: &App, staff: &Staff, at_hand: &AtHand) -> Result<Vec<Row>, Trouble> {
    let viewer = &staff.who.viewer;
    let mut rows = Vec::new();
    for (line, incident) in &at_hand.votes {
        let pack = app.pack_of_incident(incident)?;
        let held: Vec<_> = viewer.roles().into_iter().filter(|role| viewer.holds_for(*role, line.unit)).collect();
        for (decision, role) in concurrence_wanted(incident, pack, &held) {
            let voted = tally(incident, decision).votes.iter().any(|(id, vote)| **id == role.id && vote.is_some());
            rows.push(Row {
                href: format!("/incidents/{}/decisions/{}", line.reference, decision.id),
                what: decision.asks.clone(),
                reference: line.reference.clone(),
                about: format!("{} · as {}", line.summary.title, role.title.en),
                since: if voted { "not agreed yet".to_owned() } else { "your voice is missing".to_owned() },
            });
        }
    }
    Ok(rows)
}

/// “Chief security officer or Counsel”: those who have not agreed yet.
fn deciders(incident: &Incident, decision: &Decision, pack: &Pack) -> String {
    let open = waits_for_votes(incident, decision);
    let titles: Vec<&str> =
        open.into_iter().filter_map(|id| pack.role(id)).map(|role| role.title.en.as_str()).collect();
    let joint = match decision.concurrence {
        Concurrence::Any => " or ",
        Concurrence::All | Concurrence::AllHighestHolds => " and ",
    };
    titles.join(joint)
}

fn lasting(since: Instant, now: Instant) -> String {
    format!("for {}", times::span(now.seconds_since(since)))
}
