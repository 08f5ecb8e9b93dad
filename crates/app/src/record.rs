//! Between the rules and the journal: events sealed into entries, entries opened into events, rows made of listings.

use crate::directory::Directory;
use crate::{App, Trouble};
use domain::actor::{Actor, Section};
use domain::ids::{IncidentId, ReportId, StreamId, TenantId};
use domain::incident::{self, Incident};
use domain::pack::PackId;
use domain::permission::Reading;
use domain::report::{self, Report};
use domain::time::{Instant, Zone};
use journal::{BoxPurpose, Digest, Header, HeaderDraft, Keyring, SealedEntry, open_event, seal_event};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use store::{Append, IncidentRow, IncidentState, JournalRow, ReportRow, ReportState};

/// The end of a stream: where the next entry goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tip {
    /// The version reached.
    pub version: u32,
    /// Hash of the last entry.
    pub head: Digest,
}

impl Tip {
    /// A stream that does not exist yet.
    pub const START: Self = Self { version: 0, head: Digest::NONE };
}

/// Who causes an entry, when, and under which policy.
#[derive(Clone, Debug)]
pub struct Cause<'a> {
    /// The agency.
    pub tenant: TenantId,
    /// Who.
    pub actor: Actor,
    /// When.
    pub at: Instant,
    /// The policy edition in force.
    pub edition: Option<&'a PackId>,
}

/// An event of some stream.
pub trait Recordable: Serialize + DeserializeOwned {
    /// Its kind, as in the header.
    fn kind(&self) -> &'static str;
    /// The section whose key seals it.
    fn section(&self) -> Section;
}

impl Recordable for report::Event {
    fn kind(&self) -> &'static str {
        Self::kind(self)
    }
    fn section(&self) -> Section {
        Self::section(self)
    }
}

impl Recordable for incident::Event {
    fn kind(&self) -> &'static str {
        Self::kind(self)
    }
    fn section(&self) -> Section {
        Self::section(self)
    }
}

/// Something read from a stream, with the end of the stream for whoever wants to append.
#[derive(Clone, Debug)]
pub struct Loaded<T> {
    /// As the events tell it.
    pub state: T,
    /// Where the stream ends.
    pub tip: Tip,
}

/// Seals events for the end of a stream. `state_after` gives, for each event in turn, the canonical line of the
/// record once that event is applied: its digest goes into the entry, so that an altered row is noticed.
pub fn seal<E: Recordable>(
    app: &App,
    stream: StreamId,
    tip: Tip,
    cause: &Cause<'_>,
    events: &[E],
    mut state_after: impl FnMut(&E) -> Result<Vec<u8>, Trouble>,
) -> Result<Append, Trouble> {
    let keyring = app.keyring();
    let mut rows = Vec::with_capacity(events.len());
    let mut tip_now = tip;
    for event in events {
        let payload = canonical(event)?;
        let state = state_after(event)?;
        let draft = HeaderDraft {
            stream,
            version: tip_now.version + 1,
            tenant: cause.tenant,
            actor: cause.actor,
            kind: event.kind().to_owned(),
            at: cause.at,
            section: event.section(),
            edition: cause.edition.map(ToString::to_string),
            prev: tip_now.head,
        };
        let entry = seal_event(&keyring, draft, &payload, &state, app.random())
            .map_err(|e| Trouble::fault("sealing an entry", e))?;
        tip_now = Tip { version: tip_now.version + 1, head: entry.hash };
        rows.push(row(entry));
    }
    Ok(Append { stream, expected: tip.version, rows })
}

/// RFC 8785 bytes: what is committed to and hashed.
pub fn canonical(value: &impl Serialize) -> Result<Vec<u8>, Trouble> {
    serde_json_canonicalizer::to_vec(value).map_err(|e| Trouble::fault("writing canonical bytes", e))
}

fn row(entry: SealedEntry) -> JournalRow {
    JournalRow {
        stream: entry.header.stream,
        version: entry.header.version,
        tenant: entry.header.tenant,
        header: entry.canonical,
        hash: entry.hash.0,
        wrapped_key: Some(entry.wrapped_key),
        ciphertext: Some(entry.ciphertext),
    }
}

