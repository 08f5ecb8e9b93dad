//! The incident page as finished words.

use app::{App, Trouble};
use askama::Template;
use domain::actor::{Actor, Section};
use domain::incident::{Confidence, EntryKind, FactValue, Incident, Severity, Stage, Standing, TaskState};
use domain::pack::{FactKind, Pack};
use domain::permission::Action;
use domain::time::{Instant, Zone};

use super::{Asked, Case};
use crate::{
    screens::{
        frame::Choice,
        staff::{
            desk::{Desk, Staff, desks},
            duties::{DutyRow, Mark, rows},
            home::actor,
            report::{File, file},
        },
    },
    times::{self, Stamp},
    typed::{Typed, thousands},
};

/// Entries of the timeline on the page; the rest a click away.
const ENTRIES: usize = 50;

/// `/incidents/{reference}`
#[derive(Debug, Template)]
#[template(path = "staff/incident.html")]
pub struct IncidentPage {
    /// The desk.
    pub desk: Desk,
    /// `DMH-2026-0147`
    pub reference: String,
    /// `/incidents/DMH-2026-0147`
    pub address: String,
    /// What it is called.
    pub title: String,
    /// “Open”
    pub state: String,
    /// Whether it can be worked on now.
    pub open: bool,
    /// Whether it is closed, and can be opened again.
    pub closed: bool,
    /// Whether this person works on it.
    pub works: bool,
    /// Whether this person may close it.
    pub closes: bool,
    /// Whether this person may keep somebody from learning of it.
    pub excludes: bool,
    /// 0 when nobody has judged; else 1 to 4 bars.
    pub bars: u8,
    /// “High”, “Not judged yet”
    pub severity: String,
    /// Its kinds.
    pub kinds: String,
    /// The unit.
    pub unit: String,
    /// Who leads it.
    pub lead: String,
    /// When it was discovered.
    pub discovered: Stamp,
    /// When it happened.
    pub occurred: Stamp,
    /// “312 people (estimated)”
    pub people: String,
    /// The policy edition.
    pub policy: String,
    /// What is next, in one sentence.
    pub next: Next,
    /// Duties.
    pub duties: Vec<DutyRow>,
    /// How many are open.
    pub open_duties: usize,
    /// The timeline, newest first.
    pub timeline: Vec<EntryRow>,
    /// Entries that are not on the page.
    pub earlier: usize,
    /// The kinds an entry can be of.
    pub entry_kinds: Vec<Choice>,
    /// The entry being corrected: id and its words.
    pub correcting: Option<(String, String)>,
    /// Tasks by stage.
    pub tasks: Vec<TaskGroup>,
    /// Open tasks.
    pub open_tasks: usize,
    /// Systems affected.
    pub systems: Vec<String>,
    /// Classes of systems.
    pub classes: Vec<Choice>,
    /// Questions of the policy.
    pub facts: Vec<FactRow>,
    /// Decisions.
    pub decisions: Vec<DecisionRow>,
    /// Questions that the policy wants decided.
    pub questions: Vec<Choice>,
    /// The form, when the policy has one.
    pub form: Option<FormLine>,
    /// Documents.
    pub documents: Vec<DocumentRow>,
    /// Files; `None` for those who may not see evidence.
    pub files: Option<Vec<File>>,
    /// Reports: address and words.
    pub reports: usize,
    /// An imported record.
    pub imported: Vec<(String, String)>,
    /// Colleagues.
    pub colleagues: Vec<Choice>,
    /// Choices of severity.
    pub severities: Vec<Choice>,
    /// Choices of kind.
    pub categories: Vec<Choice>,
    /// Stages of work.
    pub stages: Vec<Choice>,
    /// The version this page shows.
    pub version: u32,
    /// The form that was refused, so that it stays open.
    pub opened: String,
    /// What was typed in it.
    pub typed: Typed,
}

desks!(IncidentPage);

