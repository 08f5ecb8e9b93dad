//! Items that rule: obligations, decisions, the closing checklist, retention.

use super::{
    desk::{Desk, Kind},
    gather::{At, Paper},
    items::box_of,
    phrase::{self, Lexicon},
};
use crate::{Problem, spanned::Spanned, text};
use domain::pack::*;

pub(super) fn obligations(desk: &mut Desk, paper: &Paper, lexicon: &Lexicon) -> Vec<ObligationRule> {
    paper.obligations.iter().filter_map(|at| obligation(desk, paper, at, lexicon)).collect()
}

fn obligation(desk: &mut Desk, paper: &Paper, at: &At<text::Obligation>, lexicon: &Lexicon) -> Option<ObligationRule> {
    let (file, o) = (at.file, &at.item);
    if o.evidence.is_empty() {
        let says = format!("Nothing can prove {} done.", o.id.get_ref());
        let help = "Add `evidence = [{ … }]` with delivered_to, call_with, ticket, signed, filled, answered, decided, \
                    filed, attached or entry.";
        desk.report(Problem::NoEvidence, file, o.id.span(), says, help);
    }
    desk.fits::<300>(&o.title, o.id.span(), file);
    let id = desk.name(&o.id, file);
    let actor = desk.refer(Kind::Role, &o.actor, file);
    let outer = phrase::term(desk, &o.due, o.tolerance.as_ref(), lexicon, file);
    let soft = o.soft.as_ref().map(|w| phrase::term(desk, w, None, lexicon, file));
    if let (Some(outer), Some(Some(soft)), Some(place)) = (&outer, &soft, &o.soft)
        && phrase::surely_longer(soft, outer)
    {
        let says = format!("{} is asked for later than it is due.", o.id.get_ref());
        let help = "`soft` is what is asked for sooner than the limit in `due`: swap the two, or take it out.";
        desk.report(Problem::Unreadable, file, place.span(), says, help);
    }
    let evidence = o.evidence.iter().filter_map(|e| evidence(desk, paper, e, file)).collect();
    let starts = counts_from(desk, o, file);
    let when = phrase::conditions(desk, &o.when, lexicon, file);
    let law = paper.head.as_ref().is_some_and(|at| at.item.get_ref().kind == PackKind::Law);
    if law && o.verified.is_none() {
        let says = format!("Nobody says how {} was checked against the law.", o.id.get_ref());
        let help = "Add `verified = { tag = \"V\", source = \"where it was read\" }`; the tag is V, T or M.";
        desk.report(Problem::Unverified, file, o.id.span(), says, help);
    }
    let mut day = |given: &Option<Spanned<toml::value::Datetime>>| {
        given.as_ref().and_then(|d| phrase::date(desk, d.get_ref(), d.span(), file))
    };
    let effective = Effective { from: day(&o.from), to: day(&o.to) };
    if let (Some(from), Some(to), Some(place)) = (effective.from, effective.to, &o.to)
        && to <= from
    {
        let help = "Write in `to` the first day on which the rule holds no more.";
        desk.report(Problem::Unreadable, file, place.span(), "The rule ends before it begins.", help);
    }
    for days in o.remind.iter().filter(|days| !(1..=365).contains(days.get_ref())) {
        let help = "Write whole days from 1 to 365 before the limit, such as `remind = [7, 1]`.";
        desk.report(Problem::Unreadable, file, days.span(), "Nobody can be reminded so many days before.", help);
    }
    let rule = ObligationRule {
        also: desk.refer_all(Kind::Role, &o.also, file),
        clauses: desk.clauses(&o.clauses, o.id.span(), file),
        notes: desk.refer_all(Kind::Note, &o.notes, file),
        id: id?,
        title: o.title.clone(),
        trigger: Trigger { on: o.on, when },
        actor: actor?,
        strength: o.strength,
        soft: soft.flatten(),
        outer: outer?,
        starts,
        evidence,
        blocks: o.blocks.clone(),
        remind: o.remind.iter().map(|days| *days.get_ref()).collect(),
        status: o.status,
        effective,
        owed_to: o.owed_to.clone(),
        regime: o.regime.as_ref().and_then(|w| desk.refer(Kind::Regime, w, file)),
        gives_way_to: o.gives_way_to.as_ref().and_then(|w| desk.refer(Kind::Obligation, w, file)),
        verified: o.verified.as_ref().map(|c| (c.tag, c.source.clone())),
        reviewed_by_counsel: o.reviewed_by_counsel.clone(),
    };
    Some(rule)
}

