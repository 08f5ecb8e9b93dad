//! The incident page as finished words, gathered from what is known, what happened, and its papers.

pub mod clocks;
pub mod known;
pub mod names;
pub mod next;
pub mod papers;
pub mod parts;
pub mod rules;
pub mod work;

use app::{App, Trouble};
use askama::Template;
use domain::actor::Section;
use domain::incident::{Incident, Standing, assessed};
use domain::pack::Pack;
use domain::permission::Action;

use super::decision::QuestionRow;
use super::personnel_file;
use super::sheets::{self, SheetLine};
use super::tags::{self, TagRow};
use super::{Asked, Case};
use crate::screens::staff::admin::local::SlotRow;
use crate::{
    screens::{
        frame::Choice,
        staff::{
            desk::{Desk, Staff, desks},
            duties::{DutyRow, rows},
            home::actor,
        },
    },
    times::{self, Stamp},
    typed::Typed,
};
use clocks::{CountRow, HoldRow, MomentRow};
use known::{DecisionRow, FactRow, categories, facts, imported, people, questions, severities};
use names::{STAGES, bars, entry_kinds, severity, state};
use next::{Next, next};
use papers::{DocumentRow, FileLine, FormLine};
use parts::PartRow;
use rules::{Rules, explain, rules};
use work::{EntryRow, TaskGroup};

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
    /// What the unit's plan in force says for it: who handles it, and help from outside.
    pub from_plan: Vec<(String, String)>,
    /// Whether it is closed, and can be opened again.
    pub closed: bool,
    /// Whether this person works on it.
    pub works: bool,
    /// Whether this person may say what it is, who leads it, and that its clocks stand still.
    pub directs: bool,
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
    /// What has to be known about that edition on the day of the report, or empty.
    pub remark: String,
    /// Legal bases that it can be marked with.
    pub tags: Vec<TagRow>,
    /// Documents of the policy that are used here.
    pub slots: Vec<SlotRow>,
    /// What is next, in one sentence.
    pub next: Next,
    /// Duties.
    pub duties: Vec<DutyRow>,
    /// How many are open.
    pub open_duties: usize,
    /// Whether this person may let a duty go.
    pub waives: bool,
    /// Rules that attach no duty, and why.
    pub rules: Rules,
    /// Moments that start clocks.
    pub moments: Vec<MomentRow>,
    /// What counts as discovery, law by law.
    pub discoveries: Vec<String>,
    /// Those that people may record.
    pub moment_choices: Vec<Choice>,
    /// Requests for silence.
    pub holds: Vec<HoldRow>,
    /// What such a request can pause here.
    pub regimes: Vec<Choice>,
    /// Counts of people, newest first.
    pub counts: Vec<CountRow>,
    /// What can be counted.
    pub measures: Vec<Choice>,
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
    /// What the policy wants on record, field by field.
    pub sheets: Vec<SheetLine>,
    /// How much of it is sealed for others, in words, or empty.
    pub sealed: String,
    /// “Personnel review: done …”, or empty.
    pub personnel: String,
    /// How those questions stand.
    pub asked: Vec<QuestionRow>,
    /// Playbooks that can be started: id, title, how many steps.
    pub offered: Vec<(String, String, usize)>,
    /// “Kept until …”, for everybody who reads the page.
    pub kept: String,
    /// The form, when the policy has one.
    pub form: Option<FormLine>,
    /// What was stated when it was closed: of what, and the words.
    pub statements: Vec<(String, String)>,
    /// Documents.
    pub documents: Vec<DocumentRow>,
    /// Files, the newest first; `None` for those who may not see evidence.
    pub files: Option<Vec<FileLine>>,
    /// Whether this person may add files now.
    pub adds_files: bool,
    /// How many at a time, and how large each may be.
    pub file_limits: String,
    /// The largest file, in bytes.
    pub largest_file: u64,
    /// Reports that belong to it.
    pub reports: Vec<String>,
    /// An imported record.
    pub imported: Vec<(String, String)>,
    /// Who takes part, the policy's own first.
    pub taking_part: Vec<PartRow>,
    /// Colleagues.
    pub colleagues: Vec<Choice>,
    /// Choices of severity.
    pub severities: Vec<Choice>,
    /// Choices of kind.
    pub categories: Vec<Choice>,
    /// Stages of work.
    pub stages: Vec<Choice>,
    /// The help ticket, where the policy wants one.
    pub ticket: Option<super::ticket::TicketLine>,
    /// The law that leaves the unit out of the policy, or empty.
    pub voluntary: String,
    /// The version this page shows.
    pub version: u32,
    /// The form that was refused, so that it stays open.
    pub opened: String,
    /// What was typed in it.
    pub typed: Typed,
}

desks!(IncidentPage);

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

/// How long the record is kept, in a few words.
fn kept_line(app: &App, case: &Case) -> Result<String, Trouble> {
    use domain::pack::RetainUntil;
    if case.incident.keeping.held() {
        return Ok("Held".to_owned());
    }
    Ok(match app.kept_until(&case.incident)?.until {
        RetainUntil::Day(day) => format!("Kept until {}", times::day(day)),
        RetainUntil::NoDate => "How long it is kept".to_owned(),
    })
}

