//! Open incidents under changed rules: what differs is written once, also when a server dies in between, and asking again
//! writes nothing.

use domain::actor::Actor;
use domain::ids::IncidentId;
use domain::incident::{Command, Given, Opening, decide};
use domain::pack::{LocalId, ObligationId, PackId, SeriesId};
use domain::permission::{Action, Allowed, Role};
use domain::reference::IncidentReference;
use domain::text::Line;
use domain::time::{Instant, When};
use ground::{World, world_at};
use store::{Change, ClaimedJob, NewJob, RowChange, TenantRow};
use tocsin_app::changing::{Place, new_incident};
use tocsin_app::policies::reassess::{Because, Run};
use tocsin_app::rollups;

/// More than one stretch of a run, which is a hundred.
const OPEN: u32 = 110;

/// Tuesday, October 15, 2024, noon UTC.
const LONG_AGO: i64 = 1_728_993_600_000_000;

/// Incidents of now, each reported ten minutes ago, in one commit; the oldest first.
async fn opened(world: &World, count: u32) -> Vec<IncidentId> {
    let app = &world.app;
    let now = app.now();
    let pack = app.pack_for_report(world.unit, now).expect("a policy");
    let mut change = Change::default();
    let mut ids = Vec::new();
    for n in 1..=count {
        let mut incident = new_incident(app.draw());
        let opening = Opening {
            reference: IncidentReference::new("DMH", 2024, n),
            unit: world.unit,
            pack: pack.id.clone(),
            laws: Vec::new(),
            title: Line::parse(&format!("Number {n}")).expect("a title"),
            categories: Vec::new(),
            report: None,
            reported_at: Some(now.plus_seconds(-600)),
            occurred: When::Unknown,
            discovered_at: now.plus_seconds(-600),
            facts: Vec::new(),
            told: Vec::new(),
            noticed: None,
            in_place_of: None,
            voluntary: None,
            lead: None,
            imported: None,
        };
        let given = Given { actor: Actor::System, now, pack, laws: &[] };
        let events = decide(&incident.state, Command::Open(Box::new(opening)), given).expect("opened");
        let place = Place { tenant: world.tenant, pack, source: None };
        app.change_incident(&mut change, &mut incident, &place, &events, Actor::System, now).expect("a change");
        ids.push(incident.state.id);
    }
    change.rollups = rollups::merged(change.rollups);
    // Alarms are another story's.
    change.jobs.clear();
    app.store().commit(change).await.expect("committed");
    ids
}

fn administrator(world: &World) -> Allowed {
    world.app.allow_administering(&world.viewer_as(Role::Administrator, None), Action::Administer).expect("allowed")
}

async fn run(world: &World) -> Option<Run> {
    world.app.reassessment(world.tenant).await.expect("read")
}

/// Works until nothing is due. A worker takes what has been due for longest first, so a run before what follows from it.
async fn all_done(world: &World) {
    while world.app.do_jobs().await > 0 {}
}

/// The kinds of the entries of an incident after a version.
async fn kinds(world: &World, id: IncidentId, after: u32) -> Vec<String> {
    let rows = world.app.store().read_stream(world.tenant, id.into(), after).await.expect("read");
    rows.iter().map(|row| journal::Header::parse(&row.header).expect("a header").kind).collect()
}

async fn versions(world: &World, ids: &[IncidentId]) -> Vec<u32> {
    let mut versions = Vec::new();
    for id in ids {
        versions.push(world.app.store().incident(world.tenant, *id).await.expect("read").expect("there").version);
    }
    versions
}

/// When a duty of an incident counts as late.
async fn late(world: &World, id: IncidentId, rule: &str) -> Option<Instant> {
    let row = world.app.store().incident(world.tenant, id).await.expect("read").expect("there");
    let incident = world.app.whole_incident(&row).await.expect("read").state;
    incident.duties.get(&ObligationId::parse(rule).expect("a name")).expect("a duty").duty.due.late_after
}

/// The job that comes next, in the hands of a server that dies with it: its claim has run out already.
async fn taken_by_a_dying_server(world: &World) -> ClaimedJob {
    let jobs = world.app.store().claim_jobs(8, 0).await.expect("claimed");
    jobs.into_iter().find(|job| job.kind == "reassess").expect("a stretch waits")
}

