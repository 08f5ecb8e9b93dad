//! Every clock across the incidents that somebody may see: written with the incident, listed by when it is due, at a cost
//! that does not grow with what is not due.

use crate::record::open_summary;
use crate::{App, Trouble};
use domain::actor::Section;
use domain::ids::{AccountId, IncidentId, TenantId, UnitId};
use domain::incident::{Incident, Proof, Standing, SummaryOfIncident};
use domain::pack::{ObligationId, ObligationRule, Pack, PackId};
use domain::permission::{Action, Viewer};
use domain::time::Instant;
use store::{DutyQuery, DutyRow, DutyStanding, LedBy, ListedDuty};

/// Duties that are due within so many seconds: seven days.
pub const NEXT_SECONDS: i64 = 7 * 86_400;

/// Which duties a list shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Which {
    /// All that are open, by date.
    #[default]
    Open,
    /// Open, and past their date.
    Past,
    /// Open, and due within seven days.
    Next,
    /// Open, without a date.
    NoDate,
    /// Answered for, newest first.
    Answered,
}

/// Whose duties a list shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Whose {
    /// Anybody's.
    #[default]
    Anyone,
    /// Those of incidents that this person leads.
    Of(AccountId),
    /// Those of incidents that nobody leads.
    Nobody,
}

/// What a list of duties is narrowed to.
#[derive(Clone, Copy, Debug, Default)]
pub struct DutyFilter {
    /// Which.
    pub which: Which,
    /// Whose.
    pub whose: Whose,
    /// Of a unit, with those below it.
    pub unit: Option<UnitId>,
}

/// Where the next page begins: turn, incident, rule.
pub type After = (i64, IncidentId, String);

/// A duty in a list.
#[derive(Clone, Debug)]
pub struct DutyLine {
    /// The clock.
    pub duty: DutyRow,
    /// The incident's printed reference.
    pub reference: String,
    /// What its line says.
    pub summary: SummaryOfIncident,
}

impl DutyLine {
    /// The pack that states it, and the rule in it.
    pub fn rule<'a>(&self, app: &'a App) -> Option<(&'a Pack, &'a ObligationRule)> {
        let pack = app.packs().of(self.duty.tenant).get(&PackId::parse(&self.duty.pack).ok()?)?;
        Some((pack, pack.obligation(&ObligationId::parse(&self.duty.rule).ok()?)?))
    }

    /// Its first clause as it is cited; the rule's own name where the pack cites none.
    pub fn cite(&self, app: &App) -> String {
        let cite = self.rule(app).and_then(|(pack, rule)| Some(pack.clause(rule.clauses.first()?)?.cite.clone()));
        cite.unwrap_or_else(|| self.duty.rule.clone())
    }

    /// Where the page after this line begins.
    pub fn after(&self) -> After {
        (self.duty.turn(), self.duty.incident, self.duty.rule.clone())
    }
}

/// The clocks of an incident as its entries tell them. Of a record that came in closed from elsewhere there are none.
pub fn duty_rows(tenant: TenantId, incident: &Incident) -> Vec<DutyRow> {
    let Some(opening) = &incident.opening else { return Vec::new() };
    let row = |state: &domain::incident::DutyState| {
        let duty = &state.duty;
        let met = state.met.as_ref().map(|met| &met.what);
        DutyRow {
            incident: incident.id,
            rule: duty.rule.to_string(),
            tenant,
            unit: opening.unit,
            lead: incident.lead,
            pack: duty.pack.as_ref().unwrap_or(&opening.pack).to_string(),
            standing: match (met, incident.standing) {
                (Some(_), _) => DutyStanding::Answered,
                (None, Standing::Open) => DutyStanding::Open,
                (None, Standing::Closed | Standing::Withdrawn) => DutyStanding::Left,
            },
            due: duty.due.by,
            late_after: duty.due.late_after,
            since: duty.due.since,
            whole_day: duty.due.day.is_some(),
            excused: met.is_some_and(|met| matches!(met.by, Proof::NotApplicable | Proof::Waived)),
            answered_at: met.map(|met| met.at),
        }
    };
    let mut rows: Vec<DutyRow> = incident.duties.values().map(row).collect();
    rows.sort_by(|a, b| a.rule.cmp(&b.rule));
    rows
}

impl App {
    /// Duties that this viewer may see, by when they are due, and where the next page begins when there is one. One
    /// statement of the store.
    pub async fn list_duties(
        &self,
        viewer: &Viewer,
        filter: &DutyFilter,
        after: Option<After>,
        limit: u32,
    ) -> Result<(Vec<DutyLine>, Option<After>), Trouble> {
        self.allow_in_agency(viewer, Action::Read, Section::Officer)?;
        self.duties_in(viewer, Action::Read, filter, after, limit).await
    }

    pub(crate) async fn duties_in(
        &self,
        viewer: &Viewer,
        action: Action,
        filter: &DutyFilter,
        after: Option<After>,
        limit: u32,
    ) -> Result<(Vec<DutyLine>, Option<After>), Trouble> {
        let mut units = viewer.scope(action, Section::Officer);
        if let Some(unit) = filter.unit {
            let below = self.directory().below(unit);
            units = Some(match units {
                Some(scope) => scope.into_iter().filter(|unit| below.contains(unit)).collect(),
                None => below,
            });
        }
        let (standing, from, until) = range(filter.which, viewer.now);
        let query = DutyQuery {
            tenant: viewer.tenant,
            units,
            led_by: match filter.whose {
                Whose::Anyone => LedBy::Anyone,
                Whose::Of(account) => LedBy::Account(account),
                Whose::Nobody => LedBy::Nobody,
            },
            standing,
            from,
            until,
            viewer: viewer.account,
            after,
            limit: limit.saturating_add(1),
        };
        let mut listed = self.store().list_duties(&query).await?;
        let more = listed.len() > limit as usize;
        listed.truncate(limit as usize);
        let keyring = self.keyring();
        let line = |listed: ListedDuty| {
            let incident = listed.duty.incident;
            let summary = open_summary(&keyring, viewer.tenant, incident.bytes(), &listed.summary)?;
            Ok(DutyLine { duty: listed.duty, reference: listed.reference, summary })
        };
        let lines: Vec<DutyLine> = listed.into_iter().map(line).collect::<Result<_, Trouble>>()?;
        let next = lines.last().filter(|_| more).map(DutyLine::after);
        Ok((lines, next))
    }
}

/// The standing and the turns that a choice comes to.
fn range(which: Which, now: Instant) -> (DutyStanding, i64, i64) {
    let (open, none) = (DutyStanding::Open, DutyRow::NO_DATE);
    match which {
        Which::Open => (open, i64::MIN, none),
        Which::Past => (open, i64::MIN, now.micros() - 1),
        Which::Next => (open, now.micros(), now.plus_seconds(NEXT_SECONDS).micros()),
        Which::NoDate => (open, none, none),
        Which::Answered => (DutyStanding::Answered, i64::MIN, i64::MAX),
    }
}