/// The most useful thing to do next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Next {
    /// The sentence.
    pub words: String,
    /// Where to do it.
    pub href: String,
    /// The button.
    pub label: String,
}

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
    /// By whom.
    pub by: String,
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
}

/// A question of the policy with its answer.
#[derive(Debug, Clone)]
pub struct FactRow {
    /// Its name.
    pub id: String,
    /// The question.
    pub asks: String,
    /// The answer in words.
    pub answer: String,
    /// `yes`, `no`, `unknown`, or empty.
    pub value: &'static str,
    /// The number, or empty.
    pub count: String,
    /// What is counted; empty for a yes-or-no question.
    pub unit: String,
}

/// A decision.
#[derive(Debug, Clone)]
pub struct DecisionRow {
    /// The question.
    pub question: String,
    /// What was decided.
    pub outcome: String,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: String,
    /// When.
    pub at: Stamp,
}

/// The state of the form in one line.
#[derive(Debug, Clone, Default)]
pub struct FormLine {
    /// Its name.
    pub title: String,
    /// “9 of 14 boxes filled”
    pub filled: String,
    /// Boxes filled in percent.
    pub percent: u32,
    /// Who has signed.
    pub signed: Vec<String>,
}

/// An issued document.
#[derive(Debug, Clone)]
pub struct DocumentRow {
    /// What it is.
    pub kind: &'static str,
    /// The file.
    pub file: File,
    /// Version of the incident it shows.
    pub version: u32,
    /// By whom.
    pub by: String,
    /// When.
    pub at: Stamp,
}

/// What the page is made of.
pub struct Sight<'a> {
    /// The application.
    pub app: &'a App,
    /// Who looks.
    pub staff: &'a Staff,
    /// At what.
    pub case: &'a Case,
    /// How.
    pub asked: &'a Asked,
}

/// The duties of an incident as rows.
pub fn duties(app: &App, staff: &Staff, incident: &Incident, pack: &Pack) -> Vec<DutyRow> {
    rows(incident.duties.values(), pack, |by| actor(app, by), staff.now(), &staff.zone(app))
}

