//! The engine: one incident under every rule that binds it, open incidents assessed again, the list of what is due, and the
//! check of all packs.

use super::backend::Backend;
use super::figures::{Figures, Times};
use super::{Choice, fill};
use app::App;
use app::changing::{Place, new_incident};
use app::rollups;
use domain::actor::Actor;
use domain::ids::{AccountId, IncidentId, TenantId, UnitId};
use domain::incident::{Command, Confidence, Given, Incident, Opening, PeopleCount, decide};
use domain::organisation::AgencyProfile;
use domain::pack::{LocalId, Measure, Pack, SeriesId, Words};
use domain::permission::{Action, Grant, Role, Viewer};
use domain::reference::IncidentReference;
use domain::text::Line;
use domain::time::{Instant as Moment, When, Zone};
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;
use store::{Change, DutyQuery, DutyRow, DutyStanding, IncidentRow, IncidentState, LedBy, NewJob, Store};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Everything that binds the agency of the measurement: its policy, and each law of the packs that ship.
const SERIES: [&str; 9] = [
    "us-mo/dmh",
    "us/hipaa-breach",
    "us/part2",
    "us-mo/407-1500",
    "us/cjis",
    "us/irs-1075",
    "us/ssa",
    "us/cms",
    "us/pci",
];
/// Incidents and duties of one commit while a store is filled.
const BATCH: u32 = 500;
/// Of all duties so many are due.
const DUE: u32 = 50;

/// All rows of the engine.
pub fn everything(choice: &Choice, figures: &mut Figures) -> Outcome<()> {
    if choice.wants("policy") {
        check(&choice.tocsin, figures)?;
    }
    for backend in choice.backends() {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(on(choice, figures, &backend))?;
    }
    Ok(())
}

async fn on(choice: &Choice, figures: &mut Figures, backend: &Backend) -> Outcome<()> {
    let assesses = choice.wants("assess") && matches!(backend, Backend::Embedded);
    if assesses || choice.wants("reassess") {
        let data = choice.folder.join(format!("{}-open", backend.name()));
        std::fs::create_dir_all(&data)?;
        let (store, _database) = backend.open(&data).await?;
        let agency = Agency::found(&data, store).await?;
        if assesses {
            assess(figures, &agency)?;
        }
        if choice.wants("reassess") {
            reassess(choice, figures, backend, &agency).await?;
        }
    }
    if choice.wants("due") {
        let few = due(choice, figures, backend, 10_000).await?;
        let many = due(choice, figures, backend, choice.duties).await?;
        let name = format!("{}: what is due, {} open duties over 10000", backend.name(), choice.duties);
        figures.at_most(name, many / few, "×", 2.0);
    }
    Ok(())
}

/// `tocsin policy check` of every pack, as a person runs it.
fn check(tocsin: &Path, figures: &mut Figures) -> Outcome<()> {
    let mut times = Vec::new();
    for _ in 0..5 {
        let mut command = std::process::Command::new(tocsin);
        command.args(["policy", "check"]).arg(ground::repository().join("policy")).stdout(Stdio::null());
        let before = Instant::now();
        let status = command.status()?;
        times.push(before.elapsed());
        if !status.success() {
            return Err("policy check found something to mend".into());
        }
    }
    figures.at_most("policy check of all packs", Times::new(times).at(50.0) / 1e3, "s", 1.0);
    Ok(())
}

/// An agency that many laws bind, with its administrator.
struct Agency {
    app: App,
    tenant: TenantId,
    unit: UnitId,
    administrator: Viewer,
}

impl Agency {
    async fn found(data: &Path, store: std::sync::Arc<dyn Store>) -> Outcome<Self> {
        let app = fill::open(data, store).await?;
        let words = |text: &str| Words { en: text.into(), es: text.into() };
        let profile = AgencyProfile {
            name: words("Bench Agency"),
            zone: Zone::named("America/Chicago")?,
            policies: SERIES.iter().map(|name| SeriesId::parse(name)).collect::<Result<_, _>>()?,
            edition: None,
            phone: "573-555-0142".into(),
            help_desk: None,
        };
        let (tenant, unit) = app.add_agency("BCH", &profile).await?;
        let grant = Grant {
            role: Role::Administrator,
            units: Vec::new(),
            whole_agency: true,
            from: Moment::from_micros(0),
            until: None,
        };
        let administrator = Viewer { account: app.draw::<AccountId>(), tenant, grants: vec![grant], now: app.now() };
        Ok(Self { app, tenant, unit, administrator })
    }

