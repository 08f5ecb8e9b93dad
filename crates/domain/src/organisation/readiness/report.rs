//! The report of a change of level: what each field takes, what the report waits for, and to whom it goes.

use super::decide::{Refusal, Refusals, mend};
use super::level::Step;
use super::{Change, Draft, Readiness};
use crate::ids::{AccountId, EntryId};
use crate::pack::{ChoiceId, FieldId, ReadinessRules, ReportField, ReportFieldKind, RoleId};
use crate::text::{Line, Name, Note};
use crate::time::{Instant, Zone};
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a report says, field by field.
pub type Values = BTreeMap<FieldId, Value>;

/// What stands in a field.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "is", content = "of", rename_all = "snake_case")]
pub enum Value {
    /// Words.
    Words(Note),
    /// A choice.
    Chosen(ChoiceId),
    /// A day.
    Day(Date),
    /// A time of day.
    Time(Time),
    /// Things, in the order written.
    List(Vec<Line<400>>),
    /// Rows, each with a cell for every column; a cell may be empty.
    Rows(Vec<Vec<Option<Line<200>>>>),
    /// Things with their rank.
    Ranked(Vec<Ranked>),
    /// The statement that stands in place of a list.
    Nothing,
}

/// Something with its rank.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Ranked {
    /// From 1.
    pub rank: u16,
    /// What.
    pub what: Line<200>,
}

/// What a report is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportKind {
    /// A change of level.
    Change,
    /// A summary while a level lasts.
    Summary,
}

/// Somebody to whom a report goes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Sent {
    /// As which role of the policy.
    pub role: RoleId,
    /// Whose account, where they have one.
    pub person: Option<AccountId>,
    /// Who, in words.
    pub name: Name,
    /// The address to which it was mailed; `None` where there is none and it is brought by hand.
    pub mail: Option<Line<254>>,
}

/// Somebody who was left out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Left {
    /// Who.
    pub who: Sent,
    /// Why.
    pub why: Note,
}

/// A report that was sent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Issued {
    /// The entry.
    pub id: EntryId,
    /// The change it reports.
    pub step: EntryId,
    /// What it is.
    pub kind: ReportKind,
    /// The level it reports, as declared.
    pub level: u8,
    /// What it says.
    pub values: Values,
    /// To whom it went.
    pub sent: Vec<Sent>,
    /// Who was left out.
    pub left_out: Vec<Left>,
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: Instant,
}

impl Issued {
    /// The moment that its day and time say, in the zone of the agency.
    pub fn dated(&self, rules: &ReadinessRules, zone: &Zone) -> Option<jiff::Zoned> {
        dated(&self.values, rules, zone)
    }
}

fn dated(values: &Values, rules: &ReadinessRules, zone: &Zone) -> Option<jiff::Zoned> {
    let of = |kind| rules.fields.iter().filter(move |field| field.kind == kind).find_map(|f| values.get(&f.id));
    match (of(ReportFieldKind::Day), of(ReportFieldKind::Time)) {
        (Some(Value::Day(day)), Some(Value::Time(time))) => {
            day.to_datetime(*time).to_zoned(zone.time_zone().clone()).ok()
        }
        _ => None,
    }
}

/// What is wrong with what stands in the fields, whether or not the report is finished.
fn shape(field: &ReportField, value: &Value, today: Date) -> Option<Refusal> {
    let fits = match (field.kind, value) {
        (ReportFieldKind::Day, Value::Day(day)) if *day > today => {
            return Some(mend(field.id.as_str(), "The day of the report can’t be in the future."));
        }
        (ReportFieldKind::Ranked, Value::Ranked(things)) => return ranks(field, things),
        (ReportFieldKind::ChooseOne, Value::Chosen(choice)) => field.choices.iter().any(|c| c.id == *choice),
        (ReportFieldKind::Line | ReportFieldKind::Text, Value::Words(_))
        | (ReportFieldKind::Day, Value::Day(_))
        | (ReportFieldKind::Time, Value::Time(_))
        | (ReportFieldKind::List, Value::List(_))
        | (ReportFieldKind::Rows, Value::Rows(_)) => true,
        (_, Value::Nothing) => field.or_none.is_some(),
        _ => false,
    };
    (!fits).then(|| mend(field.id.as_str(), format!("{}: look at this again.", field.label)))
}

