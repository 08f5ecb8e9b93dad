//! The compiled policy pack: what one edition of one agency's written policy asks for, as plain values, so that
//! every other room can follow a policy without knowing any policy.
//!
//! Packs are written as text under `policy/` and become these types in the `policy` room, which checks every
//! reference; a [`Pack`] in hand is therefore whole: each clause, role, fact and local value it names exists in it.

mod case;
mod edition;
mod enactment;
mod facts;
mod form;
mod ids;
mod inquiry;
mod intake;
mod obligation;
mod people;
mod plan;
mod playbook;
mod readiness;
mod retention;
mod sheet;
mod time;
mod words;

#[cfg(test)]
pub(crate) mod tests;

pub use crate::obligation::{Facts, Known};
pub use case::{Closing, ClosingNeed, Concurrence, Decision, SetAsideRule};
pub use edition::{Edition, Flag, Governing, Status, in_force};
pub use enactment::{Enactment, ShownOn, Tag};
pub use facts::{Answer, Compare, Condition, Fact, FactKind, Measure, NotAState, PeopleTest, Scope, StateCode, Test};
pub use form::{BoxChoice, BoxKind, Form, FormBox, FormPart};
pub use ids::*;
pub use inquiry::{NoIncident, Participants};
pub use intake::{
    Advice, Category, Definition, Identity, Item, Loss, Particular, PhoneFirst, Question, QuestionKind, SystemClass,
    Tile, WorkforceKind,
};
pub use obligation::{
    ClockStart, Discovery, Effective, Evidence, ObligationRule, Regime, RuleStatus, Step, Strength, Term, Tolerance,
    Trigger, Unit, Verified,
};
pub use people::{Capacity, Level, Notice, Offer, Office, Reach, Role, Route, StateNotices, Taken, Ticket};
pub use plan::{PlanKind, PlanPart, PlanRules};
pub use playbook::{Playbook, PlaybookStep, Starts};
pub use readiness::{Factor, FilledWith, Named, ReadinessLevel, ReadinessRules, ReportField, ReportFieldKind, Weighed};
pub use retention::{Matters, RetainUntil, Retention, Round, RoutineReview, YearlyRound, keep_until};
pub use sheet::{
    FieldNeed, Held, NamedOn, OfLoss, OnSheet, Sheet, SheetChoice, SheetField, SheetFieldKind, SheetHold, SheetWord,
    Span, SpanStart,
};
pub use time::{Calendar, Moment, Start};
pub use words::{Language, Words};

use crate::time::Zone;
use serde::{Deserialize, Serialize};

/// One statement of the source text that the product acts on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// Register id, such as `DMH16-4.a`.
    pub id: ClauseId,
    /// Where it stands in the source, as a person would cite it.
    pub cite: String,
    /// What it says, in one sentence of our own.
    pub says: String,
    /// The part of the work it concerns: `intake`, `forms`, `notification`.
    pub area: Option<String>,
}

/// How an ambiguous passage is read. A house reading, never the policy's own text; screens must say so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Interpretation {
    /// Number of the question, such as `Q5`.
    pub id: NoteId,
    /// What the text leaves open.
    pub question: String,
    /// The reading chosen.
    pub reading: String,
    /// The clauses it reads.
    pub clauses: Vec<ClauseId>,
}

/// A value the policy does not give and the organisation sets; always shown as local.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LocalValue {
    /// Name used by terms and tolerances.
    pub id: LocalId,
    /// What the value means, for the person who sets it.
    pub title: String,
    /// Value until the organisation sets its own; `None` means switched off.
    pub default: Option<u32>,
    /// Unit of the value.
    pub unit: Unit,
    /// The clauses that leave it open.
    pub clauses: Vec<ClauseId>,
}

/// A document that the policy refers to and that does not come with the product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MissingDocument {
    /// Slot that an administrator fills.
    pub id: SlotId,
    /// Name of the document as the policy calls it.
    pub title: String,
    /// What the administrator supplies.
    pub supply: String,
    /// Where the product would use it; those places say "not supplied" until then.
    pub used: String,
    /// The pages that offer it, or say that it is not supplied.
    pub shown_on: Vec<ShownOn>,
    /// The clauses that refer to it.
    pub clauses: Vec<ClauseId>,
}

