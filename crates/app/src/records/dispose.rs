//! Disposing of a record: proposed by one person, carried out when a second one has reviewed it. Keys, salts and sealed
//! bytes of the incident, its reports and all their files are destroyed; one entry beside the case says by whom, when
//! and under which rule, and with what the record still counts in statistics.

use crate::changing::Attempts;
use crate::erase::orders_beside;
use crate::record::{Cause, Recordable, Tip, incident_state, seal, under};
use crate::words::{self, Facet};
use crate::{App, Trouble, rollups};
use domain::actor::{Actor, Section};
use domain::ids::{FileId, ReportId, StreamId, UnitId};
use domain::incident::{self, Command, DisposalProposal, Given, Incident, Listing};
use domain::pack::{ClauseId, PackId, RetainUntil};
use domain::permission::{Action, Allowed};
use domain::report;
use domain::text::{Line, Note};
use domain::time::Instant;
use jiff::civil::Date;
use journal::{BoxPurpose, Digest, Lookup};
use serde::{Deserialize, Serialize};
use store::{Append, Change, FileOwner, IncidentRow, ReportRow, RowChange, Words};

/// The kind of the entry that disposes of a record, as in the header.
pub const DISPOSED: &str = "erasure.disposed";

/// Which entries of a stream were destroyed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Part {
    /// The stream: the incident or one of its reports.
    pub stream: StreamId,
    /// Versions.
    pub versions: Vec<u32>,
}

/// A duty that a record that is gone still counts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DutyCount {
    /// The civil year.
    pub year: i16,
    /// Called up, or answered for.
    pub dimension: String,
    /// The pack and the rule.
    pub value: String,
}

impl From<store::RollupRow> for DutyCount {
    fn from(row: store::RollupRow) -> Self {
        Self { year: row.year, dimension: row.dimension, value: row.value }
    }
}

/// Says that a record was disposed of: everything that its certificate shows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Disposal {
    /// What was destroyed.
    pub parts: Vec<Part>,
    /// References of the reports that went with it.
    pub reports: Vec<String>,
    /// Files that went with it.
    pub files: Vec<FileId>,
    /// What is left: with what the record still counts.
    pub left: Listing,
    /// The duties it still counts: in which year, whether called up or answered for, and the rule.
    #[serde(default)]
    pub duties: Vec<DutyCount>,
    /// The unit it belonged to.
    pub unit: UnitId,
    /// The policy edition that governed it.
    pub pack: PackId,
    /// When it was opened.
    pub opened_at: Option<Instant>,
    /// When it was closed.
    pub closed_at: Option<Instant>,
    /// The day from which its time counted.
    pub counted_from: Option<Date>,
    /// The last day on which it had to be kept.
    pub kept_until: Date,
    /// The rule, in words.
    pub rule: Line<300>,
    /// The clauses of the rule.
    pub clauses: Vec<ClauseId>,
    /// Who proposed it.
    pub proposed_by: Actor,
    /// When.
    pub proposed_at: Instant,
    /// Why.
    pub reason: Note,
    /// What the second person added.
    pub note: Option<Note>,
}

impl Recordable for Disposal {
    fn kind(&self) -> &'static str {
        DISPOSED
    }
    fn section(&self) -> Section {
        Section::Officer
    }
}

impl App {
    /// Proposes to dispose of a record whose time has run out.
    pub async fn propose_disposal(&self, may: &Allowed, row: &IncidentRow, reason: Note) -> Result<Incident, Trouble> {
        if may.action() != Action::ProposeDisposal {
            return Err(Trouble::NotFound);
        }
        let id = self.draw();
        self.act(may, row, None, |incident, _| {
            let rules = self.keep_rules_of(incident)?;
            let kept = self.kept_until(incident)?;
            let (day, clauses) = match (kept.until, &kept.rule) {
                (RetainUntil::Day(day), Some((rule, _))) => (day, rule.clauses.clone()),
                // The rules refuse it below, in words.
                _ => (row.opened_at.day_in(&self.zone_of(row.tenant)), Vec::new()),
            };
            let short: String = kept.says.chars().take(300).collect();
            let rule = Line::parse(&short).map_err(|e| Trouble::fault("wording a rule of keeping", e))?;
            let proposal = DisposalProposal { id, kept_until: day, rule, clauses, reason: reason.clone() };
            Ok(Command::ProposeDisposal(Box::new(proposal), rules))
        })
        .await
    }

