//! The first walk: every entry in (stream, version) order, played again, with the rows of the lists beside it.

use super::counts::Recount;
use super::rows::{
    Cursor, DutyCursor, Replay, duties_difference, file_difference, incident_difference, kept_difference,
    open_to_excluded, orphan, report_difference, second_look,
};
use super::{Found, Kind, Run};
use crate::erase::{ORDERED, Order};
use crate::records::dispose::{DISPOSED, Disposal};
use domain::ids::{IncidentId, StreamId, TenantId};
use domain::time::Instant;
use journal::{ChainChecker, FindingKind, StoredEntry};
use store::{Answer, DutyRow, IncidentRow, JournalRow, ReportRow};

/// Entries read at once.
const PAGE: u32 = 1000;
/// An entry may be caused this many seconds before it is committed, and be committed after one caused later.
const COMMIT_PATIENCE: i64 = 120;

/// The stream that is going by.
struct Stream {
    id: StreamId,
    tenant: TenantId,
    replay: Replay,
    /// Whether every entry so far could be read.
    whole: bool,
}

struct Walk {
    chain: ChainChecker,
    now: Option<Stream>,
    reports: Cursor<ReportRow>,
    incidents: Cursor<IncidentRow>,
    duties: DutyCursor,
    recount: Recount,
    /// Orders of erasure, each with the entry in which it stands.
    orders: Vec<(Order, (StreamId, u32))>,
    /// Records disposed of, each with the entry that says so.
    disposals: Vec<(Disposal, (StreamId, u32))>,
    /// Incidents of which some entry could not be read, each with whether it still has rows of duties.
    unread: Vec<(TenantId, IncidentId, bool)>,
}

/// Walks the journal; gives the counts that its incidents add up to.
pub(super) async fn walk(run: &mut Run<'_>, (): ()) -> Answer<Recount> {
    let mut walk = Walk {
        chain: ChainChecker::default(),
        now: None,
        reports: Cursor::new(),
        incidents: Cursor::new(),
        duties: DutyCursor::default(),
        recount: Recount::default(),
        orders: Vec::new(),
        disposals: Vec::new(),
        unread: Vec::new(),
    };
    let mut page = run.store.scan_journal(None, PAGE).await?;
    while let Some(last) = page.last().map(|row| (row.stream, row.version)) {
        // The next page is on its way while this one is checked.
        let (following, checked) = tokio::join!(run.store.scan_journal(Some(last), PAGE), pages(run, &mut walk, &page));
        checked?;
        page = following?;
        run.progress.at("journal", walk.chain.entries());
    }
    finish(run, walk).await
}

async fn pages(run: &mut Run<'_>, walk: &mut Walk, page: &[JournalRow]) -> Answer<()> {
    unlogged(run, page).await?;
    for row in page {
        if walk.now.as_ref().is_none_or(|now| now.id != row.stream) {
            end_stream(run, walk).await?;
        }
        entry(run, walk, row);
    }
    Ok(())
}