impl Sight<'_> {
    /// The page.
    pub fn page(&self) -> Result<IncidentPage, Trouble> {
        let (app, staff, incident) = (self.app, self.staff, &self.case.incident);
        let (now, zone) = (staff.now(), staff.zone(app));
        let opening = incident.opening.as_ref().ok_or(Trouble::NotFound)?;
        let pack = app.pack_of_incident(incident)?;
        let reference = self.case.row.reference.clone();
        let address = format!("/incidents/{reference}");
        let duties = duties(app, staff, incident, pack);
        let (timeline, earlier) = self.timeline(now, &zone);
        let tasks = self.tasks(now, &zone);
        let works = self.case.works(staff) && incident.standing == Standing::Open;
        let form = self.form(pack);
        let next = next(&duties, incident, form.as_ref(), &address);
        let desk = staff.desk(app, format!("{reference} {}", opening.title)).under("/incidents", "Incidents");
        let correct = incident.timeline.iter().find(|e| e.what.id.to_string() == self.asked.correct);
        let exports = self.case.allow(staff, Action::Export, Section::Officer).is_ok();
        Ok(IncidentPage {
            title: opening.title.to_string(),
            state: state(incident.standing).to_owned(),
            open: incident.standing == Standing::Open,
            closed: incident.standing == Standing::Closed,
            works,
            closes: self.case.allow(staff, Action::Close, Section::Officer).is_ok(),
            excludes: self.case.allow(staff, Action::Exclude, Section::Officer).is_ok(),
            bars: incident.severity.map_or(0, bars),
            severity: incident.severity.map_or("Not judged yet", severity).to_owned(),
            kinds: self.kinds(pack),
            unit: app.directory().unit(opening.unit).map(|u| u.profile.name.en.clone()).unwrap_or_default(),
            lead: incident.lead.map_or_else(|| "nobody".to_owned(), |id| app.name_of(id)),
            discovered: times::stamp(opening.discovered_at, now, &zone),
            occurred: times::when(&opening.occurred, now, &zone),
            people: people(incident),
            policy: pack.title.clone(),
            next,
            open_duties: duties.iter().filter(|d| d.open).count(),
            duties,
            timeline,
            earlier,
            entry_kinds: entry_kinds(),
            correcting: correct.map(|e| (e.what.id.to_string(), e.what.words.to_string())),
            open_tasks: tasks.iter().flat_map(|g| &g.tasks).filter(|t| t.done.is_empty()).count(),
            tasks,
            systems: self.systems(pack),
            classes: pack.systems.iter().map(|s| Choice::new(s.id.as_str(), s.label.en.clone())).collect(),
            facts: facts(incident, pack),
            decisions: self.decisions(now, &zone),
            questions: questions(incident, pack),
            form,
            documents: self.documents(exports, now, &zone),
            files: self.files(),
            reports: incident.reports.len(),
            imported: imported(incident),
            colleagues: self.colleagues(),
            severities: severities(incident.severity),
            categories: categories(incident, pack),
            stages: STAGES.iter().map(|(_, name, label)| Choice::new(name, *label)).collect(),
            version: incident.version,
            opened: String::new(),
            typed: Typed::default(),
            reference,
            address,
            desk,
        })
    }

    fn kinds(&self, pack: &Pack) -> String {
        let Some(opening) = &self.case.incident.opening else { return String::new() };
        let own = opening.categories.iter().filter_map(|id| pack.category(id)).map(|c| c.label.en.clone());
        let source = opening.imported.iter().flat_map(|r| r.kinds.iter().map(ToString::to_string));
        own.chain(source).collect::<Vec<_>>().join(", ")
    }

    fn timeline(&self, now: Instant, zone: &Zone) -> (Vec<EntryRow>, usize) {
        let incident = &self.case.incident;
        let all = self.asked.timeline == "all";
        let shown = if all { usize::MAX } else { ENTRIES };
        let newest_first = incident.timeline.iter().rev();
        let rows = newest_first.take(shown).map(|entry| {
            let what = &entry.what;
            let happened = times::when(&what.happened, now, zone);
            let recorded = times::short(entry.at, now, zone);
            EntryRow {
                id: what.id.to_string(),
                kind: entry_kind(what.kind),
                words: what.words.to_string(),
                log: what.kind == EntryKind::Log,
                observables: what.observables.iter().map(|o| (observable(o.kind), o.value.clone())).collect(),
                by: actor(self.app, entry.by),
                corrected: incident.corrected(what.id),
                corrects: what.corrects.is_some(),
                correctable: true,
                happened,
                recorded,
            }
        });
        (rows.collect(), incident.timeline.len().saturating_sub(shown))
    }

    fn tasks(&self, now: Instant, zone: &Zone) -> Vec<TaskGroup> {
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
        };
        let of = |stage: Stage| self.case.incident.tasks.values().filter(move |t| t.task.stage == stage);
        STAGES
            .iter()
            .map(|(stage, _, label)| TaskGroup { stage: label, tasks: of(*stage).map(row).collect() })
            .filter(|group| !group.tasks.is_empty())
            .collect()
    }

    fn systems(&self, pack: &Pack) -> Vec<String> {
        let class = |id: &domain::pack::SystemId| pack.systems.iter().find(|c| c.id == *id).map(|c| c.label.en.clone());
        let words = |s: &domain::incident::AffectedSystem| match s.class.as_ref().and_then(class) {
            Some(class) => format!("{} ({class})", s.description),
            None => s.description.to_string(),
        };
        self.case.incident.systems.iter().map(words).collect()
    }

    fn decisions(&self, now: Instant, zone: &Zone) -> Vec<DecisionRow> {
        let row = |d: &domain::incident::Recorded<domain::incident::Decision>| DecisionRow {
            question: d.what.question.to_string(),
            outcome: d.what.outcome.to_string(),
            reason: d.what.reason.to_string(),
            by: actor(self.app, d.by),
            at: times::short(d.at, now, zone),
        };
        self.case.incident.decisions.iter().rev().map(row).collect()
    }

    fn form(&self, pack: &Pack) -> Option<FormLine> {
        use domain::form::Party;
        use domain::pack::{BoxKind, FormPart};
        let form = pack.forms.first()?;
        let filled = &self.case.incident.form;
        // What the report alone knows is counted on the form's own page; here its reading would cost two statements.
        let links = app::form::linked(&self.case.incident, None, "–", pack);
        let wanted = || form.boxes.iter().filter(|b| b.part != FormPart::Hr && b.kind != BoxKind::Instruction);
        let done = wanted()
            .filter(|b| match form.signs(&b.id) {
                Some(party) => filled.signed_by(party).is_some() || filled.boxes.contains_key(&b.id),
                None => {
                    filled.boxes.contains_key(&b.id)
                        || filled.not_applicable.contains_key(&b.id)
                        || links.contains_key(&b.id)
                }
            })
            .count();
        let signed = Party::ALL.iter().filter(|p| **p != Party::HumanResources).filter_map(|p| {
            let (signature, at) = filled.signed_by(*p)?;
            let at = times::short(*at, self.staff.now(), &self.staff.zone(self.app)).words;
            Some(format!("{}, {}, {at}", signature.name, signature.capacity))
        });
        let all = wanted().count();
        Some(FormLine {
            title: form.title.en.clone(),
            filled: format!("{done} of {all} boxes filled"),
            percent: u32::try_from(done * 100 / all.max(1)).unwrap_or(0),
            signed: signed.collect(),
        })
    }

    fn documents(&self, exports: bool, now: Instant, zone: &Zone) -> Vec<DocumentRow> {
        use domain::incident::DocumentKind;
        let reference = &self.case.row.reference;
        let officers = self.case.incident.documents.iter().filter(|d| d.what.kind != DocumentKind::PersonnelCopy);
        let row = |d: &domain::incident::Recorded<domain::incident::Document>| DocumentRow {
            kind: match d.what.kind {
                DocumentKind::SecurityIncidentReport => "Report of Security Incident",
                DocumentKind::PersonnelCopy => "Copy for human resources",
                DocumentKind::Brief => "Brief",
            },
            file: file(&d.what.file, exports.then_some(reference)),
            version: d.what.of_version,
            by: actor(self.app, d.by),
            at: times::short(d.at, now, zone),
        };
        officers.rev().map(row).collect()
    }

    fn files(&self) -> Option<Vec<File>> {
        self.case.allow(self.staff, Action::Read, Section::Evidence).ok()?;
        let copies = self.case.allow(self.staff, Action::Export, Section::Evidence).is_ok();
        let of = copies.then_some(&self.case.row.reference);
        Some(self.case.incident.files.iter().map(|f| file(&f.what, of)).collect())
    }

    fn colleagues(&self) -> Vec<Choice> {
        let directory = self.app.directory();
        let people = directory.people_of(self.case.row.tenant).into_iter().filter(|p| p.active);
        people.map(|p| Choice::new(&p.id.to_string(), p.profile.name.clone())).collect()
    }
}

