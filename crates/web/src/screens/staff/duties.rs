//! A duty as people see it: mark, word and colour always together, its clause, its date and the sum behind the date.

use domain::incident::{DutyState, Proof};
use domain::pack::{ObligationRule, Pack, PackKind, Strength, Term, Unit};
use domain::time::{Instant, Zone};

use crate::times::{self, Stamp};

/// How a duty stands; each has its own mark, colour and words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// A legal limit has passed.
    Overdue,
    /// Due soon, or past a target of our own.
    Soon,
    /// There is time.
    #[default]
    OnTrack,
    /// The clock runs and the policy names no date.
    Running,
    /// Done.
    Met,
    /// Does not apply, or waived.
    Waived,
}

impl Mark {
    /// The class of its colour.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Soon => "soon",
            Self::OnTrack => "on-track",
            Self::Running => "running",
            Self::Met => "met",
            Self::Waived => "waived",
        }
    }
}

/// What of a duty its standing depends on.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock {
    /// When it is due.
    pub by: Option<Instant>,
    /// It is due by the end of a day, not at a moment.
    pub whole_day: bool,
    /// From when it is late.
    pub late_after: Option<Instant>,
    /// When its clock started.
    pub since: Option<Instant>,
    /// When it was done.
    pub met: Option<Instant>,
}

/// How a duty stands at `now`, in a mark and words. Depends on nothing but its arguments.
pub fn standing(state: &DutyState, now: Instant) -> (Mark, String) {
    let due = &state.duty.due;
    let met = state.met.as_ref().map(|met| &met.what);
    match met.map(|met| met.by) {
        Some(Proof::NotApplicable) => (Mark::Waived, "Does not apply".to_owned()),
        Some(Proof::Waived) => (Mark::Waived, "Waived".to_owned()),
        _ => {
            let met = met.map(|met| met.at);
            let whole_day = due.day.is_some();
            stands(&Clock { by: due.by, whole_day, late_after: due.late_after, since: due.since, met }, now)
        }
    }
}

/// The same of its clock alone.
pub fn stands(clock: &Clock, now: Instant) -> (Mark, String) {
    if let Some(met) = clock.met {
        return match clock.late_after.filter(|last| met > *last) {
            Some(last) => (Mark::Met, format!("Met {} late", lateness(clock.whole_day, met.seconds_since(last)))),
            None => (Mark::Met, met_in_time(clock.by, clock.since, met)),
        };
    }
    if let Some(last) = clock.late_after.filter(|last| now > *last) {
        return (Mark::Overdue, format!("Overdue {}", lateness(clock.whole_day, now.seconds_since(last))));
    }
    let Some(by) = clock.by else {
        return match clock.since {
            Some(since) if now.seconds_since(since) < 60 => (Mark::Running, "Running".to_owned()),
            Some(since) => (Mark::Running, format!("Running {}", times::span(now.seconds_since(since)))),
            None => (Mark::Running, "Not started".to_owned()),
        };
    };
    if now >= by {
        let past = now.seconds_since(by);
        // Due at the moment its clock started: the policy says “immediately”.
        let at_once = clock.since.is_some_and(|since| by.seconds_since(since) <= 0);
        return if clock.late_after.is_none() && !at_once && past >= 60 {
            (Mark::Soon, format!("Past target {}", times::span(past)))
        } else {
            (
                Mark::Soon,
                if past < 60 { "Due now".to_owned() } else { format!("Due now, {} waiting", times::span(past)) },
            )
        };
    }
    let left = by.seconds_since(now);
    let whole = clock.since.map_or(i64::MAX, |since| by.seconds_since(since));
    let soon = left < 24 * 3_600 || left <= whole / 5;
    (if soon { Mark::Soon } else { Mark::OnTrack }, format!("Due in {}", times::span(left)))
}

