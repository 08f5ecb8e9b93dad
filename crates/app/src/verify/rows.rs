//! The rows that lists show, held against what their entries say when they are played again.

use super::{Found, Kind, Run};
use crate::administration::record as administration;
use crate::duties::duty_rows;
use crate::record::{incident_state, open_summary, report_state};
use async_trait::async_trait;
use domain::ids::{AccountId, FileId, IncidentId, ReportId, StreamId, TenantId};
use domain::incident::{self, Incident, SummaryOfIncident};
use domain::organisation::{plan::Plans, readiness::Readiness, register::Register};
use domain::report::{self, FileAdded, Report, SummaryOfReport};
use domain::time::Zone;
use journal::{Header, Keyring, open_event};
use std::collections::VecDeque;
use store::{Answer, DutyRow, IncidentRow, IncidentState, JournalRow, ReportRow, ReportState, Store};

/// Rows read at once.
const PAGE: u32 = 500;

/// A record as its entries tell it.
pub(super) enum Replay {
    Report(Box<Report>),
    Incident(Box<Incident>, Zone),
    /// An agency's administration, as far as something is kept beside it.
    Administration(Box<Kept>),
    /// A stream that no list shows.
    Other,
}

/// What is kept beside an agency's administration, as its entries tell it.
#[derive(Default)]
pub(super) struct Kept {
    register: Register,
    readiness: Readiness,
    plans: Plans,
}

impl Replay {
    /// Begins with the first header of a stream.
    pub fn begin(header: &Header, zone: impl FnOnce() -> Zone) -> Self {
        if header.kind.starts_with("report.") {
            Self::Report(Box::new(Report::empty(ReportId::from(header.stream))))
        } else if header.kind.starts_with("incident.") {
            Self::Incident(Box::new(Incident::empty(IncidentId::from(header.stream))), zone())
        } else if header.kind.starts_with("administration.") {
            Self::Administration(Box::default())
        } else {
            Self::Other
        }
    }

    /// Plays one more entry and gives the canonical line after it; `None` for a stream that has none.
    pub fn apply(&mut self, header: &Header, payload: &[u8]) -> Result<Option<Vec<u8>>, String> {
        match self {
            Self::Report(report) => {
                let event: report::Event = serde_json::from_slice(payload).map_err(|e| e.to_string())?;
                report.apply(&event, header.actor, header.at);
                report_state(report).map(Some).map_err(|e| e.to_string())
            }
            Self::Incident(incident, zone) => {
                let event: incident::Event = serde_json::from_slice(payload).map_err(|e| e.to_string())?;
                incident.apply(&event, header.actor, header.at);
                incident_state(incident, zone).map(Some).map_err(|e| e.to_string())
            }
            Self::Administration(kept) => {
                // Only what is kept beside the stream is played; other entries may be of kinds that this does not read.
                if header.kind.starts_with("administration.") {
                    match serde_json::from_slice(payload) {
                        Ok(administration::Event::Register(change)) => kept.register.apply(&change),
                        Ok(administration::Event::Readiness(change)) => kept.readiness.apply(&change),
                        Ok(administration::Event::Plan(change)) => kept.plans.apply(&change),
                        Ok(_) | Err(_) => {}
                    }
                }
                Ok(None)
            }
            Self::Other => Ok(None),
        }
    }

    /// The record as it is printed, by its entries alone.
    fn reference(&self) -> Option<String> {
        match self {
            Self::Report(report) => report.listing().map(|line| format!("report {}", line.reference)),
            Self::Incident(incident, zone) => incident.listing(zone).map(|line| format!("incident {}", line.reference)),
            Self::Administration(_) | Self::Other => None,
        }
    }

    /// Everybody whom the entries keep from it.
    fn kept_from(&self) -> Vec<AccountId> {
        match self {
            Self::Report(report) => report.kept_from(),
            Self::Incident(incident, _) => incident.excluded.iter().map(|account| account.what).collect(),
            Self::Administration(_) | Self::Other => Vec::new(),
        }
    }