/// What was stated when the incident was closed, in the order of the policy.
fn statements(incident: &Incident) -> Vec<(String, String)> {
    let Some((closing, _)) = incident.closing.as_ref().filter(|_| incident.standing == Standing::Closed) else {
        return Vec::new();
    };
    let named = |id: &domain::pack::ClosingId| {
        let words = id.as_str().replace('-', " ");
        let (first, rest) = words.split_at(words.chars().next().map_or(0, char::len_utf8));
        format!("{}{rest}", first.to_uppercase())
    };
    let made = closing.statements.iter().map(|(id, note)| (named(id), note.to_string()));
    made.chain(closing.note.iter().map(|note| ("Note".to_owned(), note.to_string()))).collect()
}

/// The duties of an incident as rows.
pub fn duties(app: &App, staff: &Staff, incident: &Incident, pack: &Pack) -> Vec<DutyRow> {
    let laws = app.laws_of_incident(incident);
    rows(incident.duties.values(), pack, &laws, |by| actor(app, by), staff.now(), &staff.zone(app))
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
        let laws = app.laws_of_incident(incident);
        let packs: Vec<&Pack> = std::iter::once(pack).chain(laws.iter().copied()).collect();
        let mut duties = duties(app, staff, incident, pack);
        let found = if opening.imported.is_some() { Vec::new() } else { assessed(incident, pack, &laws) };
        explain(&mut duties, &found);
        let moments = self.moments(&packs, now, &zone);
        let (timeline, earlier) = self.timeline(now, &zone);
        let tasks = self.tasks(pack, now, &zone);
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
            directs: self.case.directs(staff) && incident.standing == Standing::Open,
            closes: self.case.allow(staff, Action::Close, Section::Officer).is_ok(),
            excludes: self.case.allow(staff, Action::Exclude, Section::Officer).is_ok(),
            bars: incident.severity.map_or(0, bars),
            severity: incident.severity.map_or("Not judged yet", severity).to_owned(),
            kinds: self.kinds(pack),
            from_plan: self.told_by_plan(pack),
            unit: app.directory().unit(opening.unit).map(|u| u.profile.name.en.clone()).unwrap_or_default(),
            lead: incident.lead.map_or_else(|| "nobody".to_owned(), |id| app.name_of(id)),
            discovered: times::stamp(opening.discovered_at, now, &zone),
            occurred: times::when(&opening.occurred, now, &zone),
            people: people(incident),
            policy: pack.title.clone(),
            remark: pack
                .remark_on(opening.reported_at.unwrap_or(opening.discovered_at).day_in(&zone))
                .unwrap_or_default(),
            tags: tags::rows(incident, pack, &app.laws_of_incident(incident)),
            slots: app
                .slots_on(self.case.row.tenant, domain::pack::ShownOn::Incident)
                .iter()
                .map(|slot| SlotRow::of(app, staff, slot))
                .collect(),
            next,
            open_duties: duties.iter().filter(|d| d.open).count(),
            duties,
            timeline,
            earlier,
            entry_kinds: entry_kinds(),
            correcting: correct.map(|e| (e.what.id.to_string(), e.what.words.to_string())),
            open_tasks: tasks
                .iter()
                .flat_map(|g| &g.tasks)
                .filter(|t| t.done.is_empty() && t.removed.is_empty())
                .count(),
            tasks,
            systems: self.systems(pack),
            classes: pack.systems.iter().map(|s| Choice::new(s.id.as_str(), s.label.en.clone())).collect(),
            facts: facts(incident, pack, &laws),
            waives: self.case.allow(staff, Action::Waive, Section::Officer).is_ok(),
            rules: rules(&found, incident, &packs),
            moment_choices: clocks::moment_choices(&moments, &self.asked.moment),
            moments,
            discoveries: self.discoveries(&packs, now, &zone),
            holds: self.holds(&packs, now, &zone),
            regimes: clocks::regimes(&packs),
            counts: self.counts(now, &zone),
            measures: clocks::measures(),
            decisions: self.decisions(now, &zone),
            questions: questions(incident, pack),
            sheets: sheets::lines(app, staff, self.case, pack),
            sealed: sheets::sealed(incident),
            personnel: personnel_file::marker(app, staff, incident, pack),
            asked: super::decision::rows(incident, pack, &address),
            offered: domain::incident::offered(incident, pack)
                .into_iter()
                .map(|p| (p.id.to_string(), p.title.clone(), p.steps.len()))
                .collect(),
            kept: kept_line(app, self.case)?,
            form,
            statements: statements(incident),
            documents: self.documents(exports, now, &zone),
            files: self.files(now, &zone),
            adds_files: incident.standing == Standing::Open
                && self.case.allow(staff, Action::Work, Section::Evidence).is_ok(),
            file_limits: self.file_limits(),
            largest_file: app.settings().file_limit,
            reports: incident.reports.iter().map(ToString::to_string).collect(),
            imported: imported(incident),
            taking_part: self.parts(pack, now, &zone),
            colleagues: self.colleagues(),
            severities: severities(incident.severity),
            categories: categories(incident, pack),
            stages: STAGES.iter().map(|(_, name, label)| Choice::new(name, *label)).collect(),
            ticket: super::ticket::line(app, incident, pack, &address, now, &zone),
            voluntary: opening.voluntary.as_ref().map(ToString::to_string).unwrap_or_default(),
            version: incident.version,
            opened: if self.asked.moment.is_empty() { String::new() } else { "moment".to_owned() },
            typed: Typed::default(),
            reference,
            address,
            desk,
        })
    }

    fn colleagues(&self) -> Vec<Choice> {
        let directory = self.app.directory();
        let people = directory.people_of(self.case.row.tenant).into_iter().filter(|p| p.active);
        people.map(|p| Choice::new(&p.id.to_string(), p.profile.name.clone())).collect()
    }
}