/// The most useful thing to do next. Depends on nothing but its arguments.
pub fn next(duties: &[DutyRow], incident: &Incident, form: Option<&FormLine>, address: &str) -> Next {
    let at = |words: String, href: String, label: &str| Next { words, href, label: label.to_owned() };
    if incident.standing != Standing::Open {
        return at("Nothing: the work on this incident has ended.".to_owned(), String::new(), "");
    }
    let urgent = duties.iter().filter(|d| d.open).find(|d| matches!(d.mark, Mark::Overdue | Mark::Soon));
    if let Some(duty) = urgent {
        let words = format!("{}. {}, owed by {}.", duty.title.trim_end_matches('.'), duty.says, lower(&duty.owed_by));
        return if duty.by_form {
            at(words, format!("{address}/form"), "Open the form")
        } else {
            at(words, format!("#duty-{}", duty.rule), "Record it")
        };
    }
    if incident.severity.is_none() {
        return at("Judge how bad this is.".to_owned(), "#describe".to_owned(), "Judge");
    }
    let dated = duties.iter().find(|d| d.open && d.mark == Mark::OnTrack);
    match (dated, form) {
        (Some(duty), _) if duty.by_form => at(
            format!("{}. {}.", duty.title.trim_end_matches('.'), duty.says),
            format!("{address}/form"),
            "Open the form",
        ),
        (Some(duty), _) => at(
            format!("{}. {}.", duty.title.trim_end_matches('.'), duty.says),
            format!("#duty-{}", duty.rule),
            "Record it",
        ),
        (None, _) if duties.iter().any(|d| d.open) => {
            at("Answer for the duties that have no date.".to_owned(), "#duties".to_owned(), "Look")
        }
        (None, _) => at("Every duty is answered for. Close it.".to_owned(), format!("{address}/close"), "Close…"),
    }
}