/// The document the pack was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceDocument {
    /// Its title.
    pub title: String,
    /// Who issued it.
    pub issuer: String,
    /// Edition, number or revision printed on it.
    pub edition: String,
    /// Authority it names for itself, where it names one.
    pub authority: Option<String>,
}

/// What a pack is made from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PackKind {
    /// An agency's own written policy: it has intake, routes and forms, and one of them governs an incident.
    #[default]
    Policy,
    /// A law, regulation or contract around it: duties alone, beside the governing policy and beside each other.
    Law,
}

/// Everything one edition of one policy asks for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pack {
    /// `us-mo/dmh-2016`.
    pub id: PackId,
    /// What it is made from.
    pub kind: PackKind,
    /// `us-mo/dmh`: editions of one policy share a series, and at most one of them is in force on a day.
    pub series: SeriesId,
    /// Short name for officers: `DMH DOR 8.350 (2016)`.
    pub title: String,
    /// Name of the agency, for members of the public.
    pub agency: Words,
    /// Jurisdiction, such as `us-mo`.
    pub jurisdiction: String,
    /// Prefix of incident references, such as `DMH`.
    pub prefix: String,
    /// When it is in force.
    pub edition: Edition,
    /// Zone in which days are counted.
    pub zone: Zone,
    /// Days are counted in the zone of the unit it binds; `zone` is then only where nobody says which.
    pub zone_of_unit: bool,
    /// The text it executes.
    pub source: SourceDocument,
    /// Who at a law office checked it, and when; `None` until someone has.
    pub reviewed_by_counsel: Option<String>,
    /// The clauses it cites.
    pub clauses: Vec<Clause>,
    /// How open passages are read.
    pub interpretations: Vec<Interpretation>,
    /// Roles named by the policy.
    pub roles: Vec<Role>,
    /// Where a report goes; the first whose conditions hold is taken.
    pub routes: Vec<Route>,
    /// Messages owed to someone besides the recipient of the report.
    pub notices: Vec<Notice>,
    /// The help ticket the policy asks for.
    pub ticket: Option<Ticket>,
    /// How notices of the state's threat level are taken down, where the policy knows such notices.
    pub state_notices: Option<StateNotices>,
    /// Kinds of workforce members.
    pub workforce: Vec<WorkforceKind>,
    /// Classes of systems.
    pub systems: Vec<SystemClass>,
    /// What the public may choose under "What happened?".
    pub tiles: Vec<Tile>,
    /// The policy's own kinds of incident.
    pub categories: Vec<Category>,
    /// Questions of the public report, in order.
    pub questions: Vec<Question>,
    /// The particulars by which a report is counted complete.
    pub particulars: Vec<Particular>,
    /// The policy's own definition of an incident, where it asks for one to be tested.
    pub definition: Option<Definition>,
    /// What to do this minute.
    pub advice: Vec<Advice>,
    /// Names, anonymity and shielding.
    pub identity: Identity,
    /// The number to call before anything is typed.
    pub phone_first: Option<PhoneFirst>,
    /// What is asked about something lost or stolen.
    pub loss: Option<Loss>,
    /// Facts that officers record and conditions test.
    pub facts: Vec<Fact>,
    /// What discovery means.
    pub discovery: Discovery,
    /// Requests for silence that its duties know.
    pub regimes: Vec<Regime>,
    /// Duties.
    pub obligations: Vec<ObligationRule>,
    /// Decisions and who has to agree.
    pub decisions: Vec<Decision>,
    /// What must stand before an incident closes.
    pub closing: Vec<Closing>,
    /// What it wants on record about an incident, field by field.
    pub sheets: Vec<Sheet>,
    /// The library of playbooks.
    pub playbooks: Vec<Playbook>,
    /// What has to be found before a report may be set aside, where the policy wants every report looked into.
    pub set_aside: Option<SetAsideRule>,
    /// Forms.
    pub forms: Vec<Form>,
    /// How long records are kept; `None` where the policy is silent (then nothing is ever disposed of).
    pub retention: Option<Retention>,
    /// A yearly round of summaries, where the policy has one.
    pub yearly_round: Option<YearlyRound>,
    /// A routine look at access and security, where the policy wants one.
    pub routine_review: Option<RoutineReview>,
    /// Values left to the organisation.
    pub locals: Vec<LocalValue>,
    /// Documents that an administrator supplies.
    pub missing: Vec<MissingDocument>,
    /// Closed civil dates that business-day counts skip, besides Saturdays and Sundays.
    pub holidays: Vec<jiff::civil::Date>,
    /// How a changed text is put in force.
    pub enactment: Enactment,
    /// The legal bases it names, with which incidents are marked.
    pub tags: Vec<Tag>,
    /// Its own reasons for which a report is no incident.
    pub no_incident: Vec<NoIncident>,
    /// Who takes part in looking into an incident, where it says so.
    pub participants: Option<Participants>,
    /// Its readiness levels, where it has some.
    pub readiness: Option<ReadinessRules>,
    /// The plan that each of its units keeps, where it wants one.
    pub plan: Option<PlanRules>,
}

