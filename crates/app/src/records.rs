//! Keeping records: until when, what holds them back, and how they are disposed of by two people.

pub mod certificate;
pub mod dispose;
pub mod held;

use crate::incidents::{Filter, IncidentLine};
use crate::words::Facet;
use crate::{App, Trouble};
use domain::form::Party;
use domain::ids::TenantId;
use domain::incident::{self, Incident, KeepRule, Kept, Standing, keep_rules, waits_for_votes};
use domain::pack::{Capacity, Pack, RetainUntil};
use domain::permission::Viewer;
use domain::time::{Instant, Zone};
use std::collections::BTreeSet;
use store::IncidentState;

/// So many years back records are looked for whose time has run out.
const REACH: i16 = 40;

/// Which records a list shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shown {
    /// Those that may be disposed of now.
    Due,
    /// Those kept until some day of this civil year.
    Year(i16),
    /// Those that a matter or a hold stops.
    Held,
    /// Those whose disposal waits for a second person.
    Proposed,
    /// Those that are gone.
    Disposed,
    /// Every closed incident, newest first.
    All,
}

/// A line of the list.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its line; of a record that is gone, what is left.
    pub line: IncidentLine,
    /// Its contents, as far as the viewer may read them.
    pub incident: Incident,
    /// Until when it is kept, and why.
    pub kept: Kept,
}

impl App {
    /// The rules of keeping that apply to an incident.
    pub fn keep_rules_of(&self, incident: &Incident) -> Result<Vec<KeepRule>, Trouble> {
        let pack = self.pack_of_incident(incident)?;
        Ok(keep_rules(pack, &self.laws_of_incident(incident), agreed_years(pack)))
    }

    /// Until when an incident is kept, and why.
    pub fn kept_until(&self, incident: &Incident) -> Result<Kept, Trouble> {
        let zone = self.pack_of_incident(incident)?.zone.clone();
        Ok(incident::kept(incident, &self.keep_rules_of(incident)?, &zone))
    }

    /// Records that this viewer may see, by the last day of keeping, and the cursor of the next page when there is one.
    /// Two statements of the store.
    pub async fn records(
        &self,
        viewer: &Viewer,
        shown: Shown,
        before: Option<i64>,
        limit: u32,
    ) -> Result<(Vec<Record>, Option<i64>), Trouble> {
        let today = viewer.now.day_in(&self.zone_of(viewer.tenant));
        let filter = self.filter_of(viewer.tenant, shown, today.year());
        let (lines, next) = self.list_incidents(viewer, &filter, before, limit).await?;
        let states = self.read_lines(viewer, lines.iter()).await?;
        let mut records = Vec::with_capacity(lines.len());
        for line in lines {
            let Some(incident) = states.get(&line.id.into()).cloned() else { continue };
            let kept = match incident.opening {
                Some(_) => self.kept_until(&incident)?,
                None => gone(),
            };
            let fits = match (shown, kept.until) {
                (Shown::Due, RetainUntil::Day(day)) => day < today,
                (Shown::Year(year), RetainUntil::Day(day)) => day.year() == year,
                (Shown::Due | Shown::Year(_), RetainUntil::NoDate) => false,
                _ => true,
            };
            if fits {
                records.push(Record { line, incident, kept });
            }
        }
        if matches!(shown, Shown::Due | Shown::Year(_)) {
            records.sort_by_key(|record| match record.kept.until {
                RetainUntil::Day(day) => (day, record.line.id),
                RetainUntil::NoDate => (jiff::civil::Date::MAX, record.line.id),
            });
        }
        Ok((records, next))
    }

    fn filter_of(&self, tenant: TenantId, shown: Shown, this_year: i16) -> Filter {
        let waits = |what| Filter { waits: Some(what), ..Filter::default() };
        match shown {
            Shown::Held => waits("hold"),
            Shown::Proposed => waits("disposal"),
            Shown::Disposed => waits("disposed"),
            Shown::All => Filter { state: Some(IncidentState::Closed), ..Filter::default() },
            Shown::Due => Filter { any_of: self.ends_in(tenant, this_year - REACH, this_year), ..Filter::default() },
            Shown::Year(year) => Filter { any_of: self.ends_in(tenant, year, year), ..Filter::default() },
        }
    }

