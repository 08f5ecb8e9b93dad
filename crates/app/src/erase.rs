//! Lawful erasure: an entry's content, salt and key are destroyed, and an entry of its own says by whose authority.
//!
//! The order stands on a stream beside the case, so that the case's own versions stay as they were signed. The log goes
//! on proving that the erased entry was there and what it committed to; nobody can tell any more what that was. The
//! line that lists show and the words of the index are made anew from what is left. Files that the entry added lose their
//! keys and their bytes with it.

use crate::changing::Place;
use crate::record::{Cause, Recordable, Tip, open, seal, under};
use crate::words::{self, Facet};
use crate::{App, Trouble};
use domain::actor::{Actor, Section};
use domain::ids::{FileId, StreamId, TenantId};
use domain::incident::{self, Incident};
use domain::permission::Reading;
use domain::report::{self, Report, SummaryOfReport};
use domain::text::Line;
use journal::{BoxPurpose, Digest};
use serde::{Deserialize, Serialize};
use store::{Change, IncidentRow, IncidentState, JournalRow, ReportRow, RowChange, Words};

/// The kind of an order, as in the header.
pub const ORDERED: &str = "erasure.ordered";

/// Says that an entry was erased.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Order {
    /// The stream of the erased entry.
    pub stream: StreamId,
    /// Its version.
    pub version: u32,
    /// The law, court or office that requires it.
    pub authority: Line<200>,
    /// Why.
    pub reason: Line<300>,
}

impl Recordable for Order {
    fn kind(&self) -> &'static str {
        ORDERED
    }
    fn section(&self) -> Section {
        Section::Officer
    }
}

enum Case {
    Report(ReportRow),
    Incident(IncidentRow),
}

impl Case {
    fn stream(&self) -> (TenantId, StreamId) {
        match self {
            Self::Report(row) => (row.tenant, row.id.into()),
            Self::Incident(row) => (row.tenant, row.id.into()),
        }
    }
}

