//! The matrix of roles, actions and sections: which role may do what in which part of a case.

use super::Role;
use crate::actor::Section;

/// Writes the enumeration and the list of all of it from one text, so that neither can be longer than the other.
macro_rules! actions {
    ($($(#[$about:meta])* $name:ident,)+) => {
        /// What can be done, as far as rights differ.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        pub enum Action {
            $($(#[$about])* $name,)+
        }

        impl Action {
            /// All actions.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];
        }
    };
}

actions! {
    /// Take a report by telephone.
    TakeCall,
    /// Read reports and decide about them.
    Triage,
    /// See reports without deciding.
    ReadInbox,
    /// Read a part of an incident.
    Read,
    /// Work on a part of an incident.
    Work,
    /// Fill and sign one's own part of the form.
    Sign,
    /// Take a copy out of the product: export, document, download.
    Export,
    /// Close or reopen an incident.
    Close,
    /// Say who must not learn of a case, and who takes part in it without a role there.
    Exclude,
    /// See counts over many incidents.
    Statistics,
    /// See who saw and did what, and check the log.
    Audit,
    /// Keep people, roles, units and tokens.
    Administer,
    /// See who changed people, roles, units and tokens.
    ReadAdministration,
    /// See how the installation stands, and try whether mail arrives.
    SeeHealth,
    /// Let a duty go, by authority and with a reason.
    Waive,
    /// Say yes to a text of policy that names one's office for it.
    Enact,
    /// Vote on a question of the policy, in the role that it names.
    Decide,
    /// Place a legal hold, settle a legal matter.
    Hold,
    /// Lift a legal hold, without seeing anything of the case.
    LiftHold,
    /// Propose to dispose of a record whose time has run out.
    ProposeDisposal,
    /// Review such a proposal of somebody else's.
    ReviewDisposal,
    /// Read a report that is addressed to one's own desk.
    TakeAddressed,
    /// See offices, gaps, notices of the state, and who was taught.
    SeeOrganisation,
    /// Record absences, teaching and notices of the state.
    Organise,
    /// Fill what the policy gives to one's role by name, and nothing else.
    Fill,
    /// Say what an incident is, who leads it, and that its clocks stand still.
    Direct,
    /// Ask to look into a case without a role there, in an emergency.
    BreakGlass,
    /// Agree, as the second person, that somebody looks into a case in an emergency.
    AgreeGlass,
}

/// All roles, in the order of the matrix.
pub const fn roles() -> [Role; 16] {
    [
        Role::WorkforceMember,
        Role::HelpDesk,
        Role::LocalOfficer,
        Role::ChiefOfficer,
        Role::PrivacyOfficer,
        Role::HumanResources,
        Role::Investigator,
        Role::Counsel,
        Role::Communications,
        Role::Records,
        Role::StatewideOffice,
        Role::CsirtMember,
        Role::Executive,
        Role::Auditor,
        Role::Administrator,
        Role::Outside,
    ]
}

/// What somebody may do in the one case in which they take part, whatever their roles: read what helps them, and add
/// what they know and have done. They never learn who reported, say what the case is or who leads it, take anything
/// out, sign, close, or decide who else takes part.
pub const fn participant_allows(action: Action, section: Section) -> bool {
    use Section::{Evidence, Officer, Report};
    matches!((action, section), (Action::Read, Report | Officer | Evidence) | (Action::Work, Officer | Evidence))
}

/// What somebody may do with the entries of a sealed sheet in which the record names them: read, write and sign those
/// entries, and take nothing out.
pub const fn named_allows(action: Action, section: Section) -> bool {
    matches!((action, section), (Action::Read | Action::Work | Action::Sign | Action::Fill, Section::Personnel))
}

/// Whether a role allows an action in a section. Every role is written out: there is no line for "the rest".
pub const fn allows(role: Role, action: Action, section: Section) -> bool {
    use Action::{
        Administer, AgreeGlass, Audit, BreakGlass, Close, Decide, Direct, Enact, Exclude, Export, Fill, Hold, LiftHold,
        Organise, ProposeDisposal, Read, ReadAdministration, ReadInbox, ReviewDisposal, SeeHealth, SeeOrganisation,
        Sign, Statistics, TakeAddressed, TakeCall, Triage, Waive, Work,
    };
    use Section::{Counsel, Evidence, Officer, Personnel, Report, Reporter};
    match role {
        // No account, or no business in cases.
        Role::WorkforceMember | Role::Outside => false,
        // Files for callers, sees what came of its own calls, and takes the reports that are addressed to it; no case.
        Role::HelpDesk => matches!((action, section), (TakeCall | TakeAddressed, Report | Reporter)),
        Role::LocalOfficer => matches!(
            (action, section),
            (TakeCall | Triage | ReadInbox | Statistics, Report)
                | (TakeCall | Triage, Reporter)
                | (Read | Export, Report | Reporter | Officer | Evidence)
                | (Work, Report | Reporter | Officer | Evidence)
                | (Sign | Close | Exclude | Decide | Direct, Officer)
                | (SeeOrganisation | Organise, Officer)
                | (Fill, Officer | Evidence)
                | (BreakGlass, Officer)
        ),
        Role::ChiefOfficer => matches!(
            (action, section),
            (TakeCall | Triage | ReadInbox | Statistics, Report)
                | (TakeCall | Triage, Reporter)
                | (Read | Export, Report | Reporter | Officer | Evidence)
                | (Work, Report | Reporter | Officer | Evidence)
                // The form's own part is the local officer's: a chief who stands in is recorded as one (DMH16-FORM-LSO-SECTION).
                | (Close | Exclude | Waive | Decide | Direct, Officer)
                | (Audit | Enact | ReviewDisposal, Officer)
                | (SeeOrganisation | Organise, Officer)
                | (Fill, Officer | Evidence)
                | (BreakGlass | AgreeGlass, Officer)
        ),
        Role::PrivacyOfficer => matches!(
            (action, section),
            (ReadInbox | Statistics, Report)
                | (Read | Export, Report | Officer)
                | (Work | Enact | Decide | Fill | Direct, Officer)
                | (BreakGlass | AgreeGlass, Officer)
        ),
        Role::HumanResources => {
            matches!((action, section), (Read | Work | Sign | Export | Fill, Personnel) | (Read, Report))
        }
        Role::Investigator => matches!(
            (action, section),
            (ReadInbox | Statistics, Report)
                | (Read | Export, Report | Reporter | Officer | Evidence)
                | (Work | Fill, Officer | Evidence)
                | (Decide | Direct | BreakGlass, Officer)
        ),
        Role::Counsel => matches!(
            (action, section),
            (Read | Export, Report | Officer | Counsel)
                | (Work, Counsel)
                | (Fill, Officer | Counsel)
                | (Statistics, Report)
                | (Waive | Enact | Decide | Hold, Officer)
                | (BreakGlass | AgreeGlass, Officer)
        ),
        Role::Communications | Role::CsirtMember => matches!((action, section), (Statistics, Report)),
        Role::Records => matches!(
            (action, section),
            (Read | Export, Report | Officer)
                | (Statistics, Report)
                | (Hold | ProposeDisposal | ReviewDisposal, Officer)
        ),
        Role::StatewideOffice | Role::Executive => {
            matches!(
                (action, section),
                (Statistics, Report)
                    | (Read, Report | Officer)
                    | (Enact | Decide | Fill | BreakGlass | AgreeGlass, Officer)
            )
        }
        Role::Auditor => matches!(
            (action, section),
            (ReadInbox | Statistics, Report)
                | (Read | Export, Report | Officer)
                | (Audit | ReadAdministration | SeeOrganisation | AgreeGlass, Officer)
        ),
        // Keeps the product running and sees no content of any case.
        Role::Administrator => {
            matches!(
                (action, section),
                (Administer | Audit | ReadAdministration | SeeHealth | LiftHold | SeeOrganisation | Organise, Officer)
            )
        }
    }
}
