//! Moments that start clocks, and the calendar in which days are counted.

use crate::time::{Instant, Zone};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Something that happened and that a rule can hang on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Moment {
    /// Somebody first noticed it.
    Noticed,
    /// It began, as far as known.
    OccurredFrom,
    /// It ended, as far as known.
    OccurredTo,
    /// Somebody of the organisation first knew of it.
    FirstKnown,
    /// Reasonable diligence would have known of it.
    ShouldHaveKnown,
    /// An agent first knew of it, whose knowledge counts as the organisation's own.
    ImputedFromAgent,
    /// It was discovered: the earliest of the moments that the pack's rules name. Recorded by itself only where a
    /// source says no more than this.
    Discovered,
    /// Somebody suspected it.
    Suspected,
    /// It was confirmed.
    Confirmed,
    /// It was identified as what it is: a data breach, a possible misuse of tax information.
    Identified,
    /// The investigation came to know whom and what it touches, and systems work again.
    ScopedAndRestored,
    /// A ransom was paid.
    RansomPaid,
    /// The product durably took a report.
    ReportReceived,
    /// The officer was told, by the product or by mouth (box IX of the Missouri form).
    OfficerTold,
    /// The help ticket was opened.
    TicketOpened,
    /// Triage made an incident of the report.
    IncidentOpened,
    /// The reporter's part of the form was handed in.
    FormHandedIn,
    /// The officer signed the finished form.
    FormCompleted,
    /// Every legal and other matter around the incident was settled.
    MattersSettled,
    /// Somebody with standing believes there may be a breach.
    BreachBelieved,
    /// Scope and nature were agreed.
    ScopeSettled,
    /// The owner of the data was found.
    DataOwnerKnown,
    /// An office ordered evidence to be kept.
    PreservationOrdered,
    /// Human resources acted on a person.
    PersonnelActed,
    /// A violation by a person was found.
    ViolationFound,
    /// Somebody wants to release information to the public.
    ReleaseWanted,
    /// The state announced a threat or readiness level.
    StateNotice,
    /// The agency's own readiness level changed.
    LevelChanged,
    /// An office became vacant or was newly created.
    OfficeVacant,
    /// A unit came into being.
    UnitCreated,
    /// Somebody joined the workforce, or the edition changed.
    WorkforceJoined,
    /// A contact was last confirmed.
    ContactConfirmed,
    /// A contact or member changed.
    ContactChanged,
    /// A yearly round opened.
    RoundOpened,
    /// All summaries of a round came in.
    RoundCollected,
    /// A rule of the pack changed, or its end date draws near.
    RuleChanged,
    /// The policy began to bind the unit. A fact of the organisation, never of an incident, so that standing duties
    /// are not counted again with every incident.
    Standing,
}

impl Moment {
    /// All of them; a test of the published schema holds the list to the type.
    pub const ALL: [Moment; 37] = [
        Moment::Noticed,
        Moment::OccurredFrom,
        Moment::OccurredTo,
        Moment::FirstKnown,
        Moment::ShouldHaveKnown,
        Moment::ImputedFromAgent,
        Moment::Discovered,
        Moment::Suspected,
        Moment::Confirmed,
        Moment::Identified,
        Moment::ScopedAndRestored,
        Moment::RansomPaid,
        Moment::ReportReceived,
        Moment::OfficerTold,
        Moment::TicketOpened,
        Moment::IncidentOpened,
        Moment::FormHandedIn,
        Moment::FormCompleted,
        Moment::MattersSettled,
        Moment::BreachBelieved,
        Moment::ScopeSettled,
        Moment::DataOwnerKnown,
        Moment::PreservationOrdered,
        Moment::PersonnelActed,
        Moment::ViolationFound,
        Moment::ReleaseWanted,
        Moment::StateNotice,
        Moment::LevelChanged,
        Moment::OfficeVacant,
        Moment::UnitCreated,
        Moment::WorkforceJoined,
        Moment::ContactConfirmed,
        Moment::ContactChanged,
        Moment::RoundOpened,
        Moment::RoundCollected,
        Moment::RuleChanged,
        Moment::Standing,
    ];