/// An entry as it was stored; `None` in place of the event when it was erased or may not be read.
pub struct Opened<E> {
    /// The header.
    pub header: Header,
    /// The event.
    pub event: Option<E>,
}

/// Opens a stored entry as far as `reading` covers its section.
pub fn open<E: Recordable>(keyring: &Keyring, row: &JournalRow, reading: &Reading) -> Result<Opened<E>, Trouble> {
    let header = Header::parse(&row.header).map_err(|e| Trouble::fault("reading an entry's header", e))?;
    let (Some(wrapped_key), Some(ciphertext)) = (&row.wrapped_key, &row.ciphertext) else {
        return Ok(Opened { header, event: None });
    };
    if !reading.covers(header.section) {
        return Ok(Opened { header, event: None });
    }
    let opened =
        open_event(keyring, &header, wrapped_key, ciphertext).map_err(|e| Trouble::fault("opening an entry", e))?;
    let event = serde_json::from_slice(&opened.payload).map_err(|e| Trouble::fault("reading an entry", e))?;
    Ok(Opened { header, event: Some(event) })
}

fn tip(rows: &[JournalRow]) -> Tip {
    rows.last().map_or(Tip::START, |row| Tip { version: row.version, head: Digest(row.hash) })
}

impl App {
    /// A report as far as `reading` covers it.
    pub async fn load_report(&self, reading: &Reading) -> Result<Loaded<Report>, Trouble> {
        let rows = self.store().read_stream(reading.tenant(), reading.stream(), 0).await?;
        if rows.is_empty() {
            return Err(Trouble::NotFound);
        }
        let keyring = self.keyring();
        let mut state = Report::empty(ReportId::from(reading.stream()));
        for row in &rows {
            let opened = open::<report::Event>(&keyring, row, reading)?;
            match &opened.event {
                Some(event) => state.apply(event, opened.header.actor, opened.header.at),
                None => state.skip(),
            }
        }
        Ok(Loaded { state, tip: tip(&rows) })
    }

    /// An incident as far as `reading` covers it.
    pub async fn load_incident(&self, reading: &Reading) -> Result<Loaded<Incident>, Trouble> {
        let rows = self.store().read_stream(reading.tenant(), reading.stream(), 0).await?;
        if rows.is_empty() {
            return Err(Trouble::NotFound);
        }
        let keyring = self.keyring();
        let mut state = Incident::empty(IncidentId::from(reading.stream()));
        for row in &rows {
            let opened = open::<incident::Event>(&keyring, row, reading)?;
            match &opened.event {
                Some(event) => state.apply(event, opened.header.actor, opened.header.at),
                None => state.skip(&opened.header.kind, opened.header.section, opened.header.at),
            }
        }
        Ok(Loaded { state, tip: tip(&rows) })
    }
}

impl App {
    /// Several incidents whole, for deciding about them. What cannot be read is a trouble of its own. One statement of the
    /// store.
    pub(crate) async fn whole_incidents(
        &self,
        tenant: TenantId,
        rows: &[IncidentRow],
    ) -> Result<HashMap<IncidentId, Result<Loaded<Incident>, Trouble>>, Trouble> {
        if rows.is_empty() {
            return Ok(HashMap::new());
        }
        let streams: Vec<StreamId> = rows.iter().map(|row| row.id.into()).collect();
        let entries = self.store().read_streams(tenant, &streams).await?;
        let keyring = self.keyring();
        let whole = |entries: &[JournalRow]| {
            let stream = entries.first().map(|row| row.stream).ok_or(Trouble::NotFound)?;
            let reading = Reading::by_the_product(stream, tenant);
            let mut state = Incident::empty(IncidentId::from(stream));
            for row in entries {
                let opened = open::<incident::Event>(&keyring, row, &reading)?;
                match &opened.event {
                    Some(event) => state.apply(event, opened.header.actor, opened.header.at),
                    None => state.skip(&opened.header.kind, opened.header.section, opened.header.at),
                }
            }
            Ok(Loaded { state, tip: tip(entries) })
        };
        let each = entries.chunk_by(|one, next| one.stream == next.stream);
        Ok(each.map(|entries| (IncidentId::from(entries[0].stream), whole(entries))).collect())
    }
}

