//! Fills a store through the application's own use cases: one agency, one officer, so many incidents.

use app::changing::{Place, new_incident};
use app::directory::Profile;
use app::sign_in::{Password, SessionNote};
use app::submit_report::Filing;
use app::{App, MailRoute, Settings};
use domain::actor::Actor;
use domain::ambient::{Clock, Random};
use domain::ids::{TenantId, UnitId};
use domain::incident::{Command, Entry, EntryKind, Event, Given, Imported, Opening, decide};
use domain::organisation::AgencyProfile;
use domain::pack::{Language, SeriesId, Words};
use domain::permission::{Action, Role};
use domain::reference::{IncidentReference, ReportReference};
use domain::report::{Channel, Submission};
use domain::text::{Line, Narrative};
use domain::time::{Instant, When, Zone};
use std::path::Path;
use std::sync::Arc;
use store::{Change, Store};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// A filled installation.
pub struct Filled {
    /// The secret of an officer's session.
    pub session: String,
    /// An incident with fifty timeline entries.
    pub busy: String,
    /// The tenant's unit code, for reports.
    pub unit: String,
    /// Seconds that filling took.
    pub seconds: f64,
}

struct RealClock;
impl Clock for RealClock {
    fn now(&self) -> Instant {
        Instant::from_timestamp(jiff::Timestamp::now())
    }
}

struct RealRandom;
impl Random for RealRandom {
    fn fill(&self, bytes: &mut [u8]) {
        assert!(aws_lc_rs::rand::fill(bytes).is_ok(), "the system gives randomness");
    }
}

/// Opens an application over a store, making the root key beside it.
pub async fn open(data: &Path, store: Arc<dyn Store>) -> Outcome<App> {
    let key = data.join("root.key");
    if !key.exists() {
        use std::os::unix::fs::OpenOptionsExt;
        let root = journal::RootKey::generate(&RealRandom);
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&key)?;
        std::io::Write::write_all(&mut file, root.to_file().as_bytes())?;
    }
    let root = journal::RootKey::from_file(Some(&std::fs::read_to_string(&key)?))?;
    let keyring = app::keys::open_keyring(store.as_ref(), &root, &RealRandom).await?;
    let settings = Settings {
        public_address: "http://127.0.0.1".into(),
        files: data.join("files"),
        file_limit: 1_000_000,
        files_per_report: 20,
        log_origin: "127.0.0.1/log".into(),
        checkpoints: None,
        mail: MailRoute::None,
        limits: app::limits::PublicLimits::default(),
        trusted_proxies: Vec::new(),
        sign_in: app::factors::SignInRules::OFFERED,
    };
    let (clock, random) = (Arc::new(RealClock), Arc::new(RealRandom));
    Ok(App::new(store, Arc::new(keyring), ground::packs(), clock, random, Arc::new(ground::NoTypesetter), settings)
        .await?)
}

/// Makes an agency with one officer and fills it.
pub async fn fill(data: &Path, store: Arc<dyn Store>, incidents: u32) -> Outcome<Filled> {
    let app = open(data, store).await?;
    let words = |text: &str| Words { en: text.into(), es: text.into() };
    let profile = AgencyProfile {
        name: words("Bench Agency"),
        zone: Zone::named("America/Chicago")?,
        policies: vec![SeriesId::parse("us-mo/dmh")?],
        edition: None,
        phone: "573-555-0142".into(),
        help_desk: None,
    };
    let (tenant, head) = app.add_agency("BCH", &profile).await?;
    let officer = Profile { name: "Bench Officer".into(), email: "officer@bench.example.gov".into(), phone: None };
    let password = || Password::typed("a bench is a place to sit".into());
    app.add_person(tenant, &officer, password(), &[(head, Role::ChiefOfficer)]).await?;
    let before = std::time::Instant::now();
    many(&app, tenant, head, incidents).await?;
    let seconds = before.elapsed().as_secs_f64();
    for n in 0..200 {
        let filing = Filing {
            submission: report(&app, head, n)?,
            reporter: None,
            by: Actor::Reporter,
            draft: None,
            idempotency_key: None,
            chosen: None,
        };
        app.submit_report(filing).await?;
    }
    let note = SessionNote { browser: "bench".into(), address: "127.0.0.1".into() };
    let session =
        app.sign_in("officer@bench.example.gov", password(), &note).await?.session().ok_or("more is asked")?.0;
    let busy = busy(&app, &session).await?;
    while app.seal_log().await? > 0 {}
    Ok(Filled { session, busy, unit: "BCH".into(), seconds })
}

fn report(app: &App, unit: UnitId, n: u64) -> Outcome<Submission> {
    let pack = app.pack_for_report(unit, app.now())?;
    Ok(Submission {
        reference: ReportReference::from_random([0; 8]),
        pack: pack.id.clone(),
        unit,
        handling_unit: unit,
        channel: Channel::Web,
        language: Language::English,
        happened: pack.tiles.first().map(|t| t.id.clone()).into_iter().collect(),
        going_on: None,
        place: None,
        words: Some(Narrative::parse(&text(n, 40))?),
        when: When::Unknown,
        when_typed: None,
        noticed: When::Unknown,
        systems: Vec::new(),
        affected: None,
        lost: Vec::new(),
        done: None,
        done_by_staff: None,
        done_by_others: None,
        answers: Vec::new(),
        files: Vec::new(),
        recipient_involved: false,
        sent_early: false,
        shielded: false,
        times: Vec::new(),
    })
}

