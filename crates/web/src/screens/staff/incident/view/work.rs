//! What happened and what is to be done: the timeline and the tasks of an incident as rows.

use domain::ids::TaskId;
use domain::incident::{Doer, EntryKind, FieldValue, Incident, SheetEntry, Stage, TaskState, step_of};
use domain::pack::{Pack, SheetField};
use domain::time::{Instant, When, Zone};

use super::super::sheets::words;
use super::Sight;
use super::names::{STAGES, entry_kind, observable};
use crate::{
    screens::staff::home::actor,
    times::{self, Stamp},
};

/// Entries of the timeline on the page; the rest a click away.
const ENTRIES: usize = 50;

/// An entry of the timeline.
#[derive(Debug, Clone)]
pub struct EntryRow {
    /// Its id.
    pub id: String,
    /// When it happened.
    pub happened: Stamp,
    /// When it was recorded, where that differs.
    pub recorded: Stamp,
    /// What kind of thing it tells.
    pub kind: &'static str,
    /// The words.
    pub words: String,
    /// Whether it is a pasted log.
    pub log: bool,
    /// Addresses, names and sums: kind and value.
    pub observables: Vec<(&'static str, String)>,
    /// The legal bases that went along with a disclosure.
    pub tags: Vec<String>,
    /// By whom.
    pub by: String,
    /// Who did it, where that was before officers took over; or empty.
    pub doer: &'static str,
    /// Whether a later entry corrects it.
    pub corrected: bool,
    /// Whether it corrects an earlier one.
    pub corrects: bool,
    /// Whether it is one that people wrote, and can be corrected.
    pub correctable: bool,
}

/// Tasks of one stage.
#[derive(Debug, Clone)]
pub struct TaskGroup {
    /// “Contain”
    pub stage: &'static str,
    /// Its tasks.
    pub tasks: Vec<TaskRow>,
}

/// A task.
#[derive(Debug, Clone)]
pub struct TaskRow {
    /// Its id.
    pub id: String,
    /// What is to be done.
    pub title: String,
    /// Who does it.
    pub owner: String,
    /// By when, or empty.
    pub due: String,
    /// Whether that has passed.
    pub late: bool,
    /// How it ended, or empty.
    pub done: String,
    /// Taken out by whom, when and why, or empty.
    pub removed: String,
    /// The playbook it came from and the office that does it, or empty.
    pub origin: String,
    /// What the clauses behind it are, or empty.
    pub cite: String,
    /// The field for the reason of taking it out.
    pub field: String,
}

/// Who did something, as the timeline says it.
const fn doer(doer: Doer) -> &'static str {
    match doer {
        Doer::User => "done by the person who reported",
        Doer::TechnicalStaff => "done by technical staff",
        Doer::OutsideParty => "done by an outside party",
    }
}

/// In the order in which it happened; what has only a day or no time stands where it was recorded.
fn place_of(happened: &When, recorded: Instant, zone: &Zone) -> i64 {
    match happened {
        When::Exact { at } | When::About { at } => at.micros(),
        When::Day { on } => zone.end_of_day(*on).min(recorded).micros(),
        When::Unknown => recorded.micros(),
    }
}