    /// Turns a proposal down.
    pub async fn decline_disposal(&self, may: &Allowed, row: &IncidentRow, reason: Note) -> Result<Incident, Trouble> {
        if may.action() != Action::ReviewDisposal {
            return Err(Trouble::NotFound);
        }
        self.act(may, row, None, |_, _| Ok(Command::DeclineDisposal(reason.clone()))).await
    }

    /// Carries a proposal out, by a second person.
    pub async fn dispose(&self, may: &Allowed, row: &IncidentRow, note: Option<Note>) -> Result<(), Trouble> {
        let right = may.stream() == Some(row.id.into()) && may.tenant() == row.tenant;
        if may.action() != Action::ReviewDisposal || !right {
            return Err(Trouble::NotFound);
        }
        let mut attempts = Attempts::default();
        loop {
            let (change, files) = self.disposing(may, row, note.as_ref()).await?;
            if !attempts.commit(self, change).await? {
                continue;
            }
            // Their keys are gone; bytes that stay behind because the machine stops here go with the left-over ones.
            for file in files {
                self.remove_bytes(file).await?;
            }
            return Ok(());
        }
    }

    async fn disposing(
        &self,
        may: &Allowed,
        row: &IncidentRow,
        note: Option<&Note>,
    ) -> Result<(Change, Vec<FileId>), Trouble> {
        let (by, now, tenant) = (Actor::Account(may.by()), self.now(), row.tenant);
        let mut loaded = self.whole_incident(row).await?;
        let incident = loaded.state.clone();
        let pack = self.pack_of_incident(&incident)?;
        let laws = self.laws_of_incident(&incident);
        let given = Given { actor: by, now, pack, laws: &laws };
        let rules = self.keep_rules_of(&incident)?;
        let ended = incident::decide(&incident, Command::Dispose(rules), given)?;
        let proposal = incident.keeping.proposal.clone().ok_or(incident::Refusal::NotProposed)?;
        let kept = self.kept_until(&incident)?;
        let zone = self.zone_of(tenant);
        let listing = incident.listing(&zone).ok_or(Trouble::NotFound)?;

        let mut change = Change::default();
        let mut parts = vec![self.part(tenant, row.id.into()).await?];
        let mut files = self.store().files_of(FileOwner::Stream(row.id.into())).await?;
        let mut reports = Vec::new();
        let cause = Cause { tenant, actor: by, at: now, edition: Some(&pack.id) };
        for id in &incident.reports {
            let Some(report) = self.store().report(tenant, *id).await? else { continue };
            parts.push(self.part(tenant, (*id).into()).await?);
            files.extend(self.store().files_of(FileOwner::Stream((*id).into())).await?);
            reports.push(report.reference.clone());
            self.end_report(&mut change, *id, report, &cause).await?;
        }

        let state = &mut loaded.state;
        change.appends.push(seal(self, row.id.into(), loaded.tip, &cause, &ended, |event| {
            state.apply(event, by, now);
            incident_state(state, &zone)
        })?);
        let left = left_of(&listing, loaded.tip.version + 1);
        let disposal = Disposal {
            reports,
            files: files.iter().map(|file| file.id).collect(),
            unit: row.unit,
            pack: pack.id.clone(),
            opened_at: incident.opened_at,
            closed_at: incident.closing.as_ref().map(|(_, at)| *at),
            counted_from: kept.rule.as_ref().map(|(_, from)| *from),
            kept_until: proposal.what.kept_until,
            rule: proposal.what.rule.clone(),
            clauses: proposal.what.clauses.clone(),
            proposed_by: proposal.by,
            proposed_at: proposal.at,
            reason: proposal.what.reason.clone(),
            note: note.cloned(),
            parts,
            left,
            duties: rollups::duties(tenant, &incident, &zone).into_iter().map(DutyCount::from).collect(),
        };
        self.leave(&mut change, row, &disposal)?;
        let orders = orders_beside(row.id.into());
        let before = self.store().read_stream(tenant, orders, 0).await?;
        let tip = before.last().map_or(Tip::START, |row| Tip { version: row.version, head: Digest(row.hash) });
        for part in &disposal.parts {
            change.rows.extend(part.versions.iter().map(|version| RowChange::Erase(part.stream, *version)));
        }
        change.rows.extend(disposal.files.iter().map(|file| RowChange::EraseFile(*file)));
        change.rows.push(RowChange::ForgetDuties(row.id));
        let gone = disposal.files.clone();
        change.appends.push(seal(self, orders, tip, &cause, &[disposal], |_| Ok(Vec::new()))?);
        Ok((change, gone))
    }