    /// Every file that the entries name.
    pub fn files(&self) -> Vec<FileAdded> {
        match self {
            Self::Report(report) => report.files.clone(),
            Self::Incident(incident, _) => {
                let files = incident.files.iter().map(|file| file.what.clone());
                files.chain(incident.documents.iter().map(|document| document.what.file.clone())).collect()
            }
            Self::Administration(_) | Self::Other => Vec::new(),
        }
    }
}

/// A row of a list, in the order of its id.
#[async_trait]
pub(super) trait Listed: Sized + Send {
    async fn scan(store: &dyn Store, after: Option<StreamId>, limit: u32) -> Answer<Vec<Self>>;
    fn stream(&self) -> StreamId;
    fn tenant(&self) -> TenantId;
    fn reference(&self) -> &str;
}

#[async_trait]
impl Listed for ReportRow {
    async fn scan(store: &dyn Store, after: Option<StreamId>, limit: u32) -> Answer<Vec<Self>> {
        store.scan_reports(after.map(ReportId::from), limit).await
    }
    fn stream(&self) -> StreamId {
        self.id.into()
    }
    fn tenant(&self) -> TenantId {
        self.tenant
    }
    fn reference(&self) -> &str {
        &self.reference
    }
}

#[async_trait]
impl Listed for IncidentRow {
    async fn scan(store: &dyn Store, after: Option<StreamId>, limit: u32) -> Answer<Vec<Self>> {
        store.scan_incidents(after.map(IncidentId::from), limit).await
    }
    fn stream(&self) -> StreamId {
        self.id.into()
    }
    fn tenant(&self) -> TenantId {
        self.tenant
    }
    fn reference(&self) -> &str {
        &self.reference
    }
}

/// Rows that go by beside the journal, which is in the same order.
pub(super) struct Cursor<R> {
    page: VecDeque<R>,
    after: Option<StreamId>,
    ended: bool,
    /// A row that cannot even be read hides those after it: from here on each is asked for by its id.
    pub broken: bool,
    pub read: u64,
}

impl<R: Listed> Cursor<R> {
    pub const fn new() -> Self {
        Self { page: VecDeque::new(), after: None, ended: false, broken: false, read: 0 }
    }

    /// The row of a stream, and the rows before it that belong to no stream that went by; all that is left for `None`.
    pub async fn take(&mut self, store: &dyn Store, stream: Option<StreamId>) -> (Vec<R>, Option<R>) {
        let mut orphans = Vec::new();
        loop {
            if self.page.is_empty() && !self.ended {
                let page = R::scan(store, self.after, PAGE).await;
                self.broken = page.is_err();
                self.page = page.unwrap_or_default().into();
                self.ended = self.page.is_empty();
                self.after = self.page.back().map(R::stream).or(self.after);
                self.read += self.page.len() as u64;
            }
            let reached = self.page.front().is_none_or(|row| stream.is_some_and(|stream| row.stream() > stream));
            if reached {
                return (orphans, None);
            }
            match self.page.pop_front() {
                Some(row) if Some(row.stream()) == stream => return (orphans, Some(row)),
                Some(row) => orphans.push(row),
                None => return (orphans, None),
            }
        }
    }
}

/// Rows of duties that go by beside the journal, which is in the same order.
#[derive(Default)]
pub(super) struct DutyCursor {
    page: VecDeque<DutyRow>,
    after: Option<(IncidentId, String)>,
    ended: bool,
}

