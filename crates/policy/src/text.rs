//! The pack language as it stands on paper: every table and key that a file of a pack may have, with the place of
//! every word that can be wrong, so that a diagnostic can point at it.
//!
//! Any table may stand in any file of a pack; `pack.toml` is only where readers look first.

mod playbook;

pub(crate) use playbook::Playbook;

use crate::spanned::Spanned;
#[cfg(feature = "schema")]
use crate::spanned::{Day, DayOrNotStated, Free};
use domain::organisation::UnitKind;
use domain::pack::{
    BoxKind, Capacity, Concurrence, FieldNeed, FormPart, Level, Moment, PackKind, QuestionKind, RuleStatus,
    SheetFieldKind, ShownOn, Status, Step, Strength, Unit, Verified,
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
pub(crate) struct Ticket {
    pub category: String,
    pub opened_by: Vec<Word>,
    pub goes_to: Word,
    pub meets: Word,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct StateNotices {
    /// The only body whose notices count.
    pub source: Word,
    /// Names of the numbered levels, the lowest first; left out where a notice is a plain text.
    #[serde(default)]
    pub levels: Vec<BothAt>,
    /// The record needs the time of day and the notice's own reference.
    #[serde(default)]
    pub exact: bool,
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
pub(crate) struct Tile {
    pub id: Word,
    pub label: BothAt,
    #[serde(default)]
    pub suggests: Vec<Word>,
    #[serde(default)]
    pub sets: Vec<Word>,
    #[serde(default)]
    pub opens_loss: bool,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Category {
    pub id: Word,
    pub label: BothAt,
    pub axis: Option<String>,
    /// The tiles that point here; an alternative to `suggests` on the tile, for packs that use shared tiles.
    #[serde(default)]
    pub tiles: Vec<Word>,
    #[serde(default)]
    pub detail: Vec<Detail>,
    #[serde(default)]
    pub sets: Vec<Word>,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Detail {
    pub id: Word,
    pub label: BothAt,
    #[serde(default)]
    pub choices: Vec<Choice>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Question {
    pub id: Word,
    pub kind: QuestionKind,
    pub title: BothAt,
    pub hint: Option<BothAt>,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub choices: Vec<Choice>,
    /// The question it follows; otherwise it stands where it is written, after all included ones.
    pub after: Option<Word>,
    pub records: Option<Word>,
    /// Asked only when one of these tiles was chosen.
    #[serde(default)]
    pub tiles: Vec<Word>,
    /// Offers “I don't know yet”, which is an answer.
    #[serde(default)]
    pub or_unknown: bool,
    /// Choices that need words beside them, such as *something else*.
    #[serde(default)]
    pub words_with: Vec<Word>,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

/// One of the particulars by which a report is counted complete.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Particular {
    pub id: Word,
    /// What is still open, as the reporter reads it.
    pub title: BothAt,
    /// An answer to one of these questions gives it.
    pub questions: Vec<Word>,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

/// The policy's own test of what an incident is.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Definition {
    /// The facts that are asked for, in order.
    pub asks: Vec<Word>,
    /// Groups of conditions; an incident where all of one group hold.
    pub any_of: Vec<Vec<Word>>,
    #[serde(default)]
    pub clauses: Vec<Word>,
    #[serde(default)]
    pub notes: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Advice {
    #[serde(default)]
    pub tiles: Vec<Word>,
    #[serde(default)]
    pub going_on: bool,
    pub lines: Spanned<Vec<BothAt>>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Identity {
    pub anonymous: bool,
    pub can_be_shielded: bool,
    pub says: BothAt,
    #[serde(default)]
    pub clauses: Vec<Word>,
    #[serde(default)]
    pub notes: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct PhoneFirst {
    pub number: String,
    pub role: Word,
    pub label: BothAt,
    pub says: BothAt,
    pub meets: Word,
    #[serde(default)]
    pub clauses: Vec<Word>,
    #[serde(default)]
    pub notes: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Loss {
    pub sets: Word,
    pub from: Moment,
    #[serde(default)]
    pub items: Vec<Choice>,
    #[serde(default)]
    pub contents: Vec<Choice>,
    #[serde(default)]
    pub question: Vec<Question>,
    pub says: BothAt,
    #[serde(default)]
    pub clauses: Vec<Word>,
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

/// Something that officers write down about an incident, field by field.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Sheet {
    pub id: Word,
    pub title: String,
    pub help: Option<String>,
    #[serde(default)]
    pub when: Vec<Word>,
    /// Asked for while the incident is of one of these kinds.
    #[serde(default)]
    pub kinds: Vec<Word>,
    /// `other-sheet.field is choice or choice`, or `other-sheet` for any entry on it: offered only then.
    #[serde(default)]
    pub after: Vec<Word>,
    /// What is said while it has no entry.
    pub gap: Option<String>,
    /// Several entries instead of one.
    #[serde(default)]
    pub repeats: bool,
    /// The roles that fill it; left out, whoever works the incident.
    #[serde(default)]
    pub recorded_by: Vec<Word>,
    /// People named on another sheet fill it as well, for as long as they are named there.
    pub or_named: Option<NamedOn>,
    /// `officer` (the usual), `counsel` or `evidence`: who reads it.
    #[serde(default)]
    pub read_by: ReadBy,
    /// Steps that wait until there is an entry.
    #[serde(default)]
    pub wanted: Vec<Step>,
    /// Steps that wait while an entry is unfinished.
    #[serde(default)]
    pub holds: Vec<Step>,
    /// The duty that a finished entry answers for.
    pub meets: Option<Word>,
    /// Further duties that the same entry answers for.
    #[serde(default)]
    pub also_meets: Vec<Word>,
    /// The field that says when that was.
    pub met_at: Option<Word>,
    /// The field by whose time its entries are put in order.
    pub ordered_by: Option<Word>,
    /// The field by whose time an entry stands in the incident's timeline.
    pub on_timeline: Option<Word>,
    #[serde(rename = "field")]
    pub fields: Vec<SheetField>,
    #[serde(default, rename = "span")]
    pub spans: Vec<Span>,
    #[serde(default)]
    pub clauses: Vec<Word>,
    #[serde(default)]
    pub notes: Vec<Word>,
    /// Documents that it works with and that an administrator supplies.
    #[serde(default)]
    pub uses: Vec<Word>,
}

/// People named on a sheet, each for a time.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct NamedOn {
    pub sheet: Word,
    /// Its field of kind `person`.
    pub person: Word,
    pub from: Option<Word>,
    pub until: Option<Word>,
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

#[derive(Clone, Copy, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ReadBy {
    #[default]
    Officer,
    Counsel,
    Evidence,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct SheetField {
    pub id: Word,
    pub label: String,
    pub help: Option<String>,
    pub kind: SheetFieldKind,
    #[serde(default)]
    pub choices: Vec<SheetChoice>,
    /// `to-save`, `to-finish` or `never` (the usual).
    #[serde(default)]
    pub needed: FieldNeed,
    /// `other-field is choice` or `other-field is choice or choice`, several joined by `and`: needed only then.
    pub only_if: Option<Word>,
    /// Not needed once this field is filled.
    pub unless: Option<Word>,
    /// Its time may lie ahead.
    #[serde(default)]
    pub ahead: bool,
    /// The roles of which somebody is named, for kind `person`.
    #[serde(default)]
    pub of: Vec<Word>,
    /// “Not known yet” is an answer.
    #[serde(default)]
    pub or_unknown: bool,
    /// Statistics show incidents by its choices.
    #[serde(default)]
    pub counts: bool,
    /// Its choices are lists of their own when a copy of the sheet is taken.
    #[serde(default)]
    pub lists: bool,
    /// The question of the public report whose answer it takes over.
    pub from_question: Option<Word>,
    /// What it takes over of each thing lost or stolen: `item`, `tag`, `last-place`, `contents`, or a question of the loss.
    pub from_loss: Option<Word>,
    /// The fact that its choices `yes`, `no` and `unknown` answer.
    pub answers: Option<Word>,
    /// The moment that its time records.
    pub records: Option<Moment>,
    #[serde(default)]
    pub clauses: Vec<Word>,
    /// The choice that is offered as the answer, for a person to confirm.
    pub suggests: Option<Word>,
    /// Choices that a kind of incident makes by itself.
    #[serde(default)]
    pub from_kind: Vec<FromKind>,
    /// The box of the form for which the words of a finished entry are offered: `form/box`.
    pub offers_for: Option<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct FromKind {
    /// A category.
    pub kind: Word,
    /// The choice that it makes.
    pub choice: Word,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct SheetChoice {
    pub id: Word,
    pub says: String,
    /// Kinds of incident that choose it beforehand; whoever takes it away says why.
    #[serde(default)]
    pub marked_by: Vec<Word>,
    /// `other-field is choice`: what other fields hold once it is chosen.
    #[serde(default)]
    pub gives: Vec<Word>,
}

/// The time between two fields of one entry.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Span {
    pub says: String,
    /// A field, or `moment report-received`.
    pub from: Word,
    pub to: Word,
    /// What is said while the last is empty.
    pub open: String,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    pub id: Word,
    pub title: BothAt,
    pub issuer: String,
    pub edition: String,
    #[serde(rename = "box")]
    pub boxes: Vec<FormBox>,
    pub send_line: BothAt,
    pub send_to: Word,
    pub attach_line: BothAt,
    pub meets: Option<Word>,
    #[serde(default)]
    pub clauses: Vec<Word>,
    #[serde(default)]
    pub notes: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct FormBox {
    pub id: Word,
    #[serde(default)]
    pub numeral: String,
    pub label: BothAt,
    pub part: FormPart,
    pub kind: BoxKind,
    pub limit: Option<u32>,
    #[serde(default)]
    pub required: Required,
    #[serde(default)]
    pub or_reason: bool,
    /// A fact under which a reason does not do.
    pub reason_unless: Option<Word>,
    /// The box whose day comes first.
    pub not_before: Option<Word>,
    /// The moment that the day in this box tells.
    pub tells: Option<Moment>,
    /// The signature box whose signing sets this day.
    pub set_by: Option<Word>,
    /// The choice that makes this box needed.
    pub goes_with: Option<Word>,
    #[serde(default, rename = "choice")]
    pub choices: Vec<BoxChoice>,
    pub help: Option<String>,
    #[serde(default)]
    pub clauses: Vec<Word>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct BoxChoice {
    pub id: Word,
    pub label: BothAt,
    #[serde(default)]
    pub needs_words: bool,
    #[serde(default)]
    pub nothing: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Required {
    #[default]
    Never,
    ToSign,
    ToComplete,
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
    #[serde(default)]
    pub clauses: Vec<Word>,
    #[serde(default)]
    pub notes: Vec<Word>,
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
    #[serde(default)]
    pub count: Vec<Spanned<crate::facts::CountText>>,
    /// Requests for silence.
    #[serde(default)]
    pub hold: Vec<Spanned<crate::facts::HoldText>>,
}