    fn rules(&self) -> Outcome<(&Pack, Vec<&Pack>)> {
        let now = self.app.now();
        let pack = self.app.pack_for_report(self.unit, now)?;
        Ok((pack, self.app.laws_of_unit(self.unit, now.day_in(&pack.zone))))
    }

    /// The commands that make an incident as officers leave it after its first day.
    fn first_day(&self, n: u32, pack: &Pack, laws: &[&Pack], now: Moment) -> Outcome<Vec<Command>> {
        let opening = Opening {
            reference: IncidentReference::new("BCH", 2026, n),
            unit: self.unit,
            pack: pack.id.clone(),
            laws: laws.iter().map(|law| law.id.clone()).collect(),
            title: Line::parse(&format!("Laptop number {n}"))?,
            categories: Vec::new(),
            report: None,
            reported_at: Some(now),
            occurred: When::Exact { at: now.plus_seconds(-86_400) },
            discovered_at: now.plus_seconds(-3_600),
            facts: Vec::new(),
            told: Vec::new(),
            noticed: None,
            in_place_of: None,
            voluntary: None,
            lead: None,
            imported: None,
        };
        let count = PeopleCount {
            people: u64::from(n % 2_000),
            confidence: Confidence::Estimated,
            residence: Some(Line::parse("MO")?),
            information: None,
            measure: Measure::Affected,
            low: None,
            high: None,
            as_of: None,
        };
        Ok(vec![Command::Open(Box::new(opening)), Command::CountPeople(count)])
    }
}

/// One incident under every pack that binds its unit.
fn assess(figures: &mut Figures, agency: &Agency) -> Outcome<()> {
    let (pack, laws) = agency.rules()?;
    let now = agency.app.now();
    let given = Given { actor: Actor::System, now, pack, laws: &laws };
    let mut incident = Incident::empty(agency.app.draw());
    for command in agency.first_day(1_200, pack, &laws, now)? {
        for event in decide(&incident, command, given)? {
            incident.apply(&event, Actor::System, now);
        }
    }
    let mut times = Vec::new();
    for _ in 0..2_000 {
        let before = Instant::now();
        let events = decide(&incident, Command::Reassess(Vec::new()), given)?;
        times.push(before.elapsed());
        if !events.is_empty() {
            return Err("an incident that was just assessed changes when it is assessed again".into());
        }
    }
    let times = Times::new(times);
    let what = format!("assess one incident under {} packs", laws.len() + 1);
    figures.at_most(format!("{what}, p50"), times.at(50.0), "ms", 1.0);
    figures.at_most(format!("{what}, p99"), times.at(99.0), "ms", 1.0);
    Ok(())
}

/// Open incidents when a local value changes, and once more when nothing does.
async fn reassess(choice: &Choice, figures: &mut Figures, backend: &Backend, agency: &Agency) -> Outcome<()> {
    let app = &agency.app;
    let (pack, laws) = agency.rules()?;
    for start in (0..choice.open).step_by(BATCH as usize) {
        let now = app.now();
        let mut change = Change::default();
        for n in start..choice.open.min(start + BATCH) {
            let mut incident = new_incident(app.draw());
            let given = Given { actor: Actor::System, now, pack, laws: &laws };
            let commands = agency.first_day(n + 1, pack, &laws, now)?;
            let events = domain::incident::decide_all(&incident.state, commands, given)?;
            let place = Place { tenant: agency.tenant, pack, source: None };
            app.change_incident(&mut change, &mut incident, &place, &events, Actor::System, now)?;
        }
        change.rollups = rollups::merged(change.rollups);
        app.store().commit(change).await?;
    }
    let may = app.allow_administering(&agency.administrator, Action::Administer)?;
    let name = backend.name();
    app.set_own_value(&may, &LocalId::parse("immediate-tolerance")?, Some(90)).await?;
    let (seconds, changed) = through(agency).await?;
    let hundred_thousand = |seconds: f64| seconds / f64::from(choice.open) * 1e5;
    figures.note(format!("re-assess, changed incidents per second ({name} {})", choice.open), changed / seconds, "/s");
    figures.at_most(
        format!("re-assess 100000 open incidents that all change ({name})"),
        hundred_thousand(seconds),
        "s",
        60.0,
    );
    app.ask_reassessment(&may).await?;
    let (seconds, changed) = through(agency).await?;
    if changed > 0.0 {
        return Err("assessed a second time, incidents changed".into());
    }
    figures.at_most(
        format!("re-assess 100000 open incidents, none changes ({name})"),
        hundred_thousand(seconds),
        "s",
        60.0,
    );
    Ok(())
}