fn ranks(field: &ReportField, things: &[Ranked]) -> Option<Refusal> {
    let mut ranks: Vec<u16> = things.iter().map(|thing| thing.rank).collect();
    ranks.sort_unstable();
    if let Some(twice) = ranks.windows(2).find(|pair| pair[0] == pair[1]) {
        let says = format!("{}: two things are ranked {}. Give each a rank of its own.", field.label, twice[0]);
        return Some(mend(field.id.as_str(), says));
    }
    let missing = (1u16..).zip(&ranks).find(|(expected, rank)| expected != *rank);
    missing.map(|(expected, _)| {
        mend(
            field.id.as_str(),
            format!("{}: count from 1 without leaving one out; {expected} is missing.", field.label),
        )
    })
}

fn filled(values: &Values, field: &ReportField) -> bool {
    match values.get(&field.id) {
        None => false,
        Some(Value::List(things)) => !things.is_empty(),
        Some(Value::Rows(rows)) => !rows.is_empty(),
        Some(Value::Ranked(things)) => !things.is_empty(),
        Some(_) => true,
    }
}

/// What a report lacks before it may go out.
pub fn lacks(values: &Values, level: u8, rules: &ReadinessRules) -> Refusals {
    let mut wrong = Vec::new();
    let fields: Vec<&ReportField> =
        rules.fields_at(level).filter(|field| field.kind != ReportFieldKind::Level).collect();
    for field in &fields {
        if filled(values, field) {
            continue;
        }
        match &field.one_of {
            Some(group) => {
                let group: Vec<&&ReportField> =
                    fields.iter().filter(|other| other.one_of.as_ref() == Some(group)).collect();
                let first = group.first().is_some_and(|first| first.id == field.id);
                if first && !group.iter().any(|other| filled(values, other)) {
                    let names: Vec<&str> = group.iter().map(|other| other.label.as_str()).collect();
                    wrong.push(mend(field.id.as_str(), format!("One of these is needed: {}.", names.join("; "))));
                }
            }
            None if field.needed => {
                let or = field.or_none.as_ref().map(|none| format!(", or say “{none}”")).unwrap_or_default();
                wrong.push(mend(field.id.as_str(), format!("{}: fill this in{or}.", field.label)));
            }
            None => {}
        }
    }
    wrong
}

impl Readiness {
    /// Keeps a report that is not finished.
    pub fn draft(
        &self,
        draft: Draft,
        step: &Step,
        rules: &ReadinessRules,
        zone: &Zone,
    ) -> Result<Vec<Change>, Refusals> {
        let wrong = shapes(&draft.values, step.level, rules, draft.at.day_in(zone));
        if wrong.is_empty() { Ok(vec![Change::Drafted(draft)]) } else { Err(wrong) }
    }

    /// Sends a report: whole, once for each change, and to everybody who is never left out.
    pub fn issue(&self, report: Issued, rules: &ReadinessRules, zone: &Zone) -> Result<Vec<Change>, Refusals> {
        let mut wrong = shapes(&report.values, report.level, rules, report.at.day_in(zone));
        wrong.extend(lacks(&report.values, report.level, rules));
        if let Some(dated) = dated(&report.values, rules, zone)
            && wrong.is_empty()
            && Instant::from_timestamp(dated.timestamp()) > report.at
        {
            let time = rules.fields.iter().find(|field| field.kind == ReportFieldKind::Time);
            let on = time.map_or("", |field| field.id.as_str());
            wrong.push(mend(on, "The time of the report can’t be in the future."));
        }
        if let Some(left) = report.left_out.iter().find(|left| rules.always_told.contains(&left.who.role)) {
            wrong.push(mend("leave-out", format!("{} always gets the report.", left.who.name)));
        }
        if report.kind == ReportKind::Change && self.report_of(report.step).is_some() {
            wrong.push(mend("send", "The report of this change was sent already."));
        }
        if wrong.is_empty() { Ok(vec![Change::Issued(report)]) } else { Err(wrong) }
    }
}

fn shapes(values: &Values, level: u8, rules: &ReadinessRules, today: Date) -> Refusals {
    let known = rules.fields_at(level);
    known.filter_map(|field| shape(field, values.get(&field.id)?, today)).collect()
}
