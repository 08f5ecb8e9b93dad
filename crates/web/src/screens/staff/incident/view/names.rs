//! What the page calls things: severities, stages, kinds of entries and where an incident stands, with the names forms use.

use app::App;
use domain::actor::Actor;
use domain::incident::{EntryKind, Severity, Stage, Standing};

use crate::screens::{frame::Choice, staff::home::actor};

/// Severities with the name used in forms.
pub const SEVERITIES: [(Severity, &str, &str, &str); 4] = [
    (Severity::Low, "low", "Low", "Little harm, contained."),
    (Severity::Medium, "medium", "Medium", "Some harm, or not yet contained."),
    (Severity::High, "high", "High", "Much harm, or many people."),
    (Severity::Critical, "critical", "Critical", "The agency cannot do its work, or lives are touched."),
];

/// Stages with the name used in forms.
pub const STAGES: [(Stage, &str, &str); 5] = [
    (Stage::Contain, "contain", "Contain"),
    (Stage::Investigate, "investigate", "Investigate"),
    (Stage::Recover, "recover", "Recover"),
    (Stage::Notify, "notify", "Notify"),
    (Stage::Close, "close", "Close"),
];

/// Kinds of entries with the name used in forms.
pub const KINDS: [(EntryKind, &str, &str); 6] = [
    (EntryKind::Note, "note", "Note"),
    (EntryKind::Action, "action", "Something done"),
    (EntryKind::Finding, "finding", "Something found out"),
    (EntryKind::Contact, "contact", "Somebody spoken to"),
    (EntryKind::Log, "log", "Pasted log or message"),
    (EntryKind::Disclosure, "disclosure", "Somebody outside received data"),
];

/// The kinds as choices.
pub fn entry_kinds() -> Vec<Choice> {
    KINDS.iter().map(|(kind, name, label)| Choice::new(name, *label).chosen_if(*kind == EntryKind::Note)).collect()
}

/// A kind as one reads it in the timeline.
pub const fn entry_kind(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Note => "note",
        EntryKind::Action => "action",
        EntryKind::Finding => "finding",
        EntryKind::Contact => "contact",
        EntryKind::Log => "log",
        EntryKind::Disclosure => "disclosure",
    }
}

/// An observable's kind as one reads it.
pub const fn observable(kind: domain::observable::ObservableKind) -> &'static str {
    use domain::observable::ObservableKind;
    match kind {
        ObservableKind::Address => "address",
        ObservableKind::Url => "web address",
        ObservableKind::Mailbox => "mailbox",
        ObservableKind::Domain => "domain",
        ObservableKind::Hash => "hash",
    }
}

/// Where an incident stands, in a word.
pub const fn state(standing: Standing) -> &'static str {
    match standing {
        Standing::Open => "Open",
        Standing::Closed => "Closed",
        Standing::Withdrawn => "Withdrawn",
    }
}

/// What is counted of people, as one reads it.
pub const fn measure(measure: domain::pack::Measure) -> &'static str {
    use domain::pack::Measure;
    match measure {
        Measure::Affected => "People affected",
        Measure::Notified => "People told by one mailing",
        Measure::Unreachable => "People without a sufficient address",
    }
}

/// How many of the four bars rise.
pub const fn bars(severity: Severity) -> u8 {
    match severity {
        Severity::Low => 1,
        Severity::Medium => 2,
        Severity::High => 3,
        Severity::Critical => 4,
    }
}

/// How bad it is, in a word.
pub const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "Low",
        Severity::Medium => "Medium",
        Severity::High => "High",
        Severity::Critical => "Critical",
    }
}

/// Who did something, for other pages of the incident.
pub fn named(app: &App, by: Actor) -> String {
    actor(app, by)
}