/// Works until the run is through; its seconds, and how many incidents changed.
async fn through(agency: &Agency) -> Outcome<(f64, f64)> {
    let before = Instant::now();
    let earlier = agency.app.reassessment(agency.tenant).await?.map(|run| run.id);
    loop {
        agency.app.do_jobs().await;
        if let Some(run) = agency.app.reassessment(agency.tenant).await?
            && Some(run.id) != earlier
            && run.ended.is_some()
        {
            return Ok((before.elapsed().as_secs_f64(), run.changed as f64));
        }
    }
}

/// Asks for what is due among so many open duties: the page of a list, and the worker's own look. Gives the slower of the
/// two, in milliseconds.
async fn due(choice: &Choice, figures: &mut Figures, backend: &Backend, duties: u32) -> Outcome<f64> {
    let data = choice.folder.join(format!("{}-due-{duties}", backend.name()));
    std::fs::create_dir_all(&data)?;
    let (store, _database) = backend.open(&data).await?;
    let app = fill::open(&data, store).await?;
    let profile = AgencyProfile {
        name: Words { en: "Bench Agency".into(), es: "Bench Agency".into() },
        zone: Zone::named("America/Chicago")?,
        policies: vec![SeriesId::parse("us-mo/dmh")?],
        edition: None,
        phone: "573-555-0142".into(),
        help_desk: None,
    };
    let (tenant, unit) = app.add_agency("BCH", &profile).await?;
    let now = app.now();
    let lead: AccountId = app.draw();
    for start in (0..duties).step_by(BATCH as usize) {
        let mut change = Change::default();
        for n in start..duties.min(start + BATCH) {
            let incident: IncidentId = app.draw();
            change.incidents.push(row(tenant, unit, incident, n, now));
            // What is due lies scattered among the rest, which is due later, in no order.
            let seconds = if n % (duties / DUE).max(1) == 0 {
                -60
            } else {
                86_400 + i64::from(n.wrapping_mul(7_919) % 9_000_000)
            };
            change.duties.push(duty(tenant, unit, incident, lead, now.plus_seconds(seconds)));
            let key = Some(format!("bench/{n}"));
            let run_at = now.plus_seconds(seconds.max(3_600));
            change.jobs.push(NewJob { id: app.draw(), kind: "bench".into(), body: b"{}".to_vec(), run_at, key });
        }
        app.store().commit(change).await?;
    }
    let query = DutyQuery {
        tenant,
        units: Some(vec![unit]),
        led_by: LedBy::Anyone,
        standing: DutyStanding::Open,
        from: i64::MIN,
        until: now.micros(),
        viewer: app.draw(),
        after: None,
        limit: DUE * 2,
    };
    let (mut listed, mut claimed) = (Vec::new(), Vec::new());
    for _ in 0..200 {
        let before = Instant::now();
        let found = app.store().list_duties(&query).await?.len();
        listed.push(before.elapsed());
        if found < DUE as usize {
            return Err(format!("{found} duties are due where {DUE} were filed").into());
        }
        let before = Instant::now();
        let jobs = app.store().claim_jobs(8, 60).await?.len();
        claimed.push(before.elapsed());
        if jobs > 0 {
            return Err("no job is due".into());
        }
    }
    let (listed, claimed) = (Times::new(listed), Times::new(claimed));
    let name = format!("({} {duties})", backend.name());
    figures.note(format!("list {DUE} due duties, p50 {name}"), listed.at(50.0), "ms");
    figures.note(format!("look for due jobs, p50 {name}"), claimed.at(50.0), "ms");
    Ok(listed.at(50.0).max(claimed.at(50.0)))
}

fn row(tenant: TenantId, unit: UnitId, id: IncidentId, n: u32, now: Moment) -> IncidentRow {
    IncidentRow {
        id,
        n: 0,
        tenant,
        unit,
        reference: format!("BCH-2026-{n:07}"),
        opened_at: now,
        state: IncidentState::Open,
        lead: None,
        next_due: None,
        source: None,
        version: 1,
        summary: vec![0; 180],
    }
}

fn duty(tenant: TenantId, unit: UnitId, incident: IncidentId, lead: AccountId, due: Moment) -> DutyRow {
    DutyRow {
        incident,
        rule: "O47".into(),
        tenant,
        unit,
        lead: Some(lead),
        pack: "us-mo/dmh-2016".into(),
        standing: DutyStanding::Open,
        due: Some(due),
        late_after: Some(due),
        since: Some(due),
        whole_day: true,
        excused: false,
        answered_at: None,
    }
}