/// What an agency wants sooner than its policy does: “, 10 min over our own target of 30 min”, or nothing. Nobody is late
/// by it.
fn over_target(state: &DutyState, rule: Option<&ObligationRule>, now: Instant) -> String {
    let Some(Term::AsSoonAsPossible { target: Some(target) }) = rule.map(|rule| &rule.outer) else {
        return String::new();
    };
    let done = state.met.as_ref().map_or(now, |met| met.what.at);
    let (Some(minutes), Some(since)) = (target.minutes, state.duty.due.since) else { return String::new() };
    match done.seconds_since(since) - 60 * i64::from(minutes) {
        over @ 60.. => format!(", {} over our own target of {minutes} min", times::span(over)),
        _ => String::new(),
    }
}

/// How long something is late. What was due by the end of a day is late by days: any hour of the next is one.
fn lateness(whole_day: bool, seconds: i64) -> String {
    if whole_day {
        format!("{} d", (seconds + DAY_SECONDS - 1).div_euclid(DAY_SECONDS).max(1))
    } else {
        times::span(seconds)
    }
}

const DAY_SECONDS: i64 = 86_400;

fn met_in_time(by: Option<Instant>, since: Option<Instant>, at: Instant) -> String {
    let early = by.map(|by| by.seconds_since(at)).filter(|early| *early >= 60);
    match (early, since) {
        (Some(early), _) => format!("Met {} early", times::span(early)),
        (None, Some(since)) if at > since => format!("Met in {}", times::span(at.seconds_since(since))),
        _ => "Met".to_owned(),
    }
}

/// A clause as it is cited.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cite {
    /// “DOR 8.350 (4)(a)”
    pub cite: String,
    /// What it says, in our words.
    pub says: String,
}

/// A duty in a table.
#[derive(Debug, Clone)]
pub struct DutyRow {
    /// Its rule, for addresses and ids.
    pub rule: String,
    /// The name of its form, which is also its place on the page.
    pub form: String,
    /// The field for words.
    pub field_words: String,
    /// The field for the time.
    pub field_at: String,
    /// What is to be done.
    pub title: String,
    /// How it stands.
    pub mark: Mark,
    /// The same in words.
    pub says: String,
    /// Who owes it.
    pub owed_by: String,
    /// “no later than”, “our target”, or empty.
    pub strength: String,
    /// When it is due, in words; “no fixed date”.
    pub due: Stamp,
    /// The clauses, the first of which stands in the table.
    pub clauses: Vec<Cite>,
    /// The pack that states it.
    pub pack: String,
    /// The sum behind the date.
    pub arithmetic: String,
    /// Where days begin and hours are read: “America/Chicago”.
    pub zone: String,
    /// The event that started its clock, in words; empty where no assessment was made.
    pub started: String,
    /// Requests for silence that bear on it.
    pub held: Vec<String>,
    /// Whether one of them moves its date.
    pub paused: bool,
    /// What else has to be said of it.
    pub notes: Vec<String>,
    /// Why the facts of today would not call it up any more; it stands all the same.
    pub not_required: Vec<String>,
    /// Values that the organisation set itself.
    pub locals: Vec<String>,
    /// Who may do it, and to whom it is owed.
    pub actors: String,
    /// How far the statement of a law was checked; empty for a policy.
    pub review: String,
    /// How it was kept: “3 calendar days early”; empty while open.
    pub kept: String,
    /// Field of the authority by which it is waived.
    pub field_authority: String,
    /// Field of the reason.
    pub field_reason: String,
    /// Field of the day.
    pub field_waived: String,
    /// Name of the form that waives it.
    pub form_waive: String,
    /// When its clock started.
    pub since: Option<Stamp>,
    /// How open passages are read here.
    pub readings: Vec<String>,
    /// The policy or law that states it, with its edition, and how far it was checked.
    pub policy: String,
    /// What proves it done, as the policy wants it.
    pub proves: Vec<String>,
    /// How it was answered for, in one line; empty while open.
    pub proof: String,
    /// Whether it still waits for an answer.
    pub open: bool,
    /// Whether the form itself answers for it.
    pub by_form: bool,
    /// For sorting: open before met, then by date.
    order: (bool, Mark, i64),
}

