//! Writing many records: sources already here are left alone, the rest goes in by batches, each in one transaction.

use super::{ImportOptions, ImportReport, Parsed, Progress, Record};
use crate::changing::{ATTEMPTS, Place, new_incident};
use crate::directory::Unit;
use crate::{App, Trouble, rollups};
use domain::actor::Actor;
use domain::ids::{TenantId, UnitId};
use domain::incident::{self, Command, Given, Opening};
use domain::pack::{Pack, PackId};
use domain::reference::IncidentReference;
use domain::time::{Instant, When, Zone};
use journal::Lookup;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use store::{Change, CommitError, Refused};

/// Records per transaction: large enough that the disk is waited for rarely, small enough that others get their turn.
const BATCH: usize = 200;

/// Where records go.
#[derive(Clone)]
struct Target {
    tenant: TenantId,
    agency_code: String,
    unit: UnitId,
    zone: Zone,
    at: Instant,
}

/// A record that is not here yet, with the number and the policy it gets.
#[derive(Clone)]
struct Numbered {
    record: Record,
    source: [u8; 32],
    reference: IncidentReference,
    pack: PackId,
}

/// Adds what is not here yet.
pub(super) async fn add(
    app: &App,
    unit: &Unit,
    parsed: Parsed,
    options: ImportOptions,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<ImportReport, Trouble> {
    let directory = app.directory();
    let agency = directory.agency(unit.tenant).ok_or(Trouble::NotFound)?;
    let target = Target {
        tenant: unit.tenant,
        agency_code: agency.code.clone(),
        unit: unit.id,
        zone: agency.profile.zone.clone(),
        at: app.now(),
    };
    let of = parsed.records.len();
    let fresh = not_here_yet(app, target.tenant, parsed.records).await?;
    let mut report = ImportReport {
        already: of - fresh.len(),
        skipped: parsed.skipped,
        notes: parsed.notes,
        ..ImportReport::default()
    };
    progress(Progress { done: report.already, of });
    if options.dry_run {
        report.added = fresh.len();
        report.changed = fresh.into_iter().flat_map(|(record, _)| changes(&record)).collect();
        return Ok(report);
    }

    let numbered = number(app, &target, fresh).await?;
    // While one batch is being made durable the next is being sealed.
    let mut writing: Option<tokio::task::JoinHandle<Result<Written, Trouble>>> = None;
    for batch in numbered.chunks(BATCH) {
        let batch: Arc<[Numbered]> = batch.into();
        let change = sealed(app, &target, &batch).await?;
        if let Some(earlier) = writing.take() {
            tell(&mut report, finished(earlier).await?, of, progress);
        }
        writing = Some(tokio::spawn(write(app.clone(), target.clone(), batch, change)));
    }
    if let Some(last) = writing.take() {
        tell(&mut report, finished(last).await?, of, progress);
    }
    Ok(report)
}

fn changes(record: &Record) -> Vec<(u32, String)> {
    record.changes.iter().map(|what| (record.row, what.clone())).collect()
}

/// Records whose source is not known to the agency, with the keyed hash of that source.
async fn not_here_yet(app: &App, tenant: TenantId, records: Vec<Record>) -> Result<Vec<(Record, [u8; 32])>, Trouble> {
    let keyring = app.keyring();
    let source = |record: Record| {
        let bytes = [tenant.bytes().as_slice(), record.identity.as_bytes()].concat();
        let hash = keyring.lookup_hash(Lookup::Source, &bytes).map_err(|e| Trouble::fault("hashing a source", e))?;
        Ok::<_, Trouble>((record, hash))
    };
    let mut records = records.into_iter().map(source).collect::<Result<Vec<_>, _>>()?;
    let mut known = HashSet::new();
    for some in records.chunks(500) {
        let sources: Vec<[u8; 32]> = some.iter().map(|(_, source)| *source).collect();
        known.extend(app.store().known_sources(tenant, &sources).await?);
    }
    records.retain(|(_, source)| !known.contains(source));
    Ok(records)
}

/// Gives each record its number in the year of its submission, a block of numbers per year at once.
async fn number(app: &App, target: &Target, records: Vec<(Record, [u8; 32])>) -> Result<Vec<Numbered>, Trouble> {
    let mut wanted: BTreeMap<i16, u32> = BTreeMap::new();
    for (record, _) in &records {
        *wanted.entry(record.imported.submitted.year()).or_default() += 1;
    }
    let mut next = BTreeMap::new();
    for (year, count) in wanted {
        next.insert(year, app.store().next_numbers(target.tenant, year, count).await?);
    }
    let numbered = |(record, source): (Record, [u8; 32])| {
        let day = record.imported.submitted;
        let pack = app.pack_for_report(target.unit, target.zone.start_of_day(day))?;
        let free = next.entry(day.year()).or_default();
        let reference = IncidentReference::new(&target.agency_code, day.year(), *free);
        *free += 1;
        Ok(Numbered { record, source, reference, pack: pack.id.clone() })
    };
    records.into_iter().map(numbered).collect()
}

/// Seals a batch on a thread that may be busy with it.
async fn sealed(app: &App, target: &Target, batch: &Arc<[Numbered]>) -> Result<Change, Trouble> {
    let (app, target, batch) = (app.clone(), target.clone(), batch.clone());
    let work = tokio::task::spawn_blocking(move || change(&app, &target, batch.iter()));
    work.await.map_err(|e| Trouble::fault("sealing imported records", e))?
}

fn change<'a>(app: &App, target: &Target, batch: impl Iterator<Item = &'a Numbered>) -> Result<Change, Trouble> {
    let mut change = Change::default();
    for numbered in batch {
        let pack: &Pack = app.editions_of(target.unit).get(&numbered.pack).ok_or(Trouble::NotFound)?;
        let mut incident = new_incident(app.draw());
        let given = Given { actor: Actor::System, now: target.at, pack, laws: &[] };
        let opening = Box::new(opening(target, numbered));
        let events = incident::decide(&incident.state, Command::Open(opening), given)?;
        let place = Place { tenant: target.tenant, pack, source: Some(numbered.source) };
        app.change_incident(&mut change, &mut incident, &place, &events, Actor::System, target.at)?;
    }
    change.rollups = rollups::merged(change.rollups);
    Ok(change)
}

