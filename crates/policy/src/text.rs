//! The pack language as it stands on paper: every table and key that a file of a pack may have, with the place of
//! every word that can be wrong, so that a diagnostic can point at it.
//!
//! Any table may stand in any file of a pack; `pack.toml` is only where readers look first.

mod form;
mod intake;
mod plan;
mod playbook;
mod readiness;
mod sheet;

pub(crate) use form::{Form, FormBox, Required};
pub(crate) use intake::{Advice, Category, Definition, Identity, Loss, Particular, PhoneFirst, Question, Tile};
pub(crate) use plan::{Plan, PlanKind, PlanPart};
pub(crate) use playbook::Playbook;
pub(crate) use readiness::{
    Factor as ReadinessFactor, Level as ReadinessLevel, Named as NamedWord, Readiness, ReportField as ReadinessField,
    Weighed as ReadinessWeighed,
};
pub(crate) use sheet::{NamedOn, ReadBy, Sheet, SheetChoice, SheetField, SheetHold, SheetWord, Span};

use crate::spanned::Spanned;
#[cfg(feature = "schema")]
use crate::spanned::{Day, DayOrNotStated, Free};
use domain::organisation::UnitKind;
use domain::pack::{
    Capacity, Concurrence, Level, Moment, PackKind, RuleStatus, ShownOn, Status, Step, Strength, Unit, Verified,
};
use serde::Deserialize;

/// A word with its place in the file.
pub(crate) type Word = Spanned<String>;

/// Text in two languages; either may be missing on paper.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Both {
    pub en: Option<String>,
    pub es: Option<String>,
}

pub(crate) type BothAt = Spanned<Both>;

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Piece {
    pub pack: Option<Spanned<Head>>,
    pub edition: Option<Spanned<Edition>>,
    pub source: Option<Spanned<SourceDocument>>,
    pub identity: Option<Spanned<Identity>>,
    pub phone_first: Option<Spanned<PhoneFirst>>,
    pub ticket: Option<Spanned<Ticket>>,
    pub state_notices: Option<Spanned<StateNotices>>,
    pub loss: Option<Spanned<Loss>>,
    /// Questions about something lost or stolen that the pack asks besides those it includes.
    pub loss_question: Vec<Question>,
    pub retention: Option<Spanned<Retention>>,
    pub yearly_round: Option<Spanned<YearlyRound>>,
    pub routine_review: Option<Spanned<RoutineReview>>,
    pub clause: Vec<Clause>,
    pub interpretation: Vec<Interpretation>,
    pub role: Vec<Role>,
    pub route: Vec<Route>,
    pub notice: Vec<Notice>,
    pub workforce: Vec<Workforce>,
    pub system: Vec<Labelled>,
    pub tile: Vec<Tile>,
    pub category: Vec<Category>,
    pub question: Vec<Question>,
    #[cfg_attr(feature = "schema", schemars(with = "std::collections::BTreeMap<String, Vec<String>>"))]
    pub question_clauses: std::collections::BTreeMap<Word, Vec<Word>>,
    pub particular: Vec<Particular>,
    pub definition: Option<Spanned<Definition>>,
    pub advice: Vec<Advice>,
    pub fact: Vec<Fact>,
    pub discovery: Option<Spanned<Discovery>>,
    pub regime: Vec<Regime>,
    pub obligation: Vec<Obligation>,
    pub decision: Vec<Decision>,
    pub closing: Vec<Closing>,
    pub sheet: Vec<Sheet>,
    #[serde(default)]
    pub playbook: Vec<Playbook>,
    pub set_aside: Option<Spanned<SetAside>>,
    pub form: Vec<Form>,
    pub local: Vec<Local>,
    pub missing: Vec<Missing>,
    pub enactment: Option<Spanned<Enactment>>,
    pub tag: Vec<Tag>,
    pub no_incident: Vec<NoIncident>,
    pub participants: Option<Spanned<Participants>>,
    pub readiness: Option<Spanned<Readiness>>,
    pub plan: Option<Spanned<Plan>>,
}

/// A reason of the policy's own for which a report is no incident.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct NoIncident {
    pub id: Word,
    pub says: String,
    /// The roles of which one has to confirm it; left out where nobody has to.
    #[serde(default)]
    pub confirmed_by: Vec<Word>,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