/// The duties of an incident: open ones first, the most urgent on top.
pub fn rows<'a>(
    duties: impl Iterator<Item = &'a DutyState>,
    pack: &Pack,
    laws: &[&Pack],
    names: impl Fn(domain::actor::Actor) -> String,
    now: Instant,
    zone: &Zone,
) -> Vec<DutyRow> {
    let of = |state: &DutyState| laws.iter().find(|law| state.duty.pack.as_ref() == Some(&law.id)).copied();
    let counted = |of: &Pack| if of.zone_of_unit { pack.zone.clone() } else { of.zone.clone() };
    let mut rows: Vec<DutyRow> = duties
        .map(|state| {
            let of = of(state).unwrap_or(pack);
            DutyRow { zone: counted(of).name().to_owned(), ..row(state, of, &names, now, zone) }
        })
        .collect();
    rows.sort_by(|a, b| a.order.cmp(&b.order).then_with(|| a.title.cmp(&b.title)));
    rows
}

fn row(
    state: &DutyState,
    pack: &Pack,
    names: impl Fn(domain::actor::Actor) -> String,
    now: Instant,
    zone: &Zone,
) -> DutyRow {
    let (mark, says) = standing(state, now);
    let due = &state.duty.due;
    let rule = pack.obligation(&state.duty.rule);
    let says = says + &over_target(state, rule, now);
    let cite = |id| pack.clause(id).map(|c| Cite { cite: c.cite.clone(), says: c.says.clone() });
    let strength = match (rule.map(|r| r.strength), due.by, due.late_after) {
        (Some(Strength::Recommended), ..) => "recommended",
        // Due the moment its clock started: the policy says “immediately”.
        (_, Some(by), _) if due.since.is_some_and(|since| by.seconds_since(since) <= 0) => "at once, since",
        (_, Some(_), Some(_)) => "no later than",
        (_, Some(_), None) => "as soon as possible",
        _ => "",
    };
    let words = match (due.day, due.by) {
        (Some(day), _) => Stamp { words: times::day(day), machine: day.to_string(), ..Stamp::default() },
        (None, Some(by)) => times::short(by, now, zone),
        (None, None) => Stamp { words: "no fixed date".to_owned(), ..Stamp::default() },
    };
    let notes = rule.map(|r| r.notes.as_slice()).unwrap_or_default();
    let reading = |id| {
        let note = pack.interpretation(id)?;
        Some(format!("House reading {}: {} Read here as: {}", note.id, note.question, note.reading))
    };
    DutyRow {
        rule: state.duty.rule.to_string(),
        form: format!("duty-{}", state.duty.rule),
        field_words: format!("words-{}", state.duty.rule),
        field_at: format!("at-{}", state.duty.rule),
        title: state.duty.title.to_string(),
        mark,
        says,
        owed_by: state.duty.owed_by.to_string(),
        strength: strength.to_owned(),
        due: words,
        clauses: state.duty.clauses.iter().filter_map(cite).collect(),
        pack: pack.id.to_string(),
        arithmetic: state.duty.due.arithmetic.to_string(),
        zone: String::new(),
        started: String::new(),
        held: Vec::new(),
        paused: false,
        notes: Vec::new(),
        not_required: Vec::new(),
        locals: rule.map(|rule| locals(rule, pack)).unwrap_or_default(),
        actors: rule.map(|rule| actors(rule, pack)).unwrap_or_default(),
        review: if pack.kind == PackKind::Law { review(pack, rule) } else { String::new() },
        kept: state.kept(zone).map(|kept| kept.says()).unwrap_or_default(),
        field_authority: format!("authority-{}", state.duty.rule),
        field_reason: format!("waive-reason-{}", state.duty.rule),
        field_waived: format!("waived-at-{}", state.duty.rule),
        form_waive: format!("waive-{}", state.duty.rule),
        since: due.since.map(|at| times::stamp(at, now, zone)),
        readings: notes.iter().filter_map(reading).collect(),
        policy: origin(pack, rule),
        proves: rule.map(|r| r.evidence.iter().map(|e| proves(e, pack)).collect()).unwrap_or_default(),
        proof: state.met.as_ref().map(|met| proof(met, &names, now, zone)).unwrap_or_default(),
        open: state.met.is_none(),
        by_form: rule.is_some_and(|r| {
            r.evidence
                .iter()
                .any(|e| matches!(e, domain::pack::Evidence::Signature { .. } | domain::pack::Evidence::Filled { .. }))
        }),
        order: (state.met.is_some(), mark, due.by.map_or(i64::MAX, Instant::micros)),
    }
}