fn opening(target: &Target, numbered: &Numbered) -> Opening {
    let Numbered { record, reference, pack, .. } = numbered;
    Opening {
        reference: reference.clone(),
        unit: target.unit,
        pack: pack.clone(),
        laws: Vec::new(),
        title: record.title.clone(),
        categories: Vec::new(),
        report: None,
        reported_at: None,
        occurred: When::Unknown,
        discovered_at: target.zone.start_of_day(record.imported.submitted),
        facts: Vec::new(),
        told: Vec::new(),
        noticed: None,
        in_place_of: None,
        voluntary: None,
        lead: None,
        imported: Some(record.imported.clone()),
    }
}

/// What came of a batch.
struct Written {
    added: usize,
    already: usize,
    changed: Vec<(u32, String)>,
}

/// Commits a batch. When somebody imported some of it meanwhile, those records are left alone and the rest goes in.
async fn write(app: App, target: Target, batch: Arc<[Numbered]>, first: Change) -> Result<Written, Trouble> {
    let of = batch.len();
    let (mut batch, mut ready) = (batch, Some(first));
    for _ in 0..ATTEMPTS {
        let change = match ready.take() {
            Some(change) => change,
            None => sealed(&app, &target, &batch).await?,
        };
        match app.store().commit(change).await {
            Ok(_) => {
                let changed = batch.iter().flat_map(|n| changes(&n.record)).collect();
                return Ok(Written { added: batch.len(), already: of - batch.len(), changed });
            }
            Err(CommitError::Refused(Refused::Taken { what: "source" })) => {
                let sources: Vec<[u8; 32]> = batch.iter().map(|n| n.source).collect();
                let known = app.store().known_sources(target.tenant, &sources).await?;
                batch = batch.iter().filter(|n| !known.contains(&n.source)).cloned().collect();
            }
            Err(other) => return Err(other.into()),
        }
    }
    Err(Trouble::Moved)
}

async fn finished(writing: tokio::task::JoinHandle<Result<Written, Trouble>>) -> Result<Written, Trouble> {
    writing.await.map_err(|e| Trouble::fault("writing imported records", e))?
}

fn tell(report: &mut ImportReport, written: Written, of: usize, progress: &mut (dyn FnMut(Progress) + Send)) {
    report.added += written.added;
    report.already += written.already;
    report.changed.extend(written.changed);
    progress(Progress { done: report.added + report.already, of });
}