impl DutyCursor {
    /// The rows of a stream, and the streams before it that have rows and did not go by; all that are left for `None`.
    pub async fn take(&mut self, store: &dyn Store, stream: Option<StreamId>) -> Answer<(Vec<DutyRow>, Vec<DutyRow>)> {
        let (mut orphans, mut own) = (Vec::new(), Vec::new());
        loop {
            if self.page.is_empty() && !self.ended {
                self.page = store.scan_duties(self.after.clone(), PAGE).await?.into();
                self.ended = self.page.is_empty();
                self.after = self.page.back().map(|row| (row.incident, row.rule.clone())).or(self.after.take());
            }
            let of = |row: &DutyRow| StreamId::from(row.incident);
            if self.page.front().is_none_or(|row| stream.is_some_and(|stream| of(row) > stream)) {
                return Ok((orphans, own));
            }
            match self.page.pop_front() {
                Some(row) if Some(of(&row)) == stream => own.push(row),
                Some(row) => orphans.push(row),
                None => return Ok((orphans, own)),
            }
        }
    }
}

/// What is wrong with the rows of an incident's duties; `None` when they are what the entries say.
pub(super) fn duties_difference(tenant: TenantId, incident: &Incident, rows: &[DutyRow]) -> Option<String> {
    let told = duty_rows(tenant, incident);
    let same = told.len() == rows.len() && told.iter().all(|duty| rows.contains(duty));
    if same {
        return None;
    }
    let missing = told.iter().find(|duty| rows.iter().all(|row| row.rule != duty.rule));
    let wrong = told.iter().find(|duty| !rows.contains(duty));
    Some(match (missing, wrong) {
        (Some(duty), _) => format!("the list of duties was altered: the row of its duty {} is missing", duty.rule),
        (None, Some(duty)) => {
            format!("the list of duties was altered: the row of its duty {} is not what its entries say", duty.rule)
        }
        (None, None) => "the list of duties was altered: it holds a row that none of its entries gives".to_owned(),
    })
}

/// What is wrong with a report's row; `None` when it is what the entries say.
pub(super) fn report_difference(
    keyring: &Keyring,
    tenant: TenantId,
    report: &Report,
    row: &ReportRow,
) -> Option<String> {
    let Some(listing) = report.listing() else { return Some("its entries never say that it was filed".to_owned()) };
    let state = match listing.standing {
        report::Standing::Waiting => ReportState::Waiting,
        report::Standing::Asked => ReportState::Asked,
        report::Standing::Accepted => ReportState::Accepted,
        report::Standing::SetAside => ReportState::SetAside,
    };
    let columns = [
        ("agency", row.tenant == tenant),
        ("reference", row.reference == listing.reference.to_string()),
        ("unit", row.unit == listing.unit),
        ("handling unit", row.handling_unit == listing.handling_unit),
        ("time of receipt", row.received_at == listing.received_at),
        ("state", row.state == state),
        ("urgency", row.urgency == listing.urgency),
        ("incident", row.incident == listing.incident),
        ("version", row.version == listing.version),
    ];
    let summary = open_summary::<SummaryOfReport>(keyring, row.tenant, row.id.bytes(), &row.summary);
    told(&columns, summary.ok(), &listing.summary)
}

/// What is wrong with an incident's row; `None` when it is what the entries say.
pub(super) fn incident_difference(
    keyring: &Keyring,
    tenant: TenantId,
    incident: &Incident,
    zone: &Zone,
    row: &IncidentRow,
) -> Option<String> {
    let Some(listing) = incident.listing(zone) else {
        return Some("its entries never say that it was opened".to_owned());
    };
    let state = match listing.standing {
        incident::Standing::Open => IncidentState::Open,
        incident::Standing::Closed => IncidentState::Closed,
        incident::Standing::Withdrawn => IncidentState::Withdrawn,
    };
    // The hash is made of the source's raw words, which only the import has seen: what can be held is that there is one.
    let imported = incident.opening.as_ref().is_some_and(|opening| opening.imported.is_some());
    let columns = [
        ("agency", row.tenant == tenant),
        ("reference", row.reference == listing.reference.to_string()),
        ("unit", row.unit == listing.unit),
        ("day of opening", row.opened_at == listing.opened_at),
        ("state", row.state == state),
        ("lead", row.lead == listing.lead),
        ("next date", row.next_due == listing.next_due),
        ("source", row.source.is_some() == imported),
        ("version", row.version == listing.version),
    ];
    let summary = open_summary::<SummaryOfIncident>(keyring, row.tenant, row.id.bytes(), &row.summary);
    told(&columns, summary.ok(), &listing.summary)
}

