//! Projection rows: what lists are ordered and filtered by, with the readable part sealed.

use domain::ids::{AccountId, FileId, IncidentId, ReportId, StreamId, TenantId, UnitId};
use domain::time::Instant;

/// A keyed word: what the text index holds instead of a word, a facet or a unit.
pub type Token = [u8; 8];

/// Where a report stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[repr(i16)]
pub enum ReportState {
    /// Nobody has decided yet.
    Waiting = 0,
    /// An officer asked the reporter something.
    Asked = 1,
    /// It became an incident or was added to one.
    Accepted = 2,
    /// An officer decided, with a reason, that it is no incident.
    SetAside = 3,
}

/// Where an incident stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[repr(i16)]
pub enum IncidentState {
    /// Being worked.
    Open = 0,
    /// Every duty answered for.
    Closed = 1,
    /// Accepted by mistake and undone; its number is not reused.
    Withdrawn = 2,
}

/// How a duty stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[repr(i16)]
pub enum DutyStanding {
    /// It waits for an answer.
    Open = 0,
    /// It was answered for.
    Answered = 1,
    /// Its incident ended before anybody answered.
    Left = 2,
}

macro_rules! stored {
    ($($state:ident: $($value:ident)|+);+ $(;)?) => {$(
        impl $state {
            /// The number both stores keep.
            pub const fn stored(self) -> i16 { self as i16 }
            /// Reads the number back; `None` when a row was altered to something unknown.
            pub const fn read(number: i16) -> Option<Self> {
                $(if number == Self::$value as i16 { return Some(Self::$value); })+
                None
            }
        }
    )+};
}
stored! {
    ReportState: Waiting | Asked | Accepted | SetAside;
    IncidentState: Open | Closed | Withdrawn;
    DutyStanding: Open | Answered | Left;
}

/// A report as the inbox needs it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReportRow {
    /// The report, also its stream.
    pub id: ReportId,
    /// Order of arrival in this installation; given by the store on the first write, 0 until then.
    pub n: i64,
    /// The agency.
    pub tenant: TenantId,
    /// Where it happened.
    pub unit: UnitId,
    /// Whose officers handle it; differs from `unit` when the person reported to is involved.
    pub handling_unit: UnitId,
    /// The printed reference; unique over all tenants.
    pub reference: String,
    /// Keyed hash of the private status link's secret; unique.
    pub secret: [u8; 32],
    /// When it arrived.
    pub received_at: Instant,
    /// Where it stands.
    pub state: ReportState,
    /// Harm of waiting: higher is read first.
    pub urgency: i16,
    /// The officer reading it, and since when.
    pub claimed_by: Option<AccountId>,
    /// When that officer opened it.
    pub claimed_at: Option<Instant>,
    /// The incident it became part of.
    pub incident: Option<IncidentId>,
    /// The stream version that this row reflects.
    pub version: u32,
    /// Sealed: title, signals, place, language.
    pub summary: Vec<u8>,
}

/// An incident as lists need it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IncidentRow {
    /// The incident, also its stream.
    pub id: IncidentId,
    /// Order of recording in this installation; given by the store on the first write, 0 until then.
    pub n: i64,
    /// The agency.
    pub tenant: TenantId,
    /// The unit it belongs to.
    pub unit: UnitId,
    /// The printed reference; unique within the tenant.
    pub reference: String,
    /// When it was opened (imported records: when the source says it was submitted).
    pub opened_at: Instant,
    /// Where it stands.
    pub state: IncidentState,
    /// The officer who leads it.
    pub lead: Option<AccountId>,
    /// The nearest open duty with a date.
    pub next_due: Option<Instant>,
    /// Keyed hash of the source record it was imported from; unique within the tenant.
    pub source: Option<[u8; 32]>,
    /// The stream version that this row reflects.
    pub version: u32,
    /// Sealed: title, kind, counts, place.
    pub summary: Vec<u8>,
}

/// The words and facets of a report or incident: replaces what was indexed for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Words {
    /// The report or incident.
    pub object: StreamId,
    /// Distinct tokens: words, facets, and the units in whose scope it lies.
    pub tokens: Vec<Token>,
}

/// What the inbox asks for.
#[derive(Clone, Debug)]
pub struct ReportQuery {
    /// The agency.
    pub tenant: TenantId,
    /// Units whose reports the viewer handles; `None` is the whole agency.
    pub units: Option<Vec<UnitId>>,
    /// States wanted.
    pub states: Vec<ReportState>,
    /// Who looks: reports from which this account is excluded do not exist for it.
    pub viewer: AccountId,
    /// The last row of the page before: (urgency, received_at, id).
    pub after: Option<(i16, Instant, ReportId)>,
    /// At most this many.
    pub limit: u32,
}