fn lower(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map(|c| c.to_lowercase().to_string() + letters.as_str()).unwrap_or_default()
}

fn people(incident: &Incident) -> String {
    match &incident.people {
        None => "not counted yet".to_owned(),
        Some(count) => {
            let sure = match count.confidence {
                Confidence::Counted => "counted",
                Confidence::Estimated => "estimated",
            };
            let of = count.residence.as_ref().map(|r| format!(", living in {r}")).unwrap_or_default();
            let noun = if count.people == 1 { "person" } else { "people" };
            format!("{} {noun} ({sure}{of})", thousands(count.people))
        }
    }
}

fn facts(incident: &Incident, pack: &Pack) -> Vec<FactRow> {
    let row = |fact: &domain::pack::Fact| {
        let known = incident.answers.get(&fact.id).map(|(value, _)| *value);
        let (value, answer, count) = match known {
            Some(FactValue::Yes) => ("yes", "Yes".to_owned(), String::new()),
            Some(FactValue::No) => ("no", "No".to_owned(), String::new()),
            Some(FactValue::Unknown) => ("unknown", "Not known yet".to_owned(), String::new()),
            Some(FactValue::Count(n)) => ("count", thousands(n), n.to_string()),
            None => ("", "Not asked yet".to_owned(), String::new()),
        };
        let unit = match &fact.kind {
            FactKind::YesNo => String::new(),
            FactKind::Count { unit } => unit.clone(),
        };
        FactRow { id: fact.id.to_string(), asks: fact.asks.clone(), answer, value, count, unit }
    };
    pack.facts.iter().map(row).collect()
}

fn questions(incident: &Incident, pack: &Pack) -> Vec<Choice> {
    let facts = domain::incident::facts(incident);
    let put = pack.decisions.iter().filter(|d| facts.has(d.trigger.on) && facts.satisfy(&d.trigger.when));
    put.map(|d| Choice::new(d.id.as_str(), d.asks.clone())).collect()
}

fn categories(incident: &Incident, pack: &Pack) -> Vec<Choice> {
    let chosen = incident.opening.as_ref().map(|o| o.categories.as_slice()).unwrap_or_default();
    let choice =
        |c: &domain::pack::Category| Choice::new(c.id.as_str(), c.label.en.clone()).chosen_if(chosen.contains(&c.id));
    pack.categories.iter().map(choice).collect()
}