/// Invented words with the frequencies of speech: a few very common, most rare. A marker word stands in one text of
/// two thousand.
fn text(seed: u64, length: u64) -> String {
    let mut words = Vec::new();
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    for _ in 0..length {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let uniform = (state >> 33) as f64 / f64::from(u32::MAX >> 1);
        words.push(format!("word{}", (3_000f64.powf(uniform)) as u64));
    }
    if seed % 2_000 == 7 {
        words.push("marker".into());
    }
    words.join(" ")
}

const KINDS: [&str; 5] =
    ["Theft", "Loss", "Hacking/IT Incident", "Unauthorized Access/Disclosure", "Improper Disposal"];
const PLACES: [&str; 6] = ["MO", "UT", "KS", "IL", "TX", "CA"];
const LOCATIONS: [&str; 4] = ["Paper/Films", "Laptop", "Network Server", "Email"];

async fn many(app: &App, tenant: TenantId, unit: UnitId, count: u32) -> Outcome<()> {
    let pack = app.pack_for_report(unit, app.now())?;
    for start in (0..count).step_by(500) {
        let now = app.now();
        let size = 500.min(count - start);
        let first = app.store().next_numbers(tenant, 2026, size).await?;
        let mut change = Change::default();
        for n in 0..size {
            let seed = u64::from(start + n);
            let pick = |list: &[&'static str]| list[(seed.wrapping_mul(2_654_435_761) >> 7) as usize % list.len()];
            let mut incident = new_incident(app.draw());
            let imported = Imported {
                source: Line::parse("bench")?,
                record: Line::parse(&format!("bench {seed}"))?,
                author: Line::parse("bench")?,
                submitted: jiff::civil::date(2010 + (seed % 15) as i16, 1 + (seed % 12) as i8, 1 + (seed % 28) as i8),
                kinds: vec![Line::parse(pick(&KINDS))?],
                locations: vec![Line::parse(pick(&LOCATIONS))?],
                place: Some(Line::parse(pick(&PLACES))?),
                organisation: None,
                associate: None,
                people: Some(1 + seed % 5_000),
                narrative: Some(Narrative::parse(&text(seed, 25 + seed % 30))?),
                remarks: Vec::new(),
            };
            let opening = Opening {
                reference: IncidentReference::new("BCH", 2026, first + n),
                unit,
                pack: pack.id.clone(),
                laws: Vec::new(),
                title: Line::parse(&format!("{} number {seed}", pick(&KINDS)))?,
                categories: Vec::new(),
                report: None,
                reported_at: None,
                occurred: When::Unknown,
                discovered_at: now,
                facts: Vec::new(),
                told: Vec::new(),
                noticed: None,
                in_place_of: None,
                voluntary: None,
                lead: None,
                imported: Some(imported),
            };
            let given = Given { actor: Actor::System, now, pack, laws: &[] };
            let events: Vec<Event> = decide(&incident.state, Command::Open(Box::new(opening)), given)?;
            let source = app.keyring().lookup_hash(journal::Lookup::Source, format!("bench {seed}").as_bytes())?;
            let place = Place { tenant, pack, source: Some(source) };
            app.change_incident(&mut change, &mut incident, &place, &events, Actor::System, now)?;
        }
        merge(&mut change);
        app.store().commit(change).await?;
    }
    Ok(())
}

/// Kept counts of one change, added up.
fn merge(change: &mut Change) {
    let mut sums: std::collections::BTreeMap<(i16, String, String), (i64, i64, TenantId)> =
        std::collections::BTreeMap::new();
    for row in change.rollups.drain(..) {
        let sum = sums.entry((row.year, row.dimension, row.value)).or_insert((0, 0, row.tenant));
        sum.0 += row.incidents;
        sum.1 += row.people;
    }
    change.rollups = sums
        .into_iter()
        .map(|((year, dimension, value), (incidents, people, tenant))| store::RollupRow {
            tenant,
            year,
            dimension,
            value,
            incidents,
            people,
        })
        .collect();
}

/// Accepts the newest report and gives its incident fifty timeline entries.
async fn busy(app: &App, session: &str) -> Outcome<String> {
    let who = app.signed_in(session).await?.ok_or("the officer is signed in")?;
    let (lines, _) = app.inbox(&who.viewer, None, 1).await?;
    let reference = &lines.first().ok_or("a report waits")?.reference;
    let section = domain::actor::Section::Report;
    let (may, row) = app.allow_on_report(&who.viewer, reference, Action::Triage, section).await?;
    let accepted = app.accept(&may, &row).await?;
    let name = accepted.reference.to_string();
    let section = domain::actor::Section::Officer;
    let (may, row) = app.allow_on_incident(&who.viewer, &name, Action::Work, section).await?;
    for n in 0..50 {
        let words = Narrative::parse(&text(n + 77, 20))?;
        let happened = When::Exact { at: app.now() };
        app.act(&may, &row, None, |_, _| {
            let (id, happened) = (app.draw(), happened.clone());
            let words = words.clone();
            Ok(Command::Note(Box::new(Entry {
                id,
                kind: EntryKind::Note,
                happened,
                words,
                observables: Vec::new(),
                corrects: None,
                tags: Vec::new(),
                doer: None,
            })))
        })
        .await?;
    }
    Ok(name)
}