    /// The entries of a stream that still have their content.
    async fn part(&self, tenant: domain::ids::TenantId, stream: StreamId) -> Result<Part, Trouble> {
        let rows = self.store().read_stream(tenant, stream, 0).await?;
        let versions = rows.iter().filter(|row| row.ciphertext.is_some()).map(|row| row.version).collect();
        Ok(Part { stream, versions })
    }

    /// A report goes with its incident: its private link ends, and nothing of it can be read or found any more.
    async fn end_report(
        &self,
        change: &mut Change,
        id: ReportId,
        row: ReportRow,
        cause: &Cause<'_>,
    ) -> Result<(), Trouble> {
        let loaded = self.whole_report(&row).await?;
        let events = if loaded.state.link_ended.is_none() { vec![report::Event::LinkEnded] } else { Vec::new() };
        // Where nothing is left to say, the version is still held to, so that no word slips in.
        change.appends.push(if events.is_empty() {
            Append { stream: id.into(), expected: loaded.tip.version, rows: Vec::new() }
        } else {
            seal(self, id.into(), loaded.tip, cause, &events, |_| Ok(Vec::new()))?
        });
        let old: report::SummaryOfReport =
            self.open_box(BoxPurpose::Summary, Some(row.tenant), row.id.bytes(), &row.summary)?;
        let summary =
            report::SummaryOfReport { happened: Vec::new(), gist: String::new(), place: String::new(), ..old };
        let facets = under(&self.directory(), row.handling_unit);
        let tokens = words::tokens(&self.keyring(), row.tenant, &[row.reference.as_str()], &facets)?;
        change.words.push(Words { object: row.id.into(), tokens });
        change.reports.push(ReportRow {
            summary: self.seal_box(BoxPurpose::Summary, Some(row.tenant), row.id.bytes(), &summary)?,
            secret: self.lookup(Lookup::Request, format!("ended link of {id}").as_bytes())?,
            claimed_by: None,
            claimed_at: None,
            version: loaded.tip.version + u32::try_from(events.len()).unwrap_or(0),
            ..row
        });
        Ok(())
    }

    /// The incident's line and marks as they are from now on.
    fn leave(&self, change: &mut Change, row: &IncidentRow, disposal: &Disposal) -> Result<(), Trouble> {
        let left = &disposal.left;
        let summary = &left.summary;
        let mut facets = under(&self.directory(), row.unit);
        facets.extend([Facet::Standing("closed"), Facet::Year(summary.year), Facet::Waits("disposed")]);
        facets.extend(summary.kinds.iter().map(|kind| Facet::Kind(kind)));
        facets.extend(summary.locations.iter().map(|location| Facet::Location(location)));
        facets.extend(summary.place.iter().map(|place| Facet::Place(place)));
        let tokens = words::tokens(&self.keyring(), row.tenant, &[row.reference.as_str()], &facets)?;
        change.words.push(Words { object: row.id.into(), tokens });
        change.incidents.push(IncidentRow {
            lead: None,
            next_due: None,
            version: left.version,
            summary: self.seal_box(BoxPurpose::Summary, Some(row.tenant), row.id.bytes(), summary)?,
            ..row.clone()
        });
        Ok(())
    }
}

/// What stays countable of an incident, and nothing else.
fn left_of(listing: &Listing, version: u32) -> Listing {
    Listing {
        lead: None,
        next_due: None,
        version,
        summary: incident::SummaryOfIncident {
            title: "Disposed of".to_owned(),
            severity: None,
            duties: 0,
            source: None,
            ..listing.summary.clone()
        },
        ..listing.clone()
    }
}