    /// Something that happens to an incident, and not to the organisation as a whole.
    pub const fn of_an_incident(self) -> bool {
        !matches!(
            self,
            Moment::StateNotice
                | Moment::LevelChanged
                | Moment::OfficeVacant
                | Moment::UnitCreated
                | Moment::WorkforceJoined
                | Moment::ContactConfirmed
                | Moment::ContactChanged
                | Moment::RoundOpened
                | Moment::RoundCollected
                | Moment::RuleChanged
                | Moment::Standing
        )
    }

    /// The product saw it happen: nobody tells it otherwise.
    pub const fn seen_by_the_product(self) -> bool {
        matches!(self, Moment::ReportReceived | Moment::IncidentOpened | Moment::FormCompleted)
    }

    /// What happened, for sentences: `the report was received`.
    pub const fn says(self) -> &'static str {
        match self {
            Moment::Noticed => "somebody first noticed it",
            Moment::OccurredFrom => "it began",
            Moment::OccurredTo => "it ended",
            Moment::FirstKnown => "somebody of the organisation first knew of it",
            Moment::ShouldHaveKnown => "reasonable diligence would have known of it",
            Moment::ImputedFromAgent => "an agent first knew of it",
            Moment::Discovered => "it was discovered",
            Moment::Suspected => "it was suspected",
            Moment::Confirmed => "it was confirmed",
            Moment::Identified => "it was identified",
            Moment::ScopedAndRestored => "its scope was known and systems were restored",
            Moment::RansomPaid => "a ransom was paid",
            Moment::ReportReceived => "the report was received",
            Moment::OfficerTold => "the officer was told",
            Moment::TicketOpened => "the ticket was opened",
            Moment::IncidentOpened => "the incident was opened",
            Moment::FormHandedIn => "the form was handed in",
            Moment::FormCompleted => "the form was completed",
            Moment::MattersSettled => "every open matter was settled",
            Moment::BreachBelieved => "somebody with standing believed there may be a breach",
            Moment::ScopeSettled => "scope and nature were agreed",
            Moment::DataOwnerKnown => "the owner of the data was found",
            Moment::PreservationOrdered => "evidence was ordered to be kept",
            Moment::PersonnelActed => "human resources acted",
            Moment::ViolationFound => "a violation by a person was found",
            Moment::ReleaseWanted => "somebody wanted to release information",
            Moment::StateNotice => "the state announced a level",
            Moment::LevelChanged => "the readiness level changed",
            Moment::OfficeVacant => "an office became vacant",
            Moment::UnitCreated => "a unit came into being",
            Moment::WorkforceJoined => "somebody joined the workforce",
            Moment::ContactConfirmed => "a contact was last confirmed",
            Moment::ContactChanged => "a contact changed",
            Moment::RoundOpened => "a yearly round opened",
            Moment::RoundCollected => "a round was collected",
            Moment::RuleChanged => "a rule changed or nears its end",
            Moment::Standing => "the policy began to bind",
        }
    }
}

/// When something happened, as exactly as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    /// Only the day is known, in the zone of the pack.
    Day(Date),
    /// The instant is known.
    At(Instant),
}

impl Start {
    /// The civil day in that zone.
    pub fn day(self, zone: &Zone) -> Date {
        match self {
            Start::Day(day) => day,
            Start::At(instant) => instant.day_in(zone),
        }
    }

    /// The instant, taking the start of the day where only the day is known.
    pub fn instant(self, zone: &Zone) -> Instant {
        match self {
            Start::Day(day) => start_of_day(day, zone),
            Start::At(instant) => instant,
        }
    }
}

/// The first microsecond of a civil day in the zone.
fn start_of_day(day: Date, zone: &Zone) -> Instant {
    let before = day.yesterday().unwrap_or(day);
    Instant::from_micros(zone.end_of_day(before).micros().saturating_add(1))
}

/// A zone and the closed days in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    zone: Zone,
    closed: BTreeSet<Date>,
}

impl Calendar {
    /// A calendar that is closed on Saturdays, Sundays and these days.
    pub fn new(zone: Zone, closed: impl IntoIterator<Item = Date>) -> Calendar {
        Calendar { zone, closed: closed.into_iter().collect() }
    }

    /// Where days begin.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// Offices are open on that day.
    pub fn is_business_day(&self, day: Date) -> bool {
        use jiff::civil::Weekday::{Saturday, Sunday};
        !matches!(day.weekday(), Saturday | Sunday) && !self.closed.contains(&day)
    }
}