    /// Marks of whatever may end between two civil years: the index knows from which year a time counts, and the length
    /// of the time is a rule's or the agency's.
    fn ends_in(&self, tenant: TenantId, from: i16, to: i16) -> Vec<Facet<'static>> {
        let editions = self.packs().of(tenant).all();
        let stated = editions.iter().filter_map(|pack| pack.retention.as_ref()).map(|rule| rule.years);
        let local = editions.iter().filter_map(|pack| agreed_years(pack));
        let lengths: BTreeSet<i16> = stated.chain(local).filter_map(|years| i16::try_from(years).ok()).collect();
        let mut facets: Vec<_> = (from..=to).map(|year| Facet::Kept("settled", year)).collect();
        let starts: BTreeSet<i16> = lengths.iter().flat_map(|n| (from..=to).map(move |year| year - n)).collect();
        facets
            .extend(starts.into_iter().flat_map(|year| [Facet::Kept("completed", year), Facet::Kept("closed", year)]));
        facets
    }
}

/// The years that the agency set where the policy leaves them open: its packs carry what it set.
fn agreed_years(pack: &Pack) -> Option<u32> {
    pack.locals.iter().find(|local| local.id.as_str() == "retention")?.default
}

/// What there is to say of the time of a record that is gone.
fn gone() -> Kept {
    Kept { until: RetainUntil::NoDate, rule: None, says: "It was disposed of.".to_owned() }
}

/// What lists of records and of votes find an incident by.
pub(crate) fn facets(incident: &Incident, pack: &Pack, zone: &Zone) -> Vec<Facet<'static>> {
    let year = |at: Instant| at.day_in(zone).year();
    let mut facets = Vec::new();
    if incident.standing == Standing::Closed {
        let completed =
            incident.form.signed_by(Party::OfficerCompleted).map(|(_, at)| Facet::Kept("completed", year(*at)));
        let closed = incident.closing.as_ref().map(|(_, at)| Facet::Kept("closed", year(*at)));
        let settled = incident.keeping.settled_on().map(|on| Facet::Kept("settled", on.year()));
        facets.extend(completed.into_iter().chain(closed).chain(settled));
    }
    if incident.keeping.held() {
        facets.push(Facet::Waits("hold"));
    }
    if incident.keeping.proposal.is_some() {
        facets.push(Facet::Waits("disposal"));
    }
    let voices = pack.decisions.iter().flat_map(|decision| waits_for_votes(incident, decision));
    let capacities = voices.filter_map(|role| pack.role(role)).map(|role| role.capacity);
    facets.extend(capacities.map(|capacity| Facet::Waits(vote_of(capacity))));
    facets
}

/// The mark of a question that waits for the voice of somebody with this capacity.
pub(crate) const fn vote_of(capacity: Capacity) -> &'static str {
    match capacity {
        Capacity::WorkforceMember => "vote of workforce-member",
        Capacity::HelpDesk => "vote of help-desk",
        Capacity::LocalOfficer => "vote of local-officer",
        Capacity::ChiefOfficer => "vote of chief-officer",
        Capacity::PrivacyOfficer => "vote of privacy-officer",
        Capacity::HumanResources => "vote of human-resources",
        Capacity::Investigator => "vote of investigator",
        Capacity::Counsel => "vote of counsel",
        Capacity::Communications => "vote of communications",
        Capacity::Records => "vote of records",
        Capacity::StatewideOffice => "vote of statewide-office",
        Capacity::CsirtMember => "vote of csirt-member",
        Capacity::Executive => "vote of executive",
        Capacity::Auditor => "vote of auditor",
        Capacity::Administrator => "vote of administrator",
        Capacity::Outside => "vote of outside",
    }
}
