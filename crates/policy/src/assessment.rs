//! What the packs make of a facts file, as finished words and dates: every duty with clause, start, sum, zone and
//! edition, and every rule that asks for nothing, with the reason.

use crate::facts::Asked;
use domain::{
    obligation::{Answered, Assessed, Due, DuePoint, Facts, HoldEnd, HoldForm, Outcome, Owed, Reckoning, Timeliness},
    pack::{Moment, ObligationRule, Pack, PackKind, RuleStatus, Start, Status, Verified},
    time::{Instant, Zone},
};
use jiff::civil::Date;
use serde::Serialize;

/// Everything that `tocsin policy assess` says.
#[derive(Debug, Serialize)]
pub struct Assessment {
    /// Version of this shape; keys are added without changing it.
    pub version: u32,
    /// The zone of the unit.
    pub zone: String,
    /// The day that pins the editions.
    pub first_report: Date,
    /// The moment for which duties are called open or overdue.
    pub as_of: Option<Instant>,
    /// The packs, in the order of the file.
    pub packs: Vec<PackView>,
    /// What is owed.
    pub obligations: Vec<Obligation>,
    /// Rules whose event happened and that ask for nothing, with the numbers and answers that make it so.
    pub not_required: Vec<Reasoned>,
    /// Rules about which nobody can say yet, with what has to be known.
    pub not_known_yet: Vec<Reasoned>,
    /// Rules whose event is not recorded.
    pub not_called_up: Vec<Reasoned>,
    /// Rules that bind nobody, or not on that day.
    pub off: Vec<Reasoned>,
    /// Days on which somebody has to look: a hold ends. Nothing is sent by itself.
    pub alarms: Vec<Alarm>,
}

/// A pack as it binds.
#[derive(Debug, Serialize)]
pub struct PackView {
    /// `us/hipaa-breach`.
    pub id: String,
    /// All editions of it.
    pub series: String,
    /// Short name.
    pub title: String,
    /// A policy or a law.
    pub kind: PackKind,
    /// The edition.
    pub edition: String,
    /// First day of force, where the text states one.
    pub from: Option<Date>,
    /// Last day of force.
    pub until: Option<Date>,
    /// Its standing.
    pub status: Status,
    /// The zone in which its days are counted here.
    pub zone: String,
    /// Why this edition.
    pub chosen: String,
    /// What has to be said about its text.
    pub warning: Option<String>,
    /// `never`, or who and when.
    pub reviewed_by_counsel: String,
}

/// A clause behind a rule.
#[derive(Debug, Serialize)]
pub struct ClauseView {
    /// Its id in the pack.
    pub id: String,
    /// Where it stands in the source.
    pub cite: String,
    /// What it says, in our words.
    pub says: String,
}

/// A moment, in every form that a reader may want.
#[derive(Debug, Serialize)]
pub struct Point {
    /// The civil day in `zone`.
    pub date: Date,
    /// The instant, where it is known; for the end of a day its last microsecond.
    pub at: Option<Instant>,
    /// The same by the wall clock of `zone`, with its offset.
    pub local: Option<String>,
    /// The zone.
    pub zone: String,
}

/// A date and its sum.
#[derive(Debug, Serialize)]
pub struct DueView {
    /// `end-of-day`, `instant`, `before-step`, `with`, `after-hold`, or `no-period`.
    pub kind: &'static str,
    /// When, where there is a date.
    pub date: Option<Date>,
    /// The due instant; for the end of a day its last microsecond.
    pub at: Option<Instant>,
    /// The same by the wall clock.
    pub local: Option<String>,
    /// The zone.
    pub zone: String,
    /// Done later than this is late; absent where nothing is ever called late.
    pub late_after: Option<Instant>,
    /// The step it comes before, for `before-step`.
    pub before: Option<String>,
    /// The duty it goes with, wherever it takes that one's date or waits for it.
    pub with: Option<String>,
    /// The sum in words.
    pub arithmetic: String,
}

/// What started a clock.
#[derive(Debug, Serialize)]
pub struct StartView {
    /// The recorded moment; absent where an answer became known.
    pub event: Option<Moment>,
    /// In words.
    pub says: String,
    /// When.
    #[serde(flatten)]
    pub point: Point,
    /// Whose knowledge it was, where recorded.
    pub who: Option<String>,
    /// What shows it, where recorded.
    pub evidence: Option<String>,
}

