//! The facts of an agency's administration as the journal keeps them: who may do what, since when, and who said so.

use crate::record::Recordable;
use domain::actor::Section;
use domain::ids::{AccountId, StreamId, TenantId, UnitId};
use domain::organisation::{plan, readiness, register, workforce};
use domain::pack::{ClauseId, LocalId, PackId, RoleId, SlotId, WorkforceId};
use domain::permission::Role;
use domain::time::Instant;
use jiff::civil::Date;
use journal::Digest;
use serde::{Deserialize, Serialize};

/// What can happen to an agency's administration.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "event", content = "facts", rename_all = "snake_case")]
pub enum Event {
    /// The agency was added.
    AgencyAdded {
        /// Its code in references.
        code: String,
        /// Its name.
        name: String,
    },
    /// A unit was added.
    UnitAdded {
        /// The unit.
        unit: UnitId,
        /// Its code on posters.
        code: String,
        /// Its name.
        name: String,
        /// The unit above; `None` for the agency's head.
        under: Option<UnitId>,
    },
    /// A person was given an account.
    PersonAdded {
        /// The account.
        person: AccountId,
        /// Their name.
        name: String,
        /// Their address, by which they sign in.
        email: String,
    },
    /// A person's name, address or telephone was changed.
    PersonChanged {
        /// The account.
        person: AccountId,
        /// The name since.
        name: String,
        /// The address since.
        email: String,
        /// The telephone since.
        phone: Option<String>,
    },
    /// An account was disabled, and its sessions ended.
    PersonDisabled {
        /// The account.
        person: AccountId,
    },
    /// A disabled account works again.
    PersonEnabled {
        /// The account.
        person: AccountId,
    },
    /// Somebody was signed out everywhere.
    SessionsEnded {
        /// The account.
        person: AccountId,
    },
    /// A one-time link was made by which somebody chooses a password.
    LinkMade {
        /// The account.
        person: AccountId,
        /// Until when it works.
        until: Instant,
    },
    /// Somebody used their link and chose a password.
    PasswordChosen {
        /// The account.
        person: AccountId,
    },
    /// A person's roles, as they stand since.
    RolesSet {
        /// The account.
        person: AccountId,
        /// All of them, ended ones included.
        roles: Vec<Held>,
    },
    /// A token for a program was made.
    TokenMade {
        /// With whose rights it acts.
        person: AccountId,
        /// What it is called in lists; never the token.
        token: String,
        /// What it is for.
        scopes: String,
        /// When it ends.
        ends_at: Instant,
    },
    /// A token was withdrawn.
    TokenWithdrawn {
        /// With whose rights it acted.
        person: AccountId,
        /// What it is called in lists.
        token: String,
    },
    /// A text of policy was proposed. It binds nobody yet.
    PackProposed {
        /// The edition.
        pack: PackId,
        /// Its title.
        title: String,
        /// SHA-256 of the text.
        digest: String,
        /// From when it is to be in force.
        from: Date,
        /// Why.
        note: String,
    },
    /// The office that the policy names approved a proposed text.
    PackAuthorized {
        /// The edition.
        pack: PackId,
        /// SHA-256 of the text.
        digest: String,
        /// The role, as the policy calls it.
        role: RoleId,
        /// Why.
        reason: String,
    },
    /// A second administrator put a proposed text in force.
    PackApproved {
        /// The edition.
        pack: PackId,
        /// SHA-256 of the text.
        digest: String,
        /// From when.
        from: Date,
        /// Why.
        reason: String,
        /// The agency had no edition of this series before.
        new_series: bool,
    },
    /// A second administrator said no to a proposed text.
    PackDeclined {
        /// The edition.
        pack: PackId,
        /// SHA-256 of the text.
        digest: String,
        /// Why.
        reason: String,
    },
    /// Whoever proposed a text took it back.
    PackWithdrawn {
        /// The edition.
        pack: PackId,
        /// SHA-256 of the text.
        digest: String,
    },
    /// Somebody who keeps a part of the agency tried to change a rule of its policy, and was refused.
    RuleChangeRefused {
        /// What they tried.
        what: String,
        /// The clauses that forbid it.
        clauses: Vec<ClauseId>,
    },
    /// A local value was set, or given back to the pack's default.
    LocalValueSet {
        /// The value.
        value: LocalId,
        /// Since; `None` for the default.
        to: Option<u32>,
        /// Before.
        from: Option<u32>,
    },
    /// When reports are passed on and digests are sent, as it stands since.
    WatchSet {
        /// Minutes after which an unopened report is passed on.
        open_within_minutes: u16,
        /// Hours at which digests are sent.
        digest_hours: Vec<u8>,
    },
    /// A document that a policy refers to was supplied.
    DocumentSupplied {
        /// The slot.
        slot: SlotId,
        /// Its version.
        version: String,
        /// Since when it is in force.
        in_force: Date,
        /// SHA-256 of the file.
        digest: String,
    },
    /// A kind of workforce was added.
    WorkforceKindAdded {
        /// The kind.
        kind: WorkforceId,
        /// What people read.
        label: String,
    },
    /// A kind of workforce that had been added was taken away.
    WorkforceKindRemoved {
        /// The kind.
        kind: WorkforceId,
    },
    /// Somebody said how a text stands whose own date has passed or is near.
    EditionStated {
        /// The edition.
        pack: PackId,
        /// Until when it was extended; `None` where it was said to be in force.
        until: Option<Date>,
        /// What shows it.
        says: String,
    },
    /// The register was changed: offices, absences, addresses, units left out, notices of the state.
    Register(Box<register::Change>),
    /// The list of the workforce was changed.
    Workforce(Box<workforce::Change>),
    /// The readiness of the agency was changed: levels, measures, reports.
    Readiness(Box<readiness::Change>),
    /// The incident plan of a unit was changed.
    Plan(Box<plan::Change>),
    /// Somebody asked that open incidents be assessed again.
    ReassessmentAsked,
    /// Somebody set up something to prove who they are with besides their password.
    FactorAdded {
        /// The account.
        person: AccountId,
        /// What it is.
        what: Proof,
    },
    /// Somebody took it away again.
    FactorRemoved {
        /// The account.
        person: AccountId,
        /// What it was.
        what: Proof,
    },
    /// An administrator took all of it away from somebody who had lost it.
    FactorsReset {
        /// The account.
        person: AccountId,
        /// Why.
        reason: String,
    },
    /// Somebody made new recovery codes.
    RecoveryCodesMade {
        /// The account.
        person: AccountId,
    },
    /// Somebody used a recovery code.
    RecoveryUsed {
        /// The account.
        person: AccountId,
        /// How many are left.
        left: u32,
    },
}

