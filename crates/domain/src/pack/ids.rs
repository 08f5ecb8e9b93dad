//! Names of things inside a pack, one type each, so that a role can never be taken for a clause.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The text is not a name: empty, longer than 80 characters, or with a character other than letters, digits, `-`, `.`, `/`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name here is 1 to 80 letters, digits, hyphens, dots or slashes")]
pub struct NotAName;

fn check(text: &str) -> Result<(), NotAName> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '/');
    let fits = !text.is_empty() && text.len() <= 80 && text.chars().all(allowed);
    if fits { Ok(()) } else { Err(NotAName) }
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Takes a name of 1 to 80 ASCII letters, digits, hyphens, dots or slashes.
            pub fn parse(text: &str) -> Result<Self, NotAName> {
                check(text).map(|()| Self(text.to_owned()))
            }

            /// The name as written in the pack.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAName;
            fn try_from(text: String) -> Result<Self, NotAName> {
                check(&text).map(|()| Self(text))
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> String {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

names! {
    /// A pack: `us-mo/dmh-2016`.
    PackId;
    /// All editions of one policy: `us-mo/dmh`.
    SeriesId;
    /// A clause of the register: `DMH16-4.a`.
    ClauseId;
    /// An interpretation: `Q5`.
    NoteId;
    /// A role named by the policy: `lso`.
    RoleId;
    /// A route of reports: `to-the-facility`.
    RouteId;
    /// A notice: `tell-the-supervisor`.
    NoticeId;
    /// A kind of workforce member: `volunteer`.
    WorkforceId;
    /// A class of systems: `stand-alone-pc`.
    SystemId;
    /// A choice under "What happened?": `lost-or-stolen`.
    TileId;
    /// The policy's own kind of incident: `loss-of-data`.
    CategoryId;
    /// A question of the public report: `where`.
    QuestionId;
    /// A choice within a question, a sheet or the loss branch: `laptop`.
    ChoiceId;
    /// A fact that officers record: `equipment-lost`.
    FactId;
    /// A duty: `O47`.
    ObligationId;
    /// A group of duties that a request for silence can pause: `hipaa`.
    RegimeId;
    /// A decision: `severity`.
    DecisionId;
    /// A line of the closing checklist: `damage-limited`.
    ClosingId;
    /// A form: `report-of-security-incident`.
    FormId;
    /// A box of a form: `XII-1`.
    BoxId;
    /// A value left to the organisation: `immediate-tolerance`.
    LocalId;
    /// A document that an administrator supplies: `dor-8.400`.
    SlotId;
    /// A legal basis that incidents are marked with: `42-cfr-2`.
    TagId;
    /// A kind of entry that serves as evidence: `discussion-with-cso`.
    EntryKind;
    /// A sheet: `isolation`.
    SheetId;
    /// A field of a sheet: `reconnected-at`.
    FieldId;
    /// A playbook: `technical-response`.
    PlaybookId;
    /// A step of a playbook: `find-root-cause`.
    StepId;
    /// A reason of the policy's own for which a report is no incident: `change-with-consent`.
    NoIncidentId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_spaces_controls_or_nothing_are_turned_away() {
        for bad in ["", "a b", "é", "a\n", "<b>", &"x".repeat(81)] {
            assert_eq!(ClauseId::parse(bad), Err(NotAName), "{bad:?}");
        }
        for good in ["DMH16-3.a-ticket", "us-mo/dmh-2016", "O47", &"x".repeat(80)] {
            assert_eq!(ClauseId::parse(good).map(|n| n.to_string()).as_deref(), Ok(good));
        }
    }
}