impl Pack {
    /// The clause with this id.
    pub fn clause(&self, id: &ClauseId) -> Option<&Clause> {
        self.clauses.iter().find(|c| c.id == *id)
    }

    /// The role with this id.
    pub fn role(&self, id: &RoleId) -> Option<&Role> {
        self.roles.iter().find(|r| r.id == *id)
    }

    /// The obligation with this id.
    pub fn obligation(&self, id: &ObligationId) -> Option<&ObligationRule> {
        self.obligations.iter().find(|o| o.id == *id)
    }

    /// The regime with this id.
    pub fn regime(&self, id: &RegimeId) -> Option<&Regime> {
        self.regimes.iter().find(|r| r.id == *id)
    }

    /// The fact with this id.
    pub fn fact(&self, id: &FactId) -> Option<&Fact> {
        self.facts.iter().find(|f| f.id == *id)
    }

    /// The form with this id.
    pub fn form(&self, id: &FormId) -> Option<&Form> {
        self.forms.iter().find(|f| f.id == *id)
    }

    /// The sheet with this id.
    pub fn sheet(&self, id: &SheetId) -> Option<&Sheet> {
        self.sheets.iter().find(|s| s.id == *id)
    }

    /// The category with this id.
    pub fn category(&self, id: &CategoryId) -> Option<&Category> {
        self.categories.iter().find(|c| c.id == *id)
    }

    /// The document with this id.
    pub fn document(&self, id: &SlotId) -> Option<&MissingDocument> {
        self.missing.iter().find(|d| d.id == *id)
    }

    /// The axes on which it sorts incidents, in its order: one where it has one list of kinds.
    pub fn axes(&self) -> Vec<&str> {
        let mut axes: Vec<&str> = Vec::new();
        for category in &self.categories {
            if !axes.contains(&category.axis.as_str()) {
                axes.push(&category.axis);
            }
        }
        axes
    }

    /// The categories that a report's tiles suggest first: for each tile one on each axis.
    pub fn first_suggested(&self, tiles: &[TileId]) -> Vec<CategoryId> {
        let mut chosen = Vec::new();
        for tile in self.tiles.iter().filter(|tile| tiles.contains(&tile.id)) {
            for axis in self.axes() {
                let on_axis = |id: &&CategoryId| self.category(id).is_some_and(|c| c.axis == axis);
                let first = tile.suggests.iter().find(on_axis).filter(|id| !chosen.contains(*id));
                chosen.extend(first.cloned());
            }
        }
        chosen
    }

    /// The tile with this id.
    pub fn tile(&self, id: &TileId) -> Option<&Tile> {
        self.tiles.iter().find(|t| t.id == *id)
    }

    /// The reading with this number.
    pub fn interpretation(&self, id: &NoteId) -> Option<&Interpretation> {
        self.interpretations.iter().find(|n| n.id == *id)
    }

    /// The local value with this id.
    pub fn local(&self, id: &LocalId) -> Option<&LocalValue> {
        self.locals.iter().find(|l| l.id == *id)
    }