pub(super) fn discovery(desk: &mut Desk, paper: &Paper) -> Discovery {
    let Some(at) = &paper.discovery else { return Discovery::default() };
    let d = at.item.get_ref();
    if d.earliest_of.is_empty() {
        let help = "Write `earliest_of = [\"first-known\", \"should-have-known\", \"imputed-from-agent\"]`.";
        desk.report(Problem::Unreadable, at.file, at.item.span(), "Discovery is the earliest of nothing.", help);
    }
    if d.earliest_of.contains(&Moment::Discovered) {
        let help = "Name the moments that the text counts as discovery, such as first-known; `discovered` is the \
                    earliest of them.";
        desk.report(Problem::Unreadable, at.file, at.item.span(), "Discovery cannot be the earliest of itself.", help);
    }
    Discovery { moments: d.earliest_of.clone(), clauses: desk.clauses(&d.clauses, at.item.span(), at.file) }
}

pub(super) fn regimes(desk: &mut Desk, paper: &Paper) -> Vec<Regime> {
    let regime = |at: &At<text::Regime>| {
        let (file, r) = (at.file, &at.item);
        Some(Regime {
            id: desk.name(&r.id, file)?,
            title: r.title.clone(),
            oral_days: r.oral_days,
            written_states_time: r.written_states_time,
            clauses: desk.clauses(&r.clauses, r.id.span(), file),
            notes: desk.refer_all(Kind::Note, &r.notes, file),
        })
    };
    paper.regimes.iter().filter_map(regime).collect()
}

fn counts_from(desk: &mut Desk, o: &text::Obligation, file: usize) -> ClockStart {
    let Some(given) = &o.counts_from else { return ClockStart::Trigger };
    let empty = (given.earliest_of.is_empty(), given.latest_of.is_empty(), given.first_recorded_of.is_empty());
    match empty {
        (false, true, true) => ClockStart::EarliestOf(given.earliest_of.clone()),
        (true, false, true) => ClockStart::LatestOf(given.latest_of.clone()),
        (true, true, false) => ClockStart::FirstRecordedOf(given.first_recorded_of.clone()),
        _ => {
            let says = "A clock counts from the earliest, the latest or the first recorded of some moments.";
            let help = "Write `counts_from = { earliest_of = [\"officer-told\", \"ticket-opened\"] }`, latest_of or \
                        first_recorded_of.";
            desk.report(Problem::Unreadable, file, o.id.span(), says, help);
            ClockStart::Trigger
        }
    }
}

/// A box that somebody signs, among the forms of the pack.
fn is_signed(paper: &Paper, form: &FormId, in_box: &BoxId) -> bool {
    let form = paper.forms.iter().find(|at| at.item.id.get_ref() == form.as_str());
    let boxes = form.iter().flat_map(|at| &at.item.boxes);
    boxes.filter(|b| b.id.get_ref() == in_box.as_str()).any(|b| matches!(b.kind, BoxKind::Signature))
}

