//! One record: until when it is kept and why, its legal matters and holds, and its disposal by two people.

use app::{App, Trouble};
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::actor::Section;
use domain::ids::EntryId;
use domain::incident::{Command, LegalHold, LegalMatter, in_the_way};
use domain::pack::RetainUntil;
use domain::permission::Action;
use serde::Deserialize;

use crate::{
    screens::{
        frame::Problem,
        staff::{
            desk::{Desk, Flash, Staff, desks, go, page as shown},
            home::{actor, unit_name},
            incident::Case,
            sorry::{Answer, refusal, sentence},
        },
    },
    times::{self, Stamp},
    typed::{Typed, problem},
};

/// `/records/{reference}`
#[derive(Debug, Template)]
#[template(path = "staff/record.html")]
pub struct RecordPage {
    /// The desk.
    pub desk: Desk,
    /// The incident's reference.
    pub reference: String,
    /// The incident's page.
    pub incident: String,
    /// This page.
    pub here: String,
    /// What it is called.
    pub title: String,
    /// Its unit.
    pub unit: String,
    /// The last day, or that there is none.
    pub until: String,
    /// Why.
    pub why: String,
    /// Clauses: cite and words.
    pub clauses: Vec<(String, String)>,
    /// What forbids its disposal today, in sentences.
    pub in_the_way: Vec<String>,
    /// Legal matters.
    pub matters: Vec<MatterRow>,
    /// Legal holds: why, by whom, when, and how it was lifted.
    pub holds: Vec<(String, String, Stamp, String)>,
    /// The proposal: why, by whom, when.
    pub proposal: Option<(String, String, Stamp)>,
    /// Whether this person opens matters.
    pub opens: bool,
    /// Whether this person settles matters and places holds.
    pub holds_up: bool,
    /// Whether this person may propose.
    pub proposes: bool,
    /// Whether this person may review the proposal.
    pub reviews: bool,
    /// Whether the proposal is their own.
    pub own: bool,
    /// What was typed.
    pub typed: Typed,
}

desks!(RecordPage);

/// A legal matter.
#[derive(Debug, Clone)]
pub struct MatterRow {
    /// Its id.
    pub id: String,
    /// What it is about.
    pub question: String,
    /// Who looks after it.
    pub owner: String,
    /// By whom it was entered.
    pub by: String,
    /// When.
    pub at: Stamp,
    /// Whether it is open.
    pub open: bool,
    /// How it ended, or empty.
    pub end: String,
    /// The fields of its own form.
    pub field_on: String,
    /// The same for words.
    pub field_how: String,
}

/// The query after a change.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// The page. Five statements of the store: session, row, exclusion, stream, and the look that is written down.
pub async fn page(
    State(app): State<App>,
    Path(reference): Path<String>,
    Query(done): Query<Done>,
    staff: Staff,
) -> Answer {
    let case = Case::find(&app, &staff, &reference).await?;
    if case.incident.opening.is_none() {
        return Ok(go(&format!("/records/{}/certificate", case.row.reference)));
    }
    app.note_look(&case.may).await?;
    let mut page = view(&app, &staff, &case, Typed::default())?;
    page.desk.flash = match done.done.as_str() {
        "matter" => Flash::says("The matter is on record. Nothing of this incident is disposed of while it is open."),
        "settled" => Flash::says("Settled, and on record."),
        "held" => Flash::says("Held. Only an administrator lifts it, with a written reason."),
        "proposed" => Flash::says("Proposed. A second person has to review it."),
        "declined" => Flash::says("Turned down. The record stays."),
        _ => None,
    };
    Ok(shown(&page))
}

