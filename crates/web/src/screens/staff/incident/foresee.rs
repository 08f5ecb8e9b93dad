//! The step before a change of facts is written: a page that shows which duties would start, move, or end to count. The
//! same rules run on a copy; nothing is on record until somebody confirms. It works without script.

use app::what_if::Foreseen;
use app::{App, Trouble};
use askama::Template;
use domain::incident::{Command, DueDate, Duty, Incident};
use domain::pack::{Pack, PackId};
use domain::time::{Instant, Zone};

use super::{Place, again, allow_work};
use crate::{
    screens::staff::{
        desk::{Desk, Staff, desks, go, page as shown},
        sorry::{Answer, refusal},
    },
    times,
    typed::{Typed, problem},
};

/// What a change would do. Works without script.
#[derive(Debug, Template)]
#[template(path = "staff/foreseen.html")]
pub struct Preview {
    /// The desk.
    pub desk: Desk,
    /// Where the form goes.
    pub action: String,
    /// The way back.
    pub back: String,
    /// What is about to be recorded, in one sentence.
    pub says: String,
    /// Whether something came in between the last look and now.
    pub moved: bool,
    /// Duties that would start.
    pub starts: Vec<Line>,
    /// Duties whose date would move.
    pub moves: Vec<Line>,
    /// Duties that would not be required any more.
    pub spared: Vec<Line>,
    /// Duties that would be answered for by it.
    pub meets: Vec<Line>,
    /// Open duties that would stay as they are.
    pub stays: Vec<Line>,
    /// The fields to send again.
    pub kept: Vec<(String, String)>,
    /// The outlook as it was shown, in a few letters.
    pub mark: String,
}

desks!(Preview);

/// One duty in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// What is to be done.
    pub title: String,
    /// The policy or law, and who owes it.
    pub of: String,
    /// When it is due; of a duty that moves, when it is now.
    pub due: String,
    /// When it would be due, of a duty that moves.
    pub to: String,
    /// Why: the sum, or the numbers that spare it.
    pub why: Vec<String>,
    /// It stays open on the incident all the same.
    pub stands: bool,
}

/// A change that is foreseen before it is made.
#[derive(Debug, Clone)]
pub struct Change<'a> {
    /// Where the form goes, below the incident.
    pub path: String,
    /// Where on the page it belongs.
    pub place: Place<'a>,
    /// What is about to be recorded.
    pub says: String,
    /// Shown also when nothing would come of it: what starts clocks is never changed in passing.
    pub always: bool,
    /// The version that the person had in front of them, where the change would overwrite another's.
    pub seen: Option<u32>,
}

/// Makes the change, after showing what it would do unless exactly that was seen already.
pub async fn foresee(
    app: &App,
    staff: &Staff,
    reference: &str,
    change: Change<'_>,
    typed: Typed,
    plan: impl Fn(&Incident, &Pack, &[&Pack]) -> Result<Vec<Command>, Trouble> + Send + Sync,
) -> Answer {
    let (may, row) = allow_work(app, staff, reference).await?;
    let place = change.place;
    let (confirmed, expected) = (!typed.get("confirmed").is_empty(), typed.get("expected").to_owned());
    if !confirmed || !expected.is_empty() {
        match app.what_if(&may, &row, &plan).await {
            Ok(told) if change.seen.is_some_and(|seen| seen != told.incident.version) => {
                let words = refusal(Trouble::Moved)?;
                return again(app, staff, reference, place.form, typed, vec![problem(place.field, &words)]).await;
            }
            Ok(told) => {
                let moved = confirmed && told.mark != expected;
                if moved || (!confirmed && (change.always || !told.outlook.is_nothing())) {
                    let address = format!("/incidents/{}", row.reference);
                    return Ok(shown(&preview(app, staff, &address, &row.reference, &change, &typed, told, moved)?));
                }
            }
            Err(trouble) => {
                let words = refusal(trouble)?;
                return again(app, staff, reference, place.form, typed, vec![problem(place.field, &words)]).await;
            }
        }
    }
    match app.act_together(&may, &row, change.seen, plan).await {
        Ok(_) => Ok(go(&format!("/incidents/{}?done={}#{}", row.reference, place.done, place.section))),
        Err(trouble) => {
            let words = refusal(trouble)?;
            again(app, staff, reference, place.form, typed, vec![problem(place.field, &words)]).await
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "each is one part of the page")]
fn preview(
    app: &App,
    staff: &Staff,
    address: &str,
    reference: &str,
    change: &Change<'_>,
    typed: &Typed,
    told: Foreseen,
    moved: bool,
) -> Result<Preview, Trouble> {
    let (now, zone) = (staff.now(), staff.zone(app));
    let governing = app.pack_of_incident(&told.incident)?;
    let laws = app.laws_of_incident(&told.incident);
    let title = |id: &PackId| {
        let pack = laws.iter().copied().chain([governing]).find(|pack| pack.id == *id);
        pack.map_or_else(|| id.to_string(), |pack| pack.title.clone())
    };
    let of = |duty: &Duty| format!("{}, owed by {}", title(duty.pack.as_ref().unwrap_or(&governing.id)), duty.owed_by);
    let line = |duty: &Duty| Line {
        title: duty.title.to_string(),
        of: of(duty),
        due: due(&duty.due, now, &zone),
        why: vec![duty.due.arithmetic.to_string()],
        ..Line::default()
    };
    let outlook = &told.outlook;
    let kept = typed.fields().iter().filter(|(name, _)| !["confirmed", "expected"].contains(&name.as_str()));
    Ok(Preview {
        desk: staff.desk(app, "What this would change").under(address, reference),
        action: format!("{address}/{}", change.path),
        back: format!("{address}#{}", change.place.section),
        says: change.says.clone(),
        moved,
        starts: outlook.opens.iter().map(line).collect(),
        moves: outlook
            .moves
            .iter()
            .map(|moved| Line {
                to: due(&moved.to, now, &zone),
                why: vec![moved.to.arithmetic.to_string()],
                ..line(&moved.duty)
            })
            .collect(),
        spared: outlook
            .spared
            .iter()
            .map(|spared| Line {
                title: spared.title.clone(),
                of: title(&spared.pack),
                why: spared.because.clone(),
                stands: spared.stands,
                ..Line::default()
            })
            .collect(),
        meets: outlook.meets.iter().map(line).collect(),
        stays: outlook.stays.iter().map(line).collect(),
        kept: kept.cloned().collect(),
        mark: told.mark,
    })
}

/// A date in words: “by Thu, Nov 12, 2026”, “due now”, “no date yet”.
pub fn due(due: &DueDate, now: Instant, zone: &Zone) -> String {
    match (due.day, due.by, due.since) {
        (Some(day), ..) => format!("by {}", times::day(day)),
        (None, Some(by), _) if by <= now => format!("at once, since {}", times::short(by, now, zone).words),
        (None, Some(by), _) => format!("by {}", times::short(by, now, zone).words),
        (None, None, Some(_)) => "no fixed date".to_owned(),
        (None, None, None) => "no date yet".to_owned(),
    }
}