/// The text behind a duty, with its edition.
fn origin(pack: &Pack, rule: Option<&ObligationRule>) -> String {
    let mut words = format!("{}, edition {}", pack.title, pack.edition.name);
    if let Some((_, source)) = rule.and_then(|r| r.verified.as_ref()).filter(|_| pack.kind == PackKind::Law) {
        words.push_str(&format!(". Source: {source}"));
    }
    words
}

/// How far the statement of a law was checked: nobody may take our reading for counsel's.
pub fn review(pack: &Pack, rule: Option<&ObligationRule>) -> String {
    let counsel = rule.and_then(|r| r.reviewed_by_counsel.as_ref()).or(pack.reviewed_by_counsel.as_ref());
    let counsel =
        counsel.map_or_else(|| "never reviewed by counsel".to_owned(), |by| format!("reviewed by counsel: {by}"));
    match rule.and_then(|r| r.verified.as_ref()) {
        Some((tag, _)) => format!("{tag:?}: {}; {counsel}", tag.says()),
        None => counsel,
    }
}

/// Values in the rule's terms that the organisation sets, each marked as local.
fn locals(rule: &ObligationRule, pack: &Pack) -> Vec<String> {
    let terms = [Some(&rule.outer), rule.soft.as_ref()];
    let named = terms.into_iter().flatten().filter_map(|term| match term {
        Term::AtTrigger { tolerance: Some(value) } | Term::AsSoonAsPossible { target: Some(value) } => {
            Some((&value.local, value.minutes, Unit::Minutes))
        }
        Term::After { count, unit, local: Some(local) } => {
            Some((local, Some(*count).filter(|count| *count > 0), *unit))
        }
        _ => None,
    });
    let say = |(id, value, unit): (&domain::pack::LocalId, Option<u32>, Unit)| {
        let title = pack.locals.iter().find(|known| known.id == *id).map_or(id.as_str(), |known| known.title.as_str());
        let title = title.trim_end_matches('.');
        match value {
            Some(count) => format!("Local value, not from the text: {title}: {count} {}.", unit.noun(count)),
            None => format!("Local value, not from the text: {title}: switched off."),
        }
    };
    named.map(say).collect()
}

/// “Local security officer, or help desk. Owed to: the department.”
fn actors(rule: &ObligationRule, pack: &Pack) -> String {
    let title = |id| pack.role(id).map(|role| role.title.en.as_str());
    let all: Vec<&str> = std::iter::once(&rule.actor).chain(&rule.also).filter_map(title).collect();
    let mut words = all.join(", or ");
    if let Some(to) = &rule.owed_to {
        words.push_str(&format!(". Owed to: {}", to.trim_end_matches('.')));
    }
    words
}

fn proof(
    met: &domain::incident::Recorded<domain::incident::DutyMet>,
    names: impl Fn(domain::actor::Actor) -> String,
    now: Instant,
    zone: &Zone,
) -> String {
    let how = match met.what.by {
        Proof::Delivered => "message delivered",
        Proof::Recorded => "recorded",
        Proof::Called => "by telephone",
        Proof::Signed => "on the form",
        Proof::Decided => "decided",
        Proof::NotApplicable => "does not apply",
        Proof::Waived => "waived",
    };
    let at = times::short(met.what.at, now, zone).words;
    let words = met.what.words.as_ref().map(|w| format!("{} – ", w.gist(160))).unwrap_or_default();
    format!("{words}{how} {at}, {}", names(met.by))
}