fn evidence(desk: &mut Desk, paper: &Paper, at: &Spanned<text::Evidence>, file: usize) -> Option<Evidence> {
    let e = at.get_ref();
    let or_reason = e.or_reason;
    match e {
        text::Evidence { delivered_to: Some(to), .. } if alone(e) => {
            let or_to = desk.refer_all(Kind::Role, &e.or_to, file);
            Some(Evidence::Delivery { to: desk.refer(Kind::Role, to, file)?, or_to, or_reason })
        }
        text::Evidence { call_with: Some(to), .. } if alone(e) => {
            Some(Evidence::RecordedCall { to: desk.refer(Kind::Role, to, file)? })
        }
        text::Evidence { ticket: Some(true), .. } if alone(e) => Some(Evidence::Ticket),
        text::Evidence { signed: Some(place), .. } if alone(e) => {
            let (form, in_box) = box_of(desk, place, file)?;
            if !is_signed(paper, &form, &in_box) {
                let says = format!("{} is not a box that somebody signs.", place.get_ref());
                let help = "Name a box of the kind `signature`, or write `filled`.";
                desk.report(Problem::Unreadable, file, place.span(), says, help);
            }
            Some(Evidence::Signature { form, in_box })
        }
        text::Evidence { filled: Some(place), .. } if alone(e) => {
            box_of(desk, place, file).map(|(form, in_box)| Evidence::Filled { form, in_box, or_reason })
        }
        text::Evidence { answered: Some(question), .. } if alone(e) => {
            Some(Evidence::Answered { question: desk.refer(Kind::Question, question, file)? })
        }
        text::Evidence { decided: Some(decision), .. } if alone(e) => {
            Some(Evidence::Decided { decision: desk.refer(Kind::Decision, decision, file)? })
        }
        text::Evidence { entry: Some(entry), says: Some(says), .. } if alone(e) => {
            Some(Evidence::Entry { entry: desk.name(entry, file)?, says: says.clone(), or_reason })
        }
        text::Evidence { filed: Some(document), .. } if alone(e) => {
            Some(Evidence::Filed { document: desk.refer(Kind::Missing, document, file)? })
        }
        text::Evidence { attached: Some(says), .. } if alone(e) => {
            Some(Evidence::Attached { says: says.clone(), or_reason })
        }
        _ => {
            let help = "Give one of delivered_to, call_with, ticket = true, signed, filled, answered, decided, filed, \
                        attached, or entry together with says.";
            desk.report(Problem::Unreadable, file, at.span(), "This is not one piece of evidence.", help);
            None
        }
    }
}

/// Exactly one kind of evidence is named.
fn alone(e: &text::Evidence) -> bool {
    let named = [&e.delivered_to, &e.call_with, &e.signed, &e.filled, &e.answered, &e.decided, &e.entry, &e.filed];
    let others = usize::from(e.ticket == Some(true)) + usize::from(e.attached.is_some());
    named.iter().filter(|n| n.is_some()).count() + others == 1 && (e.or_to.is_empty() || e.delivered_to.is_some())
}

pub(super) fn decisions(desk: &mut Desk, paper: &Paper, lexicon: &Lexicon) -> Vec<Decision> {
    let decision = |at: &At<text::Decision>| {
        let (file, d) = (at.file, &at.item);
        for (empty, key, says) in [
            (d.deciders.is_empty(), "deciders", "Nobody makes the decision"),
            (d.options.is_empty(), "options", "There is nothing to choose in the decision"),
        ] {
            if empty {
                let (says, help) = (format!("{says} {}.", d.id.get_ref()), format!("Name at least one in `{key}`."));
                desk.report(Problem::WrongShape, file, d.id.span(), says, help);
            }
        }
        let mut options = Vec::new();
        for option in &d.options {
            options.extend(desk.name(&option.id, file).map(|id| Item {
                id,
                label: desk.both(&option.label, file),
                marked_by: Vec::new(),
            }));
        }
        Some(Decision {
            id: desk.name(&d.id, file)?,
            asks: d.asks.clone(),
            trigger: Trigger { on: d.on, when: phrase::conditions(desk, &d.when, lexicon, file) },
            deciders: desk.refer_all(Kind::Role, &d.deciders, file),
            concurrence: d.concurrence,
            settles: d.settles.as_ref().and_then(|w| desk.refer(Kind::Role, w, file)),
            options,
            reasoned: d.reasoned,
            on_statement: d.on_statement,
            records: d.records,
            judges_severity: d.judges_severity,
            blocks: d.blocks.clone(),
            clauses: desk.clauses(&d.clauses, d.id.span(), file),
            notes: desk.refer_all(Kind::Note, &d.notes, file),
        })
    };
    paper.decisions.iter().filter_map(decision).collect()
}