fn entry(run: &mut Run<'_>, walk: &mut Walk, row: &JournalRow) {
    let stored = StoredEntry {
        stream: row.stream,
        version: row.version,
        tenant: row.tenant,
        header: &row.header,
        hash: &row.hash,
        wrapped_key: row.wrapped_key.as_deref(),
        ciphertext: row.ciphertext.as_deref(),
    };
    let now = walk.now.get_or_insert_with(|| Stream {
        id: row.stream,
        tenant: row.tenant,
        replay: Replay::Other,
        whole: true,
    });
    let checked = match walk.chain.push(&stored, Some(run.keyring)) {
        Ok(checked) => checked,
        Err(finding) => {
            now.whole = false;
            run.findings.push(finding);
            return;
        }
    };
    let header = &checked.header;
    if header.version == 1 {
        now.replay = Replay::begin(header, || run.zone(row.tenant));
    }
    let Some(opened) = &checked.opened else {
        run.checked.erased += 1;
        now.whole = false;
        return;
    };
    if header.kind == ORDERED
        && let Ok(order) = serde_json::from_slice::<Order>(&opened.payload)
    {
        walk.orders.push((order, (header.stream, header.version)));
    }
    if header.kind == DISPOSED
        && let Ok(disposal) = serde_json::from_slice::<Disposal>(&opened.payload)
    {
        // What is left of a record still counts: the entry that disposed of it says with what.
        walk.recount.add_left(row.tenant, &disposal.left, &disposal.duties);
        walk.disposals.push((disposal, (header.stream, header.version)));
    }
    if !now.whole {
        return;
    }
    match now.replay.apply(header, &opened.payload) {
        Ok(Some(state)) if checked.check_state(&state).is_some() => {
            let what = "played again up to here, the entries do not give the state that this entry recorded";
            let kind = Kind::Journal(FindingKind::StateWrong);
            run.findings.push(Found::at(kind, row.stream, Some(row.version), what));
        }
        Ok(_) => {}
        Err(why) => {
            now.whole = false;
            let what = format!("its content cannot be read as an event: {why}");
            run.findings.push(Found::at(Kind::Unchecked, row.stream, Some(row.version), what));
        }
    }
}

/// Counts entries that wait for the log, and names those that it should have taken long ago.
async fn unlogged(run: &mut Run<'_>, page: &[JournalRow]) -> Answer<()> {
    let keys: Vec<(StreamId, u32)> = page.iter().map(|row| (row.stream, row.version)).collect();
    let indexes = run.store.log_indexes(&keys).await?;
    for (row, _) in page.iter().zip(indexes).filter(|(_, index)| index.is_none()) {
        let at = journal::Header::parse(&row.header).ok().map(|header| header.at);
        let late = |(at, newest): (Instant, Instant)| newest.seconds_since(at) > COMMIT_PATIENCE;
        if at.zip(run.newest_logged).is_some_and(late) {
            let what =
                "the log never took it up, although it took later ones: it was slipped in, or taken out of the log";
            run.findings.push(Found::at(Kind::NeverLogged, row.stream, Some(row.version), what));
        } else {
            run.checked.unsealed += 1;
        }
    }
    Ok(())
}

/// Holds the stream that has gone by to its row and its files.
async fn end_stream(run: &mut Run<'_>, walk: &mut Walk) -> Answer<()> {
    let Some(Stream { id, tenant, replay, whole }) = walk.now.take() else { return Ok(()) };
    let mut has_duties = false;
    let differs = match &replay {
        Replay::Report(report) => {
            let row = report_row(run, walk, Some(id)).await?;
            row.is_none_or(|row| report_difference(run.keyring, tenant, report, &row).is_some())
        }
        Replay::Incident(incident, zone) => {
            let row = incident_row(run, walk, Some(id)).await?;
            if let Some(listing) = incident.listing(zone) {
                walk.recount.add(tenant, incident, zone, &listing);
            }
            let duties = duties_beside(run, walk, Some(id)).await?;
            has_duties = !duties.is_empty();
            let clocks = run.duties_are_whole && duties_difference(tenant, incident, &duties).is_some();
            clocks || row.is_none_or(|row| incident_difference(run.keyring, tenant, incident, zone, &row).is_some())
        }
        Replay::Administration(kept) => kept_difference(run, tenant, kept).await.is_some(),
        Replay::Other => return Ok(()),
    };
    if !whole && matches!(replay, Replay::Incident(..)) {
        walk.unread.push((tenant, IncidentId::from(id), has_duties));
    }
    // What could not be read was named at its entry; the row cannot be held to it.
    if !whole {
        return Ok(());
    }
    if differs && let Some(found) = second_look(run, tenant, id).await? {
        run.findings.push(found);
    }
    if let Some(found) = open_to_excluded(run, tenant, id, &replay).await? {
        run.findings.push(found);
    }
    for file in replay.files() {
        if let Some(what) = file_difference(run, tenant, &file).await? {
            run.findings.push(Found::at(Kind::RowAltered, id, None, what));
        }
    }
    Ok(())
}

