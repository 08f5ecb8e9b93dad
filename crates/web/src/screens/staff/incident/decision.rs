//! One question of the policy on one page, readable in two minutes: what is asked, what is known, who has voted.

use app::App;
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::actor::Section;
use domain::incident::{
    Entry, EntryKind, Incident, Recorded, Standing, Statement, Vote, is_put, tally, waits_for_votes,
};
use domain::pack::{ChoiceId, Concurrence, Decision, DecisionId, Pack, RoleId};
use domain::permission::{Action, Allowed};
use serde::Deserialize;

use super::Case;
use super::view::known::{facts, people};
use crate::{
    screens::{
        frame::{Choice, Problem},
        staff::{
            desk::{Desk, Flash, Staff, desks, go, page as shown},
            home::{actor, unit_name},
            sorry::{Answer, refusal},
        },
    },
    times::{self, Stamp},
    typed::{Typed, problem},
};

/// Findings of the timeline on the page.
const FINDINGS: usize = 5;

/// `/incidents/{reference}/decisions/{decision}`
#[derive(Debug, Template)]
#[template(path = "staff/decision.html")]
pub struct DecisionPage {
    /// The desk.
    pub desk: Desk,
    /// The incident's reference.
    pub reference: String,
    /// The incident's page.
    pub address: String,
    /// This page.
    pub here: String,
    /// The question.
    pub asks: String,
    /// How it stands: class of the mark and words.
    pub stands: (&'static str, String),
    /// “Not agreed yet: Information Systems (has not voted).”, or empty.
    pub not_agreed: String,
    /// How voices combine, in a sentence.
    pub how: String,
    /// What is known: label and words.
    pub known: Vec<(String, String)>,
    /// What was found out lately.
    pub findings: Vec<(Stamp, String)>,
    /// Whether it is put about a written statement.
    pub on_statement: bool,
    /// That statement: version, words, by whom, when.
    pub statement: Option<(usize, String, String, Stamp)>,
    /// The id of the statement, which a vote agrees to.
    pub statement_id: String,
    /// Whether this person may write it.
    pub writes: bool,
    /// Each office with its voice.
    pub voices: Vec<Voice>,
    /// Votes that were changed since, newest first.
    pub earlier: Vec<(String, Stamp)>,
    /// What was put on record without a vote.
    pub recorded: Vec<(String, Stamp)>,
    /// The offices in which this person votes.
    pub roles: Vec<Choice>,
    /// The answers.
    pub options: Vec<Choice>,
    /// Whether this person can vote now.
    pub votes: bool,
    /// Why not, when the question is theirs.
    pub not_now: String,
    /// Clauses: cite and words.
    pub clauses: Vec<(String, String)>,
    /// How they are read.
    pub readings: Vec<String>,
    /// What was typed.
    pub typed: Typed,
}

desks!(DecisionPage);

/// An office and its voice.
#[derive(Debug, Clone)]
pub struct Voice {
    /// The office.
    pub office: String,
    /// It may end a disagreement, and does not vote otherwise.
    pub settles: bool,
    /// What it voted for, or empty.
    pub option: String,
    /// By whom.
    pub by: String,
    /// When.
    pub at: Option<Stamp>,
    /// Why.
    pub reason: String,
    /// Class of its mark, and words.
    pub mark: (&'static str, &'static str),
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
    Path((reference, decision)): Path<(String, String)>,
    Query(done): Query<Done>,
    staff: Staff,
) -> Answer {
    let case = Case::find(&app, &staff, &reference).await?;
    app.note_look(&case.may).await?;
    let mut page = view(&app, &staff, &case, &decision, Typed::default())?;
    page.desk.flash = match done.done.as_str() {
        "voted" => Flash::says("Your vote is on record. You can change it until this is decided, and afterwards too."),
        "statement" => Flash::says("The statement is on record. Votes on an earlier version no longer count."),
        _ => None,
    };
    Ok(shown(&page))
}

fn view(app: &App, staff: &Staff, case: &Case, id: &str, typed: Typed) -> Result<DecisionPage, app::Trouble> {
    let incident = &case.incident;
    let pack = app.pack_of_incident(incident)?;
    let decision = pack.decisions.iter().find(|d| d.id.as_str() == id).ok_or(app::Trouble::NotFound)?;
    let tally = tally(incident, decision);
    let (now, zone) = (staff.now(), staff.zone(app));
    let reference = case.row.reference.clone();
    let address = format!("/incidents/{reference}");
    let title = |role: &RoleId| pack.role(role).map_or_else(|| role.to_string(), |r| r.title.en.clone());
    let label = |option: &ChoiceId| {
        decision.options.iter().find(|o| o.id == *option).map_or_else(|| option.to_string(), |o| o.label.en.clone())
    };
    let voice = |role: &RoleId, vote: Option<&Recorded<Vote>>, settles: bool| Voice {
        office: title(role),
        settles,
        option: vote.map(|v| label(&v.what.option)).unwrap_or_default(),
        by: vote.map(|v| actor(app, v.by)).unwrap_or_default(),
        at: vote.map(|v| times::short(v.at, now, &zone)),
        reason: vote.and_then(|v| v.what.reason.as_ref()).map(ToString::to_string).unwrap_or_default(),
        mark: match vote {
            None if settles => ("waived", "Can end a disagreement"),
            None => ("running", "Has not voted"),
            Some(_) if !settles && tally.not_agreed.contains(&role) => ("soon", "Has not agreed"),
            Some(_) => ("met", "Voted"),
        },
    };
    let deciders = tally.votes.iter().map(|(role, vote)| voice(role, *vote, false));
    let settling = decision.settles.iter().map(|role| voice(role, tally.settling, true));
    let voices: Vec<Voice> = deciders.chain(settling).collect();
    let counting = |vote: &Recorded<Vote>| {
        tally.votes.iter().any(|(_, v)| v.is_some_and(|v| v.what.id == vote.what.id))
            || tally.settling.is_some_and(|v| v.what.id == vote.what.id)
    };
    let mine = incident.votes.iter().filter(|v| v.what.decision == decision.id);
    let earlier = mine.rev().filter(|v| !counting(v)).map(|v| {
        (
            format!("{}: {} ({})", title(&v.what.role), label(&v.what.option), actor(app, v.by)),
            times::short(v.at, now, &zone),
        )
    });
    let recorded = incident.decisions.iter().filter(|d| d.what.asked.as_ref() == Some(&decision.id)).map(|d| {
        (
            format!("{} – {} ({})", d.what.outcome, d.what.reason.gist(200), actor(app, d.by)),
            times::short(d.at, now, &zone),
        )
    });
    let may_decide = case.allow(staff, Action::Decide, Section::Officer).is_ok();
    let viewer = &staff.who.viewer;
    let held = decision
        .deciders
        .iter()
        .chain(&decision.settles)
        .filter(|role| pack.role(role).is_some_and(|role| viewer.holds_for(role.capacity, case.row.unit)));
    let roles: Vec<Choice> =
        if may_decide { held.map(|role| Choice::new(role.as_str(), title(role))).collect() } else { Vec::new() };
    let open = incident.standing == Standing::Open;
    let put = is_put(incident, decision);
    let not_now = match (roles.is_empty(), open, put) {
        (true, ..) => "",
        (_, false, _) => "The incident is not open.",
        (_, _, false) => "The policy does not put this question yet.",
        _ if decision.on_statement && tally.statement.is_none() => {
            "There is no statement to agree to yet. Write it first."
        }
        _ => "",
    };
    let written: Vec<&Recorded<Statement>> =
        incident.statements.iter().filter(|s| s.what.decision == decision.id).collect();
    let desk = staff.desk(app, format!("{reference}: {}", decision.asks)).under("/incidents", "Incidents");
    Ok(DecisionPage {
        desk: desk.under(&address, &reference),
        here: format!("{address}/decisions/{}", decision.id),
        asks: decision.asks.clone(),
        stands: stands(&tally, put),
        not_agreed: if tally.outcome.is_none() && put {
            domain::incident::not_agreed_in_words(&tally, decision, pack)
        } else {
            String::new()
        },
        how: how(decision, pack),
        known: known(app, staff, case, pack),
        findings: findings(incident).map(|e| (times::when(&e.happened, now, &zone), e.words.gist(300))).collect(),
        on_statement: decision.on_statement,
        statement: tally
            .statement
            .map(|s| (written.len(), s.what.words.to_string(), actor(app, s.by), times::short(s.at, now, &zone))),
        statement_id: tally.statement.map(|s| s.what.id.to_string()).unwrap_or_default(),
        writes: decision.on_statement && open && (case.works(staff) || !roles.is_empty()),
        voices,
        earlier: earlier.collect(),
        recorded: recorded.collect(),
        votes: !roles.is_empty() && not_now.is_empty(),
        not_now: not_now.to_owned(),
        options: decision.options.iter().map(|o| Choice::new(o.id.as_str(), o.label.en.clone())).collect(),
        clauses: decision
            .clauses
            .iter()
            .filter_map(|id| pack.clause(id))
            .map(|c| (c.cite.clone(), c.says.clone()))
            .collect(),
        readings: decision.notes.iter().filter_map(|id| pack.interpretation(id)).map(|n| n.reading.clone()).collect(),
        roles,
        typed,
        reference,
        address,
    })
}

fn stands(tally: &domain::incident::Tally<'_>, put: bool) -> (&'static str, String) {
    match (&tally.outcome, tally.provisional) {
        (Some(outcome), _) if outcome.settled => ("met", format!("Settled: {}", outcome.words)),
        (Some(outcome), _) => ("met", format!("Decided: {}", outcome.words)),
        (None, Some(option)) => ("soon", format!("Provisionally {}", option.label.en)),
        (None, None) if put => ("running", "Not decided".to_owned()),
        (None, None) => ("waived", "Not put yet".to_owned()),
    }
}

/// How voices combine.
fn how(decision: &Decision, pack: &Pack) -> String {
    let title = |role: &RoleId| pack.role(role).map_or_else(|| role.to_string(), |r| r.title.en.clone());
    let settles = decision.settles.as_ref().map(|role| format!(" {} may end a disagreement, on record.", title(role)));
    let how = match decision.concurrence {
        Concurrence::Any => "One of the offices named decides.",
        Concurrence::All => "Every office named has to agree.",
        Concurrence::AllHighestHolds => {
            "Every office named has to agree. Until then the highest answer voted for holds."
        }
    };
    format!("{how}{}", settles.unwrap_or_default())
}

fn known(app: &App, staff: &Staff, case: &Case, pack: &Pack) -> Vec<(String, String)> {
    let incident = &case.incident;
    let Some(opening) = &incident.opening else { return Vec::new() };
    let (now, zone) = (staff.now(), staff.zone(app));
    let kinds = opening.categories.iter().filter_map(|id| pack.category(id)).map(|c| c.label.en.clone());
    let systems = incident.systems.iter().map(|s| s.description.to_string());
    let mut known = vec![
        ("What".to_owned(), opening.title.to_string()),
        ("Kind".to_owned(), kinds.collect::<Vec<_>>().join(", ")),
        ("Unit".to_owned(), unit_name(app, opening.unit)),
        ("Happened".to_owned(), times::when(&opening.occurred, now, &zone).words),
        ("Discovered".to_owned(), times::stamp(opening.discovered_at, now, &zone).words),
        ("People affected".to_owned(), people(incident)),
        ("Systems".to_owned(), systems.collect::<Vec<_>>().join(", ")),
    ];
    let answered = facts(incident, pack, &app.laws_of_incident(incident)).into_iter().filter(|f| !f.value.is_empty());
    known.extend(answered.map(|fact| (fact.asks, fact.answer)));
    known.retain(|(_, words)| !words.is_empty());
    known
}

/// What was found out, newest first; corrected entries are left out.
fn findings(incident: &Incident) -> impl Iterator<Item = &Entry> {
    let entries = incident.timeline.iter().rev().map(|e| &e.what);
    entries.filter(|e| e.kind == EntryKind::Finding && !incident.corrected(e.id)).take(FINDINGS)
}

async fn again(
    app: &App,
    staff: &Staff,
    (reference, decision): (&str, &str),
    typed: Typed,
    problems: Vec<Problem>,
) -> Answer {
    let case = Case::find(app, staff, reference).await?;
    let mut page = view(app, staff, &case, decision, typed)?;
    page.desk = page.desk.clone().mend(problems);
    Ok(shown(&page))
}

/// Votes. Sends `role`, `option`, `reason`, `statement`.
pub async fn vote(
    State(app): State<App>,
    Path((reference, decision)): Path<(String, String)>,
    staff: Staff,
    typed: Typed,
) -> Answer {
    let viewer = &staff.who.viewer;
    let (may, row) = app.allow_on_incident(viewer, &reference, Action::Decide, Section::Officer).await?;
    let read = || -> Result<Vote, Problem> {
        let role =
            RoleId::parse(typed.get("role")).map_err(|_| problem("role", "Choose the office in which you vote."))?;
        let option = ChoiceId::parse(typed.get("option")).map_err(|_| problem("option", "Choose an answer."))?;
        let reason = typed.needed_prose("reason", "Write why: a vote stands on its reasons.")?;
        let id = DecisionId::parse(&decision).map_err(|_| problem("option", "The policy puts no such question."))?;
        Ok(Vote {
            id: app.draw(),
            decision: id,
            role,
            option,
            reason: Some(reason),
            statement: typed.get("statement").parse().ok(),
        })
    };
    let vote = match read() {
        Ok(vote) => vote,
        Err(wrong) => return again(&app, &staff, (&reference, &decision), typed, vec![wrong]).await,
    };
    match app.vote(viewer, &may, &row, &vote).await {
        Ok(_) => Ok(go(&format!("/incidents/{}/decisions/{decision}?done=voted", row.reference))),
        Err(trouble) => {
            let words = refusal(trouble)?;
            again(&app, &staff, (&reference, &decision), typed, vec![problem("option", &words)]).await
        }
    }
}

/// Writes the statement that is voted on. Sends `words`.
pub async fn statement(
    State(app): State<App>,
    Path((reference, decision)): Path<(String, String)>,
    staff: Staff,
    typed: Typed,
) -> Answer {
    let case = Case::find(&app, &staff, &reference).await?;
    let id = DecisionId::parse(&decision).map_err(|_| app::Trouble::NotFound)?;
    let may = writer(&app, &staff, &case, &id)?;
    let words = match typed.needed_prose("words", "Write what the offices are asked to agree to.") {
        Ok(words) => words,
        Err(wrong) => return again(&app, &staff, (&reference, &decision), typed, vec![wrong]).await,
    };
    let text = Statement { id: app.draw(), decision: id, words };
    match app.write_statement(&may, &case.row, &text).await {
        Ok(_) => Ok(go(&format!("/incidents/{}/decisions/{decision}?done=statement", case.row.reference))),
        Err(trouble) => {
            let words = refusal(trouble)?;
            again(&app, &staff, (&reference, &decision), typed, vec![problem("words", &words)]).await
        }
    }
}

/// Whoever works the incident, or votes on the question.
fn writer(app: &App, staff: &Staff, case: &Case, id: &DecisionId) -> Result<Allowed, app::Trouble> {
    if let Ok(may) = case.allow(staff, Action::Work, Section::Officer) {
        return Ok(may);
    }
    let may = case.allow(staff, Action::Decide, Section::Officer)?;
    let pack = app.pack_of_incident(&case.incident)?;
    let decision = pack.decisions.iter().find(|d| d.id == *id).ok_or(app::Trouble::NotFound)?;
    let mut roles = decision.deciders.iter().chain(&decision.settles).filter_map(|role| pack.role(role));
    let decides = roles.any(|role| staff.who.viewer.holds_for(role.capacity, case.row.unit));
    if decides { Ok(may) } else { Err(app::Trouble::NotFound) }
}

/// A question as a line on the incident's page.
#[derive(Debug, Clone)]
pub struct QuestionRow {
    /// Its page.
    pub href: String,
    /// The question.
    pub asks: String,
    /// How it stands: class of the mark and words.
    pub stands: (&'static str, String),
    /// Who has not agreed.
    pub not_agreed: String,
}

/// The questions that the policy puts to an incident now, or that somebody has voted on.
pub fn rows(incident: &Incident, pack: &Pack, address: &str) -> Vec<QuestionRow> {
    let row = |decision: &Decision| {
        let tally = tally(incident, decision);
        let put = is_put(incident, decision);
        let waits = !waits_for_votes(incident, decision).is_empty();
        QuestionRow {
            href: format!("{address}/decisions/{}", decision.id),
            asks: decision.asks.clone(),
            stands: stands(&tally, put),
            not_agreed: if waits {
                domain::incident::not_agreed_in_words(&tally, decision, pack)
            } else {
                String::new()
            },
        }
    };
    let voted = |d: &Decision| incident.votes.iter().any(|v| v.what.decision == d.id);
    pack.decisions.iter().filter(|d| is_put(incident, d) || voted(d)).map(row).collect()
}