fn view(app: &App, staff: &Staff, case: &Case, typed: Typed) -> Result<RecordPage, Trouble> {
    let incident = &case.incident;
    let pack = app.pack_of_incident(incident)?;
    let (now, zone) = (staff.now(), staff.zone(app));
    let rules = app.keep_rules_of(incident)?;
    let kept = domain::incident::kept(incident, &rules, &pack.zone);
    let found = in_the_way(incident, &rules, &pack.zone, now.day_in(&pack.zone));
    let packs = std::iter::once(pack).chain(app.laws_of_incident(incident));
    let packs: Vec<_> = packs.collect();
    let clauses = kept.rule.iter().flat_map(|(rule, _)| &rule.clauses);
    let clauses = clauses.filter_map(|id| packs.iter().find_map(|pack| pack.clause(id)));
    let said = |note: &domain::incident::Recorded<domain::text::Note>, verb: &str| {
        let at = times::short(note.at, now, &zone).words;
        format!("{verb} {at} by {}: {}", actor(app, note.by), note.what.gist(300))
    };
    let matters = incident.keeping.matters.iter().map(|m| MatterRow {
        id: m.matter.what.id.to_string(),
        question: m.matter.what.question.to_string(),
        owner: m.matter.what.owner.to_string(),
        by: actor(app, m.matter.by),
        at: times::short(m.matter.at, now, &zone),
        open: m.settled.is_none() && m.released.is_none(),
        end: match (&m.settled, &m.released) {
            (Some((on, how)), _) => format!("Settled on {}, {}", times::day(*on), said(how, "recorded")),
            (None, Some(why)) => said(why, "Holds the record no longer, since"),
            (None, None) => String::new(),
        },
        field_on: format!("on-{}", m.matter.what.id),
        field_how: format!("how-{}", m.matter.what.id),
    });
    let holds = incident.keeping.holds.iter().map(|h| {
        let lifted = h.lifted.as_ref().map(|why| said(why, "Lifted")).unwrap_or_default();
        (h.hold.what.reason.to_string(), actor(app, h.hold.by), times::short(h.hold.at, now, &zone), lifted)
    });
    let allowed = |action| case.allow(staff, action, Section::Officer).is_ok();
    let proposal = incident.keeping.proposal.as_ref();
    let reference = case.row.reference.clone();
    let here = format!("/records/{reference}");
    let incident_page = format!("/incidents/{reference}");
    let mut desk = staff.desk(app, format!("Keeping {reference}"));
    if allowed(Action::ReviewDisposal) {
        desk = desk.under("/records", "Records");
    }
    Ok(RecordPage {
        desk: desk.under(&incident_page, &reference),
        title: case.incident.opening.as_ref().map(|o| o.title.to_string()).unwrap_or_default(),
        unit: unit_name(app, case.row.unit),
        until: match kept.until {
            RetainUntil::Day(day) => format!("Kept until {}", times::day(day)),
            RetainUntil::NoDate => "Kept without an end".to_owned(),
        },
        why: kept.says.clone(),
        clauses: clauses.map(|c| (c.cite.clone(), c.says.clone())).collect(),
        proposes: allowed(Action::ProposeDisposal) && found.is_empty() && proposal.is_none(),
        in_the_way: found.iter().map(|words| sentence(words)).collect(),
        matters: matters.collect(),
        holds: holds.collect(),
        proposal: proposal.map(|p| (p.what.reason.to_string(), actor(app, p.by), times::short(p.at, now, &zone))),
        opens: allowed(Action::Hold) || allowed(Action::Work),
        holds_up: allowed(Action::Hold),
        reviews: allowed(Action::ReviewDisposal) && proposal.is_some(),
        own: proposal.is_some_and(|p| p.by == domain::actor::Actor::Account(staff.who.viewer.account)),
        incident: incident_page,
        reference,
        here,
        typed,
    })
}

async fn again(app: &App, staff: &Staff, reference: &str, typed: Typed, wrong: Problem) -> Answer {
    let case = Case::find(app, staff, reference).await?;
    let mut page = view(app, staff, &case, typed)?;
    page.desk = page.desk.clone().mend(vec![wrong]);
    Ok(shown(&page))
}

/// Carries out a command under a right; a refusal shows the page again at `field`.
async fn act(
    app: &App,
    staff: &Staff,
    reference: &str,
    (action, field, done): (Action, &str, &str),
    typed: Typed,
    command: impl Fn() -> Command + Send + Sync,
) -> Answer {
    let (may, row) = app.allow_on_incident(&staff.who.viewer, reference, action, Section::Officer).await?;
    match app.act(&may, &row, None, |_, _| Ok(command())).await {
        Ok(_) => Ok(go(&format!("/records/{}?done={done}", row.reference))),
        Err(trouble) => {
            let words = refusal(trouble)?;
            again(app, staff, reference, typed, problem(field, &words)).await
        }
    }
}