/// What the list of incidents and search ask for.
#[derive(Clone, Debug)]
pub struct IncidentQuery {
    /// The agency.
    pub tenant: TenantId,
    /// Only this state.
    pub state: Option<IncidentState>,
    /// Tokens that must all be present.
    pub all: Vec<Token>,
    /// Groups of which at least one token each must be present (the units in the viewer's scope).
    pub any: Vec<Vec<Token>>,
    /// Who looks: incidents from which this account is excluded do not exist for it.
    pub viewer: AccountId,
    /// Only incidents with a smaller `n`: the cursor.
    pub before: Option<i64>,
    /// At most this many.
    pub limit: u32,
}

/// A duty of an incident as lists of duties need it: a clock, and nobody's words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DutyRow {
    /// The incident.
    pub incident: IncidentId,
    /// The rule that states it; one duty for each rule of an incident.
    pub rule: String,
    /// The agency.
    pub tenant: TenantId,
    /// The unit of the incident.
    pub unit: UnitId,
    /// Who leads the incident.
    pub lead: Option<AccountId>,
    /// The pack that states the rule.
    pub pack: String,
    /// How it stands.
    pub standing: DutyStanding,
    /// When it is due.
    pub due: Option<Instant>,
    /// From when being done counts as late.
    pub late_after: Option<Instant>,
    /// When its clock started.
    pub since: Option<Instant>,
    /// It is due by the end of a day, not at a moment.
    pub whole_day: bool,
    /// The answer was that it does not apply, or that it is let go.
    pub excused: bool,
    /// When it was answered for.
    pub answered_at: Option<Instant>,
}

impl DutyRow {
    /// The turn of an open duty without a date: after every date.
    pub const NO_DATE: i64 = i64::MAX;

    /// Its place in lists: open ones by when they are due, those that are answered for newest first.
    pub fn turn(&self) -> i64 {
        match self.standing {
            DutyStanding::Answered => self.answered_at.map_or(Self::NO_DATE, |at| -at.micros()),
            DutyStanding::Open | DutyStanding::Left => self.due.map_or(Self::NO_DATE, Instant::micros),
        }
    }
}

/// A duty in a list, with what its incident's line says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListedDuty {
    /// The duty.
    pub duty: DutyRow,
    /// The incident's printed reference.
    pub reference: String,
    /// The incident's sealed summary.
    pub summary: Vec<u8>,
}

/// Whose duties a list asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LedBy {
    /// Anybody's.
    Anyone,
    /// Those of incidents that this account leads.
    Account(AccountId),
    /// Those of incidents that nobody leads.
    Nobody,
}

/// What a list of duties asks for.
#[derive(Clone, Debug)]
pub struct DutyQuery {
    /// The agency.
    pub tenant: TenantId,
    /// Units of the viewer's scope; `None` is the whole agency.
    pub units: Option<Vec<UnitId>>,
    /// Who leads.
    pub led_by: LedBy,
    /// Only duties that stand so.
    pub standing: DutyStanding,
    /// Only turns from this one on …
    pub from: i64,
    /// … up to and with this one.
    pub until: i64,
    /// Who looks: incidents from which this account is excluded do not exist for it.
    pub viewer: AccountId,
    /// The last row of the page before: turn, incident, rule.
    pub after: Option<(i64, IncidentId, String)>,
    /// At most this many.
    pub limit: u32,
}

/// A kept count: how many incidents and people under one value of one dimension in one civil year.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RollupRow {
    /// The agency.
    pub tenant: TenantId,
    /// Civil year of opening in the agency's zone.
    pub year: i16,
    /// `all`, `kind`, `location`, `place`, `unit`, `duty-opened`, `duty-met`.
    pub dimension: String,
    /// A value that stems from a pack or a public list, never from a person's words.
    pub value: String,
    /// Incidents; as a change, how many more or fewer.
    pub incidents: i64,
    /// People affected; as a change, how many more or fewer.
    pub people: i64,
}

/// A half-written public report, kept for some days.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DraftRow {
    /// Keyed hash of the token in the draft's address.
    pub token: [u8; 32],
    /// The agency.
    pub tenant: TenantId,
    /// Counts saves, so that two windows cannot overwrite each other unseen.
    pub version: u32,
    /// When it is removed.
    pub expires_at: Instant,
    /// Sealed answers.
    pub sealed: Vec<u8>,
}

/// What a file belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileOwner {
    /// A draft, by the keyed hash of its token.
    Draft([u8; 32]),
    /// A report or an incident: part of the record.
    Stream(StreamId),
}

/// A file whose encrypted bytes lie in the file store under its id.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileRow {
    /// The file, also its name in the file store.
    pub id: FileId,
    /// The agency.
    pub tenant: TenantId,
    /// What it belongs to.
    pub owner: FileOwner,
    /// Bytes of the original.
    pub size: u64,
    /// SHA-256 of the encrypted bytes as they lie in the file store.
    pub cipher_digest: [u8; 32],
    /// The file's key, wrapped; `None` after lawful erasure.
    pub wrapped_key: Option<Vec<u8>>,
    /// Sealed: original name, stated type, SHA-256 of the original.
    pub sealed: Vec<u8>,
    /// When it was complete.
    pub at: Instant,
}