#[tokio::test]
async fn a_changed_value_reaches_every_open_incident_once_also_when_a_server_dies() {
    let world = world_at(LONG_AGO).await;
    let ids = opened(&world, OPEN).await;
    let (first, last) = (ids[0], ids[ids.len() - 1]);
    let reported = world.app.now().plus_seconds(-600);
    // "Immediately" is 60 minutes until the agency says otherwise (Q1).
    assert_eq!(late(&world, first, "O43").await, Some(reported.plus_seconds(60 * 60)));
    let before = versions(&world, &ids).await;
    let may = administrator(&world);
    let tolerance = LocalId::parse("immediate-tolerance").expect("a name");

    let forecast = world.app.foresee_reassessment(world.tenant, |_| ()).await.expect("foreseen");
    assert_eq!((forecast.looked_at, forecast.changed), (u64::from(OPEN), 0), "nothing to do: {forecast:?}");
    world.app.set_own_value(&may, &tolerance, Some(90)).await.expect("set");
    let forecast = world.app.foresee_reassessment(world.tenant, |_| ()).await.expect("foreseen");
    assert_eq!((forecast.changed, forecast.failed), (u64::from(OPEN), 0));
    let of_each: u64 = forecast.moves.len() as u64;
    assert_eq!(forecast.moves.values().sum::<u64>(), of_each * u64::from(OPEN), "{:?}", forecast.moves);
    assert!(forecast.opens.is_empty() && forecast.meets.is_empty() && forecast.laws.is_empty());

    // The run begins; a server dies before its first stretch, and one after it has committed and before it said so.
    world.app.do_jobs().await;
    let begun = run(&world).await.expect("a run");
    assert_eq!((begun.of, begun.looked_at, begun.ended, begun.because), (u64::from(OPEN), 0, None, Because::Value));
    let stretch = taken_by_a_dying_server(&world).await;
    assert_eq!(versions(&world, &ids).await, before, "it died before it did anything");
    // Somebody else does it.
    world.app.do_jobs().await;
    assert_eq!(late(&world, last, "O43").await, Some(reported.plus_seconds(90 * 60)), "the newest come first");
    assert_eq!(late(&world, first, "O43").await, Some(reported.plus_seconds(60 * 60)), "the oldest wait");
    let again = NewJob {
        id: world.app.draw(),
        kind: stretch.kind.clone(),
        body: stretch.body.clone(),
        run_at: world.app.now(),
        key: None,
    };
    world.app.store().commit(Change { jobs: vec![again.clone()], ..Change::default() }).await.expect("committed");
    all_done(&world).await;

    let ended = run(&world).await.expect("a run");
    assert_eq!((ended.looked_at, ended.changed, ended.failed), (u64::from(OPEN), u64::from(OPEN), 0));
    assert!(ended.ended.is_some() && ended.id == begun.id);
    assert_eq!(late(&world, first, "O43").await, Some(reported.plus_seconds(90 * 60)));
    for (id, version) in ids.iter().zip(&before) {
        let told = kinds(&world, *id, *version).await;
        assert_eq!(told.len() as u64, of_each, "each duty moved once: {told:?}");
        assert!(told.iter().all(|kind| kind == "incident.duty_moved"), "{told:?}");
    }
    let rows = world.app.store().duties_of(world.tenant, first).await.expect("read");
    let row = rows.iter().find(|row| row.rule == "O43").expect("a row");
    assert_eq!(row.late_after, Some(reported.plus_seconds(90 * 60)), "lists say the same");

    // Once more, by an administrator: nothing is written. Nor by a job of the run that is over.
    let before = versions(&world, &ids).await;
    world.app.ask_reassessment(&may).await.expect("asked");
    world.app.store().commit(Change { jobs: vec![again], ..Change::default() }).await.expect("committed");
    all_done(&world).await;
    let asked = run(&world).await.expect("a run");
    assert_eq!((asked.because, asked.looked_at, asked.changed), (Because::Asked, u64::from(OPEN), 0));
    assert_eq!(versions(&world, &ids).await, before);
}

#[tokio::test]
async fn a_law_that_comes_to_bind_the_agency_binds_open_incidents_of_its_time_and_the_edition_stays() {
    let world = world_at(LONG_AGO).await;
    let ids = opened(&world, 2).await;
    let agency = world.app.directory().agency(world.tenant).expect("an agency").clone();
    let mut profile = agency.profile.clone();
    let law = "us/hipaa-breach";
    profile.policies.push(SeriesId::parse(law).expect("a series"));
    let body = serde_json::to_vec(&profile).expect("JSON");
    let row = RowChange::Tenant(TenantRow { id: world.tenant, code: agency.code.clone(), body });
    world.app.store().commit(Change { rows: vec![row], ..Change::default() }).await.expect("committed");
    for changed in [2, 0] {
        world.app.ask_reassessment(&administrator(&world)).await.expect("asked");
        all_done(&world).await;
        assert_eq!(run(&world).await.expect("a run").changed, changed);
    }
    for id in ids {
        let row = world.app.store().incident(world.tenant, id).await.expect("read").expect("there");
        let opening = world.app.whole_incident(&row).await.expect("read").state.opening.expect("opened");
        assert_eq!(opening.laws, [PackId::parse(law).expect("a name")]);
        assert_eq!(opening.pack, PackId::parse("us-mo/dmh-2016").expect("a name"), "pinned for good");
        let told = kinds(&world, id, 0).await;
        assert_eq!(told.iter().filter(|kind| *kind == "incident.laws_bound").count(), 1, "{told:?}");
    }
}