/// Who takes part in looking into an incident.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Participants {
    /// Roles that always do.
    pub always: Vec<Word>,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Head {
    pub id: Word,
    pub series: Word,
    pub title: String,
    /// `policy`, which has intake and routes and governs an incident, or `law`, which has duties alone.
    #[serde(default)]
    pub kind: PackKind,
    pub agency: BothAt,
    pub jurisdiction: String,
    /// Begins incident references; a law needs none.
    pub prefix: Option<Word>,
    /// An IANA name, or `of the unit`: days are then counted where the unit is that the pack binds.
    pub zone: Word,
    pub reviewed_by_counsel: Option<String>,
    #[serde(default)]
    pub include: Vec<Word>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<Day>"))]
    pub holidays: Vec<Spanned<toml::value::Datetime>>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Edition {
    pub name: String,
    #[cfg_attr(feature = "schema", schemars(with = "Option<DayOrNotStated>"))]
    pub from: Option<Spanned<toml::Value>>,
    #[cfg_attr(feature = "schema", schemars(with = "Option<Day>"))]
    pub until: Option<Spanned<toml::value::Datetime>>,
    pub status: Status,
    #[cfg_attr(feature = "schema", schemars(with = "Option<Day>"))]
    pub sunset: Option<Spanned<toml::value::Datetime>>,
    #[serde(default)]
    pub flag: Vec<Flag>,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Flag {
    #[cfg_attr(feature = "schema", schemars(with = "Day"))]
    pub from: Spanned<toml::value::Datetime>,
    #[cfg_attr(feature = "schema", schemars(with = "Day"))]
    pub until: Spanned<toml::value::Datetime>,
    pub says: String,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceDocument {
    pub title: String,
    pub issuer: String,
    pub edition: String,
    pub authority: Option<String>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Clause {
    pub id: Word,
    pub cite: String,
    pub says: String,
    /// The part of the work it concerns: intake, routing, case, forms, notification …; `cargo xtask clauses` sorts by it.
    pub area: Option<String>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Interpretation {
    pub id: Word,
    pub question: String,
    pub reading: String,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Role {
    pub id: Word,
    pub title: BothAt,
    pub capacity: Capacity,
    pub level: Level,
    pub phone: Option<String>,
    pub mail: Option<String>,
    #[serde(default)]
    pub reach_clauses: Vec<Word>,
    pub falls_back_to: Option<Word>,
    #[serde(default)]
    pub always_staffed: bool,
    /// One person at a time is designated to it.
    pub office: Option<Office>,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Office {
    /// Whether the record has to say who designates.
    pub designator: Designator,
    /// Kinds of units that each need a holder; left out for an office of the whole agency.
    #[serde(default)]
    pub each: Vec<UnitKind>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Designator {
    Required,
    Optional,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Route {
    pub id: Word,
    #[serde(default)]
    pub when: Vec<Word>,
    pub to: Word,
    pub says: BothAt,
    /// Recipients that the reporter may choose instead.
    #[serde(default)]
    pub offers: Vec<Offer>,
    #[serde(default)]
    pub clauses: Vec<Word>,
    #[serde(default)]
    pub notes: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Offer {
    pub to: Word,
    pub says: BothAt,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Notice {
    pub id: Word,
    pub on: Moment,
    #[serde(default)]
    pub when: Vec<Word>,
    pub to: Word,
    pub says: BothAt,
    pub meets: Word,
    /// A report that calls for it is read before others.
    #[serde(default)]
    pub urgent: bool,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Taken {
    pub sheet: Word,
    /// Its field of kind `when`.
    pub at: Word,
    /// Its field of kind `line` or `text`.
    pub by: Option<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Ticket {
    pub category: String,
    pub opened_by: Vec<Word>,
    pub goes_to: Word,
    pub meets: Word,
    /// Where officers write down that it was taken.
    pub taken: Option<Taken>,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct StateNotices {
    /// The only body whose notices count.
    pub source: Word,
    /// Names of the numbered levels, the lowest first; left out where a notice is a plain text, and where `[readiness]`
    /// has them.
    #[serde(default)]
    pub levels: Vec<BothAt>,
    /// The record needs the time of day and the notice's own reference.
    #[serde(default)]
    pub exact: bool,
    /// The record needs the channel, one of those that administrators keep, and who sent it.
    #[serde(default)]
    pub channels: bool,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Workforce {
    pub id: Word,
    pub label: BothAt,
    /// Somebody whom the policy does not bind and who may report all the same.
    #[serde(default)]
    pub external: bool,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Labelled {
    pub id: Word,
    pub label: BothAt,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Choice {
    pub id: Word,
    pub label: BothAt,
    /// Tiles that choose it beforehand; whoever takes it away says why.
    #[serde(default)]
    pub marked_by: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Fact {
    pub id: Word,
    pub asks: String,
    /// What a count counts; without it the fact is a yes-or-no.
    pub counts: Option<String>,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

/// What discovery means: the earliest of these moments.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Discovery {
    pub earliest_of: Vec<Moment>,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

/// A group of duties that a request for silence can pause.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Regime {
    pub id: Word,
    pub title: String,
    /// An oral request ends so many calendar days after it was made; without it, it lasts until it is taken back.
    pub oral_days: Option<u32>,
    /// A written request has to state how long; without that it counts as an oral one.
    #[serde(default)]
    pub written_states_time: bool,
    #[serde(default)]
    pub clauses: Vec<Word>,
    #[serde(default)]
    pub notes: Vec<Word>,
}

/// How a statement about the law was checked.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Checked {
    /// `V` read at a source, `T` tried by running it, `M` common knowledge that somebody has to confirm.
    pub tag: Verified,
    /// The source, or what has to be confirmed.
    pub source: String,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Obligation {
    pub id: Word,
    pub title: String,
    pub on: Moment,
    #[serde(default)]
    pub when: Vec<Word>,
    pub actor: Word,
    #[serde(default)]
    pub also: Vec<Word>,
    #[serde(default)]
    pub strength: Strength,
    pub soft: Option<Word>,
    pub due: Word,
    /// The local value that says what still counts as on time.
    pub tolerance: Option<Word>,
    pub counts_from: Option<CountsFrom>,
    #[serde(default)]
    pub evidence: Vec<Spanned<Evidence>>,
    #[serde(default)]
    pub blocks: Vec<Step>,
    /// So many days before its limit somebody is told by mail.
    #[serde(default)]
    pub remind: Vec<Spanned<u32>>,
    #[serde(default)]
    pub clauses: Vec<Word>,
    #[serde(default)]
    pub notes: Vec<Word>,
    /// `in-force`, `proposed` or `repealed` (both off), or `contract`.
    #[serde(default)]
    pub status: RuleStatus,
    /// The first day on which the rule holds.
    #[cfg_attr(feature = "schema", schemars(with = "Option<Day>"))]
    pub from: Option<Spanned<toml::value::Datetime>>,
    /// The first day on which it holds no more.
    #[cfg_attr(feature = "schema", schemars(with = "Option<Day>"))]
    pub to: Option<Spanned<toml::value::Datetime>>,
    /// To whom it is owed, in words.
    pub owed_to: Option<String>,
    /// The `[[regime]]` whose requests for silence can pause it.
    pub regime: Option<Word>,
    /// The duty that takes its place once that one is owed.
    pub gives_way_to: Option<Word>,
    /// Needed in packs of law.
    pub verified: Option<Checked>,
    pub reviewed_by_counsel: Option<String>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct CountsFrom {
    #[serde(default)]
    pub earliest_of: Vec<Moment>,
    #[serde(default)]
    pub latest_of: Vec<Moment>,
    #[serde(default)]
    pub first_recorded_of: Vec<Moment>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Evidence {
    pub delivered_to: Option<Word>,
    #[serde(default)]
    pub or_to: Vec<Word>,
    pub call_with: Option<Word>,
    pub ticket: Option<bool>,
    pub signed: Option<Word>,
    pub filled: Option<Word>,
    pub answered: Option<Word>,
    pub decided: Option<Word>,
    pub entry: Option<Word>,
    pub says: Option<String>,
    pub filed: Option<Word>,
    /// A file added to the incident; the text says what it should hold.
    pub attached: Option<String>,
    #[serde(default)]
    pub or_reason: bool,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Decision {
    pub id: Word,
    pub asks: String,
    pub on: Moment,
    #[serde(default)]
    pub when: Vec<Word>,
    pub deciders: Vec<Word>,
    pub concurrence: Concurrence,
    pub settles: Option<Word>,
    pub options: Vec<Choice>,
    #[serde(default)]
    pub reasoned: bool,
    #[serde(default)]
    pub on_statement: bool,
    pub records: Option<Moment>,
    #[serde(default)]
    pub judges_severity: bool,
    #[serde(default)]
    pub blocks: Vec<Step>,
    #[serde(default)]
    pub clauses: Vec<Word>,
    #[serde(default)]
    pub notes: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Closing {
    pub id: Word,
    pub says: String,
    #[serde(default)]
    pub when: Vec<Word>,
    pub statement: Option<Word>,
    pub duty: Option<Word>,
    pub decision: Option<Word>,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

/// What has to be found before a report may be set aside.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct SetAside {
    pub needs_finding_by: Word,
    #[serde(default)]
    pub clauses: Vec<Word>,
    #[serde(default)]
    pub notes: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Retention {
    pub form: Option<Word>,
    pub years: u32,
    #[serde(default)]
    pub until_matters_settle: bool,
    pub meets: Word,
    #[serde(default)]
    pub clauses: Vec<Word>,
    #[serde(default)]
    pub notes: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct YearlyRound {
    pub first_year: i16,
    pub month: i8,
    #[cfg_attr(feature = "schema", schemars(with = "Day"))]
    pub first_reach: Spanned<toml::value::Datetime>,
    pub mandatory: bool,
    /// Roles that its trends are told to.
    #[serde(default)]
    pub tells: Vec<Word>,
    #[serde(default)]
    pub clauses: Vec<Word>,
    #[serde(default)]
    pub notes: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct RoutineReview {
    /// The `[[local]]` value that says after how many days.
    pub every: Word,
    /// Of each of these something is said.
    pub parts: Vec<String>,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Local {
    pub id: Word,
    pub title: String,
    pub default: Option<u32>,
    pub unit: Unit,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Missing {
    pub id: Word,
    pub title: String,
    pub supply: String,
    pub used: String,
    /// Pages that offer the document: `intake`, `incident`.
    #[serde(default)]
    pub shown_on: Vec<ShownOn>,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

/// How a changed text is put in force.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Enactment {
    /// The role whose approval has to be on record, besides a second administrator's.
    pub approved_by: Option<Word>,
    /// The laws and orders under which the text was issued.
    #[serde(default)]
    pub authorities: Vec<String>,
    /// Units below the head of the agency make no rules of their own.
    #[serde(default)]
    pub units_keep_no_rules: bool,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

/// A legal basis that the policy names, with which incidents are marked.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Tag {
    pub id: Word,
    /// The law as it is cited.
    pub cite: String,
    pub label: BothAt,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

/// A worked case: facts in, obligations out.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// The story, in a sentence.
    #[allow(dead_code, reason = "people read it; the compiler only insists that it is there")]
    pub says: String,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "std::collections::BTreeMap<String, Free>"))]
    pub happened: std::collections::BTreeMap<Word, Spanned<toml::Value>>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "std::collections::BTreeMap<String, Free>"))]
    pub answers: std::collections::BTreeMap<Word, Spanned<toml::Value>>,
    #[cfg_attr(feature = "schema", schemars(with = "std::collections::BTreeMap<String, String>"))]
    pub owed: std::collections::BTreeMap<Word, Word>,
    /// Duties that these facts do not require, each with a part of the sentence that says why.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "std::collections::BTreeMap<String, String>"))]
    pub not_required: std::collections::BTreeMap<Word, Word>,
    /// Duties about which nobody can say yet, likewise.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "std::collections::BTreeMap<String, String>"))]
    pub not_known_yet: std::collections::BTreeMap<Word, Word>,
    /// Where the unit's days begin, for packs that count in the zone of the unit.
    pub zone: Option<Word>,
    /// Counts of people.
    #[serde(default, alias = "counts")]
    pub count: Vec<Spanned<crate::facts::CountText>>,
    /// Requests for silence.
    #[serde(default, alias = "holds")]
    pub hold: Vec<Spanned<crate::facts::HoldText>>,
}