/// What somebody proves who they are with.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// A program that shows codes.
    Program,
    /// A passkey.
    Passkey,
}

/// A role held in a unit and everything below it, for a time.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Held {
    /// The role.
    pub role: Role,
    /// The unit.
    pub unit: UnitId,
    /// From when.
    pub from: Instant,
    /// Until when; `None` while it lasts.
    pub until: Option<Instant>,
}

impl Held {
    /// In force at that instant.
    pub fn holds(&self, now: Instant) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }

    /// Over by that instant.
    pub fn over(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}

impl Recordable for Event {
    fn kind(&self) -> &'static str {
        match self {
            Self::AgencyAdded { .. } => "administration.agency_added",
            Self::UnitAdded { .. } => "administration.unit_added",
            Self::PersonAdded { .. } => "administration.person_added",
            Self::PersonChanged { .. } => "administration.person_changed",
            Self::PersonDisabled { .. } => "administration.person_disabled",
            Self::PersonEnabled { .. } => "administration.person_enabled",
            Self::SessionsEnded { .. } => "administration.sessions_ended",
            Self::LinkMade { .. } => "administration.link_made",
            Self::PasswordChosen { .. } => "administration.password_chosen",
            Self::RolesSet { .. } => "administration.roles_set",
            Self::TokenMade { .. } => "administration.token_made",
            Self::TokenWithdrawn { .. } => "administration.token_withdrawn",
            Self::PackProposed { .. } => "administration.pack_proposed",
            Self::PackAuthorized { .. } => "administration.pack_authorized",
            Self::PackApproved { .. } => "administration.pack_approved",
            Self::PackDeclined { .. } => "administration.pack_declined",
            Self::PackWithdrawn { .. } => "administration.pack_withdrawn",
            Self::RuleChangeRefused { .. } => "administration.rule_change_refused",
            Self::LocalValueSet { .. } => "administration.local_value_set",
            Self::WatchSet { .. } => "administration.watch_set",
            Self::DocumentSupplied { .. } => "administration.document_supplied",
            Self::WorkforceKindAdded { .. } => "administration.workforce_kind_added",
            Self::WorkforceKindRemoved { .. } => "administration.workforce_kind_removed",
            Self::EditionStated { .. } => "administration.edition_stated",
            Self::Register(change) => change.kind(),
            Self::Workforce(change) => change.kind(),
            Self::Readiness(change) => change.kind(),
            Self::Plan(change) => change.kind(),
            Self::ReassessmentAsked => "administration.reassessment_asked",
            Self::FactorAdded { .. } => "administration.factor_added",
            Self::FactorRemoved { .. } => "administration.factor_removed",
            Self::FactorsReset { .. } => "administration.factors_reset",
            Self::RecoveryCodesMade { .. } => "administration.recovery_codes_made",
            Self::RecoveryUsed { .. } => "administration.recovery_used",
        }
    }
    fn section(&self) -> Section {
        Section::Officer
    }
}

/// The administration stream of an agency: one, with an id that follows from the agency's.
pub fn stream_of(tenant: TenantId) -> StreamId {
    let digest = Digest::of_parts(&[b"tocsin/administration", tenant.bytes()]);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.0[..16]);
    StreamId::from(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}