/// How a rule was checked.
#[derive(Debug, Serialize)]
pub struct Verification {
    /// `V`, `T` or `M`.
    pub tag: Verified,
    /// What the tag means.
    pub means: &'static str,
    /// The source.
    pub source: String,
}

/// A hold that bears on a duty.
#[derive(Debug, Serialize)]
pub struct HeldView {
    /// Its place among the holds of the file, from 0.
    pub hold: usize,
    /// The last day of it; absent while it lasts until it is taken back.
    pub ends: Option<Date>,
    /// It moves the date.
    pub moves: bool,
    /// In a sentence.
    pub says: String,
}

/// How a duty was answered for.
#[derive(Debug, Serialize)]
pub struct AnsweredView {
    /// How, with its evidence, reason and authority.
    #[serde(flatten)]
    pub how: Answered,
    /// When.
    pub at: Point,
    /// Early, on time or late, and by how much.
    pub timeliness: Timeliness,
    /// The same in words.
    pub says: String,
}

/// What identifies a rule.
#[derive(Debug, Serialize)]
pub struct Rule {
    /// The pack.
    pub pack: String,
    /// The edition of it.
    pub edition: String,
    /// The rule.
    pub id: String,
    /// What is to be done.
    pub title: String,
    /// Who owes it.
    pub owed_by: String,
    /// To whom, where the rule says so in words.
    pub owed_to: Option<String>,
    /// The clauses that state it.
    pub clauses: Vec<ClauseView>,
    /// How open passages are read; house readings, not the text.
    pub interpretations: Vec<String>,
    /// Whether it binds by law or by contract.
    pub rule_status: RuleStatus,
    /// How it was checked; absent in policies, whose text is the source.
    pub verified: Option<Verification>,
    /// `never`, or who and when.
    pub reviewed_by_counsel: String,
}

/// A duty that is owed.
#[derive(Debug, Serialize)]
pub struct Obligation {
    /// The rule.
    #[serde(flatten)]
    pub rule: Rule,
    /// The event that calls it up.
    pub trigger: Moment,
    /// What started its clock; absent while it has not started.
    pub start: Option<StartView>,
    /// The limit; absent while the clock has not started.
    pub due: Option<DueView>,
    /// What is asked for sooner. The limit is a ceiling, never the target.
    pub soft: Option<DueView>,
    /// `open`, `overdue`, `met`, `not-applicable` or `waived`. Overdue needs `as_of`.
    pub state: &'static str,
    /// How it was answered for.
    pub answered: Option<AnsweredView>,
    /// Requests for silence that bear on it.
    pub holds: Vec<HeldView>,
    /// The regime under which it can be paused, if any.
    pub regime: Option<String>,
    /// What else has to be said.
    pub notes: Vec<String>,
    /// Steps it holds up while open.
    pub blocks: Vec<String>,
}

/// A rule that asks for nothing, and why.
#[derive(Debug, Serialize)]
pub struct Reasoned {
    /// The rule.
    #[serde(flatten)]
    pub rule: Rule,
    /// The reasons.
    pub because: Vec<String>,
}

/// A day on which somebody has to look.
#[derive(Debug, Serialize)]
pub struct Alarm {
    /// The day.
    pub on: Date,
    /// The hold, by its place in the file from 0.
    pub hold: usize,
    /// Why.
    pub says: String,
}

/// Assesses a facts file.
pub fn assess(asked: &Asked<'_>) -> Assessment {
    let packs: Vec<&Pack> = asked.packs.iter().map(|b| b.pack).collect();
    let mut view = Assessment {
        version: 1,
        zone: asked.zone.name().to_owned(),
        first_report: asked.first_report,
        as_of: asked.as_of,
        packs: asked.packs.iter().map(|b| pack_view(b, &asked.facts)).collect(),
        obligations: Vec::new(),
        not_required: Vec::new(),
        not_known_yet: Vec::new(),
        not_called_up: Vec::new(),
        off: Vec::new(),
        alarms: Vec::new(),
    };
    for assessed in domain::obligation::assess(&packs, &asked.facts) {
        let found =
            packs.iter().find(|p| p.id == assessed.pack).and_then(|p| Some((*p, p.obligation(&assessed.rule)?)));
        if let Some((pack, rule)) = found {
            view.take(asked, pack, rule, assessed);
        }
    }
    view.alarms.sort_by_key(|alarm| (alarm.on, alarm.hold));
    view
}