/// The stream of orders that belongs to a case.
pub(crate) fn orders_beside(case: StreamId) -> StreamId {
    let digest = Digest::of_parts(&[b"tocsin/erasures", case.bytes()]);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.0[..16]);
    StreamId::from(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

impl App {
    /// Erases one entry of the case with that printed reference. For whoever runs the installation, on the order of
    /// those whom the law names; no role of the product can do it.
    pub async fn erase(
        &self,
        by: Actor,
        reference: &str,
        version: u32,
        authority: Line<200>,
        reason: Line<300>,
    ) -> Result<(), Trouble> {
        let case = self.case_named(reference).await?;
        let (tenant, stream) = case.stream();
        let mut entries = self.store().read_stream(tenant, stream, 0).await?;
        let Some(entry) = entries.iter_mut().find(|entry| entry.version == version) else {
            return Err(Trouble::Refused(format!("{reference} has no entry {version}")));
        };
        if entry.ciphertext.is_none() {
            return Err(Trouble::Refused(format!("entry {version} of {reference} has been erased before")));
        }
        // What an entry adds goes with it: the name stands in the entry, the bytes beside it.
        let files = self.files_named(&case, entry)?;
        (entry.ciphertext, entry.wrapped_key) = (None, None);

        let mut change = Change::default();
        let orders = orders_beside(stream);
        let before = self.store().read_stream(tenant, orders, 0).await?;
        let tip = before.last().map_or(Tip::START, |row| Tip { version: row.version, head: Digest(row.hash) });
        let cause = Cause { tenant, actor: by, at: self.now(), edition: None };
        let order = Order { stream, version, authority, reason };
        change.appends.push(seal(self, orders, tip, &cause, &[order], |_| Ok(Vec::new()))?);
        change.rows.push(RowChange::Erase(stream, version));
        for file in &files {
            // A file that was erased with another entry is gone already.
            if self.store().file(tenant, *file).await?.is_some() {
                change.rows.push(RowChange::EraseFile(*file));
            }
        }
        match case {
            Case::Report(row) => self.line_of_what_is_left(&mut change, row, &entries)?,
            Case::Incident(row) => self.incident_line_of_what_is_left(&mut change, row, &entries)?,
        }
        self.store().commit(change).await?;
        for file in files {
            self.remove_bytes(file).await?;
        }
        Ok(())
    }

    /// The files that an entry adds.
    fn files_named(&self, case: &Case, entry: &JournalRow) -> Result<Vec<FileId>, Trouble> {
        let (tenant, stream) = case.stream();
        let (keyring, reading) = (self.keyring(), Reading::by_the_product(stream, tenant));
        Ok(match case {
            Case::Report(_) => match open::<report::Event>(&keyring, entry, &reading)?.event {
                Some(report::Event::Submitted(submission)) => submission.files.iter().map(|f| f.id).collect(),
                Some(report::Event::WordsAdded { files, .. }) => files.iter().map(|f| f.id).collect(),
                _ => Vec::new(),
            },
            Case::Incident(_) => match open::<incident::Event>(&keyring, entry, &reading)?.event {
                Some(incident::Event::FileAdded(file)) => vec![file.id],
                Some(incident::Event::DocumentIssued(document)) => vec![document.file.id],
                _ => Vec::new(),
            },
        })
    }

    async fn case_named(&self, reference: &str) -> Result<Case, Trouble> {
        if let Some(row) = self.store().report_by_reference(None, reference).await? {
            return Ok(Case::Report(row));
        }
        for agency in self.directory().agencies() {
            if let Some(row) = self.store().incident_by_reference(agency.id, reference).await? {
                return Ok(Case::Incident(row));
            }
        }
        Err(Trouble::Refused(format!("there is no report or incident {reference}")))
    }

    fn line_of_what_is_left(&self, change: &mut Change, row: ReportRow, left: &[JournalRow]) -> Result<(), Trouble> {
        let reading = Reading::by_the_product(row.id.into(), row.tenant);
        let keyring = self.keyring();
        let mut report = Report::empty(row.id);
        for entry in left {
            let opened = open::<report::Event>(&keyring, entry, &reading)?;
            match &opened.event {
                Some(event) => report.apply(event, opened.header.actor, opened.header.at),
                None => report.skip(),
            }
        }
        let old: SummaryOfReport =
            self.open_box(BoxPurpose::Summary, Some(row.tenant), row.id.bytes(), &row.summary)?;
        let summary = match report.listing() {
            Some(listing) => listing.summary,
            None => SummaryOfReport { happened: Vec::new(), gist: String::new(), place: String::new(), ..old },
        };
        let facets = under(&self.directory(), row.handling_unit);
        let tokens = words::tokens(&keyring, row.tenant, &words::of_report(&report, &row.reference), &facets)?;
        change.words.push(Words { object: row.id.into(), tokens });
        let summary = self.seal_box(BoxPurpose::Summary, Some(row.tenant), row.id.bytes(), &summary)?;
        change.reports.push(ReportRow { summary, ..row });
        Ok(())
    }

    fn incident_line_of_what_is_left(
        &self,
        change: &mut Change,
        row: IncidentRow,
        left: &[JournalRow],
    ) -> Result<(), Trouble> {
        let reading = Reading::by_the_product(row.id.into(), row.tenant);
        let keyring = self.keyring();
        let mut incident = Incident::empty(row.id);
        for entry in left {
            let opened = open::<incident::Event>(&keyring, entry, &reading)?;
            match &opened.event {
                Some(event) => incident.apply(event, opened.header.actor, opened.header.at),
                None => incident.skip(&opened.header.kind, opened.header.section, opened.header.at),
            }
        }
        let (summary, tokens) = match incident.listing(&self.zone_of(row.tenant)) {
            Some(listing) => {
                let pack = self.pack_of_incident(&incident)?;
                let place = Place { tenant: row.tenant, pack, source: row.source };
                let tokens = self.incident_tokens(&place, &incident, &listing)?;
                (listing.summary, tokens)
            }
            None => {
                let old: incident::SummaryOfIncident =
                    self.open_box(BoxPurpose::Summary, Some(row.tenant), row.id.bytes(), &row.summary)?;
                let mut facets = under(&self.directory(), row.unit);
                facets.push(Facet::Year(old.year));
                facets.push(Facet::Standing(match row.state {
                    IncidentState::Open => "open",
                    IncidentState::Closed => "closed",
                    IncidentState::Withdrawn => "withdrawn",
                }));
                let tokens = words::tokens(&keyring, row.tenant, &[], &facets)?;
                (incident::SummaryOfIncident { title: "Erased".to_owned(), place: None, ..old }, tokens)
            }
        };
        change.words.push(Words { object: row.id.into(), tokens });
        let summary = self.seal_box(BoxPurpose::Summary, Some(row.tenant), row.id.bytes(), &summary)?;
        change.incidents.push(IncidentRow { summary, ..row });
        Ok(())
    }
}
