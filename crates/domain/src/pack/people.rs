//! Who the policy names, how they are reached, and where reports and notices go.

use super::{ClauseId, Condition, FieldId, Moment, NoteId, NoticeId, ObligationId, RoleId, RouteId, SheetId, Words};
use crate::organisation::UnitKind;
use serde::{Deserialize, Serialize};

/// What a person in a role may do in the product, inside the agency whose policy this is; the permission rules are
/// written over these. The same office can hold different capacities under different policies: a state office that
/// only assists one agency works every incident of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Capacity {
    /// Reports; no account needed.
    WorkforceMember,
    /// Takes calls and files for others.
    HelpDesk,
    /// Works the incidents of one unit.
    LocalOfficer,
    /// Oversees every unit of the agency.
    ChiefOfficer,
    /// Keeps the disclosure register and breach assessments.
    PrivacyOfficer,
    /// Keeps the personnel part.
    HumanResources,
    /// Works incidents assigned to it, across units.
    Investigator,
    /// Decides on law; may hold.
    Counsel,
    /// Prepares approved words.
    Communications,
    /// Applies retention.
    Records,
    /// The statewide security office.
    StatewideOffice,
    /// Member of the state's response team.
    CsirtMember,
    /// Decides where the policy names it.
    Executive,
    /// Reads and verifies.
    Auditor,
    /// Keeps people, units and packs.
    Administrator,
    /// Gets messages; has no account (a supervisor, a superintendent).
    Outside,
}

/// At which level somebody holds the role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// One per unit (facility, district, division).
    Unit,
    /// One for the whole agency.
    Agency,
    /// One for the state.
    State,
    /// Depends on the person who reports (a supervisor).
    Person,
}

/// An address the policy itself prints. All other numbers and addresses are data of the organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reach {
    /// Telephone as printed.
    pub phone: Option<String>,
    /// Mailbox as printed.
    pub mail: Option<String>,
    /// The clauses that print them.
    pub clauses: Vec<ClauseId>,
}

/// A role or body named by the policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Role {
    /// Slug used by routes and duties.
    pub id: RoleId,
    /// Its name, for readers of every page.
    pub title: Words,
    /// What it may do in the product.
    pub capacity: Capacity,
    /// Where it is held.
    pub level: Level,
    /// Addresses that the policy prints.
    pub reach: Option<Reach>,
    /// Who stands in when nobody holds the role or its holder is away.
    pub falls_back_to: Option<RoleId>,
    /// The organisation must always have somebody here; a chain of fallbacks ends in such a role.
    pub always_staffed: bool,
    /// Where one person at a time is designated to it; the organisation keeps who that was on any day.
    pub office: Option<Office>,
    /// The clauses that name it.
    pub clauses: Vec<ClauseId>,
}

/// An office that one person at a time is designated to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Office {
    /// Whether the policy says who designates, so that the record has to name them.
    pub designator_required: bool,
    /// Kinds of units that each need a holder; empty for an office of the whole agency.
    pub each: Vec<UnitKind>,
}

/// A recipient that a reporter may choose in place of the first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Offer {
    /// To whom.
    pub to: RoleId,
    /// What the reporter reads beside the choice.
    pub says: Words,
}

/// How the state's notices about the threat level are taken down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StateNotices {
    /// The only body whose notices count.
    pub source: RoleId,
    /// Names of numbered levels, the lowest first; empty where the notice is a plain text.
    pub levels: Vec<Words>,
    /// The record needs the time of day and the notice's own reference as well as the date.
    pub exact: bool,
    /// The record needs the channel, one of those that administrators keep, and who sent it.
    pub channels: bool,
    /// The clauses behind it.
    pub clauses: Vec<ClauseId>,
}

/// Where a report goes first. Fallbacks are the role's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Route {
    /// Slug.
    pub id: RouteId,
    /// All must hold; empty means always.
    pub when: Vec<Condition>,
    /// First choice.
    pub to: RoleId,
    /// What the reporter reads about it.
    pub says: Words,
    /// Whom the reporter may choose instead.
    pub offers: Vec<Offer>,
    /// The clauses that ask for it.
    pub clauses: Vec<ClauseId>,
    /// How they are read.
    pub notes: Vec<NoteId>,
}

/// A message owed to somebody besides the recipient of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Slug.
    pub id: NoticeId,
    /// When it is sent.
    pub on: Moment,
    /// All must hold; empty means always.
    pub when: Vec<Condition>,
    /// To whom.
    pub to: RoleId,
    /// What the reporter reads about it.
    pub says: Words,
    /// The duty that its delivery meets.
    pub meets: ObligationId,
    /// A report that calls for it is read before others.
    pub urgent: bool,
    /// The clauses that ask for it.
    pub clauses: Vec<ClauseId>,
}

/// The fields of a sheet that say when a ticket was taken, and by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// The sheet.
    pub sheet: SheetId,
    /// When.
    pub at: FieldId,
    /// By whom.
    pub by: Option<FieldId>,
}

/// The help ticket that the policy wants opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ticket {
    /// Category, word for word as the policy prints it.
    pub category: String,
    /// Who may open it.
    pub opened_by: Vec<RoleId>,
    /// Where the category is routed.
    pub goes_to: RoleId,
    /// The duty that the ticket record meets.
    pub meets: ObligationId,
    /// Where it is written down that they have taken it.
    pub taken: Option<Taken>,
    /// The clauses that ask for it.
    pub clauses: Vec<ClauseId>,
}