/// Canonical bytes of a report's line after one more event; empty before it was filed.
pub fn report_state(report: &Report) -> Result<Vec<u8>, Trouble> {
    report.listing().map_or_else(|| Ok(Vec::new()), |listing| canonical(&listing))
}

/// Canonical bytes of an incident's line after one more event; empty before it was opened.
pub fn incident_state(incident: &Incident, zone: &Zone) -> Result<Vec<u8>, Trouble> {
    incident.listing(zone).map_or_else(|| Ok(Vec::new()), |listing| canonical(&listing))
}

/// The row of a report; `previous` keeps what is not the report's own (who is reading it now).
pub fn report_row(
    app: &App,
    tenant: TenantId,
    report: &Report,
    secret: [u8; 32],
    previous: Option<&ReportRow>,
) -> Result<ReportRow, Trouble> {
    let listing = report.listing().ok_or_else(|| Trouble::fault("writing a report's line", "nothing was filed"))?;
    let summary = seal_summary(app, tenant, report.id.bytes(), &listing.summary)?;
    let state = match listing.standing {
        report::Standing::Waiting => ReportState::Waiting,
        report::Standing::Asked => ReportState::Asked,
        report::Standing::Accepted => ReportState::Accepted,
        report::Standing::SetAside => ReportState::SetAside,
    };
    Ok(ReportRow {
        id: report.id,
        n: previous.map_or(0, |row| row.n),
        tenant,
        unit: listing.unit,
        handling_unit: listing.handling_unit,
        reference: listing.reference.to_string(),
        secret,
        received_at: listing.received_at,
        state,
        urgency: listing.urgency,
        claimed_by: previous.and_then(|row| row.claimed_by),
        claimed_at: previous.and_then(|row| row.claimed_at),
        incident: listing.incident,
        version: listing.version,
        summary,
    })
}

/// The row of an incident. `source` is the keyed hash of the record it was imported from.
pub fn incident_row(
    app: &App,
    tenant: TenantId,
    incident: &Incident,
    source: Option<[u8; 32]>,
) -> Result<IncidentRow, Trouble> {
    let zone = app.zone_of(tenant);
    let listing =
        incident.listing(&zone).ok_or_else(|| Trouble::fault("writing an incident's line", "nothing was opened"))?;
    let summary = seal_summary(app, tenant, incident.id.bytes(), &listing.summary)?;
    Ok(IncidentRow {
        id: incident.id,
        n: 0,
        tenant,
        unit: listing.unit,
        reference: listing.reference.to_string(),
        opened_at: listing.opened_at,
        state: match listing.standing {
            incident::Standing::Open => IncidentState::Open,
            incident::Standing::Closed => IncidentState::Closed,
            incident::Standing::Withdrawn => IncidentState::Withdrawn,
        },
        lead: listing.lead,
        next_due: listing.next_due,
        source,
        version: listing.version,
        summary,
    })
}

fn seal_summary(app: &App, tenant: TenantId, object: &[u8; 16], summary: &impl Serialize) -> Result<Vec<u8>, Trouble> {
    app.seal_box(BoxPurpose::Summary, Some(tenant), object, summary)
}

/// The readable part of a report's or an incident's line.
pub fn open_summary<T: DeserializeOwned>(
    keyring: &Keyring,
    tenant: TenantId,
    object: &[u8; 16],
    sealed: &[u8],
) -> Result<T, Trouble> {
    open_box(keyring, (BoxPurpose::Summary, Some(tenant)), object, sealed)
}

/// A small value of a row, sealed for that row and purpose.
pub fn open_box<T: DeserializeOwned>(
    keyring: &Keyring,
    (purpose, tenant): (BoxPurpose, Option<TenantId>),
    row: &[u8],
    sealed: &[u8],
) -> Result<T, Trouble> {
    let plain = keyring.open_box(purpose, tenant, row, sealed);
    let plain = plain.map_err(|e| Trouble::fault("opening a sealed value", e))?;
    serde_json::from_slice(&plain).map_err(|e| Trouble::fault("reading a sealed value", e))
}

/// The tokens of a unit and everything above it, so that one token finds whatever lies in a viewer's scope.
pub fn under(directory: &Directory, unit: domain::ids::UnitId) -> Vec<crate::words::Facet<'static>> {
    directory.ancestry(unit).into_iter().map(crate::words::Facet::Under).collect()
}