pub(super) fn closing(desk: &mut Desk, paper: &Paper, lexicon: &Lexicon) -> Vec<Closing> {
    let closing = |at: &At<text::Closing>| {
        let (file, c) = (at.file, &at.item);
        let needs = match (&c.statement, &c.duty, &c.decision) {
            (Some(entry), None, None) => desk.name(entry, file).map(|entry| ClosingNeed::Statement { entry }),
            (None, Some(duty), None) => {
                desk.refer(Kind::Obligation, duty, file).map(|obligation| ClosingNeed::Duty { obligation })
            }
            (None, None, Some(decision)) => {
                desk.refer(Kind::Decision, decision, file).map(|decision| ClosingNeed::Decision { decision })
            }
            _ => {
                let says = "A closing line looks for one thing.";
                let help = "Give exactly one of statement, duty or decision.";
                desk.report(Problem::Unreadable, file, c.id.span(), says, help);
                None
            }
        };
        Some(Closing {
            id: desk.name(&c.id, file)?,
            says: c.says.clone(),
            when: phrase::conditions(desk, &c.when, lexicon, file),
            needs: needs?,
            clauses: desk.clauses(&c.clauses, c.id.span(), file),
        })
    };
    paper.closing.iter().filter_map(closing).collect()
}

pub(super) fn set_aside(desk: &mut Desk, paper: &Paper) -> Option<SetAsideRule> {
    let at = paper.set_aside.as_ref()?;
    let (file, rule) = (at.file, at.item.get_ref());
    Some(SetAsideRule {
        needs_finding_by: desk.refer(Kind::Role, &rule.needs_finding_by, file)?,
        clauses: desk.clauses(&rule.clauses, at.item.span(), file),
        notes: desk.refer_all(Kind::Note, &rule.notes, file),
    })
}

pub(super) fn retention(desk: &mut Desk, paper: &Paper) -> Option<Retention> {
    let at = paper.retention.as_ref()?;
    let (file, r) = (at.file, at.item.get_ref());
    Some(Retention {
        form: match &r.form {
            Some(form) => Some(desk.refer(Kind::Form, form, file)?),
            None => None,
        },
        years: r.years.min(1000),
        until_matters_settle: r.until_matters_settle,
        meets: desk.refer(Kind::Obligation, &r.meets, file)?,
        clauses: desk.clauses(&r.clauses, at.item.span(), file),
        notes: desk.refer_all(Kind::Note, &r.notes, file),
    })
}

pub(super) fn yearly_round(desk: &mut Desk, paper: &Paper) -> Option<YearlyRound> {
    let at = paper.yearly_round.as_ref()?;
    let (file, y) = (at.file, at.item.get_ref());
    if !(1..=12).contains(&y.month) {
        let says = format!("There is no month {}.", y.month);
        desk.report(Problem::Unreadable, file, at.item.span(), says, "Write 1 for January to 12 for December.");
    }
    Some(YearlyRound {
        first_year: y.first_year,
        month: y.month,
        first_reach: phrase::date(desk, y.first_reach.get_ref(), y.first_reach.span(), file)?,
        mandatory: y.mandatory,
        tells: desk.refer_all(Kind::Role, &y.tells, file),
        clauses: desk.clauses(&y.clauses, at.item.span(), file),
        notes: desk.refer_all(Kind::Note, &y.notes, file),
    })
}

pub(super) fn routine_review(desk: &mut Desk, paper: &Paper) -> Option<RoutineReview> {
    let at = paper.routine_review.as_ref()?;
    let (file, r) = (at.file, at.item.get_ref());
    if r.parts.is_empty() {
        let says = "Nothing is looked at in this review.";
        desk.report(Problem::WrongShape, file, at.item.span(), says, "Write parts = [\"Patterns\", …].");
    }
    Some(RoutineReview {
        every: desk.refer(Kind::Local, &r.every, file)?,
        parts: r.parts.clone(),
        clauses: desk.clauses(&r.clauses, at.item.span(), file),
    })
}