async fn report_row(run: &mut Run<'_>, walk: &mut Walk, stream: Option<StreamId>) -> Answer<Option<ReportRow>> {
    let (orphans, row) = walk.reports.take(run.store, stream).await;
    for row in &orphans {
        if let Some(found) = orphan(run, row).await? {
            run.findings.push(found);
        }
    }
    Ok(row)
}

async fn incident_row(run: &mut Run<'_>, walk: &mut Walk, stream: Option<StreamId>) -> Answer<Option<IncidentRow>> {
    let (orphans, row) = walk.incidents.take(run.store, stream).await;
    for row in &orphans {
        if let Some(found) = orphan(run, row).await? {
            run.findings.push(found);
        }
    }
    Ok(row)
}

/// The rows of an incident's duties. Rows before it belong to no stream that went by: either it is newer than the walk,
/// or its entries are gone.
async fn duties_beside(run: &mut Run<'_>, walk: &mut Walk, stream: Option<StreamId>) -> Answer<Vec<DutyRow>> {
    let (orphans, own) = walk.duties.take(run.store, stream).await?;
    let mut last = None;
    for row in orphans {
        if last.replace(row.incident) == Some(row.incident) {
            continue;
        }
        let of = StreamId::from(row.incident);
        if run.store.read_stream(row.tenant, of, 0).await?.is_empty() {
            let what = "a row stands in the list of duties, but none of its entries is in the journal";
            run.findings.push(Found::at(Kind::RowWithoutEntries, of, None, what));
        }
    }
    Ok(own)
}

async fn finish(run: &mut Run<'_>, mut walk: Walk) -> Answer<Recount> {
    end_stream(run, &mut walk).await?;
    report_row(run, &mut walk, None).await?;
    incident_row(run, &mut walk, None).await?;
    duties_beside(run, &mut walk, None).await?;
    run.checked.entries = walk.chain.entries();
    run.checked.streams = walk.chain.streams();
    run.checked.reports = walk.reports.read;
    run.checked.incidents = walk.incidents.read;
    let places: Vec<(StreamId, u32)> = walk.orders.iter().map(|(_, place)| *place).collect();
    let indexes = run.store.log_indexes(&places).await?;
    for ((order, _), index) in walk.orders.iter().zip(indexes) {
        match index {
            Some(index) => walk.chain.warrant(order.stream, order.version, index),
            None => walk.chain.warrant_waiting(order.stream, order.version),
        }
    }
    let places: Vec<(StreamId, u32)> = walk.disposals.iter().map(|(_, place)| *place).collect();
    let indexes = run.store.log_indexes(&places).await?;
    for ((disposal, _), index) in walk.disposals.iter().zip(indexes) {
        for part in &disposal.parts {
            walk.chain.disposed(part.stream, index);
            for version in &part.versions {
                match index {
                    Some(index) => walk.chain.warrant(part.stream, *version, index),
                    None => walk.chain.warrant_waiting(part.stream, *version),
                }
            }
        }
    }
    let gone =
        |stream: &StreamId| walk.disposals.iter().any(|(d, _)| d.parts.iter().any(|part| part.stream == *stream));
    walk.recount.whole = walk.unread.iter().all(|(_, incident, _)| gone(&(*incident).into()));
    for (tenant, incident, _) in walk.unread.iter().filter(|(_, id, has_duties)| *has_duties && gone(&(*id).into())) {
        // It may have been disposed of between the two readings.
        if run.duties_are_whole && !run.store.duties_of(*tenant, *incident).await?.is_empty() {
            let what = "it was disposed of, but a row of it stands in the list of duties";
            run.findings.push(Found::at(Kind::RowAltered, (*incident).into(), None, what));
        }
    }
    walk.chain.finish().into_iter().for_each(|finding| run.findings.push(finding));
    Ok(walk.recount)
}