    /// What has to be known about this text for what was reported on a day; `None` where it was plainly in force.
    pub fn remark_on(&self, day: jiff::civil::Date) -> Option<String> {
        let say = crate::obligation::say_day;
        let on = say(day);
        match (self.edition.from, self.edition.until) {
            (Some(from), _) if day < from => Some(format!(
                "The text was not in force on {on}: it took force on {}. It is worked under it all the same.",
                say(from)
            )),
            (_, Some(until)) if day > until => Some(format!(
                "The text was not in force on {on}: it ended on {}. It is worked under it all the same.",
                say(until)
            )),
            _ => self.edition.flags.iter().find(|f| f.from <= day && day <= f.until).map(|f| f.says.clone()),
        }
    }

    /// The mark with this id.
    pub fn tag(&self, id: &TagId) -> Option<&Tag> {
        self.tags.iter().find(|t| t.id == *id)
    }

    /// The same pack with the organisation's own values in place of its defaults.
    pub fn with_locals(&self, value: impl Fn(&LocalId) -> Option<u32>) -> Pack {
        let minutes = |id: &LocalId| {
            let hours = self.local(id).is_some_and(|local| local.unit == Unit::Hours);
            value(id).map(|count| if hours { count.saturating_mul(60) } else { count })
        };
        let obligations = self.obligations.iter().map(|rule| rule.with_locals(&value, minutes)).collect();
        let locals = self.locals.iter();
        let locals = locals.map(|l| LocalValue { default: value(&l.id).or(l.default), ..l.clone() }).collect();
        Pack { obligations, locals, ..self.clone() }
    }

    /// The days that business-day counts skip, and the zone in which days begin.
    pub fn calendar(&self) -> Calendar {
        self.calendar_in(self.zone.clone())
    }

    /// The same in the zone of a unit.
    pub fn calendar_in(&self, zone: Zone) -> Calendar {
        Calendar::new(zone, self.holidays.iter().copied())
    }

    /// The policy's own categories that the chosen tiles point to, in the order of the policy, each once.
    /// A suggestion for the officer, who decides.
    pub fn suggested_categories(&self, tiles: &[TileId]) -> Vec<&Category> {
        let pointed = |id: &CategoryId| tiles.iter().filter_map(|t| self.tile(t)).any(|t| t.suggests.contains(id));
        self.categories.iter().filter(|c| pointed(&c.id)).collect()
    }

    /// Roles to try for a report, in order: the route's first choice, then each fallback. Never empty, because a
    /// pack without an unconditional route does not compile. `away` are roles known to be unavailable; they are
    /// left out unless nobody else remains.
    pub fn recipients(&self, facts: &Facts, away: &[RoleId]) -> Vec<&Role> {
        let Some(route) = self.routes.iter().find(|r| facts.satisfy(&r.when)) else { return Vec::new() };
        let chain = self.fallbacks(&route.to);
        let present: Vec<&Role> = chain.iter().copied().filter(|r| !away.contains(&r.id)).collect();
        if present.is_empty() { chain } else { present }
    }

    /// A role, then the roles that stand in for it, in order.
    pub fn fallbacks(&self, first: &RoleId) -> Vec<&Role> {
        let mut chain: Vec<&Role> = Vec::new();
        let mut next = self.role(first);
        while let Some(role) = next {
            if chain.iter().any(|r| r.id == role.id) {
                break;
            }
            chain.push(role);
            next = role.falls_back_to.as_ref().and_then(|id| self.role(id));
        }
        chain
    }

    /// The notices owed on these facts.
    pub fn notices_owed(&self, facts: &Facts) -> Vec<&Notice> {
        self.notices.iter().filter(|n| facts.has(n.on) && facts.satisfy(&n.when)).collect()
    }

    /// "Do this now": the lines for the first chosen tile that has some, preferring those written for an event
    /// that is still going on when it is. Three to five lines.
    pub fn advice(&self, tiles: &[TileId], going_on: bool) -> &[Words] {
        let for_tiles = |now: bool| {
            tiles.iter().find_map(|t| self.advice.iter().find(|a| a.going_on == now && a.tiles.contains(t)))
        };
        let general = |now: bool| self.advice.iter().find(|a| a.going_on == now && a.tiles.is_empty());
        let found = if going_on {
            for_tiles(true).or_else(|| general(true)).or_else(|| for_tiles(false)).or_else(|| general(false))
        } else {
            for_tiles(false).or_else(|| general(false))
        };
        found.map_or(&[], |a| &a.lines)
    }
}