fn told<S: PartialEq>(columns: &[(&str, bool)], summary: Option<S>, expected: &S) -> Option<String> {
    let mut wrong: Vec<&str> = columns.iter().filter(|(_, same)| !same).map(|(name, _)| *name).collect();
    match summary {
        None => wrong.push("sealed summary, which does not open"),
        Some(summary) if summary != *expected => wrong.push("sealed summary"),
        Some(_) => {}
    }
    if wrong.is_empty() {
        return None;
    }
    Some(format!("the row that lists show was altered: its {} is not what its entries say", wrong.join(", its ")))
}

/// What is wrong with what is kept beside an agency's administration; `None` when it is what the entries say.
pub(super) async fn kept_difference(run: &Run<'_>, tenant: TenantId, kept: &Kept) -> Option<String> {
    let altered = |what: &str, why: &str| Some(format!("{what} of the agency was altered: {why}"));
    let differs = "it is not what its entries say";
    match crate::register::read(run.store, run.keyring, tenant).await {
        Ok(register) if register == kept.register => {}
        Ok(_) => return altered("the register", differs),
        Err(trouble) => return altered("the register", &format!("it cannot be read ({trouble})")),
    }
    match crate::plans::read(run.store, run.keyring, tenant).await {
        Ok(plans) if plans == kept.plans => {}
        Ok(_) => return altered("the incident plans", differs),
        Err(trouble) => return altered("the incident plans", &format!("they cannot be read ({trouble})")),
    }
    match crate::readiness::read(run.store, run.keyring, tenant).await {
        Ok(readiness) if readiness == kept.readiness => None,
        Ok(_) => altered("the readiness", differs),
        Err(trouble) => altered("the readiness", &format!("it cannot be read ({trouble})")),
    }
}

/// Reads a record's entries once more and plays them; `None` when they cannot be played.
async fn played(run: &Run<'_>, tenant: TenantId, stream: StreamId) -> Answer<(Replay, bool)> {
    let rows = run.store.read_stream(tenant, stream, 0).await?;
    let mut replay = Replay::Other;
    let mut whole = true;
    for row in &rows {
        match opened(run.keyring, row) {
            Some((header, payload)) => {
                if header.version == 1 {
                    replay = Replay::begin(&header, || run.zone(tenant));
                }
                whole &= replay.apply(&header, &payload).is_ok();
            }
            None => whole = false,
        }
    }
    Ok((replay, whole))
}

fn opened(keyring: &Keyring, row: &JournalRow) -> Option<(Header, Vec<u8>)> {
    let header = Header::parse(&row.header).ok()?;
    let opened = open_event(keyring, &header, row.wrapped_key.as_deref()?, row.ciphertext.as_deref()?).ok()?;
    Some((header, opened.payload))
}