impl Assessment {
    fn take(&mut self, asked: &Asked<'_>, pack: &Pack, rule: &ObligationRule, assessed: Assessed) {
        let identity = identity(pack, rule);
        match assessed.outcome {
            Outcome::Owed(owed) => {
                self.alarm(asked, &owed);
                self.obligations.push(obligation(asked, pack, rule, identity, *owed));
            }
            Outcome::NotRequired { because } => self.not_required.push(Reasoned { rule: identity, because }),
            Outcome::NotKnownYet { needs } => {
                let because = needs.into_iter().map(|n| format!("{n}.").replace("?.", "?")).collect();
                self.not_known_yet.push(Reasoned { rule: identity, because });
            }
            Outcome::NotCalledUp { waits_for } => {
                let because = vec![format!("Not recorded: {}.", waits_for.says())];
                self.not_called_up.push(Reasoned { rule: identity, because });
            }
            Outcome::Off { because } => self.off.push(Reasoned { rule: identity, because: vec![because] }),
        }
    }

    fn alarm(&mut self, asked: &Asked<'_>, owed: &Owed) {
        for held in &owed.held {
            let HoldEnd::With(on) = held.ends else { continue };
            let Some(hold) = asked.facts.holds.get(held.hold) else { continue };
            if self.alarms.iter().any(|a| a.on == on && a.hold == held.hold) {
                continue;
            }
            let form = if hold.form == HoldForm::Oral { "oral" } else { "written" };
            let says = format!(
                "The {form} hold of {}, {}, ends with this day. Nothing is sent by itself: somebody has to decide.",
                hold.official, hold.agency
            );
            self.alarms.push(Alarm { on, hold: held.hold, says });
        }
    }
}

fn pack_view(bound: &crate::facts::Bound<'_>, facts: &Facts) -> PackView {
    let pack = bound.pack;
    PackView {
        id: pack.id.to_string(),
        series: pack.series.to_string(),
        title: pack.title.clone(),
        kind: pack.kind,
        edition: pack.edition.name.clone(),
        from: pack.edition.from,
        until: pack.edition.until,
        status: pack.edition.status,
        zone: facts.zone_of(pack).name().to_owned(),
        chosen: bound.chosen.clone(),
        warning: bound.warning.clone(),
        reviewed_by_counsel: pack.reviewed_by_counsel.clone().unwrap_or_else(|| "never".to_owned()),
    }
}

fn identity(pack: &Pack, rule: &ObligationRule) -> Rule {
    let clauses = rule.clauses.iter().filter_map(|id| pack.clause(id));
    let notes = rule.notes.iter().filter_map(|id| pack.interpretation(id));
    let counsel = rule.reviewed_by_counsel.as_ref().or(pack.reviewed_by_counsel.as_ref());
    Rule {
        pack: pack.id.to_string(),
        edition: pack.edition.name.clone(),
        id: rule.id.to_string(),
        title: rule.title.clone(),
        owed_by: pack.role(&rule.actor).map_or_else(|| rule.actor.to_string(), |r| r.title.en.clone()),
        owed_to: rule.owed_to.clone(),
        clauses: clauses
            .map(|c| ClauseView { id: c.id.to_string(), cite: c.cite.clone(), says: c.says.clone() })
            .collect(),
        interpretations: notes.map(|n| format!("{}: {} {}", n.id, n.question, n.reading)).collect(),
        rule_status: rule.status,
        verified: rule.verified.as_ref().map(|(tag, source)| Verification {
            tag: *tag,
            means: tag.says(),
            source: source.clone(),
        }),
        reviewed_by_counsel: counsel.cloned().unwrap_or_else(|| "never".to_owned()),
    }
}