fn severities(now: Option<Severity>) -> Vec<Choice> {
    SEVERITIES
        .iter()
        .map(|(value, name, label, hint)| Choice::new(name, *label).hint(*hint).chosen_if(now == Some(*value)))
        .collect()
}

fn imported(incident: &Incident) -> Vec<(String, String)> {
    let Some(record) = incident.opening.as_ref().and_then(|o| o.imported.as_ref()) else { return Vec::new() };
    let list = |lines: &[domain::text::Line<120>]| lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let optional = |line: Option<&domain::text::Line<120>>| line.map(ToString::to_string).unwrap_or_default();
    [
        ("Imported from", record.source.to_string()),
        ("Record", record.record.to_string()),
        ("Reported there by", record.author.to_string()),
        ("Submitted there", times::day(record.submitted)),
        ("Where the information was", list(&record.locations)),
        ("State", record.place.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("Kind of organization", optional(record.organisation.as_ref())),
        ("What it says", record.narrative.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("Changed on the way in", record.remarks.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    ]
    .into_iter()
    .filter(|(_, words)| !words.is_empty())
    .map(|(label, words)| (label.to_owned(), words))
    .collect()
}

/// Severities with the name used in forms.
pub const SEVERITIES: [(Severity, &str, &str, &str); 4] = [
    (Severity::Low, "low", "Low", "Little harm, contained."),
    (Severity::Medium, "medium", "Medium", "Some harm, or not yet contained."),
    (Severity::High, "high", "High", "Much harm, or many people."),
    (Severity::Critical, "critical", "Critical", "The agency cannot do its work, or lives are touched."),
];

/// Stages with the name used in forms.
pub const STAGES: [(Stage, &str, &str); 5] = [
    (Stage::Contain, "contain", "Contain"),
    (Stage::Investigate, "investigate", "Investigate"),
    (Stage::Recover, "recover", "Recover"),
    (Stage::Notify, "notify", "Notify"),
    (Stage::Close, "close", "Close"),
];

/// Kinds of entries with the name used in forms.
pub const KINDS: [(EntryKind, &str, &str); 5] = [
    (EntryKind::Note, "note", "Note"),
    (EntryKind::Action, "action", "Something done"),
    (EntryKind::Finding, "finding", "Something found out"),
    (EntryKind::Contact, "contact", "Somebody spoken to"),
    (EntryKind::Log, "log", "Pasted log or message"),
];

/// The kinds as choices.
pub fn entry_kinds() -> Vec<Choice> {
    KINDS.iter().map(|(kind, name, label)| Choice::new(name, *label).chosen_if(*kind == EntryKind::Note)).collect()
}

/// A kind as one reads it in the timeline.
pub const fn entry_kind(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Note => "note",
        EntryKind::Action => "action",
        EntryKind::Finding => "finding",
        EntryKind::Contact => "contact",
        EntryKind::Log => "log",
    }
}

/// An observable's kind as one reads it.
pub const fn observable(kind: domain::observable::ObservableKind) -> &'static str {
    use domain::observable::ObservableKind;
    match kind {
        ObservableKind::Address => "address",
        ObservableKind::Url => "web address",
        ObservableKind::Mailbox => "mailbox",
        ObservableKind::Domain => "domain",
        ObservableKind::Hash => "hash",
    }
}

/// Where an incident stands, in a word.
pub const fn state(standing: Standing) -> &'static str {
    match standing {
        Standing::Open => "Open",
        Standing::Closed => "Closed",
        Standing::Withdrawn => "Withdrawn",
    }
}

const fn bars(severity: Severity) -> u8 {
    match severity {
        Severity::Low => 1,
        Severity::Medium => 2,
        Severity::High => 3,
        Severity::Critical => 4,
    }
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "Low",
        Severity::Medium => "Medium",
        Severity::High => "High",
        Severity::Critical => "Critical",
    }
}

/// Who did something, for other pages of the incident.
pub fn named(app: &App, by: Actor) -> String {
    actor(app, by)
}