/// A legal matter arose. Sends `question`, `owner`.
pub async fn open_matter(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let case = Case::find(&app, &staff, &reference).await?;
    // Whoever works the incident may enter a matter; to settle one takes counsel or a records officer.
    let action = if case.works(&staff) { Action::Work } else { Action::Hold };
    let read = || -> Result<LegalMatter, Problem> {
        Ok(LegalMatter {
            id: app.draw(),
            question: typed.needed_line("question", "Write what the matter is about.")?,
            owner: typed.needed_line("owner", "Write who looks after it.")?,
        })
    };
    match read() {
        Ok(matter) => {
            let command = move || Command::OpenMatter(Box::new(matter.clone()));
            act(&app, &staff, &reference, (action, "question", "matter"), typed, command).await
        }
        Err(wrong) => again(&app, &staff, &reference, typed, wrong).await,
    }
}

/// A matter was settled. Sends `on-{id}`, `how-{id}`.
pub async fn settle_matter(
    State(app): State<App>,
    Path((reference, matter)): Path<(String, String)>,
    staff: Staff,
    typed: Typed,
) -> Answer {
    let id: EntryId = matter.parse().map_err(|_| Trouble::NotFound)?;
    app.allow_on_incident(&staff.who.viewer, &reference, Action::Hold, Section::Officer).await?;
    let (field_on, field_how) = (format!("on-{id}"), format!("how-{id}"));
    let zone = staff.zone(&app);
    let read = || -> Result<_, Problem> {
        let on = match typed.get(&field_on) {
            "" => staff.now().day_in(&zone),
            text => times::read_day(text, staff.now(), &zone).map_err(|e| problem(&field_on, &e.to_string()))?,
        };
        Ok((on, typed.needed_prose(&field_how, "Write how it was settled.")?))
    };
    match read() {
        Ok((on, how)) => {
            let how: domain::text::Note = how;
            let command = move || Command::SettleMatter(id, on, how.clone());
            act(&app, &staff, &reference, (Action::Hold, &field_on, "settled"), typed, command).await
        }
        Err(wrong) => again(&app, &staff, &reference, typed, wrong).await,
    }
}

/// Everything is to be kept. Sends `hold-reason`.
pub async fn place_hold(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let id: EntryId = app.draw();
    app.allow_on_incident(&staff.who.viewer, &reference, Action::Hold, Section::Officer).await?;
    match typed.needed_prose("hold-reason", "Write why everything has to be kept.") {
        Ok(reason) => {
            let hold = LegalHold { id, reason };
            let command = move || Command::PlaceLegalHold(Box::new(hold.clone()));
            act(&app, &staff, &reference, (Action::Hold, "hold-reason", "held"), typed, command).await
        }
        Err(wrong) => again(&app, &staff, &reference, typed, wrong).await,
    }
}

/// Proposes to dispose of it. Sends `propose-reason`.
pub async fn propose(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let viewer = &staff.who.viewer;
    let (may, row) = app.allow_on_incident(viewer, &reference, Action::ProposeDisposal, Section::Officer).await?;
    let reason = match typed.needed_prose("propose-reason", "Write why the record should go now.") {
        Ok(reason) => reason,
        Err(wrong) => return again(&app, &staff, &reference, typed, wrong).await,
    };
    match app.propose_disposal(&may, &row, reason).await {
        Ok(_) => Ok(go(&format!("/records/{}?done=proposed", row.reference))),
        Err(trouble) => {
            let words = refusal(trouble)?;
            again(&app, &staff, &reference, typed, problem("propose-reason", &words)).await
        }
    }
}

/// Reviews a proposal. Sends `then` (`dispose` or `decline`) and `review-note`.
pub async fn review(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let viewer = &staff.who.viewer;
    let (may, row) = app.allow_on_incident(viewer, &reference, Action::ReviewDisposal, Section::Officer).await?;
    let declines = typed.get("then") != "dispose";
    let note = if declines {
        typed.needed_prose("review-note", "Write why the record stays.").map(Some)
    } else {
        typed.prose("review-note")
    };
    let note = match note {
        Ok(note) => note,
        Err(wrong) => return again(&app, &staff, &reference, typed, wrong).await,
    };
    let done = match (declines, note) {
        (true, Some(reason)) => app.decline_disposal(&may, &row, reason).await.map(|_| "?done=declined"),
        (_, note) => app.dispose(&may, &row, note).await.map(|()| "/certificate"),
    };
    match done {
        Ok(then) => Ok(go(&format!("/records/{}{then}", row.reference))),
        Err(trouble) => {
            let words = refusal(trouble)?;
            again(&app, &staff, &reference, typed, problem("review-note", &words)).await
        }
    }
}