fn obligation(asked: &Asked<'_>, pack: &Pack, rule: &ObligationRule, identity: Rule, owed: Owed) -> Obligation {
    let zone = asked.facts.zone_of(pack);
    let with = match &rule.outer {
        domain::pack::Term::With(other) => Some(other.to_string()),
        _ => None,
    };
    let due = owed.due.as_ref().map(|due| due_view(&due.outer, with.clone(), &zone));
    Obligation {
        rule: identity,
        trigger: rule.trigger.on,
        start: owed.start.map(|start| start_view(asked, owed.started_by, start, &zone)),
        state: state(asked, &owed),
        soft: owed.due.as_ref().and_then(|due| due.soft.as_ref()).map(|soft| due_view(soft, None, &zone)),
        due,
        answered: owed.answered.map(|(done, kept)| AnsweredView {
            how: done.answered,
            at: point(done.at, &zone),
            timeliness: kept,
            says: kept.says(),
        }),
        holds: owed
            .held
            .into_iter()
            .map(|h| HeldView {
                hold: h.hold,
                ends: match h.ends {
                    HoldEnd::With(day) => Some(day),
                    HoldEnd::WhenLifted => None,
                },
                moves: h.moves,
                says: h.says,
            })
            .collect(),
        regime: rule.regime.as_ref().map(ToString::to_string),
        notes: owed.notes,
        blocks: rule.blocks.iter().map(|step| format!("{step:?}").to_lowercase()).collect(),
    }
}

fn state(asked: &Asked<'_>, owed: &Owed) -> &'static str {
    match &owed.answered {
        Some((done, _)) => match done.answered {
            Answered::Done { .. } => "met",
            Answered::NotApplicable { .. } => "not-applicable",
            Answered::Waived { .. } => "waived",
        },
        None if asked.as_of.zip(owed.due.as_ref()).is_some_and(|(now, due)| due.at().is_late(now)) => "overdue",
        None => "open",
    }
}

fn start_view(asked: &Asked<'_>, event: Option<Moment>, start: Start, zone: &Zone) -> StartView {
    let known = event.and_then(|moment| asked.facts.moments.get(&moment));
    StartView {
        event,
        says: event.map_or("an answer became known", Moment::says).to_owned(),
        point: point(start, zone),
        who: known.and_then(|h| h.actor.clone()),
        evidence: known.and_then(|h| h.evidence.clone()),
    }
}

fn point(start: Start, zone: &Zone) -> Point {
    let at = match start {
        Start::At(at) => Some(at),
        Start::Day(_) => None,
    };
    let zone_name = zone.name().to_owned();
    Point { date: start.day(zone), at, local: at.map(|at| local(at, zone)), zone: zone_name }
}

fn local(at: Instant, zone: &Zone) -> String {
    at.in_zone(zone).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn due_view(reckoning: &Reckoning, with: Option<String>, zone: &Zone) -> DueView {
    let mut view = DueView {
        kind: "no-period",
        date: None,
        at: None,
        local: None,
        zone: zone.name().to_owned(),
        late_after: None,
        before: None,
        with,
        arithmetic: reckoning.arithmetic.clone(),
    };
    match &reckoning.at {
        DuePoint::At { instant, late_after } => {
            view.kind = "instant";
            view.date = Some(instant.day_in(zone));
            view.at = Some(*instant);
            view.late_after = *late_after;
        }
        DuePoint::EndOf { day, last } => {
            view.kind = "end-of-day";
            view.date = Some(*day);
            view.at = Some(*last);
            view.late_after = Some(*last);
        }
        DuePoint::Before(step) => {
            view.kind = "before-step";
            view.before = Some(format!("{step:?}").to_lowercase());
        }
        DuePoint::With(other) => {
            view.kind = "with";
            view.with = Some(other.to_string());
        }
        DuePoint::AfterHold => view.kind = "after-hold",
        DuePoint::AgeOnly => {}
    }
    view.local = view.at.map(|at| local(at, zone));
    view
}

/// A due moment as worked cases and terminals write it.
pub(crate) fn say(due: Option<&Due>, zone: &Zone) -> String {
    match due.map(Due::at) {
        None => "not started".to_owned(),
        Some(DuePoint::At { instant, .. }) => instant.in_zone(zone).strftime("%Y-%m-%dT%H:%M").to_string(),
        Some(DuePoint::EndOf { day, .. }) => day.to_string(),
        Some(DuePoint::Before(step)) => format!("before {}", format!("{step:?}").to_lowercase()),
        Some(DuePoint::With(other)) => format!("with {other}"),
        Some(DuePoint::AfterHold) => "after the hold".to_owned(),
        Some(DuePoint::AgeOnly) => "no period".to_owned(),
    }
}