impl Sight<'_> {
    /// The newest entries, and how many earlier ones are not on the page.
    pub(super) fn timeline(&self, now: Instant, zone: &Zone) -> (Vec<EntryRow>, usize) {
        let incident = &self.case.incident;
        let all = self.asked.timeline == "all";
        let shown = if all { usize::MAX } else { ENTRIES };
        let noted = incident.timeline.iter().map(|entry| {
            let what = &entry.what;
            let happened = times::when(&what.happened, now, zone);
            let recorded = times::short(entry.at, now, zone);
            let row = EntryRow {
                id: what.id.to_string(),
                kind: entry_kind(what.kind),
                words: what.words.to_string(),
                log: what.kind == EntryKind::Log,
                observables: what.observables.iter().map(|o| (observable(o.kind), o.value.clone())).collect(),
                tags: what.tags.iter().map(ToString::to_string).collect(),
                by: actor(self.app, entry.by),
                doer: what.doer.map_or("", doer),
                corrected: incident.corrected(what.id),
                corrects: what.corrects.is_some(),
                correctable: true,
                happened,
                recorded,
            };
            (place_of(&what.happened, entry.at, zone), row)
        });
        let mut rows: Vec<(i64, EntryRow)> = noted.rev().chain(self.told_by_sheets(now, zone)).collect();
        rows.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let earlier = rows.len().saturating_sub(shown);
        (rows.into_iter().take(shown).map(|(_, row)| row).collect(), earlier)
    }

    /// Entries of sheets that the policy puts into the timeline, each with its place in it.
    fn told_by_sheets(&self, now: Instant, zone: &Zone) -> Vec<(i64, EntryRow)> {
        let incident = &self.case.incident;
        let Ok(pack) = self.app.pack_of_incident(incident) else { return Vec::new() };
        let told = |entry: &SheetEntry| {
            let sheet = pack.sheet(&entry.sheet)?;
            let FieldValue::Time(when) = entry.values.get(sheet.on_timeline.as_ref()?)? else { return None };
            let first = entry.fillings.first()?;
            let field = |field: &SheetField| {
                let value = entry.values.get(&field.id)?;
                Some(format!("{} {}", field.label, words(self.app, field, value, self.staff, zone)))
            };
            let fields: Vec<String> = sheet.fields.iter().filter_map(field).collect();
            let row = EntryRow {
                id: entry.id.to_string(),
                kind: "On record",
                words: format!("{}\n{}", sheet.title, fields.join("\n")),
                log: false,
                observables: Vec::new(),
                tags: Vec::new(),
                by: actor(self.app, first.by),
                doer: "",
                corrected: entry.struck.is_some(),
                corrects: false,
                correctable: false,
                happened: times::when(when, now, zone),
                recorded: times::short(first.at, now, zone),
            };
            Some((place_of(when, first.at, zone), row))
        };
        incident.sheets.iter().filter_map(told).collect()
    }

    /// Tasks by stage of the work.
    pub(super) fn tasks(&self, pack: &Pack, now: Instant, zone: &Zone) -> Vec<TaskGroup> {
        let today = now.day_in(zone);
        let row = |t: &TaskState| TaskRow {
            id: t.task.id.to_string(),
            title: t.task.title.to_string(),
            owner: t.task.owner.map_or_else(|| "nobody yet".to_owned(), |id| self.app.name_of(id)),
            due: t.task.due.map(times::day).unwrap_or_default(),
            late: t.done.is_none() && t.task.due.is_some_and(|due| due < today),
            done: t.done.as_ref().map_or_else(String::new, |done| {
                let note = done.what.as_ref().map(|n| format!(" – {}", n.gist(160))).unwrap_or_default();
                format!("Done {} by {}{note}", times::short(done.at, now, zone).words, actor(self.app, done.by))
            }),
            removed: t.removed.as_ref().map_or_else(String::new, |out| {
                let at = times::short(out.at, now, zone).words;
                format!("Taken out {at} by {}: {}", actor(self.app, out.by), out.what.gist(300))
            }),
            origin: step_of(&self.case.incident, pack, t.task.id).map_or_else(String::new, |(playbook, step)| {
                let office = pack.role(&step.role).map_or(step.role.as_str(), |role| role.title.en.as_str());
                format!("{office} · {}", playbook.title)
            }),
            cite: t
                .task
                .clauses
                .iter()
                .filter_map(|id| pack.clause(id))
                .map(|c| c.cite.as_str())
                .collect::<Vec<_>>()
                .join("; "),
            field: format!("why-{}", t.task.id),
        };
        let of = |stage: Stage| {
            let mut tasks: Vec<&TaskState> =
                self.case.incident.tasks.values().filter(|t| t.task.stage == stage).collect();
            // Steps of a playbook in its order, then what was set by hand in order of setting.
            tasks.sort_by_key(|t| (place(&self.case.incident, pack, t.task.id), t.task.id));
            tasks.into_iter()
        };
        STAGES
            .iter()
            .map(|(stage, _, label)| TaskGroup { stage: label, tasks: of(*stage).map(row).collect() })
            .filter(|group| !group.tasks.is_empty())
            .collect()
    }
}

/// Where a step stands in its playbook; tasks that came from nowhere stand last.
fn place(incident: &Incident, pack: &Pack, task: TaskId) -> (usize, usize) {
    let Some((playbook, step)) = step_of(incident, pack, task) else { return (usize::MAX, 0) };
    let book = pack.playbooks.iter().position(|p| p.id == playbook.id).unwrap_or(usize::MAX);
    (book, playbook.steps.iter().position(|s| s.id == step.id).unwrap_or(usize::MAX))
}