/// Looks at a record once more, since a server may have written between reading its entries and its row.
pub(super) async fn second_look(run: &Run<'_>, tenant: TenantId, stream: StreamId) -> Answer<Option<Found>> {
    let mut wrong: Option<Found> = None;
    for _ in 0..3 {
        let (replay, whole) = played(run, tenant, stream).await?;
        wrong = match &replay {
            Replay::Report(report) => {
                let row = run.store.report(tenant, report.id).await;
                difference(stream, row, |row| report_difference(run.keyring, tenant, report, row))
            }
            Replay::Incident(incident, zone) => {
                let row = run.store.incident(tenant, incident.id).await;
                let wrong =
                    difference(stream, row, |row| incident_difference(run.keyring, tenant, incident, zone, row));
                match wrong {
                    None if run.duties_are_whole => {
                        let rows = run.store.duties_of(tenant, incident.id).await?;
                        let what = duties_difference(tenant, incident, &rows);
                        what.map(|what| Found::at(Kind::RowAltered, stream, None, what))
                    }
                    wrong => wrong,
                }
            }
            Replay::Administration(kept) => {
                let what = kept_difference(run, tenant, kept).await;
                what.map(|what| Found::at(Kind::RowAltered, stream, None, what))
            }
            Replay::Other => None,
        };
        if let Some(found) = &mut wrong {
            found.reference = replay.reference();
        }
        if wrong.is_none() || !whole {
            return Ok(None);
        }
    }
    Ok(wrong)
}

fn difference<R>(stream: StreamId, row: Answer<Option<R>>, compare: impl Fn(&R) -> Option<String>) -> Option<Found> {
    match row {
        Err(fault) => {
            let what = format!("the row that lists show was altered: it cannot be read ({})", fault.source);
            Some(Found::at(Kind::RowAltered, stream, None, what))
        }
        Ok(None) => Some(Found::at(
            Kind::RowMissing,
            stream,
            None,
            "it has entries, but no row in the lists: the row was removed",
        )),
        Ok(Some(row)) => compare(&row).map(|what| Found::at(Kind::RowAltered, stream, None, what)),
    }
}

/// A row to which no entries went by: either it is newer than the walk, or its entries are gone.
pub(super) async fn orphan<R: Listed>(run: &Run<'_>, row: &R) -> Answer<Option<Found>> {
    if run.store.read_stream(row.tenant(), row.stream(), 0).await?.is_empty() {
        let what =
            format!("the row {} stands in the lists, but none of its entries is in the journal", row.reference());
        return Ok(Some(Found::at(Kind::RowWithoutEntries, row.stream(), None, what)));
    }
    second_look(run, row.tenant(), row.stream()).await
}

/// Whoever is kept from a record by its entries has a row that says so: without it everything would open for them. Asked
/// twice, since a server may have let somebody in between.
pub(super) async fn open_to_excluded(
    run: &Run<'_>,
    tenant: TenantId,
    stream: StreamId,
    replay: &Replay,
) -> Answer<Option<Found>> {
    let missing = async |replay: &Replay| -> Answer<bool> {
        let kept = replay.kept_from();
        let rows = if kept.is_empty() { Vec::new() } else { run.store.exclusions(stream).await? };
        Ok(kept.iter().any(|account| !rows.contains(account)))
    };
    if !missing(replay).await? || !missing(&played(run, tenant, stream).await?.0).await? {
        return Ok(None);
    }
    let what = "somebody whom its entries keep from it can read it: the row that keeps them out was removed";
    Ok(Some(Found { reference: replay.reference(), ..Found::at(Kind::RowMissing, stream, None, what) }))
}

/// What the entries say of a file, held to the file's row.
pub(super) async fn file_difference(run: &Run<'_>, tenant: TenantId, named: &FileAdded) -> Answer<Option<String>> {
    let Some(row) = run.store.file(tenant, named.id).await? else {
        return Ok(Some(format!("its file {} has no row any more", short(named.id))));
    };
    if row.wrapped_key.is_none() {
        return Ok(None);
    }
    let note = run.keyring.open_box(journal::BoxPurpose::File, Some(tenant), row.id.bytes(), &row.sealed).ok();
    let note: Option<crate::keep_file::FileNote> = note.and_then(|note| serde_json::from_slice(&note).ok());
    let digest = named.digest.to_string();
    if row.size != named.size || note.is_none_or(|note| note.digest != digest) {
        return Ok(Some(format!("the row of its file {} was altered: it is not what the entry says", short(named.id))));
    }
    Ok(None)
}

fn short(id: FileId) -> String {
    id.to_string()
}