/// What serves as proof, for the person who records it.
fn proves(evidence: &domain::pack::Evidence, pack: &Pack) -> String {
    use domain::pack::Evidence;
    let role = |id| pack.role(id).map_or_else(|| "them".to_owned(), |r| r.title.en.clone());
    match evidence {
        Evidence::Delivery { to, .. } => format!("{} was told", role(to)),
        Evidence::RecordedCall { to } => format!("a call with {}: who, with whom, when", role(to)),
        Evidence::Ticket => "the number of the ticket and when it was opened".to_owned(),
        Evidence::Signature { in_box, .. } => format!("the signature in box {}", box_name(in_box, pack)),
        Evidence::Filled { in_box, .. } => format!("box {} of the form", box_name(in_box, pack)),
        Evidence::Answered { .. } => "an answer in the report".to_owned(),
        Evidence::Decided { decision } => {
            let asks = pack.decisions.iter().find(|d| d.id == *decision).map_or("", |d| d.asks.as_str());
            format!("a decision: {asks}")
        }
        Evidence::Entry { says, .. } | Evidence::Attached { says, .. } => says.clone(),
        Evidence::Filed { document } => {
            let slot = document.as_str().replace('-', " ");
            format!("the document on file: {slot}")
        }
    }
}

fn box_name(id: &domain::pack::BoxId, pack: &Pack) -> String {
    let form_box = pack.forms.iter().find_map(|form| form.form_box(id));
    form_box.map_or_else(|| id.to_string(), |b| format!("{} {}", b.numeral, b.label.en).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::incident::{DueDate, Duty, DutyMet, Recorded};
    use domain::pack::ObligationId;
    use domain::text::Line;

    const HOUR: i64 = 3_600;
    const DAY: i64 = 24 * HOUR;

    fn at(seconds: i64) -> Instant {
        Instant::from_micros(1_792_000_000_000_000).plus_seconds(seconds)
    }

    fn duty(by: Option<i64>, late_after: Option<i64>, met: Option<i64>) -> DutyState {
        let rule = ObligationId::parse("O1").expect("a name");
        let due = DueDate {
            by: by.map(at),
            day: None,
            late_after: late_after.map(at),
            since: Some(at(0)),
            arithmetic: Line::dash(),
        };
        let met = met.map(|done| Recorded {
            what: DutyMet { rule: rule.clone(), by: Proof::Recorded, at: at(done), words: None },
            by: domain::actor::Actor::System,
            at: at(done),
        });
        let duty = Duty {
            rule,
            title: Line::dash(),
            owed_by: Line::dash(),
            clauses: Vec::new(),
            due,
            pack: None,
            blocks: Vec::new(),
        };
        DutyState { duty, opened_at: at(0), met }
    }

    #[test]
    fn a_mark_and_words_for_every_standing() {
        let law = |days: i64| duty(Some(days * DAY), Some(days * DAY), None);
        for (state, now, mark, says) in [
            (law(30), DAY * 2, Mark::OnTrack, "Due in 28 d"),
            (law(30), DAY * 25, Mark::Soon, "Due in 5 d"),
            (law(30), DAY * 30 - 5 * HOUR, Mark::Soon, "Due in 5 h"),
            (law(30), DAY * 32, Mark::Overdue, "Overdue 2 d"),
            (duty(Some(0), None, None), 0, Mark::Soon, "Due now"),
            (duty(Some(0), None, None), 16 * HOUR, Mark::Soon, "Due now, 16 h waiting"),
            (duty(Some(8 * HOUR), None, None), 24 * HOUR, Mark::Soon, "Past target 16 h"),
            (duty(None, None, None), DAY * 2, Mark::Running, "Running 2 d"),
            (duty(Some(DAY * 40), Some(DAY * 40), Some(DAY * 2)), DAY * 9, Mark::Met, "Met 38 d early"),
            (duty(Some(DAY), Some(DAY), Some(DAY * 3)), DAY * 9, Mark::Met, "Met 2 d late"),
            (duty(Some(0), None, Some(6 * 60)), DAY, Mark::Met, "Met in 6 min"),
        ] {
            assert_eq!(standing(&state, at(now)), (mark, says.to_owned()), "at {now}");
        }
    }
}
